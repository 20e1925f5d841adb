#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "sansip/tests/sim/oracle/oracle.h"

namespace sansip::sim {
namespace {

// Copies of one message from one node.
using CopyKey = std::tuple<std::uint32_t, std::string, bool, Method, int>;

CopyKey KeyOf(const SeenMessage& seen) {
  return {seen.record->node, seen.branch, seen.is_request, seen.method, seen.status};
}

void Add(Findings& findings, const char* oracle, const SeenMessage& seen, std::string text) {
  findings.push_back(
      {oracle, seen.record->at, seen.record->node, seen.record->name + ", " + std::move(text)});
}

std::string Millis(Duration duration) { return std::to_string(duration.count() / 1'000'000) + " ms"; }

// When requests of this branch and method arrived at this node: they may set off a copy of the response.
using Triggers = std::map<std::tuple<std::uint32_t, std::string, Method>, std::multiset<Instant>>;

Triggers TriggersOf(const SeenMessages& messages) {
  Triggers triggers;
  for (const SeenMessage& seen : messages.arrived) {
    if (seen.is_request) triggers[{seen.record->node, seen.branch, seen.method}].insert(seen.record->at);
  }
  return triggers;
}

class Gaps {
 public:
  Gaps(const OracleOptions& options, Findings& findings) : options_(options), findings_(findings) {}

  // Copies sent by a timer: T1, doubling, up to `cap`; or, of a request in Proceeding, the cap at once. One
  // request sets off one copy besides.
  void Check(const std::vector<const SeenMessage*>& copies, Duration cap, bool cap_at_once,
             const std::multiset<Instant>* triggers) {
    Duration expected = options_.timers.t1;
    Instant last = copies.front()->record->at;
    std::multiset<Instant> left;
    if (triggers != nullptr) left = *triggers;
    for (std::size_t i = 1; i < copies.size(); ++i) {
      const Instant at = copies[i]->record->at;
      if (const auto trigger = left.find(at); trigger != left.end()) {
        left.erase(trigger);
        continue;
      }
      const Duration gap = at - last;
      if (!IsOnTime(gap, expected) && !(cap_at_once && IsOnTime(gap, cap))) {
        Add(findings_, "retransmission gaps", *copies[i],
            "copy " + std::to_string(i) + " after " + Millis(gap) + ", not " + Millis(expected));
        return;
      }
      last = at;
      expected = std::min(2 * expected, cap);
    }
  }

  void CheckOnlyTriggered(const std::vector<const SeenMessage*>& copies,
                          const std::multiset<Instant>* triggers) {
    for (std::size_t i = 1; i < copies.size(); ++i) {
      if (triggers != nullptr && triggers->count(copies[i]->record->at) != 0) continue;
      Add(findings_, "retransmission gaps", *copies[i], "sent again although no request came");
      return;
    }
  }

 private:
  bool IsOnTime(Duration gap, Duration expected) const {
    return gap >= expected && gap <= expected + options_.late_max;
  }

