// The inside of the driver: ports, listeners, connections and the flows over them.
//
// epoll_driver.cc             what is opened, what arrives, what is reported
// epoll_driver_send.cc        what is sent
// epoll_driver_keep_alive.cc  pings, and STUN beside SIP
#ifndef SANSIP_TRANSPORT_EPOLL_DRIVER_IMPL_H_
#define SANSIP_TRANSPORT_EPOLL_DRIVER_IMPL_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "sansip/transport/connection_table.h"
#include "sansip/transport/epoll_driver.h"
#include "sansip/transport/tcp.h"
#include "sansip/transport/udp.h"

namespace sansip {

class SipDriver::Impl final : public UdpPort::Owner, public TcpConnection::Owner, public TcpListener::Owner {
 public:
  Impl(EventLoop* loop, Handler* handler, const DriverOptions& options)
      : loop_(loop),
        handler_(handler),
        options_(options),
        keep_alives_(options.pong_wait, options.bindings),
        flows_(options.flows, handler),
        connections_(loop,
                     {.messages = options.stream_limits,
                      .policy = options.stream_policy,
                      .write_queue_bytes_max = options.write_queue_bytes_max,
                      .reads_per_wakeup_max = options.reads_per_wakeup_max},
                     {.connections_max = options.connections_max,
                      .per_source_max = options.connections_per_source_max,
                      .waiting_bytes_max = options.waiting_bytes_max},
                     {options.connect_timeout, options.idle_timeout, options.half_closed_timeout}, this) {}

  absl::StatusOr<SocketAddress> Listen(Transport transport, const SocketAddress& local);
  absl::StatusOr<SocketAddress> ListenOnUdpAndTcp(const SocketAddress& local);
  absl::StatusOr<FlowId> FlowTo(Transport transport, const SocketAddress& remote);
  std::optional<Path> PathFor(FlowId id);
  FlowId ResponseFlow(const Origin& origin, const Via& via);
  bool IsOwnSentBy(const Origin& origin, const Via& via);
  void Send(FlowId id, TransactionId transaction, std::string_view wire);
  bool KeepAlive(FlowId id, Duration flow_timer, RandomSource& random);
  void StopKeepAlive(FlowId id) { keep_alives_.Stop(id); }
  std::optional<SocketAddress> MappedAddress(FlowId id) const { return keep_alives_.MappedAddress(id); }
  Instant next_deadline() const;
  void OnDeadline(Instant now);

  std::size_t connections() const { return connections_.size(); }
  std::size_t queued_bytes() const { return connections_.queued_bytes(); }
  const FlowTable& flows() const { return flows_; }
  const DriverCounters& counters() const { return counters_; }

  void OnDatagram(std::uint32_t endpoint, const SocketAddress& local, const SocketAddress& source,
                  std::string_view bytes) override;
  void OnDatagramError(std::uint32_t endpoint, const DatagramError& error) override;
  void OnStreamConnected(std::uint32_t endpoint) override;
  void OnStreamFrame(std::uint32_t endpoint, const Frame& frame) override;
  void OnStreamEnd(std::uint32_t endpoint, bool is_inside_message) override;
  void OnStreamFailed(std::uint32_t endpoint, IoError error) override;
  void OnStreamDone(std::uint32_t endpoint) override { connections_.OnDone(endpoint); }
  void OnAccepted(Socket socket, const SocketAddress& peer) override;
  void OnAcceptRefused() override { ++counters_.connections_refused; }

 private:
  using Connection = ConnectionTable::Connection;
  struct Failure {
    enum Kind { kMessage, kFlow, kConnect };  // the latter two: all on the flow
    FlowId flow;
    TransactionId transaction;
    SendError error;
    Kind kind;
  };

  void SendDatagram(const Flow& flow, FlowId id, TransactionId transaction, std::string_view wire);
  void SendOnStream(const Flow& flow, FlowId id, std::string_view wire);
  void SendByFallBack(FlowId id, std::string_view wire);
  const UdpPort* PortTo(const SocketAddress& remote) const;
  std::optional<SocketAddress> StreamSource(const SocketAddress& remote) const;
  IoError Connect(const SocketAddress& remote, std::uint32_t& endpoint);
  bool HasListener(const SocketAddress& remote) const;
  std::uint16_t ListeningPort(const SocketAddress& local) const;
  bool MakeRoom();
  void Release(std::uint32_t endpoint, bool with_reset);
  void Fail(FlowId flow, SendError error, Failure::Kind kind = Failure::kFlow) {
    failures_.push_back({flow, {}, error, kind});
  }
  bool AwaitsReport(FlowId flow, Failure::Kind kind) const;
  void Expire(Instant now);
  void AskFlows(Instant now);
  void LoseKept(FlowId id, SendError error);
  void AskByStun(const Flow& flow, FlowId id, const stun::TransactionId& binding);
  void OnStun(std::uint32_t endpoint, const SocketAddress& local, const SocketAddress& source,
              std::string_view bytes);
  void OnKeepAliveHeard(FlowId id, KeepAlives::Heard heard);
  void ReportFailures(Instant now);
  std::string_view HostText(FlowId id, const SocketAddress& local);
  Origin OriginOf(FlowId id, const SocketAddress& source);

  EventLoop* loop_;
  Handler* handler_;
  DriverOptions options_;
  KeepAlives keep_alives_;
  FlowTable flows_;
  std::vector<std::unique_ptr<UdpPort>> ports_;
  std::vector<std::unique_ptr<TcpListener>> listeners_;
  ConnectionTable connections_;
  std::vector<Failure> failures_;  // to be reported
  std::vector<Failure> reporting_;
  // Local hosts as they were written into messages, as many as this machine has addresses. A deque: Paths
  // borrow from it.
  struct LocalHost {
    SocketAddress ip;
    AddressText text;
  };
  std::deque<LocalHost> local_hosts_;
  DriverCounters counters_;
};

}  // namespace sansip

#endif  // SANSIP_TRANSPORT_EPOLL_DRIVER_IMPL_H_
