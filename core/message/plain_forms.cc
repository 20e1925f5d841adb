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

// Steps through one line. A step that returns a position returns 0 where there is no such thing. No step
// looks beyond the line's CRLF and the two characters behind it: a CR is not plain, so that every run ends
// before it.
//
// Always inline: as calls, these cost more than they do.
class Steps {
 public:
  Steps(std::string_view text, const TextMasks& masks) : text_(text), masks_(masks) {}

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
    if (At(name_end) != '=') {
      param.value = {};
      return name_end;
    }
    const std::size_t value = name_end + 1;
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
      // maddr more than that. Without a value only "lr", "ob" and their like are plain to see.
      if (param.value.size == 0 ? param.name.size != 2 : IsNamed(param, "ttl") || IsNamed(param, "maddr"))
        return 0;
    }
    return at;
  }

  SANSIP_INLINE std::size_t TakeSipUri(std::size_t at, SipUriSpans& uri) const {
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
    const std::size_t host_end = HostPort(at, uri.host, uri.port);
    if (host_end == 0) return 0;
    const std::size_t end = UriParameters(host_end);
    uri.parameters = SpanIfAny(host_end, end);
    // A userinfo that is not plain looks like a host, or a host and a port, up to here.
    return At(end) != '@' && At(end) != '?' ? end : 0;
  }

  // A token or a quoted string without escapes, and one space: the place of the "<".
  SANSIP_INLINE std::size_t DisplayName(std::size_t begin, TextSpan& name) const {
    std::size_t at = begin;
    if (At(at) == '"') {
      do {
        at = EndOfPlain(at + 1);
      } while (At(at) == ' ');
      if (At(at) != '"') return 0;
      ++at;
    } else {
      at = EndOfPlain(at);
      if (at == begin) return 0;
    }
    name = Span(begin, at);
    return At(at) == ' ' && At(at + 1) == '<' ? at + 1 : 0;
  }

#undef SANSIP_INLINE

 private:
  std::string_view text_;
  const TextMasks& masks_;
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

std::size_t PlainForms::NextLine(std::size_t begin) {
  const std::size_t end = masks_.SeekControl(begin);
  return masks_.size() - end >= 4 && text_[end] == '\r' && text_[end + 1] == '\n' ? end + 2 : 0;
}

std::size_t PlainForms::TakeLines(std::size_t begin, const LineLimits& limits, MessageIndex& index) {
  constexpr std::size_t kBehind = 4;  // CRLF and what tells folding, looked at as one number
  const std::string_view text = text_;
  std::size_t count = index.header_count;
  if (masks_.size() < begin + kBehind) return begin;
  const std::size_t end_max = std::min(limits.section_end - 2, masks_.size() - kBehind);
  for (; count < limits.header_count_max; ++count) {
    const auto [colon, end] = masks_.SeekStops(begin);
    if (end > end_max || text[colon] != ':' || end - begin > limits.line_bytes_max) break;
    const std::uint32_t behind = FourBytesAt(text, end);
    constexpr auto kCrlf = static_cast<std::uint16_t>(FourBytesAt("\r\n  ", 0));
    if (static_cast<std::uint16_t>(behind) != kCrlf || Is(kWhiteSpace, static_cast<char>(behind >> 16)))
      break;
    const std::string_view name(&text[begin], colon - begin);
    HeaderId id = HeaderId::kOther;
    if (name.size() > 1) {
      id = HeaderIdFromLongToken(name);
    } else if (name.empty()) {
      break;
    } else {
      id = HeaderIdFromName(name);
    }
    std::uint16_t& first = index.first_with_id[static_cast<std::size_t>(id)];
    if (first == 0) {
      first = static_cast<std::uint16_t>(count + 1);
    } else if (HeaderRepetition(id) != Repetition::kAllowed) {
      break;
    }
    std::size_t value_begin = colon + 1;
    std::size_t value_end = end;
    while (Is(kWhiteSpace, text[value_begin])) ++value_begin;  // the CR is none
    while (value_end > value_begin && Is(kWhiteSpace, text[value_end - 1])) --value_end;
    HeaderSpan& header = index.headers[count];
    header.name = Span(begin, colon);
    header.value = Span(value_begin, value_end);
    header.id = id;
    begin = end + 2;
  }
  index.header_count = static_cast<std::uint16_t>(count);
  return begin;
}

bool PlainForms::SipUri(std::size_t begin, std::size_t end, SipUriSpans& uri) const {
  return Steps(text_, masks_).TakeSipUri(begin, uri) == end;
}

bool PlainForms::Via(std::size_t begin, std::size_t end, ViaSpans& via) const {
  const Steps steps(text_, masks_);
  const std::size_t transport = begin + 8;
  if (end < transport || steps.Four(begin) != FourBytesAt("SIP/", 0) ||
      steps.Four(begin + 4) != FourBytesAt("2.0/", 0)) {
    return false;
  }
  const std::size_t transport_end = steps.EndOfPlain(transport);
  if (transport_end == transport || steps.At(transport_end) != ' ') return false;
  std::size_t at = steps.HostPort(transport_end + 1, via.host, via.port);
  while (at != 0 && steps.At(at) == ';') {
    Steps::Param param;
    at = steps.TakeParam(at, param);
    if (at == 0 || !SetViaParam(steps, param, via)) return false;
  }
  via.transport = Span(transport, transport_end);
  via.text = Span(begin, at);
  return at == end;
}

bool PlainForms::Address(std::size_t begin, std::size_t end, AddressSpans& address) const {
  const Steps steps(text_, masks_);
  std::size_t at = begin;
  if (steps.At(at) != '<') {
    at = steps.DisplayName(at, address.display_name);
    if (at == 0) return false;
  }
  SipUriSpans uri;
  const std::size_t uri_begin = at + 1;
  const std::size_t uri_end = steps.TakeSipUri(uri_begin, uri);
  if (uri_end == 0 || steps.At(uri_end) != '>') return false;
  at = uri_end + 1;
  while (steps.At(at) == ';') {
    Steps::Param param;
    at = steps.TakeParam(at, param);
    if (at == 0) return false;
    if (!steps.IsNamed(param, "tag")) continue;
    if (param.value.size == 0 || address.tag.size != 0) return false;
    address.tag = param.value;
  }
  address.uri = Span(uri_begin, uri_end);
  address.parameters = SpanIfAny(uri_end + 1, at);
  address.text = Span(begin, at);
  address.in_brackets = true;
  return at == end;
}

// What is plain is a word (RFC 3261 25.1 callid).
bool PlainForms::CallId(std::size_t begin, std::size_t end) const {
  const Steps steps(text_, masks_);
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
  const Steps steps(text_, masks_);
  std::size_t at = begin;
  std::uint32_t value = 0;
  for (; Is(kDigit, steps.At(at)); ++at) value = value * 10 + static_cast<std::uint32_t>(steps.At(at) - '0');
  if (at == begin || at - begin > 9 || steps.At(at) != ' ') return false;
  number = value;
  method = Span(at + 1, end);
  return at + 1 < end && steps.EndOfPlain(at + 1) == end;
}

}  // namespace sansip
