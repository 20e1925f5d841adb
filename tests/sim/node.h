// A node of a simulation: a production user agent, unchanged, between the network and a scripted user.
//
// The node does what a program's main does with the real thing: it parses what arrives, executes actions in
// their order, answers Locate from the world's own table, and calls again only when the sink is cleared. The
// user never calls the agent from within an action: it asks for a task, which runs in its own event.
#ifndef SANSIP_TESTS_SIM_NODE_H_
#define SANSIP_TESTS_SIM_NODE_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sansip/core/base/address.h"
#include "sansip/core/base/time.h"
#include "sansip/core/message/framer.h"
#include "sansip/core/message/parser.h"
#include "sansip/core/stun/message.h"
#include "sansip/core/timer/deadline_queue.h"
#include "sansip/dialog/user_agent.h"
#include "sansip/dialog/user_agent_input.h"
#include "sansip/tests/sim/element.h"
#include "sansip/tests/sim/input_observer.h"
#include "sansip/tests/sim/network.h"
#include "sansip/tests/sim/random.h"
#include "sansip/tests/sim/trace.h"
#include "sansip/transport/keep_alive.h"

namespace sansip::sim {

class Node;

// Who sits at a node. Actions come in their order; Transmit and Locate are the node's own business.
class User {
 public:
  virtual ~User() = default;
  virtual void OnAction(Node& node, Instant now, const UserAgentAction& action) = 0;
};

struct NodeOptions {
  std::string name = "alice";  // the user part of its URIs, and a ladder's heading
  SocketAddress address = {};
  Transport transport = Transport::kUdp;  // of what it sends first and is not too long; it hears both
  UserAgentOptions user_agent = {};
  // RFC 5626 4.4: flows that a registrar has bound are kept alive, as SipDriver does it.
  bool keeps_alive = false;
  // What goes out in the place of a message: the habits of another implementation, or a fault of the wire's.
  // Empty: the message itself.
  std::function<void(std::string_view wire, std::vector<std::string>& sent)> alter = nullptr;
  RandomSource* random = nullptr;  // of the agent; null: seeded from the world's seed and the node's number
};

class Node final : public Element {
 public:
  using Task = std::function<void(Node&, Instant)>;

  Node(World& world, std::uint32_t number, const NodeOptions& options, std::unique_ptr<User> user);

  const std::string& name() const override { return options_.name; }
  const SocketAddress& address() const { return options_.address; }
  const std::string& Uri() const { return uri_; }            // "sip:alice@192.0.2.1:5060"
  const std::string& Identity() const { return identity_; }  // "<sip:alice@192.0.2.1>"
  const UserAgent& agent() const { return *agent_; }
  const KeepAlives& keep_alives() const { return keep_alives_; }
  User& user() { return *user_; }

  // Runs in an event of its own, in the order of time and then of asking.
  void At(Instant at, Task task);
  // A verb, now. Only from a task or from outside of the run.
  InputResult Do(Instant now, const UserAgentInput& input);
  void Observe(InputObserver* observer) { observer_ = observer; }

  // What the world calls.
  void OnArrival(Instant now, const Arrival& arrival) override;
  void OnDeadline(Instant now) override;
  [[nodiscard]] Instant next_deadline() const override {
    return std::min({agent_due_, tasks_due_.next_deadline(), keep_alive_due_});
  }
  std::size_t left() const override { return agent_->calls_kept() + agent_->client_transactions_pending(); }

 private:
  struct Flow {
    Transport transport = Transport::kUdp;
    SocketAddress peer;
    std::optional<EndpointId> endpoint;  // where datagrams to it arrive, once there was one
    StreamId stream = 0;
    bool is_dead = false;
    bool is_refused = false;
    std::unique_ptr<Framer> framer;  // of a stream
  };
  // What a URI says of where to send. Calls of a run go to few places.
  struct NextHop {
    std::string uri;  // empty: none
    Transport transport = Transport::kUdp;
    SocketAddress address;  // port 0: the transport's
  };
  struct LocateAnswer {
    Cookie cookie;
    std::optional<FlowId> flow;  // nullopt: nowhere to send
  };

  InputResult Apply(Instant now, const UserAgentInput& input, Record record);
  void AnswerLocates(Instant now);
  void Execute(Instant now);
  void ExecuteTransmit(Instant now, const ua::Transmit& transmit);
  void Send(Instant now, FlowId flow, std::string_view wire);
  void RecordArrows(Instant now);
  LocateAnswer Locate(Instant now, const ua::Locate& locate);
  bool ReadNextHop(std::string_view text);  // into hop_
  FlowId FlowOverUdp(const SocketAddress& peer);
  FlowId FlowFrom(EndpointId endpoint);  // over UDP, too
  FlowId FlowOfStream(StreamId stream, const SocketAddress& peer);
  std::optional<FlowId> FlowTo(Instant now, const SocketAddress& peer, Transport transport);
  void OnBytes(Instant now, FlowId flow, std::string_view bytes, Framing framing, const Record& arrived);
  void OnStreamBytes(Instant now, FlowId flow, std::string_view bytes, const Record& arrived);
  void OnStreamReset(Instant now, FlowId flow, std::string_view why);
  // node_keep_alive.cc
  void KeepAlive(Instant now, RegistrationId id);
  void AskFlows(Instant now);
  void Ask(Instant now, const KeepAlives::Event& event);
  void OnStun(Instant now, FlowId flow, std::string_view bytes);
  void OnKeepAliveHeard(Instant now, FlowId flow, KeepAlives::Heard heard);

  NodeOptions options_;
  std::unique_ptr<User> user_;
  SeededRandom random_;
  SinkOf<ArrowTaken, 256> arrows_;
  SinkOf<UserAgentAction, UserAgent::kActionsPerEventMax> out_;
  std::unique_ptr<UserAgent> agent_;
  Parser parser_;
  MessageIndex index_;
  std::string host_, uri_, identity_;
  NextHop hop_;  // of the latest Locate
  std::string event_text_;
  std::vector<Flow> flows_;  // FlowId.slot is the place, generation 1
  FlowId latest_;            // of FlowFrom()
  std::deque<LocateAnswer> located_;
  std::vector<std::string> altered_;
  DeadlineQueue tasks_due_;  // of places in tasks_
  std::vector<Task> tasks_;
  std::vector<std::uint32_t> free_tasks_;  // places
  Instant agent_due_ = kNever;             // its next_deadline(), which only calls change
  KeepAlives keep_alives_;
  Instant keep_alive_due_ = kNever;  // likewise
  Instant last_input_;
  InputObserver* observer_ = nullptr;
};

// "Ended: RemoteBye" of an action, for records and ladders.
std::string ActionText(const UserAgentAction& action);
// "INVITE z9hG4bK1" or "486 Busy Here" of a message's bytes; "?" of what is none.
std::string MessageText(std::string_view wire);

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_NODE_H_
