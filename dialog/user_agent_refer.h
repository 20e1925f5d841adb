// REFER in both roles (RFC 3515, 3892, 4488) as a part of the user agent: what its subscriptions have beside
// those of RFC 6665. Private to dialog/user_agent*.
#ifndef SANSIP_DIALOG_USER_AGENT_REFER_H_
#define SANSIP_DIALOG_USER_AGENT_REFER_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "sansip/dialog/user_agent_impl.h"

namespace sansip {

inline constexpr std::string_view kReferEvent = "refer";
// Is it a value of Event for the REFER with this CSeq? One without an id is for any: the first (RFC
// 3515 2.4.6).
bool NamesReference(std::string_view event, std::uint32_t cseq);
// RFC 4488 4: a REFER, or its 2xx, that is about no subscription.
bool IsUnreported(const MessageView& message);

// Within whose dialog, or which its Target-Dialog names; nil: neither.
CallId CallOf(const Standalone& owner);

struct UserAgent::Impl::References {
  Impl& agent;

  // ---- who sends it
  // `target`: the call that it is about, by Target-Dialog; nil: none.
  Asked Start(Instant now, const ReferDraft& draft, CallId target, UserAgentSink& out);
  Asked StartOutside(Instant now, ReferDraft draft, CallId target, UserAgentSink& out);
  void Draft(const Outgoing& request, Standalone& owner);
  void TakeReport(StandaloneId id, Standalone& owner, const MessageView& notify, StandaloneId forked_from);
  void Tell(StandaloneId id, Standalone& owner, int status, const MessageView* message);

  // ---- who receives it
  void OnRefer(TransactionId id, CallId call_id, const MessageView& request);
  void OnUnanswered(StandaloneId id);
  void OnTransactionGone(TransactionId request, StandaloneId id);
  void Accept(StandaloneId id, Standalone& owner, Substate state);
  void Report(StandaloneId id, Standalone& owner, int status);
  bool CanReport(StandaloneId id, Standalone& owner);  // false: it is over instead
  // The call placed for it: what the draft does not say, the header lines, how far it is.
  bool Complete(CallDraft& draft);  // false: there is no such REFER
  std::span<const HeaderLine> LinesFor(const CallDraft& draft);
  void Follow(StandaloneId id, Call& call);
  void OnCallAt(Call& call, int status);
  void OnCallEnded(Call& call, EndCause cause, int status);

  // ---- within a call
  void JoinCall(StandaloneId id, Standalone& owner, CallId call_id);
  void LeaveCall(StandaloneId id, Standalone& owner);
  // A NOTIFY or SUBSCRIBE in its dialog. False: it is about no REFER.
  bool OnEvent(TransactionId id, Call& call, Dialog& dialog, const MessageView& request);

 private:
  bool TakeReferTo(TransactionId id, const MessageView& request, Standalone& owner, Method& method);
  void End(StandaloneId id, Standalone& owner, int status);
};

}  // namespace sansip

#endif  // SANSIP_DIALOG_USER_AGENT_REFER_H_
