// SIP over real sockets: UDP (udp.h) and TCP (tcp.h) on one EventLoop. RFC 3261 18, RFC 3581, RFC 5626 3.5 in
// both roles: pings and, beside SIP on the UDP ports, STUN Binding Requests (5626 8) are sent and answered.
// Thin: it moves whole messages and knows nothing of transactions or dialogs.
//
// Laws:
//  1. The handler is called from within EventLoop::Wait, OnDeadline and ReportFailures only; never from Send
//  or
//     FlowTo. It may call Send and FlowTo from its own calls.
//  2. One OnMessage is one datagram or one framed message; its bytes are valid for the call.
//  3. Every queue, table and read loop has a stated maximum; what is dropped or refused is counted.
//  4. After a flow failed it can still be sent on: a stream is opened again, to its fall-back target.
#ifndef SANSIP_TRANSPORT_EPOLL_DRIVER_H_
#define SANSIP_TRANSPORT_EPOLL_DRIVER_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sansip/core/base/address.h"
#include "sansip/core/base/ids.h"
#include "sansip/core/base/random.h"
#include "sansip/core/base/time.h"
#include "sansip/core/message/fields/via.h"
#include "sansip/core/message/parser.h"
#include "sansip/transport/event_loop.h"
#include "sansip/transport/flow_table.h"
#include "sansip/transport/keep_alive.h"
#include "sansip/transport/send_error.h"

namespace sansip {

struct DriverOptions {
  FlowLimits flows = {};
  ParseLimits stream_limits = {};  // framing: what is longer is refused before it is read
  ParsePolicy stream_policy = {};
  std::size_t connections_max = 1024;  // below the usual descriptor limit; beyond, idle ones make room
  // Accepted connections of one source: an IPv4 address, or a /64 of IPv6 (core/base/source_counts.h). 0: no
  // such limit, for a proxy or a NAT is one source for many.
  std::size_t connections_per_source_max = 0;
  std::size_t write_queue_bytes_max = 1 << 20;  // per connection: several of the largest messages
  // Over all connections, but for one message each: 64 full queues. The connection that wants more fails.
  std::size_t waiting_bytes_max = 64 << 20;
  int udp_receive_buffer_bytes = 0;                     // SO_RCVBUF; 0: the system's default
  int reads_per_wakeup_max = 64;                        // per socket, so that none starves the others
  std::size_t path_mtu = 0;                             // of all datagram paths, if it is known (18.1.1)
  Duration connect_timeout = std::chrono::seconds(10);  // below timer B: there is time for another target
  // RFC 3261 18: at least the longest transaction, 64*T1. Counts from the last whole message or ping, so that
  // bytes that trickle keep nothing alive.
  Duration idle_timeout = std::chrono::minutes(10);
  Duration pong_wait = KeepAlives::kPongWait;
  stun::Retransmissions bindings = {};
  Duration half_closed_timeout = std::chrono::seconds(32);  // to answer what came before the peer's end
};

struct DriverCounters {
  std::uint64_t messages_in = 0, messages_out = 0;
  std::uint64_t datagrams_empty = 0;   // nothing, or CRLF keep-alives: ignored
  std::uint64_t datagrams_unsent = 0;  // the socket's buffer was full; SIP sends again
  std::uint64_t pings_answered = 0;    // RFC 5626 3.5.1
  std::uint64_t pings_sent = 0, pongs_missed = 0;
  std::uint64_t bindings_answered = 0;  // RFC 5626 8: Binding Requests of peers
  std::uint64_t bindings_sent = 0;      // ours, each time
  // Flows that failed: no response, an error, another mapped address (4.4.2).
  std::uint64_t bindings_missed = 0, bindings_refused = 0, bindings_moved = 0;
  std::uint64_t stun_ignored = 0;  // unreadable, or an answer to no question of ours
  std::uint64_t icmp_errors = 0;
  std::uint64_t connections_accepted = 0, connections_opened = 0;
  std::uint64_t connections_refused = 0;            // connections_max and nothing idle
  std::uint64_t connections_reclaimed = 0;          // idle ones that made room
  std::uint64_t connections_refused_by_source = 0;  // connections_per_source_max
  std::uint64_t streams_unreadable = 0;             // framing errors
  std::uint64_t streams_cut = 0;                    // ended inside a message
  std::uint64_t overflows = 0;                      // write_queue_bytes_max, waiting_bytes_max
  std::uint64_t fall_backs = 0;                     // 18.2.2: another connection for a response
};

class SipDriver {
 public:
  class Handler : public FlowReferences {
   public:
    // Refers(): see FlowReferences.
    virtual void OnMessage(Instant now, const Origin& origin, std::string_view bytes) = 0;
    // A stream that cannot be read on; it is closed afterwards, when what is sent in reply is written.
    virtual void OnUnreadable(Instant now, const Origin& origin, std::string_view bytes,
                              ParseError error) = 0;
    virtual void OnSendFailed(Instant now, FlowId flow, TransactionId id, SendError error) = 0;
    virtual void OnFlowFailed(Instant now, FlowId flow, SendError error) = 0;
    // Of a flow that is kept alive: a pong, or a Binding Response; MappedAddress() says what that told.
    virtual void OnKeepAliveAnswered(Instant, FlowId) {}
  };

