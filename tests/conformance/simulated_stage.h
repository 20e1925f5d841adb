// A stage in virtual time: a production user agent in a node, and the peer, on a network without delay. So
// the times of a scenario are those of the RFC.
#ifndef SANSIP_TESTS_CONFORMANCE_SIMULATED_STAGE_H_
#define SANSIP_TESTS_CONFORMANCE_SIMULATED_STAGE_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sansip/core/base/time.h"
#include "sansip/tests/conformance/directed_user.h"
#include "sansip/tests/conformance/scenario.h"
#include "sansip/tests/conformance/stage.h"
#include "sansip/tests/sim/world.h"

namespace sansip::conformance {

class PeerElement;

class SimulatedStage final : public Stage {
 public:
  explicit SimulatedStage(const Scenario& scenario);

  Instant now() const override { return world_.now(); }
  bool Send(std::string_view wire) override;
  std::optional<Arrived> Receive(Instant until) override;
  bool has_user() const override { return true; }
  std::string Direct(std::string_view verb) override;
  std::vector<Told>& told() override;
  void Lose(int count, std::string_view prefix) override;
  std::size_t Left() override;
  std::string transport() const override { return over_tcp_ ? "TCP" : "UDP"; }
  std::string peer_address() const override { return "192.0.2.2:5060"; }
  std::string subject_uri() const override { return node_->Uri(); }
  Duration patience() const override { return Duration::zero(); }
  Duration tolerance() const override { return Duration::zero(); }
  const sim::Trace& trace() const override { return world_.trace(); }
  std::vector<std::string> names() const override { return world_.Names(); }
  // The last thing asked of it.
  sim::Trace TakeTrace() { return std::move(world_.trace()); }

 private:
  sim::World world_;
  bool over_tcp_;
  sim::Node* node_ = nullptr;
  DirectedUser* user_ = nullptr;
  PeerElement* peer_ = nullptr;
};

// Of every agent in a scenario: its options, from "with" lines.
UserAgentOptions AgentOptionsOf(const Scenario& scenario);

}  // namespace sansip::conformance

#endif  // SANSIP_TESTS_CONFORMANCE_SIMULATED_STAGE_H_
