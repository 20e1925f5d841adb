#include <map>
#include <utility>

#include "sansip/tests/sim/ladder.h"
#include "sansip/tests/sim/oracle/oracle.h"

namespace sansip::sim {
namespace {

using CallKey = std::pair<std::uint32_t, std::uint64_t>;  // node, call

}  // namespace

void CheckBorder(const Trace& trace, const OracleOptions& options, Findings& findings) {
  for (const Record& record : trace.records()) {
    if (record.actions > options.actions_max && record.name != "left") {
      findings.push_back(
          {"bounded actions", record.at, record.node, std::to_string(record.actions) + " of one event"});
    }
    if (record.kind != Record::Kind::kDeadline) continue;
    if (record.name == "early") {
      if (record.actions != 0 || record.next != record.due) {
        findings.push_back({"honest deadlines", record.at, record.node,
                            "a call before " + ClockText(record.due) + " did something"});
      }
    } else if (record.actions == 0 && record.next == record.due) {
      findings.push_back(
          {"honest deadlines", record.at, record.node, "nothing came of " + ClockText(record.due)});
    }
  }
}

void CheckEnd(const Trace& trace, Findings& findings) {
  std::map<CallKey, bool> ended, gone;
  std::map<CallKey, Instant> begun;
  for (const Record& record : trace.records()) {
    if (record.kind == Record::Kind::kNote && record.name == "left") {
      if (record.actions != 0 || record.next != kNever) {
        findings.push_back({"everything gone", record.at, record.node, record.text});
      }
    }
    if (record.kind != Record::Kind::kEvent || record.call == 0) continue;
    const CallKey key(record.node, record.call);
    begun.emplace(key, record.at);
    if (record.name == "Ended") {
      if (std::exchange(ended[key], true))
        findings.push_back({"told once", record.at, record.node, "Ended twice"});
    }
    if (record.name == "CallGone") gone[key] = true;
  }
  for (const auto& [key, at] : begun) {
    if (!ended[key]) findings.push_back({"both told", at, key.first, "a call's end was never told"});
    if (!gone[key]) findings.push_back({"everything gone", at, key.first, "a call never went"});
  }
}

void CheckSessions(const Trace& trace, const OracleOptions& options, Findings& findings) {
  std::map<CallKey, Instant> expiries;
  const auto overdue = [&](const CallKey& key, Instant expiry, Instant now) {
    if (now <= After(expiry, options.late_max)) return;
    findings.push_back({"session expiry", now, key.first, "a session outlived " + ClockText(expiry)});
  };
  for (const Record& record : trace.records()) {
    if (record.kind != Record::Kind::kEvent) continue;
    const CallKey key(record.node, record.call);
    if (const auto found = expiries.find(key); found != expiries.end())
      overdue(key, found->second, record.at);
    if (record.name == "Refreshed") {
      expiries.erase(key);
      if (record.due != Instant{}) expiries[key] = record.due;
    }
    if (record.name == "Ended") expiries.erase(key);
  }
  if (trace.records().empty()) return;
  for (const auto& [key, expiry] : expiries) overdue(key, expiry, trace.records().back().at);
}

}  // namespace sansip::sim
