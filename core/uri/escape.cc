#include "sansip/core/uri/escape.h"

#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"

namespace sansip {
namespace {

bool AtEscape(std::string_view text, std::size_t at) {
  return text[at] == '%' && text.size() - at >= 3 && Is(kHexDigit, text[at + 1]) &&
         Is(kHexDigit, text[at + 2]);
}

char EscapedChar(std::string_view text, std::size_t at) {
  return static_cast<char>(HexDigitValue(text[at + 1]) << 4 | HexDigitValue(text[at + 2]));
}

std::string Escape(std::string_view text, std::uint32_t classes) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string escaped;
  escaped.reserve(text.size());
  for (char c : text) {
    if (Is(classes, c)) {
      escaped += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      escaped += '%';
      escaped += kHex[byte >> 4];
      escaped += kHex[byte & 0xF];
    }
  }
  return escaped;
}

// RFC 3261 25.1
bool IsReserved(char c) { return std::string_view(";/?:@&=+$,").find(c) != std::string_view::npos; }

template <typename Fold>
bool Equal(std::string_view a, std::string_view b, Fold fold) {
  std::size_t at_a = 0;
  std::size_t at_b = 0;
  while (at_a < a.size() && at_b < b.size()) {
    const UriCharacter char_a = TakeUriCharacter(a, at_a);
    const UriCharacter char_b = TakeUriCharacter(b, at_b);
    if (fold(char_a.c) != fold(char_b.c)) return false;
    if (char_a.is_escaped != char_b.is_escaped && IsReserved(char_a.c)) return false;
  }
  return at_a == a.size() && at_b == b.size();
}

}  // namespace

UriCharacter TakeUriCharacter(std::string_view text, std::size_t& at) {
  if (AtEscape(text, at)) {
    const UriCharacter character{EscapedChar(text, at), true};
    at += 3;
    return character;
  }
  return {text[at++], false};
}

std::string EscapeUser(std::string_view text) { return Escape(text, kUserChar); }
std::string EscapeUriParameter(std::string_view text) { return Escape(text, kParamChar); }
std::string EscapeUriHeader(std::string_view text) { return Escape(text, kUriHeaderChar); }

std::string Unescape(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) plain += TakeUriCharacter(text, at).c;
  return plain;
}

std::optional<std::string_view> Unescape(std::string_view text, std::span<char> storage) {
  std::size_t size = 0;
  for (std::size_t at = 0; at < text.size(); ++size) {
    if (size == storage.size()) return std::nullopt;
    storage[size] = TakeUriCharacter(text, at).c;
  }
  return std::string_view(storage.data(), size);
}

bool EqualEscaped(std::string_view a, std::string_view b) {
  return Equal(a, b, [](char c) { return c; });
}

bool EqualEscapedIgnoreCase(std::string_view a, std::string_view b) {
  return Equal(a, b, [](char c) { return ToLower(c); });
}

// FNV-1a
std::uint64_t FoldedHash(std::string_view text, std::uint64_t seed) {
  std::uint64_t hash = seed ^ 0xcbf29ce484222325;
  for (std::size_t at = 0; at < text.size();) {
    hash = (hash ^ static_cast<unsigned char>(ToLower(TakeUriCharacter(text, at).c))) * 0x100000001b3;
  }
  return hash;
}

}  // namespace sansip
