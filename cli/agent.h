// A user agent on real sockets with real audio: what `sansip call` and `sansip answer` are made of. Here the
// machines meet their drivers: UserAgent and SipDriver through an Executor, Locate, one CallMedia per call.
//
// One thread, one event loop, which several agents may share. The owner calls Step() until is_done().
#ifndef SANSIP_CLI_AGENT_H_
#define SANSIP_CLI_AGENT_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sansip/cli/call_media.h"
#include "sansip/cli/challenger.h"
#include "sansip/cli/exit_code.h"
#include "sansip/cli/observed_agent.h"
#include "sansip/cli/options.h"
#include "sansip/cli/reporter.h"
#include "sansip/cli/state_file.h"
#include "sansip/core/base/random.h"
#include "sansip/dialog/user_agent.h"
#include "sansip/tests/sim/trace_file.h"
#include "sansip/transport/epoll_driver.h"
#include "sansip/transport/event_loop.h"
#include "sansip/transport/executor.h"
#include "sansip/transport/locate.h"

namespace sansip::cli {

// The recorder of --trace as an observer.
class TraceObserver final : public AgentObserver {
 public:
  explicit TraceObserver(std::unique_ptr<sim::TraceRecorder> recorder) : recorder_(std::move(recorder)) {}

  RandomSource& random() { return recorder_->random(); }
  bool ok() const { return recorder_->ok(); }
  void OnInput(Instant now, const UserAgentInput& input) override { recorder_->Before(now, input); }
  void OnActions(Instant, const UserAgentInput&, const InputResult& result,
                 const UserAgentSink& actions) override {
    recorder_->After(result, actions);
  }

 private:
  std::unique_ptr<sim::TraceRecorder> recorder_;
};

class Agent final : private Executor<ObservedAgent, UserAgentAction>::User, private AgentObserver {
 public:
  struct Totals {
    std::uint64_t calls = 0;          // begun: placed or taken
    std::uint64_t ok = 0;             // ended normally
    ExitCode exit = ExitCode::kOk;    // of the first that did not
    int status = 0;                   // of the first that was refused; 0: none; a registration counts, too
    rtp::MediaStatistics last_heard;  // of the call that ended last
  };

  // Opens the trace and listens; an error says what to do about it. All must outlive the agent.
  static absl::StatusOr<std::unique_ptr<Agent>> Create(const AgentOptions& options, EventLoop* loop,
                                                       RandomSource* random, Reporter* reporter);
  ~Agent() override = default;
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;

  void Observe(AgentObserver* observer) { core_.Add(observer); }
  // Goes on with what the state file holds; then a caller begins to call.
  void Start();
  // BYE, CANCEL or 480 for everything open; is_done() within five seconds.
  void Shutdown();

  // Every open call has failed: the program ends at once.
  void Abandon();

  // Waits until something happens, `until` at the latest, and does it.
  void Step(Instant until);
  Instant next_deadline() const;
  // Nothing is left to be done: every call has ended, every request has its final response, and the time to
  // repeat responses has passed.
  bool is_done();

  const Totals& totals() const { return totals_; }
  const std::vector<ListenAddress>& bound() const { return bound_; }
  const UserAgent& user_agent() const { return user_agent_; }
  const SipDriver& driver() const { return *driver_; }
  // False: the trace could not be written to its end.
  bool is_trace_complete() const { return trace_ == nullptr || trace_->ok(); }
  // At the end: what is still up stays in the state file, else there is none.
  void CloseState();
  // False: it could not be written.
  bool is_state_complete() const { return is_state_complete_; }

 private:
  // Where a call stands in one part of the script.
  struct ScriptCursor {
    const std::vector<ScriptStep>* steps = nullptr;
    Instant zero = kNever;  // kNever: it has not begun
    std::size_t next = 0;
    Instant retry{};  // not before
    int tries = 0;
    Instant due() const;
  };

