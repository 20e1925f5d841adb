// One table for the character classes of RFC 3261 25.1: a bit per class, a load per character.
#ifndef SANSIP_CORE_TEXT_CHAR_CLASS_H_
#define SANSIP_CORE_TEXT_CHAR_CLASS_H_

#include <array>
#include <cstdint>
#include <string_view>

namespace sansip {

// Bits. A set of classes is their union.
enum CharClass : std::uint32_t {
  kDigit = 1u << 0,
  kAlpha = 1u << 1,
  kHexDigit = 1u << 2,
  kToken = 1u << 3,
  kWord = 1u << 4,           // of a Call-ID
  kUnreserved = 1u << 5,     // alphanum / mark
  kUserChar = 1u << 6,       // of a user, without "%"
  kPasswordChar = 1u << 7,   // of a password, without "%"
  kParamChar = 1u << 8,      // of a URI parameter, without "%"
  kUriHeaderChar = 1u << 9,  // of a URI header, without "%"
  kUriChar = 1u << 10,       // uric of an absoluteURI, without "%"; "[" and "]" included (RFC 3986)
  kSchemeChar = 1u << 11,    // after the first
  kWhiteSpace = 1u << 12,    // SP / HTAB
  kLineText = 1u << 13,      // what may stand in a line as it is: no control character but HTAB
  kNameChar = 1u << 14,      // of a host name: alphanum, "-", "."
  kQuotedText = 1u << 15,    // qdtext without LWS: no DQUOTE, no backslash
  kIpChar = 1u << 16,        // of an IP address without brackets
  kBlank = 1u << 17,         // white space and the characters of line breaks
  kUnderscore = 1u << 18,
  kLabelChar = 1u << 20,  // of a label of a host name: alphanum, "-"
  // What stands for itself in a token, in a user and in a parameter of a URI alike.
  kPlain = 1u << 19,
  kAlphanum = kDigit | kAlpha,
};

namespace char_class_internal {

constexpr bool IsIn(std::string_view set, char c) { return set.find(c) != std::string_view::npos; }

constexpr std::uint32_t ClassesOf(unsigned char byte) {
  const char c = static_cast<char>(byte);
  std::uint32_t classes = 0;
  const bool digit = c >= '0' && c <= '9';
  const bool alpha = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  if (digit) classes |= kDigit | kHexDigit;
  if (alpha) classes |= kAlpha;
  if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) classes |= kHexDigit;
  const bool alphanum = digit || alpha;
  if (alphanum || IsIn("-.!%*_+`'~", c)) classes |= kToken;
  if (alphanum || IsIn("-.!%*_+`'~()<>:\\\"/[]?{}", c)) classes |= kWord;
  const bool unreserved = alphanum || IsIn("-_.!~*'()", c);
  if (unreserved) classes |= kUnreserved;
  if (unreserved || IsIn("&=+$,;?/", c)) classes |= kUserChar;
  if (unreserved || IsIn("&=+$,", c)) classes |= kPasswordChar;
  if (unreserved || IsIn("[]/:&+$", c)) classes |= kParamChar;
  if (unreserved || IsIn("[]/?:+$", c)) classes |= kUriHeaderChar;
  if (unreserved || IsIn(";/?:@&=+$,[]", c)) classes |= kUriChar;
  if (alphanum || IsIn("+-.", c)) classes |= kSchemeChar;
  if (alphanum || IsIn("-.", c)) classes |= kNameChar;
  if (c == '_') classes |= kUnderscore;
  if (alphanum || c == '-') classes |= kLabelChar;
  if (alphanum || IsIn("-.!*_+'~", c)) classes |= kPlain;
  if (c == ' ' || c == '\t') classes |= kWhiteSpace;
  if ((byte >= 0x20 && byte != 0x7F) || c == '\t') classes |= kLineText;
  if ((byte >= 0x21 && byte != 0x7F && c != '"' && c != '\\')) classes |= kQuotedText;
  if ((classes & kHexDigit) != 0 || IsIn(":.", c)) classes |= kIpChar;
  if (IsIn(" \t\r\n", c)) classes |= kBlank;
  return classes;
}

constexpr std::array<std::uint32_t, 256> MakeTable() {
  std::array<std::uint32_t, 256> table{};
  for (unsigned i = 0; i < 256; ++i) table[i] = ClassesOf(static_cast<unsigned char>(i));
  return table;
}

inline constexpr std::array<std::uint32_t, 256> kTable = MakeTable();

}  // namespace char_class_internal

constexpr bool Is(std::uint32_t classes, char c) {
  return (char_class_internal::kTable[static_cast<unsigned char>(c)] & classes) != 0;
}

constexpr bool IsAll(std::uint32_t classes, std::string_view text) {
  for (char c : text) {
    if (!Is(classes, c)) return false;
  }
  return true;
}

constexpr bool IsTokenText(std::string_view text) { return !text.empty() && IsAll(kToken, text); }

}  // namespace sansip

#endif  // SANSIP_CORE_TEXT_CHAR_CLASS_H_
