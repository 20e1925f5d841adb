// Messages of the reference transactions as strings: the ones it makes, and when two are the same.
#ifndef SANSIP_TESTS_REFERENCE_MESSAGE_H_
#define SANSIP_TESTS_REFERENCE_MESSAGE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "sansip/core/base/address.h"
#include "sansip/core/base/time.h"
#include "sansip/core/message/message_view.h"

namespace sansip::reference {

// A text, parsed each time it is looked at.
class Read {
 public:
  explicit Read(std::string_view text);
  const MessageView& operator*() const { return view_; }
  const MessageView* operator->() const { return &view_; }

 private:
  std::unique_ptr<MessageIndex> index_;
  MessageView view_;
};

std::string Lower(std::string_view text);

// What messages are matched by (RFC 3261 17.1.3, 17.2.3). In lower case what is compared without case.
struct Key {
  std::string branch;  // of the top Via
  std::string host;    // of its sent-by
  int port = 0;        // its default where there is none (18.2.2)
  std::string method;  // of a response that of the CSeq
  // Of requests. All that has_cookie (8.1.1.7) makes superfluous:
  bool has_cookie = false;
  std::string via;  // the top one
  std::string uri;
  std::string from_tag;
  std::string to_tag;
  std::string call_id;
  std::uint32_t cseq = 0;
};
Key KeyOf(const MessageView& message);

// RFC 3261 17.1.1.3 and 9.1: what repeats the INVITE's fields. `to`: of the response, or of the INVITE.
std::string MakeFromInvite(std::string_view invite, std::string_view method, std::string_view to);

// RFC 3261 8.2.6. `to_tag` goes to a To without one, unless it is a 100 (17.2.1). `age`: since the request
// came.
std::string MakeResponse(std::string_view request, const SocketAddress& source, int status_code,
                         std::string_view to_tag, Duration age);

// The same for messages that differ only in the order of header fields of different names (RFC 3261 7.3.1)
// and of Via parameters.
std::string Canonical(std::string_view text);

}  // namespace sansip::reference

#endif  // SANSIP_TESTS_REFERENCE_MESSAGE_H_
