// Subscription-State (RFC 6665 8.2.3, 8.4): how a subscription stands, in every NOTIFY.
//
//   substate-value *( SEMI subexp-params )
#ifndef SANSIP_CORE_MESSAGE_FIELDS_SUBSCRIPTION_STATE_H_
#define SANSIP_CORE_MESSAGE_FIELDS_SUBSCRIPTION_STATE_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

enum class Substate : std::uint8_t { kExtension, kActive, kPending, kTerminated };

// RFC 6665 4.1.3: what a subscriber does after the end. One that is not understood counts as none.
enum class EventReason : std::uint8_t {
  kNone,
  kDeactivated,
  kProbation,
  kRejected,
  kTimeout,
  kGiveup,
  kNoresource,
  kInvariant,
};

std::string_view SubstateName(Substate state);         // empty for kExtension
std::string_view EventReasonName(EventReason reason);  // empty for kNone

struct SubscriptionState {
  std::string_view state_text = {};  // what is written
  std::string_view reason_text = {};
  std::optional<std::uint32_t> expires = {};      // seconds
  std::optional<std::uint32_t> retry_after = {};  // seconds
  std::string_view parameters = {};               // all of them, as parsed

  Substate state() const;
  EventReason reason() const;
};

[[nodiscard]] ParseError ParseSubscriptionState(std::string_view value, SubscriptionState& state);
void Write(const SubscriptionState& state, ValueWriter& value);
bool Equivalent(const SubscriptionState& a, const SubscriptionState& b);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_SUBSCRIPTION_STATE_H_
