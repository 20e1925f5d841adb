// The negotiation of RFC 4028 once more: sections 7 to 9, a rule of the text at a time.
//
// Shares nothing with session_timer but the structs its functions take and return, so that both can be asked
// the same. Where the RFC leaves a choice, the choice is a header's of session_timer and is cited so.
#ifndef SANSIP_TESTS_REFERENCE_SESSION_TIMER_H_
#define SANSIP_TESTS_REFERENCE_SESSION_TIMER_H_

#include <cstdint>

#include "sansip/core/message/method.h"
#include "sansip/session_timer/negotiation.h"
#include "sansip/session_timer/proxy.h"

namespace sansip::reference {

// 7.1, and 7.4 where no dialog has been established yet.
SessionTimerHeaders HeadersForInitialInvite(const SessionTimerWish& wish, std::uint32_t min_se_seen);

// 7.4 within a dialog.
SessionTimerHeaders HeadersForRefresh(const SessionTimerWish& wish, const SessionTimerMemory& memory);

// 7.3.
bool RetryAfter422(const SessionTimerHeaders& sent, const SessionTimerFacts& answer, int retries,
                   std::uint32_t& min_se_seen);

// 9.
SessionTimerAnswer AnswerSessionTimer(const SessionTimerWish& wish, const SessionTimerFacts& request,
                                      std::uint32_t in_force);

// 7.2.
SessionTimerAgreement AgreementFrom2xx(const SessionTimerWish& wish, const SessionTimerHeaders& sent,
                                       const SessionTimerFacts& answer);

// 8.1.
ForwardedSessionTimer ForwardSessionTimer(const ProxySessionTimerPolicy& policy, Method method,
                                          const SessionTimerFacts& request);

// 8.2.
ReturnedSessionTimer ReturnSessionTimer(const ProxySessionTimerMemory& memory, int status_code,
                                        const SessionTimerFacts& response);

}  // namespace sansip::reference

#endif  // SANSIP_TESTS_REFERENCE_SESSION_TIMER_H_
