// US-ASCII without locales: case, decimal numbers, hexadecimal digits.
#ifndef SANSIP_CORE_TEXT_ASCII_H_
#define SANSIP_CORE_TEXT_ASCII_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sansip {

constexpr char ToLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

// RFC 3261 7.3.1: case-insensitive unless otherwise stated. Bytes outside US-ASCII compare as they are.
constexpr bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i] && ToLower(a[i]) != ToLower(b[i])) return false;
  }
  return true;
}

// Without white space and line breaks at both ends; inside a header field's value line breaks are folding.
constexpr std::string_view Trim(std::string_view text) {
  constexpr auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// -1 for anything else.
constexpr int HexDigitValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = ToLower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// 1*DIGIT, any number of them (leading zeros count for nothing), at most `max`; nullopt for anything else.
constexpr std::optional<std::uint64_t> ParseDecimal(std::string_view text, std::uint64_t max) {
  if (text.empty()) return std::nullopt;
  std::uint64_t value = 0;
  std::size_t i = 0;
  // So many digits cannot overflow.
  for (; i < text.size() && i < 19; ++i) {
    const auto digit = static_cast<std::uint64_t>(text[i] - '0');
    if (digit > 9) return std::nullopt;
    value = value * 10 + digit;
  }
  if (value > max) return std::nullopt;
  for (; i < text.size(); ++i) {
    const auto digit = static_cast<std::uint64_t>(text[i] - '0');
    if (digit > 9 || digit > max || value > (max - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
  }
  return value;
}

}  // namespace sansip

#endif  // SANSIP_CORE_TEXT_ASCII_H_
