// Text as C libraries have it: ended by a NUL, or a null pointer for none.
#ifndef SANSIP_BENCH_PEERS_C_TEXT_H_
#define SANSIP_BENCH_PEERS_C_TEXT_H_

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string_view>

namespace sansip {

inline std::string_view CText(const char* text) { return text == nullptr ? std::string_view() : text; }

// 0 where there is no number, the greatest where it is greater.
inline std::uint32_t CNumber(const char* text) {
  constexpr unsigned long kMax = std::numeric_limits<std::uint32_t>::max();
  return text == nullptr ? 0 : static_cast<std::uint32_t>(std::min(std::strtoul(text, nullptr, 10), kMax));
}

}  // namespace sansip

#endif  // SANSIP_BENCH_PEERS_C_TEXT_H_
