#include "sansip/core/message/method.h"

#include <array>
#include <cstddef>

namespace sansip {
namespace {

// In the order of the enum.
constexpr std::array<std::string_view, 15> kNames = {"",        "INVITE",   "ACK",   "BYE",       "CANCEL",
                                                     "OPTIONS", "REGISTER", "PRACK", "SUBSCRIBE", "NOTIFY",
                                                     "PUBLISH", "INFO",     "REFER", "MESSAGE",   "UPDATE"};
static_assert(kNames[static_cast<std::size_t>(Method::kUpdate)] == "UPDATE");

}  // namespace

Method MethodFromName(std::string_view name) {
  // RFC 3261 7.1: case-sensitive.
  for (std::size_t i = 1; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<Method>(i);
  }
  return Method::kExtension;
}

std::string_view MethodName(Method method) { return kNames[static_cast<std::size_t>(method)]; }

}  // namespace sansip
