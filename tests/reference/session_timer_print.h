// Any struct of session_timer's negotiation as its fields: to compare two, and to write one so that it can be
// pasted into a test.
#ifndef SANSIP_TESTS_REFERENCE_SESSION_TIMER_PRINT_H_
#define SANSIP_TESTS_REFERENCE_SESSION_TIMER_PRINT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "sansip/core/message/method.h"
#include "sansip/session_timer/negotiation.h"
#include "sansip/session_timer/proxy.h"

namespace sansip::reference {

// What RetryAfter422 says and does.
struct Retry {
  bool again = false;
  std::uint32_t min_se_seen = 0;
};

// The name first, then those of the fields, in the order of declaration.
template <typename T>
inline constexpr auto kNames = 0;
template <>
inline constexpr std::array kNames<SessionTimerWish> = {"SessionTimerWish", "enabled",   "session_expires",
                                                        "min_se",           "refresher", "method"};
template <>
inline constexpr std::array kNames<SessionTimerFacts> = {
    "SessionTimerFacts", "supported", "required", "malformed",
    "session_expires",   "refresher", "min_se",   "allows_update"};
template <>
inline constexpr std::array kNames<SessionTimerHeaders> = {"SessionTimerHeaders", "session_expires",
                                                           "refresher", "min_se"};
template <>
inline constexpr std::array kNames<SessionTimerMemory> = {"SessionTimerMemory", "interval", "min_se_seen",
                                                          "we_refresh"};
template <>
inline constexpr std::array kNames<SessionTimerAnswer> = {
    "SessionTimerAnswer", "refuse_status", "min_se", "session_expires", "refresher", "require_timer"};
template <>
inline constexpr std::array kNames<SessionTimerAgreement> = {"SessionTimerAgreement", "interval",
                                                             "refresher"};
template <>
inline constexpr std::array kNames<ProxySessionTimerPolicy> = {"ProxySessionTimerPolicy", "session_expires",
                                                               "min_se", "refuse", "require_timer"};
template <>
inline constexpr std::array kNames<ProxySessionTimerMemory> = {"ProxySessionTimerMemory", "is_refresh",
                                                               "session_expires", "uac_supports"};
template <>
inline constexpr std::array kNames<ForwardedSessionTimer> = {
    "ForwardedSessionTimer", "refuse_min_se", "session_expires", "min_se", "require_timer", "memory"};
template <>
inline constexpr std::array kNames<ReturnedSessionTimer> = {"ReturnedSessionTimer", "session_expires",
                                                            "interval"};
template <>
inline constexpr std::array kNames<Retry> = {"Retry", "again", "min_se_seen"};

// As many as there are names: the compiler counts.
template <typename T>
auto Fields(const T& value) {
  constexpr std::size_t kSize = kNames<T>.size() - 1;
  if constexpr (kSize == 2) {
    const auto& [a, b] = value;
    return std::tie(a, b);
  } else if constexpr (kSize == 3) {
    const auto& [a, b, c] = value;
    return std::tie(a, b, c);
  } else if constexpr (kSize == 4) {
    const auto& [a, b, c, d] = value;
    return std::tie(a, b, c, d);
  } else if constexpr (kSize == 5) {
    const auto& [a, b, c, d, e] = value;
    return std::tie(a, b, c, d, e);
  } else {
    static_assert(kSize == 7);
    const auto& [a, b, c, d, e, f, g] = value;
    return std::tie(a, b, c, d, e, f, g);
  }
}

template <typename T>
inline constexpr bool kHasFields = !std::is_same_v<std::remove_const_t<decltype(kNames<T>)>, int>;

template <typename T>
bool Same(const T& a, const T& b) {
  if constexpr (kHasFields<T>) {
    return [&]<std::size_t... kIndex>(std::index_sequence<kIndex...>) {
      const auto left = Fields(a);
      const auto right = Fields(b);
      return (Same(std::get<kIndex>(left), std::get<kIndex>(right)) && ...);
    }
    (std::make_index_sequence<kNames<T>.size() - 1>());
  } else {
    return a == b;
  }
}

inline std::string Written(bool value) { return value ? "true" : "false"; }
inline std::string Written(int value) { return std::to_string(value); }
inline std::string Written(std::uint32_t value) { return std::to_string(value) + "u"; }
inline std::string Written(Refresher value) {
  return value == Refresher::kUac   ? "Refresher::kUac"
         : value == Refresher::kUas ? "Refresher::kUas"
                                    : "Refresher::kNone";
}
inline std::string Written(RefreshMethod value) {
  return value == RefreshMethod::kUpdate ? "RefreshMethod::kUpdate" : "RefreshMethod::kReinvite";
}
inline std::string Written(Method value) {
  return value == Method::kInvite   ? "Method::kInvite"
         : value == Method::kUpdate ? "Method::kUpdate"
                                    : "Method{" + std::to_string(static_cast<int>(value)) + "}";
}
template <typename T>
std::string Written(const std::optional<T>& value) {
  return value ? Written(*value) : "std::nullopt";
}

// "SessionTimerAgreement{.interval = 90u, .refresher = Refresher::kUac}"
template <typename T>
requires kHasFields<T> std::string Written(const T& value) {
  std::string text = std::string(kNames<T>[0]) + "{";
  std::size_t index = 0;
  const auto add = [&](const auto& field) {
    text += index++ == 0 ? "." : ", .";
    text += std::string(kNames<T>[index]) + " = " + Written(field);
  };
  std::apply([&](const auto&... field) { (add(field), ...); }, Fields(value));
  return text + "}";
}

}  // namespace sansip::reference

#endif  // SANSIP_TESTS_REFERENCE_SESSION_TIMER_PRINT_H_
