// The notifier (RFC 6665 4.2): SUBSCRIBE requests of peers, answered at once, and NOTIFYs about them.

#include <algorithm>
#include <optional>
#include <utility>

#include "sansip/core/message/fields/accept.h"
#include "sansip/core/message/fields/event.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/subscription_state.h"
#include "sansip/core/message/option_list.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/uri/sip_uri.h"
#include "sansip/dialog/user_agent_refer.h"

namespace sansip {
namespace {

constexpr Duration kReportGap = std::chrono::seconds(1);  // RFC 3515 3.10

// 3.2.1: a body of this type, by one who takes these ranges; empty: whatever the package says.
bool IsTaken(std::string_view ranges, std::string_view content_type) {
  const std::string_view type = TypeOf(content_type);
  const std::size_t slash = type.find('/');
  Elements elements(ranges);
  for (std::string_view element; elements.Next(element);) {
    MediaRange range;
    if (!ParseAccept(element, range, nullptr).ok() || range.q == 0) continue;
    if (range.type == "*") return true;
    if (slash == type.npos || !EqualsIgnoreCase(range.type, type.substr(0, slash))) continue;
    if (range.subtype == "*" || EqualsIgnoreCase(range.subtype, Trim(type.substr(slash + 1)))) return true;
  }
  return ranges.empty();
}

}  // namespace

// 8.2.1: compared byte by byte.
bool IsServed(std::string_view events, std::string_view type) {
  while (!events.empty()) {
    if (TakeListed(events) == type) return true;
  }
  return false;
}

// 4.1.2.1: is there a body that its sender takes? Without an Accept that is the package's to say.
bool UserAgentState::HasTypeFor(const MessageView& subscribe) const {
  if (options_.event_types.empty() || !subscribe.Has(HeaderId::kAccept)) return true;
  ElementsOf ranges(subscribe, HeaderId::kAccept);
  for (std::string_view range; ranges.Next(range);) {
    for (std::string_view types = options_.event_types; !types.empty();) {
      if (IsTaken(range, TakeListed(types))) return true;
    }
  }
  return false;
}

// What is granted to a SUBSCRIBE, in seconds. Nullopt: it was refused.
std::optional<std::uint32_t> UserAgent::Impl::GrantedTo(TransactionId id, const MessageView& request) {
  if (!HasTypeFor(request)) {
    ++counters_.refused_events;
    Refuse(id, 406);
    return std::nullopt;
  }
  const std::uint32_t asked = SecondsOf(request, HeaderId::kExpires).value_or(options_.event_expires);
  if (IsTooBrief(asked, options_.event_expires_min)) {
    ++counters_.refused_events;
    draft_.Clear();
    draft_.Compose(HeaderId::kMinExpires, options_.event_expires_min);
    RespondInAnyCase(id, 423);
    return std::nullopt;
  }
  return std::min(asked, options_.event_expires_max);
}

void UserAgent::Impl::OnSubscribe(TransactionId id, const MessageView& request) {
  if (shut_down_) return Refuse(id, 503);
  const std::string_view value = request.First(HeaderId::kEvent).value_or("");
  EventField event;
  const bool is_event = ParseEvent(value, event).ok() && value.size() <= options_.limits.identity_bytes_max;
  if (!is_event || !IsServed(options_.events, event.type)) {
    ++counters_.refused_events;
    if (options_.takes_refer && is_event && event.type == kReferEvent)
      return Refuse(id, 403);  // RFC 3515 2.4.4
    return Refuse(id, 489, HeaderId::kAllowEvents,
                  allow_events_.empty() ? kReferEvent : std::string_view(allow_events_));
  }
  const std::optional<std::uint32_t> granted = GrantedTo(id, request);
  if (!granted) return;
  const StandaloneId owner_id = AddNotifier(id, request);
  if (owner_id.is_nil()) return;
  ++counters_.subscriptions_received;
  Standalone& owner = *standalones_.Find(owner_id);
  AssignUnfolded(owner.event, value);
  AcceptSubscribe(id, owner_id, owner, request, *granted, false);
}

// With the dialog that `request` makes.
StandaloneId UserAgent::Impl::AddNotifier(TransactionId id, const MessageView& request) {
  const DialogId dialog_id = dialogs_.Add();
  const StandaloneId owner_id =
      dialog_id.is_nil() ? StandaloneId{}
                         : AddStandalone(Standalone::Kind::kNotifier, options_.limits.subscriptions_max);
  if (owner_id.is_nil()) {
    dialogs_.Remove(dialog_id);
    ++counters_.refused_limit;
    Refuse(id, 503, HeaderId::kRetryAfter, "60");
    return {};
  }
  Dialog& dialog = *dialogs_.Find(dialog_id);
  const DialogError error = FormFromRequest(request, dialog_limits_, TagOf(id), dialog);
  if (error != DialogError::kNone) {
    dialogs_.Remove(dialog_id);
    DropStandalone(owner_id);
    Refuse(id, error == DialogError::kTooLong ? 500 : 400);
    return {};
  }
  NameDialog(id, dialog);
  dialog.standalone = owner_id;
  dialog.state = Dialog::State::kConfirmed;
  dialogs_.Index(dialog_id);
  Standalone& owner = *standalones_.Find(owner_id);
  owner.dialog = dialog_id;
  owner.names = TargetOf(request);
  const std::optional<SipUri> uri = ParseSipUri(request.request_uri());
  const bool has_user = uri && uri->has_user && !options_.contact_user_first;
  owner.contact_user.assign(has_user ? uri->user : std::string_view(options_.contact_user));
  HostPort host = origin_->contact;
  if (host.host.empty() && uri) host = {uri->host, uri->port};
  const bool sips = uri && uri->is_sips;
  // 4.5.1: a GRUU, where there is one.
  if (bindings_.size() > 0) ChooseCalleeGruu(request.request_uri(), owner.contact);
  ComposeTarget(owner.contact_user, host, origin_->transport, origin_->flow, sips, owner.contact);
  return owner_id;
}

void UserAgent::Impl::OnSubscribeAgain(TransactionId id, StandaloneId owner_id, Dialog& dialog,
                                       const MessageView& request) {
  Standalone& owner = *standalones_.Find(owner_id);
  if (!IsEventOf(owner, request)) return RefuseSharing(id);
  if (owner.state == Substate::kTerminated) {
    ++counters_.unknown_dialogs;
    return Refuse(id, 481);
  }
  const std::optional<std::uint32_t> granted = GrantedTo(id, request);
  if (!granted) return;
  if (ContactTarget(request, dialog_limits_, uri_scratch_) == DialogError::kNone) {
    dialog.remote_target.assign(uri_scratch_);  // 3.1: a target refresh
  }
  AcceptSubscribe(id, owner_id, owner, request, *granted, true);
}

// 4.2.1.1: 200 at once, whoever has to be asked about it; 4.2.1.2: and a NOTIFY.
void UserAgent::Impl::AcceptSubscribe(TransactionId id, StandaloneId owner_id, Standalone& owner,
                                      const MessageView& request, std::uint32_t granted, bool is_refresh) {
  draft_.Clear();
  const Dialog& dialog = *dialogs_.Find(owner.dialog);
  if (!is_refresh && !dialog.routes.empty()) draft_.Add(HeaderId::kRecordRoute, dialog.routes);
  draft_.Add(HeaderId::kContact, owner.contact);
  draft_.Compose(HeaderId::kExpires, granted);
  DraftCapabilities(false);
  RespondInAnyCase(id, 200);
  // A refresh without one changes nothing.
  if (!owner.is_refer && request.Has(HeaderId::kAccept)) {
    AssignList(request, HeaderId::kAccept, options_.limits.identity_bytes_max, owner.accept, uri_scratch_);
  }
  if (!owner.is_refer) owner.report_next = now_;  // 4.2.1.2: what answers a SUBSCRIBE goes out at once
  if (granted > 0) owner.until = After(now_, std::chrono::seconds(granted));
  ArmStandalone(owner_id, owner);
  if (!owner.is_refer) {
    Emit(ua::SubscriptionRequested{owner_id, owner.cookie, &request, owner.event, granted, is_refresh});
  }
  if (granted == 0) return WithdrawStandalone(owner_id, owner, EventReason::kTimeout);  // 3.1.1
  StartNotify(owner_id, owner);
}

// One at a time, so that they arrive in order. One that is not sent yet will say what is true then.
void UserAgent::Impl::StartNotify(StandaloneId id, Standalone& owner) {
  ArmStandalone(id, owner);
  if (const Outgoing* const request = outgoing_.Find(owner.outgoing)) {
    owner.notify_again = request->stage != Outgoing::Stage::kLocating;
    return;
  }
  const bool may_wait = owner.is_refer || owner.state != Substate::kTerminated;
  if (may_wait && now_ < owner.report_next) {
    if (owner.report_at == kNever) ++held_reports_;
    owner.report_at = owner.report_next;
    return ArmStandalone(id, owner);
  }
  if (std::exchange(owner.report_at, kNever) != kNever) {
    --held_reports_;
    ArmStandalone(id, owner);
  }
  owner.notify_again = false;
  if (StartStandalone(id, MethodName(Method::kNotify), owner.dialog)) return;
  OnNotifyOutcome(id, owner, kNoResponse, nullptr);
  SettleStandalone(id);
}

void UserAgent::Impl::DraftNotify(Standalone& owner) {
  draft_.Add(HeaderId::kContact, owner.contact);
  draft_.Add(HeaderId::kEvent, owner.event);
  const bool is_end = owner.state == Substate::kTerminated;
  const std::string_view state = SubstateName(owner.state);
  // 4.1.3, 4.2.2: how long it has, or why it has ended.
  if (!is_end) {
    const auto left = std::chrono::duration_cast<std::chrono::seconds>(owner.until - now_).count();
    draft_.Compose(HeaderId::kSubscriptionState, {state, ";expires="},
                   static_cast<std::uint64_t>(std::max<std::int64_t>(left, 0)));
  } else if (owner.end_retry_after) {
    draft_.Compose(HeaderId::kSubscriptionState,
                   {state, ";reason=", EventReasonName(owner.reason), ";retry-after="},
                   *owner.end_retry_after);
  } else {
    draft_.Compose(HeaderId::kSubscriptionState, {state, ";reason=", EventReasonName(owner.reason)});
  }
  draft_.Add(HeaderId::kAllow, Policy().methods);
  if (!allow_events_.empty()) draft_.Add(HeaderId::kAllowEvents, allow_events_);
  owner.is_last_sent = is_end;
  owner.report_next = After(now_, owner.is_refer ? kReportGap : options_.notify_gap);
}

void UserAgent::Impl::OnNotifyOutcome(StandaloneId id, Standalone& owner, int status,
                                      const MessageView* response) {
  if (status >= 200 && status < 300) {
    ++counters_.notifies_sent;
    Dialog& dialog = *dialogs_.Find(owner.dialog);
    if (ContactTarget(*response, dialog_limits_, uri_scratch_) == DialogError::kNone) {
      dialog.remote_target.assign(uri_scratch_);
    }
  }
  // One that was to say so and found no way is not tried again.
  const bool was_last = owner.is_last_sent || (owner.state == Substate::kTerminated && !owner.notify_again);
  if (was_last || status == kNoResponse || EndsSubscription(status)) {
    const int told = status == kNoResponse ? 408 : status == kUnreached ? 503 : status;
    Emit(ua::SubscriptionChanged{id, owner.cookie, response, kNever, kNever, told,
                                 Subscription::State::kOver});
    return EndStandalone(id, owner);
  }
  if (owner.notify_again) StartNotify(id, owner);
}

VerbError UserAgent::Impl::Notify(Instant now, StandaloneId id, const NotifyDraft& draft,
                                  UserAgentSink& out) {
  Standalone* const owner = standalones_.Find(id);
  if (owner == nullptr || owner->is_over) return ++counters_.stale_ids, VerbError::kStale;
  if (owner->kind != Standalone::Kind::kNotifier || owner->is_refer || draft.state == Substate::kExtension) {
    return VerbError::kWrongState;
  }
  // Of one that has ended the last word may still be changed, until it is sent.
  const Outgoing* const request = outgoing_.Find(owner->outgoing);
  const bool is_unsent = request != nullptr && request->stage == Outgoing::Stage::kLocating;
  const bool is_end = draft.state == Substate::kTerminated;
  if (owner->state == Substate::kTerminated && (owner->is_last_sent || !(is_unsent || owner->notify_again))) {
    return VerbError::kWrongState;
  }
  const VerbError error = CheckContent(draft.content, options_.limits);
  if (error != VerbError::kNone) return error;
  if (!draft.content.body.empty() && !IsTaken(owner->accept, draft.content.content_type)) {
    return VerbError::kBadHeader;
  }
  Begin(now, out);
  owner->content.Assign(draft.content.body, draft.content.content_type, draft.content.headers);
  if (owner->state != Substate::kTerminated) {
    owner->end_retry_after = draft.retry_after;
    if (is_end) {
      const bool has_reason = draft.reason != EventReason::kNone;
      WithdrawStandalone(id, *owner, has_reason ? draft.reason : EventReason::kNoresource);
    } else {
      owner->state = draft.state;
      StartNotify(id, *owner);
    }
  }
  Finish();
  return VerbError::kNone;
}

}  // namespace sansip
