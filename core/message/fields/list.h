// Comma lists (RFC 3261 7.3.1): the elements of a header field over all its lines, in order. Commas inside
// quoted strings, angle brackets and comments do not separate.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_LIST_H_
#define SANSIP_CORE_MESSAGE_FIELDS_LIST_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansip/core/message/message_view.h"
#include "sansip/core/message/parse_error.h"
#include "sansip/core/text/cursor.h"

namespace sansip {

// Takes the end of one element: the end of the text, or COMMA with another element behind it, which `rest`
// (may be null: not looked at) gets. Anything else is kBadFieldValue.
[[nodiscard]] ParseError EndElement(Cursor& cursor, std::string_view* rest);

// Takes the end of a value that is no list: white space and nothing else, or kBadFieldValue.
[[nodiscard]] ParseError EndValue(Cursor& cursor);

// Takes one element that is a token; `rest` (may be null) gets what follows its comma.
[[nodiscard]] ParseError ParseTokenElement(std::string_view value, std::string_view& token,
                                           std::string_view* rest);

inline ParseError ErrorAt(ParseCode code, const Cursor& cursor) {
  return {code, static_cast<std::uint32_t>(cursor.offset())};
}

// No comma in it separates, and no quotation mark or bracket is left open.
bool IsOneElement(std::string_view text);

// The elements of one value.
class Elements {
 public:
  explicit Elements(std::string_view value) : cursor_(value) {}
  // False at the end. Elements come without the white space around them; empty ones are skipped.
  [[nodiscard]] bool Next(std::string_view& element);
  // Where in the value the last one begins.
  std::size_t offset() const { return offset_; }

 private:
  Cursor cursor_;
  std::size_t offset_ = 0;
};

class ElementsOf {
 public:
  ElementsOf(const MessageView& message, HeaderId id)
      : message_(message), id_(id), next_header_(message.PlaceOfFirst(id)) {}
  // As of Elements.
  [[nodiscard]] bool Next(std::string_view& element);
  // Where that element begins in the bytes that were parsed.
  std::uint32_t offset() const {
    const std::uint32_t begin = message_.index().headers[header_].value.begin;
    return begin + static_cast<std::uint32_t>(elements_.offset());
  }

 private:
  MessageView message_;
  HeaderId id_;
  std::size_t header_ = 0;  // of the last element
  std::size_t next_header_;
  Elements elements_{{}};
};

bool FindToken(const MessageView& message, HeaderId id, std::string_view token);  // HasToken, of a field

// Does a token list (Supported, Require, Allow, Unsupported ...) hold this token? Option tags and methods
// alike; case-insensitive for option tags, exact for Allow (7.1).
inline bool HasToken(const MessageView& message, HeaderId id, std::string_view token) {
  return message.Has(id) && FindToken(message, id, token);
}

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_LIST_H_
