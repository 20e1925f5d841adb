// What an agent does with REFER: `sansip refer`, `call --transfer-to`, and the REFERs that come in within
// calls.
#include <array>
#include <optional>

#include "fmt/core.h"
#include "nlohmann/json.hpp"
#include "sansip/cli/agent.h"
#include "sansip/core/message/status_code.h"

namespace sansip::cli {

InputResult Agent::SendRefer(std::string_view from, std::string_view route) {
  const std::array<std::string_view, 1> routes = {route};
  ReferDraft draft{.target = options_.target, .from = from, .contact_user = options_.user};
  if (!options_.proxy.empty()) draft.routes = routes;
  draft.refer_to = options_.refer_to;
  draft.referred_by = from;
  return Do(ua::input::Refer{draft});
}

void Agent::Transfer(Call& call) {
  call.transfer_at = kNever;
  const std::uint64_t number = call.number;
  const VerbError error = Do(ua::input::Transfer{call.id, {}, options_.refer_to}).error;
  Call* const transferred = Find(Cookie{number});
  if (transferred == nullptr || error == VerbError::kNone) return;
  GiveUp(*transferred, ExitCode::kInternal, fmt::format("cannot transfer: {}", VerbErrorName(error)));
}

void Agent::Take(const ua::ReferChanged& action) {
  tasks_.emplace_back([this, id = action.call, status = action.status, stage = action.stage] {
    Call* call = nullptr;
    for (auto& [number, each] : calls_) {
      if (!id.is_nil() && each.id == id) call = &each;
    }
    OnReferred(call, stage, status);
  });
}

void Agent::OnReferred(Call* call, ReferStage stage, int status) {
  nlohmann::ordered_json fields = {{"refer_to", options_.refer_to}, {"stage", ReferStageName(stage)}};
  if (status != 0) fields["status"] = status;
  std::string text = fmt::format("refer to {}: {}", options_.refer_to, ReferStageName(stage));
  if (status != 0) text += fmt::format(" ({} {})", status, ReasonPhrase(status));
  reporter_->Tell(loop_->Now(), call == nullptr ? 0 : call->number, "refer", fields, text);
  if (stage != ReferStage::kRefused && stage != ReferStage::kEnded) return;
  const bool is_fine = stage == ReferStage::kEnded && status >= 200 && status < 300;
  // RFC 5589 6.1: the transferor hangs up once the transfer has succeeded, else the call goes on.
  if (call != nullptr) {
    if (is_fine) return (void)Do(ua::input::HangUp{.call = call->id, .headers = {}});
    return reporter_->Note(loop_->Now(), call->number, "not transferred: the call goes on");
  }
  if (options_.task != AgentTask::kRefer) return;
  is_task_over_ = true;
  if (is_fine) return Count(ExitCode::kOk);
  // Without a final status nobody knows.
  const bool is_known = status >= 300 && status != 408;
  const bool is_unreachable = stage == ReferStage::kRefused && status == 503;
  FailTask(is_unreachable ? ExitCode::kUnreachable
           : is_known     ? ExitCode::kRefused
                          : ExitCode::kTimedOut,
           status, stage == ReferStage::kRefused ? "the REFER was refused" : "what it was asked for failed");
}

void Agent::Take(const ua::ReferReceived& action) {
  // RFC 4538 4: from outside, by who knows the dialog of a call.
  const std::optional<StandaloneView> view = user_agent_.FindStandalone(action.standalone);
  const CallId named = view ? view->target_dialog : CallId{};
  tasks_.emplace_back([this, id = action.standalone, call = action.call.is_nil() ? named : action.call,
                       target = std::string(action.target), method = action.method] {
    std::uint64_t number = 0;
    for (const auto& [each, one] : calls_) {
      if (!call.is_nil() && one.id == call) number = each;
    }
    const bool is_taken = number != 0 && method == Method::kInvite && shutdown_end_ == kNever;
    reporter_->Tell(loop_->Now(), number, "referred",
                    {{"target", target}, {"method", MethodName(method)}, {"accepted", is_taken}},
                    fmt::format("referred to {}: {}", target, is_taken ? "calling it" : "refused"));
    // Only whom we talk to may have us call somebody (RFC 3515 2.4.2).
    if (!is_taken) return (void)Do(ua::input::AnswerRefer{id, 603});
    ++referred_calls_;
    PlaceCall(target, id);
  });
}

}  // namespace sansip::cli
