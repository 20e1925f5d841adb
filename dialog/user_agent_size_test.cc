// RFC 3261 18.1.1: a request too long for a datagram goes by another Path, and by datagrams again where its
// owner says so because nobody takes connections there.
#include <algorithm>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/dialog/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr FlowId kDatagrams = {1, 1};
constexpr FlowId kStream = {2, 1};

class RequestSize : public ::testing::Test {
 protected:
  RequestSize() { alice.locating = AgentUnderTest::Locating::kHeld; }

  void Place(std::size_t body_bytes) { alice.Place("sip:bob@bob.example", std::string(body_bytes, 'x')); }
  void Located(Transport transport) {
    const HostPort self{alice.host(), 5060};
    Path path{transport == Transport::kUdp ? kDatagrams : kStream, transport, self, self};
    if (transport == Transport::kUdp) path.request_bytes_max = DatagramRequestBytesMax(0);
    alice.transport = transport;
    alice.Do(ua::input::Located{alice.locates().back().cookie, path});
  }
  // The body with which the INVITE has so many bytes as a datagram.
  static std::size_t BodyFor(std::size_t bytes) {
    AgentUnderTest other;
    other.Place("sip:bob@bob.example", std::string(500, 'x'));
    return 500 + bytes - other.last_wire().size();  // Content-Length keeps its three digits
  }

  AgentUnderTest alice;
};

TEST_F(RequestSize, OneOf1300BytesIsADatagram) {
  SANSIP_SHOWS("3261-18.1.1-1");
  Place(BodyFor(1300));
  Located(Transport::kUdp);
  ASSERT_THAT(alice.TakeSent(), ElementsAre("0 INVITE"));
  EXPECT_EQ(alice.last_wire().size(), 1300u);
  EXPECT_EQ(alice.locates().size(), 1u);
}

TEST_F(RequestSize, OneOf1301BytesAsksForAnotherPathAndItsViaSaysSo) {
  SANSIP_SHOWS("3261-18.1.1-1", "3261-18.1.1-2");
  Place(BodyFor(1301));
  Located(Transport::kUdp);
  EXPECT_THAT(alice.TakeSent(), IsEmpty());
  ASSERT_EQ(alice.locates().size(), 2u);
  const ua::Locate again = alice.locates().back();
  EXPECT_EQ(again.cookie, alice.locates().front().cookie);
  EXPECT_EQ(again.wire_bytes_estimate, 1301u);
  EXPECT_EQ(again.failed, 0);
  EXPECT_TRUE(again.failed_flow.is_nil());
  EXPECT_THAT(alice.TakeEvents(), IsEmpty());

  Located(Transport::kTcp);
  EXPECT_THAT(alice.TakeSent(), ElementsAre("0 INVITE"));
  EXPECT_THAT(HeaderOf(alice.last_wire(), "Via"), StartsWith("SIP/2.0/TCP "));
  EXPECT_THAT(HeaderOf(alice.last_wire(), "Contact"), ::testing::HasSubstr("transport=tcp"));
  alice.Advance(31);
  EXPECT_THAT(alice.TakeSent(), IsEmpty());  // no timer A
  EXPECT_EQ(alice.agent().counters().paths_failed, 0u);
}

TEST_F(RequestSize, WhereTheConnectionIsRefusedItIsADatagramOfANewTransaction) {
  SANSIP_SHOWS("3261-18.1.1-4");
  Place(3000);
  Located(Transport::kTcp);
  const std::string refused = alice.last_wire();
  alice.Do(ua::input::FlowFailed{kStream});
  EXPECT_EQ(alice.locates().back().failed, 1);
  EXPECT_EQ(alice.locates().back().failed_flow, kStream);
  EXPECT_GT(alice.locates().back().wire_bytes_estimate, 3000u);
  alice.TakeSent();

  Located(Transport::kUdp);
  const std::string datagram = alice.last_wire();
  EXPECT_GT(datagram.size(), 3000u);
  EXPECT_THAT(HeaderOf(datagram, "Via"), StartsWith("SIP/2.0/UDP "));
  EXPECT_NE(HeaderOf(datagram, "Via").substr(12), HeaderOf(refused, "Via").substr(12));
  for (const char* same : {"From", "To", "Call-ID", "CSeq"}) {
    EXPECT_EQ(HeaderOf(datagram, same), HeaderOf(refused, same));
  }
  alice.TakeSent();
  alice.Advance(0.5);
  EXPECT_THAT(alice.TakeSent(), ElementsAre("0.5 INVITE"));  // timer A is back
  alice.RespondTo(datagram, 200, "b", "", kAnswer);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Answered 200", "AnswerReceived", "Timer 1800 by us"));
}

TEST_F(RequestSize, TheFirstGuessIsNeverAboveTheSize) {
  alice.locating = AgentUnderTest::Locating::kAtOnce;
  UserAgentOptions bare;
  bare.user_agent.clear();
  AgentUnderTest small(bare, "h");
  for (AgentUnderTest* agent : {&alice, &small}) {
    agent->Place("sip:b@c", agent == &small ? "" : kOffer);
    EXPECT_LE(agent->locates().back().wire_bytes_estimate, agent->last_wire().size());
    agent->Respond(200, "b", "Record-Route: <sip:p1.example;lr>, <sip:p2.example>\r\n", kAnswer);
    if (agent == &small) agent->AnswerOffer(kNewAnswer);
    EXPECT_LE(agent->locates().back().wire_bytes_estimate, agent->LastRequest("ACK").size());
    agent->HangUp();
    EXPECT_LE(agent->locates().back().wire_bytes_estimate, agent->LastRequest("BYE").size());
    EXPECT_EQ(agent->locates().size(), 3u);
  }
}

TEST_F(RequestSize, ALongAckFallsBackWithTheCopyOfIts2xx) {
  SANSIP_SHOWS("3261-18.1.1-1", "3261-18.1.1-4");
  alice.Place("sip:bob@bob.example", "");
  Located(Transport::kUdp);
  const std::string invite = alice.last_wire();
  alice.RespondTo(invite, 200, "b", "", kOffer);
  alice.AnswerOffer(std::string(2000, 'x'));
  EXPECT_GT(alice.locates().back().wire_bytes_estimate, 2000u);
  EXPECT_EQ(alice.CountSent("ACK"), 0);
  Located(Transport::kTcp);
  ASSERT_EQ(alice.CountSent("ACK"), 1);
  EXPECT_THAT(HeaderOf(alice.last_wire(), "Via"), StartsWith("SIP/2.0/TCP "));
  alice.Do(ua::input::FlowFailed{kStream});

  // A second copy while the Path is asked for changes nothing.
  const std::size_t locates = alice.locates().size();
  alice.transport = Transport::kUdp;
  for (int copy = 0; copy < 2; ++copy) alice.RespondTo(invite, 200, "b", "", kOffer);
  EXPECT_EQ(alice.locates().size(), locates + 1);
  EXPECT_EQ(alice.locates().back().failed_flow, kStream);
  EXPECT_EQ(alice.CountSent("ACK"), 1);
  Located(Transport::kUdp);
  EXPECT_EQ(alice.CountSent("ACK"), 2);
  EXPECT_THAT(HeaderOf(alice.last_wire(), "Via"), StartsWith("SIP/2.0/UDP "));
  EXPECT_EQ(BodyOf(alice.last_wire()), std::string(2000, 'x'));
  EXPECT_EQ(HeaderOf(alice.last_wire(), "Content-Type"), "application/sdp");
}

}  // namespace
}  // namespace sansip::testing
