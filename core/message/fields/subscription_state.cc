#include "sansip/core/message/fields/subscription_state.h"

#include <array>
#include <cstddef>

#include "sansip/core/message/fields/delta_seconds.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"

namespace sansip {
namespace {

// In the order of the enums.
constexpr std::array<std::string_view, 4> kSubstates = {"", "active", "pending", "terminated"};
constexpr std::array<std::string_view, 8> kReasons = {"",        "deactivated", "probation",  "rejected",
                                                      "timeout", "giveup",      "noresource", "invariant"};
static_assert(kSubstates[static_cast<std::size_t>(Substate::kTerminated)] == "terminated");
static_assert(kReasons[static_cast<std::size_t>(EventReason::kInvariant)] == "invariant");

// The place of `text` among the names; 0, the empty one, for any other text.
template <std::size_t kSize>
std::size_t PlaceOf(const std::array<std::string_view, kSize>& names, std::string_view text) {
  for (std::size_t i = 1; i < kSize; ++i) {
    if (EqualsIgnoreCase(names[i], text)) return i;
  }
  return 0;
}

ParseCode KeepSeconds(const Param& param, std::optional<std::uint32_t>& kept) {
  if (kept) return ParseCode::kRepeatedParameter;
  kept = SecondsFrom(param.value);
  return kept ? ParseCode::kNone : ParseCode::kBadNumber;
}

ParseCode KeepParam(const Param& param, SubscriptionState& state) {
  if (EqualsIgnoreCase(param.name, "reason")) return KeepToken(param, state.reason_text);
  if (EqualsIgnoreCase(param.name, "expires")) return KeepSeconds(param, state.expires);
  if (EqualsIgnoreCase(param.name, "retry-after")) return KeepSeconds(param, state.retry_after);
  return ParseCode::kNone;
}

}  // namespace

std::string_view SubstateName(Substate state) { return kSubstates[static_cast<std::size_t>(state)]; }
std::string_view EventReasonName(EventReason reason) { return kReasons[static_cast<std::size_t>(reason)]; }

Substate SubscriptionState::state() const { return static_cast<Substate>(PlaceOf(kSubstates, state_text)); }
EventReason SubscriptionState::reason() const {
  return static_cast<EventReason>(PlaceOf(kReasons, reason_text));
}

ParseError ParseSubscriptionState(std::string_view value, SubscriptionState& state) {
  state = {};
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  state.state_text = cursor.TakeAll(kToken);
  if (state.state_text.empty()) return ErrorAt(ParseCode::kBadToken, cursor);
  const ParseError error = TakeParameters(cursor, state.parameters,
                                          [&state](const Param& param) { return KeepParam(param, state); });
  return error.ok() ? EndValue(cursor) : error;
}

void Write(const SubscriptionState& state, ValueWriter& value) {
  value.Token(state.state_text);
  if (!state.reason_text.empty()) {
    value.Literal(";reason=");
    value.Token(state.reason_text);
  }
  if (state.expires) {
    value.Literal(";expires=");
    value.Number(*state.expires);
  }
  if (state.retry_after) {
    value.Literal(";retry-after=");
    value.Number(*state.retry_after);
  }
  value.ParametersExcept(state.parameters, {"reason", "expires", "retry-after"});
}

bool Equivalent(const SubscriptionState& a, const SubscriptionState& b) {
  return EqualsIgnoreCase(a.state_text, b.state_text) && EqualsIgnoreCase(a.reason_text, b.reason_text) &&
         a.expires == b.expires && a.retry_after == b.retry_after &&
         EquivalentParameters(a.parameters, b.parameters, {"reason", "expires", "retry-after"});
}

}  // namespace sansip
