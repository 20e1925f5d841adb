// Each oracle against a trace that shows what it is to catch, and one that shows how it should be.
#include "sansip/tests/sim/oracle/oracle.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace sansip::sim {
namespace {

using std::chrono::milliseconds;
using Kind = Record::Kind;

struct Shape {
  std::string start = "INVITE sip:b@h SIP/2.0";
  std::string branch = "z9hG4bK1";
  std::string cseq = "1 INVITE";
  std::string to_tag = {};
};

std::string Wire(const Shape& shape) {
  return shape.start + "\r\nVia: SIP/2.0/UDP h;branch=" + shape.branch +
         "\r\nMax-Forwards: 70\r\nFrom: <sip:a@h>;tag=1\r\nTo: <sip:b@h>" +
         (shape.to_tag.empty() ? "" : ";tag=" + shape.to_tag) + "\r\nCall-ID: 1\r\nCSeq: " + shape.cseq +
         "\r\nContent-Length: 0\r\n\r\n";
}

class Script {
 public:
  Script& ByDatagrams() {
    datagram_ = 1;
    return *this;
  }
  Script& Add(int ms, Kind kind, std::uint32_t node, const Shape& shape) {
    trace_.Add({.at = Instant(milliseconds(ms)),
                .kind = kind,
                .node = node,
                .peer = 1 - node,
                .datagram = datagram_,
                .name = shape.start,
                .text = shape.start,
                .wire = Wire(shape)});
    return *this;
  }
  Script& Sent(const std::vector<int>& times, std::uint32_t node, const Shape& shape) {
    for (const int ms : times) Add(ms, Kind::kSent, node, shape);
    return *this;
  }
  Script& Event(int ms, const char* name, int expires_s = 0, std::uint32_t node = 0) {
    trace_.Add({.at = Instant(milliseconds(ms)),
                .kind = Kind::kEvent,
                .node = node,
                .name = name,
                .text = name,
                .call = 5,
                .due = Instant(std::chrono::seconds(expires_s))});
    return *this;
  }
  Script& Left(int ms, std::uint32_t node, std::uint32_t count, Instant next = kNever) {
    trace_.Add(
        {.at = Instant(milliseconds(ms)), .node = node, .name = "left", .next = next, .actions = count});
    return *this;
  }
  Script& Deadline(const char* name, int due, int next, std::uint32_t actions) {
    trace_.Add({.at = Instant(milliseconds(due)),
                .kind = Kind::kDeadline,
                .node = 0,
                .name = name,
                .due = Instant(milliseconds(due)),
                .next = Instant(milliseconds(next)),
                .actions = actions});
    return *this;
  }
  // The oracles that spoke, in order; each once.
  std::string Findings(bool finished = false) {
    std::string names;
    for (const Finding& finding : RunOracles(trace_, {.finished = finished})) {
      if (names.find(finding.oracle) == std::string::npos) names += finding.oracle + ";";
    }
    return names;
  }

