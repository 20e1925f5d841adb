#include "sansip/core/message/plain_forms.h"

#include <algorithm>

#include "sansip/core/base/address.h"
#include "sansip/core/message/header_id_hash.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/bytes.h"
#include "sansip/core/text/char_class.h"

namespace sansip {
namespace {

TextSpan Span(std::size_t begin, std::size_t end) {
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end - begin)};
}

// What is empty is nowhere.
TextSpan SpanIfAny(std::size_t begin, std::size_t end) {
  return begin == end ? TextSpan{} : Span(begin, end);
}

// Steps through a header field's value or a Request-URI, which ends at `end`. A step that returns a position
// returns 0 where there is no such thing. No step looks beyond the line's CRLF and the two characters behind
// it: a CR is not plain, so that every run ends before it. Line breaks in the value are folding: TakeLines()
// has seen to that.
//
// Always inline: as calls, these cost more than they do.
class Steps {
 public:
  Steps(std::string_view text, const TextMasks& masks, std::size_t end)
      : text_(text), masks_(masks), end_(end) {}

#define SANSIP_INLINE [[gnu::always_inline]] inline

  SANSIP_INLINE char At(std::size_t at) const { return text_[at]; }
  SANSIP_INLINE std::uint32_t Four(std::size_t at) const { return FourBytesAt(text_, at); }
  SANSIP_INLINE std::size_t EndOfPlain(std::size_t at) const { return masks_.NotPlainFrom(at); }
  SANSIP_INLINE std::string_view Text(TextSpan span) const { return text_.substr(span.begin, span.size); }

  // ":" port
  SANSIP_INLINE std::size_t Port(std::size_t at, std::uint16_t& port) const {
    const std::size_t begin = ++at;
    std::uint32_t number = 0;
    for (; Is(kDigit, At(at)); ++at) number = number * 10 + static_cast<std::uint32_t>(At(at) - '0');
    port = static_cast<std::uint16_t>(number);
    return at - begin <= 5 && number - 1 < 65535 ? at : 0;
  }

  // host [ ":" port ]
  SANSIP_INLINE std::size_t HostPort(std::size_t begin, TextSpan& host, std::uint16_t& port) const {
    const std::size_t end = EndOfPlain(begin);
    host = Span(begin, end);
    const TextMasks::Host kind = masks_.HostAt(begin, end);
    if (kind != TextMasks::Host::kName) {
      if (kind == TextMasks::Host::kOther || !ParseIp(Text(host), 0)) return 0;
    }
    return At(end) == ':' ? Port(end, port) : end;
  }

  // SWS
  SANSIP_INLINE std::size_t SkipBlanks(std::size_t at) const {
    while (at < end_ && Is(kBlank, At(at))) ++at;
    return at;
  }

  struct Param {
    TextSpan name;
    TextSpan value;  // empty: none
  };

  // ";" name [ "=" value ]
  SANSIP_INLINE std::size_t TakeParam(std::size_t at, Param& param) const {
    const std::size_t name = at + 1;
    const std::size_t name_end = EndOfPlain(name);
    if (name_end == name) return 0;
    param.name = Span(name, name_end);
    param.value = {};
    if (At(name_end) != '=') return name_end;
    const std::size_t value = name_end + 1;
    const std::size_t end = EndOfPlain(value);
    param.value = Span(value, end);
    return end != value ? end : 0;
  }

  // SEMI name [ EQUAL value ]; the SWS before the semicolon has been skipped.
  SANSIP_INLINE std::size_t TakeHeaderParam(std::size_t at, Param& param) const {
    const std::size_t name = SkipBlanks(at + 1);
    const std::size_t name_end = EndOfPlain(name);
    if (name_end == name) return 0;
    param.name = Span(name, name_end);
    param.value = {};
    const std::size_t equal = SkipBlanks(name_end);
    if (At(equal) != '=') return name_end;
    const std::size_t value = SkipBlanks(equal + 1);
    const std::size_t end = EndOfPlain(value);
    param.value = Span(value, end);
    return end != value ? end : 0;
  }

  // `lower` has three characters to eight. Of what is plain only letters fold into letters.
  template <std::size_t kSize>
  SANSIP_INLINE bool IsNamed(const Param& param, const char (&lower)[kSize]) const {
    constexpr std::size_t kLength = kSize - 1;
    static_assert(kLength >= 3 && kLength <= 8);
    constexpr std::uint32_t kFold = 0x20202020;
    if (param.name.size != kLength) return false;
    const std::uint32_t first = Four(param.name.begin) | kFold;
    if (kLength == 3) return (first & 0xFFFFFF) == (FourBytesAt({lower, kSize}, 0) & 0xFFFFFF);
    return first == FourBytesAt({lower, kSize}, 0) &&
           (Four(param.name.begin + kLength - 4) | kFold) == FourBytesAt({lower, kSize}, kLength - 4);
  }

