// Oracles: what a run must never show. They read the trace alone, while it is made or afterwards, and answer
// with findings; none means that the run was right as far as they look.
//
// They remember live transactions, dialogs and calls, not history: a transaction until a while after the last
// of it was seen, a dialog until after its BYE, a call until it is gone.
#ifndef SANSIP_TESTS_SIM_ORACLE_ORACLE_H_
#define SANSIP_TESTS_SIM_ORACLE_ORACLE_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sansip/core/base/time.h"
#include "sansip/core/transaction/timers.h"
#include "sansip/tests/sim/oracle/seen_message.h"
#include "sansip/tests/sim/trace.h"

namespace sansip::sim {

struct Finding {
  std::string oracle;
  Instant at;
  std::uint32_t node = 0;
  std::string text;
};
using Findings = std::vector<Finding>;

// "12.340 node 1, ack per final: ..." for each.
std::string TextOf(const Findings& findings);

struct OracleOptions {
  TimerValues timers = {};
  Duration late_max = Duration::zero();  // of the world
  std::size_t actions_max = 96;
  bool reliable = false;           // nothing of SIP is retransmitted by transactions
  bool media = false;              // there is RTP (tests/sim/media.h)
  bool views = false;              // there are records of views (tests/sim/dialog_user.h)
  bool finished = true;            // the run came to its end: all must be gone, and both sides told
  ParsedLately* parsed = nullptr;  // the world's, which outlives the oracles; null: one of their own
};

class Oracles final : public TraceReader {
 public:
  static constexpr std::size_t kFindingsMax = 1000;  // further ones are not kept

  explicit Oracles(const OracleOptions& options);
  ~Oracles() override;

  void OnRecord(const Record& record) override;
  // The last thing of a run: what never came.
  Findings Finish();
  const Findings& findings() const { return findings_; }

 private:
  class Transactions;
  class Dialogs;
  class Border;
  class Calls;
  class Media;
  class Views;

  Findings findings_;
  MessageReader reader_;
  Instant now_;  // of the last record
  std::unique_ptr<Transactions> transactions_;
  std::unique_ptr<Dialogs> dialogs_;
  std::unique_ptr<Border> border_;
  std::unique_ptr<Calls> calls_;
  std::unique_ptr<Media> media_;  // with options.media
  std::unique_ptr<Views> views_;  // with options.views
};

// Of a trace that was kept.
Findings RunOracles(const Trace& trace, const OracleOptions& options);

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_ORACLE_ORACLE_H_
