#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "sansip/tests/sim/ladder.h"
#include "sansip/tests/sim/oracle/sub_oracles.h"
#include "sansip/tests/sim/random.h"

namespace sansip::sim {

void Oracles::Border::OnRecord(const Record& record) {
  const auto add = [&](const char* oracle, std::string text) {
    findings_.push_back({oracle, record.at, record.node, std::move(text)});
  };
  if (record.kind == Record::Kind::kNote) return;
  if (record.actions > options_.actions_max) {
    add("bounded actions", std::to_string(record.actions) + " of one event");
  }
  if (record.kind != Record::Kind::kDeadline) return;
  if (record.name == "early") {
    if (record.actions == 0 && record.next == record.due) return;
    add("honest deadlines", "a call before " + ClockText(record.due) + " did something");
  } else if (record.actions == 0 && record.next == record.due) {
    add("honest deadlines", "nothing came of " + ClockText(record.due));
  }
}

void Oracles::Calls::OnMessage(const SeenMessage& seen) {
  const Record& record = *seen.record;
  if (places_.size() <= record.node) places_.resize(record.node + 1);
  const std::uint64_t local_tag = seen.is_request == seen.is_sent() ? seen.from_tag : seen.to_tag;
  places_[record.node] = {seen.call_id, local_tag, record.at};
  if (!seen.is_request || seen.method != Method::kBye || options_.reliable) return;
  const std::uint64_t key = Mix(seen.call_id) ^ seen.to_tag;
  if (seen.is_sent()) {
    const auto [bye, is_new] = byes_.Get(key);
    if (is_new) bye->first = record.at;
    bye->last = record.at;
  } else {
    byes_.Erase(key);
  }
}

void Oracles::Calls::OnRecord(const Record& record) {
  const auto add = [&](const char* oracle, std::string_view text) {
    findings_.push_back({oracle, record.at, record.node, std::string(text)});
  };
  if (record.kind == Record::Kind::kNote && record.name == "left" && options_.finished &&
      (record.actions != 0 || record.next != kNever)) {
    left_.push_back({record.at, record.node, record.actions, record.next, std::string(record.text)});
  }
  if (record.kind != Record::Kind::kEvent || record.call == 0) return;
  const std::uint64_t key = Mix(record.call ^ std::uint64_t{record.node} << 48);
  const auto [found, is_new] = calls_.Get(key);
  if (is_new) *found = {.id = record.call, .begun = record.at, .node = record.node};
  Call& call = *found;
  if (record.node < places_.size() && places_[record.node].at == record.at) {
    const Place& place = places_[record.node];
    if (call.call_id == 0) call.call_id = place.call_id;
    // An INVITE that comes has none for the callee yet.
    if (call.call_id == place.call_id && place.local_tag != HashOf("")) call.local_tag = place.local_tag;
  }
  CheckExpiry(call, record.at);
  if (record.name == "Refreshed") call.expiry = record.due != Instant{} ? record.due : kNever;
  if (record.name == "Ended") {
    call.expiry = kNever;
    if (std::exchange(call.is_ended, true)) add("told once", "Ended twice");
  }
  if (record.name == "CallGone") {
    if (!call.is_ended && options_.finished) add("both told", "a call's end was never told");
    byes_.Erase(Mix(call.call_id) ^ call.local_tag);
    calls_.Erase(key);
  }
}

void Oracles::Calls::CheckExpiry(const Call& call, Instant now) {
  if (now <= After(call.expiry, options_.late_max)) return;
  findings_.push_back({"session expiry", now, call.node, "a session outlived " + ClockText(call.expiry)});
}

bool Oracles::Calls::CouldNotKnow(const Call& call) const {
  const Bye* const bye = byes_.Find(Mix(call.call_id) ^ call.local_tag);
  // The last copy goes less than T2 before timer F.
  return !call.is_ended && call.expiry == kNever && bye != nullptr &&
         bye->last - bye->first > options_.timers.transaction_timeout() - options_.timers.t2;
}

void Oracles::Calls::Finish(Instant now) {
  std::map<std::uint32_t, std::uint32_t> excused;  // calls, by node
  // In an order of their own: findings must not hang on a table's.
  std::vector<Call> calls;
  calls_.ForEach([&](const Call& call) { calls.push_back(call); });
  std::sort(calls.begin(), calls.end(),
            [](const Call& a, const Call& b) { return std::pair(a.node, a.id) < std::pair(b.node, b.id); });
  for (const Call& call : calls) {
    CheckExpiry(call, now);
    if (!options_.finished) continue;
    if (CouldNotKnow(call)) {
      ++excused[call.node];
      continue;
    }
    if (!call.is_ended) {
      findings_.push_back({"both told", call.begun, call.node, "a call's end was never told"});
    }
    findings_.push_back({"everything gone", call.begun, call.node, "a call never went"});
  }
  for (const Left& left : left_) {
    if (left.next == kNever && left.count == excused[left.node]) continue;
    findings_.push_back({"everything gone", left.at, left.node, left.text});
  }
}

}  // namespace sansip::sim
