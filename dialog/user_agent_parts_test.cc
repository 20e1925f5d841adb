// Session descriptions beside other parts (RFC 5621; RFC 3204: a gateway's ISUP), in requests and responses.
#include <string>
#include <string_view>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/dialog/testing.h"

namespace sansip::testing {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view kMixed = "Content-Type: multipart/mixed;boundary=\"b 1\"\r\n";
constexpr std::string_view kIsup = "Content-Type: application/isup;version=nxv3\r\n";
constexpr std::string_view kOptional = "Content-Disposition: signal;handling=optional\r\n";

std::string PartOf(std::string_view lines, std::string_view content) {
  return "--b 1\r\n" + std::string(lines) + "\r\n" + std::string(content) + "\r\n";
}
std::string SdpPart(std::string_view content) { return PartOf("Content-Type: application/sdp\r\n", content); }
std::string IsupPart(std::string_view disposition) {
  return PartOf(std::string(kIsup) + std::string(disposition), std::string_view("\x01\x00\x49", 3));
}

RequestText InviteOfParts(std::string_view body) {
  RequestText invite;
  invite.more = "Contact: <sip:gateway@192.0.2.1>\r\n" + std::string(kMixed);
  invite.body = body;
  return invite;
}

TEST(DescriptionsInParts, AnOfferBesideWhatMayBeLeftOut) {
  AgentUnderTest bob{{}, "bob.example", 2};
  bob.Receive(InviteOfParts(IsupPart(kOptional) + SdpPart(kOffer) + "--b 1--"));
  EXPECT_THAT(bob.TakeEvents(), ElementsAre("Incoming"));
  EXPECT_EQ(bob.last_description(), kOffer);
}

TEST(DescriptionsInParts, ARequiredPartThatNobodyUnderstandsIsA415) {
  AgentUnderTest bob{{}, "bob.example", 2};
  bob.Receive(InviteOfParts(SdpPart(kOffer) + IsupPart("") + "--b 1--"));
  EXPECT_THAT(bob.TakeEvents(), ElementsAre());
  EXPECT_THAT(bob.last_wire(), ::testing::StartsWith("SIP/2.0 415"));
  EXPECT_EQ(HeaderOf(bob.last_wire(), "Accept"), "application/sdp");

  UserAgentOptions options;
  options.accept = "application/sdp, application/isup";
  AgentUnderTest gateway{options, "bob.example", 2};
  gateway.Receive(InviteOfParts(IsupPart("") + SdpPart(kOffer) + "--b 1--"));
  EXPECT_EQ(gateway.last_description(), kOffer);
}

TEST(DescriptionsInParts, WithoutASessionsPartThereIsNoOffer) {
  AgentUnderTest bob{{}, "bob.example", 2};
  bob.Receive(InviteOfParts(IsupPart(kOptional) + "--b 1--"));
  EXPECT_THAT(bob.TakeEvents(), ElementsAre("Incoming"));
  EXPECT_EQ(bob.last_description(), "");
}

TEST(DescriptionsInParts, ThatAreMalformedAreA400) {
  AgentUnderTest bob{{}, "bob.example", 2};
  bob.Receive(InviteOfParts(kOffer));
  EXPECT_THAT(bob.last_wire(), ::testing::StartsWith("SIP/2.0 400"));
}

// A response cannot be refused: what is not understood in it is left out.
TEST(DescriptionsInParts, AnAnswerBesideWhatIsNotUnderstood) {
  AgentUnderTest alice;
  alice.Place();
  alice.Respond(183, "bobtag", kMixed, IsupPart("") + SdpPart(kAnswer) + "--b 1--");
  EXPECT_EQ(alice.last_description(), kAnswer);
  alice.Respond(200, "bobtag", kMixed, IsupPart("") + SdpPart(kAnswer) + "--b 1--");
  EXPECT_EQ(alice.last_description(), kAnswer);
  EXPECT_EQ(alice.CountSent("ACK"), 1);
}

}  // namespace
}  // namespace sansip::testing
