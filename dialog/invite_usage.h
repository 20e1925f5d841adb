// The INVITE usage of a dialog: who may do what, from the first INVITE to the end of the BYE (RFC 3261 13 to
// 15; RFC 5407 2, figures 1 and 2, whose state names these are).
//
//   caller                                           callee
//   Preparative --U1 1xx--> Early --U4 1xx--> Early  Preparative --V1 1xx--> Early --V4 1xx--> Early
//       |U2 2xx               |U5 2xx                    |V2 2xx               |V5 2xx
//       +------> Moratorium <-+                          +------> Moratorium <-+
//                    |U9 ACK sent                                    |V8 ACK received
//                    v                                               v
//               Established                                     Established
//   U3, U6 300-699, timeout, no path: Mortal         V3, V6 300-699 sent: Mortal; V7 BYE received: Mortal
//   U7, U8 another request for the same call:        V9 64*T1 without ACK, BYE is sent: Mortal
//          Preparative (redirection, 422)            V10, V11 BYE: Mortal; V12 dialog lost: Mortal
//   U10, U12, U15 (Early) BYE: Mortal; U11, U13 dialog lost: Mortal
//   Mortal --U14, V13 the last transaction that names the call is gone--> Morgue
//
// A CANCEL changes no state: the 487 that follows it does (RFC 5407 appendix C). In Mortal nothing new is
// sent but the ACK that a 2xx still wants, and only BYE is accepted (RFC 5407 2).
#ifndef SANSIP_DIALOG_INVITE_USAGE_H_
#define SANSIP_DIALOG_INVITE_USAGE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sansip {

enum class UsageRole : std::uint8_t { kCaller, kCallee };

enum class UsageState : std::uint8_t {
  kPreparative,  // INVITE sent or received, no answer but perhaps a 100
  kEarly,        // a 101-199 was received or sent
  kMoratorium,   // a 2xx was received or sent, its ACK was not yet
  kEstablished,  // ACK sent or received
  kMortal,       // ended; transactions of it are still open
  kMorgue,       // nothing left
};
inline constexpr std::size_t kUsageStates = 6;

enum class UsageEvent : std::uint8_t {
  kProvisional,  // 101-199 received (caller) or sent (callee)
  kSuccess,      // 2xx to the INVITE received or sent
  kFailure,      // 300-699 received or sent; timeout; transport error; no path
  kRetried,      // caller: the INVITE goes to another target, or again after a 422
  kAck,          // ACK sent (caller) or received (callee)
  kNoAck,        // callee: 64*T1 without ACK (13.3.1.4)
  kBye,          // BYE sent or received
  kLost,         // the dialog ends without a BYE: there is nobody to send it to
  kDone,         // the last transaction is gone
};
inline constexpr std::size_t kUsageEvents = 9;

struct UsageArrow {
  std::string_view id;
  UsageRole role;
  UsageState from;
  UsageEvent on;
  UsageState to;
};

