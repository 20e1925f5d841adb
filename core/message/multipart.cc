#include "sansip/core/message/multipart.h"

#include <algorithm>

#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/fields/quoted_string.h"
#include "sansip/core/message/header_line.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"

namespace sansip {
namespace {

constexpr std::string_view kLineBreak = "\r\n";

bool IsBoundaryChar(char c) {
  return Is(kAlphanum, c) || std::string_view("'()+_,-./:=? ").find(c) != std::string_view::npos;
}

// The member that a header field is kept in; null for those that say nothing here.
std::optional<std::string_view>* MemberFor(BodyPart& part, std::string_view name) {
  if (EqualsIgnoreCase(name, "Content-Type")) return &part.content_type;
  if (EqualsIgnoreCase(name, "Content-Disposition")) return &part.content_disposition;
  if (EqualsIgnoreCase(name, "Content-Encoding")) return &part.content_encoding;
  if (EqualsIgnoreCase(name, "Content-Transfer-Encoding")) return &part.content_transfer_encoding;
  if (EqualsIgnoreCase(name, "Content-ID")) return &part.content_id;
  return nullptr;
}

}  // namespace

bool Boundary::Assign(std::string_view text) {
  size_ = 0;
  if (text.empty() || text.size() > kSizeMax || text.back() == ' ') return false;
  if (!std::all_of(text.begin(), text.end(), IsBoundaryChar)) return false;
  std::copy(text.begin(), text.end(), chars_.begin());
  size_ = static_cast<std::uint8_t>(text.size());
  return true;
}

ParseError ParseBoundary(std::string_view parameters, Boundary& boundary) {
  boundary = {};
  Cursor cursor(parameters);
  Param param;
  for (bool found = true;;) {
    const ParseError error = TakeParam(cursor, param, found);
    if (!error.ok()) return error;
    if (!found) break;
    if (!EqualsIgnoreCase(param.name, "boundary")) continue;
    const auto offset = static_cast<std::uint32_t>(cursor.offset() - param.value.size());
    // RFC 3261 7.3.1: two boundaries would be read in two ways.
    if (!boundary.view().empty()) return {ParseCode::kRepeatedParameter, offset};
    // One character more than a boundary has, to tell one that is too long.
    std::array<char, Boundary::kSizeMax + 1> plain{};
    std::size_t size = 0;
    const std::string_view text = WithoutQuotes(param.value);
    for (std::size_t i = 0; i < text.size() && size < plain.size(); ++i) {
      if (text[i] == '\\') ++i;  // one follows: the quoted-string was well formed
      plain[size++] = text[i];
    }
    if (!boundary.Assign({plain.data(), size})) return {ParseCode::kBadParameter, offset};
  }
  if (boundary.view().empty()) {
    return {ParseCode::kBadParameter, static_cast<std::uint32_t>(parameters.size())};
  }
  return {};
}

ParseError MediaTypeOf(const BodyPart& part, MediaType& media_type) {
  if (part.content_type) return ParseMediaType(*part.content_type, media_type);
  media_type = part.in_digest ? MediaType{"message", "rfc822", {}} : MediaType{"text", "plain", {}};
  return {};
}

MultipartReader::MultipartReader(const MediaType& media_type, std::string_view body,
                                 const MultipartLimits& limits)
    : body_(body), limits_(limits), is_digest_(media_type.Is("multipart", "digest")) {
  error_ = ParseBoundary(media_type.parameters, boundary_);
}

bool MultipartReader::Next(BodyPart& part) {
  part = {};
  if (!error_.ok() || is_at_end_ || (!has_begun_ && !Begin())) return false;
  const std::size_t begin = next_;
  if (part_count_ == limits_.part_count_max) return Fail(ParseCode::kTooManyBodyParts, begin);
  const Delimiter delimiter = FindDelimiter(begin);
  if (!delimiter.is_found && !limits_.accept_missing_close) {
    return Fail(ParseCode::kBadMultipart, body_.size());
  }
  part.text = body_.substr(begin, delimiter.begin - begin);
  part.in_digest = is_digest_;
  if (!TakeHeaders(part, begin)) return false;
  ++part_count_;
  next_ = delimiter.end;
  is_closed_ = delimiter.is_close;
  is_at_end_ = !delimiter.is_found || delimiter.is_close;
  return true;
}

// The first delimiter, which has no part before it.
bool MultipartReader::Begin() {
  has_begun_ = true;
  const Delimiter first = FindDelimiter(0);
  // RFC 2046 5.1.1 multipart-body: one part at least.
  if (!first.is_found || first.is_close) return Fail(ParseCode::kBadMultipart, first.begin);
  preamble_ = body_.substr(0, first.begin);
  next_ = first.end;
  return true;
}

// From the beginning of a line on; not found: the end of the body. Looks at no byte more than twice.
MultipartReader::Delimiter MultipartReader::FindDelimiter(std::size_t from) const {
  Delimiter delimiter;
  for (std::size_t line = from;;) {
    if (TakeDelimiterLine(line, delimiter)) {
      // Of two delimiter lines in a row the first has the one CRLF between them.
      delimiter.begin = line >= from + kLineBreak.size() ? line - kLineBreak.size() : from;
      return delimiter;
    }
    const std::size_t line_break = body_.find(kLineBreak, line);
    if (line_break == std::string_view::npos) break;
    line = line_break + kLineBreak.size();
  }
  delimiter.begin = delimiter.end = body_.size();
  return delimiter;
}

bool MultipartReader::TakeDelimiterLine(std::size_t begin, Delimiter& delimiter) const {
  std::string_view line = body_.substr(begin);
  const auto skip = [&line](std::string_view text) {
    if (!line.starts_with(text)) return false;
    line.remove_prefix(text.size());
    return true;
  };
  if (!skip(Boundary::kDashes) || !skip(boundary_.view())) return false;
  const bool is_close = skip(Boundary::kDashes);
  // RFC 2046 5.1.1 transport-padding
  while (!line.empty() && Is(kWhiteSpace, line.front())) line.remove_prefix(1);
  if (!skip(kLineBreak) && !line.empty()) return false;
  delimiter.end = body_.size() - line.size();
  delimiter.is_found = true;
  delimiter.is_close = is_close;
  return true;
}

// MIME-part-headers [CRLF *OCTET]
bool MultipartReader::TakeHeaders(BodyPart& part, std::size_t part_begin) {
  for (std::size_t at = 0; at < part.text.size();) {
    if (part.text.substr(at).starts_with(kLineBreak)) {
      part.content = part.text.substr(at + kLineBreak.size());
      return true;
    }
    HeaderText line;
    const ParseError error = TakeHeaderLine(part.text, at, /*accept_bare_lf=*/false, line);
    if (!error.ok()) return Fail(error.code, part_begin + error.offset);
    const std::string_view name = part.text.substr(line.name_begin, line.name_size);
    if (std::optional<std::string_view>* value = MemberFor(part, name)) {
      if (value->has_value()) return Fail(ParseCode::kRepeatedHeader, part_begin + line.name_begin);
      *value = part.text.substr(line.value_begin, line.value_size);
    }
    at = line.end.next;
    part.headers = part.text.substr(0, at);
  }
  return true;
}

bool MultipartReader::Fail(ParseCode code, std::size_t offset) {
  error_ = {code, static_cast<std::uint32_t>(offset)};
  return false;
}

}  // namespace sansip
