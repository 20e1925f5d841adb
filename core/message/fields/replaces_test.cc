#include "sansip/core/message/fields/replaces.h"

#include "gtest/gtest.h"
#include "sansip/core/message/field_check.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/test_field.h"
#include "sansip/core/message/test_message.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

TEST(ReplacesTest, EveryPartInAnyOrder) {
  const Replaces replaces =
      Read(ParseReplaces, "98732@sip.example.com\r\n ;from-tag=r33th4x0r\r\n ;x=y ; To-Tag = ff87ff");
  EXPECT_EQ(replaces.call_id, "98732@sip.example.com");
  EXPECT_EQ(replaces.to_tag, "ff87ff");
  EXPECT_EQ(replaces.from_tag, "r33th4x0r");
  EXPECT_FALSE(replaces.early_only);
  EXPECT_EQ(Parameter(replaces.parameters, "x"), "y");
  EXPECT_TRUE(Read(ParseReplaces, "12adf2f34456gs5;Early-Only;to-tag=12345;from-tag=54321").early_only);
  EXPECT_EQ(Read(ParseReplaces, "(<\"[{?}]:\\/>;to-tag=1;from-tag=0").call_id, "(<\"[{?}]:\\/>");
  for (char c = 'a'; c <= 'z'; ++c) {
    EXPECT_NE(HeaderIdFromName({&c, 1}), HeaderId::kReplaces);
  }
  SANSIP_SHOWS("3891-6.1-3");
}

TEST(ReplacesTest, Malformed) {
  ExpectMalformed(ParseReplaces,
                  {
                      {"", ParseCode::kBadCallId, 0},
                      {"@h;to-tag=1;from-tag=2", ParseCode::kBadCallId, 0},
                      {"a@;to-tag=1;from-tag=2", ParseCode::kBadCallId, 2},
                      {"a b;to-tag=1;from-tag=2", ParseCode::kBadFieldValue, 2},
                      {"a;to-tag=1;from-tag=2, b", ParseCode::kBadFieldValue, 21},
                      {"a;to-tag;from-tag=2", ParseCode::kBadParameter, 1},
                      {"a;to-tag=;from-tag=2", ParseCode::kBadParameter, 9},
                      {"a;to-tag=\"1\";from-tag=2", ParseCode::kBadParameter, 1},
                      {"a;to-tag=1;from-tag=[::1]", ParseCode::kBadParameter, 10},
                      {"a;to-tag=1;from-tag=2;early-only=x", ParseCode::kBadParameter, 21},
                      {"a;early-only;early-only;to-tag=1;from-tag=2", ParseCode::kRepeatedParameter, 12},
                      {"a;to-tag=1;from-tag=2;", ParseCode::kBadParameter, 22},
                  });
}

TEST(ReplacesTest, ExactlyOneOfEachTag) {
  ExpectMalformed(ParseReplaces, {
                                     {"a", ParseCode::kBadParameter, 1},
                                     {"a;to-tag=1", ParseCode::kBadParameter, 10},
                                     {"a;from-tag=1", ParseCode::kBadParameter, 12},
                                     {"a;to-tag=1;from-tag=2;to-tag=1", ParseCode::kRepeatedParameter, 21},
                                     {"a;from-tag=1;to-tag=1;From-Tag=2", ParseCode::kRepeatedParameter, 21},
                                 });
  const Parsed parsed(RequestWith({"Replaces: a;to-tag=1"}));
  EXPECT_EQ(ResponseCodeFor(CheckFields(parsed.view()).code), 400);
  SANSIP_SHOWS("3891-6.1-1");
}

TEST(ReplacesTest, NamesADialog) {
  const Replaces replaces = Read(ParseReplaces, "425928@bobster.example.org;to-tag=7743;from-tag=6472");
  EXPECT_TRUE(NamesDialog(replaces, "425928@bobster.example.org", "7743", "6472"));
  EXPECT_FALSE(NamesDialog(replaces, "425928@bobster.example.org", "6472", "7743"));
  EXPECT_FALSE(NamesDialog(replaces, "425928@BOBSTER.example.org", "7743", "6472"));
  EXPECT_FALSE(NamesDialog(replaces, "425928@bobster.example.org", "7743", ""));
  SANSIP_SHOWS("3891-3-1");
}

TEST(ReplacesTest, TagZeroIsAlsoNoTag) {
  const Replaces replaces = Read(ParseReplaces, "87134@171.161.34.23;to-tag=24796;from-tag=0");
  EXPECT_TRUE(NamesDialog(replaces, "87134@171.161.34.23", "24796", ""));
  EXPECT_TRUE(NamesDialog(replaces, "87134@171.161.34.23", "24796", "0"));
  EXPECT_FALSE(NamesDialog(replaces, "87134@171.161.34.23", "24796", "00"));
  EXPECT_FALSE(NamesDialog(replaces, "87134@171.161.34.23", "", ""));
  const Join join = Read(ParseJoin, "a;to-tag=0;from-tag=0");
  EXPECT_TRUE(NamesDialog(join, "a", "", "0"));
  EXPECT_FALSE(NamesDialog(join, "a", "1", ""));
  SANSIP_SHOWS("3891-6.1-2");
}

