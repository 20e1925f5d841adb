// What a call needs of a message: what every parser that is measured here has to find.
#ifndef SANSIP_BENCH_READING_H_
#define SANSIP_BENCH_READING_H_

#include <cstdint>
#include <string_view>

#include "sansip/core/message/message_view.h"

namespace sansip {

// Views into the message. Empty or 0: not there.
struct Reading {
  std::string_view method;  // of a request
  int status_code = 0;      // of a response
  std::string_view user;    // of the Request-URI
  std::string_view host;
  std::string_view branch;  // of the top Via
  std::string_view sent_by_host;
  std::uint16_t sent_by_port = 0;
  std::string_view from_tag;
  std::string_view to_tag;
  std::string_view call_id;
  std::uint32_t cseq = 0;
  std::string_view cseq_method;
  std::string_view contact_uri;  // of the first Contact
  std::uint32_t max_forwards = 0;
  std::uint32_t session_expires = 0;
};

// `message` was parsed without an error. This function is the reading that is measured: nothing else reads.
void Read(const MessageView& message, Reading& reading);

}  // namespace sansip

#endif  // SANSIP_BENCH_READING_H_
