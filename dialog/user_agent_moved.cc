// A user agent that has lost its address while an INVITE of its own waits for an answer, which would go there
// (RFC 6141 5.5; 5: an initial INVITE's early dialogs as well).

#include <utility>

#include "sansip/dialog/user_agent_impl.h"

namespace sansip {

VerbError UserAgent::Impl::LoseContact(Instant now, CallId id, UserAgentSink& out) {
  Call* const call = calls_.Find(id);
  if (call == nullptr) return ++counters_.stale_ids, VerbError::kStale;
  if (call->ended || call->cancelling) return VerbError::kWrongState;
  const bool is_open = call->state <= UsageState::kEarly;
  if (is_open && call->role == UsageRole::kCallee) return VerbError::kWrongState;
  const OutgoingId old_id = is_open ? call->invite : call->modify;
  Outgoing* const old = outgoing_.Find(old_id);
  const OpenInvite* const open = FindOpen(*call);
  const bool is_reinvite = old != nullptr && old->kind == Outgoing::Kind::kReinvite;
  if (!is_open) {
    const bool is_beside = open != nullptr && !open->is_idle();
    const bool is_settled = call->state == UsageState::kEstablished && !call->ack_wanted &&
                            call->ack.is_nil() && call->success.id.is_nil() && call->request.id.is_nil();
    if (!is_settled || is_beside || (old != nullptr && !is_reinvite)) return VerbError::kPending;
  }
  // What is not sent yet goes by the Path that it waits for, or will ask for.
  if (old != nullptr && old->stage != Outgoing::Stage::kSent) return VerbError::kNone;
  if (is_open && old == nullptr) return VerbError::kPending;
  Begin(now, out);
  Touch(id, *call);
  OutgoingId sent;
  if (is_open) {
    sent = InviteAnew(id, *call, *old);
  } else {
    Dialog& dialog = *dialogs_.Find(call->dialog);
    if (is_reinvite) GiveUp(old_id, *old);
    if (is_reinvite && old->offered && !old->settled) dialog.offer_answer.OnFailure();
    if (is_reinvite) dialog.offer_answer.RollBack();
    const auto kind =
        is_reinvite || !dialog.allows_update ? Outgoing::Kind::kReinvite : Outgoing::Kind::kUpdate;
    // Alone, a re-INVITE offers what is in force, and an UPDATE nothing.
    Content content;
    if (is_reinvite) {
      kept_lines_.clear();
      old->content.AddLinesTo(kept_lines_);
      content = {
          .body = old->content.body(), .content_type = old->content.content_type(), .headers = kept_lines_};
    } else if (kind == Outgoing::Kind::kReinvite && !dialog.offer_answer.local().empty()) {
      content = {.body = dialog.offer_answer.local(), .content_type = SessionType()};
    }
    const bool is_refresh = is_reinvite && old->is_refresh;
    sent = StartModify(id, *call, {.kind = kind, .dialog = call->dialog, .is_refresh = is_refresh}, content);
  }
  Finish();
  return sent.is_nil() ? VerbError::kPending : VerbError::kNone;
}

void UserAgent::Impl::GiveUp(OutgoingId id, Outgoing& invite) {
  layer_.Abandon(now_, invite.transaction, inner_);
  FlushTransmits();
  invite.is_given_up = true;
  invite.transaction = {};  // a 2xx to it comes without (Abandon)
  MakeFinal(id, invite);
}

// With it go the early dialogs; the callee is asked afresh.
OutgoingId UserAgent::Impl::InviteAnew(CallId call_id, Call& call, Outgoing& old) {
  const OutgoingId id = NewOutgoing(Outgoing::Kind::kInvite, call_id, call, call.seed);
  Outgoing* const invite = outgoing_.Find(id);
  if (invite == nullptr) return id;
  invite->content = old.content;
  invite->offered = old.offered;
  invite->yields = old.yields;
  invite->retries = old.retries;
  DropForks(call, true);
  GiveUp(std::exchange(call.invite, id), old);
  SendAgain(id, *invite);
  return id;
}

// The 2xx of a re-INVITE that was given up has crossed its CANCEL. It is acknowledged like any (RFC 3261
// 13.2.2.4), and changes nothing: what it has agreed to the next one offers again.
void UserAgent::Impl::AckGivenUp(CallId call_id, Call& call, const Outgoing& reinvite) {
  const Dialog& dialog = *dialogs_.Find(reinvite.dialog);
  Content answer;
  if (!reinvite.offered) answer = {.body = dialog.offer_answer.local(), .content_type = SessionType()};
  StartAck(call_id, call, reinvite.dialog, reinvite.cseq, answer, false);
  call.ack = {};  // the next one's 2xx does not wait for it
}

}  // namespace sansip
