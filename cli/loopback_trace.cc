#include "sansip/cli/loopback_trace.h"

#include <string>
#include <variant>

#include "sansip/dialog/user_agent_action_name.h"
#include "sansip/tests/sim/node.h"

namespace sansip::cli {
namespace {

// What the user asked for; the rest shows by its messages.
bool IsVerb(const UserAgentInput& input) {
  return std::holds_alternative<ua::input::PlaceCall>(input) ||
         std::holds_alternative<ua::input::Ring>(input) || std::holds_alternative<ua::input::Answer>(input) ||
         std::holds_alternative<ua::input::HangUp>(input);
}

}  // namespace

void LoopbackTrace::Side::OnInput(Instant now, const UserAgentInput& input) {
  if (!IsVerb(input)) return;
  sim::Record record;
  record.at = owner_->Since(now);
  record.kind = sim::Record::Kind::kVerb;
  record.node = node_;
  record.name = InputName(input);
  owner_->trace_.Add(record);
}

void LoopbackTrace::Side::OnActions(Instant now, const UserAgentInput&, const InputResult&,
                                    const UserAgentSink& actions) {
  for (const UserAgentAction& action : actions) {
    const std::string text = sim::ActionText(action);
    sim::Record record;
    record.at = owner_->Since(now);
    record.node = node_;
    if (const auto* transmit = std::get_if<ua::Transmit>(&action)) {
      record.kind = sim::Record::Kind::kSent;
      record.peer = 1 - node_;
      record.datagram = ++owner_->sent_;
      record.wire = transmit->wire;
    } else if (!std::holds_alternative<ua::Locate>(action)) {
      record.kind = sim::Record::Kind::kEvent;
      record.name = ActionName(action);
      record.text = text;
      const auto* refreshed = std::get_if<ua::Refreshed>(&action);
      if (refreshed != nullptr && refreshed->interval != 0) {
        record.due = After(record.at, std::chrono::seconds(refreshed->interval));
      }
    } else {
      continue;
    }
    owner_->trace_.Add(record);
  }
}

}  // namespace sansip::cli
