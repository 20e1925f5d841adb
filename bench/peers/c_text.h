// Text as C libraries have it: ended by a NUL, or a null pointer for none.
#ifndef SANSIP_BENCH_PEERS_C_TEXT_H_
#define SANSIP_BENCH_PEERS_C_TEXT_H_

#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace sansip {

inline std::string_view CText(const char* text) { return text == nullptr ? std::string_view() : text; }

// 0 where there is no number.
inline std::uint32_t CNumber(const char* text) {
  return text == nullptr ? 0 : static_cast<std::uint32_t>(std::strtoul(text, nullptr, 10));
}

}  // namespace sansip

#endif  // SANSIP_BENCH_PEERS_C_TEXT_H_
