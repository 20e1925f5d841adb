#include "sansip/core/message/fields/list.h"

#include "sansip/core/text/ascii.h"
#include "sansip/core/text/bytes.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/scan_any.h"

namespace sansip {
namespace {

// Takes text up to a comma that separates, or to the end. `is_open`: the end came within a quoted string,
// brackets or a comment.
std::string_view TakeElement(Cursor& cursor, bool& is_open) {
  const std::size_t begin = cursor.offset();
  is_open = false;
  bool in_brackets = false;
  std::size_t comments = 0;
  // None of these is a separator, a quotation mark or a bracket.
  constexpr std::uint32_t kPlain = kToken | kIpChar | kWhiteSpace;
  for (cursor.TakeAll(kPlain); !cursor.AtEnd(); cursor.TakeAll(kPlain)) {
    const char c = cursor.Peek();
    if (c == '"' && !in_brackets && comments == 0) {
      // An open quotation mark takes the rest: nothing in it can be told from text.
      is_open = !cursor.SkipQuotedString();
      if (is_open) cursor.Advance(cursor.left());
      continue;
    }
    if (c == ',' && !in_brackets && comments == 0) break;
    if (c == '\\' && comments > 0) cursor.Advance(1);
    if (c == '<' && comments == 0) in_brackets = true;
    if (c == '>' && comments == 0) in_brackets = false;
    if (c == '(' && !in_brackets) ++comments;
    if (c == ')' && comments > 0) --comments;
    cursor.Advance(1);
  }
  is_open = is_open || in_brackets || comments > 0;
  return cursor.Since(begin);
}

bool IsSameToken(std::string_view element, std::string_view token, bool is_exact) {
  return element.size() == token.size() && (is_exact ? element == token : EqualsIgnoreCase(element, token));
}

bool ListHas(std::string_view value, std::string_view token, bool is_exact) {
  Elements elements(value);
  for (std::string_view element; elements.Next(element);) {
    if (IsSameToken(element, token, is_exact)) return true;
  }
  return false;
}

// Nothing in it hides a comma, as in nearly all lists of tokens.
bool IsPlainList(std::string_view value) { return !HoldsAnyOf<'"', '<', '('>(value); }

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// Is the first element `token`, as it is written?
bool BeginsWith(std::string_view value, std::string_view token) {
  return AreSame(value.substr(0, token.size()), token) &&
         (value.size() == token.size() || value[token.size()] == ',');
}

// Where `token` stands as it is written, an element of its own; npos: nowhere, but perhaps in another case.
std::size_t FindElement(std::string_view value, std::string_view token) {
  std::size_t at = value.find(token);
  for (; at != std::string_view::npos; at = value.find(token, at + token.size())) {
    std::size_t before = at, behind = at + token.size();
    while (before > 0 && IsSpace(value[before - 1])) --before;
    while (behind < value.size() && IsSpace(value[behind])) ++behind;
    if ((before == 0 || value[before - 1] == ',') && (behind == value.size() || value[behind] == ',')) break;
  }
  return at;
}

bool PlainListHas(std::string_view value, std::string_view token, bool is_exact) {
  for (;;) {
    const std::size_t comma = value.find(',');
    const std::string_view element = value.substr(0, comma);
    if (element.size() >= token.size() && IsSameToken(Trim(element), token, is_exact)) return true;
    if (comma == std::string_view::npos) return false;
    value.remove_prefix(comma + 1);
  }
}

}  // namespace

ParseError EndElement(Cursor& cursor, std::string_view* rest) {
  cursor.SkipWhiteSpace();
  if (rest != nullptr) *rest = {};
  if (cursor.AtEnd()) return {};
  const auto offset = static_cast<std::uint32_t>(cursor.offset());
  if (!cursor.Skip(',')) return {ParseCode::kBadFieldValue, offset};
  if (rest == nullptr) return {};
  cursor.SkipWhiteSpace();
  if (cursor.AtEnd()) return {ParseCode::kBadFieldValue, offset};
  *rest = cursor.rest();
  return {};
}

ParseError EndValue(Cursor& cursor) {
  cursor.SkipWhiteSpace();
  return cursor.AtEnd() ? ParseError{} : ErrorAt(ParseCode::kBadFieldValue, cursor);
}

ParseError ParseTokenElement(std::string_view value, std::string_view& token, std::string_view* rest) {
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  token = cursor.TakeAll(kToken);
  return token.empty() ? ErrorAt(ParseCode::kBadToken, cursor) : EndElement(cursor, rest);
}

bool IsOneElement(std::string_view text) {
  Cursor cursor(text);
  bool is_open = false;
  TakeElement(cursor, is_open);
  return cursor.AtEnd() && !is_open;
}

bool Elements::Next(std::string_view& element) {
  while (!cursor_.AtEnd()) {
    cursor_.TakeAll(kBlank);
    offset_ = cursor_.offset();
    bool is_open = false;
    element = Trim(TakeElement(cursor_, is_open));
    cursor_.Skip(',');
    if (!element.empty()) return true;
  }
  return false;
}

bool ElementsOf::Next(std::string_view& element) {
  while (!elements_.Next(element)) {
    if (next_header_ == message_.header_count()) return false;
    header_ = next_header_;
    next_header_ = message_.PlaceOfNext(id_, header_);
    elements_ = Elements(message_.header(header_).value);
  }
  return true;
}

bool FindToken(const MessageView& message, HeaderId id, std::string_view token) {
  // RFC 3261 7.1: methods are case-sensitive; 7.3.1: other tokens are not.
  const bool is_exact = id == HeaderId::kAllow;
  if (token.empty()) return false;  // empty elements are none
  for (std::size_t i = message.PlaceOfFirst(id); i < message.header_count(); i = message.PlaceOfNext(id, i)) {
    const std::string_view value = message.header(i).value;
    if (value.size() < token.size()) continue;
    if (BeginsWith(value, token)) return true;
    const std::size_t at = FindElement(value, token);
    if (at != std::string_view::npos && IsPlainList(value.substr(0, at))) return true;
    if (IsPlainList(value) ? PlainListHas(value, token, is_exact) : ListHas(value, token, is_exact))
      return true;
  }
  return false;
}

}  // namespace sansip
