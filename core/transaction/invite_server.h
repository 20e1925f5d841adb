// The INVITE server transaction: RFC 3261 17.2.1, Figure 7, as redrawn by RFC 6026 8.6.
//
//                                   | INVITE
//                               P0  | to user
//              INVITE               v
//         P1   response    +-------------+ timer "100", or INVITE before  P2
//              sent again  |             |-----------+ any response
//              +-----------|             |<----------+ 100 sent
//              +---------->| Proceeding  |-----------+ 1xx from user      P3
//                          |             |<----------+ response sent
//                          |             |-----------+ transport error    P4
//                          |             |<----------+ to user: why
//                          +-------------+
//              300-699 from  |         | 2xx from user
//              user      P6  |         | response sent  P5
//              response sent |         +-----------------------------+
//              INVITE        v                                       |
//         P7   response    +-------------+ timer G              P8   |
//              sent again  |             |-----------+ reset G,      |
//              +-----------|             |<----------+ response sent |
//              +---------->|  Completed  |-----------+ transport P10 |
//                          |             |           | error         v
//                          |             |<----------+ to      +-----------+--------+ INVITE     P13
//                          +-------------+        user: why    |           |<-------+ -
//              ACK       P11 |         | timer H         P9    |           |--------+ ACK        P14
//              -             v         | to user: no ACK       | Accepted  |<-------+ to user
//                          +---------+ |                       |           |--------+ 2xx from   P15
//                          |Confirmed| |                       |           |<-------+ user, sent
//                          +---------+ |                       |           |--------+ transport  P16
//              timer I   P12 |         |                       |           |<-------+ error, to
//              -             |         |                       +-----------+        | user: why
//                            v         v                             | timer L  P17
//                          +----------------------------------+      | -
//                          |            Terminated            |<-----+
//                          +----------------------------------+
//
// G doubles up to T2 and never runs on a reliable transport; H always runs, and tells the user although
// RFC 6026's figure draws no action (docs/decisions/0001). I is T4 or zero. Accepted absorbs the INVITE for
// 64*T1 (timer L); the 2xx is sent again only by the user, on the clock of 13.3.1.4. Errors of the transport
// leave every state as it is (RFC 6026 8.8).
#ifndef SANSIP_CORE_TRANSACTION_INVITE_SERVER_H_
#define SANSIP_CORE_TRANSACTION_INVITE_SERVER_H_

#include "sansip/core/transaction/arrow_table.h"

namespace sansip {

namespace invite_server {

inline constexpr Event kEvents[] = {Event::kRequest, Event::kAck,     Event::kTransportError,
                                    Event::kSend1xx, Event::kSend2xx, Event::kSend300To699};

inline constexpr StateTimers kStates[] = {
    {State::kProceeding, kStartTrying},
    {State::kCompleted, kStartG | kStartH},
    {State::kConfirmed, kStartI},
    {State::kAccepted, kStartL},
};

// clang-format off
inline constexpr Arrow kArrows[] = {
    {"P0",  State::kStart,      Event::kRequest,        State::kProceeding, kStartTrying | kToUser},
    {"P1",  State::kProceeding, Event::kRequest,        State::kProceeding, kSendTheResponse},
    {"P2",  State::kProceeding, Event::kTimerTrying,    State::kProceeding, kStopTrying | kSendThe100},
    {"P3",  State::kProceeding, Event::kSend1xx,        State::kProceeding, kStopTrying | kSendTheResponse},
    {"P4",  State::kProceeding, Event::kTransportError, State::kProceeding, kTellTransportError},
    {"P5",  State::kProceeding, Event::kSend2xx,        State::kAccepted,   kStartL | kSendTheResponse},
    {"P6",  State::kProceeding, Event::kSend300To699,   State::kCompleted,  kStartG | kStartH | kSendTheResponse},
    {"P7",  State::kCompleted,  Event::kRequest,        State::kCompleted,  kSendTheResponse},
    {"P8",  State::kCompleted,  Event::kTimerG,         State::kCompleted,  kDoubleG | kSendTheResponse},
    {"P9",  State::kCompleted,  Event::kTimerH,         State::kTerminated, kTellNoAck | kGone},
    {"P10", State::kCompleted,  Event::kTransportError, State::kCompleted,  kTellTransportError},
    {"P11", State::kCompleted,  Event::kAck,            State::kConfirmed,  kStartI},
    {"P12", State::kConfirmed,  Event::kTimerI,         State::kTerminated, kGone},
    {"P13", State::kAccepted,   Event::kRequest,        State::kAccepted,   kNoEffect},
    {"P14", State::kAccepted,   Event::kAck,            State::kAccepted,   kToUser},
    {"P15", State::kAccepted,   Event::kSend2xx,        State::kAccepted,   kSendTheResponse},
    {"P16", State::kAccepted,   Event::kTransportError, State::kAccepted,   kTellTransportError},
    {"P17", State::kAccepted,   Event::kTimerL,         State::kTerminated, kGone},
};

inline constexpr Ignored kIgnored[] = {
    {State::kProceeding, Event::kAck, "there is no final response to acknowledge"},
    {State::kCompleted, Event::kSend1xx, "the user has given the final response"},
    {State::kCompleted, Event::kSend2xx, "the user has given the final response"},
    {State::kCompleted, Event::kSend300To699, "the user has given the final response"},
    {State::kConfirmed, Event::kRequest, "a late copy; the client has its final response"},
    {State::kConfirmed, Event::kAck, "a retransmission of the ACK (17.2.1)"},
    {State::kConfirmed, Event::kTransportError, "what was sent has arrived: it is acknowledged"},
    {State::kConfirmed, Event::kSend1xx, "the user has given the final response"},
    {State::kConfirmed, Event::kSend2xx, "the user has given the final response"},
    {State::kConfirmed, Event::kSend300To699, "the user has given the final response"},
    {State::kAccepted, Event::kSend1xx, "the user has given the final response"},
    {State::kAccepted, Event::kSend300To699, "the user has given the final response"},
};
// clang-format on

}  // namespace invite_server

inline constexpr ArrowTable kInviteServer = {
    .machine = Machine::kInviteServer,
    .name = "INVITE server transaction",
    .source = "RFC 3261 Figure 7, RFC 6026 8.6",
    .begin = Event::kRequest,
    .events = invite_server::kEvents,
    .states = invite_server::kStates,
    .arrows = invite_server::kArrows,
    .ignored = invite_server::kIgnored,
};
static_assert(CheckTable(kInviteServer));

}  // namespace sansip

#endif  // SANSIP_CORE_TRANSACTION_INVITE_SERVER_H_
