// Server transactions: RFC 3261 17.2 with RFC 6026 8.6 to 8.8 and RFC 4320 4.
#include <algorithm>
#include <optional>
#include <string>

#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/via.h"
#include "sansip/core/uri/sip_uri.h"
#include "sansip/tests/reference/message.h"
#include "sansip/tests/reference/reference.h"

namespace sansip::reference {

namespace {

// RFC 4320 4.1: "the amount of time it takes a client transaction's Timer E to be reset to T2": as 17.1.2.2
// has E set to T1, and each time it fires to twice as much or T2.
Duration UntilTimerEIsResetToT2(const Times& times) {
  Duration at = Duration::zero(), e = times.t1;
  do {
    at += e;
    e = std::min(2 * e, times.t2);
  } while (e < times.t2);
  return at;
}

bool IsSameUri(std::string_view a, std::string_view b) {
  const std::optional<SipUri> first = ParseSipUri(a), second = ParseSipUri(b);
  return a == b || (first && second && EquivalentUris(*first, *second));
}

// 20.42: the same sent-protocol, sent-by and parameters.
bool IsSameVia(std::string_view a, std::string_view b) {
  Via first, second;
  return ParseVia(a, first, nullptr).ok() && ParseVia(b, second, nullptr).ok() && Equivalent(first, second);
}

// 17.2.3, but for the method, which 9.2 leaves out. `to_tag`: of the request, or for an ACK of the response.
bool IsAlike(const Key& ours, const Key& theirs, std::string_view to_tag) {
  if (ours.branch != theirs.branch || ours.host != theirs.host || ours.port != theirs.port) return false;
  if (ours.has_cookie) return true;
  return IsSameVia(ours.via, theirs.via) && IsSameUri(ours.uri, theirs.uri) &&
         ours.from_tag == theirs.from_tag && to_tag == theirs.to_tag && ours.call_id == theirs.call_id &&
         ours.cseq == theirs.cseq;
}

std::string ToTagOf(std::string_view text) {
  return text.empty() ? std::string() : std::string(ToTag(*Read(text)));
}

}  // namespace

int Reference::FindServer(const Key& request, bool is_ack) const {
  for (const auto& [number, t] : invite_servers_) {
    // 17.2.3: an ACK is the INVITE's.
    if (!is_ack && request.method != "INVITE") continue;
    if (IsAlike(t.key, request, is_ack ? Lower(ToTagOf(t.response)) : t.key.to_tag)) return number;
  }
  for (const auto& [number, t] : non_invite_servers_) {
    if (t.key.method == request.method && IsAlike(t.key, request, t.key.to_tag)) return number;
  }
  return 0;
}

std::vector<int> Reference::RequestsOf(int cancel) const {
  const auto found = non_invite_servers_.find(cancel);
  if (found == non_invite_servers_.end()) return {};
  const Key& key = found->second.key;
  if (key.method != "CANCEL") return {};
  // 9.2: by 17.2.3, as if the method were any but CANCEL or ACK. layer.h: of several, the INVITE.
  for (const auto& [number, t] : invite_servers_) {
    if (IsAlike(t.key, key, t.key.to_tag)) return {number};
  }
  std::vector<int> alike;
  for (const auto& [number, t] : non_invite_servers_) {
    if (t.key.method != "CANCEL" && IsAlike(t.key, key, t.key.to_tag)) alike.push_back(number);
  }
  return alike;
}

void Reference::ReceiveRequest(const Origin& origin, const Times& times, const MessageView& request) {
  const int number = FindServer(KeyOf(request), request.method() == Method::kAck);
  if (const auto t = invite_servers_.find(number); t != invite_servers_.end())
    return ReceiveAgain(t->second, request);
  if (const auto t = non_invite_servers_.find(number); t != non_invite_servers_.end())
    return ReceiveAgain(t->second);
  if (request.method() == Method::kAck) {
    // 13.3.1.4, 17.1.1.3: the ACK to a 2xx belongs to no transaction.
    return Emit({Event::Kind::kDeliver, 0, "ACK"});
  }
  ReceiveNew(origin, times, request);
}

void Reference::ReceiveNew(const Origin& origin, const Times& times, const MessageView& request) {
  if (request.method() == Method::kInvite) {
    InviteServer& t = invite_servers_[begun_ + 1];
    Begin(t, origin.flow, IsReliable(origin.transport), times);
    t.request = std::string(request.bytes());
    t.key = KeyOf(request);
    t.source = origin.source;
    t.began = now_;
    // 17.2.1: Proceeding. The layer cannot know what its user will do, so it sends a 100 after 200 ms.
    t.state = State::kProceeding;
    Arm(t, '1', times.trying);
    return Emit({Event::Kind::kDeliver, t.number, "INVITE"});
  }
  NonInviteServer& t = non_invite_servers_[begun_ + 1];
  Begin(t, origin.flow, IsReliable(origin.transport), times);
  t.request = std::string(request.bytes());
  t.key = KeyOf(request);
  t.source = origin.source;
  t.began = now_;
  // 17.2.2: Trying. RFC 4320 4.1: a 100 when the client's timer E is reset to T2, on all transports.
  t.state = State::kTrying;
  Arm(t, '1', UntilTimerEIsResetToT2(times));
  Emit({Event::Kind::kDeliver, t.number, std::string(request.method_text())});
}

void Reference::ReceiveAgain(InviteServer& t, const MessageView& request) {
  if (request.method() == Method::kAck) {
    switch (t.state) {
      case State::kCompleted:
        // 17.2.1: Confirmed; G is no more, I in T4, or zero.
        t.timers.clear();
        t.state = State::kConfirmed;
        return Arm(t, 'I', t.is_reliable ? Duration::zero() : t.times.t4);
      case State::kAccepted:
        // RFC 6026 8.7: passed to the user, and the state stays.
        return Emit({Event::Kind::kDeliver, 0, "ACK"});
      default:
        return;  // 17.2.1: Confirmed absorbs further ACKs. In Proceeding there is nothing to acknowledge.
    }
  }
  switch (t.state) {
    case State::kProceeding:
      // 17.2.1: the most recent provisional response again; if there is none yet, the 100 it owes.
      return t.response.empty() ? SendThe100(t) : Transmit(t, t.response);
    case State::kCompleted:
      return Transmit(t, t.response);
    default:
      return;  // RFC 6026 8.7: Accepted absorbs it.
  }
}

void Reference::ReceiveAgain(NonInviteServer& t) {
  // 17.2.2: discarded in Trying, answered with the latest response after it.
  if (t.state != State::kTrying) Transmit(t, t.response);
}

void Reference::SendThe100(InviteServer& t) {
  t.timers.erase('1');
  t.response = Written(t, t.request, t.source, t.began, 100, "");
  Transmit(t, t.response);
}

void Reference::SendThe100(NonInviteServer& t) {
  t.state = State::kProceeding;
  t.response = Written(t, t.request, t.source, t.began, 100, "");
  Transmit(t, t.response);
}

std::string Reference::Written(const Transaction& t, std::string_view request, const SocketAddress& source,
                               Instant began, int status_code, std::string_view to_tag) {
  std::string tag(to_tag);
  const bool needs_tag = status_code != 100 && ToTagOf(request).empty();
  if (needs_tag && tag.empty()) tag = made_tag_(t.number);
  return MakeResponse(request, source, status_code, tag, now_ - began);
}

std::string Reference::SendResponse(Instant now, int number, int status_code, std::string_view to_tag) {
  SetTime(now);
  if (Find(number) == nullptr) return "gone";
  if (const auto t = invite_servers_.find(number); t != invite_servers_.end()) {
    return t->second.is_abandoned ? "not now" : Answer(t->second, status_code, to_tag);
  }
  if (const auto t = non_invite_servers_.find(number); t != non_invite_servers_.end()) {
    return t->second.is_abandoned ? "not now" : Answer(t->second, status_code, to_tag);
  }
  return "not now";  // a client's
}

std::string Reference::Answer(InviteServer& t, int status_code, std::string_view to_tag) {
  const bool is_2xx = status_code >= 200 && status_code <= 299;
  // RFC 6026 8.7: a 2xx more may come from the user in Accepted. Else 17.2.1: the final response has been
  // given.
  if (t.state != State::kProceeding && !(t.state == State::kAccepted && is_2xx)) return "not now";
  t.response = Written(t, t.request, t.source, t.began, status_code, to_tag);
  Transmit(t, t.response);
  if (t.state == State::kAccepted) return "";
  t.timers.clear();  // the 100 is due no more
  if (is_2xx) {
    // RFC 6026 8.7: Accepted; L in 64*T1.
    t.state = State::kAccepted;
    Arm(t, 'L', 64 * t.times.t1);
  } else if (status_code >= 300) {
    // 17.2.1: Completed; G in T1 if the transport is unreliable, H in 64*T1 for all.
    t.state = State::kCompleted;
    t.g = t.times.t1;
    if (!t.is_reliable) Arm(t, 'G', t.g);
    Arm(t, 'H', 64 * t.times.t1);
  }
  return "";
}

std::string Reference::Answer(NonInviteServer& t, int status_code, std::string_view to_tag) {
  // RFC 4320 4.1: no provisional response but 100, and that not too early on unreliable transports; 4.2: no
  // 408.
  if (status_code == 408 || (status_code > 100 && status_code < 200)) return "never";
  const bool is_early = !t.is_reliable && now_ < t.began + UntilTimerEIsResetToT2(t.times);
  if (status_code == 100 && is_early) return "never";
  // 17.2.2: other final responses than the first are discarded. docs/decisions/0003: one from Trying is
  // taken.
  if (t.state == State::kCompleted) return "not now";
  t.response = Written(t, t.request, t.source, t.began, status_code, to_tag);
  Transmit(t, t.response);
  t.timers.clear();
  if (status_code == 100) {
    t.state = State::kProceeding;
  } else {
    // 17.2.2: Completed; J in 64*T1, or zero.
    t.state = State::kCompleted;
    Arm(t, 'J', t.is_reliable ? Duration::zero() : 64 * t.times.t1);
  }
  return "";
}

void Reference::ResendFinal(Instant now, int number) {
  SetTime(now);
  const auto t = invite_servers_.find(number);
  // RFC 6026 8.7: the 2xx is the user's to repeat, through the transaction, while it is in Accepted.
  if (t == invite_servers_.end() || t->second.state != State::kAccepted || t->second.is_abandoned) return;
  Transmit(t->second, t->second.response);
}

// docs/decisions/0011.
void Reference::Abandon(Instant now, int number) {
  SetTime(now);
  if (const auto t = invite_clients_.find(number); t != invite_clients_.end()) {
    t->second.is_abandoned = true;
    return Cancel(now, number);
  }
  if (const auto t = non_invite_clients_.find(number); t != non_invite_clients_.end()) {
    t->second.is_abandoned = true;
  }
  if (const auto t = invite_servers_.find(number); t != invite_servers_.end()) {
    if (t->second.is_abandoned) return;
    t->second.is_abandoned = true;
    // A 500 with the tag of what was sent before (8.2.6.2).
    if (t->second.state == State::kProceeding) Answer(t->second, 500, ToTagOf(t->second.response));
  }
  if (const auto t = non_invite_servers_.find(number); t != non_invite_servers_.end()) {
    if (t->second.is_abandoned) return;
    t->second.is_abandoned = true;
    // RFC 4320 4.2: no answer. Gone 64*T1 after the request came.
    if (t->second.state == State::kCompleted) return;
    ArmAt(t->second, 'u', std::max(now_, t->second.began + 64 * t->second.times.t1));
  }
}

void Reference::Fire(InviteServer& t, char timer) {
  switch (timer) {
    case '1':
      return SendThe100(t);
    case 'G':
      // 17.2.1: MIN(2*T1, T2), then doubled up to T2.
      t.g = std::min(2 * t.g, t.times.t2);
      Arm(t, 'G', t.g);
      return Transmit(t, t.response);
    case 'H':
      Fail(t, "no ACK");  // docs/decisions/0001
      return End(t);
    default:
      return End(t);  // I, L
  }
}

void Reference::Fire(NonInviteServer& t, char timer) {
  if (timer == '1') return SendThe100(t);
  End(t);  // J, and of an abandoned one its time
}

// RFC 6026 8.8, docs/decisions/0002: the user is told, the state stays. Where nothing is sent there is no
// error.
void Reference::Error(InviteServer& t) {
  if (t.state != State::kConfirmed) Fail(t, "transport error");
}

void Reference::Error(NonInviteServer& t) {
  if (t.state != State::kTrying) Fail(t, "transport error");
}

void Reference::Fail(const Transaction& t, std::string_view why) {
  if (!t.is_abandoned) Emit({Event::Kind::kFailed, t.number, std::string(why)});
}

void Reference::End(Transaction& t) {
  t.state = State::kTerminated;
  Emit({Event::Kind::kGone, t.number, ""});
}

}  // namespace sansip::reference
