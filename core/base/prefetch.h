// Memory that is wanted soon and may not have been touched for long: of many transactions and calls that
// wait, most lie outside of the caches, and each line of them would be waited for by itself.
#ifndef SANSIP_CORE_BASE_PREFETCH_H_
#define SANSIP_CORE_BASE_PREFETCH_H_

#include <cstddef>

namespace sansip {

// All of an object, to be read and written. It changes nothing else.
template <typename T>
inline void Prefetch([[maybe_unused]] const T* object) {
#if defined(__GNUC__)
  constexpr std::size_t kLine = 64;
  struct Line {
    char bytes[kLine];
  };
  const auto* const lines = reinterpret_cast<const Line*>(object);
  for (std::size_t line = 0; line * kLine < sizeof(T); ++line) __builtin_prefetch(&lines[line], 1);
#endif
}

}  // namespace sansip

#endif  // SANSIP_CORE_BASE_PREFETCH_H_
