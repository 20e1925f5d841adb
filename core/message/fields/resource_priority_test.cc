#include "sansip/core/message/fields/resource_priority.h"

#include <string>

#include "gtest/gtest.h"
#include "sansip/core/message/test_field.h"

namespace sansip {
namespace {

TEST(ResourcePriorityTest, Values) {
  const auto values = Read(ParseResourceValue, " ets.0\r\n ,\twps.3 , a-!%*_+`'~.B9");
  ASSERT_EQ(values.size(), 3u);
  EXPECT_EQ(values[0].name_space, "ets");
  EXPECT_EQ(values[0].priority, "0");
  EXPECT_EQ(values[1].name_space, "wps");
  EXPECT_EQ(values[2].name_space, "a-!%*_+`'~");
  EXPECT_EQ(values[2].priority, "B9");
}

TEST(ResourcePriorityTest, WrittenAndReadAgain) {
  EXPECT_EQ(Rewritten(ParseResourceValue, "ets.0 ,q735.1"), "ets.0, q735.1");
  for (std::string_view word : {"", "a.b", "a b", "a,b", "a\r\n"}) {
    EXPECT_EQ(Written(ResourceValue{.name_space = word, .priority = "0"}), "refused") << word;
    EXPECT_EQ(Written(ResourceValue{.name_space = "ets", .priority = word}), "refused") << word;
  }
}

TEST(ResourcePriorityTest, Comparison) {
  EXPECT_TRUE(AreEquivalent(ParseResourceValue, "drsn.flash", "DRSN.Flash"));
  EXPECT_FALSE(AreEquivalent(ParseResourceValue, "drsn.flash", "dsn.flash"));
  EXPECT_FALSE(AreEquivalent(ParseResourceValue, "wps.1", "wps.2"));
}

TEST(ResourcePriorityTest, Malformed) {
  ExpectMalformed(ParseResourceValue, {{"", ParseCode::kBadToken, 0},
                                       {".0", ParseCode::kBadToken, 0},
                                       {"ets", ParseCode::kBadFieldValue, 3},
                                       {"ets.", ParseCode::kBadToken, 4},
                                       {"ets .0", ParseCode::kBadFieldValue, 3},
                                       {"ets. 0", ParseCode::kBadToken, 4},
                                       {"ets.0.1", ParseCode::kBadFieldValue, 5},
                                       {"ets.0;x", ParseCode::kBadFieldValue, 5},
                                       {"ets.0,", ParseCode::kBadFieldValue, 5},
                                       {"ets.0, ets", ParseCode::kBadFieldValue, 10}});
}

TEST(ResourcePriorityTest, ALineNamesEveryNamespaceOnce) {
  EXPECT_TRUE(CheckResourcePriority("ets.0, wps.1,dsn.flash").ok());
  EXPECT_EQ(CheckResourcePriority("ets.0, wps.1,ETS.1"), (ParseError{ParseCode::kRepeatedParameter, 13}));
  EXPECT_EQ(CheckResourcePriority(""), (ParseError{ParseCode::kBadToken, 0}));
  EXPECT_EQ(CheckResourcePriority("ets.0, wps"), (ParseError{ParseCode::kBadFieldValue, 10}));
}

TEST(ResourcePriorityTest, HasALimit) {
  std::string value = "n0.1";
  for (std::size_t i = 1; i < kResourceValuesMax; ++i) value += ",n" + std::to_string(i) + ".1";
  EXPECT_TRUE(CheckResourcePriority(value).ok());
  const auto end = static_cast<std::uint32_t>(value.size() + 1);
  EXPECT_EQ(CheckResourcePriority(value + ",a.1"), (ParseError{ParseCode::kBadFieldValue, end}));
}

}  // namespace
}  // namespace sansip
