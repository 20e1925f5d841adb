// What an agent does about --state: it writes what its user agent would need to go on, and goes on with what
// an earlier process left.
#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "fmt/core.h"
#include "sansip/cli/agent.h"
#include "sansip/core/transaction/snapshot.h"

namespace sansip::cli {
namespace {

constexpr Duration kStateGap = std::chrono::seconds(1);

}  // namespace

absl::Status Agent::RestoreState() {
  if (!state_) return absl::OkStatus();
  const auto stored = state_->Read();
  if (!stored.ok()) return stored.status();
  if (!*stored) return absl::OkStatus();
  const RestoreError error = user_agent_.Restore((*stored)->snapshot, loop_->Now(), (*stored)->elapsed);
  if (error.ok()) return absl::OkStatus();
  const std::string hint = error.code == RestoreCode::kOtherVersion
                               ? "it was written by another version of sansip"
                               : "remove it to begin anew";
  return absl::InvalidArgumentError(fmt::format("{}: its state cannot be restored ({}): {}", state_->path(),
                                                RestoreCodeName(error.code), hint));
}

void Agent::ResumeCalls() {
  std::vector<CallId> ids(user_agent_.Calls({}));
  user_agent_.Calls(ids);
  for (const CallId id : ids) ResumeCall(id);
  std::vector<RegistrationId> registrations(user_agent_.Registrations({}));
  user_agent_.Registrations(registrations);
  for (const RegistrationId id : registrations) {
    if (registration_.is_nil() && !options_.registrar.empty()) {
      registration_ = id;
      was_registered_ = user_agent_.FindRegistration(id)->is_bound;
    } else {
      (void)Do(ua::input::Unregister{id});
    }
  }
}

void Agent::ResumeCall(CallId id) {
  const Instant now = loop_->Now();
  const std::uint64_t number = ++totals_.calls;
  (void)Do(ua::input::SetCookie{.call = id, .cookie = Cookie{number}});
  Call& call = calls_[number];
  const CallView view = *user_agent_.Find(id);
  call.number = number;
  call.id = id;
  call.is_incoming = view.role == UsageRole::kCallee;
  call.peer = view.remote_target;
  call.answered = now;
  reporter_->Restored(now, number, call.is_incoming, call.peer, view.call_id, view.session_timer);
  if (options_.hangup_after) call.hangup_at = After(now, *options_.hangup_after);
  if (options_.reinvite_after) call.reinvite_at = After(now, *options_.reinvite_after);
  auto media = CallMedia::Resume(*loop_, *random_, options_.media, view.local_body, view.remote_body, number);
  if (!media.ok()) return GiveUp(call, ExitCode::kLocalResource, std::string(media.status().message()));
  call.media = *std::move(media);
  call.media->Start();
  if (!call.media->has_moved()) return;
  reporter_->Note(now, number, "its RTP port is taken: offering another");
  call.is_moving = true;
  call.reinvite_at = now;
}

void Agent::SaveState(Instant now) {
  if (state_due_ > now) return;
  state_due_ = kNever;
  state_saved_ = now;
  std::string bytes(user_agent_.Snapshot(now, {}), '\0');
  user_agent_.Snapshot(now, bytes);
  const absl::Status written = state_->Write(bytes);
  if (written.ok() || !is_state_complete_) return;
  is_state_complete_ = false;  // said once
  reporter_->Error(now, 0, ExitCode::kLocalResource, std::string(written.message()));
}

void Agent::NoteState(Instant now) {
  if (state_ && state_due_ == kNever) {
    state_due_ = state_saved_ == kNever ? now : std::max(now, After(state_saved_, kStateGap));
  }
}

void Agent::CloseState() {
  if (!state_) return;
  if (user_agent_.calls_live() == 0 && user_agent_.registrations() == 0) return state_->Remove();
  state_due_ = loop_->Now();
  SaveState(state_due_);
}

}  // namespace sansip::cli