TEST(ReplacesTest, Written) {
  EXPECT_EQ(Rewritten(ParseReplaces, "a@b;from-tag=1;x=\"y\";to-tag=2 ; early-only;z"),
            "a@b;to-tag=2;from-tag=1;early-only;x=\"y\";z");
  EXPECT_EQ(Written(Replaces{.call_id = "a@b", .to_tag = "1", .from_tag = "2", .early_only = true}),
            "a@b;to-tag=1;from-tag=2;early-only");
  for (const Replaces& bad :
       {Replaces{}, Replaces{.call_id = "a", .to_tag = "1"}, Replaces{.call_id = "a", .from_tag = "1"},
        Replaces{.call_id = "a;b", .to_tag = "1", .from_tag = "2"},
        Replaces{.call_id = "a,b", .to_tag = "1", .from_tag = "2"},
        Replaces{.call_id = "a\r\nX: y", .to_tag = "1", .from_tag = "2"},
        Replaces{.call_id = "a", .to_tag = "1;x", .from_tag = "2"},
        Replaces{.call_id = "a", .to_tag = "1", .from_tag = "\"2\""},
        Replaces{.call_id = "a", .to_tag = "1", .from_tag = "2", .parameters = "x"}}) {
    EXPECT_EQ(Written(bad), "refused") << bad.call_id << bad.to_tag << bad.from_tag;
  }
}

TEST(ReplacesTest, Compared) {
  EXPECT_TRUE(AreEquivalent(ParseReplaces, "a;to-tag=1;from-tag=2;x=y;early-only",
                            "a;EARLY-ONLY;X=Y;from-tag=2;to-tag=1"));
  EXPECT_FALSE(AreEquivalent(ParseReplaces, "a;to-tag=1;from-tag=2", "A;to-tag=1;from-tag=2"));
  EXPECT_FALSE(AreEquivalent(ParseReplaces, "a;to-tag=1;from-tag=2", "a;to-tag=2;from-tag=1"));
  EXPECT_FALSE(AreEquivalent(ParseReplaces, "a;to-tag=x;from-tag=2", "a;to-tag=X;from-tag=2"));
  EXPECT_FALSE(AreEquivalent(ParseReplaces, "a;to-tag=1;from-tag=2", "a;to-tag=1;from-tag=2;early-only"));
  EXPECT_FALSE(AreEquivalent(ParseReplaces, "a;to-tag=1;from-tag=2", "a;to-tag=1;from-tag=2;x"));
}

// RFC 3911 7.1
TEST(JoinTest, ADialogWithoutEarlyFlag) {
  const Join join = Read(ParseJoin, "12adf2f34456gs5;to-tag=12345 ;\r\n from-tag=54321;early-only");
  EXPECT_EQ(join.call_id, "12adf2f34456gs5");
  EXPECT_EQ(join.to_tag, "12345");
  EXPECT_EQ(join.from_tag, "54321");
  EXPECT_EQ(Parameter(join.parameters, "early-only"), "");
  EXPECT_TRUE(NamesDialog(join, "12adf2f34456gs5", "12345", "54321"));
  EXPECT_EQ(Rewritten(ParseJoin, "a@b;from-tag=1;x;to-tag=2"), "a@b;to-tag=2;from-tag=1;x");
  EXPECT_EQ(Written(Join{.call_id = "a", .to_tag = "1", .from_tag = "2"}), "a;to-tag=1;from-tag=2");
  EXPECT_EQ(Written(Join{.call_id = "a", .to_tag = "1", .from_tag = {}}), "refused");
  EXPECT_TRUE(AreEquivalent(ParseJoin, "a;to-tag=1;from-tag=2", "a;from-tag=2;to-tag=1"));
  EXPECT_FALSE(AreEquivalent(ParseJoin, "a;to-tag=1;from-tag=2", "a;to-tag=1;from-tag=2;x"));
  ExpectMalformed(ParseJoin, {
                                 {"a;to-tag=1", ParseCode::kBadParameter, 10},
                                 {"a;to-tag=1;to-tag=1;from-tag=1", ParseCode::kRepeatedParameter, 10},
                                 {";to-tag=1;from-tag=1", ParseCode::kBadCallId, 0},
                             });
}

TEST(TargetDialogTest, HasTheTagsOfWhoReceivesIt) {
  const TargetDialog target = Read(
      ParseTargetDialog, "fa77as7dad8-sd98ajzz@host.example.com\r\n ;Local-Tag=kkaz- ;x;remote-tag=6544");
  EXPECT_EQ(target.call_id, "fa77as7dad8-sd98ajzz@host.example.com");
  EXPECT_EQ(target.local_tag, "kkaz-");
  EXPECT_EQ(target.remote_tag, "6544");
  EXPECT_EQ(Rewritten(ParseTargetDialog, "a;y=z;remote-tag=2;local-tag=1"), "a;local-tag=1;remote-tag=2;y=z");
  EXPECT_TRUE(Equivalent(
      target,
      Read(ParseTargetDialog, "fa77as7dad8-sd98ajzz@host.example.com;x;remote-tag=6544;local-tag=kkaz-")));
  EXPECT_FALSE(Equivalent(Read(ParseTargetDialog, "a;remote-tag=2;local-tag=1"),
                          Read(ParseTargetDialog, "a;remote-tag=1;local-tag=2")));
  ExpectMalformed(ParseTargetDialog,
                  {
                      {"", ParseCode::kBadCallId, 0},
                      {"a", ParseCode::kBadParameter, 1},
                      {"a;to-tag=1;from-tag=2", ParseCode::kBadParameter, 21},
                      {"a;local-tag=1", ParseCode::kBadParameter, 13},
                      {"a;local-tag=1;remote-tag", ParseCode::kBadParameter, 13},
                      {"a;local-tag=1;remote-tag=2;local-tag=1", ParseCode::kRepeatedParameter, 26},
                  });
}

}  // namespace
}  // namespace sansip
