// A node keeps the flows alive that registrars have bound (RFC 5626 4.4).
#include <array>
#include <chrono>
#include <optional>

#include "sansip/core/base/check.h"
#include "sansip/tests/sim/node.h"
#include "sansip/tests/sim/world.h"

namespace sansip::sim {

void Node::KeepAlive(Instant now, RegistrationId id) {
  const std::optional<RegistrationView> view = agent_->FindRegistration(id);
  if (!view || view->flow.is_nil()) return;
  const KeepAlives::Kind kind = KeepAlives::KindOf(flows_[view->flow.slot].transport);
  SANSIP_CHECK(keep_alives_.Start(now, view->flow, kind, std::chrono::seconds(view->flow_timer), random_));
  keep_alive_due_ = keep_alives_.next_deadline();
}

void Node::AskFlows(Instant now) {
  while (const std::optional<KeepAlives::Event> event = keep_alives_.TakeDue(now)) Ask(now, *event);
  keep_alive_due_ = keep_alives_.next_deadline();
  AnswerLocates(now);
}

void Node::Ask(Instant now, const KeepAlives::Event& event) {
  Flow& flow = flows_[event.flow.slot];
  Network& network = world().network();
  if (flow.is_dead) return keep_alives_.Stop(event.flow);
  switch (event.due) {
    case KeepAlives::Due::kPing:
      flow.framer->ExpectPong();
      network.WriteStream(now, flow.stream, number(), "\r\n\r\n");
      break;
    case KeepAlives::Due::kBinding: {
      std::array<char, stun::kHeaderBytes> storage;
      const std::string_view request = stun::WriteBindingRequest(event.binding, storage);
      if (!flow.endpoint) flow.endpoint = network.Find(flow.peer);
      network.SendDatagram(now, number(), flow.endpoint, request, HashOf(request));
      break;
    }
    case KeepAlives::Due::kFailed:
      if (flow.transport == Transport::kUdp) {
        OnKeepAliveHeard(now, event.flow, KeepAlives::Heard::kRefused);
      } else {
        network.ResetStream(now, flow.stream);
        OnStreamReset(now, event.flow, "no pong");
      }
      break;
  }
}

void Node::OnStun(Instant now, FlowId flow, std::string_view bytes) {
  const std::optional<stun::Message> message = stun::Read(bytes);
  if (message) OnKeepAliveHeard(now, flow, keep_alives_.OnBinding(now, flow, *message));
}

void Node::OnKeepAliveHeard(Instant now, FlowId flow, KeepAlives::Heard heard) {
  keep_alive_due_ = keep_alives_.next_deadline();
  if (heard == KeepAlives::Heard::kNothing) return;
  Record record{.at = now, .kind = Record::Kind::kInput, .node = number(), .name = "KeepAliveAnswered"};
  if (heard == KeepAlives::Heard::kAlive) {
    Apply(now, ua::input::KeepAliveAnswered{flow}, record);
  } else {
    record.name = "FlowFailed";
    Apply(now, ua::input::FlowFailed{flow}, record);
  }
}

}  // namespace sansip::sim
