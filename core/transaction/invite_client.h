// The INVITE client transaction: RFC 3261 17.1.1, Figure 5, as redrawn by RFC 6026 8.4.
//
//                                   | INVITE from user
//                                   | INVITE sent
//              timer A         C0   v
//         C1   reset A,    +-------------+   timer B              C2
//              INVITE sent |             |   or transport error   C3
//              +-----------|   Calling   |------------------------------->+
//              +---------->|             |   to user: why                 |
//                          +-------------+                                |
//            300-699         |    |    |     2xx          C5              |
//            ACK sent,   C6  |    |    +---------------------------+      |
//            to user         |    |          to user               |      |
//       +--------------------+    | 1xx              C4            |      |
//       |                         | to user                        |      |
//       |                         v                                |      |
//       |      1xx         +-------------+   timer "cancelled"  C10|      |
//       |  C7  to user     |             |-------------------------------->+
//       |      +-----------| Proceeding  |   to user: timeout      |      |
//       |      +---------->|             |                         |      |
//       |                  +-------------+                         |      |
//       |    300-699         |         |     2xx          C8       |      |
//       |    ACK sent,   C9  |         +-------------------------->+      |
//       |    to user         |               to user               |      |
//       |                    v                                     v      |
//       |                  +-------------+                  +----------+  |
//       +----------------->|             |                  |          |  |
//              300-699     |  Completed  |   transport      | Accepted |  |
//         C11  ACK sent    |             |   error     C12  |          |  |
//              +-----------|             |----------+       |          |  |
//              +---------->|             |  to user:|  2xx  |          |  |
//                          +-------------+  why     |  to   +----------+  |
//                            |                      |  user   |  ^   |    |
//              timer D  C13  |                      |  C14    +--+   |    |
//              -             |                      |    timer M     |    |
//                            |                      |    -      C15  |    |
//                            v                      v                v    |
//                          +-------------------------------------------+  |
//                          |                 Terminated                |<-+
//                          +-------------------------------------------+
//
// Timer A doubles without a cap and never runs on a reliable transport; B runs in Calling only, so that a
// call may ring for as long as it likes; D is at least 32 s, or zero on a reliable transport. C10 is 9.1's:
// 64*T1 after the CANCEL went out. A 2xx is never acknowledged here: its ACK is the user's (13.2.2.4).
#ifndef SANSIP_CORE_TRANSACTION_INVITE_CLIENT_H_
#define SANSIP_CORE_TRANSACTION_INVITE_CLIENT_H_

#include "sansip/core/transaction/arrow_table.h"

namespace sansip {

namespace invite_client {

inline constexpr Event kEvents[] = {Event::kResponse1xx, Event::kResponse2xx, Event::kResponse300To699,
                                    Event::kTransportError};

inline constexpr StateTimers kStates[] = {
    {State::kCalling, kStartA | kStartB},
    {State::kProceeding, kNoEffect, kCancelledTimer},
    {State::kCompleted, kStartD},
    {State::kAccepted, kStartM},
};

// clang-format off
inline constexpr Arrow kArrows[] = {
    {"C0",  State::kStart,      Event::kSendRequest,      State::kCalling,    kStartA | kStartB | kSendTheRequest},
    {"C1",  State::kCalling,    Event::kTimerA,           State::kCalling,    kDoubleA | kSendTheRequest},
    {"C2",  State::kCalling,    Event::kTimerB,           State::kTerminated, kTellTimeout | kGone},
    {"C3",  State::kCalling,    Event::kTransportError,   State::kTerminated, kTellTransportError | kGone},
    {"C4",  State::kCalling,    Event::kResponse1xx,      State::kProceeding, kToUser},
    {"C5",  State::kCalling,    Event::kResponse2xx,      State::kAccepted,   kStartM | kToUser},
    {"C6",  State::kCalling,    Event::kResponse300To699, State::kCompleted,  kStartD | kSendTheAck | kToUser},
    {"C7",  State::kProceeding, Event::kResponse1xx,      State::kProceeding, kToUser},
    {"C8",  State::kProceeding, Event::kResponse2xx,      State::kAccepted,   kStartM | kToUser},
    {"C9",  State::kProceeding, Event::kResponse300To699, State::kCompleted,  kStartD | kSendTheAck | kToUser},
    {"C10", State::kProceeding, Event::kTimerCancelled,   State::kTerminated, kTellTimeout | kGone},
    {"C11", State::kCompleted,  Event::kResponse300To699, State::kCompleted,  kSendTheAck},
    {"C12", State::kCompleted,  Event::kTransportError,   State::kTerminated, kTellTransportError | kGone},
    {"C13", State::kCompleted,  Event::kTimerD,           State::kTerminated, kGone},
    {"C14", State::kAccepted,   Event::kResponse2xx,      State::kAccepted,   kToUser},
    {"C15", State::kAccepted,   Event::kTimerM,           State::kTerminated, kGone},
};

inline constexpr Ignored kIgnored[] = {
    {State::kProceeding, Event::kTransportError,
     "nothing is being sent here; the final response may come on another connection (18.2.2)"},
    {State::kCompleted, Event::kResponse1xx, "late: the figure has no arrow for it"},
    {State::kCompleted, Event::kResponse2xx, "late: the figure has no arrow for it"},
    {State::kAccepted, Event::kResponse1xx, "late: RFC 6026's figure has no arrow for it"},
    {State::kAccepted, Event::kResponse300To699, "late: RFC 6026's figure has no arrow for it"},
    {State::kAccepted, Event::kTransportError, "nothing is sent here: the ACK is the user's"},
};
// clang-format on

}  // namespace invite_client

inline constexpr ArrowTable kInviteClient = {
    .machine = Machine::kInviteClient,
    .name = "INVITE client transaction",
    .source = "RFC 3261 Figure 5, RFC 6026 8.4",
    .begin = Event::kSendRequest,
    .events = invite_client::kEvents,
    .states = invite_client::kStates,
    .arrows = invite_client::kArrows,
    .ignored = invite_client::kIgnored,
};
static_assert(CheckTable(kInviteClient));

}  // namespace sansip

#endif  // SANSIP_CORE_TRANSACTION_INVITE_CLIENT_H_
