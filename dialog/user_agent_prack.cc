// Reliable provisional responses of the peer (RFC 3262 4) and our PRACKs.

#include <algorithm>
#include <optional>

#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/rack.h"
#include "sansip/dialog/user_agent_impl.h"

namespace sansip {

// One that was not offered is as good as unreliable; 100 is always (4).
bool UserAgentState::IsReliable(const Call& call, const MessageView& response) const {
  return call.reliability != ReliableProvisionals::kNo && response.status_code() > 100 &&
         HasToken(response, HeaderId::kRequire, "100rel");
}

// 4: in order and once, in each dialog (errata 4600, 4604). False: not to be processed.
bool UserAgent::Impl::TakeRSeq(Dialog& dialog, const MessageView& response) {
  RSeq rseq;
  const bool is_next = ParseRSeq(response.First(HeaderId::kRSeq).value_or(""), rseq).ok() &&
                       (dialog.rseq == 0 || (dialog.rseq != UINT32_MAX && rseq.number == dialog.rseq + 1));
  if (!is_next) {
    ++counters_.provisionals_dropped;
    return false;
  }
  dialog.rseq = rseq.number;
  return true;
}

// To the INVITE or re-INVITE `request`.
void UserAgent::Impl::OnReliable(CallId call_id, Call& call, DialogId dialog_id, Outgoing& request,
                                 const MessageView& response) {
  Dialog& dialog = *dialogs_.Find(dialog_id);
  OfferAnswer& exchange = dialog.offer_answer;
  const bool is_initial = request.kind == Outgoing::Kind::kInvite;
  bool& settled = is_initial ? dialog.agreed : request.settled;
  const OpenInvite::Offer provisional{dialog_id, dialog.rseq, request.cseq};
  // RFC 6141 4.7: it refreshes the target.
  if (ContactTarget(response, dialog_limits_, uri_scratch_) == DialogError::kNone) {
    dialog.remote_target.assign(uri_scratch_);
  }
  const std::string_view description = DescriptionOf(response);
  // RFC 6337 3.1.1: after the first one they are not read.
  if (settled || description.empty()) return StartPrack(call_id, call, provisional, {});
  if (request.offered) {
    const bool was_previewed = exchange.state() == OfferAnswer::State::kPreviewed;
    settled = exchange.OnRemoteAnswer(description);
    if (settled && !was_previewed) {
      Emit(ua::AnswerReceived{call_id, call.cookie, dialog_id, &response, description, true});
    }
    return StartPrack(call_id, call, provisional, {});
  }
  // RFC 3262 5: an offer, and its answer goes with the PRACK.
  const bool is_same = request.is_refresh && IsSameSession(exchange.remote(), description);
  OpenInvite* open = call.cancelling ? nullptr : OpenOf(call);
  if (open == nullptr || !exchange.OnRemoteOffer(description)) {
    return StartPrack(call_id, call, provisional, {});
  }
  open->offers.push_back(provisional);
  if (is_same && !exchange.local().empty()) {
    return AnswerProvisional(call_id, call, {.body = exchange.local(), .content_type = SessionType()});
  }
  Emit(ua::OfferReceived{call_id, call.cookie, &response, description, OfferPlace::kProvisional, dialog_id});
}

void UserAgent::Impl::StartPrack(CallId call_id, Call& call, const OpenInvite::Offer& provisional,
                                 const Content& content) {
  const OutgoingId id = NewOutgoing(Outgoing::Kind::kPrack, call_id, call, provisional.dialog);
  Outgoing* request = outgoing_.Find(id);
  if (request == nullptr) return;  // the peer gives up in its time
  ++counters_.pracks_sent;
  request->rack_rseq = provisional.rseq;
  request->rack_cseq = provisional.cseq;
  request->cseq = NextLocalCSeq(*dialogs_.Find(provisional.dialog), 1);
  request->content.Assign(content.body, content.content_type, content.headers);
  if (OpenInvite* const open = OpenOf(call)) open->prack = id;
  Locate(id, *request);
}

VerbError UserAgent::Impl::OfferInPrack(Instant now, CallId id, const Content& content, UserAgentSink& out,
                                        DialogId dialog_id) {
  Call* const call = calls_.Find(id);
  if (call == nullptr) return ++counters_.stale_ids, VerbError::kStale;
  const OpenInvite* const open = FindOpen(*call);
  Outgoing* const prack = open == nullptr ? nullptr : outgoing_.Find(open->prack);
  const bool is_unsent = prack != nullptr && prack->stage == Outgoing::Stage::kLocating &&
                         prack->transactions == 0 && prack->content.body().empty();
  if (!is_unsent || call->ended || call->cancelling) return VerbError::kWrongState;
  if (!dialog_id.is_nil() && dialog_id != prack->dialog) return VerbError::kWrongState;
  Dialog* const dialog = dialogs_.Find(prack->dialog);
  if (dialog == nullptr) return VerbError::kWrongState;  // its fork is over
  if (!dialog->agreed || !dialog->offer_answer.CanOffer()) return VerbError::kPending;
  if (content.body.empty()) return VerbError::kBadHeader;
  const VerbError error = CheckContent(content, options_.limits);
  if (error != VerbError::kNone) return error;
  Begin(now, out);
  Touch(id, *call);
  prack->content.Assign(content.body, content.content_type, content.headers);
  prack->offered = true;
  SANSIP_CHECK(dialog->offer_answer.OnLocalOffer(content.body));
  Finish();
  return VerbError::kNone;
}

// RFC 3262 5: its 2xx has the answer to what it offered. One that fails leaves the session as it was.
// `response` null: there is none.
void UserAgent::Impl::OnPrackOutcome(OutgoingId id, Outgoing& request, int status,
                                     const MessageView* response) {
  const CallId call_id = request.call;
  Call& call = *calls_.Find(call_id);
  Dialog* const dialog = dialogs_.Find(request.dialog);
  const bool is_open = request.offered && request.stage != Outgoing::Stage::kFinal && !call.ended;
  MakeFinal(id, request);
  if (!is_open || dialog == nullptr) return;
  const bool is_success = status >= 200 && status < 300;
  const std::string_view answer = is_success ? DescriptionOf(*response) : std::string_view();
  if (!answer.empty() && dialog->offer_answer.OnRemoteAnswer(answer)) {
    const bool is_early = call.state <= UsageState::kEarly;
    Emit(ua::AnswerReceived{call_id, call.cookie, request.dialog, response, answer, is_early});
  } else {
    dialog->offer_answer.OnFailure();
  }
  Emit(ua::Reinvited{call_id, call.cookie, response, std::max(status, 0), true});
}

// The oldest offer in a reliable provisional gets its answer, or none.
void UserAgent::Impl::AnswerProvisional(CallId call_id, Call& call, const Content& content) {
  OpenInvite& open = *FindOpen(call);
  const OpenInvite::Offer provisional = open.offers.front();
  open.offers.erase(open.offers.begin());
  Dialog* dialog = dialogs_.Find(provisional.dialog);
  if (dialog == nullptr) return;  // its fork is over
  // The body may be the one in force: written before it is taken.
  StartPrack(call_id, call, provisional, content);
  if (content.body.empty()) {
    dialog->offer_answer.OnFailure();
    return;
  }
  static_cast<void>(dialog->offer_answer.OnLocalAnswer(content.body));
  Outgoing* modify = outgoing_.Find(call.modify);
  if (modify != nullptr && modify->kind == Outgoing::Kind::kReinvite) modify->settled = true;
  dialog->agreed = true;
}

}  // namespace sansip