  struct Call {
    std::uint64_t number = 0;
    CallId id;
    bool is_incoming = false;
    std::string peer;  // a URI, for people
    std::unique_ptr<CallMedia> media;
    std::optional<Instant> answered;
    bool offers_late = false;         // the peer's INVITE had no offer
    bool is_early_offer = false;      // and the offer went in a reliable 180
    bool is_answer_untold = false;    // Reporter::Answered is due
    bool is_moving = false;           // the peer still has to take our other RTP port
    std::optional<ExitCode> verdict;  // ours, whatever the protocol says
    ScriptCursor after_start, after_ack;
    Instant answer_at = kNever, cancel_at = kNever, hangup_at = kNever, reinvite_at = kNever;
    Instant transfer_at = kNever;
  };

  // What a peer has published (RFC 3903), and who watches such a state.
  struct EventState {
    std::string resource, event, content_type = {}, body = {};
    std::uint64_t order = 0;  // of the change that brought it
  };
  struct Watcher {
    StandaloneId id;
    std::string resource, event;
  };

  // What is kept of an action until the core may be called again.
  using Task = std::function<void()>;

  Agent(const AgentOptions& options, const UserAgentOptions& user_agent_options, EventLoop* loop,
        RandomSource* random, Reporter* reporter, std::unique_ptr<TraceObserver> trace);
  absl::Status Listen();

  // Executor::User and AgentObserver.
  void Execute(Instant now, const UserAgentAction& action) override;
  void React(Instant now) override;
  void OnInput(Instant now, const UserAgentInput& input) override;
  void OnActions(Instant now, const UserAgentInput& input, const InputResult& result,
                 const UserAgentSink& actions) override;
  void OnTurnedAway(Instant now, const UserAgentInput& input, const UserAgentSink& actions) override;

  // One per action: copies what it needs and leaves a task.
  void Take(const ua::Transmit&) {}
  void Take(const ua::Locate& action);
  void Take(const ua::Incoming& action);
  void Take(const ua::Progress& action);
  void Take(const ua::PrackReceived& action);
  void Take(const ua::Redirected& action);
  void Take(const ua::NeedCredentials& action);
  void Take(const ua::RegistrationChanged& action);
  void Take(const ua::RequestEnded& action);
  void Take(const ua::RequestReceived& action);
  void Take(const ua::SubscriptionChanged& action);
  void Take(const ua::Notified& action);
  void Take(const ua::SubscriptionRequested& action);
  void Take(const ua::PublicationChanged&) {}
  void Take(const ua::EventStateChanged& action);
  void Take(const ua::ProofFailed& action);
  void Take(const ua::ReferChanged& action);
  void Take(const ua::ReferReceived& action);
  void Take(const ua::Answered& action);
  void Take(const ua::Confirmed& action);
  void Take(const ua::OfferReceived& action);
  void Take(const ua::AnswerReceived& action);
  void Take(const ua::Reinvited& action);
  void Take(const ua::Refreshed& action);
  void Take(const ua::RefreshFailed& action);
  void Take(const ua::SessionExpiring& action);
  void Take(const ua::Ended& action);
  void Take(const ua::CallGone&) {}

  InputResult Do(const UserAgentInput& input);
  void AnswerLocate(Cookie cookie, const std::string& next_hop, std::size_t bytes, Attempts attempts);
  void TakeCall(CallId id, const std::string& offer, const std::string& from, const std::string& to,
                const std::string& call_id, bool is_replacing);
  bool AgreeOn(Call& call, const std::string& offer);
  VerbError Ring(Call& call, int status);
  void AnswerCall(Call& call);
  void RefuseCall(Call& call, int status, std::string_view warning);
  void OnConfirmed(Call& call);
  void OnOffer(Call& call, const std::string& offer, OfferPlace place);
  void OnAnswer(Call& call, DialogId dialog, const std::string& answer);
  void OnEnded(Call& call, EndCause cause, EndedFacts ended);

  // agent_registration.cc
  void Register();
  void OnRegistered(std::uint32_t expires);
  void KeepAlive(const RegistrationView& view, RegisteredFacts& facts);
  void NoteAlive(Instant now, FlowId flow);
  void NoteFlowFailed();
  void OnRegistrationWaiting(int status, const std::string& reason, Instant next);
  void OnRegistrationOver(int status, const std::string& reason);
  void FailRegistration(int status, const std::string& reason);
  void UnregisterAtEnd();
  std::string AddressOfRecord() const;  // a URI

