// Oracles: what a run must never show. Each reads the trace alone and answers with findings; none means that
// the run was right as far as this oracle looks.
#ifndef SANSIP_TESTS_SIM_ORACLE_ORACLE_H_
#define SANSIP_TESTS_SIM_ORACLE_ORACLE_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/base/time.h"
#include "sansip/core/message/method.h"
#include "sansip/core/transaction/timers.h"
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
  bool reliable = false;  // nothing of SIP is retransmitted by transactions
  bool finished = true;   // the run came to its end: all must be gone, and both sides told
};

// A message of the trace, read.
struct SeenMessage {
  const Record* record = nullptr;
  bool is_request = false;
  Method method = Method::kExtension;  // of a response: CSeq's
  int status = 0;
  std::uint32_t cseq = 0;
  std::string branch;  // of the top Via
  std::string call_id;
  std::string from_tag;
  std::string to_tag;
};

// Messages sent (lost ones too) and arrived, in the order of the trace; what cannot be read is left out.
struct SeenMessages {
  std::vector<SeenMessage> sent;
  std::vector<SeenMessage> arrived;
};
SeenMessages Read(const Trace& trace);

// RFC 3261 17.1.1.2, 17.1.2.2, 17.2.1, 13.3.1.4: timers A, E, G and the 2xx's: T1 doubling, capped where the
// text caps, restarted by nothing.
void CheckRetransmissionGaps(const SeenMessages& messages, const OracleOptions& options, Findings& findings);
// 17.1.1.3, 13.2.2.4: an ACK to every final response to an INVITE, on the INVITE's branch unless for a 2xx.
void CheckAckPerFinal(const SeenMessages& messages, const OracleOptions& options, Findings& findings);
// 17.2: a server transaction has at most one final response.
void CheckOneFinal(const SeenMessages& messages, Findings& findings);
// 12.2.1.1: the CSeq of a dialog's requests rises by one with each; sent anew by another path a request keeps
// it (RFC 3263 4.3).
void CheckRisingCSeq(const SeenMessages& messages, Findings& findings);
// 8.1.1.7: a branch names one transaction.
void CheckUniqueBranches(const SeenMessages& messages, Findings& findings);
// Laws 6 and 7 of the border: a due deadline makes progress, an early call does nothing, actions are bounded.
void CheckBorder(const Trace& trace, const OracleOptions& options, Findings& findings);
// In the end nothing is left, and who was told of a call was told of its end.
void CheckEnd(const Trace& trace, Findings& findings);
// RFC 4028: no session outlives its expiry; a session ends, unless told otherwise, only in words.
void CheckSessions(const Trace& trace, const OracleOptions& options, Findings& findings);

Findings RunOracles(const Trace& trace, const OracleOptions& options);

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_ORACLE_ORACLE_H_
