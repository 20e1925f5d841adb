// Escapes of URIs (RFC 3261 19.1.2, 25.1 escaped): "%" HEXDIG HEXDIG.
#ifndef SANSIP_CORE_URI_ESCAPE_H_
#define SANSIP_CORE_URI_ESCAPE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sansip/core/text/cursor.h"

namespace sansip {

// Takes characters of the classes and escapes; stops before anything else, a broken escape included.
inline std::string_view TakeEscaped(Cursor& cursor, std::uint32_t classes) {
  const std::size_t begin = cursor.offset();
  for (;;) {
    cursor.TakeAll(classes);
    if (!cursor.At('%') || !cursor.SkipEscape()) return cursor.Since(begin);
  }
}

// A character of a component: as it stands, or what its escape stands for. A broken escape is a "%".
struct UriCharacter {
  char c = '\0';
  bool is_escaped = false;
};
// The one at `at`, which lies in the text and is moved behind it.
UriCharacter TakeUriCharacter(std::string_view text, std::size_t& at);

// Arbitrary bytes as a component of a URI: what the component's grammar does not allow becomes an escape.
std::string EscapeUser(std::string_view text);          // "j@s0n" -> "j%40s0n"
std::string EscapeUriParameter(std::string_view text);  // a name or a value
std::string EscapeUriHeader(std::string_view text);     // a name or a value: "sip:a@b" -> "sip:a%40b"

// The bytes that the escapes stand for; a broken escape stays as it is. Once only: "%2541" is "%41".
std::string Unescape(std::string_view text);
// The same into the caller's storage; nullopt if it does not fit.
std::optional<std::string_view> Unescape(std::string_view text, std::span<char> storage);

// RFC 3261 19.1.4: characters outside the reserved set equal their escapes.
bool EqualEscaped(std::string_view a, std::string_view b);
bool EqualEscapedIgnoreCase(std::string_view a, std::string_view b);
// The same for texts that EqualEscapedIgnoreCase, and continued from `seed`. Not salted.
std::uint64_t FoldedHash(std::string_view text, std::uint64_t seed);

}  // namespace sansip

#endif  // SANSIP_CORE_URI_ESCAPE_H_