  // *( ";" uri-parameter )
  SANSIP_INLINE std::size_t UriParameters(std::size_t at) const {
    constexpr int kParametersMax = 8;
    for (int count = 0; At(at) == ';'; ++count) {
      Param param;
      at = TakeParam(at, param);
      if (at == 0 || count == kParametersMax) return 0;
      // RFC 3261 25.1: transport, user and method need a token for a value, which is what is plain; ttl and
      // maddr more than that. The sizes of these names tell that a name is none of them.
      constexpr std::uint32_t kSizes = 1u << 3 | 1u << 4 | 1u << 5 | 1u << 6 | 1u << 9;
      if (param.value.size != 0 ? IsNamed(param, "ttl") || IsNamed(param, "maddr")
                                : param.name.size < 32 && (kSizes >> param.name.size & 1) != 0) {
        return 0;
      }
    }
    return at;
  }

  // "sip:" or "sips:", userinfo without a password, host and port.
  SANSIP_INLINE std::size_t SchemeToPort(std::size_t at, SipUriSpans& uri) const {
    const std::uint32_t scheme = Four(at);
    at += 4;
    if (scheme != FourBytesAt("sip:", 0)) {
      if (scheme != FourBytesAt("sips", 0) || At(at) != ':') return 0;
      uri.is_sips = true;
      ++at;
    }
    const std::size_t user_end = EndOfPlain(at);
    if (At(user_end) == '@') {
      if (user_end == at) return 0;
      uri.has_user = true;
      uri.user = Span(at, user_end);
      at = user_end + 1;
    }
    return HostPort(at, uri.host, uri.port);
  }

  SANSIP_INLINE std::size_t TakeSipUri(std::size_t at, SipUriSpans& uri) const {
    const std::size_t host_end = SchemeToPort(at, uri);
    if (host_end == 0) return 0;
    const std::size_t end = UriParameters(host_end);
    uri.parameters = SpanIfAny(host_end, end);
    // A userinfo that is not plain looks like a host, or a host and a port, up to here.
    return At(end) != '@' && At(end) != '?' ? end : 0;
  }

  // A quoted-string: behind it.
  SANSIP_INLINE std::size_t QuotedString(std::size_t at) const {
    for (++at; at < end_; ++at) {
      at = EndOfPlain(at);
      if (At(at) == '"') return at + 1;
      if (At(at) == '\\') {
        ++at;
        if (static_cast<unsigned char>(At(at)) > 0x7F || At(at) == '\r' || At(at) == '\n') return 0;
      } else if (!Is(kQuotedText | kBlank, At(at))) {
        return 0;
      }
    }
    return 0;
  }

  // A token or a quoted-string, and SWS: the place of the "<".
  SANSIP_INLINE std::size_t DisplayName(std::size_t begin, TextSpan& name) const {
    const std::size_t end = At(begin) == '"' ? QuotedString(begin) : EndOfPlain(begin);
    if (end == 0 || end == begin) return 0;
    name = Span(begin, end);
    const std::size_t bracket = SkipBlanks(end);
    return At(bracket) == '<' ? bracket : 0;
  }

#undef SANSIP_INLINE

 private:
  std::string_view text_;
  const TextMasks& masks_;
  std::size_t end_;
};

// False: it is there twice, or has not the form that its rule gives it, or one that is not plain.
bool SetViaParam(const Steps& steps, const Steps::Param& param, ViaSpans& via) {
  switch (param.name.size) {
    case 3:
      return !steps.IsNamed(param, "ttl");
    case 5:
      if (!steps.IsNamed(param, "rport")) return !steps.IsNamed(param, "maddr");
      if (via.has_rport) return false;
      via.has_rport = true;
      return param.value.size == 0 || steps.Port(param.value.begin - std::size_t{1}, via.rport) ==
                                          param.value.begin + std::size_t{param.value.size};
    case 6:
      if (!steps.IsNamed(param, "branch")) return true;
      if (param.value.size == 0 || via.branch.size != 0) return false;
      via.branch = param.value;
      return true;
    case 8:
      if (!steps.IsNamed(param, "received")) return true;
      if (via.received.size != 0 || !ParseIp(steps.Text(param.value), 0)) return false;
      via.received = param.value;
      return true;
    default:
      return true;
  }
}

}  // namespace

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

