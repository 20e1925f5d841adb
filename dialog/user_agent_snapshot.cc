#include "sansip/dialog/user_agent_snapshot.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "sansip/core/base/string_hash.h"
#include "sansip/core/message/fields/call_id.h"
#include "sansip/core/message/fields/entity_tag.h"
#include "sansip/core/message/fields/event.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/replaces.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/uri/sip_uri.h"
#include "sansip/dialog/snapshot_form.h"
#include "sansip/dialog/user_agent_check.h"
#include "sansip/dialog/user_agent_state.h"

namespace sansip {
namespace {

constexpr std::uint32_t kFirstWord = 'S' | 'I' << 8 | 'P' << 16 | 'u' << 24;
constexpr std::size_t kChecksumBytes = 8;

std::uint64_t ChecksumOf(std::string_view bytes) { return StringHash(1, kUserAgentSnapshotVersion)(bytes); }

template <typename Form>
void NumberOrNone(Form& form, std::optional<std::uint32_t>& number) {
  const bool has_number = form.Flag(number.has_value());
  std::uint32_t value = number.value_or(0);
  form.Number(value);
  number = has_number ? std::optional(value) : std::nullopt;
}

void ContentFields(Saving& form, const KeptContent& content, const UserAgentLimits&) {
  std::vector<HeaderLine> lines;
  content.AddLinesTo(lines);
  form.Text(content.body(), 0);
  form.Text(content.content_type(), 0);
  form.Number(static_cast<std::uint32_t>(lines.size()));
  for (const HeaderLine& line : lines) {
    form.Text(line.id == HeaderId::kOther ? line.name : HeaderName(line.id), 0);
    form.Text(line.value, 0);
  }
}

void ContentFields(Loading& form, KeptContent& content, const UserAgentLimits& limits) {
  std::string body, type;
  form.Text(body, limits.body_bytes_max);
  form.Text(type, limits.identity_bytes_max);
  std::uint32_t count = 0;
  form.Number(count);
  if (!form.Require(count <= limits.extra_headers_max)) return;
  std::vector<std::string> texts(std::size_t{count} * 2);
  for (std::string& text : texts) form.Text(text, limits.identity_bytes_max);
  std::vector<HeaderLine> lines;
  for (std::size_t i = 0; i < texts.size(); i += 2) {
    lines.push_back({HeaderIdFromName(texts[i]), texts[i + 1], texts[i]});
  }
  const Content loaded{.body = body, .content_type = type, .headers = lines};
  if (form.Require(CheckContent(loaded, limits) == VerbError::kNone)) content.Assign(body, type, lines);
}

void SessionFields(Saving& form, const OfferAnswer& session, const UserAgentLimits&) {
  form.Text(session.local(), 0);
  form.Text(session.remote(), 0);
}

void SessionFields(Loading& form, OfferAnswer& session, const UserAgentLimits& limits) {
  std::string local, remote;
  form.Text(local, limits.body_bytes_max);
  form.Text(remote, limits.body_bytes_max);
  session.Restore(local, remote);
}

template <typename Form>
void DialogFields(Form& form, Dialog& dialog, const UserAgentLimits& limits) {
  for (KeptText* text : {&dialog.call_id, &dialog.local_tag, &dialog.remote_tag, &dialog.local_address,
                         &dialog.remote_address, &dialog.remote_target}) {
    form.Text(*text, limits.identity_bytes_max);
  }
  form.Text(dialog.routes, DialogLimits().routes_bytes_max);
  dialog.owns_call_id = form.Flag(dialog.owns_call_id);
  dialog.secure = form.Flag(dialog.secure);
  NumberOrNone(form, dialog.local_cseq);
  NumberOrNone(form, dialog.remote_cseq);
  for (std::uint64_t* half : {&dialog.session.local.high, &dialog.session.local.low,
                              &dialog.session.remote.high, &dialog.session.remote.low}) {
    form.Number(*half);
  }
  dialog.session.is_single = form.Flag(dialog.session.is_single);
}

// RFC 6086: both sets of the call's dialog.
struct StoredPackages {
  bool is_on = false;
  std::string own, wish, peer;
};

template <typename Form>
void PackagesFields(Form& form, StoredPackages& packages, const UserAgentLimits& limits) {
  packages.is_on = form.Flag(packages.is_on);
  for (std::string* text : {&packages.own, &packages.wish, &packages.peer}) {
    form.Text(*text, limits.identity_bytes_max);
  }
}

template <typename Form>
void CallFields(Form& form, Call& call, Dialog& dialog, KeptContent& ack, const UserAgentLimits& limits) {
  DialogFields(form, dialog, limits);
  SessionFields(form, dialog.offer_answer, limits);
  dialog.agreed = form.Flag(dialog.agreed);
  dialog.allows_update = form.Flag(dialog.allows_update);
  dialog.takes_target_dialog = form.Flag(dialog.takes_target_dialog);
  form.Number(dialog.rseq);
  form.Number(dialog.ack_cseq);
  ContentFields(form, ack, limits);

  form.Choice(call.role, UsageRole::kCallee);
  form.Number(call.cookie.value);
  form.Text(call.contact, 2 * limits.identity_bytes_max);
  form.Text(call.contact_user, limits.identity_bytes_max);
  form.Choice(call.reliability, ReliableProvisionals::kRequired);
  call.wish.enabled = form.Flag(call.wish.enabled);
  form.Number(call.wish.session_expires);
  form.Number(call.wish.min_se);
  form.Choice(call.wish.refresher, Refresher::kUas);
  form.Choice(call.wish.method, RefreshMethod::kUpdate);
  call.timer->Fields(form);
}

template <typename Form>
void RegistrationFields(Form& form, Binding& binding, Dialog& seed, const UserAgentLimits& limits) {
  DialogFields(form, seed, limits);
  binding.machine.Fields(form);
  form.Number(binding.cookie.value);
  form.Text(binding.contact_user, limits.identity_bytes_max);
  form.Text(binding.contact, 2 * limits.identity_bytes_max);
  form.Text(binding.more_contacts, limits.contacts_max * (limits.identity_bytes_max + 2));
  form.Text(binding.service_route, DialogLimits().routes_bytes_max);
  form.Text(binding.path, DialogLimits().routes_bytes_max);
  binding.removes_all = form.Flag(binding.removes_all);
  binding.was_listed = form.Flag(binding.was_listed);
  for (KeptText* text : {&binding.instance, &binding.push, &binding.push_service, &binding.push_purr,
                         &binding.pub_gruu, &binding.temp_gruu}) {
    form.Text(*text, 2 * limits.identity_bytes_max);
  }
  form.Number(binding.reg_id);
  form.Number(binding.push_lead);
  binding.is_outbound = form.Flag(binding.is_outbound);
}

// `seed`: what requests outside of a dialog are made of; `dialog`: of a subscription. Where there is none, it
// is empty.
template <typename Form>
void StandaloneFields(Form& form, Standalone& owner, Dialog& seed, Dialog& dialog,
                      const UserAgentLimits& limits) {
  const bool has_seed = form.Flag(!seed.call_id.empty());
  const bool has_dialog = form.Flag(!dialog.call_id.empty());
  if (has_seed) DialogFields(form, seed, limits);
  if (has_dialog) DialogFields(form, dialog, limits);
  form.Number(owner.cookie.value);
  form.Text(owner.contact_user, limits.identity_bytes_max);
  form.Text(owner.event, limits.identity_bytes_max);
  form.Text(owner.target_dialog, 4 * limits.identity_bytes_max);
  form.Text(owner.accept, limits.identity_bytes_max);
  form.Text(owner.entity_tag, limits.identity_bytes_max);
  form.Text(owner.contact, 2 * limits.identity_bytes_max);
  ContentFields(form, owner.content, limits);
  switch (owner.kind) {
    case Standalone::Kind::kSubscriber:
      owner.takes_forks = form.Flag(owner.takes_forks);
      return owner.subscription.Fields(form);
    case Standalone::Kind::kPublication:
      owner.is_unsent = form.Flag(owner.is_unsent);
      return owner.publication.Fields(form);
    case Standalone::Kind::kNotifier:
      form.Choice(owner.state, Substate::kTerminated);
      return form.Time(owner.until);
    case Standalone::Kind::kRequest:
      return;
  }
}

// Name-addrs, comma separated, perhaps none.
bool IsAddressList(std::string_view list) {
  if (HasControl(list)) return false;
  Elements elements(list);
  for (std::string_view element; elements.Next(element);) {
    NameAddr address;
    if (!ParseNameAddr(element, address, nullptr).ok() || address.is_star) return false;
  }
  return true;
}

// As From or To is written; the tag may be none.
bool IsAddressWithTag(std::string_view address, std::string_view tag) {
  std::string text(address);
  if (!tag.empty()) text.append(";tag=").append(tag);
  NameAddr parsed;
  std::string_view rest;
  return !HasControl(text) && ParseNameAddr(text, parsed, &rest).ok() && Trim(rest).empty() &&
         !parsed.is_star && Parameter(parsed.parameters, "tag").value_or("") == tag;
}

bool IsContactUser(std::string_view user) {
  return user.empty() || (!HasControl(user) && ParseSipUri("sip:" + std::string(user) + "@h").has_value());
}

bool IsUriOrNone(std::string_view uri) {
  return uri.empty() || (!HasControl(uri) && ParseSipUri(uri).has_value());
}

bool IsPushName(std::string_view purr) {
  return purr.empty() || (!HasControl(purr) && IsAddressList("<sip:h;pn-purr=" + std::string(purr) + ">"));
}

// What stands in the Contact, or may come to stand there.
bool IsWritable(const Binding& binding, const UserAgentLimits& limits) {
  return IsAddressList(binding.contact) && IsContactUser(binding.contact_user) &&
         IsAddressList(binding.more_contacts) && IsAddressList(binding.service_route) &&
         IsAddressList(binding.path) && IsDevice(binding.instance, binding.reg_id, limits) &&
         !HasControl(binding.push) && IsAddressList("<sip:h" + std::string(binding.push) + ">") &&
         IsPushName(binding.push_purr) && IsUriOrNone(binding.pub_gruu) && IsUriOrNone(binding.temp_gruu);
}

// Nothing that would make another message of a message.
bool IsWritable(const Dialog& dialog) {
  return CheckCallId(dialog.call_id).ok() && !dialog.local_tag.empty() &&
         IsAddressWithTag(dialog.local_address, dialog.local_tag) &&
         IsAddressWithTag(dialog.remote_address, dialog.remote_tag) && !HasControl(dialog.remote_target) &&
         ParseSipUri(dialog.remote_target).has_value() && IsAddressList(dialog.routes);
}

// The kinds of what must be there, and what is written again.
bool IsWritable(const Standalone& owner, const Dialog* seed, const Dialog* dialog) {
  EventField event;
  EntityTag tag;
  TargetDialog target;
  const bool is_notifier = owner.kind == Standalone::Kind::kNotifier;
  const Subscription::State state = owner.subscription.state();
  const bool wants_dialog =
      is_notifier || state == Subscription::State::kPending || state == Subscription::State::kActive;
  return (seed == nullptr) == is_notifier && (dialog != nullptr) == wants_dialog &&
         (seed == nullptr || IsWritable(*seed)) && (dialog == nullptr || IsWritable(*dialog)) &&
         IsContactUser(owner.contact_user) && IsAddressList(owner.contact) && !HasControl(owner.event) &&
         (owner.target_dialog.empty() ||
          (!HasControl(owner.target_dialog) && ParseTargetDialog(owner.target_dialog, target).ok())) &&
         ParseEvent(owner.event, event).ok() && !HasControl(owner.accept) && !HasControl(owner.entity_tag) &&
         (owner.entity_tag.empty() || ParseEntityTag(owner.entity_tag, tag).ok());
}

bool GoesOn(const Standalone& owner) {
  switch (owner.kind) {
    case Standalone::Kind::kSubscriber:
      return owner.subscription.goes_on() && owner.subscription.IsConsistent();
    case Standalone::Kind::kPublication: {
      const Registration::State state = owner.publication.state();
      return (state == Registration::State::kRegistered || state == Registration::State::kWaiting) &&
             owner.publication.IsConsistent();
    }
    case Standalone::Kind::kNotifier:
      return owner.state == Substate::kPending || owner.state == Substate::kActive;
    case Standalone::Kind::kRequest:
      return false;
  }
  return false;
}

bool IsStored(const Standalone& owner) {
  if (owner.is_over || owner.is_refer) return false;
  const Registration::State publication = owner.publication.state();
  switch (owner.kind) {
    case Standalone::Kind::kSubscriber:
      return owner.subscription.goes_on();
    case Standalone::Kind::kPublication:
      return publication != Registration::State::kOver && !owner.publication.wants_removal();
    case Standalone::Kind::kNotifier:
      return GoesOn(owner);
    case Standalone::Kind::kRequest:
      return false;
  }
  return false;
}
bool IsStored(const Call& call) {
  return call.state == UsageState::kEstablished && !call.ended && call.timer;
}
bool IsStored(const Binding& binding) {
  return binding.machine.state() != Registration::State::kOver && !binding.machine.wants_removal();
}

}  // namespace

void UserAgentState::SaveStandalone(Saving& form, const Standalone& owner) const {
  Standalone copy = owner;
  copy.is_unsent = owner.is_unsent || (owner.carries_state && !owner.outgoing.is_nil());
  const Subscription::State state = owner.subscription.state();
  // That of a subscription which waits is of no use any more.
  const bool has_dialog = owner.kind == Standalone::Kind::kNotifier ||
                          state == Subscription::State::kPending || state == Subscription::State::kActive;
  const Dialog* const seed = dialogs_.Find(owner.seed);
  const Dialog* const dialog = has_dialog ? dialogs_.Find(owner.dialog) : nullptr;
  Dialog seed_copy = seed == nullptr ? Dialog() : *seed;
  Dialog dialog_copy = dialog == nullptr ? Dialog() : *dialog;
  form.Choice(owner.kind, Standalone::Kind::kPublication);
  StandaloneFields(form, copy, seed_copy, dialog_copy, options_.limits);
}

std::size_t UserAgentState::Snapshot(Instant now, std::span<char> out) const {
  const auto all = [&](Saving& form) {
    std::uint32_t calls = 0, bindings = 0, standalones = 0;
    standalones_.ForEach([&](StandaloneId, const Standalone& owner) { standalones += IsStored(owner); });
    calls_.ForEach([&](CallId, const Call& call) { calls += IsStored(call); });
    bindings_.ForEach([&](RegistrationId, const Binding& binding) { bindings += IsStored(binding); });
    form.Number(kFirstWord);
    form.Number(kUserAgentSnapshotVersion);
    form.Number(calls);
    form.Number(bindings);
    form.Number(standalones);
    // Copies: the lists of fields are for both ways.
    calls_.ForEach([&](CallId, const Call& call) {
      if (!IsStored(call)) return;
      Call copy = call;
      Dialog dialog = *dialogs_.Find(call.dialog);
      const KeptAck* const kept = dialogs_.FindAck(dialog);
      KeptContent ack = kept == nullptr ? KeptContent() : kept->content;
      CallFields(form, copy, dialog, ack, options_.limits);
      StoredPackages stored;
      if (const InfoPackages* const packages = packages_.Find(call.packages)) {
        const std::string peer(packages->SetOf(call.dialog));
        stored = {.is_on = true, .own = packages->own, .wish = packages->wish, .peer = peer};
      }
      PackagesFields(form, stored, options_.limits);
    });
    bindings_.ForEach([&](RegistrationId, const Binding& binding) {
      if (!IsStored(binding)) return;
      Binding copy = binding;
      Dialog seed = *dialogs_.Find(binding.seed);
      seed.remote_target = binding.registrar;  // wherever a REGISTER under way was redirected
      copy.targets.LeaveProxy(seed.routes);
      RegistrationFields(form, copy, seed, options_.limits);
    });
    standalones_.ForEach([&](StandaloneId, const Standalone& owner) {
      if (IsStored(owner)) SaveStandalone(form, owner);
    });
    form.Number(ChecksumOf(form.text()));
  };
  const Instant latest = std::max(now, now_);
  Saving counting(latest, {});
  all(counting);
  if (counting.needed() <= out.size()) {
    Saving form(latest, out.first(counting.needed()));
    all(form);
  }
  return counting.needed();
}

// Where they were on and are.
void UserAgentState::LoadPackages(Loading& form, Call& call) {
  StoredPackages stored;
  PackagesFields(form, stored, options_.limits);
  for (const std::string* set : {&stored.own, &stored.wish, &stored.peer}) {
    form.Require(!HasControl(*set) && IsPackageSet(*set));
  }
  if (!form.ok() || !options_.info_packages) return;
  call.packages = packages_.Add();
  InfoPackages& packages = *packages_.Find(call.packages);
  packages.own = stored.own;
  packages.wish = stored.is_on ? stored.wish : *options_.info_packages;
  packages.AddPeer(call.dialog).set = stored.peer;
}

bool UserAgentState::LoadCall(Loading& form) {
  const DialogId dialog_id = dialogs_.Add();
  const CallId id = dialog_id.is_nil() ? CallId{} : calls_.Add();
  if (id.is_nil()) {
    dialogs_.Remove(dialog_id);
    return false;
  }
  Call& call = *calls_.Find(id);
  Dialog& dialog = *dialogs_.Find(dialog_id);
  call.dialog = dialog_id;
  call.forks.push_back(dialog_id);
  call.state = UsageState::kEstablished;
  call.timer.emplace(call.wish, false);
  ++live_;
  dialog.call = id;
  dialog.state = Dialog::State::kConfirmed;
  KeptContent ack;
  CallFields(form, call, dialog, ack, options_.limits);
  RestoreSession(dialog);
  if (ack.bytes() + ack.content_type().size() > 0) dialogs_.AckOf(dialog).content = ack;
  LoadPackages(form, call);
  const bool is_new =
      form.ok() && dialogs_.Find(dialog.call_id, dialog.local_tag, dialog.remote_tag).is_nil();
  if (!form.Require(is_new && IsWritable(dialog) && IsAddressList(call.contact) &&
                    IsContactUser(call.contact_user) && call.timer->IsConsistent() &&
                    call.timer->status().state != SessionTimerState::kRefreshing)) {
    return true;
  }
  dialogs_.Index(dialog_id);
  const Instant next = call.timer->next_deadline();
  if (next == kNever) return true;
  const auto order = deadlines_.NextOrder();
  call.timers.Arm(CallTimer::kSession, next, order);
  deadlines_.Set(id.slot, next, order);
  return true;
}

bool UserAgentState::LoadRegistration(Loading& form) {
  const DialogId seed_id = dialogs_.Add();
  const RegistrationId id = seed_id.is_nil() ? RegistrationId{} : bindings_.Add();
  if (id.is_nil()) {
    dialogs_.Remove(seed_id);
    return false;
  }
  Binding& binding = *bindings_.Find(id);
  binding.seed = seed_id;
  Dialog& seed = *dialogs_.Find(seed_id);
  RegistrationFields(form, binding, seed, options_.limits);
  RestoreSession(seed);
  binding.registrar = seed.remote_target;
  if (binding.is_outbound) binding.machine.ExpectRefresh(now_);
  Support("path");
  if (binding.reg_id > 0) Support("outbound");
  const Registration::State state = binding.machine.state();
  const bool goes_on = state == Registration::State::kRegistered || state == Registration::State::kWaiting;
  if (form.Require(IsWritable(seed) && IsWritable(binding, options_.limits) && goes_on &&
                   binding.machine.IsConsistent())) {
    binding_deadlines_.Set(id.slot, binding.machine.next_deadline(), binding_deadlines_.NextOrder());
  }
  return true;
}

bool UserAgentState::LoadStandalone(Loading& form) {
  Standalone::Kind kind = Standalone::Kind::kRequest;
  form.Choice(kind, Standalone::Kind::kPublication);
  const bool is_publication = kind == Standalone::Kind::kPublication;
  if (!form.Require(kind != Standalone::Kind::kRequest)) return true;
  const UserAgentLimits& limits = options_.limits;
  const StandaloneId id =
      AddStandalone(kind, is_publication ? limits.publications_max : limits.subscriptions_max);
  const DialogId seed_id = id.is_nil() ? DialogId{} : dialogs_.Add();
  const DialogId dialog_id = seed_id.is_nil() ? DialogId{} : dialogs_.Add();
  if (dialog_id.is_nil()) {
    dialogs_.Remove(seed_id);
    return false;
  }
  Standalone& owner = *standalones_.Find(id);
  owner.seed = seed_id;
  owner.dialog = dialog_id;
  Dialog& seed = *dialogs_.Find(seed_id);
  Dialog& dialog = *dialogs_.Find(dialog_id);
  seed.standalone = dialog.standalone = id;
  dialog.state = Dialog::State::kConfirmed;
  StandaloneFields(form, owner, seed, dialog, limits);
  RestoreSession(seed);
  RestoreSession(dialog);
  const bool has_seed = !seed.call_id.empty(), has_dialog = !dialog.call_id.empty();
  const bool is_new =
      form.ok() && (!has_seed || dialogs_.Find(seed.call_id, seed.local_tag, {}).is_nil()) &&
      (!has_dialog || dialogs_.Find(dialog.call_id, dialog.local_tag, dialog.remote_tag).is_nil());
  if (!form.Require(is_new && seed.remote_tag.empty() && GoesOn(owner) &&
                    IsWritable(owner, has_seed ? &seed : nullptr, has_dialog ? &dialog : nullptr))) {
    return true;
  }
  if (kind == Standalone::Kind::kSubscriber) dialogs_.Index(seed_id);
  has_dialog ? dialogs_.Index(dialog_id) : dialogs_.Remove(std::exchange(owner.dialog, {}));
  if (!has_seed) dialogs_.Remove(std::exchange(owner.seed, {}));
  owner.told = owner.subscription.state();
  owner.options = owner.subscription.options();
  owner.targets.Begin(seed.remote_target);
  ArmStandalone(id, owner);
  return true;
}

RestoreError UserAgentState::Restore(std::span<const char> snapshot, Instant now, Duration elapsed) {
  const std::string_view bytes(snapshot.data(), snapshot.size());
  if (dialogs_.size() > 0 || calls_.size() > 0 || shut_down_) return {RestoreCode::kNotFresh, 0, 0};
  LittleEndianReader head(bytes);
  if (head.Get<std::uint32_t>() != kFirstWord) return {RestoreCode::kNotASnapshot, 0, 0};
  const auto version = head.Get<std::uint16_t>();
  if (version != kUserAgentSnapshotVersion) return {RestoreCode::kOtherVersion, 4, version};
  if (head.left() < kChecksumBytes) return {RestoreCode::kTruncated, bytes.size(), 0};
  const std::string_view content = bytes.substr(0, bytes.size() - kChecksumBytes);
  if (LittleEndianReader(bytes.substr(content.size())).Get<std::uint64_t>() != ChecksumOf(content)) {
    return {RestoreCode::kDamaged, content.size(), 0};
  }

  now_ = std::max(now_, now);
  Loading form(now_, std::clamp(elapsed, Duration::zero(), snapshot_form::kAgeMax),
               content.substr(head.offset()));
  std::uint32_t calls = 0, bindings = 0, standalones = 0;
  form.Number(calls);
  form.Number(bindings);
  form.Number(standalones);
  bool is_room = calls <= options_.limits.calls_max && bindings <= options_.limits.registrations_max;
  for (; is_room && form.ok() && calls > 0; --calls) is_room = LoadCall(form);
  for (; is_room && form.ok() && bindings > 0; --bindings) is_room = LoadRegistration(form);
  for (; is_room && form.ok() && standalones > 0; --standalones) is_room = LoadStandalone(form);
  if (is_room && form.ok()) form.Require(form.left() == 0);
  RestoreError error = is_room ? form.error() : RestoreError{RestoreCode::kTooManyCalls, 0, 0};
  error.offset += head.offset();
  if (!error.ok()) Forget();
  return error;
}

void UserAgentState::Forget() {
  std::vector<CallId> calls;
  calls_.ForEach([&](CallId id, const Call&) { calls.push_back(id); });
  for (const CallId id : calls) {
    deadlines_.Remove(id.slot);
    dialogs_.Remove(calls_.Find(id)->dialog);
    packages_.Remove(calls_.Find(id)->packages);
    calls_.Remove(id);
  }
  std::vector<RegistrationId> bindings;
  bindings_.ForEach([&](RegistrationId id, const Binding&) { bindings.push_back(id); });
  for (const RegistrationId id : bindings) {
    binding_deadlines_.Remove(id.slot);
    dialogs_.Remove(bindings_.Find(id)->seed);
    bindings_.Remove(id);
  }
  compositor_.Clear();
  std::vector<StandaloneId> standalones;
  standalones_.ForEach([&](StandaloneId id, const Standalone&) { standalones.push_back(id); });
  for (const StandaloneId id : standalones) {
    standalone_deadlines_.Remove(id.slot);
    dialogs_.Remove(standalones_.Find(id)->seed);
    dialogs_.Remove(standalones_.Find(id)->dialog);
    DropStandalone(id);
  }
  live_ = 0;
}

}  // namespace sansip
