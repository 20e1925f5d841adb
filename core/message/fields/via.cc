#include "sansip/core/message/fields/via.h"

#include "sansip/core/base/address.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"
#include "sansip/core/uri/host.h"

namespace sansip {
namespace {

ParseError At(ParseCode code, std::size_t offset) { return {code, static_cast<std::uint32_t>(offset)}; }

// protocol-name SLASH protocol-version SLASH transport
ParseError TakeSentProtocol(Cursor& cursor, Via& via) {
  // How everybody writes it.
  constexpr std::string_view kUsual = "SIP/2.0/";
  if (cursor.rest().substr(0, kUsual.size()) == kUsual) {
    cursor.Advance(kUsual.size());
    via.transport = cursor.TakeAll(kToken);
    if (!via.transport.empty()) return {};
    cursor.SkipWhiteSpace();
    via.transport = cursor.TakeAll(kToken);
    return via.transport.empty() ? At(ParseCode::kBadToken, cursor.offset()) : ParseError{};
  }
  for (int part = 0; part < 3; ++part) {
    if (part > 0) {
      cursor.SkipWhiteSpace();
      if (!cursor.Skip('/')) return At(ParseCode::kBadVia, cursor.offset());
      cursor.SkipWhiteSpace();
    }
    via.transport = cursor.TakeAll(kToken);
    if (via.transport.empty()) return At(ParseCode::kBadToken, cursor.offset());
  }
  return {};
}

// host [ COLON port ]
ParseError TakeSentBy(Cursor& cursor, Via& via) {
  if (!TakeHost(cursor, via.host, &via.host_has_underscore)) return At(ParseCode::kBadHost, cursor.offset());
  Cursor ahead = cursor;
  ahead.SkipWhiteSpace();
  if (!ahead.Skip(':')) return {};
  ahead.SkipWhiteSpace();
  cursor = ahead;
  if (!TakePort(cursor, via.port)) return At(ParseCode::kBadPort, cursor.offset());
  return {};
}

// The parameters that sansip reads, in the order of the bits that say which were seen.
enum KnownParam : unsigned { kBranch = 1, kReceived = 2, kMaddr = 4, kTtl = 8, kRport = 16, kNoKnown = 0 };

KnownParam KnownParamFromName(std::string_view name) {
  switch (name.size()) {
    case 3:
      return EqualsIgnoreCase(name, "ttl") ? kTtl : kNoKnown;
    case 5:
      return EqualsIgnoreCase(name, "rport") ? kRport : EqualsIgnoreCase(name, "maddr") ? kMaddr : kNoKnown;
    case 6:
      return EqualsIgnoreCase(name, "branch") ? kBranch : kNoKnown;
    case 8:
      return EqualsIgnoreCase(name, "received") ? kReceived : kNoKnown;
    default:
      return kNoKnown;
  }
}

// False if the value has not the form that its rule gives it.
bool SetKnown(KnownParam known, const Param& param, Via& via) {
  switch (known) {
    case kBranch:
      via.branch = param.value;
      return param.value_is_token();
    case kReceived:
      // RFC 5118 4.5: an IPv6 address stands without brackets; with them it is understood all the same.
      via.received = param.value;
      return ParseIp(param.value, 0).has_value();
    case kMaddr:
      via.maddr = param.value;
      return IsHost(param.value);
    case kTtl: {
      const auto ttl = ParseDecimal(param.value, 255);
      if (ttl) via.ttl = static_cast<std::uint8_t>(*ttl);
      return ttl && param.value.size() <= 3;
    }
    case kRport: {
      // RFC 3581 5: response-port = "rport" [EQUAL 1*DIGIT]
      via.has_rport = true;
      if (!param.has_value) return true;
      const auto port = ParseDecimal(param.value, 65535);
      if (port) via.rport = static_cast<std::uint16_t>(*port);
      return port && *port > 0;
    }
    case kNoKnown:
      return true;
  }
  return true;
}

ParseError TakeViaParams(Cursor& cursor, Via& via) {
  unsigned seen = 0;
  Param param;
  for (bool found = true;;) {
    ParseError error = TakeParamName(cursor, param, found);
    if (!error.ok()) return error;
    if (!found) return {};
    const KnownParam known = KnownParamFromName(param.name);
    const std::size_t begin = cursor.offset();
    if (param.has_value)
      error = TakeParamValue(cursor, known == kReceived ? kToken | kIpChar : kToken, param);
    if (!error.ok()) return error;
    // RFC 3261 7.3.1: no parameter twice. Of those that nobody reads here it does no harm.
    if ((seen & known) != 0) return At(ParseCode::kRepeatedParameter, begin);
    seen |= known;
    if (!SetKnown(known, param, via)) return At(ParseCode::kBadParameter, begin);
  }
}

}  // namespace

ParseError ParseVia(std::string_view value, Via& via, std::string_view* rest) {
  via = {};
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  const std::size_t begin = cursor.offset();
  ParseError error = TakeSentProtocol(cursor, via);
  if (!error.ok()) return error;
  if (!cursor.SkipWhiteSpace()) return At(ParseCode::kBadVia, cursor.offset());
  error = TakeSentBy(cursor, via);
  if (!error.ok()) return error;
  error = TakeViaParams(cursor, via);
  if (!error.ok()) return error;
  via.text = Trim(cursor.Since(begin));
  return EndElement(cursor, rest);
}

namespace {

void WriteMembers(const Via& via, ValueWriter& value) {
  value.Literal("SIP/2.0/");
  value.Token(via.transport);
  value.Literal(" ");
  value.Host(via.host, via.host_has_underscore);
  if (via.port != 0) {
    value.Literal(":");
    value.Number(via.port);
  }
  if (via.ttl) {
    value.Literal(";ttl=");
    value.Number(*via.ttl);
  }
  if (!via.maddr.empty()) {
    value.Literal(";maddr=");
    value.Host(via.maddr);
  }
  if (!via.received.empty()) {
    if (!ParseIp(via.received, 0)) value.Refuse();
    value.Literal(";received=");
    value.Text(via.received);
  }
  if (!via.branch.empty()) {
    value.Literal(";branch=");
    value.Token(via.branch);
  }
  if (!via.has_rport) return;
  value.Literal(";rport");
  if (via.rport == 0) return;
  value.Literal("=");
  value.Number(via.rport);
}

// protocol-name and protocol-version, which Via has no members for.
struct Protocol {
  std::string_view name = "SIP";
  std::string_view version = "2.0";
};

Protocol ProtocolOf(const Via& via) {
  if (via.text.empty()) return {};
  Cursor cursor(via.text);
  Protocol protocol;
  protocol.name = cursor.TakeAll(kToken);
  cursor.SkipWhiteSpace();
  cursor.Skip('/');
  cursor.SkipWhiteSpace();
  protocol.version = cursor.TakeAll(kToken);
  return protocol;
}

// No semicolon stands before the parameters.
std::string_view ParametersOf(const Via& via) {
  const std::size_t begin = via.text.find(';');
  return begin == std::string_view::npos ? std::string_view() : via.text.substr(begin);
}

std::uint16_t PortOf(const Via& via) {
  if (via.port != 0) return via.port;
  return DefaultPort(TransportFromName(via.transport).value_or(Transport::kUdp));
}

}  // namespace

void Write(const Via& via, ValueWriter& value) {
  if (via.text.empty()) return WriteMembers(via, value);
  Via parsed;
  std::string_view rest;
  if (!ParseVia(via.text, parsed, &rest).ok() || !rest.empty()) return value.Refuse();
  value.Text(via.text);
}

bool Equivalent(const Via& a, const Via& b) {
  const Protocol of_a = ProtocolOf(a);
  const Protocol of_b = ProtocolOf(b);
  return EqualsIgnoreCase(of_a.name, of_b.name) && EqualsIgnoreCase(of_a.version, of_b.version) &&
         EqualsIgnoreCase(a.transport, b.transport) && EquivalentHosts(a.host, b.host) &&
         PortOf(a) == PortOf(b) && EqualsIgnoreCase(a.branch, b.branch) &&
         EquivalentHosts(a.received, b.received) && EquivalentHosts(a.maddr, b.maddr) && a.ttl == b.ttl &&
         a.has_rport == b.has_rport && a.rport == b.rport &&
         EquivalentParameters(ParametersOf(a), ParametersOf(b),
                              {"branch", "received", "maddr", "ttl", "rport"});
}

}  // namespace sansip
