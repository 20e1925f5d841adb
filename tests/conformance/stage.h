// Where a scenario plays: between its scripted peer and the subject, which is a user agent in the simulator
// (simulated_stage.h) or a program at an address (target_run.h). The scenario cannot tell them apart but
// by has_user().
#ifndef SANSIP_TESTS_CONFORMANCE_STAGE_H_
#define SANSIP_TESTS_CONFORMANCE_STAGE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/base/time.h"
#include "sansip/tests/sim/trace.h"

namespace sansip::conformance {

struct Arrived {
  Instant at;
  std::string wire;
};

// What the subject's user was told: "Ended RemoteBye".
struct Told {
  Instant at;
  std::string text;
  bool is_claimed = false;
};

class Stage {
 public:
  virtual ~Stage() = default;

  virtual Instant now() const = 0;
  // From the peer to the subject. False: it cannot be reached.
  virtual bool Send(std::string_view wire) = 0;
  // The next message that arrives at the peer up to `until`. The clock stands there, or at `until`.
  virtual std::optional<Arrived> Receive(Instant until) = 0;

  // Is there a user to be directed? If not, the next three do nothing.
  virtual bool has_user() const = 0;
  // "answers", "hangs up": empty if it was done, else why not.
  virtual std::string Direct(std::string_view verb) = 0;
  virtual std::vector<Told>& told() = 0;
  // Of the next messages from the subject that begin so.
  virtual void Lose(int count, std::string_view prefix) = 0;
  // Calls and transactions of the subject that are there after everything should have ended.
  virtual std::size_t Left() = 0;

  virtual std::string transport() const = 0;     // "UDP", "TCP"
  virtual std::string peer_address() const = 0;  // "192.0.2.2:5060"
  virtual std::string subject_uri() const = 0;   // "sip:ua@192.0.2.1:5060"
  virtual Duration patience() const = 0;         // what "at once" means
  virtual Duration tolerance() const = 0;        // of a time
  virtual const sim::Trace& trace() const = 0;
  virtual std::vector<std::string> names() const = 0;  // of the trace's nodes
};

}  // namespace sansip::conformance

#endif  // SANSIP_TESTS_CONFORMANCE_STAGE_H_
