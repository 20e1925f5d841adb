#include "sansip/tests/sim/dialog_user.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <variant>

#include "sansip/dialog/user_agent_view.h"
#include "sansip/tests/sim/random.h"
#include "sansip/tests/sim/world.h"

namespace sansip::sim {
namespace {

constexpr std::uint32_t kEarlyUpdatesMax = 4;         // each answer sets off another one
constexpr Duration kAgain = std::chrono::seconds(1);  // RFC 3261 14.1: not while another is under way
constexpr std::uint32_t kTriesMax = 20;

}  // namespace

std::string_view DialogUser::Fresh() {
  description_ = AudioDescription(dialog_.host, 17000);
  const std::string version = std::to_string(++version_);
  description_.replace(description_.find(" 1 IN") + 1, 1, version);
  return description_;
}

bool DialogUser::IsTalking(CallId call) const { return confirmed_.contains(call.value()); }

void DialogUser::OnAction(Node& node, Instant now, const UserAgentAction& action) {
  ScriptedUser::OnAction(node, now, action);
  if (const auto* incoming = std::get_if<ua::Incoming>(&action)) {
    if (script().refuse_with == 0 && script().ring_for > Duration::zero()) {
      Prelude(node, now, incoming->call, dialog_.provisionals);
    }
  } else if (const auto* prack = std::get_if<ua::PrackReceived>(&action)) {
    UpdateEarly(node, now, prack->call, {});
  } else if (const auto* answer = std::get_if<ua::AnswerReceived>(&action)) {
    if (answer->is_early) UpdateEarly(node, now, answer->call, answer->dialog);
  } else if (const auto* confirmed = std::get_if<ua::Confirmed>(&action)) {
    if (confirmed_.insert(confirmed->call.value()).second) OnFirstConfirmed(node, now, confirmed->call);
  } else if (const auto* ended = std::get_if<ua::Ended>(&action)) {
    confirmed_.erase(ended->call.value());
    referred_.erase(ended->call.value());
    updated_.erase(ended->call.value());
    std::erase(calls_placed_, ended->call);
  } else if (const auto* refer = std::get_if<ua::ReferReceived>(&action)) {
    node.At(now, [this, id = refer->standalone](Node& self, Instant then) { PlaceReferred(self, then, id); });
  } else if (const auto* changed = std::get_if<ua::ReferChanged>(&action)) {
    if (changed->stage != ReferStage::kEnded || changed->status / 100 != 2) return;
    node.At(now, [this, call = changed->call](Node& self, Instant then) {
      if (IsTalking(call)) self.Do(then, ua::input::HangUp{call, {}});
    });
  }
}

// What the first reliable one describes holds (RFC 3262 5); a preview would have to be what Answer says.
void DialogUser::Prelude(Node& node, Instant now, CallId call, std::uint32_t n) {
  if (n == 0) return;
  const Duration gap = script().ring_for / (dialog_.provisionals + 1);
  node.At(After(now, gap), [this, call, n](Node& self, Instant then) {
    const bool is_first = n == dialog_.provisionals;
    ua::input::Ring ring{call, 183, {}, Reliability::kByOption};
    if (is_first) {
      ring.content.body = Fresh();
      ring.reliability = Reliability::kReliable;
    }
    if (self.Do(then, ring).error == VerbError::kWrongState && is_first) {
      ring.content = {};
      ring.reliability = Reliability::kByOption;
      self.Do(then, ring);
    }
    Prelude(self, then, call, n - 1);
  });
}

void DialogUser::UpdateEarly(Node& node, Instant now, CallId call, DialogId dialog) {
  if (!dialog_.updates_early || IsTalking(call) || ++updated_[call.value()] > kEarlyUpdatesMax) return;
  node.At(now, [this, call, dialog](Node& self, Instant then) {
    const Content content{.body = Fresh()};
    self.Do(then, ua::input::Update{call, content, dialog});
  });
}

void DialogUser::OnFirstConfirmed(Node& node, Instant now, CallId call) {
  if (!Book(call).incoming) calls_placed_.push_back(call);
  if (dialog_.changes > 0) {
    node.At(After(now, dialog_.change_after),
            [this, call](Node& self, Instant then) { Change(self, then, call, 0); });
  }
  if (referred_.contains(call.value())) {
    node.At(After(now, dialog_.referred_talk_for), [this, call](Node& self, Instant then) {
      if (IsTalking(call)) self.Do(then, ua::input::HangUp{call, {}});
    });
  } else if (dialog_.transfer != TransferKind::kNone && !Book(call).incoming &&
             !std::exchange(has_transferred_, true)) {
    node.At(After(now, dialog_.transfer_after),
            [this, call](Node& self, Instant then) { Transfer(self, then, call); });
  }
}

void DialogUser::Change(Node& node, Instant now, CallId call, std::uint32_t n) {
  if (!IsTalking(call)) return;
  const Content content{.body = Fresh()};
  const bool updates = dialog_.by_update && (!dialog_.by_reinvite || n % 2 == 1);
  const VerbError error = updates ? node.Do(now, ua::input::Update{call, content, {}}).error
                                  : node.Do(now, ua::input::Reinvite{call, content}).error;
  if (error == VerbError::kNone && n + 1 >= dialog_.changes) return;
  if (error != VerbError::kNone && (error != VerbError::kPending || n >= kTriesMax)) return;
  node.At(After(now, error == VerbError::kNone ? dialog_.changes_apart : kAgain),
          [this, call, n](Node& self, Instant then) { Change(self, then, call, n + 1); });
}

void DialogUser::Transfer(Node& node, Instant now, CallId call) {
  if (!IsTalking(call)) return;
  CallId other;
  if (dialog_.transfer == TransferKind::kAttended) {
    for (const CallId one : calls_placed_) {
      if (one != call) other = one;
    }
  }
  node.Do(now, ua::input::Transfer{call, other, dialog_.transfer_to});
}

void DialogUser::PlaceReferred(Node& node, Instant now, StandaloneId reference) {
  CallDraft draft{.reference = reference, .session_timer = dialog_.session_timer};
  draft.content.body = Fresh();
  const InputResult placed = node.Do(now, ua::input::PlaceCall{draft});
  if (placed.error != VerbError::kNone) return;
  Book(placed.placed);
  referred_.insert(placed.placed.value());
}

void RecordViews(Node& node, Instant now) {
  std::array<CallId, 64> calls;
  const std::size_t count = std::min(node.agent().Calls(calls), calls.size());
  for (const CallId call : std::span(calls).first(count)) {
    const std::optional<CallView> view = node.agent().Find(call);
    if (!view || view->state != UsageState::kEstablished) continue;
    const auto number = [](std::optional<std::uint32_t> value) {
      return value ? std::to_string(*value) : std::string("none");
    };
    // One field a line; oracle/view_oracle.cc reads them in this order.
    std::string text;
    for (const std::string& field :
         {std::string(view->call_id), std::string(view->local_tag), std::string(view->remote_tag),
          number(view->local_cseq), number(view->remote_cseq),
          "<" + std::string(TextOf(node.address()).view()) + ">", std::string(view->remote_target),
          std::string(view->routes), std::to_string(HashOf(view->local_body)),
          std::to_string(HashOf(view->remote_body)),
          std::string(view->local_offer_open || view->remote_offer_open ? "open" : "closed"),
          std::to_string(view->session_timer.interval),
          std::string(view->session_timer.interval == 0 ? ""
                      : view->session_timer.we_refresh  ? "we"
                                                        : "peer")}) {
      text += field + "\n";
    }
    node.world().trace().Add(
        {.at = now, .node = node.number(), .name = "view", .text = text, .call = call.value()});
  }
}

}  // namespace sansip::sim
