#include "sansip/core/message/fields/p_address.h"

#include "gtest/gtest.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/test_field.h"

namespace sansip {
namespace {

TEST(PAddressTest, AssociatedUris) {
  const auto uris = Read(ParsePAssociatedUri, "\"U\" <sip:u@h.example> ;\r\n a=b ,<tel:+1-555-0199>");
  ASSERT_EQ(uris.size(), 2u);
  EXPECT_EQ(uris[0].display_name, "\"U\"");
  EXPECT_EQ(Parameter(uris[0].parameters, "a"), "b");
  EXPECT_EQ(uris[1].uri, "tel:+1-555-0199");
}

TEST(PAddressTest, CalledParty) {
  const auto party = Read(ParsePCalledPartyId, "sip-user <sip:u-business@h.example>;x");
  EXPECT_EQ(party.uri, "sip:u-business@h.example");
  EXPECT_EQ(party.parameters, ";x");
}

TEST(PAddressTest, WrittenReadAgainAndCompared) {
  EXPECT_EQ(Rewritten(ParsePAssociatedUri, "U <sip:u@h>;x , <sip:v@h>"), "U <sip:u@h>;x, <sip:v@h>");
  EXPECT_EQ(Rewritten(ParsePCalledPartyId, " <sip:u@h> "), "<sip:u@h>");
  EXPECT_TRUE(AreEquivalent(ParsePCalledPartyId, "<sip:u@H>", "U <sip:u@h>"));
  EXPECT_FALSE(AreEquivalent(ParsePCalledPartyId, "<sip:u@h>", "<sip:v@h>"));
}

TEST(PAddressTest, Malformed) {
  ExpectMalformed(ParsePAssociatedUri, {{"", ParseCode::kBadUri, 0},
                                        {" sip:u@h", ParseCode::kBadFieldValue, 1},
                                        {"<sip:u@h>, *", ParseCode::kBadFieldValue, 11},
                                        {"<sip:u@h>,", ParseCode::kBadFieldValue, 9},
                                        {"<sip:u@h>;", ParseCode::kBadParameter, 10}});
  ExpectMalformed(ParsePCalledPartyId, {{"sip:u@h", ParseCode::kBadFieldValue, 0},
                                        {"*", ParseCode::kBadFieldValue, 1},
                                        {"<sip:u@>", ParseCode::kBadUri, 7},
                                        {"<sip:u@h>, <sip:v@h>", ParseCode::kBadFieldValue, 11}});
}

}  // namespace
}  // namespace sansip
