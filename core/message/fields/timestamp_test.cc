// Timestamp, MIME-Version and Priority.
#include "sansip/core/message/fields/timestamp.h"

#include <string>

#include "gtest/gtest.h"
#include "sansip/core/message/fields/mime_version.h"
#include "sansip/core/message/fields/priority.h"
#include "sansip/core/message/test_field.h"

namespace sansip {
namespace {

TEST(TimestampTest, SentAndDelay) {
  Timestamp timestamp = Read(ParseTimestamp, "54");
  EXPECT_EQ(timestamp.sent.seconds, "54");
  EXPECT_EQ(timestamp.sent.fraction, "");
  EXPECT_FALSE(timestamp.has_delay);
  timestamp = Read(ParseTimestamp, "54.210\r\n .5");
  EXPECT_EQ(timestamp.sent.fraction, "210");
  EXPECT_TRUE(timestamp.has_delay);
  EXPECT_EQ(timestamp.delay.seconds, "");
  EXPECT_EQ(timestamp.delay.fraction, "5");
}

TEST(TimestampTest, Written) {
  EXPECT_EQ(Rewritten(ParseTimestamp, "054."), "054");
  EXPECT_EQ(Rewritten(ParseTimestamp, " 54.5 \t .25 "), "54.5 0.25");
  EXPECT_EQ(Rewritten(ParseTimestamp, "0 ."), "0 0");
  const std::string long_number(1000, '9');
  EXPECT_EQ(Rewritten(ParseTimestamp, long_number + "." + long_number), long_number + "." + long_number);
  EXPECT_EQ(Written(Timestamp{.sent = {"5x", ""}, .delay = {}}), "refused");
  EXPECT_EQ(Written(Timestamp{.sent = {"5", "1 2"}, .delay = {}}), "refused");
}

TEST(TimestampTest, Malformed) {
  ExpectMalformed(ParseTimestamp, {{"", ParseCode::kBadNumber, 0},
                                   {".5", ParseCode::kBadNumber, 0},
                                   {"-5", ParseCode::kBadNumber, 0},
                                   {"5.5.5", ParseCode::kBadFieldValue, 3},
                                   {"5,5", ParseCode::kBadFieldValue, 1},
                                   {"5 6 7", ParseCode::kBadFieldValue, 4},
                                   {"5 x", ParseCode::kBadFieldValue, 2},
                                   {"5e3", ParseCode::kBadFieldValue, 1}});
}

TEST(TimestampTest, Comparison) {
  EXPECT_TRUE(AreEquivalent(ParseTimestamp, "054.50 .1", "54.5 0.10"));
  EXPECT_FALSE(AreEquivalent(ParseTimestamp, "54", "55"));
  EXPECT_FALSE(AreEquivalent(ParseTimestamp, "54", "54 0"));
  EXPECT_FALSE(AreEquivalent(ParseTimestamp, "54.05", "54.5"));
}

TEST(MimeVersionTest, Numbers) {
  const MimeVersion version = Read(ParseMimeVersion, "1.0");
  EXPECT_EQ(version.before_point, 1u);
  EXPECT_EQ(version.behind_point, 0u);
  EXPECT_EQ(Rewritten(ParseMimeVersion, " 01.00 "), "1.0");
  EXPECT_EQ(Rewritten(ParseMimeVersion, "4294967295.2"), "4294967295.2");
  EXPECT_EQ(Written(MimeVersion{}), "1.0");
  EXPECT_TRUE(AreEquivalent(ParseMimeVersion, "1.0", "1.00"));
  EXPECT_FALSE(AreEquivalent(ParseMimeVersion, "1.0", "1.1"));
  ExpectMalformed(ParseMimeVersion, {{"", ParseCode::kBadNumber, 0},
                                     {"1", ParseCode::kBadFieldValue, 1},
                                     {"1.", ParseCode::kBadNumber, 2},
                                     {"1 .0", ParseCode::kBadFieldValue, 1},
                                     {"1.0 (x)", ParseCode::kBadFieldValue, 4},
                                     {"4294967296.0", ParseCode::kBadNumber, 0}});
}

TEST(PriorityTest, Urgencies) {
  EXPECT_EQ(Read(ParsePriority, "emergency").urgency, Urgency::kEmergency);
  EXPECT_EQ(Read(ParsePriority, "Urgent").urgency, Urgency::kUrgent);
  EXPECT_EQ(Read(ParsePriority, "normal").urgency, Urgency::kNormal);
  EXPECT_EQ(Read(ParsePriority, "non-urgent").urgency, Urgency::kNonUrgent);
  EXPECT_EQ(Read(ParsePriority, "psap-callback").urgency, Urgency::kOther);
  EXPECT_EQ(Priority{}.urgency, Urgency::kNormal);
  EXPECT_EQ(Written(Priority{}), "normal");
  EXPECT_EQ(Rewritten(ParsePriority, " Urgent "), "Urgent");
  EXPECT_EQ(Written(Priority{.text = "a, b"}), "refused");
  EXPECT_TRUE(AreEquivalent(ParsePriority, "URGENT", "urgent"));
  EXPECT_FALSE(AreEquivalent(ParsePriority, "x", "y"));
  ExpectMalformed(ParsePriority, {{"", ParseCode::kBadToken, 0},
                                  {"very urgent", ParseCode::kBadFieldValue, 5},
                                  {"normal;x", ParseCode::kBadFieldValue, 6}});
}

}  // namespace
}  // namespace sansip
