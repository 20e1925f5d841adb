// The names of a user agent's actions, for records, traces and ladders: "Ended". An action without one does
// not compile where names are asked for.
#ifndef SANSIP_DIALOG_USER_AGENT_ACTION_NAME_H_
#define SANSIP_DIALOG_USER_AGENT_ACTION_NAME_H_

#include <string_view>
#include <variant>

#include "sansip/dialog/user_agent_action.h"

namespace sansip {

namespace ua {

constexpr std::string_view NameOf(const Transmit&) { return "Transmit"; }
constexpr std::string_view NameOf(const Locate&) { return "Locate"; }
constexpr std::string_view NameOf(const Incoming&) { return "Incoming"; }
constexpr std::string_view NameOf(const Progress&) { return "Progress"; }
constexpr std::string_view NameOf(const PrackReceived&) { return "PrackReceived"; }
constexpr std::string_view NameOf(const Redirected&) { return "Redirected"; }
constexpr std::string_view NameOf(const NeedCredentials&) { return "NeedCredentials"; }
constexpr std::string_view NameOf(const Answered&) { return "Answered"; }
constexpr std::string_view NameOf(const Confirmed&) { return "Confirmed"; }
constexpr std::string_view NameOf(const OfferReceived&) { return "OfferReceived"; }
constexpr std::string_view NameOf(const AnswerReceived&) { return "AnswerReceived"; }
constexpr std::string_view NameOf(const Reinvited&) { return "Reinvited"; }
constexpr std::string_view NameOf(const Refreshed&) { return "Refreshed"; }
constexpr std::string_view NameOf(const RefreshFailed&) { return "RefreshFailed"; }
constexpr std::string_view NameOf(const SessionExpiring&) { return "SessionExpiring"; }
constexpr std::string_view NameOf(const Ended&) { return "Ended"; }
constexpr std::string_view NameOf(const CallGone&) { return "CallGone"; }
constexpr std::string_view NameOf(const RegistrationChanged&) { return "RegistrationChanged"; }
constexpr std::string_view NameOf(const RequestEnded&) { return "RequestEnded"; }
constexpr std::string_view NameOf(const RequestReceived&) { return "RequestReceived"; }
constexpr std::string_view NameOf(const SubscriptionChanged&) { return "SubscriptionChanged"; }
constexpr std::string_view NameOf(const Notified&) { return "Notified"; }
constexpr std::string_view NameOf(const SubscriptionRequested&) { return "SubscriptionRequested"; }
constexpr std::string_view NameOf(const PublicationChanged&) { return "PublicationChanged"; }
constexpr std::string_view NameOf(const ProofFailed&) { return "ProofFailed"; }
constexpr std::string_view NameOf(const ReferChanged&) { return "ReferChanged"; }
constexpr std::string_view NameOf(const ReferReceived&) { return "ReferReceived"; }
constexpr std::string_view NameOf(const EventStateChanged&) { return "EventStateChanged"; }

}  // namespace ua

inline std::string_view ActionName(const UserAgentAction& action) {
  return std::visit([](const auto& one) { return ua::NameOf(one); }, action);
}

}  // namespace sansip

#endif  // SANSIP_DIALOG_USER_AGENT_ACTION_NAME_H_
