// All that a user agent holds: its records, its queues of deadlines, and what one event needs; and what needs
// nothing else. Private to dialog/user_agent*.
#ifndef SANSIP_DIALOG_USER_AGENT_STATE_H_
#define SANSIP_DIALOG_USER_AGENT_STATE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/action/sink.h"
#include "sansip/core/auth/digest_cache.h"
#include "sansip/core/base/random.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/message_view.h"
#include "sansip/core/message/method.h"
#include "sansip/core/message/verdict.h"
#include "sansip/core/timer/deadline_queue.h"
#include "sansip/core/transaction/layer.h"
#include "sansip/dialog/compositor.h"
#include "sansip/dialog/dialog_table.h"
#include "sansip/dialog/draft_space.h"
#include "sansip/dialog/recycling_slab.h"
#include "sansip/dialog/user_agent.h"
#include "sansip/dialog/user_agent_binding.h"
#include "sansip/dialog/user_agent_call.h"
#include "sansip/dialog/user_agent_standalone.h"

namespace sansip {

class Loading;
class Saving;

// Sixteen hexadecimal digits, the lowest first.
class HexText {
 public:
  HexText() = default;
  explicit HexText(std::uint64_t bits);
  std::string_view view() const { return {digits_.data(), digits_.size()}; }

 private:
  std::array<char, 16> digits_{};
};

struct UserAgentState {
  static constexpr std::size_t kInnerMax = 64;
  // What one layer batch, one call's timer or one call's end can add to the outer sink.
  static constexpr std::size_t kBatchRoom = 48;

  UserAgentState(const UserAgentOptions& options, RandomSource& random);

