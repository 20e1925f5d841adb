// What --script makes an agent do in its calls.
#include <algorithm>
#include <array>

#include "fmt/core.h"
#include "nlohmann/json.hpp"
#include "sansip/cli/agent.h"

namespace sansip::cli {
namespace {

constexpr Duration kStepRetry = std::chrono::milliseconds(250);
constexpr int kStepTriesMax = 40;
constexpr Duration kKeyLength = std::chrono::milliseconds(100);

VerbError PressKeys(rtp::MediaEndpoint& endpoint, std::string_view keys) {
  for (const char key : keys) {
    if (endpoint.SendDigit(key, kKeyLength) != rtp::DigitResult::kQueued) return VerbError::kWrongState;
  }
  return VerbError::kNone;
}

}  // namespace

Instant Agent::ScriptCursor::due() const {
  if (zero == kNever || next == steps->size()) return kNever;
  return std::max(After(zero, (*steps)[next].after), retry);
}

// Both parts, the earlier step first; the call may be gone afterwards.
void Agent::RunScript(std::uint64_t number, Instant now) {
  for (Call* call = Find(Cookie{number}); call != nullptr; call = Find(Cookie{number})) {
    ScriptCursor& cursor =
        call->after_start.due() <= call->after_ack.due() ? call->after_start : call->after_ack;
    if (cursor.due() > now) return;
    const ScriptStep& step = (*cursor.steps)[cursor.next];  // it outlives the call
    // Told first: what comes of it comes after it.
    const nlohmann::ordered_json fields = {{"line", step.line}, {"verb", ScriptVerbName(step.verb)}};
    if (cursor.tries == 0) {
      reporter_->Tell(now, number, "step", fields,
                      fmt::format("line {}: {}", step.line, ScriptVerbName(step.verb)));
    }
    const VerbError error = DoStep(*call, step);
    if (Find(Cookie{number}) == nullptr) return;
    if (error == VerbError::kPending && ++cursor.tries < kStepTriesMax) {
      cursor.retry = After(now, kStepRetry);
      continue;
    }
    cursor.tries = 0;
    ++cursor.next;
    if (error == VerbError::kNone) continue;
    Fail(*call, ExitCode::kUsage,
         fmt::format("line {} of the script: {}: {}", step.line, ScriptVerbName(step.verb),
                     VerbErrorName(error)));
  }
}

VerbError Agent::DoStep(Call& call, const ScriptStep& step) {
  const CallId id = call.id;
  switch (step.verb) {
    case ScriptVerb::kRing:
      return Ring(call, step.status);
    case ScriptVerb::kAnswer:
      if (!call.is_incoming || call.answered) return VerbError::kWrongState;
      AnswerCall(call);
      return VerbError::kNone;
    case ScriptVerb::kRefuse:
      return Do(ua::input::Refuse{.call = id, .status = step.status, .content = {}}).error;
    case ScriptVerb::kHold:
      call.media->SetDirection(rtp::Direction::kSendOnly);
      return Reoffer(call, false);
    case ScriptVerb::kResume:
      call.media->SetDirection(rtp::Direction::kSendRecv);
      return Reoffer(call, false);
    case ScriptVerb::kReinvite:
      return Reoffer(call, false);
    case ScriptVerb::kUpdate:
      return Reoffer(call, true);
    case ScriptVerb::kMove:
      if (!call.media->Move().ok()) return VerbError::kWrongState;
      return Reoffer(call, false);
    case ScriptVerb::kDtmf:
      return PressKeys(call.media->endpoint(), step.text);
    case ScriptVerb::kInfo:
    case ScriptVerb::kMessage: {
      StandaloneDraft draft{.call = id, .cookie = Cookie{call.number}};
      const bool is_info = step.verb == ScriptVerb::kInfo;
      if (is_info) draft.method = "INFO";
      draft.content = {.body = step.text,
                       .content_type = is_info ? std::string_view(step.type) : "text/plain"};
      return Do(ua::input::SendRequest{draft}).error;
    }
    case ScriptVerb::kHangUp:
      call.after_start = call.after_ack = {};
      return Do(ua::input::HangUp{.call = id, .headers = {}}).error;
  }
  return VerbError::kWrongState;
}

}  // namespace sansip::cli
