#include <algorithm>

#include "sansip/core/message/method.h"
#include "sansip/tests/sim/oracle/sub_oracles.h"
#include "sansip/tests/sim/random.h"

namespace sansip::sim {
namespace {

std::string Millis(Duration duration) { return std::to_string(duration.count() / 1'000'000) + " ms"; }

// The start-line, for texts.
std::string LineOf(const Record& record) {
  return std::string(record.wire.substr(0, record.wire.find('\r')));
}

// A hash of a thing of a node.
std::uint64_t KeyOfNode(std::uint32_t node, std::uint64_t a, std::uint64_t b) {
  return Mix(a ^ std::uint64_t{node} << 32 ^ b * 0xD1342543DE82EF95ull);
}

std::uint64_t KeyOfDialog(std::uint32_t node, std::uint64_t call_id, std::uint64_t local_tag,
                          std::uint64_t remote_tag) {
  return KeyOfNode(node, call_id, Mix(local_tag) ^ remote_tag);
}

constexpr Duration kNoCap = kForever / 4;
constexpr Duration kTryingMax = std::chrono::milliseconds(200);  // RFC 3261 17.2.1

}  // namespace

std::uint64_t Oracles::Transactions::KeyOf(const SeenMessage& seen, Method method) {
  return KeyOfNode(seen.record->node, seen.branch, static_cast<std::uint64_t>(method));
}

std::uint64_t Oracles::Transactions::DialogKeyOf(const SeenMessage& seen) {
  return KeyOfNode(seen.record->node, seen.call_id, seen.to_tag);
}

std::uint64_t Oracles::Transactions::AckKeyOf(const SeenMessage& seen) {
  return KeyOfNode(seen.record->node, seen.call_id ^ seen.cseq, seen.to_tag);
}

void Oracles::Transactions::Add(const char* oracle, const SeenMessage& seen, const std::string& text) {
  findings_.push_back({oracle, seen.record->at, seen.record->node, LineOf(*seen.record) + ", " + text});
}

void Oracles::Transactions::OnTime(Instant now) {
  CheckTrying(now);
  now_ = now;
  const auto on_forgotten = [this](const auto& view) { OnForgotten(view); };
  clients_.Forget(now, on_forgotten);
  servers_.Forget(now, on_forgotten);
  CheckOwed(now);
}

void Oracles::Transactions::CheckOwed(Instant now) {
  if (owed_at_once_.empty() || owed_at_once_.front().second.at == now) return;
  for (const auto& [key, owed] : owed_at_once_) {
    findings_.push_back({"ack per final", owed.at, owed.node, owed.line + ", no ACK for it"});
  }
  owed_at_once_.clear();
}

void Oracles::Transactions::OnMessage(const SeenMessage& seen) {
  if (!seen.is_sent()) {
    if (!seen.is_request) return OnResponseArrived(seen);
    return seen.method == Method::kAck ? OnAckArrived(seen) : OnRequestArrived(seen);
  }
  if (!seen.is_request) return OnResponseSent(seen);
  if (seen.method == Method::kAck) return OnAckSent(seen);
  OnRequestSent(seen);
}

void Oracles::Transactions::OnRequestArrived(const SeenMessage& seen) {
  const Instant at = seen.record->at;
  const std::uint64_t key = KeyOf(seen, seen.method);
  const auto [view, is_new] = servers_.Get(key, at);
  if (view->came_at != at) view->came = 0;
  view->came_at = at;
  ++view->came;
  if (seen.method == Method::kBye) OnDialogHeard(seen);
  if (is_new && seen.method == Method::kInvite)
    trying_.push_back({at + kTryingMax + options_.late_max, key, seen.record->node});
}

void Oracles::Transactions::CheckTrying(Instant until) {
  for (; !trying_.empty() && trying_.front().due < until; trying_.pop_front()) {
    const Trying& one = trying_.front();
    const ServerView* const view = servers_.Find(one.key);
    if (view == nullptr || view->has_responded) continue;
    findings_.push_back({"trying in time", one.due, one.node, "an INVITE had no response within 200 ms"});
  }
}

void Oracles::Transactions::OnDialogHeard(const SeenMessage& seen) {
  const std::uint64_t key = DialogKeyOf(seen);
  const Unacked* const found = unacked_.Find(key);
  if (found == nullptr || (seen.method == Method::kAck && seen.cseq != found->cseq)) return;
  if (ServerView* const view = servers_.Find(found->key)) {
    CheckEnd(*view, view->finals, "2xx");
    view->is_acked = true;
  }
  unacked_.Erase(key);
}

void Oracles::Transactions::OnRequestSent(const SeenMessage& seen) {
  ClientView& view = *clients_.Get(KeyOf(seen, seen.method), seen.record->at).entry;
  NoteSent(view, seen);
  if (!view.requests.is_begun && seen.method == Method::kInvite) {
    view.ends = seen.record->at + options_.timers.transaction_timeout();
  }
  if (seen.method == Method::kCancel) {
    ClientView* const invite = clients_.Find(KeyOf(seen, Method::kInvite));
    if (invite != nullptr && invite->cancel_ends == kNever) {
      invite->cancel_ends = seen.record->at + options_.timers.transaction_timeout();
      if (invite->has_provisional && !invite->is_final) invite->ends = invite->cancel_ends;
    }
  }
  const bool is_invite = seen.method == Method::kInvite;
  CheckGap(view.requests, seen, is_invite ? kNoCap : options_.timers.t2, !is_invite);
}

template <typename View>
void Oracles::Transactions::NoteSent(View& view, const SeenMessage& seen) {
  view.node = seen.record->node;
  view.method = seen.method;
  view.by_datagrams = seen.record->datagram != 0;
}

void Oracles::Transactions::OnAckArrived(const SeenMessage& seen) {
  if (ServerView* const view = servers_.Find(KeyOf(seen, Method::kInvite))) view->is_acked = true;
  OnDialogHeard(seen);
}

void Oracles::Transactions::OnForgotten(const ClientView& view) {
  if (options_.reliable || !view.by_datagrams) return;
  if (!view.is_answered) CheckEnd(view, view.requests, "request");
}

void Oracles::Transactions::OnForgotten(const ServerView& view) {
  if (view.method != Method::kInvite || view.is_acked) return;
  if (view.final_status / 100 == 2 && unacked_.Find(view.final_dialog) != nullptr) {
    CheckEnd(view, view.finals, "2xx");
    unacked_.Erase(view.final_dialog);
  }
  if (options_.reliable || !view.by_datagrams) return;
  // What was answered without being read, a malformed INVITE, has no transaction.
  if (view.final_status >= 300 && view.came_at != kNever) CheckEnd(view, view.finals, "failure");
}

// Nothing stopped these copies before 64*T1.
template <typename View>
void Oracles::Transactions::CheckEnd(const View& view, const Copies& copies, const char* what) {
  if (!copies.is_begun || copies.is_wrong) return;
  const Instant due = copies.last + Duration(copies.expected) + options_.late_max;
  if (due >= std::min(copies.first + options_.timers.transaction_timeout(), now_)) return;
  findings_.push_back({"missing copies", due, view.node,
                       std::string(MethodName(view.method)) + ", its " + what + " was not sent again after " +
                           std::to_string(copies.count) + " copies"});
}

Oracles::Transactions::Copies Oracles::Transactions::FirstCopy(Instant at) const {
  return {.first = at,
          .last = at,
          .expected = std::min<std::int64_t>(options_.timers.t1.count(), kExpectedMax),
          .is_begun = true};
}

// Copies sent by a timer: T1, doubling, up to `cap`; or, of a request in Proceeding, the cap at once.
void Oracles::Transactions::CheckGap(Copies& copies, const SeenMessage& seen, Duration cap,
                                     bool cap_at_once) {
  const Instant at = seen.record->at;
  if (!copies.is_begun) {
    copies = FirstCopy(at);
    return;
  }
  ++copies.count;
  const bool is_2xx = !seen.is_request && seen.status < 300;
  if ((options_.reliable && !is_2xx) || copies.is_wrong) return;
  const Duration gap = at - copies.last;
  const auto is_on_time = [&](Duration expected) {
    return gap >= expected && gap <= expected + options_.late_max;
  };
  const Duration due(copies.expected);
  if (!is_on_time(due) && !(cap_at_once && is_on_time(cap))) {
    copies.is_wrong = true;
    Add("retransmission gaps", seen,
        "copy " + std::to_string(copies.count) + " after " + Millis(gap) + ", not " + Millis(due));
    return;
  }
  copies.last = at;
  copies.expected = std::min({2 * due.count(), cap.count(), kExpectedMax});
}

void Oracles::Transactions::OnResponseSent(const SeenMessage& seen) {
  if (seen.status < 200) {  // RFC 3261 13.3.1.1: the user may repeat these as it likes
    ServerView* const answered = servers_.Find(KeyOf(seen, seen.method));
    if (answered != nullptr) answered->has_responded = true;
    return;
  }
  const std::uint64_t key = KeyOf(seen, seen.method);
  ServerView& view = *servers_.Get(key, seen.record->at).entry;
  NoteSent(view, seen);
  view.is_final = view.has_responded = true;
  const bool is_2xx = seen.method == Method::kInvite && seen.status < 300;
  const std::uint64_t dialog = DialogKeyOf(seen);
  const bool is_same = view.final_status == seen.status && view.final_dialog == dialog;
  // A copy of the request that comes after timers H, J and L is a request of its own (17.2.1, 17.2.2).
  const bool is_anew =
      !is_same && seen.record->at > view.finals.first + options_.timers.transaction_timeout();
  if (!view.finals.is_begun || is_anew) {
    if (is_2xx) *unacked_.Get(dialog).entry = {key, seen.cseq};
    view.finals = FirstCopy(seen.record->at);
    view.final_status = static_cast<std::uint16_t>(seen.status);
    view.final_dialog = dialog;
    return;
  }
  if (!is_same) {
    return Add("one final", seen, "after " + std::to_string(view.final_status));
  }
  if (!options_.reliable || is_2xx) OnFinalSentAgain(view, seen);
}

void Oracles::Transactions::OnFinalSentAgain(ServerView& view, const SeenMessage& seen) {
  const bool was_asked = view.came_at == seen.record->at && view.came > 0;
  if (seen.method != Method::kInvite) {
    if (was_asked || view.finals.is_wrong) return;
    view.finals.is_wrong = true;
    return Add("retransmission gaps", seen, "sent again although no request came");
  }
  // One request sets off one copy besides timer G's; 13.3.1.4: none of a 2xx.
  if (seen.status >= 300 && was_asked) {
    --view.came;
    ++view.finals.count;
    return;
  }
  CheckGap(view.finals, seen, options_.timers.t2, false);
}

void Oracles::Transactions::OnResponseArrived(const SeenMessage& seen) {
  ClientView* const found = clients_.Find(KeyOf(seen, seen.method));
  if (found == nullptr || !found->requests.is_begun) return;
  ClientView& view = *found;
  const Instant at = seen.record->at;
  view.last_use.Set(at);
  view.is_answered = true;
  if (seen.method != Method::kInvite) {
    view.is_final = view.is_final || seen.status >= 200;
    return;
  }
  const bool in_time = at < view.ends;  // at the same time either may come first
  if (seen.status < 200) {
    if (view.is_final || !in_time) return;
    view.has_provisional = true;
    view.ends = view.cancel_ends;
    return;
  }
  if (!view.is_final && in_time) {
    view.is_final = true;
    // A final response keeps the transaction for its copies: timer D, M.
    view.ends = at + std::chrono::seconds(32);
  }
  if (at >= view.ends) return;
  const std::uint64_t key = AckKeyOf(seen);
  const Owed owed{owed_made_++, at, seen.record->node, seen.branch, LineOf(*seen.record)};
  if (seen.status >= 300) {
    owed_at_once_.emplace_back(key, owed);
  } else {
    if (const auto [entry, is_new] = owed_.Get(key); is_new) *entry = owed;
  }
}

void Oracles::Transactions::OnAckSent(const SeenMessage& seen) {
  const std::uint64_t key = AckKeyOf(seen);
  std::erase_if(owed_at_once_,
                [&](const auto& one) { return one.first == key && one.second.branch == seen.branch; });
  if (const Owed* const found = owed_.Find(key); found != nullptr && found->branch != seen.branch) {
    owed_.Erase(key);
  }
}

void Oracles::Transactions::Finish() {
  CheckTrying(now_);
  const auto on_forgotten = [this](const auto& view) { OnForgotten(view); };
  clients_.ForgetAll(on_forgotten);
  servers_.ForgetAll(on_forgotten);
  CheckOwed(kNever);
  std::vector<Owed> left;
  owed_.ForEach([&](const Owed& owed) { left.push_back(owed); });
  std::sort(left.begin(), left.end(), [](const Owed& a, const Owed& b) { return a.place < b.place; });
  for (const Owed& owed : left) {
    findings_.push_back({"ack per final", owed.at, owed.node, owed.line + ", no ACK for it"});
  }
}

// ---- Dialogs ----

void Oracles::Dialogs::OnTime(Instant now) {
  sides_.Forget(now, [](const Side&) {});
  branches_.Forget(now, [](const Branch&) {});
}

std::uint64_t Oracles::Dialogs::LocalTagOf(const SeenMessage& seen) {
  return seen.is_request == seen.is_sent() ? seen.from_tag : seen.to_tag;
}

std::uint64_t Oracles::Dialogs::RemoteTagOf(const SeenMessage& seen) {
  return seen.is_request == seen.is_sent() ? seen.to_tag : seen.from_tag;
}

void Oracles::Dialogs::Expect(const SeenMessage& seen) const {
  sides_.Expect(KeyOfDialog(seen.record->node, seen.call_id, LocalTagOf(seen), RemoteTagOf(seen)));
  if (seen.is_request && seen.is_sent()) branches_.Expect(seen.branch);
}

void Oracles::Dialogs::OnMessage(const SeenMessage& seen) {
  const std::uint32_t node = seen.record->node;
  const Instant at = seen.record->at;
  const std::uint64_t local_tag = LocalTagOf(seen);
  const std::uint64_t remote_tag = RemoteTagOf(seen);
  const bool is_success =
      !seen.is_request && !seen.is_sent() && seen.method == Method::kInvite && seen.status / 100 == 2;
  if (!seen.is_request || !seen.is_sent()) {
    if (is_success) SideOf(seen, local_tag, remote_tag);
    Side* const side = sides_.Find(KeyOfDialog(node, seen.call_id, local_tag, remote_tag));
    if (side == nullptr) return;
    side->last_use.Set(at);
    if (seen.is_request && seen.method == Method::kBye) side->is_over = true;
    side->is_established = (side->is_established || is_success) && !side->is_over;
    return;
  }
  const bool is_first = IsFirstCopy(seen);
  if (seen.method == Method::kAck || seen.method == Method::kCancel) return;
  Side& side = SideOf(seen, local_tag, remote_tag);
  if (seen.method == Method::kBye) {
    side.is_over = true;
    side.is_established = false;
  }
  if (is_first) OnFirstCopy(side, seen);
}

// The numbers of a fork go on from that of the INVITE that made it.
Oracles::Dialogs::Side& Oracles::Dialogs::SideOf(const SeenMessage& seen, std::uint64_t local_tag,
                                                 std::uint64_t remote_tag) {
  const std::uint32_t node = seen.record->node;
  const auto [side, is_new] =
      sides_.Get(KeyOfDialog(node, seen.call_id, local_tag, remote_tag), seen.record->at);
  if (!is_new || remote_tag == HashOf("")) return *side;
  if (Side* const begun = sides_.Find(KeyOfDialog(node, seen.call_id, local_tag, HashOf("")))) {
    if (!seen.is_request) begun->is_over = true;
    begun->last_use.Set(seen.record->at);
    side->has_sent = begun->has_sent;
    side->cseq = begun->cseq;
    side->method = begun->method;
  }
  return *side;
}

bool Oracles::Dialogs::IsFirstCopy(const SeenMessage& seen) {
  const auto [branch, is_new] = branches_.Get(seen.branch, seen.record->at);
  // An ACK or a CANCEL shares its INVITE's branch, and CSeq number. Forks have the numbers of others.
  const bool has_invite =
      seen.method == Method::kInvite || seen.method == Method::kAck || seen.method == Method::kCancel;
  const auto transaction = static_cast<std::uint32_t>(
      KeyOfDialog(seen.record->node, seen.call_id, seen.cseq, has_invite ? 0 : seen.to_tag));
  if (is_new) branch->transaction = transaction;
  if (branch->transaction != transaction) {
    findings_.push_back({"unique branches", seen.record->at, seen.record->node,
                         LineOf(*seen.record) + ", its branch was used"});
  }
  return is_new;
}

void Oracles::Dialogs::OnFirstCopy(Side& side, const SeenMessage& seen) {
  // RFC 3263 4.3: what never arrived is sent by another path as it was, with another branch.
  const bool is_same = seen.cseq == side.cseq && seen.method == side.method && side.was_lost;
  if (side.has_sent && !is_same && seen.cseq != side.cseq + 1) {
    findings_.push_back(
        {"rising cseq", seen.record->at, seen.record->node,
         LineOf(*seen.record) + ", " + std::to_string(seen.cseq) + " after " + std::to_string(side.cseq)});
  }
  side.has_sent = true;
  side.cseq = seen.cseq;
  side.method = seen.method;
  side.was_lost = seen.record->kind == Record::Kind::kLost;
}

}  // namespace sansip::sim
