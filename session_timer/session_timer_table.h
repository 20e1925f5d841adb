// The session timer's arrows, one row for each pair of state and event, checked to be total when compiled.
//
//  id   in state     on event         next         effect
//  ---- agreement: any 2xx to INVITE or UPDATE, in either direction (RFC 4028 7.2, 9)
//  A1   Off          WeRefresh        Waiting      start the interval
//  A2   Off          PeerRefreshes    Listening    start the interval
//  A3-  (the same from Listening, Waiting, Refreshing, Waning; NoTimer leads to Off)
//  ---- running (10)
//  R1   Waiting      RefreshDue       Refreshing   refresh
//  R2   Refreshing   RetryLater       Waiting      refresh at the time set
//  R3   Refreshing   RetryNow         Refreshing   refresh
//  R4   Refreshing   GiveUp           Waning
//  N1-  any running  NoticeDue        unchanged    say Expiring
//  E1-  any running  EndDue, Fatal    Ended        End
//  C1-  any          CallEnded        Ended
#ifndef SANSIP_SESSION_TIMER_SESSION_TIMER_TABLE_H_
#define SANSIP_SESSION_TIMER_SESSION_TIMER_TABLE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sansip {

enum class SessionTimerState : std::uint8_t {
  kOff,         // no session timer in force, or not yet
  kListening,   // the peer refreshes
  kWaiting,     // this side refreshes: until half the interval, or until a retry
  kRefreshing,  // a refresh is under way
  kWaning,      // this side refreshes, but makes no further try
  kEnded,
};
inline constexpr std::size_t kSessionTimerStates = 6;

enum class SessionTimerEvent : std::uint8_t {
  kWeRefresh,      // a 2xx makes this side the refresher
  kPeerRefreshes,  // a 2xx makes the peer the refresher
  kNoTimer,        // a 2xx agrees no session timer
  kRefreshDue,
  kRetryLater,  // the refresh failed; again at a time that was set
  kRetryNow,    // the refresh failed; again at once, changed
  kGiveUp,      // the refresh failed for good; the session stays until it expires
  kFatal,       // timeout, 408, 481
  kNoticeDue,
  kEndDue,
  kCallEnded,
};
inline constexpr std::size_t kSessionTimerEvents = 11;

enum class SessionTimerEffect : std::uint8_t { kNothing, kStart, kStop, kRefresh, kNotice, kEnd };

enum class IgnoredBecause : std::uint8_t {
  kNotIgnored,
  kNoTimerRuns,      // the state has no deadline: the event cannot come, or is none of the timer's
  kOvertaken,        // the outcome of a refresh after which another 2xx came
  kOver,             // the session has ended
  kNotThisDeadline,  // the deadline belongs to another state
};

struct SessionTimerArrow {
  std::string_view id;
  SessionTimerState in = SessionTimerState::kOff;
  SessionTimerEvent on = SessionTimerEvent::kWeRefresh;
  SessionTimerState next = SessionTimerState::kOff;
  SessionTimerEffect effect = SessionTimerEffect::kNothing;
  IgnoredBecause ignored = IgnoredBecause::kNotIgnored;
};

