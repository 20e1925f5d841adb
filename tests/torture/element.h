// The three elements that every torture message is put before, and what they do with it, as text.
#ifndef SANSIP_TESTS_TORTURE_ELEMENT_H_
#define SANSIP_TESTS_TORTURE_ELEMENT_H_

#include <array>
#include <string>
#include <string_view>

#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/verdict.h"

namespace sansip {

// A user agent that takes calls and messages, has no extension and knows no dialog.
inline constexpr ElementPolicy kTortureAgent = {.methods = "INVITE, ACK, CANCEL, BYE, OPTIONS, MESSAGE",
                                                .types = "application/sdp, text/plain"};
inline constexpr ElementPolicy kTortureProxy = {.role = Role::kProxy, .schemes = "sip, sips, tel"};
inline constexpr ElementPolicy kTortureRegistrar = {.role = Role::kRegistrar, .methods = "REGISTER, OPTIONS"};

inline Verdict TortureVerdict(const MessageView& message, ParseError error, const ElementPolicy& policy,
                              bool is_dialog_known = false) {
  MessageFacts facts;
  if (is_dialog_known) {
    facts.dialog = MessageFacts::Dialog::kKnown;
  } else if (message.is_request() && !ToTag(message).empty()) {
    facts.dialog = MessageFacts::Dialog::kUnknown;
  }
  return VerdictOf(message, error, policy, facts);
}

// "accept", "drop" or the status code.
inline std::string AnswerText(const Verdict& verdict) {
  if (verdict.accepted()) return "accept";
  return verdict.action == Verdict::Action::kDrop ? "drop" : std::to_string(verdict.status);
}

// "Allow = INVITE, ...": the header field that the answer carries; empty if none.
inline std::string AnswerHeaderText(const Verdict& verdict, const MessageView& message,
                                    const ElementPolicy& policy) {
  if (verdict.header == HeaderId::kOther) return {};
  std::array<char, 1000> storage;
  ValueWriter value(storage);
  WriteAnswerHeader(verdict, message, policy, value);
  return std::string(HeaderName(verdict.header)).append(" = ").append(value.text());
}

}  // namespace sansip

#endif  // SANSIP_TESTS_TORTURE_ELEMENT_H_
