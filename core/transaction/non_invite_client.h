// The non-INVITE client transaction: RFC 3261 17.1.2, Figure 6.
//
//                                   | request from user
//                                   | request sent
//              timer E          N0  v
//         N1   reset E,    +-------------+   timer F              N2
//              request sent|             |   or transport error   N3
//              +-----------|   Trying    |-------------------------------+
//              +---------->|             |   to user: why                |
//                          +-------------+                               |
//            200-699         |         |                                 |
//            to user     N5  |         | 1xx             N4              |
//       +--------------------+         | to user                         |
//       |                              v                                 |
//       |      timer E     +-------------+   timer F              N8     |
//       |  N6  E = T2,     |             |   or transport error   N9     |
//       |      request sent|             |------------------------------>+
//       |      +-----------| Proceeding  |   to user: why                |
//       |      +---------->|             |-----------+ 1xx        N7     |
//       |                  |             |<----------+ to user           |
//       |                  +-------------+                               |
//       |                         | 200-699         N10                  |
//       |                         | to user                              |
//       |                         v                                      |
//       |                  +-------------+                               |
//       +----------------->|  Completed  |                               |
//                          +-------------+                               |
//                                 | timer K         N11                  |
//                                 | -                                    |
//                                 v                                      |
//                          +-------------+                               |
//                          | Terminated  |<------------------------------+
//                          +-------------+
//
// Timer E doubles up to T2 and never runs on a reliable transport. A provisional response does not restart
// it: when it fires next, it is set to T2. F runs from the start to the final response.
#ifndef SANSIP_CORE_TRANSACTION_NON_INVITE_CLIENT_H_
#define SANSIP_CORE_TRANSACTION_NON_INVITE_CLIENT_H_

#include "sansip/core/transaction/arrow_table.h"

namespace sansip {

namespace non_invite_client {

inline constexpr Event kEvents[] = {Event::kResponse1xx, Event::kResponseFinal, Event::kTransportError};

inline constexpr StateTimers kStates[] = {
    {State::kTrying, kStartE | kStartF},
    {State::kProceeding, kStartE | kStartF},
    {State::kCompleted, kStartK},
};

// clang-format off
inline constexpr Arrow kArrows[] = {
    {"N0",  State::kStart,      Event::kSendRequest,    State::kTrying,     kStartE | kStartF | kSendTheRequest},
    {"N1",  State::kTrying,     Event::kTimerE,         State::kTrying,     kDoubleE | kSendTheRequest},
    {"N2",  State::kTrying,     Event::kTimerF,         State::kTerminated, kTellTimeout | kGone},
    {"N3",  State::kTrying,     Event::kTransportError, State::kTerminated, kTellTransportError | kGone},
    {"N4",  State::kTrying,     Event::kResponse1xx,    State::kProceeding, kToUser},
    {"N5",  State::kTrying,     Event::kResponseFinal,  State::kCompleted,  kStartK | kToUser},
    {"N6",  State::kProceeding, Event::kTimerE,         State::kProceeding, kRestartE | kSendTheRequest},
    {"N7",  State::kProceeding, Event::kResponse1xx,    State::kProceeding, kToUser},
    {"N8",  State::kProceeding, Event::kTimerF,         State::kTerminated, kTellTimeout | kGone},
    {"N9",  State::kProceeding, Event::kTransportError, State::kTerminated, kTellTransportError | kGone},
    {"N10", State::kProceeding, Event::kResponseFinal,  State::kCompleted,  kStartK | kToUser},
    {"N11", State::kCompleted,  Event::kTimerK,         State::kTerminated, kGone},
};

inline constexpr Ignored kIgnored[] = {
    {State::kCompleted, Event::kResponse1xx, "late: the figure has no arrow for it"},
    {State::kCompleted, Event::kResponseFinal, "a retransmission: the user sees one final response (17.1.2.2)"},
    {State::kCompleted, Event::kTransportError, "nothing is sent here"},
};
// clang-format on

}  // namespace non_invite_client

inline constexpr ArrowTable kNonInviteClient = {
    .machine = Machine::kNonInviteClient,
    .name = "non-INVITE client transaction",
    .source = "RFC 3261 Figure 6",
    .begin = Event::kSendRequest,
    .events = non_invite_client::kEvents,
    .states = non_invite_client::kStates,
    .arrows = non_invite_client::kArrows,
    .ignored = non_invite_client::kIgnored,
};
static_assert(CheckTable(kNonInviteClient));

}  // namespace sansip

#endif  // SANSIP_CORE_TRANSACTION_NON_INVITE_CLIENT_H_
