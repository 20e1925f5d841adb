// What must hold of every message that a parser was given: oracles for the torture tests and the fuzzers.
#ifndef SANSIP_TESTS_TORTURE_ROUND_TRIP_H_
#define SANSIP_TESTS_TORTURE_ROUND_TRIP_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "sansip/core/message/message_view.h"
#include "sansip/core/message/parser.h"

namespace sansip {

// Every span lies in the `size` bytes that were parsed, in the order of the message. Empty if so, else what
// is wrong. Holds after an error, too.
std::string IndexFault(const MessageIndex& index, std::size_t size);

// What of two indexes of the same bytes is not the same: of two ways to parse. Empty if nothing.
std::string IndexDifference(const MessageIndex& a, const MessageIndex& b);

// Every way to parse that this machine has (ScanVariant) gives the same error and the same index of `bytes`.
// Empty if so, else what differs.
std::string VariantFault(std::string_view bytes, const ParseLimits& limits, const ParsePolicy& policy,
                         Framing framing);

// An accepted message, written by Writer and parsed again, strictly, says the same; and writing that gives
// the same bytes. Content-Length is the writer's. Empty if so, else what is wrong.
std::string RoundTripFault(const MessageView& message);

}  // namespace sansip

#endif  // SANSIP_TESTS_TORTURE_ROUND_TRIP_H_
