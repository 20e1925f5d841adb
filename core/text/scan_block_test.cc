#include "sansip/core/text/scan_block.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/scan_line.h"

namespace sansip {
namespace {

class ScanBlockTest : public testing::TestWithParam<ScanVariant> {
 protected:
  void SetUp() override {
    if (!IsScanVariantHere(GetParam())) return;
    scan_ = ScanBlocksOf(GetParam());
  }
  // Where a variant is not here the portable one stands in, and is what this tests.
  ScanBlocks scan_ = ScanBlocksOf(ScanVariant::kPortable);
};

// Of the last of two blocks, so that it is known where it is put.
class OneBlock {
 public:
  OneBlock(ScanBlocks scan, const std::array<char, kScanBlockBytes>& block) {
    std::array<char, 2 * kScanBlockBytes> blocks;
    blocks.fill('.');
    std::copy(block.begin(), block.end(), blocks.begin() + kScanBlockBytes);
    EXPECT_EQ(scan(blocks.data(), 1, blocks.data() + kScanBlockBytes, masks_), 2u);
  }
  std::uint64_t control() const { return masks_.control[1]; }
  std::uint64_t not_plain() const { return masks_.not_plain[1]; }
  std::uint64_t not_alphanum() const { return masks_.not_alphanum[1]; }

 private:
  BlockMasks masks_;
};

TEST_P(ScanBlockTest, EveryByteInEveryPlace) {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    for (std::size_t place = 0; place < kScanBlockBytes; ++place) {
      std::array<char, kScanBlockBytes> block;
      block.fill(' ');
      block[place] = c;
      const OneBlock masks(scan_, block);
      const std::uint64_t bit = std::uint64_t{1} << place;
      ASSERT_EQ(masks.control(), (byte < 0x20 && byte != '\t') || byte == 0x7F ? bit : 0) << byte;
      ASSERT_EQ(masks.not_plain(), ~(Is(kPlain, c) ? bit : 0)) << byte;
      ASSERT_EQ(masks.not_alphanum(), ~(Is(kAlphanum, c) ? bit : 0)) << byte;
    }
  }
}

std::size_t FirstNotPlain(std::string_view text, std::size_t from) {
  while (from < text.size() && Is(kPlain, text[from])) ++from;
  return from;
}

// Texts of every size around the block's, so that every tail is met.
TEST_P(ScanBlockTest, TextMasksFindWhatAWalkFinds) {
  std::uint32_t state = 7;
  for (std::size_t size = kScanBlockBytes; size < 200; ++size) {
    std::string text(size, 'a');
    for (char& c : text) {
      state = state * 1664525 + 1013904223;
      constexpr char kChars[] = {'a', 'b', ' ', '\t', ':', '\r', ' ', '\0', '\x7F', '\xC3'};
      const std::uint32_t draw = state >> 24;
      c = draw < 20 ? kChars[draw % 10] : 'x';
    }
    TextMasks masks(text, scan_);
    ASSERT_TRUE(masks.Scan());
    if (masks.end() != size) continue;  // four control characters in a row
    for (std::size_t from = 0; from <= size; ++from) {
      ASSERT_EQ(masks.ControlFrom(from), FindControlPortable(text, from)) << size << " from " << from;
      ASSERT_EQ(masks.NotPlainFrom(from), FirstNotPlain(text, from)) << size << " from " << from;
    }
  }
}

// If it lies within a block; across two it is not looked for.
TEST_P(ScanBlockTest, TextMasksEndWithTheBlankLine) {
  for (std::size_t place = 0; place < 200; ++place) {
    const std::string text = std::string(place, 'a') + "\r\n\r\n" + std::string(500, 'b');
    TextMasks masks(text, scan_);
    ASSERT_TRUE(masks.Scan());
    const bool is_in_one = place / kScanBlockBytes == (place + 3) / kScanBlockBytes;
    EXPECT_EQ(masks.end(), is_in_one ? (place / kScanBlockBytes + 1) * kScanBlockBytes : text.size())
        << place;
    EXPECT_EQ(masks.ControlFrom(place + 4), masks.end());
  }
}

TEST_P(ScanBlockTest, TextMasksSeeNothingBeyondTheirRoom) {
  const std::string text(kScanBytesMax + 100, 'a');
  TextMasks masks(text, scan_);
  ASSERT_TRUE(masks.Scan());
  EXPECT_EQ(masks.end(), kScanBytesMax);
  EXPECT_EQ(masks.NotPlainFrom(0), kScanBytesMax);
  EXPECT_EQ(masks.ControlFrom(kScanBytesMax - 1), kScanBytesMax);
}

TEST_P(ScanBlockTest, TextMasksWantABlock) {
  const std::string text(kScanBlockBytes - 1, 'a');
  TextMasks masks(text, scan_);
  EXPECT_FALSE(masks.Scan());
  EXPECT_EQ(masks.end(), 0u);
}

TEST_P(ScanBlockTest, Hosts) {
  constexpr auto kName = TextMasks::Host::kName;
  constexpr auto kNumber = TextMasks::Host::kNumber;
  constexpr auto kOther = TextMasks::Host::kOther;
  struct Case {
    std::string name;
    TextMasks::Host host;
  };
  const Case cases[] = {{"biloxi.example", kName},
                        {"a", kName},
                        {"a-b.c", kName},
                        {"1a.b2", kName},
                        {"", kOther},
                        {".", kOther},
                        {"a.", kOther},
                        {".a", kOther},
                        {"a..b", kOther},
                        {"-a", kOther},
                        {"a-", kOther},
                        {"a-.b", kOther},
                        {"a--b", kOther},
                        {"a.-b", kOther},
                        {"a.b-", kOther},
                        {"192.0.2.1", kNumber},
                        {"a.3com", kNumber},
                        {"a_b", kOther},
                        {"a+b", kOther},
                        {std::string(57, 'a'), kName},
                        {std::string(58, 'a'), kOther}};
  for (const Case& example : cases) {
    for (std::size_t before = 0; before < 130; ++before) {
      const std::string text = std::string(before, '@') + example.name + std::string(kScanBlockBytes, '>');
      TextMasks masks(text, scan_);
      ASSERT_TRUE(masks.Scan());
      EXPECT_EQ(masks.HostAt(before, before + example.name.size()), example.host)
          << example.name << " at " << before;
    }
  }
}

std::string VariantName(const testing::TestParamInfo<ScanVariant>& info) {
  constexpr const char* kNames[] = {"Portable", "Ssse3", "Avx2", "Neon"};
  return kNames[static_cast<std::size_t>(info.param)];
}

INSTANTIATE_TEST_SUITE_P(Variants, ScanBlockTest,
                         testing::Values(ScanVariant::kPortable, ScanVariant::kSsse3, ScanVariant::kAvx2,
                                         ScanVariant::kNeon),
                         VariantName);

TEST(ScanVariantTest, TheBestIsHere) {
  EXPECT_TRUE(IsScanVariantHere(BestScanVariant()));
  EXPECT_TRUE(IsScanVariantHere(ScanVariant::kPortable));
}

}  // namespace
}  // namespace sansip