// Adds the field to the index if there may be one more of its name.
[[gnu::always_inline]] inline bool AddHeader(std::string_view name, const HeaderSpan& span,
                                             MessageIndex& index) {
  const HeaderId id = name.size() > 1 ? HeaderIdFromLongToken(name) : HeaderIdFromName(name);
  const std::uint16_t count = index.header_count;
  std::uint16_t& first = index.first_with_id[static_cast<std::size_t>(id)];
  if (first == 0) {
    first = static_cast<std::uint16_t>(count + 1);
  } else if (HeaderRepetition(id) != Repetition::kAllowed) {
    return false;
  }
  HeaderSpan& header = index.headers[count];
  header.name = span.name;
  header.value = span.value;
  header.id = id;
  index.header_count = static_cast<std::uint16_t>(count + 1);
  return true;
}

}  // namespace

std::size_t PlainForms::TakeLines(std::size_t begin, const LineLimits& limits, MessageIndex& index) {
  const std::string_view text = text_;
  if (masks_.end() < begin + kBehindLine) return begin;
  const std::size_t end_max = std::min(limits.section_end - 2, masks_.end() - kBehindLine);
  const std::size_t line_bytes_max = limits.line_bytes_max;
  while (index.header_count < limits.header_count_max) {
    const std::size_t colon = masks_.NotPlainFrom(begin);
    const std::size_t end = masks_.ControlFrom(begin);
    if (end > end_max || colon == begin) break;
    if (text[colon] != ':' || !IsLineEnd(FourBytesAt(text, end))) [[unlikely]] {
      const std::size_t next = TakeOddLine(begin, end_max, limits, index);
      if (next == 0) break;
      begin = next;
      continue;
    }
    if (end - begin > line_bytes_max) break;
    // What is not above the space is white space, or the CR of the end.
    std::size_t value_begin = colon + (text[colon + 1] == ' ' ? 2 : 1);
    std::size_t value_end = end;
    if (ByteAt(text, value_begin) <= ' ') [[unlikely]] {
      while (value_begin < value_end && Is(kWhiteSpace, text[value_begin])) ++value_begin;
    }
    if (ByteAt(text, value_end - 1) <= ' ') [[unlikely]] {
      while (value_end > value_begin && Is(kWhiteSpace, text[value_end - 1])) --value_end;
    }
    const HeaderSpan span = {Span(begin, colon), Span(value_begin, value_end)};
    if (!AddHeader({&text[begin], colon - begin}, span, index)) break;
    begin = end + 2;
  }
  return begin;
}

// A line with white space before the colon, or folded. 0: it is another, and nothing has been done.
std::size_t PlainForms::TakeOddLine(std::size_t begin, std::size_t end_max, const LineLimits& limits,
                                    MessageIndex& index) {
  const std::size_t name_end = masks_.NotPlainFrom(begin);
  std::size_t colon = name_end;
  while (Is(kWhiteSpace, text_[colon])) ++colon;
  if (text_[colon] != ':') return 0;
  std::size_t end = masks_.ControlFrom(colon);
  while (end <= end_max && text_[end] == '\r' && text_[end + 1] == '\n' && Is(kWhiteSpace, text_[end + 2])) {
    end = masks_.ControlFrom(end + 2);
  }
  if (end > end_max || !IsLineEnd(FourBytesAt(text_, end)) || end - begin > limits.line_bytes_max) return 0;
  std::size_t value_begin = colon + 1;
  std::size_t value_end = end;
  while (value_begin < value_end && Is(kBlank, text_[value_begin])) ++value_begin;
  while (value_end > value_begin && Is(kBlank, text_[value_end - 1])) --value_end;
  const HeaderSpan span = {Span(begin, name_end), Span(value_begin, value_end)};
  return AddHeader(text_.substr(begin, name_end - begin), span, index) ? end + 2 : 0;
}

namespace {

// protocol-name SLASH protocol-version SLASH transport LWS: the place of the host.
std::size_t SentProtocol(const Steps& steps, std::size_t at, TextSpan& transport) {
  for (int part = 0; part < 3; ++part) {
    if (part > 0) {
      if (steps.At(at) != '/') return 0;
      at = steps.SkipBlanks(at + 1);
    }
    const std::size_t end = steps.EndOfPlain(at);
    if (end == at) return 0;
    transport = Span(at, end);
    at = steps.SkipBlanks(end);
  }
  return at != transport.begin + std::size_t{transport.size} ? at : 0;
}

}  // namespace

