#include "sansip/dialog/user_agent_input.h"

#include <array>

namespace sansip {
namespace {

// One overload per input.
struct Applier {
  UserAgent& agent;
  Instant now;
  UserAgentSink& out;

  InputResult operator()(const ua::input::Message& in) const {
    agent.OnMessage(now, in.origin, *in.message, out, in.authentication_info);
    return {};
  }
  InputResult operator()(const ua::input::Unparsable& in) const {
    agent.OnUnparsable(now, in.origin, in.bytes, in.error, out);
    return {};
  }
  InputResult operator()(const ua::input::TransportError& in) const {
    agent.OnTransportError(now, in.id, out);
    return {};
  }
  InputResult operator()(const ua::input::FlowFailed& in) const {
    agent.OnFlowFailed(now, in.flow, out);
    return {};
  }
  InputResult operator()(const ua::input::KeepAliveAnswered& in) const {
    agent.OnKeepAliveAnswered(now, in.flow, out);
    return {};
  }
  InputResult operator()(const ua::input::Deadline&) const {
    agent.OnDeadline(now, out);
    return {};
  }
  InputResult operator()(const ua::input::Located& in) const {
    agent.OnLocated(now, in.cookie, in.path, out);
    return {};
  }
  InputResult operator()(const ua::input::LocateFailed& in) const {
    agent.OnLocateFailed(now, in.cookie, out);
    return {};
  }
  InputResult operator()(const ua::input::PlaceCall& in) const {
    const Placed placed = agent.PlaceCall(now, in.draft, out);
    return {placed.call, placed.error};
  }
  InputResult operator()(const ua::input::Ring& in) const {
    return {{}, agent.Ring(now, in.call, in.status, in.content, out, in.reliability)};
  }
  InputResult operator()(const ua::input::Answer& in) const {
    return {{}, agent.Answer(now, in.call, in.content, out)};
  }
  InputResult operator()(const ua::input::Refuse& in) const {
    return {{}, agent.Refuse(now, in.call, in.status, in.content, out)};
  }
  InputResult operator()(const ua::input::HangUp& in) const {
    return {{}, agent.HangUp(now, in.call, in.headers, out, in.dialog)};
  }
  InputResult operator()(const ua::input::Reinvite& in) const {
    return {{}, agent.Reinvite(now, in.call, in.content, out)};
  }
  InputResult operator()(const ua::input::Update& in) const {
    return {{}, agent.Update(now, in.call, in.content, out, in.dialog)};
  }
  InputResult operator()(const ua::input::LoseContact& in) const {
    return {{}, agent.LoseContact(now, in.call, out)};
  }
  InputResult operator()(const ua::input::OfferInPrack& in) const {
    return {{}, agent.OfferInPrack(now, in.call, in.content, out, in.dialog)};
  }
  InputResult operator()(const ua::input::AnswerOffer& in) const {
    return {{}, agent.AnswerOffer(now, in.call, in.content, out)};
  }
  InputResult operator()(const ua::input::RefuseOffer& in) const {
    return {{}, agent.RefuseOffer(now, in.call, in.status, in.answer, out)};
  }
  InputResult operator()(const ua::input::GiveCredentials& in) const {
    return {{}, agent.GiveCredentials(now, in.answer, out)};
  }
  InputResult operator()(const ua::input::Register& in) const {
    const Registering registering = agent.Register(now, in.draft, out);
    return {{}, registering.error, registering.registration};
  }
  InputResult operator()(const ua::input::Unregister& in) const {
    return {{}, agent.Unregister(now, in.registration, out)};
  }
  InputResult operator()(const ua::input::RefreshRegistration& in) const {
    return {{}, agent.RefreshRegistration(now, in.registration, out)};
  }
  InputResult operator()(const ua::input::Shutdown&) const {
    agent.Shutdown(now, out);
    return {};
  }
  InputResult operator()(const ua::input::SetCookie& in) const {
    return {{}, agent.SetCookie(in.call, in.cookie)};
  }
  InputResult operator()(const ua::input::SetBusy& in) const {
    agent.SetBusy(in.busy);
    return {};
  }
  InputResult operator()(const ua::input::SendRequest& in) const {
    return Result(agent.SendRequest(now, in.draft, out));
  }
  InputResult operator()(const ua::input::RespondTo& in) const {
    return {{}, agent.RespondTo(now, in.id, in.status, in.content, out)};
  }
  InputResult operator()(const ua::input::Subscribe& in) const {
    return Result(agent.Subscribe(now, in.draft, out));
  }
  InputResult operator()(const ua::input::Notify& in) const {
    return {{}, agent.Notify(now, in.standalone, in.draft, out)};
  }
  InputResult operator()(const ua::input::Publish& in) const {
    return Result(agent.Publish(now, in.draft, out));
  }
  InputResult operator()(const ua::input::Republish& in) const {
    return {{}, agent.Republish(now, in.standalone, in.content, out)};
  }
  InputResult operator()(const ua::input::Withdraw& in) const {
    return {{}, agent.Withdraw(now, in.standalone, out)};
  }
  InputResult operator()(const ua::input::Refer& in) const { return Result(agent.Refer(now, in.draft, out)); }
  InputResult operator()(const ua::input::Transfer& in) const {
    return Result(in.other.is_nil() ? agent.Transfer(now, in.call, in.target, out)
                                    : agent.Transfer(now, in.call, in.other, out));
  }
  InputResult operator()(const ua::input::AnswerRefer& in) const {
    const bool accepts = in.status >= 200 && in.status < 300;
    return {{},
            accepts ? agent.AcceptRefer(now, in.standalone, out)
                    : agent.RefuseRefer(now, in.standalone, in.status, out)};
  }
  InputResult operator()(const ua::input::Report& in) const {
    return {{}, agent.Report(now, in.standalone, in.status, out)};
  }
  InputResult operator()(const ua::input::SetInfoPackages& in) const {
    return {{}, agent.SetInfoPackages(in.call, in.packages)};
  }
  static InputResult Result(const Asked& asked) { return {{}, asked.error, {}, asked.standalone}; }
};

}  // namespace

InputResult Apply(UserAgent& agent, Instant now, const UserAgentInput& input, UserAgentSink& out) {
  return std::visit(Applier{agent, now, out}, input);
}

std::string_view InputName(const UserAgentInput& input) {
  constexpr std::array<std::string_view, std::variant_size_v<UserAgentInput>> kNames = {
      // clang-format off
      "OnMessage", "OnUnparsable", "OnTransportError", "OnFlowFailed", "OnDeadline", "OnLocated",
      "OnLocateFailed", "PlaceCall", "Ring", "Answer", "Refuse", "HangUp", "Reinvite", "Update",
      "AnswerOffer", "RefuseOffer", "GiveCredentials", "Register", "Unregister", "Shutdown", "SetCookie",
      "SetBusy", "SendRequest", "RespondTo", "Subscribe", "Notify", "Publish", "Republish", "Withdraw",
      "Refer", "Transfer", "AnswerRefer", "Report", "SetInfoPackages", "OfferInPrack",
      "RefreshRegistration", "OnKeepAliveAnswered", "LoseContact"
      // clang-format on
  };
  return kNames[input.index()];
}

}  // namespace sansip
