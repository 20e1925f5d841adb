// RFC 3261 18.1.1 from end to end: an INVITE too long for a datagram goes by a stream; where nobody takes
// streams, by datagrams all the same.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/tests/scenarios/parties.h"
#include "sansip/tests/support/shows.h"

namespace sansip::sim {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::SizeIs;

// The transports in the Vias of the INVITEs that alice sent, lost ones in brackets.
std::vector<std::string> InvitesOf(Parties& parties) {
  std::vector<std::string> transports;
  for (const Record& record : parties.world().trace().records()) {
    const bool is_sent = record.kind == Record::Kind::kSent || record.kind == Record::Kind::kLost;
    if (!is_sent || record.node != parties.alice().number() || !record.wire.starts_with("INVITE")) continue;
    const std::size_t via = record.wire.find("Via: SIP/2.0/") + 13;
    const std::string transport(record.wire.substr(via, 3));
    transports.push_back(record.kind == Record::Kind::kLost ? "(" + transport + ")" : transport);
  }
  return transports;
}

std::size_t InviteBytes(Parties& parties) {
  for (const Record& record : parties.world().trace().records()) {
    if (record.wire.starts_with("INVITE")) return record.wire.size();
  }
  return 0;
}

TEST(LongRequest, GoesByAStream) {
  SANSIP_SHOWS("3261-18.1.1-1", "3261-18.1.1-2");
  Parties parties({.alice_padding = 2000});
  parties.Call();
  parties.RunToEnd();
  EXPECT_ORDINARY_CALL(parties);
  EXPECT_THAT(InvitesOf(parties), ElementsAre("TCP"));
}

TEST(LongRequest, OneByteDecides) {
  SANSIP_SHOWS("3261-18.1.1-1");
  Parties short_one({.alice_padding = 600});
  short_one.Call();
  short_one.RunToEnd();
  const std::size_t padding = 600 + 1300 - InviteBytes(short_one);
  for (const std::size_t more : {0, 1}) {
    Parties parties({.alice_padding = padding + more});
    parties.Call();
    parties.RunToEnd();
    EXPECT_ORDINARY_CALL(parties);
    EXPECT_THAT(InvitesOf(parties), ElementsAre(more == 0 ? "UDP" : "TCP")) << InviteBytes(parties);
  }
}

TEST(LongRequest, FallsBackToDatagramsWhereStreamsAreRefused) {
  SANSIP_SHOWS("3261-18.1.1-4");
  Parties parties({.alice_padding = 2000});
  parties.network().RefuseStreams(parties.bob().number());
  parties.Call();
  parties.RunToEnd();
  EXPECT_ORDINARY_CALL(parties);
  EXPECT_THAT(InvitesOf(parties), ElementsAre("(TCP)", "UDP"));
  // The refusal took a round trip, the call another one and a half.
  EXPECT_EQ(parties.AliceBook().confirmed_at, Instant(milliseconds(40 + 40)));
}

TEST(LongRequest, ThatFellBackIsRepeatedLikeAnyDatagram) {
  Parties parties({.alice_padding = 2000});
  parties.network().RefuseStreams(parties.bob().number());
  parties.network().DropNext(kToBob, "INVITE", 2);
  parties.Call();
  parties.RunToEnd();
  EXPECT_ORDINARY_CALL(parties);
  EXPECT_THAT(InvitesOf(parties), ElementsAre("(TCP)", "(UDP)", "(UDP)", "UDP"));
}

TEST(LongRequest, WithoutARefusalThereIsNoFallBack) {
  Parties parties({.alice_padding = 2000});
  parties.Call();
  parties.world().RunUntil(Instant(milliseconds(10)));
  parties.network().ResetStream(parties.world().now(), 0);
  parties.RunToEnd();
  EXPECT_EQ(parties.AliceBook().cause, EndCause::kUnreachable) << parties.Ladder();
  EXPECT_THAT(InvitesOf(parties), SizeIs(1));
  EXPECT_THAT(InvitesOf(parties), Each("TCP"));
}

}  // namespace
}  // namespace sansip::sim