  // agent_state.cc
  absl::Status RestoreState();
  void ResumeCalls();
  void ResumeCall(CallId id);
  void NoteState(Instant now);  // it has changed
  void SaveState(Instant now);  // if it is due

  // agent_script.cc
  void RunScript(std::uint64_t number, Instant now);
  VerbError DoStep(Call& call, const ScriptStep& step);

  // agent_standalone.cc
  void StartTask();
  void TellCallRequest(const ua::RequestEnded& action);
  void TellBindings(const MessageView& response);
  void FailTask(ExitCode exit, int status, std::string_view what);

  // agent_events.cc
  void TellWatchers(const std::string& resource, const std::string& event);
  void TellWatcher(const Watcher& watcher);

  // agent_refer.cc
  InputResult SendRefer(std::string_view from, std::string_view route);
  void Transfer(Call& call);
  void OnReferred(Call* call, ReferStage stage, int status);  // null: outside of calls

  void PlaceCalls();
  void PlaceCall(const std::string& target, StandaloneId reference);  // nil: of our own accord
  std::uint64_t calls_counted() const { return totals_.calls - referred_calls_; }
  VerbError Reoffer(Call& call, bool by_update);
  void Reinvite(Call& call);
  void GiveUpMoving(Call& call);
  void OnTime(Call& call, Instant now);
  void GiveUp(Call& call, ExitCode verdict, std::string_view message);
  void TellAnswered(Call& call);
  void Fail(Call& call, ExitCode exit, std::string_view message);
  void Count(ExitCode exit);
  Call* Find(Cookie cookie);
  // The address of ours that reaches `remote`, and that of the peer whose message came last.
  SocketAddress LocalAddressTowards(const SocketAddress& remote) const;
  SocketAddress LocalAddressOfLastMessage() const;
  bool HasUdp() const;
  bool AreCallsOver() const;
  bool IsSettled() const;
  Duration Linger() const;

  AgentOptions options_;
  EventLoop* loop_;
  RandomSource* random_;
  Reporter* reporter_;
  std::unique_ptr<TraceObserver> trace_;  // null: none
  UserAgent user_agent_;
  std::optional<Challenger> challenger_;  // nullopt: anybody may ask
  ObservedAgent core_;
  Executor<ObservedAgent, UserAgentAction> executor_;
  std::unique_ptr<SipDriver> driver_;
  std::vector<ListenAddress> bound_;

  std::deque<Task> tasks_;
  std::map<std::uint64_t, Call> calls_;               // by number, which is the cookie; those not ended
  std::map<std::uint64_t, EventState> event_states_;  // by the id's value
  std::uint64_t event_changes_ = 0;
  std::vector<Watcher> watchers_;  // those that are over go when another comes
  Totals totals_;
  std::uint64_t referred_calls_ = 0;  // of them placed for a REFER
  RegistrationId registration_;       // nil: none, or over
  FlowId kept_alive_;                 // of it, where the registrar has bound it; nil: not kept alive
  bool is_alive_ = false;             // and it has answered a keep-alive
  bool has_no_stun_ = false;          // the peer, as far as is known: StunUse::kAuto
  bool is_task_over_ = false;         // the one thing that was asked for outside of calls
  bool has_notice_ = false;           // a NOTIFY came
  bool was_registered_ = false, is_unregistering_ = false;
  std::string locate_error_;  // the latest, empty: none since
  SocketAddress last_source_;
  std::string last_contact_host_;
  bool has_udp_request_ = false;  // a response to it may have been lost
  Instant settled_ = kNever;      // since when
  Instant shutdown_end_ = kNever;
  std::optional<StateFile> state_;
  Instant state_due_ = kNever, state_saved_ = kNever;
  bool is_state_complete_ = true;
};

UserAgentOptions UserAgentOptionsOf(const AgentOptions& options);

}  // namespace sansip::cli

#endif  // SANSIP_CLI_AGENT_H_
