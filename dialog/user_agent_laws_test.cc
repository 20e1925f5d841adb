// The ten laws of the border (core/transaction/layer.h) as the user agent keeps them.

#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/dialog/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(UserAgentLaws, Law1_OneCallIsOneEvent) {
  AgentUnderTest alice;
  alice.locating = AgentUnderTest::Locating::kHeld;
  alice.Place();
  EXPECT_THAT(alice.wires(), IsEmpty());  // the path is another event
  alice.AnswerLocate();
  EXPECT_EQ(alice.wires().size(), 1u);
}

TEST(UserAgentLaws, Law2_ActionsComeInTheOrderTheyHappened) {
  AgentUnderTest alice;
  alice.Place();
  alice.Respond(180, "a", "", kAnswer);
  alice.Respond(200, "a", "", kAnswer);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Progress 180", "AnswerReceived early", "Answered 200",
                                              "Timer 1800 by us", "Confirmed"));
}

TEST(UserAgentLaws, Law3_TheSameRandomnessAndInputsGiveTheSameBytes) {
  std::vector<std::string> runs[2];
  for (auto& run : runs) {
    Couple couple;
    couple.Establish();
    couple.Advance(2000);
    EXPECT_EQ(couple.alice.HangUp(), VerbError::kNone);
    couple.Advance(70);
    run = couple.alice.wires();
    run.insert(run.end(), couple.bob.wires().begin(), couple.bob.wires().end());
  }
  EXPECT_EQ(runs[0], runs[1]);
}

TEST(UserAgentLaws, Law4_EarlierTimeIsClampedAndCounted) {
  AgentUnderTest alice;
  alice.AdvanceTo(10);
  alice.Place();
  alice.SetNow(Instant(Seconds(5)));
  alice.Respond(180, "a");
  EXPECT_EQ(alice.agent().counters().clamped_nows, 1u);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Progress 180"));
}

TEST(UserAgentLaws, Law5_WireIsReadableUntilTheNextCall) {
  SeededRandom random(1);
  UserAgent agent({}, random);
  SinkOf<UserAgentAction, UserAgent::kActionsPerEventMax> out;
  ASSERT_EQ(agent.PlaceCall(Instant{}, DraftToBob(), out).error, VerbError::kNone);
  const ua::Locate locate = std::get<ua::Locate>(out[0]);
  EXPECT_EQ(locate.next_hop, "sip:bob@bob.example");
  out.Clear();
  agent.OnLocated(Instant{}, locate.cookie, {{1, 1}, Transport::kUdp, {"h", 0}, {"h", 0}}, out);
  const std::string_view wire = std::get<ua::Transmit>(out[0]).wire;
  EXPECT_TRUE(wire.starts_with("INVITE sip:bob@bob.example SIP/2.0\r\n"));
  EXPECT_TRUE(wire.ends_with(kOffer));
}

TEST(UserAgentLaws, Law6_DeadlinesAreHonest) {
  Couple couple;
  couple.Establish();
  AgentUnderTest& alice = couple.alice;
  alice.HangUp();
  for (int i = 0; i < 200 && alice.agent().next_deadline() != kNever; ++i) {
    const Instant deadline = alice.agent().next_deadline();
    if (deadline > Instant(Seconds(alice.now()))) {
      const std::size_t before = alice.wires().size();
      alice.Do(ua::input::Deadline{});  // early: nothing
      EXPECT_EQ(alice.wires().size(), before);
      EXPECT_EQ(alice.agent().next_deadline(), deadline);
    }
    alice.SetNow(deadline);
    alice.Do(ua::input::Deadline{});
    EXPECT_GT(alice.agent().next_deadline(), deadline);
  }
  EXPECT_EQ(alice.agent().next_deadline(), kNever);
}

TEST(UserAgentLaws, Law7_EveryEventHasAtMostKActionsPerEventMax) {
  UserAgentOptions options;
  options.limits.calls_max = 300;
  AgentUnderTest alice(options);
  alice.transport = Transport::kTcp;
  for (int i = 0; i < 300; ++i) alice.Place();
  alice.TakeEvents();
  alice.AdvanceTo(40);  // all time out in the same instant
  EXPECT_EQ(alice.agent().calls_live(), 0u);
  for (int i = 0; i < 300; ++i) alice.Place();
  alice.Do(ua::input::FlowFailed{alice.FlowOf(0)});
  alice.AdvanceTo(41);
  EXPECT_EQ(alice.agent().calls_live(), 0u);
  EXPECT_LE(alice.most_actions(), UserAgent::kActionsPerEventMax);
  EXPECT_GT(alice.most_actions(), 10u);
}

TEST(UserAgentLaws, Law8_IdsAreNeverReused) {
  AgentUnderTest alice;
  std::set<std::uint64_t> ids;
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(ids.insert(alice.Place().value()).second);
    alice.Respond(486, "a");
    alice.Advance(40);
    EXPECT_EQ(alice.HangUp(), VerbError::kStale);
    EXPECT_FALSE(alice.agent().Find(alice.call()).has_value());
  }
  alice.Do(ua::input::LocateFailed{Cookie{12345}});
  EXPECT_EQ(alice.agent().counters().stale_cookies, 1u);
}

TEST(UserAgentLaws, Law9_EqualDeadlinesFireInTheOrderTheyWereArmed) {
  AgentUnderTest alice;
  std::vector<std::string> placed;
  for (int i = 0; i < 20; ++i) {
    alice.Place("sip:user" + std::to_string(i) + "@h.example");
    placed.push_back(HeaderOf(alice.last_wire(), "To"));
  }
  alice.AdvanceTo(0.5);  // timer A of all
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(HeaderOf(alice.wires()[20 + static_cast<std::size_t>(i)], "To"),
              placed[static_cast<std::size_t>(i)]);
  }
}

TEST(UserAgentLaws, Law10_TwoAgentsShareNothing) {
  Couple first, second;
  first.Establish();
  second.Establish();
  EXPECT_EQ(first.alice.view().call_id, second.alice.view().call_id);  // the same seed, the same history
}

TEST(UserAgentInput, EveryInputHasItsName) {
  EXPECT_EQ(InputName(ua::input::Message{}), "OnMessage");
  EXPECT_EQ(InputName(ua::input::PlaceCall{}), "PlaceCall");
  EXPECT_EQ(InputName(ua::input::Reinvite{}), "Reinvite");
  EXPECT_EQ(InputName(ua::input::SetBusy{}), "SetBusy");
}

TEST(UserAgentInput, UnparsableRequestsAreAnswered) {
  SANSIP_SHOWS("3261-21.5.6-1");
  AgentUnderTest alice;
  alice.Receive(
      "INVITE sip:a@b SIP/7.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\n"
      "To: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n\r\n");
  EXPECT_TRUE(alice.last_wire().starts_with("SIP/2.0 505"));
  SANSIP_SHOWS("3261-21.5.7-1");
  alice.Receive(
      "INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK2\r\nFrom: <sip:a@b>;tag=1\r\n"
      "To: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: 2 INVITE\r\nX: " +
      std::string(9000, 'a') + "\r\n\r\n");
  EXPECT_TRUE(alice.last_wire().starts_with("SIP/2.0 513"));
  EXPECT_THAT(alice.TakeEvents(), IsEmpty());
}

}  // namespace
}  // namespace sansip::testing
