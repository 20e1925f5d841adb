#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "sansip/core/base/check.h"
#include "sansip/transport/epoll_driver_impl.h"
#include "sansip/transport/via_rules.h"

namespace sansip {
namespace {

bool IsSameIp(const SocketAddress& a, const SocketAddress& b) { return a.family == b.family && a.ip == b.ip; }

absl::string_view Absl(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

absl::StatusOr<SocketAddress> SipDriver::Impl::Listen(Transport transport, const SocketAddress& local) {
  switch (transport) {
    case Transport::kUdp: {
      const UdpPort::Options options{.receive_buffer_bytes = options_.udp_receive_buffer_bytes,
                                     .reads_per_wakeup_max = options_.reads_per_wakeup_max};
      auto port = UdpPort::Open(loop_, local, options, static_cast<std::uint32_t>(ports_.size()), this);
      if (!port.ok()) return port.status();
      ports_.push_back(std::move(*port));
      return ports_.back()->local();
    }
    case Transport::kTcp: {
      auto listener = TcpListener::Open(loop_, local, options_.reads_per_wakeup_max, this);
      if (!listener.ok()) return listener.status();
      listeners_.push_back(std::move(*listener));
      return listeners_.back()->local();
    }
    case Transport::kTls:
    case Transport::kSctp:
    case Transport::kWs:
    case Transport::kWss:
      break;
  }
  return absl::UnimplementedError(
      absl::StrCat(Absl(TransportName(transport)), " is not built yet; listen on UDP or TCP"));
}

absl::StatusOr<SocketAddress> SipDriver::Impl::ListenOnUdpAndTcp(const SocketAddress& local) {
  // A port that the system chooses for one may be taken for the other.
  constexpr int kTriesMax = 16;
  for (int tries = 1;; ++tries) {
    const absl::StatusOr<SocketAddress> bound = Listen(Transport::kTcp, local);
    if (!bound.ok()) return bound;
    const absl::StatusOr<SocketAddress> both = Listen(Transport::kUdp, *bound);
    if (both.ok()) return both;
    listeners_.pop_back();
    if (local.port != 0 || tries == kTriesMax) return both;
  }
}

absl::StatusOr<FlowId> SipDriver::Impl::FlowTo(Transport transport, const SocketAddress& remote) {
  if (transport == Transport::kUdp) {
    const UdpPort* port = PortTo(remote);
    if (port == nullptr) {
      return absl::FailedPreconditionError(
          absl::StrCat("no UDP address is bound from which ", Absl(TextOf(remote)), " can be reached"));
    }
    const SocketAddress local = IsWildcard(port->local()) ? RoutedSource(remote) : SocketAddress();
    const FlowId id = flows_.DatagramFlow(port->endpoint(), transport, remote, local);
    if (id.is_nil()) return absl::ResourceExhaustedError("too many peers at once: all flows are in use");
    return id;
  }
  if (transport != Transport::kTcp) {
    return absl::UnimplementedError(absl::StrCat(Absl(TransportName(transport)), " is not built yet"));
  }
  // RFC 3261 18.1.1: an open connection to the same address, port and transport is used again.
  const FlowId known = flows_.FindStream(transport, remote);
  if (const Flow* flow = flows_.Find(known)) {
    const TcpConnection::State state = connections_[flow->endpoint].stream->state();
    if (state == TcpConnection::State::kOpen || state == TcpConnection::State::kConnecting) return known;
  }
  std::uint32_t endpoint = 0;
  const IoError error = Connect(remote, endpoint);
  if (error != IoError::kNone) {
    const std::string_view why = SendErrorText(SendErrorFrom(error));
    const std::string text = absl::StrCat(Absl(TextOf(remote)), ": ", Absl(why));
    const bool is_refusal = error == IoError::kRefused || error == IoError::kReset;
    return is_refusal ? absl::UnavailableError(text) : absl::FailedPreconditionError(text);
  }
  const FlowId id = flows_.OpenStream(endpoint, transport, remote, remote);
  connections_[endpoint].flow = id;
  return id;
}

const UdpPort* SipDriver::Impl::PortTo(const SocketAddress& remote) const {
  const UdpPort* found = nullptr;
  std::size_t candidates = 0;
  for (const auto& port : ports_) {
    const SocketAddress& local = port->local();
    if (local.family != remote.family) continue;
    // From a loopback address nothing else is reached, and nothing else reaches it.
    if (!IsWildcard(local) && IsLoopback(local) != IsLoopback(remote)) continue;
    if (found == nullptr) found = port.get();
    ++candidates;
  }
  if (candidates < 2) return found;
  const SocketAddress routed = RoutedSource(remote);
  for (const auto& port : ports_) {
    if (IsSameIp(port->local(), routed)) return port.get();
  }
  for (const auto& port : ports_) {
    if (port->local().family == remote.family && IsWildcard(port->local())) return port.get();
  }
  return found;
}

// Connections leave from the address that is listened on, so that sent-by's is the source's (RFC
// 3261 18.1.1).
std::optional<SocketAddress> SipDriver::Impl::StreamSource(const SocketAddress& remote) const {
  std::optional<SocketAddress> found;
  for (const auto& listener : listeners_) {
    const SocketAddress& local = listener->local();
    if (local.family != remote.family) continue;
    if (IsWildcard(local)) return std::nullopt;  // the kernel's choice is listened on too
    if (!found.has_value() && IsLoopback(local) == IsLoopback(remote)) found = local;
  }
  return found;
}

bool SipDriver::Impl::HasListener(const SocketAddress& remote) const {
  return std::any_of(listeners_.begin(), listeners_.end(),
                     [&](const auto& listener) { return listener->local().family == remote.family; });
}

// The port of the listener that takes connections to this address; 0: none does.
std::uint16_t SipDriver::Impl::ListeningPort(const SocketAddress& local) const {
  std::uint16_t port = 0;
  for (const auto& listener : listeners_) {
    if (IsSameIp(listener->local(), local)) return listener->local().port;
    const bool covers = listener->local().family == local.family && IsWildcard(listener->local());
    if (covers && port == 0) port = listener->local().port;
  }
  return port;
}

IoError SipDriver::Impl::Connect(const SocketAddress& remote, std::uint32_t& endpoint) {
  if (!MakeRoom()) return IoError::kOutOfResources;
  Socket socket;
  const IoResult result = Socket::ConnectTcp(remote, StreamSource(remote), socket);
  if (!result.ok() && result.error != IoError::kWouldBlock) return result.error;
  const std::optional<std::uint32_t> started = connections_.Start(std::move(socket), true);
  if (!started.has_value()) return IoError::kOutOfResources;
  endpoint = *started;
  ++counters_.connections_opened;
  return IoError::kNone;
}

bool SipDriver::Impl::MakeRoom() {
  if (!connections_.is_full()) return true;
  const std::optional<std::uint32_t> idle = connections_.Reclaimable(*handler_);
  if (!idle.has_value()) {
    ++counters_.connections_refused;
    return false;
  }
  Release(*idle, false);
  ++counters_.connections_reclaimed;
  return true;
}

void SipDriver::Impl::Release(std::uint32_t endpoint, bool with_reset) {
  if (!connections_.Close(endpoint, with_reset)) return;
  const FlowId flow = connections_[endpoint].flow;
  flows_.CloseStream(flow);
  if (keep_alives_.Keeps(flow)) LoseKept(flow, SendError::kClosed);
}

std::optional<Path> SipDriver::Impl::PathFor(FlowId id) {
  const Flow* flow = flows_.Find(id);
  if (flow == nullptr || !flow->is_open) return std::nullopt;
  SocketAddress local;
  if (IsReliable(flow->transport)) {
    local = connections_[flow->endpoint].stream->local();
    if (const std::uint16_t port = ListeningPort(local); port != 0) local.port = port;
  } else {
    local = ports_[flow->endpoint]->local();
    if (flow->local.family != SocketAddress::Family::kNone) local.ip = flow->local.ip;
  }
  const HostPort here{.host = HostText(id, local), .port = local.port};
  Path path{.flow = id, .transport = flow->transport, .sent_by = here, .contact = here};
  if (!IsReliable(flow->transport)) path.request_bytes_max = DatagramRequestBytesMax(options_.path_mtu);
  return path;
}

std::string_view SipDriver::Impl::HostText(FlowId id, const SocketAddress& local) {
  const Flow* flow = flows_.Find(id);
  if (flow->local_host != kNoSlot) return local_hosts_[flow->local_host].text.view();
  SocketAddress ip = local;
  ip.port = 0;
  const auto found = std::find_if(local_hosts_.begin(), local_hosts_.end(),
                                  [&](const LocalHost& host) { return host.ip == ip; });
  const auto index = static_cast<std::uint32_t>(found - local_hosts_.begin());
  if (found == local_hosts_.end()) local_hosts_.push_back({.ip = ip, .text = HostTextOf(ip)});
  flows_.SetLocalHost(id, index);
  return local_hosts_[index].text.view();
}

Origin SipDriver::Impl::OriginOf(FlowId id, const SocketAddress& source) {
  const std::optional<Path> path = PathFor(id);
  SANSIP_CHECK(path.has_value());
  return {.flow = id, .transport = path->transport, .source = source, .contact = path->contact};
}

FlowId SipDriver::Impl::ResponseFlow(const Origin& origin, const Via& via) {
  const Flow* flow = flows_.Find(origin.flow);
  if (flow == nullptr) return {};
  if (IsReliable(flow->transport)) {
    // What we opened is opened again to where it went.
    if (flow->is_open && !connections_[flow->endpoint].is_outbound) {
      flows_.SetFallBack(origin.flow, StreamFallBack(via, flow->transport, origin.source));
    }
    return origin.flow;
  }
  const SocketAddress target = DatagramResponseTarget(via, origin.source);
  if (target == origin.source) return origin.flow;
  // RFC 3581 4: from the address and port that received the request.
  return flows_.DatagramFlow(flow->endpoint, flow->transport, target, flow->local);
}

bool SipDriver::Impl::IsOwnSentBy(const Origin& origin, const Via& via) {
  const HostPort theirs{.host = via.host, .port = via.port};
  const auto is_ours = [&](std::uint16_t port) {
    return std::any_of(local_hosts_.begin(), local_hosts_.end(), [&](const LocalHost& host) {
      return SameSentBy({.host = host.text.view(), .port = port}, theirs, origin.transport);
    });
  };
  if (origin.transport == Transport::kUdp) {
    return std::any_of(ports_.begin(), ports_.end(),
                       [&](const auto& port) { return is_ours(port->local().port); });
  }
  const bool is_listened_on = std::any_of(listeners_.begin(), listeners_.end(), [&](const auto& listener) {
    return is_ours(listener->local().port);
  });
  if (is_listened_on) return true;
  const std::optional<Path> path = PathFor(origin.flow);
  return path.has_value() && SameSentBy(path->sent_by, theirs, origin.transport);
}

bool SipDriver::Impl::AwaitsReport(FlowId flow, Failure::Kind kind) const {
  return std::any_of(failures_.begin(), failures_.end(),
                     [&](const Failure& failure) { return failure.kind == kind && failure.flow == flow; });
}

void SipDriver::Impl::OnDatagram(std::uint32_t endpoint, const SocketAddress& local,
                                 const SocketAddress& source, std::string_view bytes) {
  if (IsKeepAlive(bytes)) {
    ++counters_.datagrams_empty;
    return;
  }
  if (stun::IsStun(bytes)) return OnStun(endpoint, local, source, bytes);
  const FlowId id = flows_.DatagramFlow(endpoint, Transport::kUdp, source, local);
  if (id.is_nil()) return;  // counted by the table
  ++counters_.messages_in;
  handler_->OnMessage(loop_->Now(), OriginOf(id, source), bytes);
}

void SipDriver::Impl::OnDatagramError(std::uint32_t endpoint, const DatagramError& error) {
  ++counters_.icmp_errors;
  // RFC 3261 18.4: time exceeded and source quench say nothing; a path that takes only shorter packets is
  // known to the kernel from now on, which will split what is sent again.
  if (error.error == IoError::kNone || error.error == IoError::kTooBig) return;
  const FlowId id = flows_.FindDatagramFlow(endpoint, Transport::kUdp, error.remote, error.local);
  if (id.is_nil() || AwaitsReport(id, Failure::kFlow)) return;
  keep_alives_.Stop(id);  // who wants it goes on with another (RFC 5626 4.5)
  Fail(id, SendErrorFrom(error.error));
}

void SipDriver::Impl::OnAccepted(Socket socket, const SocketAddress& peer) {
  // Before others make room for it.
  if (connections_.IsFullOf(peer)) {
    ++counters_.connections_refused_by_source;
    socket.Abort();
    return;
  }
  if (!MakeRoom()) {
    socket.Abort();
    return;
  }
  const std::optional<std::uint32_t> endpoint = connections_.Start(std::move(socket), false);
  if (!endpoint.has_value()) {
    ++counters_.connections_refused;
    return;
  }
  ++counters_.connections_accepted;
  // Until a request's Via says more there is no way back to this peer but the connection.
  connections_[*endpoint].flow = flows_.OpenStream(*endpoint, Transport::kTcp, peer, {});
  connections_.Attribute(*endpoint, peer);
}

void SipDriver::Impl::OnStreamConnected(std::uint32_t endpoint) {
  connections_.Place(endpoint, ConnectionTable::kOpen);
}

void SipDriver::Impl::OnStreamFrame(std::uint32_t endpoint, const Frame& frame) {
  Connection& connection = connections_[endpoint];
  const FlowId id = connection.flow;
  const Origin origin = OriginOf(id, flows_.Find(id)->remote);
  connections_.Place(endpoint, ConnectionTable::kOpen);
  switch (frame.kind) {
    case Frame::Kind::kMessage:
      ++counters_.messages_in;
      handler_->OnMessage(loop_->Now(), origin, frame.bytes);
      break;
    case Frame::Kind::kPing:
      // RFC 5626 3.5.1, 4.4.1: answered between messages, by one CRLF.
      ++counters_.pings_answered;
      SendOnStream(*flows_.Find(id), id, "\r\n");
      break;
    case Frame::Kind::kPong:
      OnKeepAliveHeard(id, keep_alives_.OnPong(loop_->Now(), id));
      break;
    case Frame::Kind::kError:
      ++counters_.streams_unreadable;
      handler_->OnUnreadable(loop_->Now(), origin, frame.bytes, frame.error);
      if (connections_[endpoint].stream->state() == TcpConnection::State::kClosed) break;
      connections_.Place(endpoint, ConnectionTable::kEnding);
      break;
    case Frame::Kind::kNeedMore:
      break;
  }
}

void SipDriver::Impl::OnStreamEnd(std::uint32_t endpoint, bool is_inside_message) {
  Connection& connection = connections_[endpoint];
  if (is_inside_message) ++counters_.streams_cut;
  // RFC 3261 18.1.1: a server may answer over a connection of its own, if there is something to connect to.
  const bool can_be_reached = HasListener(flows_.Find(connection.flow)->remote);
  const bool is_kept = keep_alives_.Keeps(connection.flow);
  if (is_inside_message || is_kept || (connection.is_outbound && !can_be_reached)) {
    Fail(connection.flow, SendError::kClosed);
    Release(endpoint, false);
  } else if (connection.stream->queued_bytes() > 0 || handler_->Refers(connection.flow)) {
    connections_.Place(endpoint, ConnectionTable::kEnding);
  } else {
    Release(endpoint, false);
  }
}

void SipDriver::Impl::OnStreamFailed(std::uint32_t endpoint, IoError error) {
  Connection& connection = connections_[endpoint];
  const FlowId id = connection.flow;
  if (error == IoError::kNone) {
    Release(endpoint, false);
    return;
  }
  const bool was_connecting = connection.stream->state() == TcpConnection::State::kConnecting;
  const std::string unread = connections_.TakeAfterEnd(endpoint);
  if (unread.empty()) keep_alives_.Stop(id);  // what is said below is said once
  Release(endpoint, true);
  const bool is_refusal = error == IoError::kRefused || error == IoError::kReset;
  if (was_connecting && is_refusal) flows_.SetRefused(id);
  if (unread.empty()) {
    Fail(id, SendErrorFrom(error), was_connecting ? Failure::kConnect : Failure::kFlow);
  } else {
    SendByFallBack(id, unread);
  }
}

Instant SipDriver::Impl::next_deadline() const {
  if (!failures_.empty()) return Instant();
  return std::min(connections_.next_deadline(), keep_alives_.next_deadline());
}

void SipDriver::Impl::Expire(Instant now) {
  for (std::size_t left = connections_.size(); left > 0; --left) {
    const std::optional<ConnectionTable::Expired> expired = connections_.NextExpired(now);
    if (!expired.has_value()) return;
    const Connection& connection = connections_[expired->endpoint];
    if (expired->list == ConnectionTable::kConnecting) {
      Fail(connection.flow, SendError::kTimedOut, Failure::kConnect);
    } else if (connection.stream->queued_bytes() > 0) {
      Fail(connection.flow, SendError::kTimedOut);  // the peer has stopped reading
    } else if (expired->list == ConnectionTable::kOpen && handler_->Refers(connection.flow)) {
      connections_.Place(expired->endpoint, ConnectionTable::kOpen);
      continue;
    }
    Release(expired->endpoint, false);
  }
}

void SipDriver::Impl::OnDeadline(Instant now) {
  Expire(now);
  AskFlows(now);
  ReportFailures(now);
}

void SipDriver::Impl::ReportFailures(Instant now) {
  // What these reports cause waits for the next call, so that none is endless.
  reporting_.swap(failures_);
  for (const Failure& failure : reporting_) {
    if (failure.kind != Failure::kMessage) {
      handler_->OnFlowFailed(now, failure.flow, failure.error);
    } else {
      handler_->OnSendFailed(now, failure.flow, failure.transaction, failure.error);
    }
  }
  reporting_.clear();
}

absl::StatusOr<std::unique_ptr<SipDriver>> SipDriver::Create(EventLoop* loop, Handler* handler,
                                                             const DriverOptions& options) {
  if (options.write_queue_bytes_max < options.stream_limits.message_bytes_max) {
    return absl::InvalidArgumentError("write_queue_bytes_max must hold one message of message_bytes_max");
  }
  if (options.connections_max == 0 || options.flows.datagram_flows_max == 0) {
    return absl::InvalidArgumentError("a driver needs at least one connection and one flow");
  }
  return std::unique_ptr<SipDriver>(new SipDriver(std::make_unique<Impl>(loop, handler, options)));
}

SipDriver::SipDriver(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SipDriver::~SipDriver() = default;

absl::StatusOr<SocketAddress> SipDriver::Listen(Transport transport, const SocketAddress& local) {
  return impl_->Listen(transport, local);
}
absl::StatusOr<SocketAddress> SipDriver::ListenOnUdpAndTcp(const SocketAddress& local) {
  return impl_->ListenOnUdpAndTcp(local);
}
absl::StatusOr<FlowId> SipDriver::FlowTo(Transport transport, const SocketAddress& remote) {
  return impl_->FlowTo(transport, remote);
}
bool SipDriver::KeepAlive(FlowId flow, Duration flow_timer, RandomSource& random) {
  return impl_->KeepAlive(flow, flow_timer, random);
}
void SipDriver::StopKeepAlive(FlowId flow) { impl_->StopKeepAlive(flow); }
std::optional<SocketAddress> SipDriver::MappedAddress(FlowId flow) const {
  return impl_->MappedAddress(flow);
}
std::optional<Path> SipDriver::PathFor(FlowId flow) { return impl_->PathFor(flow); }
FlowId SipDriver::ResponseFlow(const Origin& origin, const Via& via) {
  return impl_->ResponseFlow(origin, via);
}
bool SipDriver::IsOwnSentBy(const Origin& origin, const Via& via) { return impl_->IsOwnSentBy(origin, via); }
void SipDriver::Send(FlowId flow, TransactionId id, std::string_view wire) { impl_->Send(flow, id, wire); }
Instant SipDriver::next_deadline() const { return impl_->next_deadline(); }
void SipDriver::OnDeadline(Instant now) { impl_->OnDeadline(now); }
std::size_t SipDriver::connections() const { return impl_->connections(); }
std::size_t SipDriver::queued_bytes() const { return impl_->queued_bytes(); }
const FlowTable& SipDriver::flows() const { return impl_->flows(); }
const DriverCounters& SipDriver::counters() const { return impl_->counters(); }

}  // namespace sansip
