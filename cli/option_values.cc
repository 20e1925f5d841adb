#include "sansip/cli/option_values.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <vector>

#include "fmt/core.h"
#include "sansip/core/uri/escape.h"
#include "sansip/core/uri/sip_uri.h"
#include "sansip/transport/locate.h"

namespace sansip::cli {
namespace {

constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;
constexpr std::int64_t kYear = 366LL * 24 * 3600;

struct Unit {
  std::string_view name;
  std::int64_t nanoseconds;
};
constexpr std::array<Unit, 5> kUnits = {{{"ms", 1'000'000},
                                         {"s", kNanosecondsPerSecond},
                                         {"m", 60 * kNanosecondsPerSecond},
                                         {"h", 3600 * kNanosecondsPerSecond},
                                         {"", kNanosecondsPerSecond}}};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool Fail(std::string& why, std::string text) {
  why = std::move(text);
  return false;
}

// 1*9DIGIT [ "." 1*9DIGIT ] times `scale`, in nanoseconds.
bool ReadScaled(std::string_view number, std::int64_t scale, std::int64_t& nanoseconds) {
  const std::size_t point = number.find('.');
  const std::string_view whole = number.substr(0, point);
  const std::string_view part = point == std::string_view::npos ? "0" : number.substr(point + 1);
  if (whole.empty() || whole.size() > 9 || part.empty() || part.size() > 9) return false;
  std::int64_t value = 0;
  for (const char c : whole) {
    if (!IsDigit(c)) return false;
    value = value * 10 + (c - '0');
  }
  std::int64_t fraction = 0;  // of scale, in 10^-9
  for (std::size_t i = 0; i < 9; ++i) {
    if (i < part.size() && !IsDigit(part[i])) return false;
    fraction = fraction * 10 + (i < part.size() ? part[i] - '0' : 0);
  }
  if (value > kYear * kNanosecondsPerSecond / scale) return false;
  nanoseconds = value * scale +
                static_cast<std::int64_t>(static_cast<double>(fraction) * 1e-9 * static_cast<double>(scale));
  return true;
}

// "host", "host:port", "[v6]:port", "v6".
bool SplitHostPort(std::string_view text, std::string_view& host, std::string_view& port) {
  port = {};
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return false;
    host = text.substr(0, end + 1);
    const std::string_view rest = text.substr(end + 1);
    if (rest.empty()) return true;
    if (!rest.starts_with(':')) return false;
    port = rest.substr(1);
    return !port.empty();
  }
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || text.find(':') != colon) {  // a name, or IPv6 without brackets
    host = text;
    return true;
  }
  host = text.substr(0, colon);
  port = text.substr(colon + 1);
  return !port.empty();
}

}  // namespace

bool ReadDuration(std::string_view text, Duration& value, std::string& why) {
  for (const Unit& unit : kUnits) {
    if (!text.ends_with(unit.name)) continue;
    std::int64_t nanoseconds = 0;
    if (!ReadScaled(text.substr(0, text.size() - unit.name.size()), unit.nanoseconds, nanoseconds)) break;
    value = Duration(nanoseconds);
    return true;
  }
  return Fail(why, fmt::format("\"{}\" is no duration: write 500ms, 3s, 2m or 1h (a year at most)", text));
}

bool ReadOptionalDuration(std::string_view text, std::optional<Duration>& value, std::string& why) {
  return ReadDuration(text, value.emplace(), why);
}

bool ReadSeconds(std::string_view text, std::uint32_t& value, std::string& why) {
  const bool is_bare = !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
  if (is_bare) {
    std::uint64_t number = 0;
    if (!ReadNumber(text, 0, std::numeric_limits<std::uint32_t>::max(), number, why)) return false;
    value = static_cast<std::uint32_t>(number);
    return true;
  }
  Duration duration{};
  if (!ReadDuration(text, duration, why) || duration.count() % kNanosecondsPerSecond != 0) {
    return Fail(why, fmt::format("\"{}\" is not a number of whole seconds: write 1800 or 30m", text));
  }
  value = static_cast<std::uint32_t>(duration.count() / kNanosecondsPerSecond);
  return true;
}

bool ReadNumber(std::string_view text, std::uint64_t min, std::uint64_t max, std::uint64_t& value,
                std::string& why) {
  const char* const end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ec == std::errc() && result.ptr == end && value >= min && value <= max) return true;
  return Fail(why, fmt::format("\"{}\" is not a number from {} to {}", text, min, max));
}

