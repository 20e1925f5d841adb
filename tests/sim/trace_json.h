// The values of a trace file as JSON, both ways: options, inputs with storage of their own, actions.
//
// Times are nanoseconds from the recording's start; ids are [slot, generation]; bytes of messages are base64,
// and so is other text that is not plain ASCII, as {"base64": "..."}. No password is ever written: those of
// SIP URIs become as many asterisks, in inputs and actions alike, so that a replay agrees.
#ifndef SANSIP_TESTS_SIM_TRACE_JSON_H_
#define SANSIP_TESTS_SIM_TRACE_JSON_H_

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nlohmann/json.hpp"
#include "sansip/core/message/parser.h"
#include "sansip/dialog/user_agent_input.h"
#include "sansip/dialog/user_agent_options.h"

namespace sansip::sim {

using Json = nlohmann::ordered_json;

std::string Base64(std::string_view bytes);
std::optional<std::string> FromBase64(std::string_view text);

// RFC 3261 19.1.1: "sip:alice:secret@host" becomes "sip:alice:******@host".
std::string WithoutPasswords(std::string_view text);

Json JsonOf(const UserAgentOptions& options);
// False: something is missing or of the wrong kind. `same_session` and
// `digest_hashes` are no values and stay as they are.
bool ReadOptions(const Json& json, UserAgentOptions& options);

Json JsonOf(const UserAgentInput& input);
Json JsonOf(const InputResult& result);
Json JsonOf(const UserAgentAction& action, Instant start);

// An input read from a file, with everything it views.
class StoredInput {
 public:
  // False: not one.
  bool Read(const Json& json);
  const UserAgentInput& input() const { return input_; }

 private:
  std::string_view Keep(const Json& json);
  std::span<const HeaderLine> KeepHeaders(const Json& json);
  Content KeepContent(const Json& json);
  Path KeepPath(const Json& json);
  std::span<const std::string_view> KeepList(const Json& json, std::vector<std::string_view>& list);
  template <typename Draft>
  Draft KeepAddressed(const Json& json);
  CallDraft KeepDraft(const Json& json);
  RegistrationDraft KeepRegistration(const Json& json);
  StandaloneDraft KeepStandalone(const Json& json);
  ReferDraft KeepRefer(const Json& json);
  bool ReadStandalone(std::string_view name, const Json& json);
  bool KeepMessage(const Json& json);
  bool ReadVerb(std::string_view name, const Json& json);

  UserAgentInput input_;
  std::deque<std::string> texts_;
  std::deque<std::vector<HeaderLine>> headers_;
  std::vector<std::string_view> routes_, contacts_;
  std::unique_ptr<MessageIndex> index_;
  std::unique_ptr<MessageView> view_;
};

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_TRACE_JSON_H_
