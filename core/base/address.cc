#include "sansip/core/base/address.h"

#include <algorithm>
#include <cstring>
#include <span>

namespace sansip {
namespace {

struct TransportRow {
  Transport transport;
  std::string_view name;
  std::uint16_t port;
};

constexpr TransportRow kTransports[] = {
    {Transport::kUdp, "UDP", 5060},   {Transport::kTcp, "TCP", 5060}, {Transport::kTls, "TLS", 5061},
    {Transport::kSctp, "SCTP", 5060}, {Transport::kWs, "WS", 80},     {Transport::kWss, "WSS", 443},
};

constexpr char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

constexpr int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = Lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// Text that grows in a fixed array; longer text cannot arise (an IPv6 address has at most 45 characters).
struct Text {
  std::array<char, 64>& bytes;
  std::size_t& size;

  void Put(char c) {
    if (size < bytes.size()) bytes[size++] = c;
  }
  void PutNumber(unsigned value, unsigned base) {
    char digits[10];
    std::size_t count = 0;
    do {
      digits[count++] = "0123456789abcdef"[value % base];
      value /= base;
    } while (value != 0);
    while (count > 0) Put(digits[--count]);
  }
};

// Each octet as digits with a dot behind it, and how many characters that is.
struct OctetText {
  char text[4];
  std::uint8_t size;
};
constexpr auto kOctets = [] {
  std::array<OctetText, 256> octets{};
  for (unsigned octet = 0; octet < octets.size(); ++octet) {
    OctetText& entry = octets[octet];
    if (octet >= 100) entry.text[entry.size++] = static_cast<char>('0' + octet / 100);
    if (octet >= 10) entry.text[entry.size++] = static_cast<char>('0' + octet / 10 % 10);
    entry.text[entry.size++] = static_cast<char>('0' + octet % 10);
    entry.text[entry.size++] = '.';
  }
  return octets;
}();

void PutIpv4(std::span<const std::uint8_t> ip, Text text) {
  char all[16];
  std::size_t size = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const OctetText& octet = kOctets[ip[i]];
    std::memcpy(all + size, octet.text, sizeof(octet.text));
    size += octet.size;
  }
  --size;  // the last dot
  if (size > text.bytes.size() - text.size) return;
  std::memcpy(text.bytes.data() + text.size, all, size);
  text.size += size;
}

// RFC 5952 4: lower case, no leading zeros, the longest run of two or more zero groups (the first of equals)
// as "::"; an IPv4-mapped address with its IPv4 part in dots (5).
void PutIpv6(const std::array<std::uint8_t, 16>& ip, Text text) {
  const bool mapped = std::all_of(ip.begin(), ip.begin() + 10, [](std::uint8_t b) { return b == 0; }) &&
                      ip[10] == 0xff && ip[11] == 0xff;
  if (mapped) {
    for (char c : std::string_view("::ffff:")) text.Put(c);
    PutIpv4(std::span(ip).subspan(12), text);
    return;
  }
  unsigned groups[8];
  for (std::size_t i = 0; i < 8; ++i) groups[i] = unsigned{ip[2 * i]} << 8 | ip[2 * i + 1];
  std::size_t run_begin = 8;
  std::size_t run_size = 1;  // a single zero group is written out
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t size = 0;
    while (i + size < 8 && groups[i + size] == 0) ++size;
    if (size > run_size) {
      run_begin = i;
      run_size = size;
    }
  }
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == run_begin) {
      text.Put(':');
      text.Put(':');
      i += run_size - 1;
      continue;
    }
    if (i > 0 && i != run_begin + run_size) text.Put(':');
    text.PutNumber(groups[i], 16);
  }
}

bool ParseIpv4(std::string_view host, std::span<std::uint8_t> ip) {
  std::size_t at = 0;
  const auto digit_at = [&] { return at < host.size() ? static_cast<unsigned>(host[at] - '0') : 10u; };
  for (std::size_t part = 0; part < 4; ++part) {
    if (part > 0 && (at == host.size() || host[at++] != '.')) return false;
    unsigned value = digit_at();
    if (value > 9) return false;  // a name, nearly always at the first character
    ++at;
    for (int more = 0; more < 2; ++more) {
      const unsigned digit = digit_at();
      if (digit > 9) break;
      value = value * 10 + digit;
      ++at;
    }
    if (value > 255) return false;
    ip[part] = static_cast<std::uint8_t>(value);
  }
  return at == host.size();
}

