// Every input of a user agent as a value, so that a run can be recorded, replayed, fuzzed and shrunk. Views
// are borrowed, as in the calls themselves; a recorder copies what it keeps.
#ifndef SANSIP_DIALOG_USER_AGENT_INPUT_H_
#define SANSIP_DIALOG_USER_AGENT_INPUT_H_

#include <string_view>
#include <variant>

#include "sansip/core/base/address.h"
#include "sansip/core/base/ids.h"
#include "sansip/core/base/time.h"
#include "sansip/core/message/message_view.h"
#include "sansip/core/message/parse_error.h"
#include "sansip/dialog/user_agent.h"

namespace sansip {

namespace ua::input {

struct Message {
  Origin origin;
  const MessageView* message = nullptr;
  std::string_view authentication_info = {};
};
struct Unparsable {
  Origin origin;
  std::string_view bytes;
  ParseError error;
};
struct TransportError {
  TransactionId id;
};
struct FlowFailed {
  FlowId flow;
};
struct KeepAliveAnswered {
  FlowId flow;
};
struct Deadline {};
struct Located {
  Cookie cookie;
  Path path;
};
struct LocateFailed {
  Cookie cookie;
};
struct PlaceCall {
  CallDraft draft;
};
struct Ring {
  CallId call;
  int status = 180;
  Content content;
  Reliability reliability = Reliability::kByOption;
};
struct Answer {
  CallId call;
  Content content;
};
struct Refuse {
  CallId call;
  int status = 486;
  Content content;
};
struct HangUp {
  CallId call;
  std::span<const HeaderLine> headers;
  DialogId dialog = {};
};
struct Reinvite {
  CallId call;
  Content content;
};
struct Update {
  CallId call;
  Content content;
  DialogId dialog;
};
struct LoseContact {
  CallId call;
};
struct OfferInPrack {
  CallId call;
  Content content;
  DialogId dialog;
};
struct AnswerOffer {
  CallId call;
  Content content;
};
struct RefuseOffer {
  CallId call;
  int status = 488;
  Content answer;
};
// Who records runs leaves the password out: the digests that it makes are in the messages.
struct GiveCredentials {
  CredentialsAnswer answer;
};
struct Register {
  RegistrationDraft draft;
};
struct Unregister {
  RegistrationId registration;
};
struct RefreshRegistration {
  RegistrationId registration;
};
struct SendRequest {
  StandaloneDraft draft;
};
struct RespondTo {
  TransactionId id;
  int status = 200;
  Content content;
};
struct Subscribe {
  StandaloneDraft draft;
};
struct Notify {
  StandaloneId standalone;
  NotifyDraft draft;
};
struct Publish {
  StandaloneDraft draft;
};
struct Republish {
  StandaloneId standalone;
  Content content;
};
struct Withdraw {
  StandaloneId standalone;
};
struct Refer {
  ReferDraft draft;
};
struct Transfer {
  CallId call;
  CallId other;  // nil: to `target`
  std::string_view target;
};
struct AnswerRefer {
  StandaloneId standalone;
  int status = 202;  // 2xx: AcceptRefer; else RefuseRefer
};
struct Report {
  StandaloneId standalone;
  int status = 200;
};
struct Shutdown {};
struct SetCookie {
  CallId call;
  Cookie cookie;
};
struct SetBusy {
  bool busy = false;
};
struct SetInfoPackages {
  CallId call;
  std::string_view packages;
};

}  // namespace ua::input

using UserAgentInput =
    std::variant<ua::input::Message, ua::input::Unparsable, ua::input::TransportError, ua::input::FlowFailed,
                 ua::input::Deadline, ua::input::Located, ua::input::LocateFailed, ua::input::PlaceCall,
                 ua::input::Ring, ua::input::Answer, ua::input::Refuse, ua::input::HangUp,
                 ua::input::Reinvite, ua::input::Update, ua::input::AnswerOffer, ua::input::RefuseOffer,
                 ua::input::GiveCredentials, ua::input::Register, ua::input::Unregister, ua::input::Shutdown,
                 ua::input::SetCookie, ua::input::SetBusy, ua::input::SendRequest, ua::input::RespondTo,
                 ua::input::Subscribe, ua::input::Notify, ua::input::Publish, ua::input::Republish,
                 ua::input::Withdraw, ua::input::Refer, ua::input::Transfer, ua::input::AnswerRefer,
                 ua::input::Report, ua::input::SetInfoPackages, ua::input::OfferInPrack,
                 ua::input::RefreshRegistration, ua::input::KeepAliveAnswered, ua::input::LoseContact>;

// What a verb answers; kNone for what has no answer.
struct InputResult {
  CallId placed;
  VerbError error = VerbError::kNone;
  RegistrationId registered = {};
  StandaloneId asked = {};
};

// The call that `input` stands for.
InputResult Apply(UserAgent& agent, Instant now, const UserAgentInput& input, UserAgentSink& out);

// "Answer", "OnMessage", ...: for ladders and traces.
std::string_view InputName(const UserAgentInput& input);

}  // namespace sansip

#endif  // SANSIP_DIALOG_USER_AGENT_INPUT_H_
