// Responses to an INVITE of ours (RFC 3261 13.2.2): early dialogs, the 2xx and its ACK, further forks,
// redirection and the other failures.

#include <algorithm>
#include <utility>

#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/uri/sip_uri.h"
#include "sansip/dialog/lesser_content.h"
#include "sansip/dialog/user_agent_info.h"
#include "sansip/dialog/user_agent_refer.h"

namespace sansip {

void UserAgent::Impl::OnInviteResponse(OutgoingId id, Outgoing& request, const MessageView& response) {
  const CallId call_id = request.call;
  Call& call = *calls_.Find(call_id);
  const int status = response.status_code();
  if (status == 100) return;
  if (status < 200) return OnProvisional(call, call_id, request, response);
  if (status < 300) return OnInviteSuccess(id, request, response);
  const bool may_fail_over = status == 503 && !call.cancelling;
  if (may_fail_over) request.retry_after = RetryAfterOf(response);  // for the case that no other path works
  if (may_fail_over && TryNextPath(id, request, status)) return;
  OnInviteFailure(id, request, status, &response);
}

// 13.2.2.1. Nil: no dialog can be made of it, or there are too many.
DialogId UserAgent::Impl::ForkOf(Call& call, CallId call_id, const MessageView& response, bool is_success) {
  const std::string_view tag = ToTag(response);
  for (const DialogId fork : call.forks) {
    if (dialogs_.Find(fork)->remote_tag == tag) return fork;
  }
  if (tag.empty() && !is_success) return {};
  if (call.forks.size() >= options_.limits.forks_max) {
    ++counters_.forks_beyond_limit;
    if (!is_success) return {};
    // A 2xx must be acknowledged: an early dialog makes room for it.
    const auto early = std::find_if(call.forks.begin(), call.forks.end(), [&](DialogId fork) {
      return dialogs_.Find(fork)->state == Dialog::State::kEarly;
    });
    if (early == call.forks.end()) return {};
    dialogs_.Remove(*early);
    call.forks.erase(early);
  }
  const DialogId id = dialogs_.Add();
  if (id.is_nil()) return {};
  Dialog& dialog = *dialogs_.Find(id);
  const DialogError error = FormFromResponse(*dialogs_.Find(call.seed), response, dialog_limits_, dialog);
  dialog.call = call_id;
  if (error != DialogError::kNone && !is_success) {
    dialogs_.Remove(id);
    return {};
  }
  dialog.state = Dialog::State::kEarly;  // what is wrong with a 2xx is found when it is confirmed
  dialogs_.Index(id);
  call.forks.push_back(id);
  return id;
}

void UserAgent::Impl::OnProvisional(Call& call, CallId call_id, Outgoing& request,
                                    const MessageView& response) {
  if (call.ended || call.state > UsageState::kEarly) return;
  const bool is_reliable = IsReliable(call, response);
  const DialogId id = ForkOf(call, call_id, response, false);
  Dialog* dialog = dialogs_.Find(id);
  if (is_reliable && (dialog == nullptr || !TakeRSeq(*dialog, response))) return;
  if (dialog != nullptr) HearResponse(*dialog, response);
  if (dialog != nullptr && request.says_packages) Packages{*this}.OnResponse(request, id, response);
  if (dialog != nullptr && response.Has(HeaderId::kAllow)) {
    dialog->allows_update = HasToken(response, HeaderId::kAllow, "UPDATE");
  }
  Advance(call, UsageEvent::kProvisional);
  Emit(ua::Progress{call_id, call.cookie, id, &response, response.status_code(), is_reliable});
  References{*this}.OnCallAt(call, response.status_code());
  if (is_reliable) return OnReliable(call_id, call, id, request, response);
  const std::string_view answer = DescriptionOf(response);
  if (dialog == nullptr || !request.offered || dialog->agreed) return;
  if (!dialog->offer_answer.OnRemotePreview(answer)) return;
  Emit(ua::AnswerReceived{call_id, call.cookie, id, &response, answer, true});
}

void UserAgent::Impl::OnInviteSuccess(OutgoingId id, Outgoing& request, const MessageView& response) {
  const CallId call_id = request.call;
  Call& call = *calls_.Find(call_id);
  MakeFinal(id, request);
  const DialogId dialog_id = ForkOf(call, call_id, response, true);
  Dialog* dialog = dialogs_.Find(dialog_id);
  if (dialog == nullptr) return;  // more confirmed forks than forks_max: nobody's call
  HearResponse(*dialog, response);
  // A late 2xx of a fork that BYE ended is acknowledged like any (13.2.2.4).
  const bool was_ended = dialog->state == Dialog::State::kEnded && !dialog->has_acked;
  if (dialog->state != Dialog::State::kEarly && !was_ended) {
    return RepeatAck(call_id, call, dialog_id, request.cseq);
  }
  const DialogError error = ConfirmFromResponse(response, dialog_limits_, *dialog);
  if (was_ended) return StartAck(call_id, call, dialog_id, request.cseq, {}, false);
  dialog->state = Dialog::State::kConfirmed;
  if (request.is_given_up) return StartAck(call_id, call, dialog_id, request.cseq, {}, true);
  const bool is_wanted = call.dialog.is_nil() && !call.ended && !call.cancelling;
  if (is_wanted && error == DialogError::kNone) {
    return TakeWinner(call_id, call, dialog_id, request, response);
  }
  // 13.2.2.4: acknowledged, and ended at once.
  if (!call.dialog.is_nil()) ++counters_.forks_ended;
  if (call.dialog.is_nil()) {
    call.dialog = dialog_id;
    Advance(call, UsageEvent::kSuccess);
  }
  StartAck(call_id, call, dialog_id, request.cseq, {}, true);
  if (call.ended) return;
  if (call.cancelling) {
    Advance(call, UsageEvent::kBye);
    EndCall(call_id, call, call.cancel_cause, response.status_code(), &response, "RFC 3261 9.1");
  } else if (is_wanted) {
    Advance(call, UsageEvent::kBye);
    EndCall(call_id, call, EndCause::kProtocolError, response.status_code(), &response, "RFC 3261 12.1.2");
  }
}

void UserAgent::Impl::TakeWinner(CallId call_id, Call& call, DialogId dialog_id, Outgoing& request,
                                 const MessageView& response) {
  Dialog& dialog = *dialogs_.Find(dialog_id);
  call.dialog = dialog_id;
  Advance(call, UsageEvent::kSuccess);
  Stop(call_id, call, CallTimer::kExpires);
  // An UPDATE of another fork's is of no use any more.
  Outgoing* modify = outgoing_.Find(call.modify);
  if (modify != nullptr && modify->dialog != dialog_id) {
    const OutgoingId modify_id = std::exchange(call.modify, {});
    if (modify->stage != Outgoing::Stage::kSent) MakeFinal(modify_id, *modify);
  }
  ++counters_.calls_answered;
  Emit(ua::Answered{call_id, call.cookie, dialog_id, &response, response.status_code()});
  References{*this}.OnCallAt(call, response.status_code());
  // RFC 4028 7.3: the Min-SE of 422s is forgotten once the dialog stands.
  call.min_se_seen = 0;
  call.timer.emplace(call.wish, true);
  const SessionTimerFacts facts = ReadSessionTimerFacts(response);
  call.timer->OnPeerMessage(facts, false);
  dialog.allows_update = facts.allows_update.value_or(false);  // 13.2.2.1: what a 1xx said is over
  if (!call.packages.is_nil()) Packages{*this}.OnResponse(request, dialog_id, response);
  CountTolerated(call.timer->On2xxReceived(now_, Method::kInvite, request.cseq, request.sent, facts));

  const std::string_view description = DescriptionOf(response);
  OfferAnswer& exchange = dialog.offer_answer;
  if (dialog.agreed) {
    // RFC 6337 3.1: what a reliable provisional said holds.
  } else if (request.offered) {
    // 13.2.1: the first description is the answer, what comes later is not read.
    const bool was_previewed = exchange.state() == OfferAnswer::State::kPreviewed;
    if (was_previewed || !description.empty()) {
      const bool is_answer = exchange.OnRemoteAnswer(description);
      if (is_answer && !was_previewed) {
        Emit(ua::AnswerReceived{call_id, call.cookie, dialog_id, &response, description, false});
      }
    }
    if (!exchange.CanOffer()) exchange.OnFailure();  // a 2xx without answer: no session
  } else if (!description.empty() && exchange.OnRemoteOffer(description)) {
    call.ack_wanted = true;
    call.ack_cseq = request.cseq;
    Emit(ua::OfferReceived{call_id, call.cookie, &response, description, OfferPlace::kSuccess, dialog_id});
  }
  dialog.agreed = true;
  if (call.timer->status().interval > 0) TellTimer(call_id, call, true, false);
  if (!call.ack_wanted) StartAck(call_id, call, dialog_id, request.cseq, {}, false);
}

void UserAgent::Impl::StartAck(CallId call_id, Call& call, DialogId dialog, std::uint32_t cseq,
                               const Content& content, bool bye_after) {
  const OutgoingId id = NewOutgoing(Outgoing::Kind::kAck, call_id, call, dialog);
  Outgoing* request = outgoing_.Find(id);
  if (request == nullptr) return;  // the next copy of the 2xx tries again
  request->cseq = cseq;
  request->bye_after = bye_after;
  request->content.Assign(content.body, content.content_type, content.headers);
  if (dialog == call.dialog) call.ack = id;
  Locate(id, *request);
}

// 13.2.2.4: for a copy of the 2xx. Where the first one could not go, another Path is asked for. For one of an
// INVITE before the last it is made anew, without body: a peer that accepted the later one has had it.
void UserAgent::Impl::RepeatAck(CallId call_id, Call& call, DialogId dialog_id, std::uint32_t cseq) {
  const Dialog& dialog = *dialogs_.Find(dialog_id);
  if (cseq > dialog.ack_cseq) return;  // the first one is not sent yet
  ++counters_.acks_resent;
  const bool is_kept = cseq == dialog.ack_cseq;
  const KeptAck* const kept = dialogs_.FindAck(dialog);
  if (is_kept && kept != nullptr && !kept->wire.empty() && !FlowFailedLately(kept->flow))
    return Emit(ua::Transmit{kept->flow, {}, kept->wire});
  if (dialog_id == call.dialog && !call.ack.is_nil()) return;  // asked already
  const OutgoingId id = NewOutgoing(Outgoing::Kind::kAck, call_id, call, dialog_id);
  Outgoing* request = outgoing_.Find(id);
  if (request == nullptr) return;
  request->cseq = cseq;
  if (kept != nullptr) request->flow = kept->flow;
  if (kept != nullptr && is_kept) request->content = kept->content;
  if (dialog_id == call.dialog) call.ack = id;
  Locate(id, *request);
}

// RFC 6026 8.9: dropped; but the copy of a 2xx whose transaction is gone with the process before this one, in
// a dialog that was restored and has sent no ACK yet, still wants its ACK (RFC 3261 13.2.2.4).
void UserAgent::Impl::OnStrayResponse(const MessageView& response) {
  CSeq cseq;
  if (!CSeqOf(response, cseq) || cseq.method != Method::kInvite) return;
  if (response.status_code() < 200) return OnLateProvisional(response);
  if (response.status_code() >= 300) return;
  const DialogId id =
      dialogs_.Find(response.First(HeaderId::kCallId).value_or(""), FromTag(response), ToTag(response));
  const Dialog* const dialog = dialogs_.Find(id);
  Call* const call = dialog == nullptr ? nullptr : calls_.Find(dialog->call);
  if (call == nullptr || dialog->has_acked) return;
  Touch(dialog->call, *call);
  RepeatAck(dialog->call, *call, id, cseq.number);
}

// RFC 5407 E: a fork's reliable provisional after the 2xx of another gets its PRACK, or it would be repeated
// for nothing. Nobody is told: the dialog ends with the INVITE's transaction, or by its own 2xx.
void UserAgent::Impl::OnLateProvisional(const MessageView& response) {
  const std::uint64_t cookie = layer_.CookieOf(response).value;
  const Outgoing* const invite =
      outgoing_.Find({static_cast<std::uint32_t>(cookie), static_cast<std::uint32_t>(cookie >> 32)});
  Call* const call = invite == nullptr ? nullptr : calls_.Find(invite->call);
  if (call == nullptr || call->ended || call->dialog.is_nil() || invite->kind != Outgoing::Kind::kInvite)
    return;
  if (!IsReliable(*call, response)) return;
  const CallId call_id = invite->call;
  const DialogId fork = ForkOf(*call, call_id, response, false);
  Dialog* const dialog = dialogs_.Find(fork);
  const bool is_early = dialog != nullptr && dialog->state == Dialog::State::kEarly;
  if (!is_early || !TakeRSeq(*dialog, response)) return;
  Touch(call_id, *call);
  StartPrack(call_id, *call, {fork, dialog->rseq, invite->cseq}, {});
}

void UserAgent::Impl::SendBye(CallId call_id, Call& call, DialogId dialog_id) {
  Dialog* dialog = dialogs_.Find(dialog_id);
  if (dialog == nullptr || dialog->state == Dialog::State::kEnded) return;
  dialog->state = Dialog::State::kEnded;
  const OutgoingId id = NewOutgoing(Outgoing::Kind::kBye, call_id, call, dialog_id);
  Outgoing* request = outgoing_.Find(id);
  if (request == nullptr) return;
  request->cseq = NextLocalCSeq(*dialog, 1);
  if (call.dialog.is_nil() || dialog_id == call.dialog) request->content = call.bye;
  Locate(id, *request);
}

// 12.2.2: a later request of ours may have come first, such as a NOTIFY; the peer's call would go on for
// ever.
bool UserAgentState::WasOvertaken(const Outgoing& bye, const MessageView& response) const {
  const Dialog* const dialog = dialogs_.Find(bye.dialog);
  return bye.kind == Outgoing::Kind::kBye && response.status_code() == 500 && dialog != nullptr &&
         dialog->local_cseq > bye.cseq;
}

bool UserAgentState::FlowFailedLately(FlowId flow) const {
  return std::find(failed_flows_.begin(), failed_flows_.end(), flow) != failed_flows_.end();
}

// ---- failure

// 13.2.2.3, 12.3: with the final response the early dialogs are over.
void UserAgent::Impl::OnInviteFailure(OutgoingId id, Outgoing& request, int status,
                                      const MessageView* response) {
  const CallId call_id = request.call;
  Call& call = *calls_.Find(call_id);
  if (!call.dialog.is_nil() || call.ended) return MakeFinal(id, request);
  DropForks(call, true);
  if (!call.cancelling) {
    if (status == 422 && response != nullptr &&
        RetryAfter422(request.sent, ReadSessionTimerFacts(*response), call.interval_retries,
                      call.min_se_seen)) {
      ++call.interval_retries;
      return SendAgain(id, request);
    }
    if (Redirect(id, request, status, response)) return;
    if (response != nullptr && GoWithLess(request, *response)) return SendAgain(id, request);
  }
  EndCause cause = EndCause::kRefused;
  if (status == kNoResponse || status == 408) cause = EndCause::kTimedOut;
  if (status == kUnreached) cause = EndCause::kUnreachable;
  if (call.cancelling) cause = call.cancel_cause;
  const bool is_unauthorized = response == nullptr && (status == 401 || status == 407);
  call.retry_after = (response == nullptr ? request.retry_after : RetryAfterOf(*response)).value_or(0);
  MakeFinal(id, request);
  Advance(call, UsageEvent::kFailure);
  EndCall(call_id, call, cause, std::max(status, 0), response,
          call.cancelling       ? "RFC 3261 9.1"
          : is_unauthorized     ? "RFC 3261 22.2"
          : response == nullptr ? "RFC 3261 8.1.3.1"
                                : "RFC 3261 13.2.2.3");
}

// 8.1.3.4: a 3xx adds targets; any failure of one tries the next, a 6xx none. 21.3.4: a 305 is about the way.
bool UserAgent::Impl::Redirect(OutgoingId id, Outgoing& request, int status, const MessageView* response) {
  Call& call = *calls_.Find(request.call);
  if (!options_.follow_redirects || status >= 600) return false;
  Dialog& seed = *dialogs_.Find(call.seed);
  if (status < 400 && response != nullptr) {
    if (call.redirects == 0) call.targets.Begin(seed.remote_target);
    if (call.redirects++ >= options_.limits.redirects_max) return false;
  }
  const ua::Redirected told{.call = request.call, .cookie = call.cookie};
  if (!TakeTarget(status, response, call.targets, seed, told)) return false;
  SendAgain(id, request);
  return true;
}

// The next place to try, which becomes the seed's target, or the way there. `told` says of whom. False: none.
bool UserAgent::Impl::TakeTarget(int status, const MessageView* response, RedirectTargets& targets,
                                 Dialog& seed, ua::Redirected told) {
  const std::size_t bytes_max = options_.limits.identity_bytes_max;
  told.message = response;
  if (status == 305 && response != nullptr) {
    told.target = targets.EnterProxy(*response, bytes_max, seed.routes);
    if (told.target.empty()) return false;
  } else {
    if (status >= 300 && status < 400 && response != nullptr) {
      targets.AddFrom(*response, options_.limits.targets_max, bytes_max);
    }
    targets.LeaveProxy(seed.routes);
    const std::string_view target = targets.Next();
    if (target.empty()) return false;
    told.leaves_sips = IsSips(seed.remote_target) && !IsSips(target);
    seed.remote_target.assign(target);
    told.target = seed.remote_target;
  }
  ++counters_.redirects_followed;
  seed.session.remote = {};  // RFC 7989 6: another peer
  Emit(told);
  return true;
}

// 8.1.3.5: what the peer does not take is left out. False: there is nothing of the kind, or it may not.
bool UserAgentState::GoWithLess(Outgoing& request, const MessageView& response) {
  if (!request.yields || request.retries >= options_.limits.reinvite_retries_max) return false;
  Dialog& seed = *dialogs_.Find(request.dialog);
  Call* const call = request.kind == Outgoing::Kind::kInvite ? calls_.Find(request.call) : nullptr;
  const int status = response.status_code();
  bool is_less = false;
  if (status == 415) {
    // 13.2.1: an INVITE without a body has the callee offer.
    const bool may_be_empty = call != nullptr || MethodOf(request) == Method::kOptions;
    is_less = LeaveUnaccepted(response, may_be_empty, request.content);
  } else if (status == 416) {
    NameAddr from;
    const bool is_read = ParseNameAddr(seed.local_address, from, nullptr).ok();
    const std::string_view asked = RouteOf(seed, uri_scratch_).next_hop;
    const std::optional<SipUri> domain = ParseSipUri(is_read && !IsAnonymous(from.uri) ? from.uri : asked);
    is_less = domain && TelToSip(domain->host, seed.remote_target);
  } else if (status == 420) {
    is_less = LeaveUnsupported(response, request.content);
    if (call != nullptr && call->reliability == ReliableProvisionals::kRequired &&
        HasToken(response, HeaderId::kUnsupported, "100rel")) {
      call->reliability = ReliableProvisionals::kNo;
      is_less = true;
    }
  }
  if (!is_less) return false;
  ++request.retries;
  if (call == nullptr) return true;
  seed.offer_answer.OnFailure();
  request.offered = !request.content.body().empty();
  if (request.offered) SANSIP_CHECK(seed.offer_answer.OnLocalOffer(request.content.body()));
  return true;
}

// The same request once more: To, From and Call-ID stay, the sequence number rises (8.1.3.4, 8.1.3.5, RFC
// 4028 7.3).
void UserAgent::Impl::SendAgain(OutgoingId id, Outgoing& request) {
  if (request.kind == Outgoing::Kind::kInvite) Advance(*calls_.Find(request.call), UsageEvent::kRetried);
  request.cseq = NextLocalCSeq(*dialogs_.Find(request.dialog), 1);
  request.transaction = {};
  request.paths_failed = 0;
  request.flow = {};
  request.wire_bytes = 0;
  request.failed_status = kUnreached;
  request.retry_after.reset();
  Locate(id, request);
}

void UserAgent::Impl::DropForks(Call& call, bool all) {
  std::size_t kept = 0;
  for (const DialogId fork : call.forks) {
    const bool is_early = dialogs_.Find(fork)->state == Dialog::State::kEarly;
    if (all || is_early) {
      dialogs_.Remove(fork);
    } else {
      call.forks[kept++] = fork;
    }
  }
  call.forks.resize(kept);
  OpenInvite* open = FindOpen(call);
  if (open == nullptr || open->inner.is_nil() || dialogs_.Find(open->inner_dialog) != nullptr) return;
  Refuse(std::exchange(open->inner, {}), 481);
}

}  // namespace sansip
