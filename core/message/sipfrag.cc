#include "sansip/core/message/sipfrag.h"

#include <cstddef>
#include <cstdint>

#include "sansip/core/message/field_check.h"
#include "sansip/core/message/fields/call_id.h"
#include "sansip/core/message/fields/content_length.h"
#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/fields/max_forwards.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/header_line.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"

namespace sansip {
namespace {

ParseError At(ParseCode code, std::size_t offset) { return {code, static_cast<std::uint32_t>(offset)}; }

TextSpan Span(std::size_t begin, std::size_t size) {
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(size)};
}

// A header field, or the blank line before a body, comes first: a token and a colon, which no start-line has.
bool BeginsWithoutStartLine(std::string_view bytes) {
  if (bytes.empty() || bytes.starts_with("\r\n")) return true;
  Cursor cursor(bytes);
  if (cursor.TakeAll(kToken).empty()) return false;
  cursor.TakeAll(kWhiteSpace);
  return cursor.At(':');
}

// The first line alone, through the one parser of start-lines. It misses all that a message has behind it,
// first of all the blank line. Clears the index, too.
ParseError TakeStartLine(std::string_view line, const Parser& parser, MessageIndex& index) {
  const ParseError error = parser.Parse(line, Framing::kDatagram, index);
  const bool is_complete = line.empty() || error.code == ParseCode::kMissingBlankLine;
  index.tolerances &= ~static_cast<std::uint32_t>(Tolerance::kMissingBlankLine);
  return is_complete ? ParseError{} : error;
}

ParseError AddHeader(std::string_view bytes, const HeaderText& line, const ParseLimits& limits,
                     MessageIndex& index) {
  if (line.end.content - line.name_begin > limits.header_bytes_max) {
    return At(ParseCode::kHeaderTooLong, line.name_begin + limits.header_bytes_max);
  }
  if (index.header_count == limits.header_count_max) {
    return At(ParseCode::kTooManyHeaders, line.name_begin);
  }
  HeaderSpan& header = index.headers[index.header_count++];
  header.name = Span(line.name_begin, line.name_size);
  header.value = Span(line.value_begin, line.value_size);
  header.id = HeaderIdFromName(bytes.substr(line.name_begin, line.name_size));
  std::uint16_t& first = index.first_with_id[static_cast<std::size_t>(header.id)];
  if (first == 0) {
    first = index.header_count;
    return {};
  }
  index.has_repetitions = true;
  if (HeaderRepetition(header.id) != Repetition::kRefused) return {};
  return At(ParseCode::kRepeatedHeader, line.name_begin);
}

// *message-header [ CRLF ]; `end` is where the body begins.
ParseError TakeHeaders(std::string_view bytes, const ParseLimits& limits, MessageIndex& index,
                       std::size_t& end) {
  const std::size_t begin = end;
  while (end < bytes.size() && !bytes.substr(end).starts_with("\r\n")) {
    HeaderText line;
    ParseError error = TakeHeaderLine(bytes, end, /*accept_bare_lf=*/false, line);
    if (error.ok()) error = AddHeader(bytes, line, limits, index);
    if (!error.ok()) return error;
    end = line.end.next;
    if (end - begin > limits.header_section_bytes_max) {
      return At(ParseCode::kHeaderSectionTooLong, begin + limits.header_section_bytes_max);
    }
  }
  index.header_section = Span(begin, end - begin);
  if (end < bytes.size()) end += 2;
  return {};
}

ParseError CheckAddress(std::string_view value) {
  NameAddr address;
  std::string_view rest;
  ParseError error = ParseNameAddr(value, address, &rest);
  if (error.ok() && (address.is_star || !rest.empty())) error = At(ParseCode::kBadFieldValue, 0);
  return error;
}

// The fields of which a message has one, which CheckFields leaves to the parser of messages.
ParseError CheckMessageField(const MessageView& message, HeaderId id, std::string_view value) {
  CSeq cseq;
  std::uint8_t max_forwards = 0;
  std::uint64_t length = 0;
  switch (id) {
    case HeaderId::kFrom:
    case HeaderId::kTo:
      return CheckAddress(value);
    case HeaderId::kCallId:
      return CheckCallId(value);
    case HeaderId::kCSeq: {
      const ParseError error = ParseCSeq(value, cseq);
      const bool is_other = message.is_request() && cseq.method_text != message.method_text();
      return error.ok() && is_other ? At(ParseCode::kCSeqMethodMismatch, 0) : error;
    }
    case HeaderId::kMaxForwards:
      if (message.status_code() != 0) return {};  // RFC 3261 7.3.2: it means nothing there
      return ParseMaxForwards(value, max_forwards);
    case HeaderId::kContentLength:
      return ParseContentLength(value, length);
    default:
      return {};
  }
}

ParseError CheckFieldsOf(const MessageView& message) {
  for (std::size_t i = 0; i < message.header_count(); ++i) {
    const HeaderView header = message.header(i);
    ParseError error = CheckMessageField(message, header.id, header.value);
    if (error.ok()) continue;
    error.offset += message.index().headers[i].value.begin;
    return error;
  }
  return CheckFields(message);
}

// RFC 3420 2: a body that is there is described.
ParseError CheckBody(const MessageView& message, std::size_t begin, const ParseLimits& limits) {
  const std::size_t size = message.body().size();
  if (size == 0) return {};
  if (size > limits.body_bytes_max) return At(ParseCode::kBodyTooLong, begin + limits.body_bytes_max);
  if (!message.Has(HeaderId::kContentType)) return At(ParseCode::kMissingContentType, begin);
  const auto value = message.First(HeaderId::kContentLength);
  std::uint64_t length = size;
  if (value && (!ParseContentLength(*value, length).ok() || length != size)) {
    return At(ParseCode::kContentLengthMismatch, begin);
  }
  return {};
}

}  // namespace

