// An INVITE that a proxy has forwarded, and timer C: RFC 3261 16.6 step 11, 16.7 step 2, 16.8. One for each
// client transaction of the proxy; it stands beside kInviteClient, which does the rest.
//
//                                  | INVITE forwarded
//                              F0  v
//                           +-------------+   200-699                    F3
//                           |   Calling   |------------------------------->+
//                           +-------------+   timer C: as if a 408 came F4 |
//                             |         |                                  |
//              100        F1  |         | 101-199                      F2  |
//              -              |         | restart C                        |
//                             v         v                                  |
//              101-199      +-------------+                                |
//          F5  restart C    |             |   200-699                   F6 |
//              +------------| Proceeding  |------------------------------->+
//              +----------->|             |                                |
//                           +-------------+                                |
//              timer C             | F7                                    |
//              CANCEL sent         v                                       |
//                           +-------------+   200-699                   F8 |
//                           |  Cancelled  |------------------------------->+
//                           +-------------+                                v
//                                                                   +------------+
//                                                                   | Terminated |
//                                                                   +------------+
//
// The proxy gives Step (step.h) a MachineState with Machine::kForwardedInvite and a DeadlineQueue, and does
// what the arrow says: kSendTheCancel is TransactionLayer::Cancel, kActAs408 is its response context's
// matter. When the client transaction fails, that is a final response too: a timeout a 408, a transport error
// a 503 (16.9). So Cancelled ends at the latest 64*T1 after the CANCEL (9.1). A proxy that would rather wait
// on, as 16.8 allows, arms timer C again instead of taking F4 or F7.
#ifndef SANSIP_CORE_TRANSACTION_FORWARDED_INVITE_H_
#define SANSIP_CORE_TRANSACTION_FORWARDED_INVITE_H_

#include "sansip/core/transaction/arrow_table.h"

namespace sansip {

namespace forwarded_invite {

inline constexpr Event kEvents[] = {Event::kResponse100, Event::kResponse1xx, Event::kResponseFinal};

inline constexpr StateTimers kStates[] = {
    {State::kCalling, kStartC},
    {State::kProceeding, kStartC},
    {State::kCancelled},
};

// clang-format off
inline constexpr Arrow kArrows[] = {
    {"F0", State::kStart,      Event::kSendRequest,   State::kCalling,    kStartC},
    {"F1", State::kCalling,    Event::kResponse100,   State::kProceeding, kNoEffect},
    {"F2", State::kCalling,    Event::kResponse1xx,   State::kProceeding, kRestartC},
    {"F3", State::kCalling,    Event::kResponseFinal, State::kTerminated, kGone},
    {"F4", State::kCalling,    Event::kTimerC,        State::kTerminated, kActAs408 | kGone},
    {"F5", State::kProceeding, Event::kResponse1xx,   State::kProceeding, kRestartC},
    {"F6", State::kProceeding, Event::kResponseFinal, State::kTerminated, kGone},
    {"F7", State::kProceeding, Event::kTimerC,        State::kCancelled,  kSendTheCancel},
    {"F8", State::kCancelled,  Event::kResponseFinal, State::kTerminated, kGone},
};

inline constexpr Ignored kIgnored[] = {
    {State::kProceeding, Event::kResponse100, "a 100 does not restart timer C (16.7 step 2)"},
    {State::kCancelled, Event::kResponse100, "the CANCEL is out; the clock is that of 9.1"},
    {State::kCancelled, Event::kResponse1xx, "the CANCEL is out; the clock is that of 9.1"},
};
// clang-format on

// What a response to the forwarded INVITE is.
constexpr Event EventOfResponse(int status_code) {
  if (status_code >= 200) return Event::kResponseFinal;
  return status_code == 100 ? Event::kResponse100 : Event::kResponse1xx;
}

}  // namespace forwarded_invite

inline constexpr ArrowTable kForwardedInvite = {
    .machine = Machine::kForwardedInvite,
    .name = "forwarded INVITE",
    .source = "RFC 3261 16.6 step 11, 16.7 step 2, 16.8",
    .begin = Event::kSendRequest,
    .events = forwarded_invite::kEvents,
    .states = forwarded_invite::kStates,
    .arrows = forwarded_invite::kArrows,
    .ignored = forwarded_invite::kIgnored,
};
static_assert(CheckTable(kForwardedInvite));

}  // namespace sansip

#endif  // SANSIP_CORE_TRANSACTION_FORWARDED_INVITE_H_
