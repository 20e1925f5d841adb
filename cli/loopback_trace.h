// What two agents in one process do to each other, as the trace that the simulator's ladders are drawn from.
#ifndef SANSIP_CLI_LOOPBACK_TRACE_H_
#define SANSIP_CLI_LOOPBACK_TRACE_H_

#include <array>
#include <cstdint>
#include <string>

#include "sansip/cli/observed_agent.h"
#include "sansip/tests/sim/trace.h"

namespace sansip::cli {

class LoopbackTrace {
 public:
  explicit LoopbackTrace(Instant zero) : zero_(zero), sides_{Side(this, 0), Side(this, 1)} {}
  LoopbackTrace(const LoopbackTrace&) = delete;
  LoopbackTrace& operator=(const LoopbackTrace&) = delete;

  AgentObserver* side(std::uint32_t node) { return &sides_[node]; }
  const sim::Trace& trace() const { return trace_; }
  std::uint64_t messages() const { return sent_; }

 private:
  class Side final : public AgentObserver {
   public:
    Side(LoopbackTrace* owner, std::uint32_t node) : owner_(owner), node_(node) {}
    void OnInput(Instant now, const UserAgentInput& input) override;
    void OnActions(Instant now, const UserAgentInput& input, const InputResult& result,
                   const UserAgentSink& actions) override;

   private:
    LoopbackTrace* owner_;
    std::uint32_t node_;
  };

  Instant Since(Instant now) const { return Instant(now - zero_); }

  Instant zero_;
  sim::Trace trace_;
  std::uint64_t sent_ = 0;
  std::array<Side, 2> sides_;
};

}  // namespace sansip::cli

#endif  // SANSIP_CLI_LOOPBACK_TRACE_H_