bool PlainForms::Via(std::size_t begin, std::size_t end, ViaSpans& via) const {
  const Steps steps(text_, masks_, end);
  std::size_t at = begin + 8;
  // How everybody writes it.
  if (end >= at && steps.Four(begin) == FourBytesAt("SIP/", 0) &&
      steps.Four(begin + 4) == FourBytesAt("2.0/", 0)) {
    const std::size_t transport_end = steps.EndOfPlain(at);
    via.transport = Span(at, transport_end);
    if (transport_end == at || steps.At(transport_end) != ' ') return false;
    at = steps.SkipBlanks(transport_end);
  } else {
    at = SentProtocol(steps, begin, via.transport);
    if (at == 0) return false;
  }
  std::size_t element_end = steps.HostPort(at, via.host, via.port);
  if (element_end == 0) return false;
  at = steps.SkipBlanks(element_end);
  while (at < end && steps.At(at) == ';') {
    Steps::Param param;
    element_end = steps.TakeHeaderParam(at, param);
    if (element_end == 0 || !SetViaParam(steps, param, via)) return false;
    at = steps.SkipBlanks(element_end);
  }
  via.text = Span(begin, element_end);
  return at == end || steps.At(at) == ',';
}

namespace {

// *( SEMI generic-param ) to the end, and the tag among them.
bool AddressParameters(const Steps& steps, std::size_t at, std::size_t end, AddressSpans& address) {
  std::size_t begin = at;
  std::size_t params_end = at;
  for (at = begin = steps.SkipBlanks(at); at < end; at = steps.SkipBlanks(params_end)) {
    Steps::Param param;
    if (steps.At(at) != ';') return false;
    params_end = steps.TakeHeaderParam(at, param);
    if (params_end == 0) return false;
    if (!steps.IsNamed(param, "tag")) continue;
    if (param.value.size == 0 || address.tag.size != 0) return false;
    address.tag = param.value;
  }
  if (params_end > begin) address.parameters = Span(begin, params_end);
  return true;
}

}  // namespace

bool PlainForms::Address(std::size_t begin, std::size_t end, AddressSpans& address) const {
  const Steps steps(text_, masks_, end);
  std::size_t bracket = begin;
  SipUriSpans uri;
  std::size_t uri_begin = begin;
  std::size_t uri_end = 0;
  address.in_brackets = steps.At(bracket) == '<';
  if (!address.in_brackets) {
    bracket = steps.DisplayName(begin, address.display_name);
    address.in_brackets = bracket != 0;
  }
  if (address.in_brackets) {
    uri_begin = bracket + 1;
    uri_end = steps.TakeSipUri(uri_begin, uri);
    if (uri_end == 0 || steps.At(uri_end) != '>') return false;
  } else {
    // RFC 3261 20: without brackets parameters are the header field's.
    address.display_name = {};
    uri_end = steps.SchemeToPort(begin, uri);
    if (uri_end == 0 || (uri_end < end && steps.At(uri_end) != ';' && !Is(kBlank, steps.At(uri_end))))
      return false;
  }
  address.uri = Span(uri_begin, uri_end);
  address.text = Span(begin, end);
  return AddressParameters(steps, uri_end + (address.in_brackets ? 1 : 0), end, address);
}

// What is plain is a word (RFC 3261 25.1 callid).
bool PlainForms::CallId(std::size_t begin, std::size_t end) const {
  const Steps steps(text_, masks_, end);
  std::size_t at = steps.EndOfPlain(begin);
  if (at == begin) return false;
  if (steps.At(at) == '@') {
    const std::size_t host = at + 1;
    at = steps.EndOfPlain(host);
    if (at == host) return false;
  }
  return at == end;
}

bool PlainForms::CSeq(std::size_t begin, std::size_t end, std::uint32_t& number, TextSpan& method) const {
  const Steps steps(text_, masks_, end);
  std::size_t at = begin;
  std::uint32_t value = 0;
  for (; Is(kDigit, steps.At(at)); ++at) value = value * 10 + static_cast<std::uint32_t>(steps.At(at) - '0');
  if (at == begin || at - begin > 9) return false;
  const std::size_t method_begin = steps.SkipBlanks(at);
  number = value;
  method = Span(method_begin, end);
  return method_begin > at && method_begin < end && steps.EndOfPlain(method_begin) == end;
}

}  // namespace sansip
