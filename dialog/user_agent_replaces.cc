// INVITEs that take the place of a call, or join one (RFC 3891, RFC 3911), as they come in; and the calls
// that other requests name (RFC 4538).

#include <optional>

#include "sansip/core/message/fields/replaces.h"
#include "sansip/dialog/user_agent_state.h"

namespace sansip {
namespace {

constexpr std::string_view kNullTag = "0";  // RFC 3891 6.1: of an RFC 2543 peer, which has none

}  // namespace

// Nil: none, or more than one, which counts as none (RFC 3891 3).
DialogId UserAgentState::FindNamed(std::string_view call_id, std::string_view to_tag,
                                   std::string_view from_tag) const {
  DialogId found = dialogs_.Find(call_id, to_tag, from_tag);
  if (from_tag != kNullTag) return found;
  const DialogId untagged = dialogs_.Find(call_id, to_tag, {});
  const Dialog* const dialog = dialogs_.Find(untagged);
  // What is made of a request of ours has no remote tag either, and is no dialog.
  if (dialog == nullptr || dialog->state == Dialog::State::kSeed) return found;
  return found.is_nil() ? untagged : DialogId{};
}

// RFC 4538 4: what names none, or cannot be read, counts as absent.
CallId UserAgentState::TargetOf(const MessageView& request) const {
  if (!options_.takes_target_dialog) return {};
  const std::optional<std::string_view> value = request.First(HeaderId::kTargetDialog);
  TargetDialog target;
  if (!value || !ParseTargetDialog(*value, target).ok()) return {};
  const Dialog* const dialog =
      dialogs_.Find(dialogs_.Find(target.call_id, target.local_tag, target.remote_tag));
  const Call* const call = dialog == nullptr ? nullptr : calls_.Find(dialog->call);
  return call == nullptr || call->ended || dialog->state == Dialog::State::kEnded ? CallId{} : dialog->call;
}

// 3: the tags as the peer has them. It is part of the call's session (RFC 7989 10.9), and so is our Contact.
void UserAgentState::AimAt(Standalone& owner, CallId target) {
  const Call& call = *calls_.Find(target);
  const Dialog& dialog = *dialogs_.Find(call.dialog);
  owner.names = target;
  owner.contact = call.contact;
  owner.target_dialog.assign(dialog.call_id);
  owner.target_dialog.append(";local-tag=").append(dialog.remote_tag);
  owner.target_dialog.append(";remote-tag=").append(dialog.local_tag);
  dialogs_.Find(owner.seed)->session = dialog.session;
}

int UserAgentState::StatusOfInvite(const MessageView& invite, CallId& replaced, CallId& joined) {
  if (shut_down_) return 503;
  const int status = StatusOfNamed(invite, replaced, joined);
  if (status == 481) ++counters_.unknown_dialogs;
  if (status != 0) return status;
  // One that takes another's place makes nobody busier.
  if ((!busy_ || !replaced.is_nil()) && live_ < options_.limits.calls_max) return 0;
  ++counters_.refused_busy;
  return 486;
}

int UserAgentState::StatusOfNamed(const MessageView& invite, CallId& replaced, CallId& joined) const {
  const std::optional<std::string_view> replacing =
      options_.takes_replaces ? invite.First(HeaderId::kReplaces) : std::nullopt;
  const std::optional<std::string_view> joining =
      options_.takes_join ? invite.First(HeaderId::kJoin) : std::nullopt;
  if (!replacing && !joining) return 0;
  Replaces replaces;
  Join join;
  if (replacing && !ParseReplaces(*replacing, replaces).ok()) return 400;
  if (joining && !ParseJoin(*joining, join).ok()) return 400;
  const DialogId id = replacing ? FindNamed(replaces.call_id, replaces.to_tag, replaces.from_tag)
                                : FindNamed(join.call_id, join.to_tag, join.from_tag);
  const Dialog* const dialog = dialogs_.Find(id);
  const Call* const call = dialog == nullptr ? nullptr : calls_.Find(dialog->call);
  if (call == nullptr) return 481;
  if (call->ended || call->cancelling || dialog->state == Dialog::State::kEnded) return 603;
  if (replacing) {
    const bool is_confirmed = dialog->state == Dialog::State::kConfirmed;
    if (is_confirmed && replaces.early_only) return 486;
    if (!is_confirmed && call->role != UsageRole::kCaller) return 481;  // not begun by us
  }
  (replacing ? replaced : joined) = dialog->call;
  return 0;
}

}  // namespace sansip
