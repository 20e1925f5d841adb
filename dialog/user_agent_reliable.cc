// Our provisional responses, reliable (RFC 3262 3) or not, their PRACKs, and the 2xx that waits for these.

#include <algorithm>
#include <array>
#include <optional>

#include "sansip/core/message/fields/rack.h"
#include "sansip/dialog/user_agent_info.h"

namespace sansip {
namespace {

constexpr std::string_view kReliableOption = "100rel";

// RFC 3262 3: uniform in 1 to 2^31-1.
std::uint32_t FirstRSeq(RandomSource& random) {
  return static_cast<std::uint32_t>(1 + UniformBelow(random, (std::uint64_t{1} << 31) - 1));
}

}  // namespace

OpenInvite* UserAgent::Impl::OpenOf(Call& call) {
  if (call.open_invite.is_nil()) call.open_invite = open_invites_.Add();
  return FindOpen(call);
}

// ---- provisionals

// Whether this one can be, and whether it is to be `reliable`.
VerbError UserAgent::Impl::CheckRing(const Call& call, const Content& content, Reliability reliability,
                                     bool& reliable) {
  const Call::Request& request = call.request;
  const OpenInvite* open = FindOpen(call);
  // RFC 3262 3: none after the final response, nor when it only waits.
  if (open != nullptr && open->answer_held) return VerbError::kWrongState;
  const bool possible = request.takes_reliable && call.reliability != ReliableProvisionals::kNo;
  if (reliability == Reliability::kReliable && !possible) return VerbError::kWrongState;
  if (reliability == Reliability::kUnreliable && request.needs_reliable) return VerbError::kWrongState;
  reliable = possible && reliability != Reliability::kUnreliable;
  // RFC 3262 5: an INVITE without offer gets it in the first reliable one.
  if (reliable && !request.offered && !request.settled && content.body.empty()) {
    const bool is_asked = reliability == Reliability::kReliable || request.needs_reliable;
    const bool is_first = open == nullptr || (open->rseq == 0 && open->held_status == 0);
    if (is_first && is_asked) return VerbError::kWrongState;
    if (is_first) reliable = false;
  }
  if (reliable && open != nullptr && open->held_status != 0) return VerbError::kPending;
  return VerbError::kNone;
}

VerbError UserAgent::Impl::Ring(Instant now, CallId id, int status, const Content& content,
                                UserAgentSink& out, Reliability reliability) {
  Call* call = calls_.Find(id);
  if (call == nullptr) return ++counters_.stale_ids, VerbError::kStale;
  const bool is_initial = call->role == UsageRole::kCallee && call->state <= UsageState::kEarly;
  const bool is_open = !call->request.id.is_nil() && !call->request.is_update;
  if (call->ended || !is_open || (!is_initial && call->state <= UsageState::kEarly)) {
    return VerbError::kWrongState;
  }
  if (status < 101 || status > 199) return VerbError::kBadStatus;
  VerbError error = CheckContent(content, options_.limits);
  if (error != VerbError::kNone) return error;
  bool reliable = false;
  error = CheckRing(*call, content, reliability, reliable);
  if (error != VerbError::kNone) return error;
  Begin(now, out);
  Touch(id, *call);
  if (!reliable) {
    if (!RingUnreliably(id, *call, status, content)) error = VerbError::kTooLong;
  } else if (OpenInvite* open = OpenOf(*call); open == nullptr) {
    error = VerbError::kTooLong;
  } else if (open->unacknowledged) {
    open->held_status = status;
    open->held.Assign(content.body, content.content_type, content.headers);
  } else {
    open->sent.Assign(content.body, content.content_type, content.headers);
    if (!SendReliable(id, *call, status)) error = VerbError::kTooLong;
  }
  Finish();
  return error;
}

bool UserAgent::Impl::RingUnreliably(CallId call_id, Call& call, int status, const Content& content) {
  // RFC 6337 3.1.1: nothing is described twice.
  const std::string_view body = call.request.settled ? std::string_view() : content.body;
  draft_.Clear();
  DraftDialogHeaders(call, *dialogs_.Find(call.dialog));
  call.provisional.Assign(body, content.content_type, content.headers);
  call.provisional_status = status;
  call.provisional.AddTo(draft_);
  if (Respond(call.request.id, status, body) != RespondError::kNone) return false;
  Advance(call, UsageEvent::kProvisional);
  Arm(call_id, call, CallTimer::kRinging, After(now_, options_.ringing_repeat));
  return true;
}

// What stands in open->sent, under the next number. False: it cannot be made; nothing has happened.
bool UserAgent::Impl::SendReliable(CallId call_id, Call& call, int status) {
  OpenInvite& open = *FindOpen(call);
  Dialog& dialog = *dialogs_.Find(call.dialog);
  if (call.request.settled) open.sent.DropBody();  // RFC 6337 3.1.1: nothing is described twice
  const std::uint32_t before = open.rseq;
  // RFC 3262 3: one more each time; 2^31 of them fit, at one per round trip.
  open.rseq = before == 0 ? FirstRSeq(random_) : before + 1;
  open.status = status;
  if (!WriteReliable(call, open)) {
    open.rseq = before;
    return false;
  }
  ++counters_.reliable_provisionals_sent;
  open.cseq = call.request.cseq;
  open.unacknowledged = true;
  open.described = !open.sent.body().empty();
  const TimerValues& timers = options_.transactions.timers;
  open.gap = timers.t1;
  open.give_up = After(now_, timers.transaction_timeout());
  Arm(call_id, call, CallTimer::kReliable, After(now_, open.gap));
  call.provisional.Assign({}, {}, {});
  call.provisional_status = status;
  Arm(call_id, call, CallTimer::kRinging, After(now_, options_.reliable_repeat));
  Advance(call, UsageEvent::kProvisional);
  // RFC 6141 4.6: it takes the Contact of a re-INVITE as target.
  if (!call.request.target.empty()) dialog.remote_target.assign(call.request.target);
  if (!open.described) return true;
  // RFC 3262 5: the answer, or the offer.
  call.request.settled = true;
  SANSIP_CHECK(call.request.offered ? dialog.offer_answer.OnLocalAnswer(open.sent.body())
                                    : dialog.offer_answer.OnLocalOffer(open.sent.body()));
  return true;
}

bool UserAgent::Impl::WriteReliable(Call& call, const OpenInvite& open) {
  draft_.Clear();
  DraftDialogHeaders(call, *dialogs_.Find(call.dialog));
  draft_.Add(HeaderId::kRequire, kReliableOption);
  draft_.Compose(HeaderId::kRSeq, open.rseq);
  Packages{*this}.DraftAnswer(call.request.id);
  open.sent.AddTo(draft_);
  return Respond(call.request.id, open.status, open.sent.body()) == RespondError::kNone;
}

// RFC 3262 3: from T1, doubling without T2, to 64*T1.
void UserAgent::Impl::FireReliable(CallId call_id, Call& call) {
  OpenInvite* open = FindOpen(call);
  if (open == nullptr || !open->unacknowledged || call.request.id.is_nil()) return;
  if (now_ >= open->give_up) {
    open->unacknowledged = false;
    return RejectInvite(call_id, call, EndCause::kNoPrack, "RFC 3262 3");
  }
  if (WriteReliable(call, *open)) ++counters_.reliable_provisionals_resent;
  open->gap *= 2;
  Arm(call_id, call, CallTimer::kReliable, std::min(After(now_, open->gap), open->give_up));
}

// 504: an element that was to answer in time has not.
void UserAgent::Impl::RejectInvite(CallId call_id, Call& call, EndCause cause, std::string_view clause) {
  if (call.state > UsageState::kEarly) return RefuseRequest(call_id, call, 504, {});
  draft_.Clear();
  RespondInAnyCase(call.request.id, 504);
  call.request.id = {};
  Advance(call, UsageEvent::kFailure);
  EndCall(call_id, call, cause, 504, nullptr, clause);
}

// ---- PRACK

void UserAgent::Impl::OnPrack(TransactionId id, CallId call_id, Call& call, DialogId dialog_id,
                              const MessageView& prack) {
  RAck rack;
  if (!ParseRAck(prack.First(HeaderId::kRAck).value_or(""), rack).ok()) return Refuse(id, 400);
  OpenInvite* open = FindOpen(call);
  // RFC 3262 3, 7.2: dialog, both numbers, and the method, whose case counts.
  const bool matches = open != nullptr && open->unacknowledged && dialog_id == call.dialog &&
                       rack.rseq == open->rseq && rack.cseq.number == open->cseq &&
                       rack.cseq.method_text == "INVITE";
  if (!matches) {
    ++counters_.unknown_pracks;
    return Refuse(id, 481);
  }
  ++counters_.pracks_received;
  open->unacknowledged = false;
  Stop(call_id, call, CallTimer::kReliable);
  if (call.ended || call.request.id.is_nil()) {
    // The final response went before it (3).
    draft_.Clear();
    DraftCapabilities(false, &call);
    RespondInAnyCase(id, 200);
    return;
  }
  TakePrackDescription(id, call_id, call, dialog_id, prack);
  if (open->held_status != 0) {
    open->sent = open->held;
    const int status = std::exchange(open->held_status, 0);
    open->held.Clear();
    static_cast<void>(
        SendReliable(call_id, call, status));  // one too long is nobody's loss: the 2xx tells it
  }
  ResumeAnswer(call_id, call);
}

// RFC 3262 5: the answer to our offer, a new offer once there is an answer, or nothing.
void UserAgent::Impl::TakePrackDescription(TransactionId id, CallId call_id, Call& call, DialogId dialog_id,
                                           const MessageView& prack) {
  OpenInvite& open = *FindOpen(call);
  Dialog& dialog = *dialogs_.Find(dialog_id);
  OfferAnswer& exchange = dialog.offer_answer;
  const std::string_view description = DescriptionOf(prack);
  const bool is_answer = open.described && exchange.state() == OfferAnswer::State::kLocalOffer;
  const bool is_offer = !description.empty() && !is_answer && call.request.settled && exchange.CanOffer() &&
                        open.inner.is_nil();
  if (open.described) dialog.agreed = true;
  if (!is_offer) {
    draft_.Clear();
    DraftCapabilities(false, &call);
    RespondInAnyCase(id, 200);
  }
  Emit(ua::PrackReceived{call_id, call.cookie, &prack, open.status});
  if (is_offer) return TakeInnerOffer(id, call_id, call, dialog_id, prack, description);
  if (!is_answer) return;
  if (description.empty()) return exchange.OnFailure();  // there has to be one (5): no session then
  SANSIP_CHECK(exchange.OnRemoteAnswer(description));
  Emit(ua::AnswerReceived{call_id, call.cookie, dialog_id, &prack, description, true});
}

// ---- the 2xx

// RFC 3262 3, 5: not while a description of ours may not have arrived, nor while an offer is open.
bool UserAgentState::AnswerMustWait(const Call& call) const {
  const OpenInvite* open = open_invites_.Find(call.open_invite);
  const bool has_open_offer = dialogs_.Find(call.dialog)->offer_answer.local_offer_open();
  if (open == nullptr) return has_open_offer;
  return has_open_offer || !open->inner.is_nil() || (open->unacknowledged && open->described) ||
         (open->held_status != 0 && !open->held.body().empty());
}

bool UserAgent::Impl::AnswerOrHold(CallId call_id, Call& call, const Content& content, VerbError& error) {
  if (!AnswerMustWait(call)) return SendAnswer(call_id, call, content, error);
  OpenInvite* open = OpenOf(call);
  if (open == nullptr) return error = VerbError::kTooLong, false;
  open->answer_held = true;
  open->answer.Assign(content.body, content.content_type, content.headers);
  return true;
}

bool UserAgent::Impl::SendAnswer(CallId call_id, Call& call, const Content& content, VerbError& error) {
  const bool is_initial = call.state <= UsageState::kEarly;
  if (!SendSuccess(call_id, call, content, error)) return false;
  if (!is_initial) Emit(ua::Reinvited{call_id, call.cookie, nullptr, 200, false});
  if (call.timer->status().interval > 0) TellTimer(call_id, call, false, false);
  return true;
}

void UserAgent::Impl::ResumeAnswer(CallId call_id, Call& call) {
  OpenInvite* open = FindOpen(call);
  if (open == nullptr || !open->answer_held || call.ended || AnswerMustWait(call)) return;
  open->answer_held = false;
  kept_lines_.clear();
  open->answer.AddLinesTo(kept_lines_);
  const Content content{
      .body = open->answer.body(), .content_type = open->answer.content_type(), .headers = kept_lines_};
  VerbError error = VerbError::kNone;
  if (SendAnswer(call_id, call, content, error)) return;
  RejectInvite(call_id, call, EndCause::kLocalLimit, "RFC 3261 13.3.1.4");
}

// The INVITE has its final response. RFC 3262 3: no more copies; a PRACK may still come.
void UserAgent::Impl::CloseOpenInvite(CallId call_id, Call& call) {
  StopIf(call_id, call,
         [](CallTimer timer) { return timer == CallTimer::kReliable || timer == CallTimer::kRinging; });
  if (OpenInvite* open = FindOpen(call)) {
    open->held_status = 0;
    open->held.Clear();
    open->answer_held = false;
  }
}

}  // namespace sansip
