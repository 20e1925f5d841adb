// session_timer's negotiation and the reference on the same inputs: over the whole product of the values
// where something changes, for every interval involved, and on random tuples.
#ifndef SANSIP_TESTS_REFERENCE_SESSION_TIMER_SIDE_BY_SIDE_H_
#define SANSIP_TESTS_REFERENCE_SESSION_TIMER_SIDE_BY_SIDE_H_

#include <cstdint>
#include <string>

namespace sansip::reference {

struct Comparison {
  std::string counts;       // of tuples, a line for every function
  std::string differences;  // the first of every function: inputs and both outcomes, as they can be pasted
};

Comparison CompareHeaders();     // HeadersForInitialInvite, HeadersForRefresh
Comparison CompareRetries();     // RetryAfter422
Comparison CompareAnswers();     // AnswerSessionTimer
Comparison CompareAgreements();  // AgreementFrom2xx
Comparison CompareProxies();     // ForwardSessionTimer, ReturnSessionTimer
Comparison CompareRandom(std::uint64_t seed, std::uint64_t tuples);  // all

}  // namespace sansip::reference

#endif  // SANSIP_TESTS_REFERENCE_SESSION_TIMER_SIDE_BY_SIDE_H_
