// A message of a trace, read: what oracles ask about it.
#ifndef SANSIP_TESTS_SIM_ORACLE_SEEN_MESSAGE_H_
#define SANSIP_TESTS_SIM_ORACLE_SEEN_MESSAGE_H_

#include <cstdint>
#include <string_view>

#include "sansip/core/message/method.h"
#include "sansip/core/message/parser.h"
#include "sansip/tests/sim/trace.h"

namespace sansip::sim {

// Texts are views into the record.
struct SeenMessage {
  const Record* record = nullptr;
  bool is_request = false;
  Method method = Method::kExtension;  // of a response: CSeq's
  int status = 0;
  std::uint32_t cseq = 0;
  std::string_view branch;  // of the top Via
  std::string_view call_id;
  std::string_view from_tag;
  std::string_view to_tag;

  bool is_sent() const { return record->kind != Record::Kind::kArrived; }
};

class MessageReader {
 public:
  // False: no message, or one that cannot be read.
  bool Read(const Record& record, SeenMessage& seen);

 private:
  Parser parser_;
  MessageIndex index_;
};

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_ORACLE_SEEN_MESSAGE_H_
