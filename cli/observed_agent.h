// A user agent as the executor's core, with everything that goes in and comes out shown to observers: the
// live ladder, the trace. One funnel: every input is a UserAgentInput.
#ifndef SANSIP_CLI_OBSERVED_AGENT_H_
#define SANSIP_CLI_OBSERVED_AGENT_H_

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "sansip/cli/challenger.h"
#include "sansip/dialog/user_agent.h"
#include "sansip/dialog/user_agent_input.h"

namespace sansip::cli {

class AgentObserver {
 public:
  virtual ~AgentObserver() = default;
  virtual void OnInput(Instant now, const UserAgentInput& input) = 0;
  // What came of it. Views are valid for the call.
  virtual void OnActions(Instant now, const UserAgentInput& input, const InputResult& result,
                         const UserAgentSink& actions) = 0;
  // A request that went no further than the challenger, and its response: no input of the user agent.
  virtual void OnTurnedAway(Instant, const UserAgentInput&, const UserAgentSink&) {}
};

class ObservedAgent {
 public:
  static constexpr std::size_t kActionsPerEventMax = UserAgent::kActionsPerEventMax;

  // `agent` and the observers must outlive this.
  explicit ObservedAgent(UserAgent* agent) : agent_(agent) {}
  // Requests have to get past it first; it must outlive this.
  void Guard(Challenger* challenger) { challenger_ = challenger; }
  void Add(AgentObserver* observer) { observers_.push_back(observer); }

  InputResult Apply(Instant now, const UserAgentInput& input, UserAgentSink& out) {
    for (AgentObserver* observer : observers_) observer->OnInput(now, input);
    const InputResult result = sansip::Apply(*agent_, now, input, out);
    for (AgentObserver* observer : observers_) observer->OnActions(now, input, result, out);
    return result;
  }

  void OnMessage(Instant now, const Origin& origin, const MessageView& message, UserAgentSink& out) {
    ua::input::Message input{.origin = origin, .message = &message};
    if (challenger_ != nullptr) {
      if (challenger_->TurnsAway(now, origin, message, *agent_, out)) {
        for (AgentObserver* observer : observers_) observer->OnTurnedAway(now, input, out);
        return;
      }
      input.authentication_info = challenger_->authentication_info();
    }
    Apply(now, input, out);
  }
  void OnUnparsable(Instant now, const Origin& origin, std::string_view bytes, ParseError error,
                    UserAgentSink& out) {
    Apply(now, ua::input::Unparsable{.origin = origin, .bytes = bytes, .error = error}, out);
  }
  void OnTransportError(Instant now, TransactionId id, UserAgentSink& out) {
    Apply(now, ua::input::TransportError{id}, out);
  }
  void OnFlowFailed(Instant now, FlowId flow, UserAgentSink& out) {
    Apply(now, ua::input::FlowFailed{flow}, out);
  }
  void OnKeepAliveAnswered(Instant now, FlowId flow, UserAgentSink& out) {
    Apply(now, ua::input::KeepAliveAnswered{flow}, out);
  }
  void OnDeadline(Instant now, UserAgentSink& out) { Apply(now, ua::input::Deadline{}, out); }

  bool Refers(FlowId flow) const { return agent_->Refers(flow); }
  Instant next_deadline() const { return agent_->next_deadline(); }
  const UserAgent& agent() const { return *agent_; }

 private:
  UserAgent* agent_;
  Challenger* challenger_ = nullptr;  // null: none
  std::vector<AgentObserver*> observers_;
};

}  // namespace sansip::cli

#endif  // SANSIP_CLI_OBSERVED_AGENT_H_
