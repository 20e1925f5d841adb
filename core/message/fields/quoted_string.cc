#include "sansip/core/message/fields/quoted_string.h"

#include <cstddef>

#include "sansip/core/text/char_class.h"

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

}  // namespace sansip