// RFC 4291 2.2. The bytes before and after "::" are collected apart and joined at the end.
bool ParseIpv6(std::string_view host, std::array<std::uint8_t, 16>& ip) {
  std::array<std::uint8_t, 16> bytes{};
  std::size_t size = 0;
  std::size_t gap = 17;  // where "::" stands; 17: nowhere
  std::size_t at = 0;
  if (host.substr(0, 2) == "::") {
    gap = 0;
    at = 2;
  }
  while (at < host.size()) {
    if (size == 16) return false;
    // RFC 5118 4.10: RFC 3261's grammar wrongly yields a third colon before an IPv4 part.
    const std::string_view left = host.substr(at);
    if (gap == size && left.rfind(':') == 0 && left.find('.') != std::string_view::npos) ++at;
    const std::size_t end = std::min(host.find(':', at), host.size());
    const std::string_view group = host.substr(at, end - at);
    if (end == host.size() && group.find('.') != std::string_view::npos) {
      if (size > 12 || !ParseIpv4(group, std::span(bytes).subspan(size, 4))) return false;
      size += 4;
      at = end;
      break;
    }
    if (group.empty() || group.size() > 4) return false;
    unsigned value = 0;
    for (char c : group) {
      const int digit = HexValue(c);
      if (digit < 0) return false;
      value = value << 4 | static_cast<unsigned>(digit);
    }
    bytes[size++] = static_cast<std::uint8_t>(value >> 8);
    bytes[size++] = static_cast<std::uint8_t>(value & 0xff);
    at = end;
    if (at == host.size()) break;
    ++at;  // the colon
    if (at == host.size()) return false;
    if (host[at] == ':') {
      if (gap != 17) return false;
      gap = size;
      ++at;
    }
  }
  if (gap == 17) {
    ip = bytes;
    return size == 16;
  }
  if (size > 14) return false;  // "::" stands for at least one group
  ip = {};
  std::copy_n(bytes.begin(), gap, ip.begin());
  std::copy(bytes.begin() + static_cast<std::ptrdiff_t>(gap),
            bytes.begin() + static_cast<std::ptrdiff_t>(size),
            ip.end() - static_cast<std::ptrdiff_t>(size - gap));
  return true;
}

}  // namespace

std::string_view TransportName(Transport transport) {
  for (const TransportRow& row : kTransports) {
    if (row.transport == transport) return row.name;
  }
  return {};
}

std::optional<Transport> TransportFromName(std::string_view name) {
  for (const TransportRow& row : kTransports) {
    if (std::equal(row.name.begin(), row.name.end(), name.begin(), name.end(),
                   [](char a, char b) { return Lower(a) == Lower(b); })) {
      return row.transport;
    }
  }
  return std::nullopt;
}

std::uint16_t DefaultPort(Transport transport) {
  for (const TransportRow& row : kTransports) {
    if (row.transport == transport) return row.port;
  }
  return 0;
}

AddressText BareIpTextOf(const SocketAddress& address) {
  AddressText result;
  const Text text{result.bytes_, result.size_};
  if (address.family == SocketAddress::Family::kIpv4) PutIpv4(address.ip, text);
  if (address.family == SocketAddress::Family::kIpv6) PutIpv6(address.ip, text);
  return result;
}

AddressText HostTextOf(const SocketAddress& address) {
  if (address.family != SocketAddress::Family::kIpv6) return BareIpTextOf(address);
  AddressText result;
  Text text{result.bytes_, result.size_};
  text.Put('[');
  PutIpv6(address.ip, text);
  text.Put(']');
  return result;
}

AddressText TextOf(const SocketAddress& address) {
  AddressText result = HostTextOf(address);
  Text text{result.bytes_, result.size_};
  text.Put(':');
  text.PutNumber(address.port, 10);
  return result;
}

bool IsIpv4(std::string_view host) {
  std::array<std::uint8_t, 4> ip;
  return ParseIpv4(host, ip);
}

std::optional<SocketAddress> ParseIp(std::string_view host, std::uint16_t port) {
  SocketAddress address;
  address.port = port;
  if (ParseIpv4(host, address.ip)) {
    address.family = SocketAddress::Family::kIpv4;
    return address;
  }
  address.ip = {};
  if (host.size() >= 2 && host.front() == '[') {
    if (host.back() != ']') return std::nullopt;
    host = host.substr(1, host.size() - 2);
  }
  if (!ParseIpv6(host, address.ip)) return std::nullopt;
  address.family = SocketAddress::Family::kIpv6;
  return address;
}

}  // namespace sansip
