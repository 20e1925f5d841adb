#include "sansip/core/message/fields/session_expires.h"

#include "gtest/gtest.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/test_field.h"
#include "sansip/core/message/test_message.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

TEST(SessionExpiresTest, SecondsRefresherAndOthers) {
  const SessionExpires field = Read(ParseSessionExpires, "1800;foo=bar;refresher=uac;baz");
  EXPECT_EQ(field.seconds, 1800u);
  EXPECT_EQ(field.refresher, Refresher::kUac);
  EXPECT_EQ(Parameter(field.parameters, "foo"), "bar");
  EXPECT_EQ(Read(ParseSessionExpires, "4000").refresher, Refresher::kNone);
  EXPECT_EQ(Read(ParseSessionExpires, " 1800 ;\r\n refresher\r\n = UAS ").refresher, Refresher::kUas);
  EXPECT_EQ(Read(ParseSessionExpires, "99999999999").seconds, 0xFFFFFFFF);
  SANSIP_SHOWS("4028-4-2", "4028-4-11", "4028-4-12", "4028-4-15");
}

TEST(SessionExpiresTest, Malformed) {
  ExpectMalformed(ParseSessionExpires,
                  {
                      {"", ParseCode::kBadNumber, 0},
                      {"-1", ParseCode::kBadNumber, 0},
                      {"abc", ParseCode::kBadNumber, 0},
                      {"1800.5", ParseCode::kBadFieldValue, 4},
                      {"18 00", ParseCode::kBadFieldValue, 3},
                      {"90, 91", ParseCode::kBadFieldValue, 2},
                      {"90;", ParseCode::kBadParameter, 3},
                      {"90;refresher", ParseCode::kBadParameter, 2},
                      {"90;refresher=", ParseCode::kBadParameter, 13},
                      {"90;refresher=me", ParseCode::kBadParameter, 2},
                      {"90;refresher=\"uac\"", ParseCode::kBadParameter, 2},
                      {"90 ;x;refresher=uac;refresher=uac", ParseCode::kRepeatedParameter, 19},
                      {"90;refresher=uac;refresher=uas", ParseCode::kRepeatedParameter, 16},
                  });
  SANSIP_SHOWS("4028-4-2", "4028-4-13");
}

TEST(SessionExpiresTest, WrittenAndCompared) {
  EXPECT_EQ(Rewritten(ParseSessionExpires, "090 ; x ; refresher=UAC ; y=\"z\""),
            "90;refresher=uac;x;y=\"z\"");
  EXPECT_EQ(Rewritten(ParseSessionExpires, "4294967295;refresher=uas"), "4294967295;refresher=uas");
  EXPECT_EQ(Written(SessionExpires{.seconds = 4000, .refresher = Refresher::kUas}), "4000;refresher=uas");
  SessionExpires field = Read(ParseSessionExpires, "1800;refresher=uas;x");
  field.refresher = Refresher::kUac;
  EXPECT_EQ(Written(field), "1800;refresher=uac;x");
  field.parameters = ";x\r\nX: y";
  EXPECT_EQ(Written(field), "refused");
  field.parameters = ";x, 90";
  EXPECT_EQ(Written(field), "refused");
  EXPECT_TRUE(AreEquivalent(ParseSessionExpires, "90;refresher=uac;x=y", "090;X=Y;refresher=UAC"));
  EXPECT_FALSE(AreEquivalent(ParseSessionExpires, "90;refresher=uac", "90;refresher=uas"));
  EXPECT_FALSE(AreEquivalent(ParseSessionExpires, "90;refresher=uac", "90"));
  EXPECT_FALSE(AreEquivalent(ParseSessionExpires, "90", "91"));
  EXPECT_FALSE(AreEquivalent(ParseSessionExpires, "90;x", "90"));
}

TEST(MinSeTest, SecondsAndParameters) {
  const MinSe field = Read(ParseMinSe, " 120 ;\r\n x=y;refresher=me");
  EXPECT_EQ(field.seconds, 120u);
  EXPECT_EQ(Parameter(field.parameters, "x"), "y");
  EXPECT_EQ(Read(ParseMinSe, "18446744073709551617").seconds, 0xFFFFFFFF);
  EXPECT_FALSE(Parsed(RequestWith({"m: <sip:a@h>"})).view().Has(HeaderId::kMinSe));
  ExpectMalformed(ParseMinSe, {
                                  {"", ParseCode::kBadNumber, 0},
                                  {"soon", ParseCode::kBadNumber, 0},
                                  {"90 91", ParseCode::kBadFieldValue, 3},
                                  {"90;", ParseCode::kBadParameter, 3},
                              });
  EXPECT_EQ(Rewritten(ParseMinSe, "0090 ; x=y"), "90; x=y");
  EXPECT_EQ(Written(MinSe{.seconds = 90, .parameters = ";a b"}), "refused");
  EXPECT_TRUE(AreEquivalent(ParseMinSe, "90;a;b=c", "090;B=C;a"));
  EXPECT_FALSE(AreEquivalent(ParseMinSe, "90", "91"));
  EXPECT_FALSE(AreEquivalent(ParseMinSe, "90;a", "90"));
  SANSIP_SHOWS("4028-5-7");
}

}  // namespace
}  // namespace sansip
