// Any body with any boundary: the reader of multipart bodies, the writer, and the choice of parts; and any
// bytes as message/sipfrag.
//
// Oracles: preamble, delimiters, parts and epilogue follow one another and are the whole body; the parts are
// those that a slow reading by lines finds; split, written and split again the parts are the same, and
// written again the bytes; no more is read than the body once a level; sipfrag's spans are in bounds and in
// order.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/base/check.h"
#include "sansip/core/message/body_handling.h"
#include "sansip/core/message/header_line.h"
#include "sansip/core/message/multipart.h"
#include "sansip/core/message/multipart_writer.h"
#include "sansip/core/message/parser.h"
#include "sansip/core/message/sipfrag.h"
#include "sansip/core/text/char_class.h"
#include "sansip/fuzz/byte_source.h"
#include "sansip/fuzz/message_model.h"
#include "sansip/tests/torture/round_trip.h"

namespace sansip {
namespace {

// A delimiter line without its line break: 0 none, 1 one, 2 the last one.
int DelimiterKind(std::string_view line, std::string_view boundary) {
  while (!line.empty() && Is(kWhiteSpace, line.back())) line.remove_suffix(1);
  const std::string delimiter = "--" + std::string(boundary);
  if (line == delimiter) return 1;
  return line == delimiter + "--" ? 2 : 0;
}

// The texts of the parts, line by line.
std::vector<std::string> SlowParts(std::string_view body, std::string_view boundary) {
  std::vector<std::string> parts;
  bool in_part = false;
  for (std::size_t at = 0; at <= body.size();) {
    const std::size_t line_break = body.find("\r\n", at);
    const bool is_last = line_break == std::string_view::npos;
    const std::string_view line = body.substr(at, is_last ? line_break : line_break - at);
    const int kind = DelimiterKind(line, boundary);
    if (kind != 0 && in_part && parts.back().ends_with("\r\n")) parts.back().resize(parts.back().size() - 2);
    if (kind == 2) return in_part ? parts : std::vector<std::string>();
    if (kind == 1) {
      parts.emplace_back();
      in_part = true;
    } else if (in_part) {
      parts.back().append(line).append(is_last ? "" : "\r\n");
    }
    if (is_last) break;
    at = line_break + 2;
  }
  return parts;
}

std::size_t OffsetIn(std::string_view body, std::string_view text) {
  SANSIP_CHECK(text.data() >= body.data() && text.data() + text.size() <= body.data() + body.size());
  return static_cast<std::size_t>(text.data() - body.data());
}

// What stands between two parts is a delimiter and nothing else.
void CheckGap(std::string_view gap, std::string_view boundary, bool is_close) {
  if (gap.starts_with("\r\n")) gap.remove_prefix(2);
  if (gap.ends_with("\r\n")) gap.remove_suffix(2);
  SANSIP_CHECK(DelimiterKind(gap, boundary) == (is_close ? 2 : 1));
}

void CheckPart(const BodyPart& part) {
  SANSIP_CHECK(part.text.starts_with(part.headers));
  const std::string_view rest = part.text.substr(part.headers.size());
  SANSIP_CHECK(rest.empty() ? part.content.empty() : rest == "\r\n" + std::string(part.content));
}

// Reads it all; checks that the pieces are the body.
std::vector<BodyPart> ReadAll(MultipartReader& reader, std::string_view body, std::string_view boundary) {
  std::vector<BodyPart> parts;
  std::size_t at = 0;
  for (BodyPart part; reader.Next(part);) {
    if (parts.empty()) at = reader.preamble().size();
    const std::size_t begin = OffsetIn(body, part.text);
    SANSIP_CHECK(begin > at);
    CheckGap(body.substr(at, begin - at), boundary, false);
    CheckPart(part);
    at = begin + part.text.size();
    parts.push_back(part);
  }
  SANSIP_CHECK(reader.error().offset <= body.size());
  if (!reader.error().ok() || parts.empty()) return parts;
  const std::size_t end = body.size() - reader.epilogue().size();
  if (reader.is_closed()) CheckGap(body.substr(at, end - at), boundary, true);
  if (!reader.is_closed()) SANSIP_CHECK(at == body.size());
  return parts;
}

// The header lines of a part that a writer takes.
std::vector<HeaderLine> LinesOf(const BodyPart& part) {
  std::vector<HeaderLine> lines;
  for (std::size_t at = 0; at < part.headers.size();) {
    HeaderText line;
    SANSIP_CHECK(TakeHeaderLine(part.headers, at, false, line).ok());
    const std::string_view name = part.headers.substr(line.name_begin, line.name_size);
    const bool is_left_out = name.starts_with('-') || HeaderIdFromName(name) == HeaderId::kContentLength;
    if (!is_left_out)
      lines.push_back({HeaderId::kOther, part.headers.substr(line.value_begin, line.value_size), name});
    at = line.end.next;
  }
  return lines;
}

std::string Written(const std::vector<BodyPart>& parts, const Boundary& boundary, bool& occurs) {
  std::size_t size = 200;
  for (const BodyPart& part : parts) size += 2 * part.text.size() + 100;
  std::string storage(size, '\0');
  MultipartWriter writer(storage, boundary);
  for (const BodyPart& part : parts) {
    writer.Part(LinesOf(part), part.content);
    occurs = occurs || Occurs(boundary, part.content);
  }
  writer.Close();
  SANSIP_CHECK(writer.error() == (occurs ? WriteError::kBadParts : WriteError::kNone));
  return std::string(writer.text());
}

void CheckWriting(const std::vector<BodyPart>& parts, const MediaType& media_type, const Boundary& boundary,
                  const MultipartLimits& limits) {
  bool occurs = false;
  const std::string written = Written(parts, boundary, occurs);
  if (occurs) return;
  MultipartReader reader(media_type, written, limits);
  const std::vector<BodyPart> again = ReadAll(reader, written, boundary.view());
  SANSIP_CHECK(reader.error().ok() && reader.is_closed() && again.size() == parts.size());
  SANSIP_CHECK(reader.preamble().empty() && reader.epilogue().empty());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    SANSIP_CHECK(again[i].content == parts[i].content);
    const auto type = parts[i].content_type;
    SANSIP_CHECK(again[i].content_type.has_value() == type.has_value());
    if (type) SANSIP_CHECK(*again[i].content_type == Trim(Unfolded(*type)));
  }
  SANSIP_CHECK(Written(again, boundary, occurs) == written && !occurs);
}

// How many bytes are read of the multiparts in this one, to a depth.
std::size_t NestedBytes(const std::vector<BodyPart>& parts, const MultipartLimits& limits, int depth) {
  std::size_t bytes = 0;
  for (const BodyPart& part : parts) {
    MediaType media_type;
    Boundary boundary;
    if (depth == 0 || !MediaTypeOf(part, media_type).ok()) continue;
    if (!ParseBoundary(media_type.parameters, boundary).ok()) continue;
    MultipartReader reader(media_type, part.content, limits);
    bytes += part.content.size();
    bytes += NestedBytes(ReadAll(reader, part.content, boundary.view()), limits, depth - 1);
  }
  return bytes;
}

void CheckChoice(std::string_view body, std::string_view boundary, bool is_alternative) {
  std::string bytes =
      "OPTIONS sip:h SIP/2.0\r\nVia: SIP/2.0/UDP h\r\nFrom: <sip:a@h>\r\nTo: <sip:b@h>\r\n"
      "Call-ID: x\r\nCSeq: 1 OPTIONS\r\nContent-Type: multipart/";
  bytes += is_alternative ? "alternative" : "mixed";
  bytes += ";boundary=\"" + std::string(boundary) + "\"\r\n\r\n" + std::string(body);
  const auto index = std::make_unique<MessageIndex>();
  SANSIP_CHECK(Parser(NoLimits()).Parse(bytes, Framing::kDatagram, *index).ok());
  constexpr UnderstoodBodies kUnderstood = {.types = "text/plain, application/sdp",
                                            .dispositions = "render, session"};
  std::vector<BodyPart> parts(4);
  const BodyChoice choice = ChooseParts(MessageView(bytes, *index), kUnderstood, parts);
  SANSIP_CHECK(choice.part_count <= parts.size());
  SANSIP_CHECK((choice.answer == BodyAnswer::kMalformed) == !choice.error.ok());
  if (choice.answer != BodyAnswer::kUnderstood) SANSIP_CHECK(choice.part_count == 0);
  for (std::size_t i = 0; i < choice.part_count; ++i) {
    MediaType media_type;
    SANSIP_CHECK(MediaTypeOf(parts[i], media_type).ok());
    SANSIP_CHECK(media_type.Is("text", "plain") || media_type.Is("application", "sdp"));
    OffsetIn(bytes, parts[i].text);
  }
}

void CheckSipfrag(std::string_view bytes) {
  const auto index = std::make_unique<MessageIndex>();
  StartLine start_line = StartLine::kNone;
  const ParseError error = ParseSipfrag(bytes, start_line, *index);
  SANSIP_CHECK(error.offset <= bytes.size() && IndexFault(*index, bytes.size()).empty());
  StatusLine status_line;
  const bool has_status = ParseStatusLine(bytes, status_line).ok();
  SANSIP_CHECK(has_status == (status_line.code != 0));
  if (!error.ok()) return;
  const MessageView view(bytes, *index);
  SANSIP_CHECK(has_status == (start_line == StartLine::kStatusLine));
  SANSIP_CHECK(view.status_code() == status_line.code && view.reason_phrase() == status_line.reason);
  SANSIP_CHECK(view.method_text().empty() == (start_line != StartLine::kRequestLine));
}

void Run(ByteSource bytes) {
  MultipartLimits limits;
  const std::uint8_t choice = bytes.Byte();
  if (choice & 1) limits.part_count_max = bytes.Byte();
  limits.accept_missing_close = (choice & 2) == 0;
  const std::string text(bytes.Take(bytes.Below(80)));
  const std::string_view body = bytes.Rest();
  CheckSipfrag(body);
  Boundary boundary;
  const bool is_boundary = boundary.Assign(text);
  const std::string parameters = ";boundary=\"" + text + "\"";
  const MediaType media_type = {"multipart", "mixed", parameters};
  MultipartReader reader(media_type, body, limits);
  if (!is_boundary) {
    // Quoted-pairs and further parameters may make one of it all the same.
    BodyPart part;
    const bool is_plain = text.find_first_of("\"\\") == std::string::npos;
    if (is_plain) SANSIP_CHECK(!reader.error().ok() && !reader.Next(part));
    return;
  }
  SANSIP_CHECK(reader.error().ok());
  const std::vector<BodyPart> parts = ReadAll(reader, body, text);
  SANSIP_CHECK(parts.size() <= limits.part_count_max);
  const std::vector<std::string> slow = SlowParts(body, text);
  SANSIP_CHECK(parts.size() <= slow.size());
  for (std::size_t i = 0; i < parts.size(); ++i) SANSIP_CHECK(parts[i].text == slow[i]);
  constexpr int kDepth = 4;
  SANSIP_CHECK(NestedBytes(parts, limits, kDepth) <= kDepth * body.size());
  CheckChoice(body, text, (choice & 4) != 0);
  if (!reader.error().ok()) return;
  SANSIP_CHECK(parts.size() == slow.size());
  CheckWriting(parts, media_type, boundary, limits);
}

}  // namespace
}  // namespace sansip

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sansip::Run(sansip::ByteSource(data, size));
  return 0;
}
