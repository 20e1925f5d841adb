// Whether a text holds one of a few characters, where mostly it holds none: all of it is looked at, sixteen
// bytes at a time.
#ifndef SANSIP_CORE_TEXT_SCAN_ANY_H_
#define SANSIP_CORE_TEXT_SCAN_ANY_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace sansip {

template <char... kChars>
bool HoldsAnyOf(std::string_view text) {
  using Block = std::uint8_t __attribute__((vector_size(16)));
  using Words = std::uint64_t __attribute__((vector_size(16)));
  const std::size_t size = text.size();
  if (size < sizeof(Block)) {
    bool found = false;
    for (const char c : text) found |= ((c == kChars) || ...);
    return found;
  }
  Block hits{};
  const auto look_at = [&](std::size_t from) {
    Block block;
    std::memcpy(&block, &text[from], sizeof(block));
    hits |= reinterpret_cast<Block>(((block == static_cast<std::uint8_t>(kChars)) | ...));
  };
  const std::size_t last = size - sizeof(Block);
  for (std::size_t from = 0; from < last; from += sizeof(Block)) look_at(from);
  look_at(last);  // it overlaps the one before it
  const auto words = reinterpret_cast<Words>(hits);
  return (words[0] | words[1]) != 0;
}

}  // namespace sansip

#endif  // SANSIP_CORE_TEXT_SCAN_ANY_H_
