#include "sansip/core/base/source_counts.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace sansip {
namespace {

constexpr std::size_t kMany = 1000;

SocketAddress At(const std::string& ip, std::uint16_t port = 5060) { return *ParseIp(ip, port); }

class SourceCountsTest : public testing::Test {
 protected:
  // Are the two one source?
  bool AreOne(const std::string& a, const std::string& b) {
    const std::uint32_t slot = counts_.Enter(At(a), kMany);
    const bool are_one = counts_.CountOf(At(b)) == 1;
    counts_.Leave(slot);
    return are_one;
  }

  SourceCounts counts_{StringHash(1, 2)};
};

TEST_F(SourceCountsTest, CountsUpToTheMaximumAndDownAgain) {
  const std::uint32_t first = counts_.Enter(At("192.0.2.1"), 2);
  EXPECT_NE(first, SourceCounts::kNone);
  EXPECT_EQ(counts_.Enter(At("192.0.2.1"), 2), first);
  EXPECT_EQ(counts_.Enter(At("192.0.2.1"), 2), SourceCounts::kNone);
  EXPECT_EQ(counts_.CountOf(At("192.0.2.1")), 2u);
  EXPECT_EQ(counts_.sources(), 1u);
  EXPECT_NE(counts_.Enter(At("192.0.2.2"), 2), first);
  counts_.Leave(first);
  EXPECT_EQ(counts_.CountOf(At("192.0.2.1")), 1u);
  EXPECT_EQ(counts_.Enter(At("192.0.2.1"), 2), first);
  counts_.Leave(first);
  counts_.Leave(first);
  EXPECT_EQ(counts_.CountOf(At("192.0.2.1")), 0u);
  EXPECT_EQ(counts_.sources(), 1u);
  counts_.Leave(SourceCounts::kNone);
}

TEST_F(SourceCountsTest, AMaximumOfZeroRefusesAll) {
  EXPECT_EQ(counts_.Enter(At("192.0.2.1"), 0), SourceCounts::kNone);
  EXPECT_EQ(counts_.slots(), 0u);
}

TEST_F(SourceCountsTest, APortMakesNoDifference) {
  counts_.Enter(At("192.0.2.1", 5060), kMany);
  EXPECT_EQ(counts_.CountOf(At("192.0.2.1", 40000)), 1u);
}

TEST_F(SourceCountsTest, ASourceIsAnIpv4AddressOrTheFirst64BitsOfAnIpv6Address) {
  EXPECT_TRUE(AreOne("192.0.2.1", "192.0.2.1"));
  EXPECT_FALSE(AreOne("192.0.2.1", "192.0.2.2"));
  EXPECT_TRUE(AreOne("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"));
  EXPECT_FALSE(AreOne("2001:db8:1:2::1", "2001:db8:1:3::1"));
  EXPECT_FALSE(AreOne("2001:db8:1:2::1", "2001:db8:2:2::1"));
}

TEST_F(SourceCountsTest, AnIpv4AddressInsideAnIpv6AddressIsThatAddress) {
  EXPECT_TRUE(AreOne("::ffff:192.0.2.1", "192.0.2.1"));
  EXPECT_TRUE(AreOne("64:ff9b::192.0.2.1", "192.0.2.1"));
  EXPECT_FALSE(AreOne("::ffff:192.0.2.1", "::ffff:192.0.2.2"));
  EXPECT_FALSE(AreOne("64:ff9b::192.0.2.1", "64:ff9b::192.0.2.2"));
  // Close, but neither.
  EXPECT_TRUE(AreOne("::fffe:192.0.2.1", "::fffe:192.0.2.2"));
  EXPECT_TRUE(AreOne("64:ff9b::1:192.0.2.1", "64:ff9b::1:192.0.2.2"));
}

TEST_F(SourceCountsTest, NumbersOfBothFamiliesAreDifferentSources) {
  // 0000:0000:c000:0201::/64 as a number is 192.0.2.1.
  EXPECT_FALSE(AreOne("192.0.2.1", "0:0:c000:201::1"));
}

TEST_F(SourceCountsTest, NoAddressIsASourceToo) {
  counts_.Enter({}, kMany);
  EXPECT_EQ(counts_.CountOf({}), 1u);
  EXPECT_EQ(counts_.CountOf(At("0.0.0.0")), 0u);
}

TEST_F(SourceCountsTest, HoldsOnlySourcesThatHaveAny) {
  std::vector<std::uint32_t> slots;
  for (int round = 0; round < 100; ++round) {
    for (int i = 0; i < 50; ++i) {
      slots.push_back(counts_.Enter(At("10.1." + std::to_string(round) + "." + std::to_string(i)), 1));
    }
    EXPECT_EQ(counts_.sources(), 50u);
    for (const std::uint32_t slot : slots) counts_.Leave(slot);
    slots.clear();
    EXPECT_EQ(counts_.sources(), 0u);
  }
  // As many places as there ever were at a time, whatever the 5000 were.
  EXPECT_EQ(counts_.slots(), 50u);
}

}  // namespace
}  // namespace sansip