ParseError ParseSipfrag(std::string_view bytes, StartLine& start_line, MessageIndex& index,
                        const ParseLimits& asked_limits) {
  const Parser parser(asked_limits);
  const ParseLimits& limits = parser.limits();  // as an index can hold them
  start_line = StartLine::kNone;
  const bool has_start_line = !BeginsWithoutStartLine(bytes);
  std::size_t at = has_start_line ? FindLineEnd(bytes, 0, /*folds=*/false).next : 0;
  ParseError error = TakeStartLine(bytes.substr(0, at), parser, index);
  if (!error.ok()) return error;
  if (bytes.size() > limits.message_bytes_max) {
    return At(ParseCode::kMessageTooLong, limits.message_bytes_max);
  }
  error = TakeHeaders(bytes, limits, index, at);
  if (!error.ok()) return error;
  index.body = Span(at, bytes.size() - at);
  index.message = Span(0, bytes.size());
  if (has_start_line) start_line = index.is_request ? StartLine::kRequestLine : StartLine::kStatusLine;
  const MessageView message(bytes, index);
  error = CheckFieldsOf(message);
  return error.ok() ? CheckBody(message, at, limits) : error;
}

ParseError ParseStatusLine(std::string_view sipfrag, StatusLine& status_line) {
  status_line = {};
  if (BeginsWithoutStartLine(sipfrag)) return {ParseCode::kBadStatusLine, 0};
  MessageIndex index;
  const std::string_view line = sipfrag.substr(0, FindLineEnd(sipfrag, 0, /*folds=*/false).next);
  const ParseError error = TakeStartLine(line, Parser(), index);
  if (index.is_request) return {ParseCode::kBadStatusLine, 0};
  if (!error.ok()) return error;
  const MessageView message(line, index);
  status_line = {message.status_code(), message.reason_phrase()};
  return {};
}

}  // namespace sansip
