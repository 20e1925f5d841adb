// Integers as most protocols write them, RTP and STUN among them: most significant octet first. The caller
// has checked the bounds.
#ifndef SANSIP_CORE_BASE_BIG_ENDIAN_H_
#define SANSIP_CORE_BASE_BIG_ENDIAN_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sansip {

constexpr std::uint8_t Load8(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}
constexpr std::uint16_t Load16(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint16_t>(Load8(bytes, at) << 8 | Load8(bytes, at + 1));
}
constexpr std::uint32_t Load32(std::string_view bytes, std::size_t at) {
  return std::uint32_t{Load16(bytes, at)} << 16 | Load16(bytes, at + 2);
}
constexpr std::uint64_t Load64(std::string_view bytes, std::size_t at) {
  return std::uint64_t{Load32(bytes, at)} << 32 | Load32(bytes, at + 4);
}

constexpr void Store8(std::span<char> bytes, std::size_t at, unsigned value) {
  bytes[at] = static_cast<char>(static_cast<std::uint8_t>(value));
}
constexpr void Store16(std::span<char> bytes, std::size_t at, unsigned value) {
  Store8(bytes, at, value >> 8 & 0xFF);
  Store8(bytes, at + 1, value & 0xFF);
}
constexpr void Store32(std::span<char> bytes, std::size_t at, std::uint32_t value) {
  Store16(bytes, at, value >> 16);
  Store16(bytes, at + 2, value & 0xFFFF);
}
constexpr void Store64(std::span<char> bytes, std::size_t at, std::uint64_t value) {
  Store32(bytes, at, static_cast<std::uint32_t>(value >> 32));
  Store32(bytes, at + 4, static_cast<std::uint32_t>(value));
}

}  // namespace sansip

#endif  // SANSIP_CORE_BASE_BIG_ENDIAN_H_
