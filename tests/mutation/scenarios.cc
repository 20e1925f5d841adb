#include "sansip/tests/mutation/scenarios.h"

namespace sansip::testing {

namespace {

constexpr bool kUdp = false;
constexpr bool kTcp = true;

constexpr Scenario kScenarios[] = {
    // INVITE client: A doubles without a cap, B gives up in Calling only (RFC 3261 17.1.1.2).
    {Machine::kInviteClient, kUdp, "no answer", "0 request from user, 100 wait",
     "0 request, 0.5 request, 1.5 request, 3.5 request, 7.5 request, 15.5 request, 31.5 request, 32 timeout, "
     "32 gone"},
    {Machine::kInviteClient, kUdp, "a transport error in Calling",
     "0 request from user, 1 transport error, 2 2xx, 100 wait",
     "0 request, 0.5 request, 1 transport error, 1 gone"},
    {Machine::kInviteClient, kUdp, "rings for minutes, then a 2xx and its forks",
     "0 request from user, 0.6 1xx, 1 1xx, 200 1xx, 201 transport error, 202 transport error, "
     "300 2xx, 310 2xx, 320 1xx, 321 300-699, 322 transport error, 331 2xx, 333 2xx",
     "0 request, 0.5 request, 0.6 to user, 1 to user, 200 to user, 300 to user, 310 to user, 331 to user, "
     "332 gone"},
    {Machine::kInviteClient, kUdp, "a 2xx in Calling",
     "0 request from user, 0.1 2xx, 10 2xx, 20 1xx, 21 300-699, 22 transport error, 31 2xx, 33 2xx",
     "0 request, 0.1 to user, 10 to user, 31 to user, 32.1 gone"},
    {Machine::kInviteClient, kUdp, "a 300-699 in Calling, and its copies",
     "0 request from user, 0.1 300-699, 5 300-699, 6 1xx, 7 2xx, 32 300-699, 33 300-699",
     "0 request, 0.1 ACK, 0.1 to user, 5 ACK, 32 ACK, 32.1 gone"},
    {Machine::kInviteClient, kUdp, "a 300-699 in Proceeding, and its copies",
     "0 request from user, 0.1 1xx, 1 300-699, 5 300-699, 6 1xx, 7 2xx, 32 300-699, 34 300-699",
     "0 request, 0.1 to user, 1 ACK, 1 to user, 5 ACK, 32 ACK, 33 gone"},
    {Machine::kInviteClient, kUdp, "a transport error on the ACK",
     "0 request from user, 0.1 300-699, 0.2 transport error, 5 300-699",
     "0 request, 0.1 ACK, 0.1 to user, 0.2 transport error, 0.2 gone"},
    {Machine::kInviteClient, kUdp, "cancelled, and no final response",
     "0 request from user, 0.1 1xx, 1 cancel, 30 1xx, 40 wait",
     "0 request, 0.1 to user, 30 to user, 33 timeout, 33 gone"},
    {Machine::kInviteClient, kUdp, "cancelled too late: a 2xx",
     "0 request from user, 0.1 1xx, 1 cancel, 2 2xx, 33.5 2xx, 40 wait",
     "0 request, 0.1 to user, 2 to user, 33.5 to user, 34 gone"},
    {Machine::kInviteClient, kUdp, "cancelled, and a 487",
     "0 request from user, 0.1 1xx, 1 cancel, 2 300-699, 33.5 300-699, 40 wait",
     "0 request, 0.1 to user, 2 ACK, 2 to user, 33.5 ACK, 34 gone"},
    {Machine::kInviteClient, kTcp, "no answer on TCP", "0 request from user, 100 wait",
     "0 request, 32 timeout, 32 gone"},
    {Machine::kInviteClient, kTcp, "a 300-699 on TCP", "0 request from user, 1 300-699, 2 300-699",
     "0 request, 1 ACK, 1 to user, 1 gone"},
    {Machine::kInviteClient, kTcp, "a 2xx on TCP", "0 request from user, 1 2xx, 32 2xx, 34 2xx",
     "0 request, 1 to user, 32 to user, 33 gone"},

    // non-INVITE client: E doubles to T2, T2 at once in Proceeding; F gives up in both (17.1.2.2).
    {Machine::kNonInviteClient, kUdp, "no answer", "0 request from user, 100 wait",
     "0 request, 0.5 request, 1.5 request, 3.5 request, 7.5 request, 11.5 request, 15.5 request, "
     "19.5 request, 23.5 request, 27.5 request, 31.5 request, 32 timeout, 32 gone"},
    {Machine::kNonInviteClient, kUdp, "a provisional response, and no more",
     "0 request from user, 0.6 1xx, 1 1xx, 20 1xx, 100 wait",
     "0 request, 0.5 request, 0.6 to user, 1 to user, 1.5 request, 5.5 request, 9.5 request, 13.5 request, "
     "17.5 request, 20 to user, 21.5 request, 25.5 request, 29.5 request, 32 timeout, 32 gone"},
    {Machine::kNonInviteClient, kUdp, "a transport error in Trying",
     "0 request from user, 0.1 transport error, 1 200-699", "0 request, 0.1 transport error, 0.1 gone"},
    {Machine::kNonInviteClient, kUdp, "a transport error in Proceeding",
     "0 request from user, 0.1 1xx, 0.2 transport error, 1 200-699",
     "0 request, 0.1 to user, 0.2 transport error, 0.2 gone"},
    {Machine::kNonInviteClient, kUdp, "a final response in Trying, and late ones",
     "0 request from user, 0.1 200-699, 1 200-699, 2 1xx, 3 transport error, 5 200-699, 6 200-699",
     "0 request, 0.1 to user, 5.1 gone"},
    {Machine::kNonInviteClient, kUdp, "a final response in Proceeding, and late ones",
     "0 request from user, 0.1 1xx, 1 200-699, 2 200-699, 3 1xx, 4 transport error, 40 wait",
     "0 request, 0.1 to user, 0.5 request, 1 to user, 6 gone"},
    {Machine::kNonInviteClient, kTcp, "no answer on TCP", "0 request from user, 100 wait",
     "0 request, 32 timeout, 32 gone"},
    {Machine::kNonInviteClient, kTcp, "a final response on TCP", "0 request from user, 1 200-699, 2 200-699",
     "0 request, 1 to user, 1 gone"},

    // INVITE server: the 100 within 200 ms unless the user answers (17.2.1).
    {Machine::kInviteServer, kUdp, "the user is slow",
     "0 request, 1 request, 2 request, 300 ACK, 301 request, 302 1xx from user",
     "0 to user, 0.2 100, 1 response, 2 response, 301 response, 302 response"},
    {Machine::kInviteServer, kUdp, "what comes before the 100 does not stop it",
     "0 request, 0.1 ACK, 0.15 transport error, 1 wait", "0 to user, 0.15 transport error, 0.2 100"},
    {Machine::kInviteServer, kUdp, "the INVITE comes again before any response",
     "0 request, 0.1 timer 100, 0.15 request, 10 wait", "0 to user, 0.1 100, 0.15 response"},
    {Machine::kInviteServer, kUdp, "the user rings at once",
     "0 request, 0.1 1xx from user, 1 1xx from user, 2 transport error, 3 request, 4 ACK, 300 request",
     "0 to user, 0.1 response, 1 response, 2 transport error, 3 response, 300 response"},
    // G doubles to T2, H tells the user (docs/decisions/0001).
    {Machine::kInviteServer, kUdp, "a refusal without an ACK", "0 request, 0.1 300-699 from user, 100 wait",
     "0 to user, 0.1 response, 0.6 response, 1.6 response, 3.6 response, 7.6 response, 11.6 response, "
     "15.6 response, 19.6 response, 23.6 response, 27.6 response, 31.6 response, 32.1 no ACK, 32.1 gone"},
    {Machine::kInviteServer, kUdp, "nothing but the ACK puts H off",
     "0 request, 0.1 300-699 from user, 28 request, 29 transport error, 30 1xx from user, 30.1 2xx from "
     "user, "
     "30.2 300-699 from user, 100 wait",
     "0 to user, 0.1 response, 0.6 response, 1.6 response, 3.6 response, 7.6 response, 11.6 response, "
     "15.6 response, 19.6 response, 23.6 response, 27.6 response, 28 response, 29 transport error, "
     "31.6 response, 32.1 no ACK, 32.1 gone"},
    {Machine::kInviteServer, kUdp, "a refusal, lost and asked for, then acknowledged",
     "0 request, 0.1 300-699 from user, 0.2 request, 0.3 transport error, 0.4 1xx from user, "
     "0.45 2xx from user, 0.5 300-699 from user, 1 ACK, 2 ACK, 2.5 request, 3 transport error, "
     "3.1 1xx from user, 3.2 2xx from user, 3.3 300-699 from user, 5.5 ACK, 5.9 request, 40 wait",
     "0 to user, 0.1 response, 0.2 response, 0.3 transport error, 0.6 response, 6 gone"},
    // Accepted absorbs the INVITE, passes the ACK and sends the user's 2xx, 64*T1 long (RFC 6026 8.6).
    {Machine::kInviteServer, kUdp, "a 2xx",
     "0 request, 0.1 2xx from user, 0.5 request, 0.6 2xx from user, 1 ACK, 2 ACK, 3 transport error, "
     "4 1xx from user, 5 300-699 from user, 31 request, 31.5 2xx from user, 32 ACK, 33 2xx from user",
     "0 to user, 0.1 response, 0.6 response, 1 to user, 2 to user, 3 transport error, 31.5 response, "
     "32 to user, 32.1 gone"},
    {Machine::kInviteServer, kTcp, "a refusal on TCP, without an ACK",
     "0 request, 0.1 300-699 from user, 100 wait", "0 to user, 0.1 response, 32.1 no ACK, 32.1 gone"},
    {Machine::kInviteServer, kTcp, "a refusal on TCP, acknowledged",
     "0 request, 0.1 300-699 from user, 1 ACK, 2 ACK", "0 to user, 0.1 response, 1 gone"},
    {Machine::kInviteServer, kTcp, "a 2xx on TCP",
     "0 request, 0.3 2xx from user, 1 ACK, 32 2xx from user, 33 2xx from user",
     "0 to user, 0.2 100, 0.3 response, 1 to user, 32 response, 32.3 gone"},

    // non-INVITE server: a 100 when the client's E is first set to T2 (RFC 4320 4.1).
    {Machine::kNonInviteServer, kUdp, "the user is slow",
     "0 request, 0.5 request, 1 transport error, 3.6 request, 5 transport error, 300 request",
     "0 to user, 3.5 100, 3.6 response, 5 transport error, 300 response"},
    {Machine::kNonInviteServer, kUdp, "the user sends the 100",
     "0 request, 1 1xx from user, 2 request, 3 1xx from user, 4 transport error, 10 200-699 from user, "
     "20 request, 42.5 request",
     "0 to user, 1 response, 2 response, 3 response, 4 transport error, 10 response, 20 response, 42 gone"},
    {Machine::kNonInviteServer, kUdp, "a final response in Trying",
     "0 request, 0.1 200-699 from user, 4 request, 5 transport error, 6 1xx from user, 7 200-699 from user, "
     "32 request, 33 request",
     "0 to user, 0.1 response, 4 response, 5 transport error, 32 response, 32.1 gone"},
    {Machine::kNonInviteServer, kTcp, "a final response on TCP", "0 request, 1 200-699 from user, 2 request",
     "0 to user, 1 response, 1 gone"},
    {Machine::kNonInviteServer, kTcp, "a final response on TCP after the 100",
     "0 request, 4 200-699 from user, 5 request", "0 to user, 3.5 100, 4 response, 4 gone"},

    // A forwarded INVITE: C is restarted by 101-199, not by a 100 (16.7 step 2, 16.8).
    {Machine::kForwardedInvite, kUdp, "no answer", "0 request from user, 200 wait", "181 408, 181 gone"},
    {Machine::kForwardedInvite, kUdp, "a 100, then a CANCEL, and at last a final response",
     "0 request from user, 100 100, 150 100, 200 100, 210 1xx, 220 1xx, 500 200-699, 900 200-699",
     "181 CANCEL, 500 gone"},
    {Machine::kForwardedInvite, kUdp, "rings in Calling, and again",
     "0 request from user, 100 1xx, 150 100, 200 1xx, 380 wait, 390 200-699, 600 wait",
     "381 CANCEL, 390 gone"},
    {Machine::kForwardedInvite, kUdp, "rings once", "0 request from user, 100 1xx, 300 200-699",
     "281 CANCEL, 300 gone"},
    {Machine::kForwardedInvite, kUdp, "a final response in Calling",
     "0 request from user, 1 200-699, 400 wait", "1 gone"},
    {Machine::kForwardedInvite, kUdp, "a final response in Proceeding",
     "0 request from user, 1 100, 2 200-699, 400 wait", "2 gone"},
};

}  // namespace

std::span<const Scenario> Scenarios() { return kScenarios; }

}  // namespace sansip::testing
