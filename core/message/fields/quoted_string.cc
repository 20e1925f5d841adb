#include "sansip/core/message/fields/quoted_string.h"

#include <cstddef>

#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"

namespace sansip {
namespace {

bool IsTokensAndSpaces(std::string_view text) {
  bool after_token = false;
  for (char c : text) {
    if (c == ' ' ? !after_token : !Is(kToken, c)) return false;
    after_token = c != ' ';
  }
  return after_token;
}

// The text that a quoted-string stands for, a character at a time. Not at the end.
char NextOfQuoted(Cursor& cursor) {
  if (cursor.SkipWhiteSpace()) return ' ';
  if (cursor.At('\\') && cursor.left() > 1) cursor.Advance(1);
  const char c = cursor.Peek();
  cursor.Advance(1);
  return c;
}

}  // namespace

std::string Quote(std::string_view text) {
  std::string quoted = "\"";
  for (char c : text) {
    if (c == '\r' || c == '\n') {
      quoted += ' ';
      continue;
    }
    if (!Is(kQuotedText | kWhiteSpace, c)) quoted += '\\';
    quoted += c;
  }
  return quoted += '"';
}

std::string QuoteDisplayName(std::string_view text) {
  if (text.empty() || IsTokensAndSpaces(text)) return std::string(text);
  return Quote(text);
}

std::string Unquote(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string(text);
  text = text.substr(1, text.size() - 2);
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    plain += text[i];
  }
  return plain;
}

bool IsQuotedText(std::string_view text) {
  Cursor cursor(text);
  while (!cursor.AtEnd()) {
    if (!cursor.TakeAll(kQuotedText).empty() || cursor.SkipWhiteSpace()) continue;
    // RFC 3261 25.1 quoted-pair: anything of US-ASCII but CR and LF.
    if (!cursor.Skip('\\') || cursor.AtEnd()) return false;
    const char c = cursor.Peek();
    if (c == '\r' || c == '\n' || static_cast<unsigned char>(c) > 0x7F) return false;
    cursor.Advance(1);
  }
  return true;
}

bool EquivalentQuotedText(std::string_view a, std::string_view b) {
  Cursor in_a(a);
  Cursor in_b(b);
  while (!in_a.AtEnd() && !in_b.AtEnd()) {
    if (NextOfQuoted(in_a) != NextOfQuoted(in_b)) return false;
  }
  return in_a.AtEnd() && in_b.AtEnd();
}

std::string_view WithoutQuotes(std::string_view text) {
  return text.size() >= 2 && text.front() == '"' && text.back() == '"' ? text.substr(1, text.size() - 2)
                                                                       : text;
}

}  // namespace sansip
