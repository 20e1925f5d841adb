// Whole calls by session_timer's pure functions: a UAC, up to three proxies and a UAS with random policies,
// of which each may know nothing of session timers. 422 after 422 until a 2xx, then refreshes from both
// sides.
//
// Laws: no element refuses more than once, so that every call is accepted in the end; the interval lies
// between Min-SE, or 90, and what was asked; both ends and every proxy agree on it, and one end refreshes, if
// the ends that know of session timers can (RFC 4028 3); refreshes keep the roles; and after three no element
// that refuses is refreshed more often than it takes (11.1).
#ifndef SANSIP_TESTS_REFERENCE_SESSION_TIMER_CHAINS_H_
#define SANSIP_TESTS_REFERENCE_SESSION_TIMER_CHAINS_H_

#include <cstdint>
#include <string>

namespace sansip::reference {

struct ChainCounts {
  int calls_with_422 = 0;
  int tries_max = 0;  // of one INVITE
  int refreshes = 0;
  int refreshes_with_422 = 0;
  int timers = 0;  // calls with a timer to their end
};

// What is broken, with the path on which it is; empty: nothing.
std::string RunChains(std::uint64_t seed, int chains, ChainCounts& counts);

// The UAC alone, whose INVITEs are refused for ever with any Min-SE: at most kMinSeRetriesMax more, each with
// the largest Min-SE so far, and that larger than before.
std::string RunChainsAmongLiars(std::uint64_t seed, int chains, ChainCounts& counts);

}  // namespace sansip::reference

#endif  // SANSIP_TESTS_REFERENCE_SESSION_TIMER_CHAINS_H_
