// The user of a node in a scenario: does what it is directed to, and remembers what it was told.
#ifndef SANSIP_TESTS_CONFORMANCE_DIRECTED_USER_H_
#define SANSIP_TESTS_CONFORMANCE_DIRECTED_USER_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/base/ids.h"
#include "sansip/core/base/time.h"
#include "sansip/tests/conformance/stage.h"
#include "sansip/tests/sim/node.h"

namespace sansip::conformance {

class DirectedUser final : public sim::User {
 public:
  // `target`: whom it calls.
  DirectedUser(std::string target, std::string description, bool answers_offers)
      : target_(std::move(target)), description_(std::move(description)), answers_offers_(answers_offers) {}

  void OnAction(sim::Node& node, Instant now, const UserAgentAction& action) override;

  // "calls", "calls without offer", "rings 183", "answers", "refuses 486", "hangs up", "re-invites",
  // "answers offer", "refuses offer 488", "registers", "gives credentials". Empty, or why it was refused.
  std::string Direct(sim::Node& node, Instant now, std::string_view verb);

  std::vector<Told>& told() { return told_; }
  // The cause that Ended named; nullopt: no call has ended.
  const std::optional<std::string>& end_cause() const { return end_cause_; }

 private:
  InputResult Call(sim::Node& node, Instant now, bool with_offer);

  std::string target_, description_;
  bool answers_offers_;
  CallId call_ = {};
  std::string realm_;
  bool is_proxy_realm_ = false;
  RegistrationId registration_ = {};
  StandaloneId question_ = {};
  std::vector<Told> told_;
  std::optional<std::string> end_cause_;
};

}  // namespace sansip::conformance

#endif  // SANSIP_TESTS_CONFORMANCE_DIRECTED_USER_H_
