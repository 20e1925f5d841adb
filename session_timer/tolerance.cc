#include "sansip/session_timer/tolerance.h"

#include <algorithm>

namespace sansip {

std::string_view SessionTimerToleranceName(SessionTimerTolerance tolerance) {
  switch (tolerance) {
    case SessionTimerTolerance::kNoRefresher:
      return "no-refresher";
    case SessionTimerTolerance::kIntervalTooSmall:
      return "interval-too-small";
    case SessionTimerTolerance::kIntervalRaised:
      return "interval-raised";
    case SessionTimerTolerance::kRoleOverridden:
      return "role-overridden";
    case SessionTimerTolerance::kRequireAlone:
      return "require-alone";
    case SessionTimerTolerance::kRefreshNotAcknowledged:
      return "refresh-not-acknowledged";
    case SessionTimerTolerance::kRefreshedLate:
      return "refreshed-late";
    case SessionTimerTolerance::kRefresherOfUnaware:
      return "refresher-of-unaware";
    case SessionTimerTolerance::kMalformedIn2xx:
      return "malformed-in-2xx";
  }
  return {};
}

SessionTimerTolerances ToleratedInRequest(const SessionTimerFacts& request) {
  using T = SessionTimerTolerance;
  SessionTimerTolerances tolerated;
  tolerated.AddIf(request.session_expires.value_or(kSessionIntervalMin) < kSessionIntervalMin ||
                      request.min_se.value_or(kSessionIntervalMin) < kSessionIntervalMin,
                  T::kIntervalTooSmall);
  tolerated.AddIf(!request.supported && request.refresher != Refresher::kNone, T::kRefresherOfUnaware);
  return tolerated;
}

SessionTimerTolerances ToleratedIn2xx(const SessionTimerHeaders& sent, const SessionTimerFacts& answer) {
  using T = SessionTimerTolerance;
  SessionTimerTolerances tolerated;
  tolerated.AddIf(answer.malformed, T::kMalformedIn2xx);
  if (!answer.session_expires) {
    tolerated.AddIf(answer.required, T::kRequireAlone);
    return tolerated;
  }
  const std::uint32_t interval = *answer.session_expires;
  const bool is_named = answer.refresher != Refresher::kNone;
  tolerated.AddIf(!is_named && !answer.malformed, T::kNoRefresher);
  tolerated.AddIf(interval < AtLeastSessionIntervalMin(sent.min_se.value_or(0)), T::kIntervalTooSmall);
  tolerated.AddIf(sent.session_expires && interval > *sent.session_expires, T::kIntervalRaised);
  tolerated.AddIf(is_named && sent.refresher != Refresher::kNone && sent.refresher != answer.refresher,
                  T::kRoleOverridden);
  return tolerated;
}

}  // namespace sansip