  std::uint64_t NewTag() { return random_.Next(); }
  void Touch(CallId id, Call& call) {  // it is to be settled
    if (!call.touched) touched_.push_back({id, &call});
    call.touched = true;
  }
  // The timers of a call, the earliest of which stands in deadlines_.
  static std::uint64_t FirstOrder(const Call& call) {  // 0: none is armed
    const auto* earliest = call.timers.Earliest();
    return earliest == nullptr ? 0 : earliest->order;
  }
  void SetDeadline(CallId id, const Call& call, std::uint64_t first_order_before);
  void Arm(CallId id, Call& call, CallTimer timer, Instant at);
  void Stop(CallId id, Call& call, CallTimer timer) { Arm(id, call, timer, kNever); }
  void StopIf(CallId id, Call& call, auto stop) {
    const std::uint64_t before = FirstOrder(call);
    if (before == 0) return;
    call.timers.StopIf(stop);
    SetDeadline(id, call, before);
  }
  void ForgetSuccess(CallId id, Call& call);
  OpenInvite* FindOpen(const Call& call) { return open_invites_.Find(call.open_invite); }
  bool WasOvertaken(const Outgoing& bye, const MessageView& response) const;
  bool FlowFailedLately(FlowId flow) const;
  DigestCache::Destination DestinationOf(const Outgoing& request) const;
  std::size_t EstimateBytes(const Outgoing& request, const Dialog& dialog, const RequestRoute& route) const;
  void Recycle();  // what the last event has removed
  // Questions, and what is counted.
  std::string_view TagOf(TransactionId id);
  void CountRefusal(int status);
  void CountTolerated(SessionTimerTolerances tolerated);
  bool InviteOpen(const Call& call) const;
  bool IsSameSession(std::string_view last, std::string_view fresh) const;
  std::string_view DescriptionOf(const MessageView& message) const;  // empty: none that is a session's
  std::string_view SessionType() const {                             // the first that is accepted
    return std::string_view(options_.accept).substr(0, options_.accept.find(','));
  }
  // Null: outside of calls.
  ElementPolicy Policy(const Call* call = nullptr) const;
  std::string_view AllowOf(const Call* call) const {
    return std::string_view(allow_).substr(0, allow_.size() - (TakesPrack(call) ? 0 : kAndPrack.size()));
  }
  std::string_view SupportedOf(const Call* call) const {
    const std::size_t unsaid = TakesPrack(call) ? 0 : kAndReliably.size();
    return std::string_view(supported_).substr(0, supported_.size() - unsaid);
  }
  bool TakesPrack(const Call* call) const {
    return (call == nullptr ? options_.reliable_provisionals : call->reliability) !=
           ReliableProvisionals::kNo;
  }
  ElementPolicy PolicyOf(const MessageView& request, const Call* call) const;
  VerbError CheckUpdate(const Call& call, const Dialog& dialog, bool offers) const;
  bool AnswerMustWait(const Call& call) const;
  bool IsReliable(const Call& call, const MessageView& response) const;
  int StatusOfTarget(const MessageView& request) const;                               // _callee.cc
  std::string_view ContactUser(std::string_view given, std::string_view from) const;  // _verbs.cc
  bool GoWithLess(Outgoing& request, const MessageView& response);                    // _caller.cc
  bool WantsAnother(const Outgoing& reinvite);                                        // _modify.cc
  bool FollowWithin(Outgoing& request, const MessageView& response);                  // _modify.cc
  // user_agent_snapshot.cc
  std::size_t Snapshot(Instant now, std::span<char> out) const;
  RestoreError Restore(std::span<const char> snapshot, Instant now, Duration elapsed);
  bool LoadCall(Loading& form);  // false: there is no room
  bool LoadRegistration(Loading& form);
  void LoadPackages(Loading& form, Call& call);
  bool LoadStandalone(Loading& form);
  void SaveStandalone(Saving& form, const Standalone& owner) const;
  void Forget();  // all, as nothing has happened yet
  // What is outside of calls: see dialog/user_agent_standalone.cc.
  static bool IsQueued(Method method) { return method == Method::kMessage; }
  StandaloneId AddStandalone(Standalone::Kind kind, std::size_t max);
  void DropStandalone(StandaloneId id);
  void ArmStandalone(StandaloneId id, const Standalone& owner);
  std::optional<StandaloneView> FindStandalone(StandaloneId id) const;  // user_agent.cc
  void DraftTarget(const Standalone& owner);
  DialogId AddSeed(StandaloneId id, const StandaloneDraft& draft);
  DialogId CopySeed(StandaloneId id, const Dialog& from);
  // user_agent_session_id.cc: Session-ID (RFC 7989), if options_.session_id.
  struct ServerSession {
    std::uint32_t generation = 0;  // of the server transaction, by its slot; 0: none
    DialogId dialog;               // within which it came; nil: outside
    SessionUuids uuids;            // of its responses
  };
  // Authentication-Info of a server transaction's 2xx, by its slot.
  struct KeptInfo {
    std::uint32_t generation = 0;  // 0: none
    KeptText value;
  };
  void KeepInfo(TransactionId id);  // _auth.cc
  std::string_view InfoOf(TransactionId id, int status) const;
  ServerSession* SessionOf(TransactionId id);
  const Dialog* DialogOf(CallId id) const;
  void HearRequest(TransactionId id, const MessageView& request, DialogId dialog);
  void NameDialog(TransactionId id, Dialog& dialog, const Dialog* goes_on = nullptr);
  void GoOnWithSession(Dialog& seed, StandaloneId reference);
  void HearResponse(Dialog& dialog, const MessageView& response);
  void HearAnswer(const Outgoing& request, const MessageView& response);
  void RestoreSession(Dialog& dialog);
  void HearAck(Dialog& dialog, const MessageView& ack);
  void DraftSession(const SessionUuids& uuids);
  void DraftSession(TransactionId id);
  void OnSessionAnswered(TransactionId id, int status);
  // user_agent_register.cc
  void Support(std::string_view option);
  bool HasOtherFlow(const Binding& binding) const;
  void ChooseGruu(const Binding& binding, std::string_view from, KeptText& contact) const;
  void ChooseCalleeGruu(std::string_view request_uri, KeptText& contact) const;
  void ComposeTarget(std::string_view user, const HostPort& host, Transport transport, FlowId flow, bool sips,
                     KeptText& contact) const;
  void NameSeed(Dialog& seed);
  void BeginSeed(Dialog& seed, const NameAddr& from, std::string_view target);
  void RouteSeed(Dialog& seed, std::span<const std::string_view> routes, RegistrationId registration);
  VerbError CheckMethod(const StandaloneDraft& draft) const;
  void AskOfOneself(const Standalone& owner);
  bool IsBefore(const Standalone& other, const Standalone& owner) const;
  bool HasTypeFor(const MessageView& subscribe) const;  // _notify.cc
  bool IsEventOf(const Standalone& owner, const MessageView& request) const;
  void StopWaiting(TransactionId id);  // for the user's answer
  // user_agent_replaces.cc: what an INVITE takes the place of, or joins. Not 0: it is refused, and counted.
  int StatusOfInvite(const MessageView& invite, CallId& replaced, CallId& joined);
  int StatusOfNamed(const MessageView& invite, CallId& replaced, CallId& joined) const;
  CallId TargetOf(const MessageView& request) const;  // RFC 4538 4
  void AimAt(Standalone& owner, CallId target);
  DialogId FindNamed(std::string_view call_id, std::string_view to_tag, std::string_view from_tag) const;

