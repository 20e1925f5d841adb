#include "sansip/tests/torture/round_trip.h"

#include <memory>
#include <string_view>
#include <vector>

#include "sansip/core/message/parser.h"
#include "sansip/core/message/writer.h"

namespace sansip {
namespace {

// Any number of bytes and fields: the limits are the first parse's matter.
ParseLimits NoLimits() {
  ParseLimits limits;
  limits.message_bytes_max = limits.header_section_bytes_max = limits.header_bytes_max =
      limits.uri_bytes_max = limits.body_bytes_max = std::size_t{1} << 30;
  return limits;
}

void Write(const MessageView& message, Writer& writer) {
  if (message.is_request()) {
    writer.RequestLine(message.method_text(), message.request_uri());
  } else {
    writer.StatusLine(message.status_code(), message.reason_phrase());
  }
  for (std::size_t i = 0; i < message.header_count(); ++i) {
    const HeaderView header = message.header(i);
    if (header.id != HeaderId::kContentLength) writer.Header(header.name, header.value);
  }
  writer.Body(message.body());
}

// Empty if the writer refused.
std::string Written(const MessageView& message) {
  std::string bytes(2 * message.bytes().size() + 100, '\0');
  Writer writer(bytes);
  Write(message, writer);
  if (writer.error() != WriteError::kNone) return {};
  bytes.resize(writer.needed());
  return bytes;
}

// RFC 3261 7.3.1: what a folded value means.
std::string Unfolded(std::string_view value) {
  std::string text;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool fold = value[i] == '\r' || value[i] == '\n';
    if (!fold) {
      text += value[i];
      continue;
    }
    text += ' ';
    while (i + 1 < value.size() && std::string_view("\r\n\t ").find(value[i + 1]) != std::string_view::npos)
      ++i;
  }
  return text;
}

std::vector<HeaderView> HeadersOf(const MessageView& message) {
  std::vector<HeaderView> headers;
  for (std::size_t i = 0; i < message.header_count(); ++i) {
    if (message.header(i).id != HeaderId::kContentLength) headers.push_back(message.header(i));
  }
  return headers;
}

std::string Difference(const MessageView& a, const MessageView& b) {
  if (a.is_request() != b.is_request() || a.method() != b.method()) return "another kind";
  if (a.method_text() != b.method_text() || a.request_uri() != b.request_uri()) return "another Request-Line";
  if (a.status_code() != b.status_code()) return "another status";
  // An empty phrase is written as the usual one.
  if (!a.reason_phrase().empty() && a.reason_phrase() != b.reason_phrase()) return "another reason";
  if (a.body() != b.body()) return "another body";
  const std::vector<HeaderView> headers_a = HeadersOf(a);
  const std::vector<HeaderView> headers_b = HeadersOf(b);
  if (headers_a.size() != headers_b.size()) return "more or fewer header fields";
  for (std::size_t i = 0; i < headers_a.size(); ++i) {
    if (headers_a[i].id != headers_b[i].id || headers_a[i].name != headers_b[i].name ||
        Unfolded(headers_a[i].value) != headers_b[i].value) {
      return "another " + std::string(headers_a[i].name);
    }
  }
  return {};
}

}  // namespace

std::string IndexFault(const MessageIndex& index, std::size_t size) {
  std::size_t at = 0;
  const auto follows = [&](TextSpan span) {
    const bool in_order = span.size == 0 || (span.begin >= at && std::size_t{span.begin} + span.size <= size);
    if (span.size != 0) at = std::size_t{span.begin} + span.size;
    return in_order && std::size_t{span.begin} + span.size <= size;
  };
  if (!follows(index.method_text) || !follows(index.request_uri) || !follows(index.reason_phrase))
    return "start-line";
  const std::size_t section_end = std::size_t{index.header_section.begin} + index.header_section.size;
  if (index.header_section.begin < at || section_end > size) return "header section";
  if (index.header_count > kHeaderCountMax) return "header count";
  bool has_repetitions = false;
  for (std::size_t i = 0; i < index.header_count; ++i) {
    const HeaderSpan& header = index.headers[i];
    has_repetitions = has_repetitions || index.first_with_id[static_cast<std::size_t>(header.id)] != i + 1;
    if (header.name.size == 0 || !follows(header.name) || !follows(header.value))
      return "header " + std::to_string(i);
  }
  if (index.has_repetitions != has_repetitions) return "repetitions";
  for (std::size_t id = 0; id < kHeaderIdCount; ++id) {
    const std::size_t place = index.first_with_id[id];
    if (place > index.header_count) return "first of an id";
    if (place > 0 && static_cast<std::size_t>(index.headers[place - 1].id) != id) return "id of a first";
  }
  if (!follows(index.body)) return "body";
  if (std::size_t{index.message.begin} + index.message.size > size) return "message";
  return {};
}

