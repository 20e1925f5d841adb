// Names of the arrows in the four machines' figures, as observation and tests use them. The tables themselves
// are in invite_client.h and its siblings.
#ifndef SANSIP_CORE_TRANSACTION_ARROW_H_
#define SANSIP_CORE_TRANSACTION_ARROW_H_

#include <cstdint>
#include <string_view>

#include "sansip/core/base/ids.h"

namespace sansip {

enum class Machine : std::uint8_t {
  kInviteClient,
  kNonInviteClient,
  kInviteServer,
  kNonInviteServer,
  kForwardedInvite,  // no transaction: a proxy's timer C
};

struct ArrowTaken {
  TransactionId id;
  Machine machine = Machine::kInviteClient;
  std::uint8_t arrow = 0;  // row of the machine's table
};

// RFC 3261 17, RFC 6026 7. kStart: before the first arrow. kCancelled: of a forwarded INVITE (16.8).
enum class State : std::uint8_t {
  kStart,
  kCalling,
  kTrying,
  kProceeding,
  kCompleted,
  kConfirmed,
  kAccepted,
  kCancelled,
  kTerminated,
};
inline constexpr std::size_t kStateCount = 9;

std::string_view StateName(State state);

// "C1", and "Calling", "timer A fires", ...: for ladders and failure texts.
std::string_view ArrowName(Machine machine, std::uint8_t arrow);
std::string_view ArrowFrom(Machine machine, std::uint8_t arrow);
std::string_view ArrowTo(Machine machine, std::uint8_t arrow);

}  // namespace sansip

#endif  // SANSIP_CORE_TRANSACTION_ARROW_H_