 private:
  Trace trace_;
  std::uint64_t datagram_ = 0;
};

const Shape kBye{.start = "BYE sip:b@h SIP/2.0", .cseq = "1 BYE"};
const Shape kBusy{.start = "SIP/2.0 486 Busy Here", .to_tag = "2"};
const Shape kAck{.start = "ACK sip:b@h SIP/2.0", .cseq = "1 ACK", .to_tag = "2"};
const Shape kOk{.start = "SIP/2.0 200 OK", .to_tag = "2"};

TEST(Oracles, TimerADoublesWithoutACap) {
  EXPECT_EQ(Script().Sent({0, 500, 1500, 3500, 7500, 15500, 31500}, 0, {}).Findings(), "");
  EXPECT_EQ(Script().Sent({0, 500, 1500, 3500, 7500, 11500}, 0, {}).Findings(), "retransmission gaps;");
  EXPECT_EQ(Script().Sent({0, 400}, 0, {}).Findings(), "retransmission gaps;");
}

TEST(Oracles, TimerEIsCappedAtT2) {
  EXPECT_EQ(Script().Sent({0, 500, 1500, 3500, 7500, 11500, 15500}, 0, kBye).Findings(), "");
  EXPECT_EQ(Script().Sent({0, 500, 4500, 8500}, 0, kBye).Findings(), "");  // Proceeding after the first
  EXPECT_EQ(Script().Sent({0, 500, 1500, 3500, 7500, 15500}, 0, kBye).Findings(), "retransmission gaps;");
}

TEST(Oracles, NoCopyOfARequestIsMissingUntilItsAnswer) {
  const auto sent = [](const std::vector<int>& times, const Shape& shape) {
    Script script;
    script.ByDatagrams().Sent(times, 0, shape);
    return script;
  };
  const Shape later{.branch = "z9hG4bK9", .cseq = "9 INVITE"};
  EXPECT_EQ(sent({0, 500, 1500, 3500, 7500, 15500, 31500}, {}).Left(40000, 0, 0).Findings(), "");
  EXPECT_EQ(sent({0, 500, 1500, 3500}, {}).Sent({7000}, 1, later).Findings(), "");
  EXPECT_EQ(sent({0, 500, 1500, 3500}, {}).Sent({7600}, 1, later).Findings(), "missing copies;");
  EXPECT_EQ(sent({0, 500}, {})
                .Add(600, Kind::kArrived, 0, kBusy)
                .Sent({600}, 0, kAck)
                .Sent({9000}, 1, later)
                .Findings(),
            "");
  EXPECT_EQ(sent({0, 500, 1500}, kBye).Sent({3600}, 1, later).Findings(), "missing copies;");
}

TEST(Oracles, NoCopyOfAFailureIsMissingUntilItsAck) {
  const Shape later{.branch = "z9hG4bK9", .cseq = "9 INVITE"};
  const auto failed = [] {
    Script script;
    script.ByDatagrams().Add(0, Kind::kArrived, 1, {}).Sent({0, 500}, 1, kBusy);
    return script;
  };
  EXPECT_EQ(failed().Add(700, Kind::kArrived, 1, kAck).Sent({5000}, 0, later).Findings(), "");
  EXPECT_EQ(failed().Sent({1400}, 0, later).Findings(), "");
  EXPECT_EQ(failed().Sent({1600}, 0, later).Findings(), "missing copies;");
}

TEST(Oracles, NoCopyOfA2xxIsMissingUntilItsAckOrBye) {
  const Shape later{.branch = "z9hG4bK9", .cseq = "9 INVITE"};
  const Shape ack{.start = "ACK sip:b@h SIP/2.0", .branch = "z9hG4bK2", .cseq = "1 ACK", .to_tag = "2"};
  const Shape bye{.start = "BYE sip:b@h SIP/2.0", .branch = "z9hG4bK3", .cseq = "2 BYE", .to_tag = "2"};
  Shape other = ack;
  other.cseq = "2 ACK";
  const auto answered = [](const std::vector<int>& times) {
    Script script;
    script.Add(0, Kind::kArrived, 1, {}).Sent(times, 1, kOk);
    return script;
  };
  // T1 doubling to T2, for 64*T1.
  EXPECT_EQ(answered({0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500})
                .Left(80000, 0, 0)
                .Findings(),
            "");
  EXPECT_EQ(answered({0, 500, 1500, 3500, 7500, 11500}).Sent({80000}, 0, later).Findings(),
            "missing copies;");
  EXPECT_EQ(answered({0, 500, 900}).Findings(), "retransmission gaps;");
  for (const Shape& end : {ack, bye}) {
    EXPECT_EQ(answered({0, 500}).Add(1400, Kind::kArrived, 1, end).Sent({80000}, 0, later).Findings(), "");
    EXPECT_EQ(answered({0, 500}).Add(1600, Kind::kArrived, 1, end).Findings(), "missing copies;");
  }
  EXPECT_EQ(answered({0, 500}).Add(1400, Kind::kArrived, 1, other).Sent({80000}, 0, later).Findings(),
            "missing copies;");
}

TEST(Oracles, AnInviteHasAResponseWithin200Ms) {
  const Shape trying{.start = "SIP/2.0 100 Trying"};
  const Shape ringing{.start = "SIP/2.0 180 Ringing", .to_tag = "2"};
  for (const Shape& response : {trying, ringing, kBusy}) {
    const auto after = [&](int ms) {
      return Script().Add(0, Kind::kArrived, 1, {}).Sent({ms}, 1, response).Findings();
    };
    EXPECT_EQ(after(200), "");
    EXPECT_EQ(after(201), "trying in time;");
  }
  // 17.2.2: a non-INVITE has none.
  EXPECT_EQ(Script().Add(0, Kind::kArrived, 1, kBye).Sent({5000}, 0, kAck).Findings(), "");
}

TEST(Oracles, OnlyMessagesAreSent) {
  EXPECT_EQ(Script().Sent({0}, 0, {.start = "INVITE"}).Findings(), "only messages;");
  EXPECT_EQ(Script().Add(0, Kind::kArrived, 0, {.start = "INVITE"}).Findings(), "");
}

TEST(Oracles, TimerGRunsBesidesWhatRequestsSetOff) {
  Script right;
  right.Add(0, Kind::kArrived, 1, {}).Sent({0, 500}, 1, kBusy);
  right.Add(700, Kind::kArrived, 1, {}).Sent({700, 1500, 3500}, 1, kBusy);
  EXPECT_EQ(right.Findings(), "");
  Script wrong;
  wrong.Add(0, Kind::kArrived, 1, {}).Sent({0, 500}, 1, kBusy);
  wrong.Sent({700}, 1, kBusy);
  EXPECT_EQ(wrong.Findings(), "retransmission gaps;");
}

TEST(Oracles, ANonInviteFinalIsRepeatedOnlyWhenAsked) {
  const Shape ok{.start = "SIP/2.0 200 OK", .cseq = "1 BYE", .to_tag = "2"};
  Script right;
  right.Add(0, Kind::kArrived, 1, kBye).Sent({0}, 1, ok).Add(500, Kind::kArrived, 1, kBye).Sent({500}, 1, ok);
  EXPECT_EQ(right.Findings(), "");
  EXPECT_EQ(Script().Add(0, Kind::kArrived, 1, kBye).Sent({0, 500}, 1, ok).Findings(),
            "retransmission gaps;");
}

TEST(Oracles, EveryFinalIsAcknowledged) {
  const Shape ack{.start = "ACK sip:b@h SIP/2.0", .cseq = "1 ACK", .to_tag = "2"};
  Shape other = ack;
  other.branch = "z9hG4bK2";
  const auto with = [](const Shape& final, const Shape* acknowledgement) {
    Script script;
    script.Sent({0}, 0, {}).Add(20, Kind::kArrived, 0, final);
    if (acknowledgement != nullptr) script.Sent({20}, 0, *acknowledgement);
    return script.Findings();
  };
  EXPECT_EQ(with(kBusy, &ack), "");
  EXPECT_EQ(with(kBusy, &other), "ack per final;");  // RFC 3261 17.1.1.3: the INVITE's branch
  EXPECT_EQ(with(kBusy, nullptr), "ack per final;");
  EXPECT_EQ(with(kOk, &other), "");
  EXPECT_EQ(with(kOk, &ack), "ack per final;");  // 13.2.2.4: a branch of its own
  EXPECT_EQ(with(kOk, nullptr), "ack per final;");
}

TEST(Oracles, AFinalAfterTheTimeoutIsNobodys) {
  EXPECT_EQ(Script().Sent({0}, 0, {}).Add(32100, Kind::kArrived, 0, kBusy).Findings(), "");
}

TEST(Oracles, OneFinalPerTransaction) {
  EXPECT_EQ(Script().Add(0, Kind::kArrived, 1, {}).Sent({0}, 1, kBusy).Sent({10}, 1, kOk).Findings(),
            "one final;");
}

TEST(Oracles, CSeqRisesByOne) {
  Shape second{.start = "BYE sip:b@h SIP/2.0", .branch = "z9hG4bK2", .cseq = "2 BYE", .to_tag = {}};
  EXPECT_EQ(Script().Sent({0}, 0, {}).Sent({10}, 0, second).Findings(), "");
  second.cseq = "1 BYE";
  EXPECT_EQ(Script().Sent({0}, 0, {}).Sent({10}, 0, second).Findings(), "rising cseq;");
  // The same request by another path, if the first one never arrived.
  Shape again{.branch = "z9hG4bK2"};
  EXPECT_EQ(Script().Sent({0}, 0, {}).Sent({10}, 0, again).Findings(), "rising cseq;");
  EXPECT_EQ(Script().Add(0, Kind::kLost, 0, {}).Sent({10}, 0, again).Findings(), "");
  EXPECT_EQ(Script().Add(0, Kind::kLost, 0, {}).Sent({10}, 0, second).Findings(), "rising cseq;");
  second.cseq = "3 BYE";
  EXPECT_EQ(Script().Sent({0}, 0, {}).Sent({10}, 0, second).Findings(), "rising cseq;");
}

TEST(Oracles, ABranchNamesOneTransaction) {
  const Shape second{.start = "BYE sip:b@h SIP/2.0", .branch = "z9hG4bK1", .cseq = "2 BYE", .to_tag = {}};
  EXPECT_EQ(Script().Sent({0}, 0, {}).Sent({10}, 0, second).Findings(), "unique branches;");
}

TEST(Oracles, DeadlinesAreHonestAndActionsBounded) {
  EXPECT_EQ(Script().Deadline("", 500, 1000, 1).Deadline("early", 1000, 1000, 0).Findings(), "");
  EXPECT_EQ(Script().Deadline("", 500, 500, 0).Findings(), "honest deadlines;");
  EXPECT_EQ(Script().Deadline("early", 500, 500, 1).Findings(), "honest deadlines;");
  EXPECT_EQ(Script().Deadline("early", 500, 900, 0).Findings(), "honest deadlines;");
  EXPECT_EQ(Script().Deadline("", 500, 1000, 97).Findings(), "bounded actions;");
}

TEST(Oracles, InTheEndBothAreTold) {
  EXPECT_EQ(Script().Event(0, "Incoming").Event(10, "Ended").Event(20, "CallGone").Findings(true), "");
  EXPECT_EQ(Script().Event(0, "Incoming").Findings(true), "both told;everything gone;");
  EXPECT_EQ(
      Script().Event(0, "Incoming").Event(1, "Ended").Event(2, "Ended").Event(3, "CallGone").Findings(true),
      "told once;");
}

// RFC 3261 15: who hears of no BYE, and has no session timer, cannot know of the end.
class LostBye {
 public:
  std::vector<int> copies = {10'000, 10'500, 11'500, 13'500, 17'500, 21'500,
                             25'500, 29'500, 33'500, 37'500, 41'500};
  bool arrives = false, has_timer = false, is_ended = false;
  std::uint32_t left = 1;

  std::string Findings() const {
    Script script;
    script.Add(0, Kind::kArrived, 1, {}).Event(0, "Incoming", 0, 1);
    script.Sent({0}, 1, {.start = "SIP/2.0 180 Ringing", .to_tag = "2"});
    if (has_timer) script.Event(5, "Refreshed", 90, 1);
    for (const int at : copies) script.Add(at, Kind::kLost, 0, kBye);
    if (arrives) script.Add(41'600, Kind::kArrived, 1, kBye);
    if (is_ended) script.Event(41'700, "Ended", 0, 1);
    return script.Left(60'000, 1, left).Findings(true);
  }
};

TEST(Oracles, AByeThatWasLostAltogetherExcusesTheOtherSideAndNothingElseDoes) {
  EXPECT_EQ(LostBye().Findings(), "");
  LostBye bye;
  bye.copies.resize(8);  // it was given up early
  EXPECT_EQ(bye.Findings(), "both told;everything gone;");
  bye.copies.clear();
  EXPECT_EQ(bye.Findings(), "both told;everything gone;");
  bye = {.arrives = true};
  EXPECT_EQ(bye.Findings(), "both told;everything gone;");
  bye = {.has_timer = true};  // RFC 4028 10
  EXPECT_EQ(bye.Findings(), "both told;everything gone;");
  bye = {.is_ended = true};
  EXPECT_EQ(bye.Findings(), "everything gone;");
  bye = {.left = 2};  // something besides the call
  EXPECT_EQ(bye.Findings(), "everything gone;");
}

TEST(Oracles, NoSessionOutlivesItsExpiry) {
  EXPECT_EQ(
      Script().Event(0, "Refreshed", 90).Event(89'000, "Refreshed", 179).Event(170'000, "Ended").Findings(),
      "");
  EXPECT_EQ(Script().Event(0, "Refreshed", 90).Event(91'000, "Ended").Findings(), "session expiry;");
  EXPECT_EQ(Script().Event(0, "Refreshed", 90).Event(10, "Refreshed", 0).Event(91'000, "Ended").Findings(),
            "");
}

TEST(Oracles, AFindingSaysWhereAndWhen) {
  EXPECT_EQ(TextOf({{"one final", Instant(milliseconds(1500)), 1, "after 486"}}),
            "1.500 node 1, one final: after 486\n");
}

}  // namespace
}  // namespace sansip::sim