  // `loop` and `handler` must outlive the driver.
  static absl::StatusOr<std::unique_ptr<SipDriver>> Create(EventLoop* loop, Handler* handler,
                                                           const DriverOptions& options = {});
  ~SipDriver();
  SipDriver(const SipDriver&) = delete;
  SipDriver& operator=(const SipDriver&) = delete;

  // kUdp or kTcp. Port 0: the system chooses. What was bound.
  absl::StatusOr<SocketAddress> Listen(Transport transport, const SocketAddress& local);
  // On UDP, and on TCP at the same address and port: a request may be too long for a datagram (18.2.1).
  absl::StatusOr<SocketAddress> ListenOnUdpAndTcp(const SocketAddress& local);
  // The flow to `remote`: found, or made. A TCP connect is begun; what is sent meanwhile is queued, and its
  // failure is an OnFlowFailed, and Flow::is_refused if the peer refused it. Unavailable: refused at once.
  absl::StatusOr<FlowId> FlowTo(Transport transport, const SocketAddress& remote);
  // sent-by and Contact for requests on this flow (18.1.1): the listening address that suits, else the
  // connection's own. Hosts borrow from the driver, for its life. nullopt: stale.
  std::optional<Path> PathFor(FlowId flow);
  // The flow for responses to a request with this top Via (18.2.2, RFC 3581 4): put it into the Origin that
  // the core sees. Of a stream it is the same flow, whose fall-back target is kept.
  FlowId ResponseFlow(const Origin& origin, const Via& via);
  // 18.1.2: is this the sent-by of a request that could have left here?
  bool IsOwnSentBy(const Origin& origin, const Via& via);

  // Failures are reported later (law 1): of one message by OnSendFailed, of a flow by OnFlowFailed.
  void Send(FlowId flow, TransactionId id, std::string_view wire);

  // Asks this flow whether it lives from now on, until it fails or StopKeepAlive (RFC 5626 4.4): TCP by
  // pings, UDP by STUN, as often as Flow-Timer says; zero: KeepAlives::GapOf. Only for a peer that has said
  // that it answers (8): "outbound" in the Require of its 2xx, or who configures it knows. Failures are an
  // OnFlowFailed: kTimedOut without an answer, kMoved, kNotKept. False: it is no open flow, or there are
  // KeepAlives::kFlowsMax. `random` must outlive the driver.
  bool KeepAlive(FlowId flow, Duration flow_timer, RandomSource& random);
  void StopKeepAlive(FlowId flow);
  // How the peer of a UDP flow that is kept alive sees it; nullopt: not known.
  std::optional<SocketAddress> MappedAddress(FlowId flow) const;

  Instant next_deadline() const;
  void OnDeadline(Instant now);

  std::size_t connections() const;
  std::size_t queued_bytes() const;  // not yet taken by the kernel, over all connections
  const FlowTable& flows() const;
  const DriverCounters& counters() const;

 private:
  class Impl;
  explicit SipDriver(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sansip

#endif  // SANSIP_TRANSPORT_EPOLL_DRIVER_H_
