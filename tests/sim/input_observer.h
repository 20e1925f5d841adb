// Sees every call into a user agent: the recorder of trace files, for one.
#ifndef SANSIP_TESTS_SIM_INPUT_OBSERVER_H_
#define SANSIP_TESTS_SIM_INPUT_OBSERVER_H_

#include "sansip/core/base/time.h"
#include "sansip/dialog/user_agent_input.h"

namespace sansip::sim {

class InputObserver {
 public:
  virtual ~InputObserver() = default;
  virtual void Before(Instant now, const UserAgentInput& input) = 0;
  // Before the actions are executed: what they borrow is there.
  virtual void After(const InputResult& result, const UserAgentSink& out) = 0;
};

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_INPUT_OBSERVER_H_
