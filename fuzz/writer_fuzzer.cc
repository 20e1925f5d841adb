// Any strings as names, values, URIs and bodies into Writer, and as pieces into ValueWriter.
//
// Oracles: a message that was not refused parses to exactly what was given, with no header field besides; a
// refusal leaves nothing behind; a piece of a value is read back as what it stands for, and does not end the
// element that it is in.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sansip/core/base/check.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/fields/quoted_string.h"
#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parser.h"
#include "sansip/core/message/writer.h"
#include "sansip/core/text/char_class.h"
#include "sansip/fuzz/byte_source.h"
#include "sansip/fuzz/message_model.h"

namespace sansip {
namespace {

using Field = std::pair<std::string_view, std::string_view>;

constexpr Field kBase[] = {
    {"Via", "SIP/2.0/UDP h;branch=z9hG4bKx"},
    {"Max-Forwards", "70"},
    {"From", "<sip:a@h>;tag=1"},
    {"To", "<sip:b@h>"},
    {"Call-ID", "x"},
};

// One call; true if it was taken. What is refused leaves nothing.
template <typename Call>
bool Takes(std::string& storage, const Call& call) {
  Writer writer(storage);
  call(writer);
  SANSIP_CHECK(writer.error() != WriteError::kNoRoom);
  if (writer.error() != WriteError::kNone) SANSIP_CHECK(writer.needed() == 0);
  return writer.error() == WriteError::kNone;
}

void CheckParsed(std::string_view bytes, std::string_view method, std::string_view uri,
                 const std::vector<Field>& fields, std::string_view body) {
  const auto index = std::make_unique<MessageIndex>();
  const ParseError error = Parser(NoLimits()).Parse(bytes, Framing::kStream, *index);
  SANSIP_CHECK(error.ok());
  const MessageView message(bytes, *index);
  SANSIP_CHECK(message.is_request() && message.method_text() == method && message.request_uri() == uri);
  SANSIP_CHECK(message.body() == body && message.bytes() == bytes);
  SANSIP_CHECK(message.header_count() == fields.size() + 1);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    SANSIP_CHECK(message.header(i).name == fields[i].first);
    SANSIP_CHECK(message.header(i).value == Trim(Unfolded(fields[i].second)));
  }
}

void CheckMessage(ByteSource& bytes, std::string& storage) {
  std::string_view method = bytes.Take(bytes.Below(16));
  std::string_view uri = bytes.Take(bytes.Byte());
  if (!Takes(storage, [&](Writer& writer) { writer.RequestLine(method, "sip:h"); })) method = "OPTIONS";
  if (!Takes(storage, [&](Writer& writer) { writer.RequestLine("OPTIONS", uri); })) uri = "sip:h";
  const std::string cseq = "1 " + std::string(method);
  std::vector<Field> fields(std::begin(kBase), std::end(kBase));
  fields.emplace_back("CSeq", cseq);
  for (std::size_t count = bytes.Below(8); count > 0; --count) {
    const std::string_view name = bytes.Take(bytes.Below(32));
    const std::string_view value = bytes.Take(bytes.Byte());
    if (!Takes(storage, [&](Writer& writer) { writer.Header(name, value); })) continue;
    SANSIP_CHECK(HeaderIdFromName(name) != HeaderId::kContentLength);
    if (!IsLookedAt(HeaderIdFromName(name))) fields.emplace_back(name, value);
  }
  const std::string_view body = bytes.Take(bytes.Byte());
  Writer writer(storage);
  writer.RequestLine(method, uri);
  for (const Field& field : fields) writer.Header(field.first, field.second);
  writer.Body(body);
  SANSIP_CHECK(writer.error() == WriteError::kNone);
  CheckParsed(writer.text(), method, uri, fields, body);
}

void CheckStatusLine(ByteSource& bytes, std::string& storage) {
  const int code = bytes.Word();
  const std::string_view reason = bytes.Take(bytes.Byte());
  if (!Takes(storage, [&](Writer& writer) { writer.StatusLine(code, reason); })) return;
  Writer writer(storage);
  writer.StatusLine(code, reason);
  for (const Field& field : kBase) writer.Header(field.first, field.second);
  writer.Header(HeaderId::kCSeq, "1 OPTIONS");
  writer.Body("");
  const auto index = std::make_unique<MessageIndex>();
  SANSIP_CHECK(Parser(NoLimits()).Parse(writer.text(), Framing::kStream, *index).ok());
  const MessageView message(writer.text(), *index);
  SANSIP_CHECK(message.is_response() && message.status_code() == code);
  SANSIP_CHECK(reason.empty() || message.reason_phrase() == reason);
  SANSIP_CHECK(message.header_count() == std::size(kBase) + 2);
}

// Whole lines, as many header fields as there are line ends that do not fold.
void CheckRawHeaders(std::string_view lines, std::string& storage) {
  if (!Takes(storage, [&](Writer& writer) { writer.RawHeaders(lines); })) return;
  Writer writer(storage);
  writer.RawHeaders(lines);
  SANSIP_CHECK(writer.text() == lines);
  SANSIP_CHECK(lines.empty() || lines.ends_with("\r\n"));
  SANSIP_CHECK(lines.find("\r\n\r\n") == std::string_view::npos && !lines.starts_with("\r\n"));
}

template <typename Call>
std::string_view Value(std::string& storage, bool& ok, const Call& call) {
  ValueWriter writer(storage);
  call(writer);
  ok = writer.ok();
  SANSIP_CHECK(ok || writer.needed() == 0);
  return writer.text();
}

void CheckParameters(std::string_view text, std::string_view written) {
  Cursor in(text);
  Cursor out(written);
  Param a;
  Param b;
  for (bool found = true; found;) {
    SANSIP_CHECK(TakeParam(in, a, found).ok() && TakeParam(out, b, found).ok());
    SANSIP_CHECK(a.name == b.name && a.has_value == b.has_value && Unfolded(a.value) == b.value);
  }
  SANSIP_CHECK(in.AtEnd() && out.AtEnd());
}

void CheckPieces(std::string_view text, std::string& storage) {
  bool ok = false;
  std::string_view written = Value(storage, ok, [&](ValueWriter& value) { value.Token(text); });
  SANSIP_CHECK(ok == IsTokenText(text));
  if (ok) SANSIP_CHECK(written == text);
  written = Value(storage, ok, [&](ValueWriter& value) { value.Quoted(text); });
  if (ok) {
    Cursor cursor(written);
    SANSIP_CHECK(cursor.SkipQuotedString() && cursor.AtEnd() && Unquote(written) == text);
  }
  written = Value(storage, ok, [&](ValueWriter& value) { value.Text(text); });
  if (ok) SANSIP_CHECK(written == Unfolded(text) && written.find_first_of("\r\n") == std::string_view::npos);
  written = Value(storage, ok, [&](ValueWriter& value) { value.Parameters(text); });
  if (ok) CheckParameters(text, written);
  // Between two others an element stays one.
  static_cast<void>(Value(storage, ok, [&](ValueWriter& value) { value.Element(text); }));
  if (!ok) return;
  ValueWriter list(storage);
  list.Literal("first,");
  list.Element(text);
  list.Literal(",last");
  std::vector<std::string> expected = {"first", std::string(Trim(Unfolded(text))), "last"};
  if (expected[1].empty()) expected.erase(expected.begin() + 1);
  SANSIP_CHECK(ElementsIn(list.text()) == expected);
}

void Run(ByteSource bytes) {
  std::string storage(16384, '\0');
  CheckMessage(bytes, storage);
  CheckStatusLine(bytes, storage);
  CheckPieces(bytes.Take(bytes.Byte()), storage);
  CheckRawHeaders(bytes.Rest().substr(0, 4096), storage);
}

}  // namespace
}  // namespace sansip

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sansip::Run(sansip::ByteSource(data, size));
  return 0;
}
