// The same bytes to sansip's parser and to a peer's: in what class of agreement or disagreement do they end?
#ifndef SANSIP_FUZZ_DIFFERENTIAL_COMPARE_H_
#define SANSIP_FUZZ_DIFFERENTIAL_COMPARE_H_

#include <string>
#include <string_view>

#include "sansip/bench/peers/peer.h"

namespace sansip {

// One of
//   "both accept", "both refuse"
//   "only sansip accepts: LINE"       LINE is the header field without which the peer accepts as well, or
//                                     "the start-line", "several"
//   "only the peer accepts: REASON"   REASON is the ParseCode in words; "in NAME: REASON" where the parser
//   takes
//                                     the message and the typed form of the field NAME does not
//   "both accept, WHAT differs"       WHAT is a field of bench/reading.h
// Accepted means that every field with a typed form is well formed too, as peers parse them all.
std::string Compare(std::string_view bytes, Peer& peer);

}  // namespace sansip

#endif  // SANSIP_FUZZ_DIFFERENTIAL_COMPARE_H_
