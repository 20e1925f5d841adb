#include "sansip/tests/interop/sip_relay.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace sansip::interop {
namespace {

sockaddr_in Loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

// What of the four it is; empty: nothing of them.
std::string KindOf(std::string_view datagram) {
  for (const std::string_view method : {"INVITE", "ACK", "BYE"}) {
    if (datagram.starts_with(method)) return std::string(method);
  }
  const bool is_200 =
      datagram.starts_with("SIP/2.0 200") && datagram.find("INVITE\r\n") != std::string_view::npos;
  return is_200 ? "200" : "";
}

}  // namespace

SipRelay::SipRelay(std::uint16_t peer) : fd_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)), peer_(peer) {
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof address;
  bind(fd_, reinterpret_cast<sockaddr*>(&address), size);
  getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { Run(); });
}

SipRelay::~SipRelay() {
  ends_ = true;
  thread_.join();
  close(fd_);
}

std::vector<std::string> SipRelay::lost() const {
  const std::lock_guard lock(mutex_);
  return lost_;
}

bool SipRelay::Loses(std::string_view datagram) {
  const std::string kind = KindOf(datagram);
  const std::lock_guard lock(mutex_);
  if (kind.empty() || std::find(lost_.begin(), lost_.end(), kind) != lost_.end()) return false;
  lost_.push_back(kind);
  return true;
}

void SipRelay::Run() {
  std::array<char, 65536> buffer;
  sockaddr_in caller{};
  while (!ends_) {
    pollfd ready{.fd = fd_, .events = POLLIN, .revents = 0};
    if (poll(&ready, 1, 20) <= 0) continue;
    sockaddr_in from{};
    socklen_t size = sizeof from;
    const ssize_t count =
        recvfrom(fd_, buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
    if (count <= 0) continue;
    const bool is_from_callee = ntohs(from.sin_port) == peer_;
    if (!is_from_callee) caller = from;
    const auto length = static_cast<std::size_t>(count);
    if (Loses(std::string_view(buffer.data(), length))) continue;
    const sockaddr_in to = is_from_callee ? caller : Loopback(peer_);
    sendto(fd_, buffer.data(), length, 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
  }
}

}  // namespace sansip::interop
