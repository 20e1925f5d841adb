// The driver: which flows are alive (RFC 5626 4.4, 8).
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sansip/core/stun/message.h"
#include "sansip/transport/epoll_driver_impl.h"

namespace sansip {

bool SipDriver::Impl::KeepAlive(FlowId id, Duration flow_timer, RandomSource& random) {
  const Flow* const flow = flows_.Find(id);
  if (flow == nullptr || !flow->is_open) return false;
  return keep_alives_.Start(loop_->Now(), id, KeepAlives::KindOf(flow->transport), flow_timer, random);
}

// RFC 5626 4.2: who has registered over this flow is to know, whatever has ended it; a connection that is
// opened anew would be another one.
void SipDriver::Impl::LoseKept(FlowId id, SendError error) {
  keep_alives_.Stop(id);
  if (!AwaitsReport(id, Failure::kFlow)) Fail(id, error);
}

void SipDriver::Impl::AskFlows(Instant now) {
  while (const std::optional<KeepAlives::Event> event = keep_alives_.TakeDue(now)) {
    const Flow* const flow = flows_.Find(event->flow);
    if (flow == nullptr || !flow->is_open) {
      LoseKept(event->flow, SendError::kStaleFlow);
      continue;
    }
    const bool is_stream = IsReliable(flow->transport);
    if (event->due == KeepAlives::Due::kFailed) {
      ++(is_stream ? counters_.pongs_missed : counters_.bindings_missed);
      Fail(event->flow, SendError::kTimedOut);
      if (is_stream) Release(flow->endpoint, true);
    } else if (is_stream) {
      ++counters_.pings_sent;
      connections_[flow->endpoint].stream->ExpectPong();
      SendOnStream(*flow, event->flow, "\r\n\r\n");
    } else {
      AskByStun(*flow, event->flow, event->binding);
    }
  }
}

void SipDriver::Impl::AskByStun(const Flow& flow, FlowId id, const stun::TransactionId& binding) {
  ++counters_.bindings_sent;
  std::array<char, stun::kHeaderBytes> storage;
  const std::string_view request = stun::WriteBindingRequest(binding, storage);
  const IoResult result = ports_[flow.endpoint]->Send(request, flow.remote, flow.local);
  if (result.ok()) return;
  if (result.error == IoError::kWouldBlock) {
    ++counters_.datagrams_unsent;
    return;
  }
  LoseKept(id, SendErrorFrom(result.error));
}

// RFC 5626 8: limited STUN on the ports that take SIP. What is asked makes no flow, for anybody may ask.
void SipDriver::Impl::OnStun(std::uint32_t endpoint, const SocketAddress& local, const SocketAddress& source,
                             std::string_view bytes) {
  const std::optional<stun::Message> message = stun::Read(bytes);
  std::array<char, stun::kAnswerBytesMax> storage;
  const std::string_view answer = message ? stun::WriteAnswer(*message, source, storage) : std::string_view();
  if (!answer.empty()) {
    ++counters_.bindings_answered;
    if (!ports_[endpoint]->Send(answer, source, local).ok()) ++counters_.datagrams_unsent;
    return;
  }
  const FlowId id = flows_.FindDatagramFlow(endpoint, Transport::kUdp, source, local);
  const KeepAlives::Heard heard =
      message ? keep_alives_.OnBinding(loop_->Now(), id, *message) : KeepAlives::Heard::kNothing;
  if (heard == KeepAlives::Heard::kNothing) ++counters_.stun_ignored;
  OnKeepAliveHeard(id, heard);
}

void SipDriver::Impl::OnKeepAliveHeard(FlowId id, KeepAlives::Heard heard) {
  switch (heard) {
    case KeepAlives::Heard::kNothing:
      break;
    case KeepAlives::Heard::kAlive:
      handler_->OnKeepAliveAnswered(loop_->Now(), id);
      break;
    case KeepAlives::Heard::kRefused:
      ++counters_.bindings_refused;
      Fail(id, SendError::kNotKept);
      break;
    case KeepAlives::Heard::kMoved:
      ++counters_.bindings_moved;
      Fail(id, SendError::kMoved);
      break;
  }
}

}  // namespace sansip