std::string RoundTripFault(const MessageView& message) {
  const std::string written = Written(message);
  if (written.empty()) return "what was read is refused by the writer";
  ParsePolicy policy = ParsePolicy::Strict();
  policy.accept_missing_max_forwards = true;
  policy.accept_request_uri_headers = true;
  policy.accept_repeated_informative_fields = true;
  const auto index = std::make_unique<MessageIndex>();
  const ParseError error = Parser(NoLimits(), policy).Parse(written, Framing::kStream, *index);
  if (!error.ok()) {
    return "what was written does not parse: " + std::string(ParseCodeText(error.code)) + " at " +
           written.substr(error.offset, 40);
  }
  const MessageView again(written, *index);
  const std::string difference = Difference(message, again);
  if (!difference.empty()) return difference;
  return Written(again) == written ? std::string() : "writing again gives other bytes";
}

namespace {

bool operator==(TextSpan a, TextSpan b) { return a.size == b.size && (a.size == 0 || a.begin == b.begin); }

bool SameVia(const ViaSpans& a, const ViaSpans& b) {
  return a.text == b.text && a.transport == b.transport && a.host == b.host && a.branch == b.branch &&
         a.received == b.received && a.maddr == b.maddr && a.port == b.port && a.rport == b.rport &&
         a.ttl == b.ttl && a.has_rport == b.has_rport && a.host_has_underscore == b.host_has_underscore;
}

bool SameUri(const SipUriSpans& a, const SipUriSpans& b) {
  return a.user == b.user && a.password == b.password && a.host == b.host && a.parameters == b.parameters &&
         a.headers == b.headers && a.port == b.port && a.is_sips == b.is_sips && a.has_user == b.has_user &&
         a.has_password == b.has_password && a.host_has_underscore == b.host_has_underscore;
}

bool SameAddress(const AddressSpans& a, const AddressSpans& b) {
  return a.text == b.text && a.display_name == b.display_name && a.uri == b.uri &&
         a.parameters == b.parameters && a.tag == b.tag && a.is_star == b.is_star &&
         a.in_brackets == b.in_brackets;
}

std::string HeaderDifference(const MessageIndex& a, const MessageIndex& b) {
  if (a.header_count != b.header_count) return "header count";
  for (std::size_t i = 0; i < a.header_count; ++i) {
    const HeaderSpan& left = a.headers[i];
    const HeaderSpan& right = b.headers[i];
    if (left.id != right.id || !(left.name == right.name) || !(left.value == right.value)) {
      return "header " + std::to_string(i);
    }
  }
  return a.first_with_id == b.first_with_id ? "" : "first of an id";
}

}  // namespace

std::string IndexDifference(const MessageIndex& a, const MessageIndex& b) {
  if (a.is_request != b.is_request || a.method != b.method || a.status_code != b.status_code ||
      !(a.method_text == b.method_text) || !(a.request_uri == b.request_uri) ||
      !(a.reason_phrase == b.reason_phrase)) {
    return "start-line";
  }
  if (!(a.header_section == b.header_section) || !(a.body == b.body) || !(a.message == b.message)) {
    return "sections";
  }
  if (!SameUri(a.sip_request_uri, b.sip_request_uri)) return "Request-URI";
  if (!SameVia(a.top_via, b.top_via)) return "top Via";
  if (!SameAddress(a.from, b.from)) return "From";
  if (!SameAddress(a.to, b.to)) return "To";
  if (!SameAddress(a.contact, b.contact)) return "Contact";
  if (!(a.cseq_method_text == b.cseq_method_text)) return "CSeq method";
  if (a.cseq_method_text.size != 0 && (a.cseq_method != b.cseq_method || a.cseq_number != b.cseq_number)) {
    return "CSeq";
  }
  if (a.max_forwards != b.max_forwards) return "Max-Forwards";
  if (a.session_interval != b.session_interval) return "Session-Expires";
  if (a.tolerances != b.tolerances) return "tolerances";
  return HeaderDifference(a, b);
}

std::string VariantFault(std::string_view bytes, const ParseLimits& limits, const ParsePolicy& policy,
                         Framing framing) {
  const auto expected = std::make_unique<MessageIndex>();
  const auto index = std::make_unique<MessageIndex>();
  const ParseError error = Parser(limits, policy, ScanVariant::kPortable).Parse(bytes, framing, *expected);
  for (ScanVariant variant : {ScanVariant::kSsse3, ScanVariant::kAvx2, ScanVariant::kNeon}) {
    if (!IsScanVariantHere(variant)) continue;
    const ParseError other = Parser(limits, policy, variant).Parse(bytes, framing, *index);
    const std::string name = "variant " + std::to_string(static_cast<int>(variant)) + ": ";
    if (other.code != error.code || other.offset != error.offset) {
      return name + std::string(ParseCodeText(error.code)) + " at " + std::to_string(error.offset) + " and " +
             std::string(ParseCodeText(other.code)) + " at " + std::to_string(other.offset);
    }
    const std::string difference = IndexDifference(*expected, *index);
    if (!difference.empty()) return name + difference;
  }
  return {};
}

}  // namespace sansip
