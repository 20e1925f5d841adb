// What a user agent tells of REFER (RFC 3515), in both roles; see dialog/user_agent_action.h for the rest,
// and for what is borrowed how long.
#ifndef SANSIP_DIALOG_REFER_ACTION_H_
#define SANSIP_DIALOG_REFER_ACTION_H_

#include <cstdint>
#include <string_view>

#include "sansip/core/base/ids.h"
#include "sansip/core/message/method.h"

namespace sansip {

class MessageView;

enum class ReferStage : std::uint8_t {
  kAccepted,  // the REFER has its 2xx
  kReported,  // a NOTIFY: the peer has gone so far
  kRefused,   // the end: a final response, 408 for none at all, 503 for no path
  kEnded,     // the end: nothing more will be told
};
std::string_view ReferStageName(ReferStage stage);

namespace ua {

// Of a Refer or Transfer of ours. `status` of kAccepted and kRefused: of the REFER; of kReported and kEnded:
// of the request that the peer was asked for, as its last NOTIFY says: below 200, or 0, its outcome is not
// known. After kRefused and kEnded the id is stale. `forked_from`: not nil in the first report of a further
// peer that the REFER went to, by a proxy (RFC 3515 3.9): `standalone` is a new one, with an outcome of its
// own.
struct ReferChanged {
  StandaloneId standalone;
  Cookie cookie;
  CallId call;  // within whose dialog, or which its Target-Dialog names; nil: neither
  const MessageView* message = nullptr;
  int status = 0;
  ReferStage stage = ReferStage::kAccepted;
  StandaloneId forked_from = {};
};

// A peer asks for a request to `target`, a SIP or SIPS URI without method and header fields: AcceptRefer or
// RefuseRefer, or PlaceCall with the reference, within `request_answer_max`; it is answered 202 then, and the
// same may be done later (RFC 3515 2.4.2). Nothing is sent to `target` unasked. `replaces`: of the URI's
// header fields, unescaped; the others are in the message's Refer-To (EmbeddedField). So is Referred-By, with
// its token if it has one: nobody has checked it (RFC 3892 4). The end comes as SubscriptionChanged.
struct ReferReceived {
  StandaloneId standalone;
  CallId call;  // within whose dialog; nil: outside
  const MessageView* message = nullptr;
  std::string_view target;
  std::string_view replaces;
  Method method = Method::kInvite;
  bool wants_reports = true;  // RFC 4488: or not
};

}  // namespace ua

}  // namespace sansip

#endif  // SANSIP_DIALOG_REFER_ACTION_H_
