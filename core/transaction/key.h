// What messages are matched to transactions by: RFC 3261 17.1.3 (responses), 17.2.3 (requests, those of
// RFC 2543 peers included), 9.2 (CANCEL).
//
// Branch and sent-by host are compared without case (7.3.1), the method with it (7.1), Call-ID byte by byte
// (20.8), tags as tokens without case, Request-URIs by 19.1.4. A sent-by without port means the default port.
// Of RFC 2543 peers all of the top Via is compared, by 20.42.
#ifndef SANSIP_CORE_TRANSACTION_KEY_H_
#define SANSIP_CORE_TRANSACTION_KEY_H_

#include <cstdint>
#include <string_view>

#include "sansip/core/base/string_hash.h"
#include "sansip/core/message/message_view.h"

namespace sansip {

// Of a client transaction and of the responses to it.
struct ClientKey {
  std::string_view branch;
  std::string_view method;  // of CSeq
};

// Of a server transaction and of the requests for it. Views into a message or into the transaction's memory.
struct ServerKey {
  std::string_view branch;  // of the top Via
  std::string_view host;    // of its sent-by
  std::uint16_t port = 0;   // never 0: the default where none was given
  std::string_view method;  // of an ACK: INVITE
  bool has_cookie = false;  // z9hG4bK and more: the rest is for requests without it
  std::uint32_t cseq = 0;
  std::string_view call_id;
  std::string_view request_uri;
  std::string_view from_tag;
  std::string_view via;     // the top one, whole
  std::string_view to_tag;  // not compared for an ACK: it carries the response's
};

// False if the message has no readable top Via or CSeq.
[[nodiscard]] bool ClientKeyOf(const MessageView& response, ClientKey& key);
[[nodiscard]] bool ServerKeyOf(const MessageView& request, ServerKey& key);

std::uint64_t HashOf(const StringHash& hash, const ClientKey& key);
// Equal for an INVITE, its ACK and its CANCEL: the To tag is left out, and the method. 9.2 looks for the
// request of a CANCEL whatever its method, and 8.2.7's tag is then the same in the responses to both, as 9.2
// wants.
std::uint64_t HashOf(const StringHash& hash, const ServerKey& key);

bool Matches(const ClientKey& a, const ClientKey& b);
// with_to_tag: for everything but an ACK (and a CANCEL, which has no tag but the INVITE's own).
bool Matches(const ServerKey& stored, const ServerKey& incoming, bool with_to_tag);

bool SameToken(std::string_view a, std::string_view b);  // without case

}  // namespace sansip

#endif  // SANSIP_CORE_TRANSACTION_KEY_H_
