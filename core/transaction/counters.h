// What a transaction layer counts, as a value to be copied when asked for, and what its memory holds now.
// Each number has a name, so that a program can print all of them without listing any: docs/limits.md has
// them all.
//
// Counters only grow; they are plain increments and cost what those cost.
#ifndef SANSIP_CORE_TRANSACTION_COUNTERS_H_
#define SANSIP_CORE_TRANSACTION_COUNTERS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansip/core/message/parse_error.h"
#include "sansip/core/message/parse_policy.h"
#include "sansip/core/transaction/refusal.h"
#include "sansip/core/transaction/timers.h"

namespace sansip {

// What happened that is nobody's event; clauses are RFC 3261's.
struct TransactionCounters {
  std::uint64_t requests_in = 0, responses_in = 0, requests_out = 0, responses_out = 0;
  std::uint64_t retransmissions_in = 0;   // absorbed or answered from memory (17.2)
  std::uint64_t retransmissions_out = 0;  // timers A, E, G
  std::uint64_t stray_responses = 0;      // 17.1.3: no transaction
  std::uint64_t stray_acks = 0;           // ACKs of no INVITE known here (as to a 2xx) or of one still open
  std::uint64_t stray_cancels = 0;        // 9.2: CANCELs of no request known here, refused ones included
  std::uint64_t unparsable_answered = 0, unparsable_dropped = 0;
  std::uint64_t transport_errors =
      0;                            // transactions told of one, by OnTransportError or their flow's failure
  std::uint64_t flow_failures = 0;  // OnFlowFailed
  std::uint64_t transactions_peak = 0;  // the most that ever lived at a time
  std::uint64_t cancels_held = 0;       // times that a CANCEL was due and found no buffer space
  std::uint64_t clamped_nows = 0;       // law 4
  std::uint64_t stale_ids = 0;          // law 8
  std::uint64_t arrows_dropped = 0;
  // By what indexes them. Of an error the first place, no error, stays 0.
  std::array<std::uint64_t, kRefusalCount> refused{};              // stateless 503s, and CANCELs dropped
  std::array<std::uint64_t, kStartErrorCount> start_errors{};      // SendRequest
  std::array<std::uint64_t, kRespondErrorCount> respond_errors{};  // SendResponse
  std::array<std::uint64_t, kTimerCount> timers_fired{};           // timeouts: B, F, H, cancelled
  std::array<std::uint64_t, kParseCodeCount> unparsable{};         // answered or dropped, by what was wrong
  std::array<std::uint64_t, kToleranceCount> tolerated{};          // messages in, by the bit of a Tolerance

  std::uint64_t refused_by(Refusal refusal) const { return refused[static_cast<std::size_t>(refusal)]; }
  std::uint64_t unparsable_by(ParseCode code) const { return unparsable[static_cast<std::size_t>(code)]; }
  std::uint64_t fired(Timer timer) const { return timers_fired[static_cast<std::size_t>(timer)]; }
};

// One number: timers_fired{timer="B"} 3. Views of constants.
struct CounterSample {
  std::string_view name;
  std::string_view label;        // empty: the number stands alone
  std::string_view label_value;  // any printable text without quotation marks
  std::uint64_t value = 0;
};

inline constexpr std::size_t kTransactionCounterCount = 18 + kRefusalCount + (kStartErrorCount - 1) +
                                                        (kRespondErrorCount - 1) + kTimerCount +
                                                        (kParseCodeCount - 1) + kToleranceCount;
// Every counter has its place, in the order above; place < kTransactionCounterCount.
CounterSample SampleOf(const TransactionCounters& counters, std::size_t place);

// What a layer holds. Memory is kept once it is obtained, but for pages of messages that a burst has left
// (byte_pool.h): only `buffered_bytes`, `in_use` and `sources` go down.
struct TransactionMemory {
  std::size_t slots = 0;                  // for transactions; each has TransactionLayer::slot_bytes()
  std::size_t index_entries = 0;          // of the look-up by key and by flow
  std::size_t source_slots = 0;           // of the table of sources
  std::size_t buffered_bytes = 0;         // obtained for messages kept
  std::size_t buffered_bytes_in_use = 0;  // of these
  std::size_t sources = 0;                // with server transactions, where they are counted

  friend bool operator==(const TransactionMemory&, const TransactionMemory&) = default;
};

}  // namespace sansip

#endif  // SANSIP_CORE_TRANSACTION_COUNTERS_H_
