// Records made fresh; their storage stays.

#include "sansip/dialog/user_agent_call.h"
#include "sansip/dialog/user_agent_standalone.h"
#include "sansip/dialog/user_agent_state.h"

namespace sansip {

void UserAgentState::Recycle() {
  calls_.Recycle();
  bindings_.Recycle();
  standalones_.Recycle();
  compositor_.Recycle();
  dialogs_.Recycle();
  outgoing_.Recycle();
  open_invites_.Recycle();
  packages_.Recycle();
  has_removed_ = false;
}

void Outgoing::Reset() {
  kind = Kind::kInvite;
  stage = Stage::kLocating;
  call = {};
  registration = {};
  standalone = {};
  dialog = {};
  cseq = transactions = 0;
  transaction = {};
  paths_failed = retries = 0;
  flow = {};
  wire_bytes = 0;
  is_refresh = offered = settled = is_early = says_packages = yields = bye_after = is_given_up = false;
  rack_rseq = rack_cseq = 0;
  attempt = {};
  unauthorized_status = 0;
  failed_status = kUnreached;
  retry_after.reset();
  sent = {};
  content.Clear();
  request_uri.clear();
  next_hop.clear();
  target.clear();
  method_text.clear();
}

void Standalone::Reset() {
  kind = Kind::kRequest;
  is_over = queued = takes_forks = is_unsent = carries_state = notify_again = is_last_sent = false;
  yields = false;
  cookie = {};
  call = {};
  seed = dialog = {};
  auth.Reset();
  outgoing = {};
  retry_after = open = expires = 0;
  ask_until = until = kNever;
  names = {};
  for (KeptText* text : {&contact_user, &contact, &event, &target_dialog, &method, &accept, &entity_tag}) {
    text->clear();
  }
  content.Clear();
  order = 0;
  redirects = 0;
  subscription = Subscription();
  told = Subscription::State::kIdle;
  options = {};
  publication = Registration();
  state = Substate::kPending;
  reason = EventReason::kNone;
  end_retry_after.reset();
  is_refer = is_accepted = false;
  reports = true;
  refer_cseq = 0;
  refer_status = 0;
  next_in_call = {};
  for (KeptText* text : {&refer_to, &referred_by, &replaces}) text->clear();
  request = {};
  report_at = kNever;
  report_next = {};
}

void OpenInvite::Reset() {
  rseq = cseq = 0;
  unacknowledged = described = answer_held = inner_is_prack = false;
  status = held_status = 0;
  sent.Clear();
  held.Clear();
  answer.Clear();
  inner = {};
  inner_dialog = {};
  inner_target.clear();
  offers.clear();
  prack = {};
}

void Call::Reset() {
  role = UsageRole::kCaller;
  state = UsageState::kPreparative;
  cookie = {};
  ended = cancelling = touched = offer_pending = bye_on_ack = ack_wanted = false;
  cancel_cause = EndCause::kLocalCancel;
  reference = references = {};
  replaces = {};
  was_referred = false;
  open = ack_cseq = expires = retry_after = min_se_seen = 0;
  seed = dialog = {};
  forks.clear();
  invite = modify = ack = {};
  auth.Reset();
  unauthorized.clear();
  request.id = {};
  open_invite = {};
  packages = {};
  reliability = {};
  request.target.clear();
  success = {};
  contact.clear();
  contact_user.clear();
  provisional.Clear();
  provisional_status = 0;
  bye.Clear();
  wish = {};
  timer.reset();
  interval_retries = 0;
  targets.Clear();
  redirects = 0;
  timers.StopIf([](CallTimer) { return true; });
}

}  // namespace sansip
