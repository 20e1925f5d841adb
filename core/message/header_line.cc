#include "sansip/core/message/header_line.h"

#include <cstdint>

#include "sansip/core/text/char_class.h"
#include "sansip/core/text/scan_line.h"

namespace sansip {
namespace {

ParseError At(ParseCode code, std::size_t offset) { return {code, static_cast<std::uint32_t>(offset)}; }

bool IsAt(std::string_view text, std::size_t at, char c) { return at < text.size() && text[at] == c; }
bool IsWhiteSpaceAt(std::string_view text, std::size_t at) {
  return at < text.size() && Is(kWhiteSpace, text[at]);
}

// The size of the line break at `at`: 2 for CRLF, 1 for LF, 0 for anything else.
std::size_t LineBreakSize(std::string_view text, std::size_t at) {
  if (text[at] == '\n') return 1;
  return text[at] == '\r' && IsAt(text, at + 1, '\n') ? 2 : 0;
}

}  // namespace

LineEnd FindLineEnd(std::string_view text, std::size_t begin, bool folds) {
  LineEnd end;
  for (std::size_t at = begin;;) {
    at = FindControl(text, at);
    if (at == text.size()) {
      end.content = end.next = at;
      return end;
    }
    const std::size_t size = LineBreakSize(text, at);
    if (size == 0 && text[at] != '\r') end.has_control = true;
    if (size == 1) end.bare_lf = true;
    if (size != 2 && (size == 1 || text[at] == '\r') && end.lone_break == LineEnd::npos) end.lone_break = at;
    if (size == 0) {
      ++at;
    } else if (folds && IsWhiteSpaceAt(text, at + size)) {
      at += size + 1;
    } else {
      end.content = at;
      end.next = at + size;
      end.found = true;
      return end;
    }
  }
}

namespace {

void SetValue(std::string_view text, std::size_t begin, HeaderText& line) {
  std::size_t end = line.end.content;
  while (begin < end && Is(kBlank, text[begin])) ++begin;
  while (end > begin && Is(kBlank, text[end - 1])) --end;
  line.value_begin = begin;
  line.value_size = end - begin;
}

}  // namespace

ParseError TakeHeaderLine(std::string_view text, std::size_t begin, bool accept_bare_lf, HeaderText& line) {
  std::size_t at = begin;
  while (at < text.size() && Is(kToken, text[at])) ++at;
  line.name_begin = begin;
  line.name_size = at - begin;
  line.id = HeaderIdFromName(text.substr(begin, line.name_size));
  // RFC 3261 25.1 HCOLON: white space before the colon, but no line break.
  while (IsWhiteSpaceAt(text, at)) ++at;
  line.end = FindLineEnd(text, at, /*folds=*/true);
  if (line.name_size == 0) return At(ParseCode::kBadHeaderName, begin);
  if (!IsAt(text, at, ':')) return At(ParseCode::kBadHeaderLine, at);
  ++at;
  SetValue(text, at, line);
  if (line.end.lone_break != LineEnd::npos && (!accept_bare_lf || text[line.end.lone_break] == '\r')) {
    return At(ParseCode::kControlCharacter, line.end.lone_break);
  }
  if (!line.end.has_control && line.end.lone_break == LineEnd::npos) return {};
  const std::size_t fault = ValueScan().Feed(text.substr(at, line.end.content - at));
  return fault == ValueScan::npos ? ParseError{} : At(ParseCode::kControlCharacter, at + fault);
}

std::size_t ValueScan::Feed(std::string_view part) {
  for (std::size_t at = 0; at < part.size(); ++at) {
    const char c = part[at];
    if (escaped_ && c != '\r' && c != '\n') {
      // RFC 3261 25.1 quoted-pair: anything of US-ASCII but CR and LF (RFC 4475 3.1.1.2).
      escaped_ = false;
      continue;
    }
    escaped_ = false;
    if (c == '"' && comments_ == 0) {
      quoted_ = !quoted_;
    } else if (c == '(' && !quoted_) {
      ++comments_;
    } else if (c == ')' && !quoted_ && comments_ > 0) {
      --comments_;
    } else if (c == '\\') {
      escaped_ = quoted_ || comments_ > 0;
    } else if (!Is(kLineText, c)) {
      const std::size_t size = LineBreakSize(part, at);
      if (size == 0 || !IsWhiteSpaceAt(part, at + size)) return at;
      at += size;
    }
  }
  return npos;
}

}  // namespace sansip
