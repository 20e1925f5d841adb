#include "sansip/core/message/method.h"

#include <array>
#include <cstddef>

#include "sansip/core/text/bytes.h"

namespace sansip {
namespace {

// In the order of the enum.
constexpr std::array<std::string_view, 15> kNames = {"",        "INVITE",   "ACK",   "BYE",       "CANCEL",
                                                     "OPTIONS", "REGISTER", "PRACK", "SUBSCRIBE", "NOTIFY",
                                                     "PUBLISH", "INFO",     "REFER", "MESSAGE",   "UPDATE"};
static_assert(kNames[static_cast<std::size_t>(Method::kUpdate)] == "UPDATE");

// No two methods meet in a slot.
constexpr std::size_t SlotOf(std::string_view name) {
  return (static_cast<unsigned char>(name.front()) * 3 + name.size()) % 64;
}

constexpr std::array<Method, 64> MakeSlots() {
  std::array<Method, 64> slots{};
  for (std::size_t i = 1; i < kNames.size(); ++i) {
    Method& slot = slots[SlotOf(kNames[i])];
    if (slot != Method::kExtension) __builtin_abort();
    slot = static_cast<Method>(i);
  }
  return slots;
}

constexpr std::array<Method, 64> kSlots = MakeSlots();

}  // namespace

Method MethodFromName(std::string_view name) {
  // RFC 3261 7.1: case-sensitive.
  if (name.empty()) return Method::kExtension;
  const Method method = kSlots[SlotOf(name)];
  return AreSame(MethodName(method), name) ? method : Method::kExtension;
}

std::string_view MethodName(Method method) { return kNames[static_cast<std::size_t>(method)]; }

}  // namespace sansip
