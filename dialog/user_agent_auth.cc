// Requests that are answered 401 or 407, and what is sent instead of them (RFC 3261 22.2, 22.3).

#include <algorithm>

#include "sansip/dialog/user_agent_impl.h"

namespace sansip {

DigestCache::Destination UserAgentState::DestinationOf(const Outgoing& request) const {
  const Dialog* const dialog = dialogs_.Find(request.dialog);
  if (dialog == nullptr) return {};  // of a fork that is over
  return {dialog->local_address, dialog->remote_address};
}

// What a 401 or 407 comes to, the request being ready to go again; what is to be asked is asked.
DigestClient::Verdict UserAgent::Impl::Judge(Outgoing& request, const MessageView& response,
                                             DigestClient& auth, ua::NeedCredentials question) {
  const DigestClient::Verdict verdict = auth.OnChallenge(*options_.digest_hashes, response, request.attempt);
  if (verdict != DigestClient::Verdict::kRetry) credentials_.Drop(auth, DestinationOf(request));
  if (verdict == DigestClient::Verdict::kGiveUp) return ++counters_.challenges_unanswered, verdict;
  request.stage = Outgoing::Stage::kWaiting;
  request.transaction = {};
  if (verdict == DigestClient::Verdict::kRetry) return verdict;
  request.unauthorized_status = response.status_code();
  while (const auto asked = auth.NextQuestion()) {
    question.realm = asked->realm;
    question.is_proxy = asked->is_proxy;
    question.was_rejected = asked->was_rejected;
    Emit(question);
  }
  return verdict;
}

// A final response that is no challenge. RFC 7616 3.5
void UserAgent::Impl::TakeProof(const Outgoing& request, const MessageView& response, DigestClient& auth,
                                const ua::NeedCredentials& owner) {
  const auto proof = auth.OnAccepted(*options_.digest_hashes, response, request.attempt);
  if (proof != DigestClient::Proof::kWrong) {
    // A 403 may be all that a server has to say of a wrong password.
    if (response.status_code() != 403) credentials_.Keep(auth, DestinationOf(request), request.attempt);
    return;
  }
  ++counters_.proofs_wrong;
  Emit(ua::ProofFailed{owner.call, owner.registration, owner.standalone, owner.cookie, &response});
}

// RFC 3261 20.6. As long as the transaction lives, that is until another takes its slot.
void UserAgentState::KeepInfo(TransactionId id) {
  if (id.slot >= kept_infos_.size()) kept_infos_.resize(std::size_t{id.slot} + 1);
  KeptInfo& kept = kept_infos_[id.slot];
  kept.generation = id.generation;
  kept.value.assign(authentication_info_);
}

std::string_view UserAgentState::InfoOf(TransactionId id, int status) const {
  const bool is_success = status >= 200 && status < 300;
  if (!is_success || id.slot >= kept_infos_.size() || kept_infos_[id.slot].generation != id.generation)
    return {};
  return kept_infos_[id.slot].value;
}

bool UserAgent::Impl::TakeChallenge(OutgoingId id, Outgoing& request, const MessageView& response) {
  const int status = response.status_code();
  Call& call = *calls_.Find(request.call);
  if (status < 200) return false;
  const ua::NeedCredentials question{.call = request.call, .cookie = call.cookie};
  if (status != 401 && status != 407) return TakeProof(request, response, call.auth, question), false;
  const bool is_unwanted = request.kind == Outgoing::Kind::kInvite
                               ? call.ended || call.cancelling || !call.dialog.is_nil()
                           : request.kind == Outgoing::Kind::kBye ? false
                                                                  : call.ended;
  if (is_unwanted || request.stage != Outgoing::Stage::kSent) return false;
  const DigestClient::Verdict verdict = Judge(request, response, call.auth, question);
  if (verdict == DigestClient::Verdict::kGiveUp) return false;
  if (request.kind == Outgoing::Kind::kInvite) DropForks(call, true);
  const bool modifies = request.kind == Outgoing::Kind::kReinvite || request.kind == Outgoing::Kind::kUpdate;
  if (modifies && request.offered) dialogs_.Find(request.dialog)->offer_answer.OnFailure();  // 14.1
  if (verdict == DigestClient::Verdict::kRetry) {
    SendAuthorized(id, request);
    return true;
  }
  call.unauthorized.push_back(id);
  Arm(request.call, call, CallTimer::kCredentials, After(now_, options_.credentials_wait_max));
  return true;
}

// Of a request that is no call's. False: the response stands.
bool UserAgent::Impl::TakeOwnChallenge(OutgoingId id, Outgoing& request, const MessageView& response,
                                       DigestClient& auth, const ua::NeedCredentials& question,
                                       Instant& ask_until) {
  const int status = response.status_code();
  if (options_.digest_hashes == nullptr) return false;
  if (status != 401 && status != 407) return TakeProof(request, response, auth, question), false;
  const DigestClient::Verdict verdict = Judge(request, response, auth, question);
  if (verdict == DigestClient::Verdict::kRetry) SendAuthorized(id, request);
  if (verdict == DigestClient::Verdict::kAsk) ask_until = After(now_, options_.credentials_wait_max);
  return verdict != DigestClient::Verdict::kGiveUp;
}

// True: nobody had credentials, and the request has failed with its `unauthorized_status`.
bool UserAgent::Impl::ResumeChallenged(OutgoingId id, Outgoing& request, DigestClient& auth,
                                       Instant& ask_until) {
  if (request.stage != Outgoing::Stage::kWaiting || request.unauthorized_status == 0) return false;
  const DigestClient::Verdict verdict = auth.Resume(request.attempt);
  if (verdict == DigestClient::Verdict::kAsk) return false;
  ask_until = kNever;
  if (verdict == DigestClient::Verdict::kGiveUp) return ++counters_.challenges_unanswered, true;
  SendAuthorized(id, request);
  return false;
}

void UserAgent::Impl::AddCredentials(Outgoing& request, DigestClient& auth) {
  if (options_.digest_hashes == nullptr) return;
  credentials_.Lend(auth, DestinationOf(request));
  draft_.AddAll(auth.Authorize(*options_.digest_hashes, random_,
                               {.method = MethodTextOf(request),
                                .uri = request.request_uri,
                                .body = request.content.body(),
                                .is_invite = MethodOf(request) == Method::kInvite},
                               request.attempt));
  credentials_.TakeBack(auth, DestinationOf(request));
}

// 22.2: the same request, its CSeq one higher. The Path is asked for again, and the branch is new with it.
void UserAgent::Impl::SendAuthorized(OutgoingId id, Outgoing& request) {
  ++counters_.challenges_answered;
  request.unauthorized_status = 0;
  switch (request.kind) {
    case Outgoing::Kind::kInvite:
      return SendAgain(id, request);
    case Outgoing::Kind::kReinvite:
    case Outgoing::Kind::kUpdate:
      request.paths_failed = 0;
      return ResumeModify(request.call, *calls_.Find(request.call));
    case Outgoing::Kind::kPrack:
    case Outgoing::Kind::kBye:
    case Outgoing::Kind::kRegister:
    case Outgoing::Kind::kStandalone:
      request.paths_failed = 0;
      if (dialogs_.Find(request.dialog) == nullptr) return MakeFinal(id, request);  // of a fork that is over
      request.cseq = NextLocalCSeq(*dialogs_.Find(request.dialog), 1);
      return Locate(id, request);
    case Outgoing::Kind::kAck:
      return;  // never challenged
  }
}

// What waited for credentials goes on, fails, or waits for those of another realm.
void UserAgent::Impl::ResumeUnauthorized(CallId call_id, Call& call) {
  std::vector<OutgoingId>& waiting = call.unauthorized;
  for (std::size_t i = 0; i < waiting.size();) {
    const OutgoingId id = waiting[i];
    Outgoing* const request = outgoing_.Find(id);
    const bool waits = request != nullptr && request->stage == Outgoing::Stage::kWaiting;
    const DigestClient::Verdict verdict =
        waits ? call.auth.Resume(request->attempt) : DigestClient::Verdict::kGiveUp;
    if (verdict == DigestClient::Verdict::kAsk) {
      ++i;
      continue;
    }
    waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(i));
    if (!waits) continue;
    if (verdict == DigestClient::Verdict::kRetry) {
      SendAuthorized(id, *request);
    } else {
      ++counters_.challenges_unanswered;
      request->failed_status = request->unauthorized_status;
      NoPath(id, *request);
    }
  }
  if (waiting.empty()) Stop(call_id, call, CallTimer::kCredentials);
}

