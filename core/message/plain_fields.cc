// The fields of plain_forms.h.
#include <utility>

#include "sansip/core/message/plain_forms.h"
#include "sansip/core/message/plain_steps.h"
#include "sansip/core/text/bytes.h"
#include "sansip/core/text/char_class.h"

namespace sansip {

namespace {

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
      if (via.received.size != 0 || !IsIpv4(steps.Text(param.value))) return false;
      via.received = param.value;
      return true;
    default:
      return true;
  }
}

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

// Behind the parameter whose semicolon is at `at`, or before what follows a part of one; 0: it is not plain.
[[gnu::always_inline]] inline std::size_t TakeViaParam(const Steps& steps, std::size_t at, std::size_t end,
                                                       ViaSpans& via) {
  // How everybody writes them: the names need not be looked for.
  if (at + 8 < end && steps.Eight(at) == EightBytesAt(";branch=", 0) && via.branch.size == 0) {
    via.branch = Span(at + 8, steps.EndOfPlain(at + 8));
    return via.branch.size == 0 ? 0 : at + 8 + via.branch.size;
  }
  if (at + 6 <= end && steps.Four(at) == FourBytesAt(";rpo", 0) && steps.Two(at + 4) == TwoBytesAt("rt", 0) &&
      !via.has_rport) {
    via.has_rport = true;
    return steps.At(at + 6) == '=' ? steps.Port(at + 6, via.rport) : at + 6;
  }
  if (at + 10 < end && steps.Eight(at) == EightBytesAt(";receive", 0) &&
      steps.Two(at + 8) == TwoBytesAt("d=", 0) && via.received.size == 0) {
    via.received = Span(at + 10, steps.EndOfPlain(at + 10));
    return IsIpv4(steps.Text(via.received)) ? at + 10 + via.received.size : 0;
  }
  Steps::Param param;
  const std::size_t param_end = steps.TakeParam(at, Steps::Blanks::kAllowed, param);
  return param_end != 0 && SetViaParam(steps, param, via) ? param_end : 0;
}

bool ReadVia(const Steps& steps, std::size_t begin, std::size_t end, ViaSpans& via) {
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
    element_end = TakeViaParam(steps, at, end, via);
    if (element_end == 0) return false;
    at = steps.SkipBlanks(element_end);
  }
  via.text = Span(begin, element_end);
  return at == end || steps.At(at) == ',';
}

// *( SEMI generic-param ) to the end. `take` is a bool(const Param&): false, it is no plain one.
template <typename Take>
bool Parameters(const Steps& steps, std::size_t at, std::size_t end, TextSpan& parameters, Take take) {
  const std::size_t begin = steps.SkipBlanks(at);
  std::size_t params_end = begin;
  for (at = begin; at < end; at = steps.SkipBlanks(params_end)) {
    Steps::Param param;
    if (steps.At(at) != ';') return false;
    params_end = steps.TakeParam(at, Steps::Blanks::kAllowed, param);
    if (params_end == 0 || !take(std::as_const(param))) return false;
  }
  parameters = SpanIfAny(begin, params_end);
  return true;
}

bool ReadAddress(const Steps& steps, std::size_t begin, std::size_t end, AddressSpans& address) {
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
  const std::size_t parameters = uri_end + (address.in_brackets ? 1 : 0);
  if (parameters == end) return true;
  // How everybody writes it.
  if (parameters + 5 < end && steps.Four(parameters) == FourBytesAt(";tag", 0) &&
      steps.At(parameters + 4) == '=' && steps.EndOfPlain(parameters + 5) == end) {
    address.tag = Span(parameters + 5, end);
    address.parameters = Span(parameters, end);
    return true;
  }
  return Parameters(steps, parameters, end, address.parameters, [&](const Steps::Param& param) {
    if (!steps.IsNamed(param, "tag")) return true;
    if (param.value.size == 0 || address.tag.size != 0) return false;
    address.tag = param.value;
    return true;
  });
}

}  // namespace

void PlainForms::TakeVia(std::size_t begin, std::size_t end, ViaSpans& via) const {
  if (!ReadVia(Steps(text_, masks_, end), begin, end, via)) via = {};
}

void PlainForms::TakeAddress(std::size_t begin, std::size_t end, AddressSpans& address) const {
  if (!ReadAddress(Steps(text_, masks_, end), begin, end, address)) address = {};
}

// What is plain is a word (RFC 3261 25.1 callid).
void PlainForms::TakeCallId(std::size_t begin, std::size_t end) {
  const Steps steps(text_, masks_, end);
  const std::size_t at = steps.EndOfPlain(begin);
  if (at == begin) return;
  has_call_id_ = at == end || (steps.At(at) == '@' && at + 1 != end && steps.EndOfPlain(at + 1) == end);
}

void PlainForms::TakeCSeq(std::size_t begin, std::size_t end, MessageIndex& index) const {
  const Steps steps(text_, masks_, end);
  std::uint32_t number = 0;
  const std::size_t at = steps.Number(begin, number);
  const std::size_t method = steps.SkipBlanks(at);
  if (at == 0 || method == at || method == end || steps.EndOfPlain(method) != end) return;
  index.cseq_number = number;
  index.cseq_method_text = Span(method, end);
}

void PlainForms::TakeMaxForwards(std::size_t begin, std::size_t end, MessageIndex& index) const {
  std::uint32_t number = 0;
  const bool is_plain = Steps(text_, masks_, end).Number(begin, number) == end && number <= 255;
  if (is_plain && index.is_request) index.max_forwards = static_cast<std::uint8_t>(number);
}

void PlainForms::TakeContentLength(std::size_t begin, std::size_t end) {
  std::uint32_t number = 0;
  if (Steps(text_, masks_, end).Number(begin, number) == end) content_length_ = number;
}

void PlainForms::TakeSessionExpires(std::size_t begin, std::size_t end, MessageIndex& index) const {
  const Steps steps(text_, masks_, end);
  std::uint32_t seconds = 0;
  const std::size_t at = steps.Number(begin, seconds);
  TextSpan parameters;
  if (at == 0 || !Parameters(steps, at, end, parameters, [](const Steps::Param&) { return true; })) return;
  index.session_interval = seconds;
}

}  // namespace sansip
