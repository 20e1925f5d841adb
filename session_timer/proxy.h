// RFC 4028 section 8 as pure functions over values: what a proxy does to a session refresh request (INVITE,
// UPDATE) and to its final responses, and when a session has expired for it. No state, no time, no
// allocation.
//
// For proxies that keep at least transaction state, and that record-route if they ask for session timers;
// a stateless one must not (8).
//
//   const ForwardedSessionTimer forwarded = ForwardSessionTimer(policy, method,
//   ReadSessionTimerFacts(request)); if (forwarded.refuse_min_se != 0) ...                    // answer 422,
//   with this Min-SE; do not forward EditSessionTimer(request, forwarded, text, edits);       // the same for
//   each branch
//   ... forwarded.memory stays with the transaction ...
//   const ReturnedSessionTimer returned =
//       ReturnSessionTimer(forwarded.memory, status, ReadSessionTimerFacts(response));
//   EditSessionTimer(response, returned, text, edits);
//   if (returned.interval) expiration = SessionExpirationAt(now, *returned.interval);  // of this dialog
//   ...
//   if (now >= expiration) forget the call; send nothing, no BYE (8.3)
//
// Laws, each with a test of its own name:
//  - The refresher parameter of a request is neither written nor changed.
//  - Min-SE is never lowered, and of a request that lists `timer` in Supported never touched (8.1, 11.1). Of
//    another it is only where Session-Expires lies below the own minimum: not to forestall those behind, who
//    may go lower until a refresh from their side, which can be refused.
//  - 422 only to a UAC that lists `timer` in Supported, with at least 90.
//  - Session-Expires is raised only where it lies below Min-SE (90 where there is none), and to just that.
//  - A Session-Expires in a response stays as it is, whatever it is.
// A request whose Session-Expires or Min-SE is malformed is the UAS's to refuse: it is forwarded as it came,
// and no timer is asked for.
#ifndef SANSIP_SESSION_TIMER_PROXY_H_
#define SANSIP_SESSION_TIMER_PROXY_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "sansip/core/base/time.h"
#include "sansip/core/message/edit.h"
#include "sansip/core/message/message_view.h"
#include "sansip/core/message/method.h"
#include "sansip/session_timer/negotiation.h"

namespace sansip {

// All values are seconds; what is below 90 counts as 90.
struct ProxySessionTimerPolicy {
  // Asked for where the request asks for nothing, and what a longer interval is lowered to; 0: neither.
  std::uint32_t session_expires = 0;
  std::uint32_t min_se = kSessionIntervalMin;
  bool refuse = true;          // 422 for less than min_se where the UAC understands it; else it is let pass
  bool require_timer = false;  // insist on the UAS's support where the UAC has none: NOT RECOMMENDED (8.1)
};

// What has to be remembered for the duration of the transaction (8.1).
struct ProxySessionTimerMemory {
  bool is_refresh = false;            // INVITE or UPDATE; responses to anything else mean nothing (4)
  std::uint32_t session_expires = 0;  // of the request as it was forwarded; 0: no timer was asked for
  bool uac_supports = false;
};

// What is different in the request as it is forwarded. nullopt: left as it is.
struct ForwardedSessionTimer {
  std::uint32_t refuse_min_se = 0;  // not 0: the Min-SE of a 422, and all else is empty
  std::optional<std::uint32_t> session_expires = {};
  std::optional<std::uint32_t> min_se = {};
  bool require_timer = false;
  ProxySessionTimerMemory memory = {};
};

// 8.1. Of other methods than INVITE and UPDATE nothing is changed.
ForwardedSessionTimer ForwardSessionTimer(const ProxySessionTimerPolicy& policy, Method method,
                                          const SessionTimerFacts& request);

struct ReturnedSessionTimer {
  std::uint32_t session_expires = 0;  // to be inserted with refresher=uac, and `timer` into Require; 0: not
  // The session interval from now on; 0: the session has no expiration any more. nullopt: no 2xx to an INVITE
  // or UPDATE, so whatever it was it stays. Of several 2xx to one INVITE each counts for its own dialog.
  std::optional<std::uint32_t> interval = {};
};

// 8.2: a final response to a request that was forwarded with this memory.
ReturnedSessionTimer ReturnSessionTimer(const ProxySessionTimerMemory& memory, int status_code,
                                        const SessionTimerFacts& response);

// 8.2: when the 2xx was forwarded, and the interval in it; kNever for 0. It replaces what was before.
Instant SessionExpirationAt(Instant forwarded, std::uint32_t interval);

// Storage of the values that edits put in; it has to outlive EditList::Apply(). A Session-Expires or Min-SE
// whose other parameters do not fit is written without them, but for refresher.
using SessionTimerEditText = std::array<std::array<char, 256>, 2>;

void EditSessionTimer(const MessageView& request, const ForwardedSessionTimer& forwarded,
                      SessionTimerEditText& text, EditList& edits);
void EditSessionTimer(const MessageView& response, const ReturnedSessionTimer& returned,
                      SessionTimerEditText& text, EditList& edits);

}  // namespace sansip

#endif  // SANSIP_SESSION_TIMER_PROXY_H_