VerbError UserAgent::Impl::GiveCredentials(Instant now, const CredentialsAnswer& answer, UserAgentSink& out) {
  Call* const call = calls_.Find(answer.call);
  Binding* const binding = bindings_.Find(answer.registration);
  Standalone* const standalone = standalones_.Find(answer.standalone);
  if (call == nullptr && binding == nullptr && standalone == nullptr)
    return ++counters_.stale_ids, VerbError::kStale;
  if (options_.digest_hashes == nullptr) return VerbError::kWrongState;
  Begin(now, out);
  DigestClient& auth = call != nullptr ? call->auth : binding != nullptr ? binding->auth : standalone->auth;
  const bool was_asked = answer.refused ? auth.Refuse(answer.realm, answer.is_proxy)
                                        : auth.Provide(*options_.digest_hashes, answer.realm, answer.is_proxy,
                                                       answer.user, answer.password);
  if (call != nullptr) {
    Touch(answer.call, *call);
    if (was_asked) ResumeUnauthorized(answer.call, *call);
  } else if (was_asked && binding != nullptr) {
    ResumeRegister(answer.registration, *binding);
  } else if (was_asked) {
    ResumeStandalone(answer.standalone, *standalone);
  }
  Finish();
  return was_asked ? VerbError::kNone : VerbError::kWrongState;
}

}  // namespace sansip
