// Some bytes of a text as one number, the first of them the lowest: to compare several at once. Compilers
// make one load of each.
#ifndef SANSIP_CORE_TEXT_BYTES_H_
#define SANSIP_CORE_TEXT_BYTES_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace sansip {

constexpr std::uint32_t ByteAt(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

// at + 2 <= text.size()
constexpr std::uint16_t TwoBytesAt(std::string_view text, std::size_t at) {
  if (std::endian::native == std::endian::little && !std::is_constant_evaluated()) {
    std::uint16_t bytes = 0;
    std::memcpy(&bytes, &text[at], sizeof(bytes));
    return bytes;
  }
  return static_cast<std::uint16_t>(ByteAt(text, at) | ByteAt(text, at + 1) << 8);
}

// at + 4 <= text.size()
constexpr std::uint32_t FourBytesAt(std::string_view text, std::size_t at) {
  if (std::endian::native == std::endian::little && !std::is_constant_evaluated()) {
    std::uint32_t bytes = 0;
    std::memcpy(&bytes, &text[at], sizeof(bytes));
    return bytes;
  }
  return ByteAt(text, at) | ByteAt(text, at + 1) << 8 | ByteAt(text, at + 2) << 16 |
         ByteAt(text, at + 3) << 24;
}

// at + 8 <= text.size()
constexpr std::uint64_t EightBytesAt(std::string_view text, std::size_t at) {
  if (std::endian::native == std::endian::little && !std::is_constant_evaluated()) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, &text[at], sizeof(bytes));
    return bytes;
  }
  return FourBytesAt(text, at) | std::uint64_t{FourBytesAt(text, at + 4)} << 32;
}

// What == says, in a few instructions for texts of up to 32 bytes, as the names of methods and branches are.
constexpr bool AreSame(std::string_view a, std::string_view b) {
  const std::size_t size = a.size();
  if (size != b.size()) return false;
  if (size < 2 || size > 32) return a == b;
  if (size < 4)
    return TwoBytesAt(a, 0) == TwoBytesAt(b, 0) && TwoBytesAt(a, size - 2) == TwoBytesAt(b, size - 2);
  if (size < 8)
    return FourBytesAt(a, 0) == FourBytesAt(b, 0) && FourBytesAt(a, size - 4) == FourBytesAt(b, size - 4);
  const auto are_eight_same = [a, b](std::size_t at) { return EightBytesAt(a, at) == EightBytesAt(b, at); };
  if (!are_eight_same(0) || !are_eight_same(size - 8)) return false;
  return size <= 16 || (are_eight_same(8) && are_eight_same(size - 16));
}

}  // namespace sansip

#endif  // SANSIP_CORE_TEXT_BYTES_H_
