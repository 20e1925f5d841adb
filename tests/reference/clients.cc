// Client transactions: RFC 3261 17.1 with RFC 6026 8.4, and CANCEL (9.1).
#include <algorithm>
#include <string>

#include "sansip/tests/reference/message.h"
#include "sansip/tests/reference/reference.h"

namespace sansip::reference {

namespace {

bool IsProvisional(int code) { return code >= 100 && code <= 199; }
bool Is2xx(int code) { return code >= 200 && code <= 299; }

// 17.1.3: the same branch in the top Via, and the method of the CSeq is that of the request.
bool Matches(const Key& request, const Key& response) {
  return request.branch == response.branch && request.method == response.method;
}

}  // namespace

int Reference::SendRequest(Instant now, FlowId flow, bool is_reliable, const Times& times,
                           std::uint64_t cookie, std::string request) {
  SetTime(now);
  if (Read(request)->method() != Method::kInvite) {
    NonInviteClient& t = non_invite_clients_[begun_ + 1];
    Begin(t, flow, is_reliable, times);
    t.request = std::move(request);
    t.key = KeyOf(*Read(t.request));
    t.cookie = cookie;
    // 17.1.2.2: Trying; E in T1 if the transport is unreliable, F in 64*T1.
    t.state = State::kTrying;
    t.e = times.t1;
    if (!t.is_reliable) Arm(t, 'E', t.e);
    Arm(t, 'F', 64 * times.t1);
    Transmit(t, t.request);
    return t.number;
  }
  InviteClient& t = invite_clients_[begun_ + 1];
  Begin(t, flow, is_reliable, times);
  t.request = std::move(request);
  t.key = KeyOf(*Read(t.request));
  t.cookie = cookie;
  // 17.1.1.2: Calling; A in T1 if the transport is unreliable, B in 64*T1 for all.
  t.state = State::kCalling;
  t.a = times.t1;
  if (!t.is_reliable) Arm(t, 'A', t.a);
  Arm(t, 'B', 64 * times.t1);
  Transmit(t, t.request);
  return t.number;
}

void Reference::ReceiveResponse(const MessageView& response) {
  const Key key = KeyOf(response);
  for (auto& [number, t] : invite_clients_) {
    if (Matches(t.key, key)) return Respond(t, response);
  }
  for (auto& [number, t] : non_invite_clients_) {
    if (Matches(t.key, key)) return Respond(t, response);
  }
  // RFC 6026 8.9: what matches no transaction is not forwarded and not passed up.
}

void Reference::Respond(InviteClient& t, const MessageView& response) {
  const int code = response.status_code();
  switch (t.state) {
    case State::kCalling:
    case State::kProceeding:
      if (IsProvisional(code)) {
        // 17.1.1.2: no more retransmissions in Proceeding; the response is passed up, and so are all further
        // provisional ones. B is about Calling only.
        t.timers.erase('A');
        t.timers.erase('B');
        t.state = State::kProceeding;
        // 9.1: a CANCEL that waited for a provisional response goes now.
        if (t.wants_cancel && !t.is_cancelled) SendCancel(t);
        return Deliver(t, response);
      }
      t.timers.clear();
      if (Is2xx(code)) {
        // RFC 6026 8.4: Accepted, with M in 64*T1; the 2xx is passed up.
        t.state = State::kAccepted;
        Arm(t, 'M', 64 * t.times.t1);
      } else {
        // 17.1.1.2: Completed. The response is passed up, an ACK is made. D is at least 32 s if the transport
        // is unreliable, zero if it is reliable.
        t.state = State::kCompleted;
        Arm(t, 'D',
            t.is_reliable ? Duration::zero() : std::max<Duration>(t.times.d, std::chrono::seconds(32)));
        Acknowledge(t, response);
      }
      return Deliver(t, response);
    case State::kCompleted:
      // 17.1.1.2: each retransmission of the final response has the ACK passed to the transport again, and is
      // not passed up.
      if (!IsProvisional(code) && !Is2xx(code)) Acknowledge(t, response);
      return;
    case State::kAccepted:
      // RFC 6026 8.4: any further 2xx is passed up and is not acknowledged here.
      if (Is2xx(code)) Deliver(t, response);
      return;
    default:
      return;
  }
}

void Reference::Respond(NonInviteClient& t, const MessageView& response) {
  switch (t.state) {
    case State::kTrying:
    case State::kProceeding:
      if (IsProvisional(response.status_code())) {
        // 17.1.2.2: E goes on, and learns of Proceeding when it fires.
        t.state = State::kProceeding;
      } else {
        // 17.1.2.2: Completed; K in T4, or zero.
        t.timers.clear();
        t.state = State::kCompleted;
        Arm(t, 'K', t.is_reliable ? Duration::zero() : t.times.t4);
      }
      return Deliver(t, response);
    default:
      return;  // 17.1.2.2: Completed buffers retransmissions.
  }
}

// 17.1.1.3. The first is kept: a retransmission has the same ACK sent again (17.1.1.2).
void Reference::Acknowledge(InviteClient& t, const MessageView& response) {
  if (t.ack.empty()) t.ack = MakeFromInvite(t.request, "ACK", response.First(HeaderId::kTo).value_or(""));
  Transmit(t, t.ack);
}

// 9.1: a client transaction of its own. If no final response to the INVITE comes within 64*T1 it is regarded
// as cancelled (docs/decisions/0006).
void Reference::SendCancel(InviteClient& t) {
  t.is_cancelled = true;
  Arm(t, 'x', 64 * t.times.t1);
  NonInviteClient& cancel = non_invite_clients_[begun_ + 1];
  Begin(cancel, t.flow, t.is_reliable, t.times);
  cancel.is_own_cancel = true;
  cancel.request = MakeFromInvite(t.request, "CANCEL", Read(t.request)->First(HeaderId::kTo).value_or(""));
  cancel.key = KeyOf(*Read(cancel.request));
  cancel.state = State::kTrying;
  cancel.e = cancel.times.t1;
  if (!cancel.is_reliable) Arm(cancel, 'E', cancel.e);
  Arm(cancel, 'F', 64 * cancel.times.t1);
  Transmit(cancel, cancel.request);
}

void Reference::Cancel(Instant now, int number) {
  SetTime(now);
  const auto found = invite_clients_.find(number);
  if (found == invite_clients_.end()) return;
  InviteClient& t = found->second;
  if (t.wants_cancel) return;
  // 9.1: not before a provisional response, and of no use after a final one.
  if (t.state != State::kCalling && t.state != State::kProceeding) return;
  t.wants_cancel = true;
  if (t.state == State::kProceeding) SendCancel(t);
}

// docs/decisions/0011: of an abandoned INVITE only 2xx are still told, and of no transaction.
void Reference::Deliver(const InviteClient& t, const MessageView& response) {
  if (t.is_abandoned && !Is2xx(response.status_code())) return;
  Emit({Event::Kind::kDeliver, t.is_abandoned ? 0 : t.number, std::to_string(response.status_code()),
        t.cookie});
}

void Reference::Deliver(const NonInviteClient& t, const MessageView& response) {
  if (t.is_abandoned || t.is_own_cancel) return;
  Emit({Event::Kind::kDeliver, t.number, std::to_string(response.status_code()), t.cookie});
}

void Reference::Fire(InviteClient& t, char timer) {
  if (timer == 'A') {
    // 17.1.1.2: sent again, and the timer is reset to double its value, for as long as Calling lasts.
    t.a *= 2;
    Arm(t, 'A', t.a);
    return Transmit(t, t.request);
  }
  // 17.1.1.2: B in Calling; 9.1: the cancelled INVITE in Proceeding. D and M end without a word.
  if (timer == 'B' || timer == 'x') Fail(t, "timeout");
  End(t);
}

void Reference::Fire(NonInviteClient& t, char timer) {
  if (timer == 'E') {
    // 17.1.2.2: in Trying MIN(2*T1, T2), MIN(4*T1, T2), ...; in Proceeding T2.
    t.e = t.state == State::kTrying ? std::min(2 * t.e, t.times.t2) : t.times.t2;
    Arm(t, 'E', t.e);
    return Transmit(t, t.request);
  }
  if (timer == 'F') Fail(t, "timeout");
  End(t);  // F, K
}

void Reference::Error(InviteClient& t) {
  // 17.1.4, Figure 5: of the request in Calling, of the ACK in Completed. In Proceeding and Accepted nothing
  // is sent.
  if (t.state != State::kCalling && t.state != State::kCompleted) return;
  Fail(t, "transport error");
  End(t);
}

void Reference::Error(NonInviteClient& t) {
  // 17.1.4, Figure 6: in Trying and Proceeding; in Completed nothing is sent.
  if (t.state != State::kTrying && t.state != State::kProceeding) return;
  Fail(t, "transport error");
  End(t);
}

void Reference::Fail(const InviteClient& t, std::string_view why) {
  if (!t.is_abandoned) Emit({Event::Kind::kFailed, t.number, std::string(why), t.cookie});
}

void Reference::Fail(const NonInviteClient& t, std::string_view why) {
  if (!t.is_abandoned && !t.is_own_cancel) Emit({Event::Kind::kFailed, t.number, std::string(why), t.cookie});
}

void Reference::End(InviteClient& t) {
  t.state = State::kTerminated;
  Emit({Event::Kind::kGone, t.number, "", t.cookie});
}

void Reference::End(NonInviteClient& t) {
  t.state = State::kTerminated;
  if (!t.is_own_cancel) Emit({Event::Kind::kGone, t.number, "", t.cookie});
}

}  // namespace sansip::reference
