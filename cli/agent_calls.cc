// What an agent does with calls: it places and takes them, and turns what the user agent says into audio,
// reports and verbs.
#include <array>
#include <utility>

#include "fmt/core.h"
#include "sansip/cli/agent.h"
#include "sansip/cli/outcome.h"
#include "sansip/core/message/status_code.h"
#include "sansip/rtp/sdp/description.h"
#include "sansip/transport/locate.h"

namespace sansip::cli {
namespace {

constexpr Duration kReinviteRetry = std::chrono::milliseconds(250);
constexpr std::string_view kWhatWeDo = "PCMU or PCMA at 8000 Hz over RTP/AVP";

bool IsAgreed(sdp::Outcome outcome) {
  return outcome == sdp::Outcome::kAgreed || outcome == sdp::Outcome::kUnchanged;
}

// RFC 3261 20.43: 305, incompatible media format.
std::string WarningOf(const SocketAddress& self) {
  return fmt::format("305 {} \"We can do {}\"", HostTextOf(self).view(), kWhatWeDo);
}

std::string_view Text(const absl::Status& status) {
  return {status.message().data(), status.message().size()};
}

}  // namespace

Agent::Call* Agent::Find(Cookie cookie) {
  const auto found = calls_.find(cookie.value);
  return found == calls_.end() ? nullptr : &found->second;
}

void Agent::Fail(Call& call, ExitCode exit, std::string_view message) {
  call.verdict = exit;
  reporter_->Error(loop_->Now(), call.number, exit, message);
  Count(exit);
}

void Agent::Count(ExitCode exit) {
  if (exit == ExitCode::kOk) {
    ++totals_.ok;
  } else if (totals_.exit == ExitCode::kOk) {
    totals_.exit = exit;
  }
}

void Agent::GiveUp(Call& call, ExitCode verdict, std::string_view message) {
  Fail(call, verdict, message);
  call.hangup_at = call.reinvite_at = call.cancel_at = call.answer_at = call.transfer_at = kNever;
  call.after_start = call.after_ack = {};
  (void)Do(ua::input::HangUp{.call = call.id, .headers = {}});
}

// ---- Calls placed ----

void Agent::PlaceCalls() {
  if (shutdown_end_ != kNever) return;
  while (calls_counted() < options_.calls.value_or(1) && calls_.size() < options_.calls_at_once) {
    PlaceCall(options_.target, {});
  }
}

void Agent::PlaceCall(const std::string& target, StandaloneId reference) {
  const Instant now = loop_->Now();
  const std::uint64_t number = ++totals_.calls;
  const std::string& next_hop = options_.proxy.empty() ? target : options_.proxy;
  const Located located = Locate(next_hop, 0, SystemResolver());
  const SocketAddress remote = located.targets.empty() ? SocketAddress{} : located.targets.front().address;
  const SocketAddress local = LocalAddressTowards(remote);
  auto media = CallMedia::Open(*loop_, *random_, options_.media, local, number);
  if (!media.ok()) {
    reporter_->Error(now, number, ExitCode::kLocalResource, Text(media.status()));
    return Count(ExitCode::kLocalResource);
  }
  std::string from_uri = options_.from;
  if (from_uri.empty() && !options_.registrar.empty()) from_uri = AddressOfRecord();
  if (from_uri.empty()) from_uri = fmt::format("sip:{}@{}", options_.user, HostTextOf(local).view());
  const std::string from = fmt::format("<{}>", from_uri);
  const std::string route = fmt::format("<{}>", options_.proxy);
  const std::array<std::string_view, 1> routes = {route};
  CallDraft draft{.reference = reference, .target = target, .from = from};
  draft.contact_user = options_.user;
  if (!options_.proxy.empty()) draft.routes = routes;
  if (!options_.late_offer || !reference.is_nil()) draft.content.body = (*media)->MakeOffer();
  draft.registration = registration_;
  draft.session_timer = options_.session_timer;
  draft.cookie = Cookie{number};

  Call& call = calls_[number];
  call.number = number;
  call.peer = target;
  call.media = *std::move(media);
  if (options_.cancel_after) call.cancel_at = After(now, *options_.cancel_after);
  call.after_start = {.steps = &options_.script.after_start, .zero = now};
  const VerbError error = Do(ua::input::PlaceCall{draft}).error;
  if (error == VerbError::kNone) return;
  Fail(call, ExitCode::kInternal, fmt::format("cannot place the call: {}", VerbErrorName(error)));
  calls_.erase(number);
  if (!reference.is_nil()) (void)Do(ua::input::AnswerRefer{reference, 603});
}

void Agent::Take(const ua::Progress& action) {
  tasks_.emplace_back([this, cookie = action.cookie, status = action.status,
                       reason = ReasonOf(action.message, action.status)] {
    if (Call* call = Find(cookie)) reporter_->Ringing(loop_->Now(), call->number, status, reason);
  });
}

void Agent::Take(const ua::PrackReceived& action) {
  tasks_.emplace_back([this, cookie = action.cookie, status = action.status] {
    if (const Call* call = Find(cookie)) reporter_->Pracked(loop_->Now(), call->number, status);
  });
}

void Agent::Take(const ua::Redirected& action) {
  tasks_.emplace_back([this, cookie = action.cookie, target = std::string(action.target)] {
    Call* const call = Find(cookie);
    if (call == nullptr) return;
    call->peer = target;
    reporter_->Note(loop_->Now(), call->number, fmt::format("redirected to {}", target));
  });
}

void Agent::Take(const ua::Answered& action) {
  tasks_.emplace_back([this, cookie = action.cookie, dialog = action.dialog] {
    Call* const call = Find(cookie);
    if (call == nullptr) return;
    call->answered = loop_->Now();
    call->cancel_at = kNever;
    call->is_answer_untold = true;
    call->media->Choose(dialog);
  });
}

// ---- Calls taken ----

void Agent::Take(const ua::Incoming& action) {
  const std::optional<CallView> view = user_agent_.Find(action.call);
  tasks_.emplace_back(
      [this, id = action.call, is_replacing = !action.replaced.is_nil(), is_downgraded = action.is_downgraded,
       offer = std::string(action.offer), from = std::string(view ? view->remote_address : ""),
       to = std::string(view ? view->local_address : ""), call_id = std::string(view ? view->call_id : "")] {
        if (is_downgraded) {
          reporter_->Note(loop_->Now(), 0,
                          fmt::format("{} calls {}, but asks for a sip URI: somebody on the way may have "
                                      "taken the security off (RFC 3261 26.4.4)",
                                      from, to));
        }
        TakeCall(id, offer, from, to, call_id, is_replacing);
      });
}

void Agent::TakeCall(CallId id, const std::string& offer, const std::string& from, const std::string& to,
                     const std::string& call_id, bool is_replacing) {
  const Instant now = loop_->Now();
  const std::uint64_t number = ++totals_.calls;
  if (options_.calls && calls_counted() >= *options_.calls) Do(ua::input::SetBusy{true});
  if (Do(ua::input::SetCookie{.call = id, .cookie = Cookie{number}}).error != VerbError::kNone) return;
  reporter_->Calling(now, number, true, from, to, call_id);

  Call& call = calls_[number];
  call.number = number;
  call.id = id;
  call.is_incoming = true;
  call.peer = from;
  call.offers_late = offer.empty();
  auto media = CallMedia::Open(*loop_, *random_, options_.media, LocalAddressOfLastMessage(), number);
  if (!media.ok()) {
    Fail(call, ExitCode::kLocalResource, Text(media.status()));
    return RefuseCall(call, 503, {});
  }
  call.media = *std::move(media);
  call.media->Choose({});
  if (!offer.empty() && !AgreeOn(call, offer)) return;
  call.after_start = {.steps = &options_.script.after_start, .zero = now};
  if (is_replacing) return AnswerCall(call);  // RFC 3891 3: nobody is alerted
  if (options_.script.responds()) return;
  if (!options_.ring_for) return AnswerCall(call);
  call.answer_at = After(now, *options_.ring_for);
  (void)Ring(call, 180);
}

VerbError Agent::Ring(Call& call, int status) {
  const std::uint64_t number = call.number;
  VerbError error = Do(ua::input::Ring{.call = call.id, .status = status, .content = {}}).error;
  if (error == VerbError::kWrongState && call.offers_late) {
    // The peer wants it reliable, and the first one has the offer then (RFC 3262 5).
    call.is_early_offer = true;
    const std::string offer = call.media->MakeOffer();
    error = Do(ua::input::Ring{.call = call.id, .status = status, .content = {.body = offer}}).error;
  }
  if (error == VerbError::kNone) reporter_->Ringing(loop_->Now(), number, status, ReasonPhrase(status));
  return error;
}

// False: the call was refused.
bool Agent::AgreeOn(Call& call, const std::string& offer) {
  const sdp::Outcome outcome = call.media->ReadOffer(offer);
  if (IsAgreed(outcome)) return true;
  if (outcome == sdp::Outcome::kMalformed) {
    const sdp::Error error = call.media->sdp_error();
    const std::string what =
        fmt::format("{} in line {} ({})", sdp::RuleText(error.rule), error.line, sdp::RuleClause(error.rule));
    Fail(call, ExitCode::kMedia,
         fmt::format("{}: its session description is malformed: {}", call.peer, what));
    RefuseCall(call, 400, {});
    return false;
  }
  Fail(call, ExitCode::kMedia,
       fmt::format("{}: refused with 488, its offer has no audio that we can do: {}", call.peer, kWhatWeDo));
  RefuseCall(call, 488, WarningOf(LocalAddressOfLastMessage()));
  return false;
}

void Agent::RefuseCall(Call& call, int status, std::string_view warning) {
  const std::array<HeaderLine, 1> headers = {{{.id = HeaderId::kWarning, .value = warning}}};
  ua::input::Refuse refuse{.call = call.id, .status = status, .content = {}};
  if (!warning.empty()) refuse.content.headers = headers;
  (void)Do(refuse);
}

void Agent::AnswerCall(Call& call) {
  const std::uint64_t number = call.number;
  const std::string body =
      call.offers_late && !call.is_early_offer ? call.media->MakeOffer() : call.media->body();
  const VerbError error = Do(ua::input::Answer{.call = call.id, .content = {.body = body}}).error;
  Call* const answered = Find(Cookie{number});
  if (answered == nullptr) return;
  if (error != VerbError::kNone) {
    return GiveUp(*answered, ExitCode::kInternal, fmt::format("cannot answer: {}", VerbErrorName(error)));
  }
  answered->answered = loop_->Now();
  answered->media->Start();
  answered->is_answer_untold = true;
  if (!answered->offers_late) TellAnswered(*answered);
}

// ---- Calls that are up ----

void Agent::Take(const ua::Confirmed& action) {
  tasks_.emplace_back([this, cookie = action.cookie] {
    if (Call* call = Find(cookie)) OnConfirmed(*call);
  });
}

void Agent::OnConfirmed(Call& call) {
  const Instant now = loop_->Now();
  if (options_.hangup_after) call.hangup_at = After(now, *options_.hangup_after);
  if (options_.reinvite_after) call.reinvite_at = After(now, *options_.reinvite_after);
  call.after_ack = {.steps = &options_.script.after_ack, .zero = now};
  if (options_.transfer_after) call.transfer_at = After(now, *options_.transfer_after);
  // After what else the same message brought.
  tasks_.emplace_back([this, cookie = Cookie{call.number}] {
    Call* const confirmed = Find(cookie);
    if (confirmed == nullptr) return;
    TellAnswered(*confirmed);
    if (confirmed->media->has_stream() || confirmed->verdict) return;
    GiveUp(*confirmed, ExitCode::kMedia,
           fmt::format("{}: its answer has no audio: it should be {}", confirmed->peer, kWhatWeDo));
  });
}

void Agent::TellAnswered(Call& call) {
  if (!std::exchange(call.is_answer_untold, false)) return;
  AnsweredFacts facts{
      .codec = call.media->codec(), .remote_rtp = call.media->remote_rtp(), .session_timer = {}};
  if (const std::optional<CallView> view = user_agent_.Find(call.id)) {
    facts.session_timer = view->session_timer;
    facts.local_uuid = view->local_uuid;
    facts.remote_uuid = view->remote_uuid;
  }
  reporter_->Answered(loop_->Now(), call.number, facts);
}

void Agent::Take(const ua::OfferReceived& action) {
  tasks_.emplace_back(
      [this, cookie = action.cookie, offer = std::string(action.offer), place = action.place] {
        if (Call* call = Find(cookie)) OnOffer(*call, offer, place);
      });
}

void Agent::OnOffer(Call& call, const std::string& offer, OfferPlace place) {
  const std::uint64_t number = call.number;
  const bool is_agreed = offer.empty() || IsAgreed(call.media->ReadOffer(offer));
  if (!is_agreed) {
    if (place == OfferPlace::kSuccess || place == OfferPlace::kProvisional) {
      TellAnswered(call);
      Fail(call, ExitCode::kMedia,
           fmt::format("{}: its offer has no audio that we can do: {}", call.peer, kWhatWeDo));
    }
    // RFC 3261 13.2.2.4, 14.2: what is not a request has an answer all the same, a refusal says why.
    const bool is_refusable = place == OfferPlace::kReinvite || place == OfferPlace::kUpdate;
    const std::string warning = WarningOf(LocalAddressOfLastMessage());
    const std::array<HeaderLine, 1> headers = {{{.id = HeaderId::kWarning, .value = warning}}};
    const std::string answer = is_refusable ? "" : call.media->RefuseAll(offer);
    ua::input::RefuseOffer refuse{.call = call.id, .status = 488, .answer = {.body = answer}};
    if (is_refusable) refuse.answer.headers = headers;
    (void)Do(refuse);
    return;
  }
  const std::string body = offer.empty() ? call.media->MakeOffer() : call.media->body();
  (void)Do(ua::input::AnswerOffer{.call = call.id, .content = {.body = body}});
  if (Call* const answered = Find(Cookie{number})) answered->media->Start();
}

void Agent::Take(const ua::AnswerReceived& action) {
  tasks_.emplace_back(
      [this, cookie = action.cookie, dialog = action.dialog, answer = std::string(action.answer)] {
        if (Call* call = Find(cookie)) OnAnswer(*call, dialog, answer);
      });
}

void Agent::OnAnswer(Call& call, DialogId dialog, const std::string& answer) {
  const sdp::Outcome outcome = call.media->ReadAnswer(dialog, answer);
  if (outcome == sdp::Outcome::kNotExpected || call.verdict) return;
  if (IsAgreed(outcome) && call.media->has_stream()) return call.media->Start();
  TellAnswered(call);
  const bool is_malformed = outcome == sdp::Outcome::kMalformed;
  GiveUp(call, ExitCode::kMedia,
         is_malformed ? fmt::format("{}: its answer's session description is malformed", call.peer)
                      : fmt::format("{}: its answer has no audio that we can do: {}", call.peer, kWhatWeDo));
}

// Offers the session as our wishes are now.
VerbError Agent::Reoffer(Call& call, bool by_update) {
  const std::uint64_t number = call.number;
  const std::string offer = call.media->MakeOffer();
  const VerbError error =
      by_update ? Do(ua::input::Update{.call = call.id, .content = {.body = offer}, .dialog = {}}).error
                : Do(ua::input::Reinvite{.call = call.id, .content = {.body = offer}}).error;
  Call* const again = Find(Cookie{number});
  if (again != nullptr && error != VerbError::kNone) again->media->OfferRefused();
  return error;
}

void Agent::Reinvite(Call& call) {
  const std::uint64_t number = call.number;
  call.media->TurnCodecsAround();
  VerbError error = VerbError::kWrongState;
  if (options_.update) error = Reoffer(call, true);
  // RFC 3311 4: not every peer allows UPDATE.
  if (error == VerbError::kWrongState) error = Reoffer(call, false);
  Call* const again = Find(Cookie{number});
  if (again == nullptr) return;
  again->reinvite_at = kNever;
  if (error == VerbError::kPending) again->reinvite_at = After(loop_->Now(), kReinviteRetry);
  if (error != VerbError::kNone && error != VerbError::kPending && again->is_moving) GiveUpMoving(*again);
}

// The peer sends to a port that is another program's now.
void Agent::GiveUpMoving(Call& call) {
  GiveUp(call, ExitCode::kLocalResource, "the RTP port of the call is taken, and the peer stays with it");
}

void Agent::Take(const ua::Reinvited& action) {
  tasks_.emplace_back([this, cookie = action.cookie, status = action.status, by_us = action.by_us] {
    Call* const call = Find(cookie);
    if (call == nullptr) return;
    const bool is_refused = by_us && (status < 200 || status > 299);
    if (is_refused) call->media->OfferRefused();
    reporter_->Reinvited(loop_->Now(), call->number, status, by_us);
    if (!by_us || !std::exchange(call->is_moving, false)) return;
    if (is_refused) GiveUpMoving(*call);
  });
}

void Agent::Take(const ua::Refreshed& action) {
  if (!action.is_refresh) return;
  tasks_.emplace_back([this, cookie = action.cookie, by_us = action.by_us] {
    Call* const call = Find(cookie);
    const std::optional<CallView> view = call == nullptr ? std::nullopt : user_agent_.Find(call->id);
    if (view) reporter_->Refreshed(loop_->Now(), call->number, by_us, view->session_timer);
  });
}

void Agent::Take(const ua::RefreshFailed& action) {
  tasks_.emplace_back(
      [this, cookie = action.cookie, status = action.status, next = action.next, end = action.end] {
        if (const Call* call = Find(cookie)) {
          reporter_->RefreshFailed(loop_->Now(), call->number, status, next, end);
        }
      });
}

void Agent::Take(const ua::SessionExpiring& action) {
  tasks_.emplace_back([this, cookie = action.cookie, reason = action.reason, end = action.end] {
    if (const Call* call = Find(cookie)) reporter_->Expiring(loop_->Now(), call->number, reason, end);
  });
}

// ---- The end of a call ----

void Agent::Take(const ua::Ended& action) {
  const CauseFacts facts = FactsOf(action.cause);
  EndedFacts ended;
  ended.cause = facts.name;
  ended.text = facts.text;
  ended.by = facts.by;
  ended.clause = action.clause;
  ended.status = action.status;
  if (action.status != 0) ended.reason = ReasonOf(action.message, action.status);
  ended.retry_after = action.retry_after;
  tasks_.emplace_back([this, cookie = action.cookie, cause = action.cause, ended = std::move(ended)] {
    if (Call* call = Find(cookie)) OnEnded(*call, cause, ended);
  });
}

void Agent::OnEnded(Call& call, EndCause cause, EndedFacts ended) {
  const Instant now = loop_->Now();
  TellAnswered(call);
  if (call.answered) ended.duration = now - *call.answered;
  if (call.media != nullptr) {
    totals_.last_heard = call.media->endpoint().statistics();
    const absl::Status recorded = call.media->endpoint().Stop();
    if (!recorded.ok() && !call.verdict) Fail(call, ExitCode::kLocalResource, Text(recorded));
    ended.media = call.media->FactsOf(totals_.last_heard);
  }
  if (!call.verdict) {
    const ExitCode exit = ExitCodeOf(cause, ended.status);
    if (exit == ExitCode::kOk) {
      call.verdict = exit;
      Count(exit);
    } else {
      const std::string transport = cause == EndCause::kUnreachable && !locate_error_.empty()
                                        ? locate_error_
                                        : std::string(SendErrorText(executor_.last_error()));
      Fail(call, exit,
           FailureText(cause, ended.status, ended.reason, call.peer, transport, ended.retry_after));
    }
  }
  if (cause == EndCause::kRefused && totals_.status == 0) totals_.status = ended.status;
  ended.exit = *call.verdict;
  reporter_->Ended(now, call.number, ended);
  calls_.erase(call.number);
  if (options_.is_caller) PlaceCalls();
}

}  // namespace sansip::cli
