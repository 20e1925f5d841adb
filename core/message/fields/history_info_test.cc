#include "sansip/core/message/fields/history_info.h"

#include <array>
#include <string>

#include "gtest/gtest.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/test_field.h"

namespace sansip {
namespace {

using TargetParam = HistoryEntry::TargetParam;

TEST(HistoryInfoTest, Entries) {
  const auto entries =
      Read(ParseHistoryEntry,
           "<sip:u@ims.example>;index=1;foo=bar ,\r\n \"U, 2\" <sip:v@h?Reason=SIP%3Bcause%3D302>"
           " ; Index = 1.1 ;\r\n RC=1, <tel:+1-555>;mp=1.1;index=1.10.0,<sip:w@h>;np=1;index=0");
  ASSERT_EQ(entries.size(), 4u);
  EXPECT_EQ(entries[0].target.uri, "sip:u@ims.example");
  EXPECT_EQ(entries[0].index, "1");
  EXPECT_EQ(entries[0].target_param, TargetParam::kNone);
  EXPECT_EQ(Parameter(entries[0].target.parameters, "foo"), "bar");
  EXPECT_EQ(entries[1].target.display_name, "\"U, 2\"");
  EXPECT_EQ(entries[1].index, "1.1");
  EXPECT_EQ(entries[1].target_param, TargetParam::kRc);
  EXPECT_EQ(entries[1].target_index, "1");
  EXPECT_EQ(entries[2].target.uri, "tel:+1-555");
  EXPECT_EQ(entries[2].index, "1.10.0");
  EXPECT_EQ(entries[2].target_param, TargetParam::kMp);
  EXPECT_EQ(entries[3].target_param, TargetParam::kNp);
}

TEST(HistoryInfoTest, ReasonAndPrivacyAreReadable) {
  const auto entries = Read(ParseHistoryEntry,
                            "<sip:v@h?Privacy=history&reason=SIP%3Bcause%3D486&Reason=Q.850%3Bcause%3D17"
                            "&Reason=a%0D%0Ab>;index=1.2");
  ASSERT_EQ(entries.size(), 1u);
  std::array<char, 64> storage;
  EXPECT_EQ(HistoryField(entries[0], HeaderId::kReason, 0, storage), "SIP;cause=486");
  EXPECT_EQ(HistoryField(entries[0], HeaderId::kReason, 1, storage), "Q.850;cause=17");
  EXPECT_EQ(HistoryField(entries[0], HeaderId::kReason, 2, storage), std::nullopt);
  EXPECT_EQ(HistoryField(entries[0], HeaderId::kReason, 3, storage), std::nullopt);
  EXPECT_EQ(HistoryField(entries[0], HeaderId::kPrivacy, 0, storage), "history");
  EXPECT_EQ(HistoryField(entries[0], HeaderId::kPrivacy, 1, storage), std::nullopt);
  EXPECT_EQ(HistoryField(entries[0], HeaderId::kPrivacy, 0, std::span(storage).first(6)), std::nullopt);
  const auto tel = Read(ParseHistoryEntry, "<tel:+1>;index=1");
  EXPECT_EQ(HistoryField(tel[0], HeaderId::kReason, 0, storage), std::nullopt);
}

TEST(HistoryInfoTest, Indexes) {
  for (std::string_view index : {"0", "1", "10", "1.1.2", "1.0.1", "123456789012345678901234567890"}) {
    EXPECT_TRUE(IsHistoryIndex(index)) << index;
  }
  for (std::string_view index : {"", ".", "01", "1.", ".1", "1..2", "1.01", "1.a", "-1", "1 ", "00"}) {
    EXPECT_FALSE(IsHistoryIndex(index)) << index;
  }
}

TEST(HistoryInfoTest, WrittenAndReadAgain) {
  EXPECT_EQ(Rewritten(ParseHistoryEntry, "\"A\" <sip:a@h?Reason=x>;x=y;mp=1;index=1.1,<sip:b@h>;index=2"),
            "\"A\" <sip:a@h?Reason=x>;index=1.1;mp=1;x=y, <sip:b@h>;index=2");
  HistoryEntry entry;
  entry.target.uri = "sip:a@h";
  EXPECT_EQ(Written(entry), "refused");
  entry.index = "1";
  EXPECT_EQ(Written(entry), "<sip:a@h>;index=1");
  entry.index = "1;x";
  EXPECT_EQ(Written(entry), "refused");
  entry.index = "1";
  entry.target_param = TargetParam::kRc;
  EXPECT_EQ(Written(entry), "refused");
  entry.target_index = "1, <sip:b@h>";
  EXPECT_EQ(Written(entry), "refused");
  entry.target_index = "1.2";
  EXPECT_EQ(Written(entry), "<sip:a@h>;index=1;rc=1.2");
  entry.target.uri = "sip:a@h>\r\nX: <sip:b@h";
  EXPECT_EQ(Written(entry), "refused");
}

TEST(HistoryInfoTest, Comparison) {
  EXPECT_TRUE(
      AreEquivalent(ParseHistoryEntry, "<sip:a@H>;x=Y;index=1;rc=0", "\"A\" <sip:a@h>;RC=0;Index=1;X=y"));
  EXPECT_TRUE(AreEquivalent(ParseHistoryEntry, "<tel:+1-5>;index=1", "<tel:+15>;index=1"));
  EXPECT_FALSE(AreEquivalent(ParseHistoryEntry, "<sip:a@h>;index=1", "<sip:a@h>;index=2"));
  EXPECT_FALSE(AreEquivalent(ParseHistoryEntry, "<sip:a@h>;index=1;rc=1", "<sip:a@h>;index=1;mp=1"));
  EXPECT_FALSE(AreEquivalent(ParseHistoryEntry, "<sip:a@h>;index=1;rc=1", "<sip:a@h>;index=1;rc=2"));
  EXPECT_FALSE(AreEquivalent(ParseHistoryEntry, "<sip:a@h?x=1>;index=1", "<sip:a@h>;index=1"));
  EXPECT_FALSE(AreEquivalent(ParseHistoryEntry, "<sip:a@h>;index=1;x", "<sip:a@h>;index=1"));
}

TEST(HistoryInfoTest, Malformed) {
  ExpectMalformed(ParseHistoryEntry, {{"", ParseCode::kBadUri, 0},
                                      {" sip:a@h;index=1", ParseCode::kBadFieldValue, 1},
                                      {"*", ParseCode::kBadFieldValue, 0},
                                      {"<sip:a@h>", ParseCode::kBadParameter, 9},
                                      {"\"A\" <sip:a@h>", ParseCode::kBadParameter, 13},
                                      {"<sip:a@h>;x", ParseCode::kBadParameter, 11},
                                      {"<sip:a@h> ;index", ParseCode::kBadParameter, 10},
                                      {"<sip:a@h>;index=01", ParseCode::kBadParameter, 9},
                                      {"<sip:a@h>;index=1.", ParseCode::kBadParameter, 9},
                                      {"<sip:a@h>;index=\"1\"", ParseCode::kBadParameter, 9},
                                      {"<sip:a@h>;index=1;index=1", ParseCode::kRepeatedParameter, 17},
                                      {"<sip:a@h>;index=1;rc", ParseCode::kBadParameter, 17},
                                      {"<sip:a@h>;index=1;rc=x", ParseCode::kBadParameter, 17},
                                      {"<sip:a@h>;index=1;rc=1;np=1", ParseCode::kRepeatedParameter, 22},
                                      {"<sip:a@h>;index=1,", ParseCode::kBadFieldValue, 17},
                                      {"<sip:a@h>;index=1, <sip:b@h>;mp=1", ParseCode::kBadParameter, 33},
                                      {"<sip:a b@h>;index=1", ParseCode::kBadUri, 6}});
}

}  // namespace
}  // namespace sansip
