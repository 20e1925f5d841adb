// Who refreshes: RFC 4028 table 2 (section 9), and what a failed refresh asks for (section 10), as tables.
//
// `uac` and `uas` are the roles in the transaction at hand, never those of the call's beginning.
#ifndef SANSIP_SESSION_TIMER_REFRESHER_H_
#define SANSIP_SESSION_TIMER_REFRESHER_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "sansip/core/message/fields/session_expires.h"

namespace sansip {

// RFC 4028 7.4: UPDATE is preferred where the peer allows it; a re-INVITE always works.
enum class RefreshMethod : std::uint8_t { kReinvite, kUpdate };

// Table 2, with the Require column that the text around it adds.
//
//   UAC supports?   refresher in request   in the 2xx     Require: timer in the 2xx
//   N               none                   uas            no (the UAC would not know the option)
//   N               uac, uas               NA: as none    no
//   Y               none                   the UAS's wish MUST if uac, SHOULD if uas
//   Y               uac                    uac            MUST
//   Y               uas                    uas            SHOULD
struct RefresherRow {
  bool uac_supports = false;
  Refresher requested = Refresher::kNone;
  Refresher answered = Refresher::kNone;  // kNone: the UAS chooses
};

inline constexpr std::array<RefresherRow, 6> kRefresherTable{{
    {false, Refresher::kNone, Refresher::kUas},
    {false, Refresher::kUac, Refresher::kUas},
    {false, Refresher::kUas, Refresher::kUas},
    {true, Refresher::kNone, Refresher::kNone},
    {true, Refresher::kUac, Refresher::kUac},
    {true, Refresher::kUas, Refresher::kUas},
}};

struct RefresherChoice {
  Refresher refresher = Refresher::kUas;  // kUac or kUas
  bool require_timer = false;
};

// The 2xx's parameter; `wish` decides where the table leaves a choice (kNone: the UAC, who asked, refreshes).
constexpr RefresherChoice ChooseRefresher(bool uac_supports, Refresher requested, Refresher wish) {
  for (const RefresherRow& row : kRefresherTable) {
    if (row.uac_supports != uac_supports || row.requested != requested) continue;
    Refresher chosen = row.answered;
    if (chosen == Refresher::kNone) chosen = wish == Refresher::kUas ? Refresher::kUas : Refresher::kUac;
    return {chosen, uac_supports};
  }
  return {};
}

// What the outcome of a session refresh request that got no 2xx asks for.
enum class RefreshRule : std::uint8_t {
  kEnd,          // BYE at once (RFC 4028 10; RFC 3261 12.2.1.2)
  kLargerMinSe,  // 422: again with the larger Min-SE, before the old expiry (7.3, 10)
  kGlare,        // 491: after the random wait of RFC 3261 14.1
  kRetryAfter,   // 500, 503: after Retry-After, if the expiry permits; without it once, half-way to the end
  kOtherMethod,  // 405, 501 to UPDATE: re-INVITE from now on
  kOnceChanged,  // anything else: the session stays, not extended; one try with the other method if there is
                 // one
};

struct RefreshRuleRow {
  int status_min = 0;
  int status_max = 0;
  RefreshRule rule = RefreshRule::kOnceChanged;
};

inline constexpr int kTransactionTimedOut = 0;  // no response at all

// Sorted, without a gap: a static_assert below.
inline constexpr std::array<RefreshRuleRow, 18> kRefreshRules{{
    {kTransactionTimedOut, kTransactionTimedOut, RefreshRule::kEnd},
    {1, 404, RefreshRule::kOnceChanged},
    {405, 405, RefreshRule::kOtherMethod},
    {406, 407,
     RefreshRule::kOnceChanged},  // 401 and 407 come here only when there are no credentials for them
    {408, 408, RefreshRule::kEnd},
    {409, 421, RefreshRule::kOnceChanged},
    {422, 422, RefreshRule::kLargerMinSe},
    {423, 480, RefreshRule::kOnceChanged},
    {481, 481, RefreshRule::kEnd},
    {482, 490, RefreshRule::kOnceChanged},
    {491, 491, RefreshRule::kGlare},
    {492, 499, RefreshRule::kOnceChanged},
    {500, 500, RefreshRule::kRetryAfter},
    {501, 501, RefreshRule::kOtherMethod},
    {502, 502, RefreshRule::kOnceChanged},
    {503, 503, RefreshRule::kRetryAfter},
    {504, 699, RefreshRule::kOnceChanged},
    {700, INT32_MAX, RefreshRule::kOnceChanged},
}};

constexpr RefreshRule RefreshRuleFor(int status) {
  for (const RefreshRuleRow& row : kRefreshRules) {
    if (status >= row.status_min && status <= row.status_max) return row.rule;
  }
  return RefreshRule::kOnceChanged;
}

namespace refresher_tables {

// One row for every cell, and none twice.
constexpr bool EveryCellOnce() {
  for (const bool supports : {false, true}) {
    for (const Refresher requested : {Refresher::kNone, Refresher::kUac, Refresher::kUas}) {
      int rows = 0;
      for (const RefresherRow& row : kRefresherTable) {
        rows += row.uac_supports == supports && row.requested == requested;
      }
      if (rows != 1) return false;
    }
  }
  return true;
}

constexpr bool EveryStatusOnce() {
  int next = kTransactionTimedOut;
  for (const RefreshRuleRow& row : kRefreshRules) {
    if (row.status_min != next || row.status_max < row.status_min) return false;
    next = row.status_max == INT32_MAX ? 0 : row.status_max + 1;
  }
  return next == 0;
}

static_assert(EveryCellOnce(), "table 2 of RFC 4028 has six cells");
static_assert(EveryStatusOnce(), "every outcome of a refresh has one rule");

}  // namespace refresher_tables

}  // namespace sansip

#endif  // SANSIP_SESSION_TIMER_REFRESHER_H_
