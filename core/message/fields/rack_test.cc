#include "sansip/core/message/fields/rack.h"

#include "gtest/gtest.h"
#include "sansip/core/message/method.h"
#include "sansip/core/message/test_field.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

TEST(RSeqTest, OneNumberFrom1To2Pow32Less1) {
  EXPECT_EQ(Read(ParseRSeq, "988789").number, 988789u);
  EXPECT_EQ(Read(ParseRSeq, " 0001 ").number, 1u);
  EXPECT_EQ(Read(ParseRSeq, "\r\n 4294967295").number, 4294967295u);
  ExpectMalformed(ParseRSeq, {
                                 {"", ParseCode::kBadNumber, 0},
                                 {"0", ParseCode::kBadNumber, 0},
                                 {" 000", ParseCode::kBadNumber, 1},
                                 {"4294967296", ParseCode::kBadNumber, 0},
                                 {"18446744073709551617", ParseCode::kBadNumber, 0},
                                 {"-1", ParseCode::kBadNumber, 0},
                                 {"1 2", ParseCode::kBadFieldValue, 2},
                                 {"1,2", ParseCode::kBadFieldValue, 1},
                                 {"1;a", ParseCode::kBadFieldValue, 1},
                                 {"1x", ParseCode::kBadFieldValue, 1},
                             });
  SANSIP_SHOWS("3262-7.1-1");
}

TEST(RSeqTest, WrittenAndCompared) {
  EXPECT_EQ(Rewritten(ParseRSeq, "007"), "7");
  EXPECT_EQ(Rewritten(ParseRSeq, "4294967295"), "4294967295");
  EXPECT_TRUE(AreEquivalent(ParseRSeq, "7", "007"));
  EXPECT_FALSE(AreEquivalent(ParseRSeq, "7", "8"));
  EXPECT_EQ(Written(RSeq{}), "refused");
}

TEST(RAckTest, TwoNumbersAndAMethod) {
  const RAck rack = Read(ParseRAck, "776656 1 INVITE");
  EXPECT_EQ(rack.rseq, 776656u);
  EXPECT_EQ(rack.cseq.number, 1u);
  EXPECT_EQ(rack.cseq.method, Method::kInvite);
  const RAck folded = Read(ParseRAck, " 2\r\n  \t0 \r\n FOO ");
  EXPECT_EQ(folded.rseq, 2u);
  EXPECT_EQ(folded.cseq.number, 0u);
  EXPECT_EQ(folded.cseq.method_text, "FOO");
  EXPECT_EQ(MethodFromName("PRACK"), Method::kPrack);
  EXPECT_EQ(MethodFromName("prack"), Method::kExtension);
  SANSIP_SHOWS("3262-10-1");
}

TEST(RAckTest, Malformed) {
  ExpectMalformed(ParseRAck, {
                                 {"", ParseCode::kBadNumber, 0},
                                 {"0 1 INVITE", ParseCode::kBadNumber, 0},
                                 {"4294967296 1 INVITE", ParseCode::kBadNumber, 0},
                                 {"x 1 INVITE", ParseCode::kBadNumber, 0},
                                 {"1", ParseCode::kBadFieldValue, 1},
                                 {"1,1 INVITE", ParseCode::kBadFieldValue, 1},
                                 {"1 ", ParseCode::kBadNumber, 2},
                                 {"1 INVITE", ParseCode::kBadNumber, 2},
                                 {"1 4294967296 INVITE", ParseCode::kBadNumber, 2},
                                 {"1 1", ParseCode::kBadCSeq, 3},
                                 {"1 1 ", ParseCode::kBadMethod, 4},
                                 {"1 1 INVITE x", ParseCode::kBadCSeq, 11},
                             });
}

TEST(RAckTest, MadeOfAResponsesRSeqAndCSeq) {
  const RSeq rseq = Read(ParseRSeq, "776656");
  const CSeq cseq = Read(ParseCSeq, "1 INVITE");
  EXPECT_EQ(Written(RAck{rseq.number, cseq}), "776656 1 INVITE");
  SANSIP_SHOWS("3262-7.2-1");
}

TEST(RAckTest, WrittenAndCompared) {
  EXPECT_EQ(Rewritten(ParseRAck, "1\r\n 04294967295  FOO"), "1 4294967295 FOO");
  EXPECT_TRUE(AreEquivalent(ParseRAck, "7 1 INVITE", "07  01 INVITE"));
  EXPECT_FALSE(AreEquivalent(ParseRAck, "7 1 INVITE", "8 1 INVITE"));
  EXPECT_FALSE(AreEquivalent(ParseRAck, "7 1 INVITE", "7 2 INVITE"));
  EXPECT_FALSE(AreEquivalent(ParseRAck, "7 1 INVITE", "7 1 invite"));
  EXPECT_EQ(Written(RAck{0, {.number = 1, .method_text = "INVITE"}}), "refused");
  EXPECT_EQ(Written(RAck{1, {.number = 1, .method_text = "A\r\nX: y"}}), "refused");
  SANSIP_SHOWS("3262-7.2-2");
}

}  // namespace
}  // namespace sansip