inline constexpr auto kUsageArrows = std::to_array<UsageArrow>({
    {"U1", UsageRole::kCaller, UsageState::kPreparative, UsageEvent::kProvisional, UsageState::kEarly},
    {"U2", UsageRole::kCaller, UsageState::kPreparative, UsageEvent::kSuccess, UsageState::kMoratorium},
    {"U3", UsageRole::kCaller, UsageState::kPreparative, UsageEvent::kFailure, UsageState::kMortal},
    {"U4", UsageRole::kCaller, UsageState::kEarly, UsageEvent::kProvisional, UsageState::kEarly},
    {"U5", UsageRole::kCaller, UsageState::kEarly, UsageEvent::kSuccess, UsageState::kMoratorium},
    {"U6", UsageRole::kCaller, UsageState::kEarly, UsageEvent::kFailure, UsageState::kMortal},
    {"U7", UsageRole::kCaller, UsageState::kPreparative, UsageEvent::kRetried, UsageState::kPreparative},
    {"U8", UsageRole::kCaller, UsageState::kEarly, UsageEvent::kRetried, UsageState::kPreparative},
    {"U9", UsageRole::kCaller, UsageState::kMoratorium, UsageEvent::kAck, UsageState::kEstablished},
    {"U10", UsageRole::kCaller, UsageState::kMoratorium, UsageEvent::kBye, UsageState::kMortal},
    {"U11", UsageRole::kCaller, UsageState::kMoratorium, UsageEvent::kLost, UsageState::kMortal},
    {"U12", UsageRole::kCaller, UsageState::kEstablished, UsageEvent::kBye, UsageState::kMortal},
    {"U13", UsageRole::kCaller, UsageState::kEstablished, UsageEvent::kLost, UsageState::kMortal},
    {"U14", UsageRole::kCaller, UsageState::kMortal, UsageEvent::kDone, UsageState::kMorgue},
    {"U15", UsageRole::kCaller, UsageState::kEarly, UsageEvent::kBye, UsageState::kMortal},

    {"V1", UsageRole::kCallee, UsageState::kPreparative, UsageEvent::kProvisional, UsageState::kEarly},
    {"V2", UsageRole::kCallee, UsageState::kPreparative, UsageEvent::kSuccess, UsageState::kMoratorium},
    {"V3", UsageRole::kCallee, UsageState::kPreparative, UsageEvent::kFailure, UsageState::kMortal},
    {"V4", UsageRole::kCallee, UsageState::kEarly, UsageEvent::kProvisional, UsageState::kEarly},
    {"V5", UsageRole::kCallee, UsageState::kEarly, UsageEvent::kSuccess, UsageState::kMoratorium},
    {"V6", UsageRole::kCallee, UsageState::kEarly, UsageEvent::kFailure, UsageState::kMortal},
    {"V7", UsageRole::kCallee, UsageState::kEarly, UsageEvent::kBye, UsageState::kMortal},
    {"V8", UsageRole::kCallee, UsageState::kMoratorium, UsageEvent::kAck, UsageState::kEstablished},
    {"V9", UsageRole::kCallee, UsageState::kMoratorium, UsageEvent::kNoAck, UsageState::kMortal},
    {"V10", UsageRole::kCallee, UsageState::kMoratorium, UsageEvent::kBye, UsageState::kMortal},
    {"V11", UsageRole::kCallee, UsageState::kEstablished, UsageEvent::kBye, UsageState::kMortal},
    {"V12", UsageRole::kCallee, UsageState::kEstablished, UsageEvent::kLost, UsageState::kMortal},
    {"V13", UsageRole::kCallee, UsageState::kMortal, UsageEvent::kDone, UsageState::kMorgue},
});

// The arrows by role, state and event, so that nobody has to look for one.
inline constexpr auto kUsageStateAfter = [] {
  std::array<std::array<std::array<std::optional<UsageState>, kUsageEvents>, kUsageStates>, 2> after{};
  for (const UsageArrow& arrow : kUsageArrows) {
    after[static_cast<std::size_t>(arrow.role)][static_cast<std::size_t>(arrow.from)]
         [static_cast<std::size_t>(arrow.on)] = arrow.to;
  }
  return after;
}();

// nullopt: the state has no such arrow, nothing happens.
constexpr std::optional<UsageState> NextUsageState(UsageRole role, UsageState from, UsageEvent on) {
  return kUsageStateAfter[static_cast<std::size_t>(role)][static_cast<std::size_t>(from)]
                         [static_cast<std::size_t>(on)];
}

namespace usage_arrows {

constexpr bool NoneTwice() {
  for (std::size_t i = 0; i < kUsageArrows.size(); ++i) {
    for (std::size_t j = i + 1; j < kUsageArrows.size(); ++j) {
      const UsageArrow &a = kUsageArrows[i], &b = kUsageArrows[j];
      if (a.id == b.id || (a.role == b.role && a.from == b.from && a.on == b.on)) return false;
    }
  }
  return true;
}

// Every state is reached from Preparative, and Mortal from every state before it.
constexpr bool EveryStateReachedAndLeft(UsageRole role) {
  std::array<bool, kUsageStates> reached{true}, dies{};
  for (std::size_t round = 0; round < kUsageStates; ++round) {
    for (const UsageArrow& arrow : kUsageArrows) {
      if (arrow.role != role) continue;
      const auto from = static_cast<std::size_t>(arrow.from), to = static_cast<std::size_t>(arrow.to);
      if (reached[from]) reached[to] = true;
      if (arrow.to == UsageState::kMortal) dies[from] = true;
    }
  }
  for (const bool state : reached) {
    if (!state) return false;
  }
  for (std::size_t state = 0; state < static_cast<std::size_t>(UsageState::kMortal); ++state) {
    if (!dies[state]) return false;
  }
  return true;
}

static_assert(NoneTwice());
static_assert(EveryStateReachedAndLeft(UsageRole::kCaller));
static_assert(EveryStateReachedAndLeft(UsageRole::kCallee));

}  // namespace usage_arrows

std::string_view UsageStateName(UsageState state);

}  // namespace sansip

#endif  // SANSIP_DIALOG_INVITE_USAGE_H_
