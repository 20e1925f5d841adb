#include "sansip/tests/sim/script.h"

#include <utility>

#include "sansip/core/base/check.h"

namespace sansip::sim {

std::string AudioDescription(std::string_view host, std::uint16_t port) {
  const std::string address(host);
  return "v=0\r\no=- 1 1 IN IP4 " + address + "\r\ns=-\r\nc=IN IP4 " + address + "\r\nt=0 0\r\nm=audio " +
         std::to_string(port) +
         " RTP/AVP 0 8\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=sendrecv\r\n";
}

ScriptedUser& Scripted(Node& node) {
  auto* const user = dynamic_cast<ScriptedUser*>(&node.user());
  SANSIP_CHECK(user != nullptr);
  return *user;
}

void PlanCall(Node& node, CallPlan plan) {
  const Instant at = plan.at;
  node.At(at, [plan = std::move(plan)](Node& self, Instant now) {
    CallDraft draft{.target = plan.target, .from = self.Identity(), .session_timer = plan.session_timer};
    const std::vector<std::string_view> routes(plan.routes.begin(), plan.routes.end());
    draft.routes = routes;
    if (!plan.late_offer) draft.content.body = Scripted(self).Offer(now);
    const InputResult placed = self.Do(now, ua::input::PlaceCall{draft});
    if (placed.error != VerbError::kNone) return;
    Scripted(self).Book(placed.placed);
    Scripted(self).OnPlaced(now, placed.placed);
    if (plan.patience) {
      self.At(After(now, *plan.patience), [call = placed.placed](Node& node, Instant then) {
        const std::optional<CallView> view = node.agent().Find(call);
        if (view && view->state <= UsageState::kEarly) node.Do(then, ua::input::HangUp{call, {}});
      });
    }
    if (!plan.cancel_after) return;
    self.At(After(now, *plan.cancel_after), [call = placed.placed](Node& node, Instant then) {
      node.Do(then, ua::input::HangUp{call, {}});
    });
  });
}

void ScriptedUser::OnAction(Node& node, Instant now, const UserAgentAction& action) {
  if (const auto* incoming = std::get_if<ua::Incoming>(&action)) return On(node, now, *incoming);
  if (const auto* confirmed = std::get_if<ua::Confirmed>(&action)) return On(node, now, *confirmed);
  if (const auto* offer = std::get_if<ua::OfferReceived>(&action)) return On(node, now, *offer);
  if (const auto* ended = std::get_if<ua::Ended>(&action)) return On(node, now, *ended);
  if (const auto* answered = std::get_if<ua::Answered>(&action)) {
    Book(answered->call).answered = true;
    ++totals_.answered;
  }
  if (const auto* gone = std::get_if<ua::CallGone>(&action)) {
    Book(gone->call).gone = true;
    if (!script_.keep_books) {
      calls_.erase(gone->call.value());
      latest_[gone->call.slot] = nullptr;
    }
  }
  if (const auto* expiring = std::get_if<ua::SessionExpiring>(&action)) Book(expiring->call).expiring = true;
  if (const auto* reinvited = std::get_if<ua::Reinvited>(&action)) ++Book(reinvited->call).reinvited;
  if (const auto* refreshed = std::get_if<ua::Refreshed>(&action)) {
    CallBook& book = Book(refreshed->call);
    book.interval = refreshed->interval;
    book.we_refresh = refreshed->we_refresh;
    book.refreshes += refreshed->is_refresh;
    totals_.refreshes += refreshed->is_refresh;
  }
}

CallBook& ScriptedUser::Book(CallId call) {
  if (const CallBook* const book = Find(call)) return const_cast<CallBook&>(*book);
  auto& book = *calls_.try_emplace(call.value()).first;
  if (latest_.size() <= call.slot) latest_.resize(call.slot + 1);
  latest_[call.slot] = &book;
  return book.second;
}

bool ScriptedUser::IsOver(CallId call) const {
  const CallBook* const book = Find(call);
  return book == nullptr || book->ended;
}

void ScriptedUser::On(Node& node, Instant now, const ua::Incoming& incoming) {
  const CallId call = incoming.call;
  Book(call).incoming = true;
  if (script_.refuse_with != 0) {
    node.At(now, [call, status = script_.refuse_with](Node& self, Instant then) {
      self.Do(then, ua::input::Refuse{call, status, {}});
    });
    return;
  }
  if (script_.ring_for > script_.alert_after) {
    node.At(After(now, script_.alert_after), [this, call](Node& self, Instant then) {
      if (!IsOver(call)) self.Do(then, ua::input::Ring{call, 180, {}});
    });
  }
  node.At(After(now, script_.ring_for), [this, call](Node& self, Instant then) {
    if (IsOver(call)) return;
    const Content content{.body = Describe(then, call)};
    if (self.Do(then, ua::input::Answer{call, content}).error != VerbError::kNone) return;
    Book(call).answered = true;
    OnDescribed(then, call);
  });
}

void ScriptedUser::On(Node& node, Instant now, const ua::Confirmed& confirmed) {
  const CallId call = confirmed.call;
  CallBook& book = Book(call);
  if (book.confirmed) return;
  book.confirmed = true;
  book.confirmed_at = now;
  if (script_.talk_for != kForever) {
    node.At(After(now, script_.talk_for), [this, call](Node& self, Instant then) {
      if (!IsOver(call)) self.Do(then, ua::input::HangUp{call, {}});
    });
  }
  if (script_.reinvite_after) {
    node.At(After(now, *script_.reinvite_after),
            [this, call](Node& self, Instant then) { Reinvite(self, then, call); });
  }
}

void ScriptedUser::Reinvite(Node& node, Instant now, CallId call) {
  if (IsOver(call)) return;
  const Content content{.body = Reoffer(now, call)};
  const InputResult result = node.Do(now, ua::input::Reinvite{call, content});
  // RFC 3261 14.1: not while another is under way.
  Duration again = std::chrono::seconds(1);
  if (result.error == VerbError::kNone) {
    if (++Book(call).reoffered > 1 || !script_.resume_after) return;
    again = *script_.resume_after;
  } else {
    OnNotOffered(call);
    if (result.error != VerbError::kPending) return;
  }
  node.At(After(now, again), [this, call](Node& self, Instant then) { Reinvite(self, then, call); });
}

void ScriptedUser::On(Node& node, Instant now, const ua::OfferReceived& offer) {
  const CallId call = offer.call;
  node.At(now, [this, call](Node& self, Instant then) {
    if (IsOver(call)) return;
    const Content content{.body = Describe(then, call)};
    if (self.Do(then, ua::input::AnswerOffer{call, content}).error == VerbError::kNone)
      OnDescribed(then, call);
  });
}

void ScriptedUser::On(Node&, Instant now, const ua::Ended& ended) {
  CallBook& book = Book(ended.call);
  book.ended = true;
  book.cause = ended.cause;
  book.status = ended.status;
  book.ended_at = now;
}

}  // namespace sansip::sim
