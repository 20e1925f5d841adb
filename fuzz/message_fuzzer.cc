// The message parser, the typed fields and the writer on any bytes.
//
// Oracles: every offset is in bounds and in order, after an error too; what strict reading accepts, tolerant
// reading accepts with the same meaning; an accepted message, written and parsed again, is the same message,
// with no header field that was not in it; a datagram that is accepted is, cut to itself, a stream message.
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "sansip/core/base/check.h"
#include "sansip/core/message/field_check.h"
#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/max_forwards.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/quoted_string.h"
#include "sansip/core/message/fields/via.h"
#include "sansip/core/message/parser.h"
#include "sansip/core/message/verdict.h"
#include "sansip/core/message/writer.h"
#include "sansip/tests/torture/round_trip.h"

namespace sansip {
namespace {

struct Result {
  explicit Result(const ParsePolicy& policy, std::string_view bytes, Framing framing = Framing::kDatagram)
      : index(std::make_unique<MessageIndex>()), error(Parser({}, policy).Parse(bytes, framing, *index)) {
    SANSIP_CHECK(error.offset <= bytes.size());
    SANSIP_CHECK(IndexFault(*index, bytes.size()).empty());
  }
  std::unique_ptr<MessageIndex> index;
  ParseError error;
};

// What a transaction layer reads of a message, accepted or not.
void ReadFields(const MessageView& message) {
  Via via;
  if (TopVia(message, via)) SANSIP_CHECK(!via.host.empty() && !via.transport.empty());
  CSeq cseq;
  if (CSeqOf(message, cseq)) SANSIP_CHECK(!cseq.method_text.empty());
  static_cast<void>(FromTag(message));
  static_cast<void>(ToTag(message));
  static_cast<void>(MaxForwardsOf(message));
  for (HeaderId id :
       {HeaderId::kVia, HeaderId::kRoute, HeaderId::kContact, HeaderId::kSupported, HeaderId::kWarning}) {
    ElementsOf elements(message, id);
    for (std::string_view element; elements.Next(element);) {
      SANSIP_CHECK(!element.empty());
      NameAddr address;
      std::string_view rest;
      if (!ParseNameAddr(element, address, &rest).ok()) continue;
      SANSIP_CHECK(address.is_star || !address.uri.empty());
      SANSIP_CHECK(rest.size() < element.size());
    }
  }
  const ParseError error = CheckFields(message);
  SANSIP_CHECK(error.ok() || error.offset >= message.index().header_section.begin);
}

void CheckSameMeaning(const MessageView& a, const MessageView& b) {
  SANSIP_CHECK(a.bytes() == b.bytes() && a.body() == b.body() && a.header_count() == b.header_count());
  SANSIP_CHECK(a.is_request() == b.is_request() && a.status_code() == b.status_code() &&
               a.method() == b.method());
  for (std::size_t i = 0; i < a.header_count(); ++i) {
    SANSIP_CHECK(a.header(i).id == b.header(i).id && a.header(i).value == b.header(i).value);
  }
}

// Raw lines are taken as a whole or refused as a whole.
void CheckRawHeaders(std::string_view bytes, const MessageView& message) {
  const TextSpan section = message.index().header_section;
  const std::string_view lines = bytes.substr(section.begin, section.size);
  std::string storage(lines.size(), '\0');
  Writer writer(storage);
  writer.RawHeaders(lines);
  const bool has_bare_lf = (message.index().tolerances & static_cast<std::uint32_t>(Tolerance::kBareLf)) != 0;
  const bool refused = has_bare_lf || message.Has(HeaderId::kContentLength);
  if (!refused) SANSIP_CHECK(writer.error() == WriteError::kNone && writer.text() == lines);
  if (writer.error() != WriteError::kNone) SANSIP_CHECK(writer.needed() == 0);
}

// Every role has a verdict on every message; an ACK and a response are never answered.
void CheckVerdicts(std::string_view bytes, const MessageView& message, ParseError error) {
  for (const Role role : {Role::kUserAgent, Role::kProxy, Role::kRegistrar}) {
    const ElementPolicy policy = {.role = role, .options = "timer", .needed_options = "100rel"};
    const Verdict verdict = VerdictOf(message, error, policy);
    const bool is_answered = verdict.action == Verdict::Action::kAnswer;
    SANSIP_CHECK(verdict.offset <= bytes.size() && verdict.accepted() == verdict.clause.empty());
    SANSIP_CHECK(is_answered == (verdict.status >= 400) && is_answered == !verdict.reason.empty());
    SANSIP_CHECK(error.ok() || !verdict.accepted());
    if (message.is_response() || message.method() == Method::kAck) SANSIP_CHECK(!is_answered);
    if (verdict.header == HeaderId::kOther) continue;
    std::array<char, 512> storage;
    ValueWriter value(storage);
    WriteAnswerHeader(verdict, message, policy, value);
    SANSIP_CHECK(value.ok() && value.text().find('\n') == std::string_view::npos);
  }
}

// Any bytes as a display name: quoted, they are read back as themselves.
void CheckQuoting(std::string_view text) {
  const std::string value = Quote(text) + " <sip:a@h>";
  NameAddr address;
  SANSIP_CHECK(ParseNameAddr(value, address, nullptr).ok());
  std::string expected(text);
  for (char& c : expected) {
    if (c == '\r' || c == '\n') c = ' ';
  }
  bool is_ascii = true;
  for (char c : expected) is_ascii = is_ascii && static_cast<unsigned char>(c) < 0x80;
  if (is_ascii) SANSIP_CHECK(Unquote(address.display_name) == expected);
}

void Run(std::string_view bytes) {
  ParsePolicy lenient;
  lenient.accept_bare_lf = true;
  lenient.accept_missing_stream_content_length = true;
  const Result strict(ParsePolicy::Strict(), bytes);
  const Result usual({}, bytes);
  const Result most(lenient, bytes);
  SANSIP_CHECK(VariantFault(bytes, {}, {}, Framing::kDatagram).empty());
  SANSIP_CHECK(VariantFault(bytes, {}, ParsePolicy::Strict(), Framing::kStream).empty());
  const ParseLimits tight = {.header_section_bytes_max = 200, .header_count_max = 7, .header_bytes_max = 60};
  SANSIP_CHECK(VariantFault(bytes, tight, lenient, Framing::kDatagram).empty());
  const MessageView usual_view(bytes, *usual.index);
  const MessageView most_view(bytes, *most.index);
  ReadFields(usual_view);
  ReadFields(most_view);
  CheckVerdicts(bytes, usual_view, usual.error);
  if (strict.error.ok()) {
    SANSIP_CHECK(usual.error.ok());
    CheckSameMeaning(MessageView(bytes, *strict.index), usual_view);
  }
  if (usual.error.ok()) {
    SANSIP_CHECK(most.error.ok());
    CheckSameMeaning(usual_view, most_view);
    const Result stream(lenient, usual_view.bytes(), Framing::kStream);
    if (usual_view.Has(HeaderId::kContentLength)) {
      SANSIP_CHECK(stream.error.ok() || stream.error.code == ParseCode::kMissingBlankLine);
    }
  }
  if (most.error.ok()) {
    SANSIP_CHECK(RoundTripFault(most_view).empty());
    CheckRawHeaders(bytes, most_view);
  }
  CheckQuoting(bytes.substr(0, 64));
}

}  // namespace
}  // namespace sansip

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sansip::Run(std::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
