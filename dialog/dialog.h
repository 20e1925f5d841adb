// One dialog (RFC 3261 12): identifiers, addresses, route set, remote target and sequence numbers, and the
// offer/answer exchange within it. The same object, with an empty remote tag, stands for a request that is to
// create a dialog: its preloaded routes and its target are a route set and a remote target (8.1.1.1).
//
// The storage of a released dialog is used again: Reset() keeps the capacity of every text.
#ifndef SANSIP_DIALOG_DIALOG_H_
#define SANSIP_DIALOG_DIALOG_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sansip/core/base/ids.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/message_view.h"
#include "sansip/dialog/kept_content.h"
#include "sansip/dialog/kept_text.h"
#include "sansip/dialog/offer_answer.h"
#include "sansip/dialog/session_uuids.h"

namespace sansip {

struct DialogLimits {
  std::size_t identity_bytes_max = 2048;  // of each text but the routes
  std::size_t routes_max = 32;
  std::size_t routes_bytes_max = 8192;
};

enum class DialogError : std::uint8_t {
  kNone,
  kBadAddress,      // From or To
  kMissingContact,  // 12.1.1, 12.1.2: the remote target
  kBadContact,      // not one SIP or SIPS URI
  kBadRoute,        // Record-Route
  kTooLong,         // DialogLimits
};

// 12.2.1.1: what a request of the dialog has in its start line and Route, and where it goes first.
struct RequestRoute {
  std::string_view request_uri;
  std::string_view next_hop;  // the URI to be located (8.1.2)
  // The Route header field is `routes` and, after a strict router took the first place, the remote target.
  std::string_view routes;
  bool target_is_last_route = false;
};

// The ACK to a 2xx, to be sent again for every copy of it (13.2.2.4).
struct KeptAck {
  KeptText wire;
  KeptContent content;  // for another Path
  FlowId flow;

  void Reset() {
    wire.clear();
    content.Clear();
    flow = {};
  }
};
using KeptAckId = Id<struct KeptAckTag>;

struct Dialog {
  enum class State : std::uint8_t { kSeed, kEarly, kConfirmed, kEnded };

  State state = State::kSeed;
  CallId call;                // or
  StandaloneId standalone;    // whose it is
  bool owns_call_id = false;  // 14.1
  bool secure = false;        // 12.1.1, 12.1.2: sips over TLS
  bool peer_left = false;     // it has sent a BYE
  bool indexed = false;       // the table's ...
  std::uint64_t hash = 0;     // ... under this

  KeptText call_id, local_tag, remote_tag;
  KeptText local_address, remote_address;  // name-addrs without tag and parameters
  KeptText remote_target;                  // a URI
  KeptText routes;                         // name-addrs, comma separated, first hop first
  std::optional<std::uint32_t> local_cseq, remote_cseq;
  SessionUuids session;  // RFC 7989; nil where the user agent does not write them

  OfferAnswer offer_answer;
  // The first exchange is made, by messages that both ends know to have arrived: UPDATE may offer (RFC 3311
  // 5.1), and descriptions in further responses to that INVITE are ignored (13.2.1).
  bool agreed = false;
  bool allows_update = false;        // by the peer's last Allow
  bool takes_target_dialog = false;  // RFC 4538: supported by the peer, which is a GRUU: see IsAskedOutside()
  std::uint32_t rseq = 0;            // of the last reliable provisional taken (RFC 3262 4); 0: none yet

  KeptAckId ack;  // to the last 2xx; nil: none, or no copy of that 2xx can come any more
  std::uint32_t ack_cseq = 0;
  bool has_acked = false;  // some 2xx, since this process began

  void Reset();
};

// 12.1.1. `local_tag` is the To tag to be.
[[nodiscard]] DialogError FormFromRequest(const MessageView& request, const DialogLimits& limits,
                                          std::string_view local_tag, Dialog& dialog);
// 12.1.2. `seed` is what the request was made of. A 1xx without Contact makes a dialog that has the seed's
// target; a 2xx without one makes none.
[[nodiscard]] DialogError FormFromResponse(const Dialog& seed, const MessageView& response,
                                           const DialogLimits& limits, Dialog& dialog);
// 13.2.2.4: the 2xx gives route set and target anew, not the sequence numbers.
[[nodiscard]] DialogError ConfirmFromResponse(const MessageView& response, const DialogLimits& limits,
                                              Dialog& dialog);
// The Contact of a target refresh request or its 2xx as a URI (12.2.1.2, 12.2.2): kMissingContact leaves
// `target` alone.
[[nodiscard]] DialogError ContactTarget(const MessageView& message, const DialogLimits& limits,
                                        KeptText& target);

// `target`: instead of the dialog's, of a request that a 3xx within the dialog sent there (12.2.1.2); empty:
// the dialog's. The storage holds nothing but what this has put there.
RequestRoute RouteOf(const Dialog& dialog, KeptText& request_uri_storage, std::string_view target = {});

// RFC 6665 4.5.2: what subscribes, SUBSCRIBE and REFER, is sent outside of it, to the peer's GRUU, with a
// Target-Dialog that names it (RFC 4538 3).
bool IsAskedOutside(const Dialog& dialog);

// 12.2.2. False: out of order, 500. ACK and CANCEL are not asked about.
[[nodiscard]] bool TakeRemoteCSeq(Dialog& dialog, std::uint32_t number);
// 12.2.1.1, 8.1.1.5: the number of the next request; below 2^31.
std::uint32_t NextLocalCSeq(Dialog& dialog, std::uint32_t initial);

// Without line folding (RFC 3261 7.3.1), so that it may be written again.
void AssignUnfolded(KeptText& text, std::string_view value);

// "display <uri>", without parameters and folding.
void AssignAddress(KeptText& text, const NameAddr& address);

// A URI as a Request-URI (19.1.5): without method parameter and headers.
void AssignRequestUri(KeptText& text, std::string_view uri);

}  // namespace sansip

#endif  // SANSIP_DIALOG_DIALOG_H_
