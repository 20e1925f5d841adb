// One bound UDP socket: datagrams in, datagrams out, and what ICMP says about them (RFC 3261 18.4).
#ifndef SANSIP_TRANSPORT_UDP_H_
#define SANSIP_TRANSPORT_UDP_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "sansip/core/base/address.h"
#include "sansip/transport/event_loop.h"
#include "sansip/transport/socket.h"

namespace sansip {

class UdpPort final : public EventLoop::Watcher {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    // `local`: for a wildcard's port the address that it came to, port 0; else kNone.
    virtual void OnDatagram(std::uint32_t endpoint, const SocketAddress& local, const SocketAddress& source,
                            std::string_view bytes) = 0;
    virtual void OnDatagramError(std::uint32_t endpoint, const DatagramError& error) = 0;
  };
  struct Options {
    int receive_buffer_bytes = 0;
    int reads_per_wakeup_max = 64;
  };

  // `endpoint` is the owner's name for this port. Loop and owner must outlive it.
  static absl::StatusOr<std::unique_ptr<UdpPort>> Open(EventLoop* loop, const SocketAddress& local,
                                                       const Options& options, std::uint32_t endpoint,
                                                       Owner* owner);
  ~UdpPort() override;
  UdpPort(const UdpPort&) = delete;
  UdpPort& operator=(const UdpPort&) = delete;

  std::uint32_t endpoint() const { return endpoint_; }
  const SocketAddress& local() const { return local_; }
  // From `local`'s IP address unless its family is kNone.
  IoResult Send(std::string_view bytes, const SocketAddress& remote, const SocketAddress& local) {
    return socket_.SendTo(bytes, remote, local);
  }

  void OnReady(int fd, std::uint32_t ready) override;

 private:
  UdpPort(EventLoop* loop, Socket socket, const Options& options, std::uint32_t endpoint, Owner* owner);

  EventLoop* loop_;
  Socket socket_;
  SocketAddress local_;
  Options options_;
  std::uint32_t endpoint_;
  Owner* owner_;
  std::vector<char> buffer_;
};

// Nothing but line ends or zeros: what some peers send to keep a NAT's binding.
bool IsKeepAlive(std::string_view datagram);

}  // namespace sansip

#endif  // SANSIP_TRANSPORT_UDP_H_
