// The subscriber (RFC 6665 4.1): SUBSCRIBE requests, what their answers and the NOTIFYs say, and the machine
// that both belong to.

#include <optional>
#include <string>
#include <utility>

#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/fields/event.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/subscription_state.h"
#include "sansip/core/uri/sip_uri.h"
#include "sansip/dialog/user_agent_refer.h"

namespace sansip {

Asked UserAgent::Impl::Subscribe(Instant now, const StandaloneDraft& given, UserAgentSink& out) {
  if (shut_down_) return {{}, VerbError::kShutDown};
  StandaloneDraft draft = given;
  std::string target, from, user;  // copies: a new dialog may move the others
  if (!given.call.is_nil()) {
    const Call* const call = calls_.Find(given.call);
    if (call == nullptr) return ++counters_.stale_ids, Asked{{}, VerbError::kStale};
    const Dialog* const dialog = dialogs_.Find(call->dialog);
    // 4.5.2: dialogs are not shared
    if (call->ended || dialog == nullptr || !IsAskedOutside(*dialog)) return {{}, VerbError::kWrongState};
    draft.call = {};
    draft.target = target = dialog->remote_target;
    draft.from = from = dialog->local_address;
    draft.contact_user = user = call->contact_user;
  }
  VerbError error = CheckStandalone(draft, options_.limits, uri_scratch_);
  EventField event;
  if (error == VerbError::kNone && !ParseEvent(draft.event, event).ok()) error = VerbError::kBadHeader;
  if (error != VerbError::kNone) return {{}, error};
  Begin(now, out);
  const StandaloneId id = AddStandalone(Standalone::Kind::kSubscriber, options_.limits.subscriptions_max);
  const DialogId seed = id.is_nil() ? DialogId{} : AddSeed(id, draft);
  if (seed.is_nil()) {
    Finish();
    return {{}, VerbError::kTooManyCalls};
  }
  dialogs_.Index(seed);
  ++counters_.subscriptions_made;
  Standalone& owner = *standalones_.Find(id);
  if (!given.call.is_nil()) AimAt(owner, given.call);
  owner.subscription = Subscription(draft.options, options_.transactions.timers.transaction_timeout());
  Perform(id, owner.subscription.Start(now_), 0, nullptr);
  Finish();
  return {id, VerbError::kNone};
}

// Carries out what the machine says, and tells where it stands if that is news. `status` and `message`: what
// made it say so.
void UserAgent::Impl::Perform(StandaloneId id, Subscription::Action action, int status,
                              const MessageView* message) {
  Standalone& owner = *standalones_.Find(id);
  const Subscription& machine = owner.subscription;
  if (owner.is_refer) {
    References{*this}.Tell(id, owner, status, message);
  } else if (owner.told != machine.state()) {
    owner.told = machine.state();
    Emit(ua::SubscriptionChanged{id, owner.cookie, message, machine.next_try(), machine.until(), status,
                                 machine.state()});
  }
  if (machine.state() == Subscription::State::kOver) EndStandalone(id, owner);
  ArmStandalone(id, owner);
  if (action == Subscription::Action::kNone) return SettleStandalone(id);
  if (action == Subscription::Action::kSendFresh) RenewSeed(id, owner);
  const DialogId dialog = owner.dialog.is_nil() ? owner.seed : owner.dialog;
  const bool is_refer = owner.is_refer && action == Subscription::Action::kSend;
  if (StartStandalone(id, MethodName(is_refer ? Method::kRefer : Method::kSubscribe), dialog)) return;
  OnSubscribeOutcome(id, owner, kUnreached, nullptr);
}

// 4.1.2.2, 4.4.2: another Call-ID and tag; nothing is left of the old dialog, its route set neither.
void UserAgent::Impl::RenewSeed(StandaloneId id, Standalone& owner) {
  const OutgoingId outgoing = std::exchange(owner.outgoing, {});
  Outgoing* const request = outgoing_.Find(outgoing);
  if (request != nullptr && request->stage != Outgoing::Stage::kSent) {
    ++owner.open;
    MakeFinal(outgoing, *request);
    --owner.open;
  }
  const Dialog& old = *dialogs_.Find(owner.seed);  // readable until the next event
  dialogs_.Remove(std::exchange(owner.dialog, {}));
  dialogs_.Remove(owner.seed);
  owner.seed = CopySeed(id, old);
  Dialog& seed = *dialogs_.Find(owner.seed);
  NameSeed(seed);
  dialogs_.Index(owner.seed);
}

// There is room: what is not over has a seed and a dialog at most, and the table is made for that.
DialogId UserAgentState::CopySeed(StandaloneId id, const Dialog& from) {
  const DialogId copy = dialogs_.Add();
  Dialog& seed = *dialogs_.Find(copy);
  seed.standalone = id;
  seed.owns_call_id = true;
  seed.local_address = from.local_address;
  seed.remote_address = from.remote_address;
  seed.remote_target = from.remote_target;
  seed.routes = from.routes;
  seed.session = {.local = from.session.local, .remote = {}};
  return copy;
}

void UserAgent::Impl::OnSubscribeOutcome(StandaloneId id, Standalone& owner, int status,
                                         const MessageView* response) {
  // RFC 3261 8.1.3.1
  if (status == kNoResponse) status = 408;
  if (status == kUnreached) status = 503;
  Subscription::Answer answer{.status = status, .retry_after = std::exchange(owner.retry_after, 0)};
  if (response != nullptr) {
    answer.granted = SecondsOf(*response, HeaderId::kExpires);
    answer.min_expires = SecondsOf(*response, HeaderId::kMinExpires);
    answer.is_unsubscribed = owner.is_refer && IsUnreported(*response);
    Dialog* const dialog = dialogs_.Find(owner.dialog);
    if (dialog != nullptr && status < 300 &&
        ContactTarget(*response, dialog_limits_, uri_scratch_) == DialogError::kNone) {
      dialog->remote_target.assign(uri_scratch_);
    }
  }
  Perform(id, owner.subscription.OnAnswer(now_, answer, random_), status, response);
}

bool UserAgentState::IsEventOf(const Standalone& owner, const MessageView& request) const {
  EventField wanted, event;
  const std::optional<std::string_view> value = request.First(HeaderId::kEvent);
  if (owner.is_refer) return value && NamesReference(*value, owner.refer_cseq);
  return value && ParseEvent(*value, event).ok() && ParseEvent(owner.event, wanted).ok() &&
         Equivalent(wanted, event);
}

// 4.4.1: a NOTIFY of no dialog, that belongs to a SUBSCRIBE of ours by Call-ID, our tag and Event, makes one.
// False: there is none, and the usual answer is due.
bool UserAgent::Impl::OnFirstNotify(TransactionId id, const MessageView& request) {
  const std::string_view call_id = request.First(HeaderId::kCallId).value_or("");
  const Dialog* const seed = dialogs_.Find(dialogs_.Find(call_id, ToTag(request), {}));
  if (seed == nullptr || seed->standalone.is_nil() || FromTag(request).empty()) return false;
  StandaloneId owner_id = seed->standalone;
  Standalone* owner = standalones_.Find(owner_id);
  if (owner->is_over || !IsEventOf(*owner, request)) return false;
  if (!owner->subscription.takes_new_dialogs(now_)) return false;
  const bool is_fork = !owner->dialog.is_nil();
  if (is_fork && !owner->takes_forks) return false;  // 5.4.9
  if (!Inspect(id, request, {.dialog = MessageFacts::Dialog::kKnown})) return true;
  const DialogId dialog_id = dialogs_.Add();
  StandaloneId fork_id;
  if (is_fork && !dialog_id.is_nil()) {
    fork_id = AddStandalone(Standalone::Kind::kSubscriber, options_.limits.subscriptions_max);
  }
  if (dialog_id.is_nil() || (is_fork && fork_id.is_nil())) {
    dialogs_.Remove(dialog_id);
    ++counters_.refused_limit;
    return Refuse(id, 503), true;
  }
  Dialog& dialog = *dialogs_.Find(dialog_id);
  const DialogError error = FormFromRequest(request, dialog_limits_, seed->local_tag, dialog);
  if (error != DialogError::kNone) {
    dialogs_.Remove(dialog_id);
    if (is_fork) DropStandalone(fork_id);
    return Refuse(id, error == DialogError::kTooLong ? 500 : 400), true;
  }
  if (is_fork) {
    owner_id = fork_id;
    owner = &JoinFork(*owner, fork_id);
  }
  NameDialog(id, dialog, seed);
  dialog.standalone = owner_id;
  dialog.owns_call_id = true;
  dialog.local_cseq = seed->local_cseq;
  dialog.state = Dialog::State::kConfirmed;
  dialogs_.Index(dialog_id);
  owner->dialog = dialog_id;
  OnNotify(id, owner_id, dialog, request, is_fork ? seed->standalone : StandaloneId{});
  return true;
}

// 4.1.4: another notifier answers the same SUBSCRIBE: a subscription beside it.
Standalone& UserAgent::Impl::JoinFork(const Standalone& first, StandaloneId fork_id) {
  Standalone& fork = *standalones_.Find(fork_id);
  ++counters_.subscriptions_made;
  fork.cookie = first.cookie;
  fork.contact_user = first.contact_user;
  fork.event = first.event;
  fork.accept = first.accept;
  fork.options = first.options;
  const Duration timer_n = options_.transactions.timers.transaction_timeout();
  fork.is_refer = first.is_refer;
  fork.names = first.names;
  fork.refer_cseq = first.refer_cseq;
  fork.subscription = first.is_refer ? Subscription::OfRefer(timer_n) : Subscription(first.options, timer_n);
  fork.subscription.Join(now_);
  // What it is made of if it has to begin again.
  fork.seed = CopySeed(fork_id, *dialogs_.Find(first.seed));
  return fork;
}

// 4.1.3: answered without waiting for anybody.
void UserAgent::Impl::OnNotify(TransactionId id, StandaloneId owner_id, Dialog& dialog,
                               const MessageView& request, StandaloneId forked_from) {
  Standalone& owner = *standalones_.Find(owner_id);
  const std::optional<std::string_view> value = request.First(HeaderId::kSubscriptionState);
  SubscriptionState state;
  // In kWaiting that subscription is over, and the next one has another dialog.
  if (!IsEventOf(owner, request) || owner.subscription.state() == Subscription::State::kWaiting) {
    ++counters_.unknown_dialogs;
    return Refuse(id, 481);
  }
  // RFC 6665 4.1.3: without the substate nothing is told, but its parameters are advice. linphonec ends
  // transfers with "terminated;reason=reason=noresource".
  if (!value) return Refuse(id, 400);
  const bool is_clean = ParseSubscriptionState(*value, state).ok();
  if (state.state_text.empty()) return Refuse(id, 400);
  if (!is_clean) ++counters_.states_tolerated;
  if (ContactTarget(request, dialog_limits_, uri_scratch_) == DialogError::kNone) {
    dialog.remote_target.assign(uri_scratch_);  // 3.2: a target refresh
  }
  Refuse(id, 200);
  ++counters_.notifies_received;
  if (owner.is_refer) {
    References{*this}.TakeReport(owner_id, owner, request, forked_from);
  } else {
    Emit(ua::Notified{owner_id, forked_from, owner.cookie, &request, state.reason(), state.state()});
  }
  const Subscription::Notice notice{.substate = state.state(),
                                    .reason = state.reason(),
                                    .expires = state.expires,
                                    .retry_after = state.retry_after};
  Perform(owner_id, owner.subscription.OnNotify(now_, notice, random_), 0, &request);
}

// Within the dialog of a subscription.
void UserAgent::Impl::OnUsageRequest(TransactionId id, DialogId dialog_id, const MessageView& request) {
  Dialog& dialog = *dialogs_.Find(dialog_id);
  const StandaloneId owner_id = dialog.standalone;
  const Standalone& owner = *standalones_.Find(owner_id);
  CSeq cseq;
  // A seed is found by a peer that gives no From tag: it is no dialog.
  if (owner.is_over || dialog.state == Dialog::State::kSeed) {
    ++counters_.unknown_dialogs;
    return Refuse(id, 481);
  }
  if (!CSeqOf(request, cseq) || !TakeRemoteCSeq(dialog, cseq.number)) {
    ++counters_.old_cseqs;
    return Refuse(id, 500);
  }
  if (!Inspect(id, request, {.dialog = MessageFacts::Dialog::kKnown})) return;
  const bool is_subscriber = owner.kind == Standalone::Kind::kSubscriber;
  switch (request.method()) {
    case Method::kNotify:
      if (is_subscriber) return OnNotify(id, owner_id, dialog, request, {});
      break;
    case Method::kSubscribe:
      if (!is_subscriber) return OnSubscribeAgain(id, owner_id, dialog, request);
      break;
    case Method::kOptions:
      return OnOptions(id, true);
    case Method::kRefer:
      return RefuseSharing(id);
    case Method::kInvite:
    case Method::kUpdate:
    case Method::kBye:
      break;
    default:
      return OnOwnRequest(id, {}, request);
  }
  ++counters_.unknown_dialogs;
  Refuse(id, 481);  // RFC 5057 5.2: no such usage
}

}  // namespace sansip
