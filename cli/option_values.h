// Values of command line options, from text: durations, seconds of header fields, addresses to listen on,
// port ranges, SIP URIs. Each reader answers true, or false with `why` fit for "--option: <why>".
#ifndef SANSIP_CLI_OPTION_VALUES_H_
#define SANSIP_CLI_OPTION_VALUES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sansip/core/base/address.h"
#include "sansip/core/base/time.h"

namespace sansip::cli {

// "500ms", "1.5s", "2m", "8h"; a bare number is seconds. Up to a year.
bool ReadDuration(std::string_view text, Duration& value, std::string& why);
bool ReadOptionalDuration(std::string_view text, std::optional<Duration>& value, std::string& why);

// Seconds of a header field: "1800", and "30m" too; whole seconds, at most 2^32-1.
bool ReadSeconds(std::string_view text, std::uint32_t& value, std::string& why);

// A number from `min` to `max`.
bool ReadNumber(std::string_view text, std::uint64_t min, std::uint64_t max, std::uint64_t& value,
                std::string& why);

struct ListenAddress {
  Transport transport = Transport::kUdp;
  SocketAddress address;

  friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};

// "udp:127.0.0.1:5080", "tcp:[::1]:5060", "udp:0.0.0.0:0" (any port), "udp:localhost" (port 5060).
bool ReadListenAddress(std::string_view text, ListenAddress& value, std::string& why);

// "udp:127.0.0.1:5080"
std::string ListenAddressText(const ListenAddress& value);

struct PortRange {
  std::uint16_t min = 17000;
  std::uint16_t max = 17999;

  friend bool operator==(const PortRange&, const PortRange&) = default;
};

// "17000-17999": room for at least one even port and the odd one after it.
bool ReadPortRange(std::string_view text, PortRange& value, std::string& why);

// A SIP URI that can be sent to now: no sips, no transport=tls (not built yet). Without a scheme "sip:" is
// put in front.
bool ReadTarget(std::string_view text, std::string& uri, std::string& why);

// A SIP or SIPS URI as From has it.
bool ReadIdentity(std::string_view text, std::string& uri, std::string& why);

// The user part of a URI, as it is typed; `user` gets it escaped.
bool ReadUser(std::string_view text, std::string& user, std::string& why);

}  // namespace sansip::cli

#endif  // SANSIP_CLI_OPTION_VALUES_H_