  UserAgentOptions options_;
  bool busy_;
  std::size_t live_ = 0;
  bool has_removed_ = false;  // something, since the event began
  RecyclingSlab<Call, CallId> calls_;
  RecyclingSlab<Binding, RegistrationId> bindings_;
  RecyclingSlab<Standalone, StandaloneId> standalones_;
  Compositor compositor_;
  TransactionLayer layer_;
  UserAgentCounters counters_;
  RandomSource& random_;
  DialogTable dialogs_;
  RecyclingSlab<Outgoing, OutgoingId> outgoing_;
  RecyclingSlab<OpenInvite, OpenInviteId> open_invites_;
  RecyclingSlab<InfoPackages, InfoPackagesId> packages_;
  DigestCache credentials_;
  std::vector<HeaderLine> kept_lines_;  // of an answer that was held
  std::vector<ServerRecord> servers_;
  std::vector<ServerSession> server_sessions_;
  std::vector<KeptInfo> kept_infos_;
  DeadlineQueue deadlines_, binding_deadlines_, standalone_deadlines_;
  DeadlineQueue answer_deadlines_;  // of server transactions that wait for RespondTo
  DraftSpace draft_;
  RequestHead head_;  // of a request that draft_ is for
  DialogLimits dialog_limits_;
  std::string allow_;            // Allow: our own methods, the user's and kAndPrack
  std::string allow_events_;     // Allow-Events: `events` and `published_events`, each once
  std::string supported_;        // Supported, with kAndReliably
  std::string supported_types_;  // lower case, for DescriptionOf
  std::string answer_value_;     // of a header field of the refusal being made
  HexText tag_text_;
  KeptText uri_scratch_, im_target_;

  Instant now_{};
  UserAgentSink* out_ = nullptr;
  const Origin* origin_ = nullptr;
  std::string_view authentication_info_;  // of the request that came
  SinkOf<Action, kInnerMax> inner_;
  SinkOf<Action, TransactionLayer::kActionsPerEventMax> batch_;
  std::size_t flushed_ = 0;
  struct Touched {
    CallId id;
    Call* call;
  };
  std::vector<Touched> touched_;           // each once; none of them goes before it is settled
  std::array<FlowId, 16> failed_flows_{};  // the latest
  std::size_t failed_flow_next_ = 0;
  std::size_t locating_ = 0;
  std::size_t held_byes_ = 0;
  std::array<std::size_t, Standalone::kKinds> standalones_live_{};  // not over, by kind
  std::size_t queued_ = 0;                                          // requests that wait for another
  std::size_t held_reports_ = 0;                                    // NOTIFYs that wait (RFC 3515 3.10)
  std::size_t unanswered_ = 0;
  std::uint64_t next_order_ = 0;
  bool shut_down_ = false;
  std::uint32_t shutdown_slot_ = 0;
  std::uint32_t shutdown_end_ = 0;  // slots before it are to be hung up
};

}  // namespace sansip

#endif  // SANSIP_DIALOG_USER_AGENT_STATE_H_
