// The driver: what is sent, and by which way if the first is none any more.
#include <cstdint>
#include <optional>
#include <string_view>

#include "sansip/transport/epoll_driver_impl.h"

namespace sansip {

void SipDriver::Impl::Send(FlowId id, TransactionId transaction, std::string_view wire) {
  const Flow* flow = flows_.Find(id);
  if (flow == nullptr) {
    failures_.push_back({id, transaction, SendError::kStaleFlow, Failure::kMessage});
    return;
  }
  ++counters_.messages_out;
  if (!IsReliable(flow->transport)) {
    SendDatagram(*flow, id, transaction, wire);
  } else if (flow->is_open) {
    SendOnStream(*flow, id, wire);
  } else if (!AwaitsReport(id, Failure::kConnect)) {
    SendByFallBack(id, wire);
  }
}

void SipDriver::Impl::SendDatagram(const Flow& flow, FlowId id, TransactionId transaction,
                                   std::string_view wire) {
  const IoResult result = ports_[flow.endpoint]->Send(wire, flow.remote, flow.local);
  if (result.ok()) return;
  // A full buffer is one more loss on the way: SIP sends again.
  if (result.error == IoError::kWouldBlock) {
    ++counters_.datagrams_unsent;
    return;
  }
  failures_.push_back({id, transaction, SendErrorFrom(result.error), Failure::kMessage});
}

void SipDriver::Impl::SendOnStream(const Flow& flow, FlowId id, std::string_view wire) {
  const std::uint32_t endpoint = flow.endpoint;
  Connection& connection = connections_[endpoint];
  const TcpConnection::State state = connection.stream->state();
  const IoError error = connection.stream->Send(wire);
  if (error == IoError::kNone) {
    if (state == TcpConnection::State::kOpen) connections_.Place(endpoint, ConnectionTable::kOpen);
    // RFC 3261 18.2.2: the peer may have closed rather than half-closed; then this must go elsewhere.
    if (state == TcpConnection::State::kHalfClosed) connections_.KeepAfterEnd(endpoint, wire);
    return;
  }
  const bool has_ended =
      state == TcpConnection::State::kHalfClosed || state == TcpConnection::State::kDraining;
  if (has_ended && error != IoError::kTooBig) {
    Release(endpoint, false);
    SendByFallBack(id, wire);
    return;
  }
  if (error == IoError::kTooBig) ++counters_.overflows;
  Fail(id, error == IoError::kTooBig ? SendError::kOverflow : SendErrorFrom(error));
  Release(endpoint, true);
}

void SipDriver::Impl::SendByFallBack(FlowId id, std::string_view wire) {
  const Flow* flow = flows_.Find(id);
  if (flow == nullptr || flow->fall_back.family == SocketAddress::Family::kNone) {
    Fail(id, SendError::kClosed);
    return;
  }
  const SocketAddress remote = flow->fall_back;
  std::uint32_t endpoint = 0;
  const IoError error = Connect(remote, endpoint);
  if (error != IoError::kNone) {
    Fail(id, SendErrorFrom(error), Failure::kConnect);
    return;
  }
  ++counters_.fall_backs;
  connections_[endpoint].flow = id;
  flows_.ReopenStream(id, endpoint, remote);
  const IoError queued = connections_[endpoint].stream->Send(wire);
  if (queued == IoError::kNone) return;
  ++counters_.overflows;
  Fail(id, SendError::kOverflow);
  Release(endpoint, true);
}

}  // namespace sansip
