#include "sansip/tests/sim/forking_proxy.h"

#include <algorithm>
#include <array>
#include <utility>

#include "sansip/core/base/check.h"
#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/via.h"
#include "sansip/core/message/writer.h"
#include "sansip/core/transaction/timers.h"
#include "sansip/core/uri/sip_uri.h"

namespace sansip::sim {
namespace {

constexpr TimerValues kTimers;

// RFC 3261 16.7 step 6: a 6xx, else of the lowest class. What nobody said comes last within its class.
int RankOf(int status) {
  if (status >= 600) return 0;
  return status / 100 * 1000 + (status == 408 || status == 487 ? 999 : status % 100);
}

// Of a branch's INVITE as it was sent: its ACK to a failure (17.1.1.3), or its CANCEL (9.1), whose `to` is
// empty: the INVITE's.
std::string OnTheSameBranch(std::string_view method, std::string_view sent, std::string_view to) {
  MessageIndex index;
  SANSIP_CHECK(Parser().Parse(sent, Framing::kDatagram, index).ok());
  const MessageView invite(sent, index);
  std::array<char, 2048> out;
  Writer writer(out);
  writer.RequestLine(method, invite.request_uri());
  std::string_view via;
  SANSIP_CHECK(ElementsOf(invite, HeaderId::kVia).Next(via));
  writer.Header(HeaderId::kVia, via);
  writer.Header(HeaderId::kMaxForwards, "70");
  writer.Header(HeaderId::kFrom, *invite.First(HeaderId::kFrom));
  writer.Header(HeaderId::kTo, to.empty() ? *invite.First(HeaderId::kTo) : to);
  writer.Header(HeaderId::kCallId, *invite.First(HeaderId::kCallId));
  CSeq cseq;
  SANSIP_CHECK(CSeqOf(invite, cseq));
  writer.Header(HeaderId::kCSeq, std::to_string(cseq.number) + " " + std::string(method));
  writer.Body("");
  SANSIP_CHECK(writer.error() == WriteError::kNone);
  return std::string(writer.text());
}

}  // namespace

ForkingProxy::ForkingProxy(World& world, std::string name, const SocketAddress& address)
    : Proxy(world, std::move(name), address) {}

void ForkingProxy::Bind(std::string user, std::vector<std::string> contacts) {
  SANSIP_CHECK(!contacts.empty() && contacts.size() <= kContactsMax);
  contacts_[std::move(user)] = std::move(contacts);
}

std::string ForkingProxy::AddressOf(std::string_view user) const {
  return "sip:" + std::string(user) + "@" + self();
}

// Another one than BranchBehind() makes: its name is followed by a dot, and no branch of an agent begins so.
std::string ForkingProxy::BranchOf(std::string_view top, std::size_t branch) const {
  return std::string(kBranchCookie) + name() + "." + static_cast<char>('0' + branch) + "." +
         std::string(top.substr(kBranchCookie.size()));
}

Instant ForkingProxy::next_deadline() const { return due_.empty() ? kNever : due_.begin()->first; }

void ForkingProxy::Arm(Forks::iterator fork) {
  auto& [top, one] = *fork;
  Instant due = std::min({one.copies.next, one.copies.end, one.forgotten});
  for (const Branch& branch : one.branches) due = std::min({due, branch.copies.next, branch.copies.end});
  if (one.due != kNever) due_.erase({one.due, top});
  one.due = due;
  if (due != kNever) due_.emplace(due, top);
}

void ForkingProxy::OnRequest(Instant now, const MessageView& request, std::string_view top) {
  const auto fork = forks_.find(top);
  if (fork != forks_.end()) {
    OnCopy(now, request, fork->second);
    return Arm(fork);
  }
  if (!IsToFork(request)) {
    std::array<Edit, kEditsMax> storage;
    EditList edits(request, storage);
    const bool record_routes = request.method() == Method::kInvite;
    if (const auto outgoing = Forwarded(request, BranchBehind(top), record_routes, {}, edits))
      Send(now, *outgoing);
  } else if (request.method() == Method::kInvite) {
    Begin(now, request, top);
  } else if (request.method() != Method::kAck) {
    Send(now, Response(request, request.method() == Method::kCancel ? 481 : 405));
  }
}

// What is for this host itself, and belongs to no dialog.
bool ForkingProxy::IsToFork(const MessageView& request) const {
  const std::optional<SipUri> uri = ParseSipUri(request.request_uri());
  return uri && !request.First(HeaderId::kRoute) &&
         std::string(uri->host) + ":" + std::to_string(uri->port) == self();
}

void ForkingProxy::Begin(Instant now, const MessageView& invite, std::string_view top) {
  const std::optional<SipUri> uri = ParseSipUri(invite.request_uri());
  const auto contacts = contacts_.find(uri->user);
  if (contacts == contacts_.end()) return Send(now, Response(invite, 404));
  ++forked_;
  const auto fork = forks_.emplace(std::string(top), Fork{.invite = std::string(invite.bytes())}).first;
  Send(now, Response(invite, 100));
  for (const std::string& contact : contacts->second) {
    std::array<Edit, kEditsMax> storage;
    EditList edits(invite, storage);
    const std::string id = BranchOf(top, fork->second.branches.size());
    Branch branch{.invite = Forwarded(invite, id, true, contact, edits).value_or(Outgoing{})};
    SANSIP_CHECK(!branch.invite.host.empty());
    branch.copies = {After(now, kTimers.t1), After(now, kTimers.transaction_timeout()), kTimers.t1, kForever};
    Send(now, branch.invite);
    fork->second.branches.push_back(std::move(branch));
  }
  Arm(fork);
}

// The INVITE again, its CANCEL, or its ACK.
void ForkingProxy::OnCopy(Instant now, const MessageView& request, Fork& fork) {
  if (request.method() == Method::kAck) {
    fork.copies = {};
  } else if (request.method() == Method::kCancel) {
    Send(now, Response(request, 200));
    CancelOthers(now, fork);
  } else if (!fork.failure.host.empty()) {
    Send(now, fork.failure);
  } else if (!fork.is_answered) {
    Send(now, Response(request, 100));
  }
}

void ForkingProxy::OnResponse(Instant now, const MessageView& response, std::string_view own) {
  const std::string ours = std::string(kBranchCookie) + name() + ".";
  if (!own.starts_with(ours)) {
    std::array<Edit, 1> storage;
    EditList edits(response, storage);
    if (const auto outgoing = Returned(response, edits)) Send(now, *outgoing);
    return;
  }
  // RFC 6026 8.9: what no transaction waits for goes no further.
  if (own.size() < ours.size() + 2) return;
  const auto fork = forks_.find(std::string(kBranchCookie) + std::string(own.substr(ours.size() + 2)));
  const auto place = static_cast<std::size_t>(own[ours.size()] - '0');
  CSeq cseq;
  if (fork == forks_.end() || place >= fork->second.branches.size() || !CSeqOf(response, cseq)) return;
  Branch& branch = fork->second.branches[place];
  if (cseq.method == Method::kCancel) {
    if (branch.state == Branch::State::kCancelling) branch.copies.next = kNever;
  } else {
    OnBranchResponse(now, response, fork->second, branch);
  }
  Arm(fork);
}

void ForkingProxy::OnBranchResponse(Instant now, const MessageView& response, Fork& fork, Branch& branch) {
  const int status = response.status_code();
  const bool is_over = branch.state == Branch::State::kDone;
  if (status >= 300 && branch.status / 100 != 2) Acknowledge(now, response, branch);
  if (is_over && (status / 100 != 2 || branch.status / 100 != 2)) return;
  std::array<Edit, 1> storage;
  EditList edits(response, storage);
  const std::optional<Outgoing> returned = Returned(response, edits);
  if (!returned) return;
  if (status < 200) {
    if (branch.state == Branch::State::kCalling) branch.state = Branch::State::kProceeding;
    if (branch.state == Branch::State::kProceeding) branch.copies = {.end = After(now, kTimers.c)};
    if (status > 100 && !fork.is_answered) Send(now, *returned);
    if (branch.is_unwanted) Cancel(now, branch);
    return;
  }
  // RFC 3261 16.7 step 5: every 2xx, and its copies.
  if (status < 300) {
    answered_again_ += !is_over && fork.is_answered;
    fork.is_answered = true;
    Send(now, *returned);
  }
  if (is_over) return;
  branch.failure = *returned;
  End(now, fork, branch, status);
}

void ForkingProxy::Acknowledge(Instant now, const MessageView& failure, const Branch& branch) {
  Outgoing ack = branch.invite;
  ack.wire = OnTheSameBranch("ACK", branch.invite.wire, *failure.First(HeaderId::kTo));
  Send(now, ack);
}

// 16.7 step 10; 16.7 step 5: a 6xx ends the others, too.
void ForkingProxy::End(Instant now, Fork& fork, Branch& branch, int status) {
  branch.state = Branch::State::kDone;
  branch.status = status;
  branch.copies = {};
  if (status < 300 || status >= 600) CancelOthers(now, fork);
  for (const Branch& one : fork.branches) {
    if (one.state != Branch::State::kDone) return;
  }
  fork.forgotten = After(now, kTimers.transaction_timeout());
  if (fork.is_answered) return;
  const auto best =
      std::min_element(fork.branches.begin(), fork.branches.end(),
                       [](const Branch& a, const Branch& b) { return RankOf(a.status) < RankOf(b.status); });
  fork.failure = best->failure;
  fork.copies = {After(now, kTimers.t1), fork.forgotten, kTimers.t1, kTimers.t2};
  Send(now, fork.failure);
}

void ForkingProxy::CancelOthers(Instant now, Fork& fork) {
  for (Branch& branch : fork.branches) Cancel(now, branch);
}

void ForkingProxy::Cancel(Instant now, Branch& branch) {
  branch.is_unwanted = true;
  if (branch.state != Branch::State::kProceeding) return;
  branch.state = Branch::State::kCancelling;
  // 9.1: after 64*T1 nobody waits for the final response any longer.
  branch.copies = {After(now, kTimers.t1), After(now, kTimers.transaction_timeout()), kTimers.t1, kTimers.t2};
  branch.cancel = branch.invite;
  branch.cancel.wire = OnTheSameBranch("CANCEL", branch.invite.wire, {});
  Send(now, branch.cancel);
}

void ForkingProxy::OnDeadline(Instant now) {
  while (!due_.empty() && due_.begin()->first <= now) {
    const auto found = forks_.find(due_.begin()->second);
    Fork& fork = found->second;
    if (SendAgain(now, fork.copies, fork.failure)) fork.copies = {};
    for (Branch& branch : fork.branches) {
      const bool is_cancelling = branch.state == Branch::State::kCancelling;
      if (!SendAgain(now, branch.copies, is_cancelling ? branch.cancel : branch.invite)) continue;
      if (branch.state == Branch::State::kProceeding) {
        Cancel(now, branch);  // 16.8: timer C
      } else {
        branch.failure = TimedOut(fork);
        End(now, fork, branch, 408);
      }
    }
    if (fork.forgotten <= now) {
      due_.erase(due_.begin());
      forks_.erase(found);
    } else {
      Arm(found);
    }
  }
}

// True: its end has come.
bool ForkingProxy::SendAgain(Instant now, Copies& copies, const Outgoing& outgoing) {
  if (copies.end <= now) return true;
  if (copies.next > now) return false;
  copies.gap = std::min(2 * copies.gap, copies.cap);
  copies.next = After(now, copies.gap);
  Send(now, outgoing);
  return false;
}

// 16.8: as if a 408 had come.
Proxy::Outgoing ForkingProxy::TimedOut(const Fork& fork) const {
  MessageIndex index;
  SANSIP_CHECK(Parser().Parse(fork.invite, Framing::kDatagram, index).ok());
  return Response(MessageView(fork.invite, index), 408);
}

}  // namespace sansip::sim
