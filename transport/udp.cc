#include "sansip/transport/udp.h"

#include <optional>
#include <utility>

namespace sansip {
namespace {

// RFC 3261 18.1.1: the largest datagram must be coped with; none is longer than this.
constexpr std::size_t kDatagramBytesMax = 65536;

}  // namespace

absl::StatusOr<std::unique_ptr<UdpPort>> UdpPort::Open(EventLoop* loop, const SocketAddress& local,
                                                       const Options& options, std::uint32_t endpoint,
                                                       Owner* owner) {
  absl::StatusOr<Socket> socket =
      Socket::BindUdp(local, {.receive_buffer_bytes = options.receive_buffer_bytes,
                              .send_buffer_bytes = 0,
                              .report_icmp = true,
                              .report_local = IsWildcard(local)});
  if (!socket.ok()) return socket.status();
  std::unique_ptr<UdpPort> port(new UdpPort(loop, std::move(*socket), options, endpoint, owner));
  const absl::Status watched = loop->Watch(port->socket_.fd(), EventLoop::kRead, port.get());
  if (!watched.ok()) return watched;
  return port;
}

UdpPort::UdpPort(EventLoop* loop, Socket socket, const Options& options, std::uint32_t endpoint, Owner* owner)
    : loop_(loop),
      socket_(std::move(socket)),
      local_(socket_.LocalAddress()),
      options_(options),
      endpoint_(endpoint),
      owner_(owner),
      buffer_(kDatagramBytesMax) {}

UdpPort::~UdpPort() { loop_->Unwatch(socket_.fd()); }

void UdpPort::OnReady(int, std::uint32_t ready) {
  // Writability is never asked for, so it can only be an error's.
  if ((ready & EventLoop::kWrite) != 0) {
    for (int i = 0; i < options_.reads_per_wakeup_max; ++i) {
      const std::optional<DatagramError> error = socket_.ReadErrorQueue();
      if (!error.has_value()) break;
      owner_->OnDatagramError(endpoint_, *error);
    }
  }
  for (int i = 0; i < options_.reads_per_wakeup_max; ++i) {
    SocketAddress source;
    SocketAddress local;
    const IoResult result = socket_.ReceiveFrom(buffer_, source, &local);
    if (result.error == IoError::kWouldBlock) return;
    // Anything else is an earlier send's error: the next wake-up finds it in the error queue.
    if (!result.ok()) continue;
    owner_->OnDatagram(endpoint_, local, source, {buffer_.data(), result.count});
  }
}

bool IsKeepAlive(std::string_view datagram) {
  return datagram.find_first_not_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

}  // namespace sansip
