#include "sansip/core/message/plain_forms.h"

#include <algorithm>

#include "sansip/core/message/header_id_hash.h"
#include "sansip/core/message/plain_steps.h"
#include "sansip/core/text/bytes.h"
#include "sansip/core/text/char_class.h"

namespace sansip {

std::size_t PlainForms::RequestLine(std::size_t begin, MessageIndex& index) {
  constexpr std::string_view kVersion = " SIP/2.0\r\n";
  const std::size_t method_end = masks_.NotPlainFrom(begin);
  const std::size_t end = masks_.ControlFrom(begin);
  if (masks_.end() < end + 4 || end < method_end + kVersion.size() || text_[method_end] != ' ') return 0;
  const std::size_t uri_end = end + 2 - kVersion.size();
  if (EightBytesAt(text_, uri_end) != EightBytesAt(kVersion, 0) ||
      static_cast<std::uint16_t>(FourBytesAt(text_, end)) !=
          static_cast<std::uint16_t>(FourBytesAt(kVersion, 6) >> 16)) {
    return 0;
  }
  const Method method = MethodFromName({&text_[begin], method_end - begin});
  const std::size_t uri_begin = method_end + 1;
  if (method == Method::kExtension ||
      Steps(text_, masks_, uri_end).TakeSipUri(uri_begin, index.sip_request_uri) != uri_end) {
    return 0;
  }
  index.is_request = true;
  index.method = method;
  index.method_text = Span(begin, method_end);
  index.request_uri = Span(uri_begin, uri_end);
  return end + 2;
}

std::size_t PlainForms::StatusLine(std::size_t begin, MessageIndex& index) {
  constexpr std::string_view kVersion = "SIP/2.0 ";
  constexpr std::size_t kShortest = kVersion.size() + 4;
  const std::size_t end = masks_.ControlFrom(begin);
  if (masks_.end() < end + 4 || end < begin + kShortest ||
      EightBytesAt(text_, begin) != EightBytesAt(kVersion, 0) || text_[end] != '\r' ||
      text_[end + 1] != '\n') {
    return 0;
  }
  const std::size_t code = begin + kVersion.size();
  const std::uint32_t hundreds = ByteAt(text_, code) - '0';
  const std::uint32_t tens = ByteAt(text_, code + 1) - '0';
  const std::uint32_t ones = ByteAt(text_, code + 2) - '0';
  if (hundreds - 1 > 5 || tens > 9 || ones > 9 || text_[code + 3] != ' ') return 0;
  index.status_code = static_cast<std::uint16_t>(hundreds * 100 + tens * 10 + ones);
  index.reason_phrase = Span(code + 4, end);
  return end + 2;
}

namespace {

constexpr std::size_t kBehindLine = 4;  // CRLF and what tells folding, looked at as one number

// CRLF, and behind it no white space: the line goes no further.
bool IsLineEnd(std::uint32_t behind) {
  constexpr auto kCrlf = static_cast<std::uint16_t>(FourBytesAt("\r\n  ", 0));
  const auto next = static_cast<unsigned char>(behind >> 16);
  return static_cast<std::uint16_t>(behind) == kCrlf && (next > ' ' || next == '\r');
}

}  // namespace

[[gnu::always_inline]] inline void PlainForms::TakeField(HeaderId id, std::size_t begin, std::size_t end,
                                                         MessageIndex& index) {
  switch (id) {
    case HeaderId::kVia:
      return TakeVia(begin, end, index.top_via);
    case HeaderId::kFrom:
      return TakeAddress(begin, end, index.from);
    case HeaderId::kTo:
      return TakeAddress(begin, end, index.to);
    case HeaderId::kContact:
      return TakeAddress(begin, end, index.contact);
    case HeaderId::kCallId:
      return TakeCallId(begin, end);
    case HeaderId::kCSeq:
      return TakeCSeq(begin, end, index);
    case HeaderId::kSessionExpires:
      return TakeSessionExpires(begin, end, index);
    case HeaderId::kMaxForwards:
      return TakeMaxForwards(begin, end, index);
    case HeaderId::kContentLength:
      return TakeContentLength(begin, end);
    default:
      return;
  }
}

// Adds the field to the index; false if there may not be one more of its name, or it has none.
[[gnu::always_inline]] inline bool PlainForms::AddHeader(std::string_view text, const Line& line,
                                                         std::size_t& count, MessageIndex& index) {
  const std::size_t name_size = line.name_end - line.begin;
  if (name_size == 0) return false;
  const HeaderId id = HeaderIdAt(text, line.begin, name_size);
  std::uint16_t& first = index.first_with_id[static_cast<std::size_t>(id)];
  HeaderSpan& header = index.headers[count];
  header.name = Span(line.begin, line.name_end);
  header.value = Span(line.value_begin, line.value_end);
  header.id = id;
  if (first != 0) {
    if (HeaderRepetition(id) != Repetition::kAllowed) return false;
    index.has_repetitions = true;
    ++count;
    return true;
  }
  first = static_cast<std::uint16_t>(++count);
  TakeField(id, line.value_begin, line.value_end, index);
  return true;
}

// A line with white space before the colon, or other than one space behind it, or at its end, or folded.
// Where its first character is that is not plain, and the first that is a control character, is known.
// Without end: it is another line.
[[gnu::always_inline]] inline PlainForms::Line PlainForms::FindOddLine(std::size_t begin,
                                                                       std::size_t name_end, std::size_t end,
                                                                       std::size_t end_max) const {
  std::size_t colon = name_end;
  const std::string_view text = text_;
  if (masks_.end() < begin + kWordBytes) return {};  // AddHeader() looks at so many
  while (Is(kWhiteSpace, text[colon])) ++colon;
  if (text[colon] != ':') return {};
  while (!IsLineEnd(FourBytesAt(text, end))) {
    if (TwoBytesAt(text, end) != TwoBytesAt("\r\n", 0) || !Is(kWhiteSpace, text[end + 2])) return {};
    end = masks_.ControlFrom(end + 2);
    if (end > end_max) return {};
  }
  std::size_t value_begin = colon + 1;
  std::size_t value_end = end;
  while (value_end > value_begin && ByteAt(text, value_end - 1) <= ' ') --value_end;
  if (value_end > value_begin) {
    while (ByteAt(text, value_begin) <= ' ') ++value_begin;
  } else {
    value_begin = value_end = end;
  }
  return {begin, name_end, value_begin, value_end, end};
}

std::size_t PlainForms::TakeLines(std::size_t begin, const LineLimits& limits, MessageIndex& index) {
  const std::string_view text = text_;
  if (masks_.end() < begin + kBehindLine) return begin;
  // What ends within line_bytes_max of the first line's begin is not too long, whichever line it is.
  const std::size_t end_max =
      std::min({limits.section_end - 2, masks_.end() - kBehindLine, begin + limits.line_bytes_max});
  const std::size_t count_max = limits.header_count_max;
  std::size_t count = index.header_count;
  while (count < count_max) {
    const std::size_t colon = masks_.NotPlainFrom(begin);
    const std::size_t end = masks_.ControlFrom(begin);
    if (end > end_max) break;
    Line line = {begin, colon, colon + 2, end, end};
    const bool is_usual = TwoBytesAt(text, colon) == TwoBytesAt(": ", 0) && ByteAt(text, colon + 2) > ' ' &&
                          ByteAt(text, end - 1) > ' ' && IsLineEnd(FourBytesAt(text, end));
    if (!is_usual) [[unlikely]] {
      line = FindOddLine(begin, colon, end, end_max);
      if (line.end == 0) break;
    }
    if (!AddHeader(text, line, count, index)) break;
    begin = line.end + 2;
  }
  index.header_count = static_cast<std::uint16_t>(count);
  return begin;
}

}  // namespace sansip
