// What is wrong in a peer's session timer and is taken all the same, each with a name, to be counted. RFC
// 4028 says little of what to do then; what is done keeps the call up and both ends in step.
#ifndef SANSIP_SESSION_TIMER_TOLERANCE_H_
#define SANSIP_SESSION_TIMER_TOLERANCE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansip/session_timer/negotiation.h"

namespace sansip {

enum class SessionTimerTolerance : std::uint8_t {
  kNoRefresher,       // a 2xx's Session-Expires names none (7.2): the request's word holds, else uac
  kIntervalTooSmall,  // below 90 or the request's Min-SE (4, 5, 9): kept, and the next refresh asks for more
  kIntervalRaised,    // a 2xx has more than the request (9): kept
  kRoleOverridden,    // a 2xx names another refresher than the request (table 2): the 2xx's holds
  kRequireAlone,      // a 2xx requires timer and has no Session-Expires (7.2): as if neither were there
  kRefreshNotAcknowledged,  // a 2xx drops the timer that a refresh asked to go on (7.2): refreshed by oneself
  kRefreshedLate,           // a refresh comes when the end was already near (10): the session goes on
  kRefresherOfUnaware,      // a request names a refresher, but no support of timers (table 2, NA): not read
  kMalformedIn2xx,          // Session-Expires or Min-SE of a 2xx cannot be read to its end: as far as it goes
};
inline constexpr std::size_t kSessionTimerTolerances = 9;

// "no-refresher", "interval-too-small" ...
std::string_view SessionTimerToleranceName(SessionTimerTolerance tolerance);

class SessionTimerTolerances {
 public:
  constexpr void Add(SessionTimerTolerance tolerance) { bits_ |= BitOf(tolerance); }
  constexpr void AddIf(bool condition, SessionTimerTolerance tolerance) {
    if (condition) Add(tolerance);
  }
  constexpr bool Has(SessionTimerTolerance tolerance) const { return (bits_ & BitOf(tolerance)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }

 private:
  static constexpr std::uint16_t BitOf(SessionTimerTolerance tolerance) {
    return static_cast<std::uint16_t>(1u << static_cast<unsigned>(tolerance));
  }

  std::uint16_t bits_ = 0;
};

// Of a session refresh request that AnswerSessionTimer does not refuse.
SessionTimerTolerances ToleratedInRequest(const SessionTimerFacts& request);
// Of the 2xx to `sent`. A proxy may have written it (8.2): then the UAS is as innocent as unaware.
SessionTimerTolerances ToleratedIn2xx(const SessionTimerHeaders& sent, const SessionTimerFacts& answer);

}  // namespace sansip

#endif  // SANSIP_SESSION_TIMER_TOLERANCE_H_
