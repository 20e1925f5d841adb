#include <utility>

#include "sansip/tests/sim/ladder.h"
#include "sansip/tests/sim/oracle/sub_oracles.h"

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

void Oracles::Calls::OnRecord(const Record& record) {
  now_ = record.at;
  const auto add = [&](const char* oracle, std::string_view text) {
    findings_.push_back({oracle, record.at, record.node, std::string(text)});
  };
  if (record.kind == Record::Kind::kNote && record.name == "left" && options_.finished &&
      (record.actions != 0 || record.next != kNever)) {
    add("everything gone", record.text);
  }
  if (record.kind != Record::Kind::kEvent || record.call == 0) return;
  const Key key(record.node, record.call);
  Call& call = calls_.try_emplace(key, Call{.begun = record.at}).first->second;
  CheckExpiry(key, call, record.at);
  if (record.name == "Refreshed") call.expiry = record.due != Instant{} ? record.due : kNever;
  if (record.name == "Ended") {
    call.expiry = kNever;
    if (std::exchange(call.is_ended, true)) add("told once", "Ended twice");
  }
  if (record.name == "CallGone") {
    if (!call.is_ended && options_.finished) add("both told", "a call's end was never told");
    calls_.erase(key);
  }
}

void Oracles::Calls::CheckExpiry(const Key& key, const Call& call, Instant now) {
  if (now <= After(call.expiry, options_.late_max)) return;
  findings_.push_back({"session expiry", now, key.first, "a session outlived " + ClockText(call.expiry)});
}

void Oracles::Calls::Finish() {
  for (const auto& [key, call] : calls_) {
    CheckExpiry(key, call, now_);
    if (!options_.finished) continue;
    if (!call.is_ended) {
      findings_.push_back({"both told", call.begun, key.first, "a call's end was never told"});
    }
    findings_.push_back({"everything gone", call.begun, key.first, "a call never went"});
  }
}

}  // namespace sansip::sim
