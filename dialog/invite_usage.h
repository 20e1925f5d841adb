// The INVITE usage of a dialog: who may do what, from the first INVITE to the end of the BYE (RFC 3261 13 to
// 15; RFC 5407 2, figures 1 and 2, whose state names these are).
//
//   Caller                                          Callee
//
//   Preparative --U1 1xx--> Early                   Preparative --V1 sends 1xx--> Early
//        |U2 2xx     U5 2xx   |U4 1xx                    |V2 sends 2xx   V6 2xx  |V5 1xx
//        v <------------------+                          v <--------------------+
//    Moratorium --U9 ACK sent--> Established         Moratorium --V10 ACK--> Established
//
//   and from every one of them to Mortal by a BYE or, before the 2xx, by the refusing final response; from
//   Mortal to Morgue when the last transaction that names the call is gone.
//
// A CANCEL changes no state: the 487 that follows it does (RFC 5407 appendix C). In Mortal nothing new is
// sent but the ACK that a 2xx still wants, and only BYE is accepted (RFC 5407 2).
#ifndef SANSIP_DIALOG_INVITE_USAGE_H_
#define SANSIP_DIALOG_INVITE_USAGE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
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
inline constexpr std::size_t kUsageStateCount = 6;

enum class UsageEvent : std::uint8_t {
  kProvisional,  // 101-199 received (caller) or sent (callee)
  kSuccess,      // 2xx to the INVITE received or sent
  kFailure,      // 300-699 received or sent; timeout; transport error; no path
  kAck,          // ACK sent (caller) or received (callee)
  kNoAck,        // callee: 64*T1 without ACK (13.3.1.4)
  kBye,          // BYE sent or received
  kLost,         // the dialog is ended without a BYE of ours: 481, 408 to the BYE
  kDone,         // the last transaction is gone
};
inline constexpr std::size_t kUsageEventCount = 8;

struct UsageArrow {
  std::string_view id;
  UsageRole role;
  UsageState from;
  UsageEvent on;
  UsageState to;
};

// The rows of one role, in the order of the figure.
std::span<const UsageArrow> UsageArrows(UsageRole role);

// nullopt: nothing happens, for the reason that UsageIgnored() gives.
std::optional<UsageState> NextUsageState(UsageRole role, UsageState state, UsageEvent event);
std::string_view UsageIgnored(UsageRole role, UsageState state, UsageEvent event);

std::string_view UsageStateName(UsageState state);

}  // namespace sansip

#endif  // SANSIP_DIALOG_INVITE_USAGE_H_
