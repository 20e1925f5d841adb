#include "sansip/core/message/fields/text.h"

#include <cstddef>
#include <cstdint>

#include "sansip/core/message/fields/list.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"

namespace sansip {
namespace {

// The first byte of text that is none, line breaks that do not fold included.
bool SkipText(Cursor& cursor) {
  while (!cursor.AtEnd()) {
    if (cursor.TakeAll(kLineText).empty() && !cursor.SkipWhiteSpace()) return false;
  }
  return true;
}

// How many bytes the character takes that begins with this one, and the range of its second: the first value
// of RFC 3629 4's rows. 0: none begins with it.
struct Utf8Lead {
  std::size_t size = 0;
  unsigned char second_min = 0x80;
  unsigned char second_max = 0xBF;
};

Utf8Lead LeadOf(unsigned char lead) {
  if (lead < 0x80) return {1};
  if (lead < 0xC2) return {0};
  if (lead < 0xE0) return {2};
  if (lead == 0xE0) return {3, 0xA0, 0xBF};
  if (lead == 0xED) return {3, 0x80, 0x9F};
  if (lead < 0xF0) return {3};
  if (lead == 0xF0) return {4, 0x90, 0xBF};
  if (lead < 0xF4) return {4};
  if (lead == 0xF4) return {4, 0x80, 0x8F};
  return {0};
}

}  // namespace

ParseError ParseText(std::string_view value, FreeText& text) {
  text.text = Trim(value);
  Cursor cursor(value);
  return SkipText(cursor) ? ParseError{} : ErrorAt(ParseCode::kControlCharacter, cursor);
}

void Write(const FreeText& text, ValueWriter& value) {
  Cursor cursor(text.text);
  if (!SkipText(cursor)) return value.Refuse();
  value.Text(Trim(text.text));
}

bool Equivalent(const FreeText& a, const FreeText& b) {
  Cursor in_a(Trim(a.text));
  Cursor in_b(Trim(b.text));
  while (!in_a.AtEnd() && !in_b.AtEnd()) {
    const bool blank = in_a.SkipWhiteSpace();
    if (in_b.SkipWhiteSpace() != blank) return false;
    if (blank) continue;
    if (in_a.Peek() != in_b.Peek()) return false;
    in_a.Advance(1);
    in_b.Advance(1);
  }
  return in_a.AtEnd() && in_b.AtEnd();
}

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const Utf8Lead lead = LeadOf(static_cast<unsigned char>(text.front()));
    if (lead.size == 0 || lead.size > text.size()) return false;
    for (std::size_t i = 1; i < lead.size; ++i) {
      const auto byte = static_cast<unsigned char>(text[i]);
      if (byte < (i == 1 ? lead.second_min : 0x80) || byte > (i == 1 ? lead.second_max : 0xBF)) return false;
    }
    text.remove_prefix(lead.size);
  }
  return true;
}

}  // namespace sansip
