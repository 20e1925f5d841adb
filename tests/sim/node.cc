#include "sansip/tests/sim/node.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "sansip/core/base/check.h"
#include "sansip/core/message/fields/via.h"
#include "sansip/core/message/status_code.h"
#include "sansip/core/transaction/arrow.h"
#include "sansip/core/uri/sip_uri.h"
#include "sansip/dialog/user_agent_action_name.h"
#include "sansip/tests/sim/world.h"

namespace sansip::sim {
namespace {

UserAgentOptions WithArrows(UserAgentOptions options, Sink<ArrowTaken>* arrows) {
  options.transactions.arrows = arrows;
  return options;
}

// False: there are none, the action's name says all.
bool TextWithDetails(const UserAgentAction& action, std::string& text) {
  const auto begin = [&] { text.assign(ActionName(action)).append(" "); };
  if (const auto* progress = std::get_if<ua::Progress>(&action)) {
    begin();
    text += std::to_string(progress->status);
  } else if (const auto* refreshed = std::get_if<ua::Refreshed>(&action)) {
    begin();
    text += std::to_string(refreshed->interval) + "s";
    if (refreshed->interval != 0) text += refreshed->we_refresh ? ", we refresh" : ", peer refreshes";
  } else if (const auto* expiring = std::get_if<ua::SessionExpiring>(&action)) {
    begin();
    text += SessionEndReasonName(expiring->reason);
  } else if (const auto* failed = std::get_if<ua::RefreshFailed>(&action)) {
    begin();
    text += std::to_string(failed->status);
  } else if (const auto* ended = std::get_if<ua::Ended>(&action)) {
    begin();
    text += EndCauseName(ended->cause);
    if (ended->status != 0) text += " " + std::to_string(ended->status);
  } else {
    return false;
  }
  return true;
}

}  // namespace

Node::Node(World& world, std::uint32_t number, const NodeOptions& options, std::unique_ptr<User> user)
    : Element(world, number),
      options_(options),
      user_(std::move(user)),
      random_(KeyedRandom(world.options().seed, number, 0, 1)),
      agent_(std::make_unique<UserAgent>(WithArrows(options.user_agent, &arrows_),
                                         options.random != nullptr ? *options.random : random_)),
      host_(HostTextOf(options.address).view()),
      uri_("sip:" + options.name + "@" + std::string(TextOf(options.address).view()) +
           (options.transport == Transport::kTcp ? ";transport=tcp" : "")),
      identity_("<sip:" + options.name + "@" + host_ + ">"),
      agent_due_(agent_->next_deadline()) {}

void Node::At(Instant at, Task task) {
  if (free_tasks_.empty()) {
    free_tasks_.push_back(static_cast<std::uint32_t>(tasks_.size()));
    tasks_.emplace_back();
  }
  const std::uint32_t place = free_tasks_.back();
  free_tasks_.pop_back();
  tasks_[place] = std::move(task);
  tasks_due_.Set(place, at, tasks_due_.NextOrder());
}

InputResult Node::Do(Instant now, const UserAgentInput& input) {
  const InputResult result =
      Apply(now, input, {.at = now, .kind = Record::Kind::kVerb, .node = number(), .name = InputName(input)});
  AnswerLocates(now);
  return result;
}

void Node::OnDeadline(Instant now) {
  const Instant due = agent_due_;
  if (keep_alive_due_ <= std::min(now, due)) return AskFlows(now);
  if (tasks_due_.next_deadline() <= std::min(now, due)) {
    const std::uint32_t place = tasks_due_.Earliest()->owner;
    const Task task = std::exchange(tasks_[place], nullptr);
    tasks_due_.Remove(place);
    free_tasks_.push_back(place);
    task(*this, now);
    return;
  }
  if (due > now) return;
  Record record{.at = now, .kind = Record::Kind::kDeadline, .node = number(), .due = due};
  if (world().options().probe_early && due - Duration(1) > last_input_) {
    record.name = "early";
    Apply(due - Duration(1), ua::input::Deadline{}, record);
    record.name = {};
  }
  Apply(now, ua::input::Deadline{}, record);
  AnswerLocates(now);
}

InputResult Node::Apply(Instant now, const UserAgentInput& input, Record record) {
  last_input_ = now;
  if (observer_ != nullptr) observer_->Before(now, input);
  const InputResult result = sansip::Apply(*agent_, now, input, out_);
  if (observer_ != nullptr) observer_->After(result, out_);
  record.actions = static_cast<std::uint32_t>(out_.size());
  record.next = agent_due_ = agent_->next_deadline();
  if (result.error != VerbError::kNone) record.text = VerbErrorName(result.error);
  world().trace().Add(record);
  RecordArrows(now);
  Execute(now);
  return result;
}

// Each answer is a call of its own, made when the sink is clear.
void Node::AnswerLocates(Instant now) {
  while (!located_.empty()) {
    const LocateAnswer answer = located_.front();
    located_.pop_front();
    Record record{.at = now, .kind = Record::Kind::kInput, .node = number(), .name = "Located"};
    if (!answer.flow) {
      Apply(now, ua::input::LocateFailed{answer.cookie}, record);
      continue;
    }
    const HostPort self{host_, options_.address.port};
    Path path{*answer.flow, flows_[answer.flow->slot].transport, self, self};
    if (!IsReliable(path.transport)) path.request_bytes_max = DatagramRequestBytesMax(0);
    Apply(now, ua::input::Located{answer.cookie, path}, record);
  }
}

void Node::Execute(Instant now) {
  for (const UserAgentAction& action : out_) {
    if (const auto* transmit = std::get_if<ua::Transmit>(&action)) {
      ExecuteTransmit(now, *transmit);
    } else if (const auto* locate = std::get_if<ua::Locate>(&action)) {
      located_.push_back(Locate(now, *locate));
    } else {
      Record record{.at = now, .kind = Record::Kind::kEvent, .node = number(), .name = ActionName(action)};
      record.text = TextWithDetails(action, event_text_) ? std::string_view(event_text_) : record.name;
      std::visit(
          [&record](const auto& event) {
            if constexpr (requires { event.call; }) record.call = event.call.value();
          },
          action);
      if (const auto* refreshed = std::get_if<ua::Refreshed>(&action);
          refreshed && refreshed->interval != 0) {
        record.due = After(now, std::chrono::seconds(refreshed->interval));
      }
      world().trace().Add(record);
      user_->OnAction(*this, now, action);
      if (const auto* changed = std::get_if<ua::RegistrationChanged>(&action);
          changed && options_.keeps_alive) {
        KeepAlive(now, changed->registration);
      }
    }
  }
  out_.Clear();
}

void Node::ExecuteTransmit(Instant now, const ua::Transmit& transmit) {
  if (!options_.alter) return Send(now, transmit.flow, transmit.wire);
  altered_.clear();
  options_.alter(transmit.wire, altered_);
  for (const std::string& wire : altered_) Send(now, transmit.flow, wire);
}

void Node::Send(Instant now, FlowId flow_id, std::string_view wire) {
  Flow& flow = flows_[flow_id.slot];
  Record record{.at = now, .kind = Record::Kind::kSent, .node = number(), .wire = wire};
  if (flow.transport == Transport::kUdp) {
    record.wire_hash = HashOf(wire);
    Network& network = world().network();
    if (!flow.endpoint) flow.endpoint = network.Find(flow.peer);
    const Departure departure = network.SendDatagram(now, number(), flow.endpoint, wire, record.wire_hash);
    record.datagram = departure.datagram + 1;
    record.peer = departure.to.value_or(Record::kNobody);
    if (departure.fate.lost) record.kind = Record::Kind::kLost;
    world().trace().Add(record);
    return;
  }
  if (const std::optional<EndpointId> peer = world().network().Find(flow.peer)) record.peer = *peer;
  const bool written = !flow.is_dead && world().network().WriteStream(now, flow.stream, number(), wire);
  if (!written) record.kind = Record::Kind::kLost;
  world().trace().Add(record);
}

void Node::RecordArrows(Instant now) {
  for (const ArrowTaken& arrow : arrows_) {
    world().trace().Add({.at = now,
                         .kind = Record::Kind::kArrow,
                         .node = number(),
                         .name = ArrowName(arrow.machine, arrow.arrow)});
  }
  arrows_.Clear();
}

Node::LocateAnswer Node::Locate(Instant now, const ua::Locate& locate) {
  if (locate.sips || !ReadNextHop(locate.next_hop)) return {locate.cookie, std::nullopt};
  Transport transport = hop_.transport;
  // RFC 3261 18.1.1: by a stream what is too long, by datagrams all the same if nobody takes streams there.
  const bool is_too_long = !IsReliable(transport) && locate.wire_bytes_estimate > DatagramRequestBytesMax(0);
  const bool was_refused = !locate.failed_flow.is_nil() && flows_[locate.failed_flow.slot].is_refused;
  // One address each: a path that failed otherwise leaves none (RFC 3263 4.3).
  if (locate.failed > 0 && !(is_too_long && was_refused)) return {locate.cookie, std::nullopt};
  if (is_too_long && !was_refused) transport = Transport::kTcp;
  SocketAddress address = hop_.address;
  if (address.port == 0) address.port = DefaultPort(transport);
  return {locate.cookie, FlowTo(now, address, transport)};
}

bool Node::ReadNextHop(std::string_view text) {
  if (hop_.uri == text) return true;
  hop_.uri.clear();
  const std::optional<SipUri> uri = ParseSipUri(text);
  const std::optional<SocketAddress> address = uri ? world().Resolve(uri->host, uri->port) : std::nullopt;
  if (!address) return false;
  hop_.address = *address;
  hop_.transport = options_.transport;
  if (const auto parameter = UriParameter(*uri, "transport")) {
    hop_.transport = TransportFromName(*parameter).value_or(hop_.transport);
  }
  if (ParseIp(uri->host, 0)) hop_.uri.assign(text);  // names may come to mean something else
  return true;
}

std::optional<FlowId> Node::FlowTo(Instant now, const SocketAddress& peer, Transport transport) {
  if (transport == Transport::kUdp) return FlowOverUdp(peer);
  for (std::size_t slot = 0; slot < flows_.size(); ++slot) {
    const Flow& flow = flows_[slot];
    if (flow.transport == Transport::kTcp && flow.peer == peer && !flow.is_dead) {
      return FlowId{static_cast<std::uint32_t>(slot), 1};
    }
  }
  const std::optional<StreamId> stream = world().network().OpenStream(now, number(), peer);
  if (!stream) return std::nullopt;
  return FlowOfStream(*stream, peer);
}

FlowId Node::FlowOverUdp(const SocketAddress& peer) {
  for (std::size_t slot = 0; slot < flows_.size(); ++slot) {
    if (flows_[slot].transport == Transport::kUdp && flows_[slot].peer == peer) {
      return {static_cast<std::uint32_t>(slot), 1};
    }
  }
  flows_.push_back({.transport = Transport::kUdp, .peer = peer, .endpoint = {}, .framer = nullptr});
  return {static_cast<std::uint32_t>(flows_.size() - 1), 1};
}

FlowId Node::FlowFrom(EndpointId endpoint) {
  if (latest_.generation == 0 || flows_[latest_.slot].endpoint != endpoint) {
    latest_ = FlowOverUdp(world().network().address(endpoint));
    flows_[latest_.slot].endpoint = endpoint;
  }
  return latest_;
}

FlowId Node::FlowOfStream(StreamId stream, const SocketAddress& peer) {
  for (std::size_t slot = 0; slot < flows_.size(); ++slot) {
    if (flows_[slot].transport == Transport::kTcp && flows_[slot].stream == stream) {
      return {static_cast<std::uint32_t>(slot), 1};
    }
  }
  flows_.push_back({.transport = Transport::kTcp,
                    .peer = peer,
                    .endpoint = {},
                    .stream = stream,
                    .framer = std::make_unique<Framer>(parser_.limits())});
  return {static_cast<std::uint32_t>(flows_.size() - 1), 1};
}

void Node::OnArrival(Instant now, const Arrival& arrival) {
  const SocketAddress& peer = world().network().address(arrival.from);
  Record record{.at = now,
                .kind = Record::Kind::kArrived,
                .node = number(),
                .peer = arrival.from,
                .datagram = arrival.datagram + 1,
                .text = arrival.is_duplicate ? std::string_view("again") : std::string_view(),
                .wire_hash = arrival.hash};
  switch (arrival.kind) {
    case Arrival::Kind::kDatagram:
      if (options_.keeps_alive && stun::IsStun(arrival.bytes)) {
        OnStun(now, FlowFrom(arrival.from), arrival.bytes);
      } else {
        OnBytes(now, FlowFrom(arrival.from), arrival.bytes, Framing::kDatagram, record);
      }
      break;
    case Arrival::Kind::kStreamOpened:
      FlowOfStream(arrival.stream, peer);
      break;
    case Arrival::Kind::kStreamBytes:
      record.datagram = 0;
      OnStreamBytes(now, FlowOfStream(arrival.stream, peer), arrival.bytes, record);
      break;
    case Arrival::Kind::kStreamReset:
      OnStreamReset(now, FlowOfStream(arrival.stream, peer), "reset");
      break;
    case Arrival::Kind::kStreamRefused: {
      const FlowId flow = FlowOfStream(arrival.stream, peer);
      flows_[flow.slot].is_refused = true;
      OnStreamReset(now, flow, "refused");
      break;
    }
  }
  AnswerLocates(now);
}

void Node::OnBytes(Instant now, FlowId flow, std::string_view bytes, Framing framing, const Record& arrived) {
  const Origin origin{flow, flows_[flow.slot].transport, flows_[flow.slot].peer};
  Record record = arrived;
  record.wire = bytes;
  ParseError error;
  const MessageIndex* index = &index_;
  if (framing == Framing::kDatagram) {
    if (record.wire_hash == 0) record.wire_hash = HashOf(bytes);
    const ParsedLately::Parsed& parsed = world().parsed().Parse(bytes, record.wire_hash);
    error = parsed.error;
    index = &parsed.index;
  } else {
    error = parser_.Parse(bytes, framing, index_);
  }
  const MessageView view(bytes, *index);
  if (error.ok()) {
    Apply(now, ua::input::Message{origin, &view}, record);
  } else {
    Apply(now, ua::input::Unparsable{origin, bytes, error}, record);
  }
}

void Node::OnStreamBytes(Instant now, FlowId flow, std::string_view bytes, const Record& arrived) {
  while (!bytes.empty() && !flows_[flow.slot].is_dead) {
    Framer& framer = *flows_[flow.slot].framer;
    const std::span<char> room = framer.Writable();
    const std::size_t size = std::min(room.size(), bytes.size());
    std::memcpy(room.data(), bytes.data(), size);
    framer.Commit(size);
    bytes.remove_prefix(size);
    for (Frame frame = framer.Next(); frame.kind != Frame::Kind::kNeedMore; frame = framer.Next()) {
      if (frame.kind == Frame::Kind::kError) {
        world().network().ResetStream(now, flows_[flow.slot].stream);
        return;
      }
      if (frame.kind == Frame::Kind::kPong) OnKeepAliveHeard(now, flow, keep_alives_.OnPong(now, flow));
      if (frame.kind == Frame::Kind::kMessage) OnBytes(now, flow, frame.bytes, Framing::kStream, arrived);
    }
  }
}

void Node::OnStreamReset(Instant now, FlowId flow, std::string_view why) {
  if (flows_[flow.slot].is_dead) return;
  flows_[flow.slot].is_dead = true;
  Apply(now, ua::input::FlowFailed{flow},
        {.at = now, .kind = Record::Kind::kInput, .node = number(), .name = "FlowFailed", .text = why});
}

std::string MessageText(std::string_view wire) {
  MessageIndex index;
  if (!Parser().Parse(wire, Framing::kDatagram, index).ok()) return "?";
  const MessageView message(wire, index);
  if (message.is_response()) {
    return std::to_string(message.status_code()) + " " + std::string(message.reason_phrase());
  }
  std::string text(message.method_text());
  Via via;
  // Enough of a branch to tell it from others.
  if (TopVia(message, via)) text += " " + std::string(via.branch.substr(0, 13));
  return text;
}

std::string ActionText(const UserAgentAction& action) {
  std::string text;
  return TextWithDetails(action, text) ? text : std::string(ActionName(action));
}

}  // namespace sansip::sim