bool ReadListenAddress(std::string_view text, ListenAddress& value, std::string& why) {
  const std::size_t colon = text.find(':');
  const std::string_view scheme = text.substr(0, colon);
  const std::optional<Transport> transport =
      colon == std::string_view::npos ? std::nullopt : TransportFromName(scheme);
  if (!transport) {
    return Fail(why,
                fmt::format("\"{}\" names no transport: write udp:ADDRESS:PORT or tcp:ADDRESS:PORT, as in "
                            "udp:127.0.0.1:5080",
                            text));
  }
  if (*transport != Transport::kUdp && *transport != Transport::kTcp) {
    return Fail(why, fmt::format("{}: not built yet; udp and tcp are", scheme));
  }
  std::string_view host, port_text;
  std::uint64_t port = DefaultPort(*transport);
  if (!SplitHostPort(text.substr(colon + 1), host, port_text) || host.empty()) {
    return Fail(why, fmt::format("\"{}\" is not {}:ADDRESS:PORT", text, scheme));
  }
  if (!port_text.empty() && !ReadNumber(port_text, 0, 65535, port, why)) {
    return Fail(why, fmt::format("\"{}\" is no port: 1 to 65535, or 0 for any free one", port_text));
  }
  std::optional<SocketAddress> address = ParseIp(host, static_cast<std::uint16_t>(port));
  if (!address) {
    std::vector<SocketAddress> found;
    if (SystemResolver().Resolve(host, found) != LocateError::kNone || found.empty()) {
      return Fail(why,
                  fmt::format("\"{}\" is no address of this host: write 127.0.0.1, 0.0.0.0 or [::1]", host));
    }
    address = found.front();
    address->port = static_cast<std::uint16_t>(port);
  }
  value = {.transport = *transport, .address = *address};
  return true;
}

std::string ListenAddressText(const ListenAddress& value) {
  std::string text(value.transport == Transport::kUdp ? "udp:" : "tcp:");
  return text.append(TextOf(value.address).view());
}

bool ReadPortRange(std::string_view text, PortRange& value, std::string& why) {
  const std::size_t dash = text.find('-');
  std::uint64_t min = 0, max = 0;
  if (dash == std::string_view::npos || !ReadNumber(text.substr(0, dash), 1, 65535, min, why) ||
      !ReadNumber(text.substr(dash + 1), 1, 65535, max, why)) {
    return Fail(why, fmt::format("\"{}\" is no port range: write 17000-17999", text));
  }
  if ((min + 1) / 2 * 2 + 1 > max) {
    return Fail(why, fmt::format("\"{}\" has no room for an even port and the odd one after it", text));
  }
  value = {.min = static_cast<std::uint16_t>(min), .max = static_cast<std::uint16_t>(max)};
  return true;
}

bool ReadIdentity(std::string_view text, std::string& uri, std::string& why) {
  const std::string_view scheme = UriScheme(text);
  uri = text;
  if (!ParseSipUri(uri)) {
    const bool has_scheme = scheme == "sip" || scheme == "sips";
    if (!has_scheme) uri = fmt::format("sip:{}", text);
  }
  SipUri parsed;
  std::size_t fault = 0;
  if (ParseSipUri(uri, parsed, fault)) return true;
  return Fail(
      why, fmt::format("\"{}\" is not a SIP URI: write sip:bob@192.0.2.1 or sip:bob@example.com:5070", text));
}

bool ReadTarget(std::string_view text, std::string& uri, std::string& why) {
  if (!ReadIdentity(text, uri, why)) return false;
  const SipUri parsed = *ParseSipUri(uri);
  const std::optional<std::string_view> transport = UriParameter(parsed, "transport");
  const std::optional<Transport> known = transport ? TransportFromName(*transport) : Transport::kUdp;
  if (parsed.is_sips || known == Transport::kTls) {
    return Fail(why, fmt::format("\"{}\" wants TLS: not built yet; sip: over udp or tcp is", text));
  }
  if (known == Transport::kUdp || known == Transport::kTcp) return true;
  return Fail(why, fmt::format("\"{}\": transport={} is not built; udp and tcp are", text, *transport));
}

bool ReadUser(std::string_view text, std::string& user, std::string& why) {
  if (text.empty()) return Fail(why, "an empty user name");
  user = EscapeUser(text);
  return true;
}

}  // namespace sansip::cli
