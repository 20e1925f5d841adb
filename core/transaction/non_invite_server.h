// The non-INVITE server transaction: RFC 3261 17.2.2, Figure 8, with RFC 4320 4.1 and RFC 6026 8.8.
//
//                                   | request
//                               Q0  | to user
//                                   v
//                          +-------------+
//                          |   Trying    |
//                          +-------------+
//            200-699 from    |    |    | timer "100"      Q3
//            user        Q2  |    |    | 100 sent
//            response sent   |    |    |
//       +--------------------+    | 1xx from user         Q1
//       |                         | response sent
//       |      request            v    v
//       |  Q4  response    +-------------+ 1xx from user          Q5
//       |      sent again  |             |-----------+ response sent
//       |      +-----------| Proceeding  |<----------+
//       |      +---------->|             |-----------+ transport error    Q6
//       |                  |             |<----------+ to user: why
//       |                  +-------------+
//       |                         | 200-699 from user     Q7
//       |                         | response sent
//       |      request            v
//       |  Q8  response    +-------------+
//       |      sent again  |             |-----------+ transport error    Q9
//       |      +-----------|  Completed  |<----------+ to user: why
//       |      +---------->|             |
//       +----------------->|             |
//                          +-------------+
//                                 | timer J               Q10
//                                 | -
//                                 v
//                          +-------------+
//                          | Terminated  |
//                          +-------------+
//
// Trying and Proceeding last until the user answers: a transaction user that never does keeps the transaction
// for ever, unless it abandons it. The only provisional response is 100, and no 408 is ever sent (RFC
// 4320 4.1, 4.2); the layer refuses others. Timer "100" fires when the client's timer E would first be reset
// to T2. J is 64*T1 or zero.
#ifndef SANSIP_CORE_TRANSACTION_NON_INVITE_SERVER_H_
#define SANSIP_CORE_TRANSACTION_NON_INVITE_SERVER_H_

#include "sansip/core/transaction/arrow_table.h"

namespace sansip {

namespace non_invite_server {

inline constexpr Event kEvents[] = {Event::kRequest, Event::kTransportError, Event::kSend1xx,
                                    Event::kSendFinal};

inline constexpr StateTimers kStates[] = {
    {State::kTrying, kStartTrying},
    {State::kProceeding},
    {State::kCompleted, kStartJ},
};

// clang-format off
inline constexpr Arrow kArrows[] = {
    {"Q0",  State::kStart,      Event::kRequest,        State::kTrying,     kStartTrying | kToUser},
    {"Q1",  State::kTrying,     Event::kSend1xx,        State::kProceeding, kSendTheResponse},
    {"Q2",  State::kTrying,     Event::kSendFinal,      State::kCompleted,  kStartJ | kSendTheResponse},
    {"Q3",  State::kTrying,     Event::kTimerTrying,    State::kProceeding, kSendThe100},
    {"Q4",  State::kProceeding, Event::kRequest,        State::kProceeding, kSendTheResponse},
    {"Q5",  State::kProceeding, Event::kSend1xx,        State::kProceeding, kSendTheResponse},
    {"Q6",  State::kProceeding, Event::kTransportError, State::kProceeding, kTellTransportError},
    {"Q7",  State::kProceeding, Event::kSendFinal,      State::kCompleted,  kStartJ | kSendTheResponse},
    {"Q8",  State::kCompleted,  Event::kRequest,        State::kCompleted,  kSendTheResponse},
    {"Q9",  State::kCompleted,  Event::kTransportError, State::kCompleted,  kTellTransportError},
    {"Q10", State::kCompleted,  Event::kTimerJ,         State::kTerminated, kGone},
};

inline constexpr Ignored kIgnored[] = {
    {State::kTrying, Event::kRequest, "retransmissions are discarded in Trying (17.2.2)"},
    {State::kTrying, Event::kTransportError, "nothing was sent yet"},
    {State::kCompleted, Event::kSend1xx, "the user has given the final response"},
    {State::kCompleted, Event::kSendFinal, "any other final response is discarded (17.2.2)"},
};
// clang-format on

}  // namespace non_invite_server

inline constexpr ArrowTable kNonInviteServer = {
    .machine = Machine::kNonInviteServer,
    .name = "non-INVITE server transaction",
    .source = "RFC 3261 Figure 8, RFC 4320 4.1, RFC 6026 8.8",
    .begin = Event::kRequest,
    .events = non_invite_server::kEvents,
    .states = non_invite_server::kStates,
    .arrows = non_invite_server::kArrows,
    .ignored = non_invite_server::kIgnored,
};
static_assert(CheckTable(kNonInviteServer));

}  // namespace sansip

#endif  // SANSIP_CORE_TRANSACTION_NON_INVITE_SERVER_H_
