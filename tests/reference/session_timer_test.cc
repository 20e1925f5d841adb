// session_timer's negotiation against the reference. SANSIP_SESSION_TIMER_TUPLES random tuples (10^8 take
// some twenty seconds) from SANSIP_SESSION_TIMER_SEED; by default what a second has room for, from a seed
// that stays.
#include <cstdint>
#include <cstdlib>
#include <iostream>

#include "gtest/gtest.h"
#include "sansip/tests/reference/session_timer_side_by_side.h"

namespace sansip::reference {
namespace {

std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* const text = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

void ExpectNoDifference(const Comparison& comparison) {
  std::cout << comparison.counts;
  EXPECT_NE(comparison.counts, "");
  EXPECT_TRUE(comparison.differences.empty()) << comparison.differences;
}

TEST(SessionTimerReference, HeadersAreTheSame) { ExpectNoDifference(CompareHeaders()); }
TEST(SessionTimerReference, RetriesAreTheSame) { ExpectNoDifference(CompareRetries()); }
TEST(SessionTimerReference, AnswersAreTheSame) { ExpectNoDifference(CompareAnswers()); }
TEST(SessionTimerReference, AgreementsAreTheSame) { ExpectNoDifference(CompareAgreements()); }
TEST(SessionTimerReference, ProxiesAreTheSame) { ExpectNoDifference(CompareProxies()); }

TEST(SessionTimerReference, RandomTuplesAreTheSame) {
  const std::uint64_t seed = FromEnvironment("SANSIP_SESSION_TIMER_SEED", 4028);
  std::cout << "seed " << seed << "\n";
  ExpectNoDifference(CompareRandom(seed, FromEnvironment("SANSIP_SESSION_TIMER_TUPLES", 2'000'000)));
}

}  // namespace
}  // namespace sansip::reference