namespace session_timer_table {

using S = SessionTimerState;
using E = SessionTimerEvent;
using F = SessionTimerEffect;
using I = IgnoredBecause;

inline constexpr std::array kRows = std::to_array<SessionTimerArrow>({
    {"A1", S::kOff, E::kWeRefresh, S::kWaiting, F::kStart},
    {"A2", S::kOff, E::kPeerRefreshes, S::kListening, F::kStart},
    {"A3", S::kOff, E::kNoTimer, S::kOff, F::kStop},
    {"A4", S::kListening, E::kWeRefresh, S::kWaiting, F::kStart},
    {"A5", S::kListening, E::kPeerRefreshes, S::kListening, F::kStart},
    {"A6", S::kListening, E::kNoTimer, S::kOff, F::kStop},
    {"A7", S::kWaiting, E::kWeRefresh, S::kWaiting, F::kStart},
    {"A8", S::kWaiting, E::kPeerRefreshes, S::kListening, F::kStart},
    {"A9", S::kWaiting, E::kNoTimer, S::kOff, F::kStop},
    {"A10", S::kRefreshing, E::kWeRefresh, S::kWaiting, F::kStart},
    {"A11", S::kRefreshing, E::kPeerRefreshes, S::kListening, F::kStart},
    {"A12", S::kRefreshing, E::kNoTimer, S::kOff, F::kStop},
    {"A13", S::kWaning, E::kWeRefresh, S::kWaiting, F::kStart},
    {"A14", S::kWaning, E::kPeerRefreshes, S::kListening, F::kStart},
    {"A15", S::kWaning, E::kNoTimer, S::kOff, F::kStop},

    {"R1", S::kWaiting, E::kRefreshDue, S::kRefreshing, F::kRefresh},
    {"R2", S::kRefreshing, E::kRetryLater, S::kWaiting, F::kNothing},
    {"R3", S::kRefreshing, E::kRetryNow, S::kRefreshing, F::kRefresh},
    {"R4", S::kRefreshing, E::kGiveUp, S::kWaning, F::kNothing},

    {"N1", S::kListening, E::kNoticeDue, S::kListening, F::kNotice},
    {"N2", S::kWaiting, E::kNoticeDue, S::kWaiting, F::kNotice},
    {"N3", S::kRefreshing, E::kNoticeDue, S::kRefreshing, F::kNotice},
    {"N4", S::kWaning, E::kNoticeDue, S::kWaning, F::kNotice},

    {"E1", S::kListening, E::kEndDue, S::kEnded, F::kEnd},
    {"E2", S::kWaiting, E::kEndDue, S::kEnded, F::kEnd},
    {"E3", S::kRefreshing, E::kEndDue, S::kEnded, F::kEnd},
    {"E4", S::kWaning, E::kEndDue, S::kEnded, F::kEnd},
    // Any INVITE or UPDATE that times out ends the session, not only one sent to refresh (RFC 4028 2, 10).
    {"E5", S::kListening, E::kFatal, S::kEnded, F::kEnd},
    {"E6", S::kWaiting, E::kFatal, S::kEnded, F::kEnd},
    {"E7", S::kRefreshing, E::kFatal, S::kEnded, F::kEnd},
    {"E8", S::kWaning, E::kFatal, S::kEnded, F::kEnd},

    {"C1", S::kOff, E::kCallEnded, S::kEnded, F::kStop},
    {"C2", S::kListening, E::kCallEnded, S::kEnded, F::kStop},
    {"C3", S::kWaiting, E::kCallEnded, S::kEnded, F::kStop},
    {"C4", S::kRefreshing, E::kCallEnded, S::kEnded, F::kStop},
    {"C5", S::kWaning, E::kCallEnded, S::kEnded, F::kStop},

    {"", S::kOff, E::kRefreshDue, S::kOff, F::kNothing, I::kNoTimerRuns},
    {"", S::kOff, E::kRetryLater, S::kOff, F::kNothing, I::kOvertaken},
    {"", S::kOff, E::kRetryNow, S::kOff, F::kNothing, I::kOvertaken},
    {"", S::kOff, E::kGiveUp, S::kOff, F::kNothing, I::kOvertaken},
    {"", S::kOff, E::kFatal, S::kOff, F::kNothing, I::kNoTimerRuns},  // RFC 3261 12.2.1.2 is the dialog's
    {"", S::kOff, E::kNoticeDue, S::kOff, F::kNothing, I::kNoTimerRuns},
    {"", S::kOff, E::kEndDue, S::kOff, F::kNothing, I::kNoTimerRuns},
    {"", S::kListening, E::kRefreshDue, S::kListening, F::kNothing, I::kNotThisDeadline},
    {"", S::kListening, E::kRetryLater, S::kListening, F::kNothing, I::kOvertaken},
    {"", S::kListening, E::kRetryNow, S::kListening, F::kNothing, I::kOvertaken},
    {"", S::kListening, E::kGiveUp, S::kListening, F::kNothing, I::kOvertaken},
    {"", S::kWaiting, E::kRetryLater, S::kWaiting, F::kNothing, I::kOvertaken},
    {"", S::kWaiting, E::kRetryNow, S::kWaiting, F::kNothing, I::kOvertaken},
    {"", S::kWaiting, E::kGiveUp, S::kWaiting, F::kNothing, I::kOvertaken},
    {"", S::kRefreshing, E::kRefreshDue, S::kRefreshing, F::kNothing, I::kNotThisDeadline},
    {"", S::kWaning, E::kRefreshDue, S::kWaning, F::kNothing, I::kNotThisDeadline},
    {"", S::kWaning, E::kRetryLater, S::kWaning, F::kNothing, I::kOvertaken},
    {"", S::kWaning, E::kRetryNow, S::kWaning, F::kNothing, I::kOvertaken},
    {"", S::kWaning, E::kGiveUp, S::kWaning, F::kNothing, I::kOvertaken},
    {"", S::kEnded, E::kWeRefresh, S::kEnded, F::kNothing, I::kOver},
    {"", S::kEnded, E::kPeerRefreshes, S::kEnded, F::kNothing, I::kOver},
    {"", S::kEnded, E::kNoTimer, S::kEnded, F::kNothing, I::kOver},
    {"", S::kEnded, E::kRefreshDue, S::kEnded, F::kNothing, I::kOver},
    {"", S::kEnded, E::kRetryLater, S::kEnded, F::kNothing, I::kOver},
    {"", S::kEnded, E::kRetryNow, S::kEnded, F::kNothing, I::kOver},
    {"", S::kEnded, E::kGiveUp, S::kEnded, F::kNothing, I::kOver},
    {"", S::kEnded, E::kFatal, S::kEnded, F::kNothing, I::kOver},
    {"", S::kEnded, E::kNoticeDue, S::kEnded, F::kNothing, I::kOver},
    {"", S::kEnded, E::kEndDue, S::kEnded, F::kNothing, I::kOver},
    {"", S::kEnded, E::kCallEnded, S::kEnded, F::kNothing, I::kOver},
});

constexpr std::size_t Cell(SessionTimerState in, SessionTimerEvent on) {
  return static_cast<std::size_t>(in) * kSessionTimerEvents + static_cast<std::size_t>(on);
}

// The row of every cell; -1 marks a missing or doubled one.
constexpr std::array<int, kSessionTimerStates * kSessionTimerEvents> RowOfCell() {
  std::array<int, kSessionTimerStates * kSessionTimerEvents> row_of{};
  for (int& row : row_of) row = -1;
  for (std::size_t row = 0; row < kRows.size(); ++row) {
    int& cell = row_of[Cell(kRows[row].in, kRows[row].on)];
    if (cell != -1) return {-1};
    cell = static_cast<int>(row);
  }
  return row_of;
}
inline constexpr auto kRowOfCell = RowOfCell();

constexpr bool Total() {
  for (const int row : kRowOfCell) {
    if (row < 0) return false;
  }
  return true;
}
constexpr bool EveryStateReached() {
  std::array<bool, kSessionTimerStates> reached{true};
  for (std::size_t round = 0; round < kSessionTimerStates; ++round) {
    for (const SessionTimerArrow& row : kRows) {
      if (reached[static_cast<std::size_t>(row.in)]) reached[static_cast<std::size_t>(row.next)] = true;
    }
  }
  for (const bool state : reached) {
    if (!state) return false;
  }
  return true;
}
static_assert(Total() && kRows.size() == kRowOfCell.size(), "every state answers every event, once");
static_assert(EveryStateReached());

}  // namespace session_timer_table

constexpr const SessionTimerArrow& ArrowFor(SessionTimerState in, SessionTimerEvent on) {
  return session_timer_table::kRows[static_cast<std::size_t>(
      session_timer_table::kRowOfCell[session_timer_table::Cell(in, on)])];
}

std::string_view SessionTimerStateName(SessionTimerState state);

}  // namespace sansip

#endif  // SANSIP_SESSION_TIMER_SESSION_TIMER_TABLE_H_
