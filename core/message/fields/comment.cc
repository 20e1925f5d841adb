#include "sansip/core/message/fields/comment.h"

#include <cstddef>

#include "sansip/core/message/fields/quoted_string.h"
#include "sansip/core/text/char_class.h"

namespace sansip {
namespace {

bool SkipQuotedPair(Cursor& cursor) {
  Cursor ahead = cursor;
  ahead.Advance(1);
  const char c = ahead.Peek();
  if (ahead.AtEnd() || c == '\r' || c == '\n' || static_cast<unsigned char>(c) > 0x7F) return false;
  cursor.Advance(2);
  return true;
}

}  // namespace

// The depth is a count, so nesting costs nothing.
bool TakeComment(Cursor& cursor, std::string_view& comment) {
  const std::size_t begin = cursor.offset();
  std::size_t depth = 0;
  if (!cursor.At('(')) return false;
  while (!cursor.AtEnd()) {
    if (cursor.SkipWhiteSpace()) continue;
    if (cursor.At('\\')) {
      if (!SkipQuotedPair(cursor)) return false;
      continue;
    }
    const char c = cursor.Peek();
    if (!Is(kLineText, c)) return false;
    cursor.Advance(1);
    if (c == '(') ++depth;
    if (c == ')' && --depth == 0) {
      comment = cursor.Since(begin);
      return true;
    }
  }
  return false;
}

bool EquivalentComments(std::string_view a, std::string_view b) { return EquivalentQuotedText(a, b); }

}  // namespace sansip