  const OracleOptions& options_;
  Findings& findings_;
};

}  // namespace

void CheckRetransmissionGaps(const SeenMessages& messages, const OracleOptions& options, Findings& findings) {
  if (options.reliable) return;
  std::map<CopyKey, std::vector<const SeenMessage*>> copies;
  for (const SeenMessage& seen : messages.sent) copies[KeyOf(seen)].push_back(&seen);
  const Triggers triggers = TriggersOf(messages);
  Gaps gaps(options, findings);
  for (const auto& [key, group] : copies) {
    const SeenMessage& first = *group.front();
    const auto found = triggers.find({first.record->node, first.branch, first.method});
    const std::multiset<Instant>* const trigger = found == triggers.end() ? nullptr : &found->second;
    if (first.is_request) {
      if (first.method == Method::kAck) continue;
      const bool is_invite = first.method == Method::kInvite;
      gaps.Check(group, is_invite ? kForever / 4 : options.timers.t2, !is_invite, nullptr);
    } else if (first.status < 200) {
      continue;  // RFC 3261 13.3.1.1: the user may repeat these as it likes
    } else if (first.method == Method::kInvite) {
      gaps.Check(group, options.timers.t2, false, first.status >= 300 ? trigger : nullptr);
    } else {
      gaps.CheckOnlyTriggered(group, trigger);
    }
  }
}

namespace {

using BranchKey = std::pair<std::uint32_t, std::string>;  // node, branch

// When each INVITE stopped waiting for a final response, if none came: 64*T1 after it without any response
// (RFC 3261 17.1.1.2), or after its CANCEL (9.1). Later ones are nobody's.
std::map<BranchKey, Instant> InvitesAndTheirEnds(const SeenMessages& messages, const OracleOptions& options) {
  std::map<BranchKey, Instant> ends;
  std::map<BranchKey, Instant> cancels;
  for (const SeenMessage& seen : messages.sent) {
    if (!seen.is_request) continue;
    const BranchKey key(seen.record->node, seen.branch);
    const Instant timeout = seen.record->at + options.timers.transaction_timeout();
    if (seen.method == Method::kInvite) ends.emplace(key, timeout);
    if (seen.method == Method::kCancel) cancels.emplace(key, timeout);
  }
  std::set<BranchKey> answered;
  for (const SeenMessage& seen : messages.arrived) {
    if (seen.is_request || seen.method != Method::kInvite) continue;
    const BranchKey key(seen.record->node, seen.branch);
    const auto found = ends.find(key);
    if (found == ends.end() || seen.record->at > found->second) continue;
    if (answered.count(key) != 0) continue;
    if (seen.status >= 200) answered.insert(key);
    const auto cancel = cancels.find(key);
    // A final response keeps the transaction for its copies: timer D, M.
    found->second = seen.status >= 200        ? seen.record->at + std::chrono::seconds(32)
                    : cancel == cancels.end() ? kNever
                                              : cancel->second;
  }
  return ends;
}

}  // namespace

void CheckAckPerFinal(const SeenMessages& messages, const OracleOptions& options, Findings& findings) {
  const std::map<BranchKey, Instant> ends = InvitesAndTheirEnds(messages, options);
  std::multimap<std::tuple<std::uint32_t, std::string, std::uint32_t>, const SeenMessage*> acks;
  for (const SeenMessage& seen : messages.sent) {
    if (!seen.is_request || seen.method != Method::kAck) continue;
    acks.emplace(std::tuple(seen.record->node, seen.call_id, seen.cseq), &seen);
  }
  for (const SeenMessage& seen : messages.arrived) {
    if (seen.is_request || seen.method != Method::kInvite || seen.status < 200) continue;
    const auto invite = ends.find({seen.record->node, seen.branch});
    if (invite == ends.end() || seen.record->at >= invite->second) continue;
    const bool is_success = seen.status < 300;
    const auto [begin, end] = acks.equal_range({seen.record->node, seen.call_id, seen.cseq});
    const bool acked = std::any_of(begin, end, [&](const auto& entry) {
      const SeenMessage& ack = *entry.second;
      const bool in_time = is_success ? ack.record->at >= seen.record->at : ack.record->at == seen.record->at;
      return in_time && ack.to_tag == seen.to_tag && (ack.branch == seen.branch) != is_success;
    });
    if (!acked) Add(findings, "ack per final", seen, "no ACK for it");
  }
}

void CheckOneFinal(const SeenMessages& messages, Findings& findings) {
  std::map<std::tuple<std::uint32_t, std::string, Method>, const SeenMessage*> finals;
  for (const SeenMessage& seen : messages.sent) {
    if (seen.is_request || seen.status < 200) continue;
    const auto [found, is_new] =
        finals.emplace(std::tuple(seen.record->node, seen.branch, seen.method), &seen);
    if (is_new || (found->second->status == seen.status && found->second->to_tag == seen.to_tag)) continue;
    Add(findings, "one final", seen, "after " + found->second->record->text);
  }
}

void CheckRisingCSeq(const SeenMessages& messages, Findings& findings) {
  std::map<std::tuple<std::uint32_t, std::string, std::string>, const SeenMessage*> last;
  std::set<std::string> branches;
  for (const SeenMessage& seen : messages.sent) {
    if (!seen.is_request || seen.method == Method::kAck || seen.method == Method::kCancel) continue;
    if (!branches.insert(seen.branch).second) continue;
    const auto [found, is_new] =
        last.emplace(std::tuple(seen.record->node, seen.call_id, seen.from_tag), &seen);
    if (is_new) continue;
    const SeenMessage& before = *std::exchange(found->second, &seen);
    // RFC 3263 4.3: what never arrived is sent by another path as it was, with another branch.
    const bool is_same = seen.cseq == before.cseq && seen.method == before.method &&
                         before.record->kind == Record::Kind::kLost;
    if (is_same || seen.cseq == before.cseq + 1) continue;
    Add(findings, "rising cseq", seen, std::to_string(seen.cseq) + " after " + std::to_string(before.cseq));
  }
}

void CheckUniqueBranches(const SeenMessages& messages, Findings& findings) {
  std::map<std::string, std::tuple<std::uint32_t, std::string, std::uint32_t>> transactions;
  for (const SeenMessage& seen : messages.sent) {
    if (!seen.is_request) continue;
    const std::tuple transaction(seen.record->node, seen.call_id, seen.cseq);
    const auto [found, is_new] = transactions.emplace(seen.branch, transaction);
    if (!is_new && found->second != transaction)
      Add(findings, "unique branches", seen, seen.branch + " was used");
  }
}

}  // namespace sansip::sim
