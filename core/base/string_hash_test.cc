#include "sansip/core/base/string_hash.h"

#include <string>

#include "gtest/gtest.h"

namespace sansip {
namespace {

constexpr std::uint64_t kKey0 = 0x0706050403020100;
constexpr std::uint64_t kKey1 = 0x0f0e0d0c0b0a0908;

std::string Bytes(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += static_cast<char>(i);
  return text;
}

TEST(StringHash, IsSipHash24) {
  // The paper's appendix A, and the reference vectors for 0, 1, 7, 8 and 63 bytes.
  const StringHash hash(kKey0, kKey1);
  EXPECT_EQ(hash(Bytes(15)), 0xa129ca6149be45e5u);
  EXPECT_EQ(hash(Bytes(0)), 0x726fdb47dd0e0e31u);
  EXPECT_EQ(hash(Bytes(1)), 0x74f839c593dc67fdu);
  EXPECT_EQ(hash(Bytes(7)), 0xab0200f58b01d137u);
  EXPECT_EQ(hash(Bytes(8)), 0x93f5f5799a932462u);
  EXPECT_EQ(hash(Bytes(63)), 0x958a324ceb064572u);
}

TEST(StringHash, DependsOnItsKey) {
  EXPECT_NE(StringHash(1, 2)("text"), StringHash(1, 3)("text"));
  EXPECT_NE(StringHash(1, 2)("text"), StringHash(2, 2)("text"));
}

TEST(StringHash, OfOwnTextsLooksAtTheirEnd) {
  const StringHash hash(1, 2);
  const std::string text = "z9hG4bKabcdefghijklmnopqrst";
  EXPECT_EQ(hash.OfOwn(text), hash.OfOwn("Z9HG4BKABCDEFGHIJKLMNOPQRST"));
  EXPECT_NE(hash.OfOwn(text), StringHash(1, 3).OfOwn(text));
  EXPECT_NE(hash.OfOwn(text), StringHash(3, 2).OfOwn(text));
  for (std::size_t i = text.size() - 16; i < text.size(); ++i) {
    std::string other = text;
    other[i] = '7';
    EXPECT_NE(hash.OfOwn(text), hash.OfOwn(other)) << i;
  }
  // What comes from the network may be of any length.
  for (std::size_t size = 1; size < text.size(); ++size) {
    EXPECT_NE(hash.OfOwn(text.substr(0, size)), hash.OfOwn(text.substr(0, size - 1))) << size;
  }
}

TEST(TupleHash, TellsPartsApart) {
  const StringHash hash(kKey0, kKey1);
  EXPECT_NE(TupleHash(hash).Add("ab").Add("c").Finish(), TupleHash(hash).Add("a").Add("bc").Finish());
  EXPECT_NE(TupleHash(hash).Add("").Add("a").Finish(), TupleHash(hash).Add("a").Add("").Finish());
  EXPECT_NE(TupleHash(hash).Add("12345678").Finish(), TupleHash(hash).Add("12345678").Add("").Finish());
  EXPECT_NE(TupleHash(hash).Add(std::uint64_t{1}).Finish(), TupleHash(hash).Add(std::uint64_t{2}).Finish());
  EXPECT_EQ(TupleHash(hash).Add("a").Finish(), TupleHash(hash).Add("a").Finish());
}

TEST(StringHash, OfThreeTellsPartsApart) {
  const StringHash hash(1, 2);
  const std::uint64_t one = hash.OfThree(7, "from", "a84b4c76e66710", "to");
  EXPECT_EQ(one, hash.OfThree(7, "from", "a84b4c76e66710", "to"));
  EXPECT_EQ(one, hash.OfThree(7, "From", "a84b4c76e66710", "to"));
  EXPECT_NE(one, hash.OfThree(8, "from", "a84b4c76e66710", "to"));
  EXPECT_NE(one, hash.OfThree(7, "from", "to", "a84b4c76e66710"));
  EXPECT_NE(one, hash.OfThree(7, "froma", "84b4c76e66710", "to"));
  EXPECT_NE(one, hash.OfThree(7, "from", "a84b4c76e66710to", ""));
  EXPECT_NE(one, hash.OfThree(7, "from", "A84b4c76e66710", "to"));
  EXPECT_NE(one, hash.OfThree(7, "from", "a84b4c76e66710", "To"));
  EXPECT_NE(one, StringHash(1, 3).OfThree(7, "from", "a84b4c76e66710", "to"));
}

TEST(StringHash, OfFoldedTellsPartsApartAndFoldsLetters) {
  const StringHash hash(kKey0, kKey1);
  const std::uint64_t one = hash.OfFolded(5060, "hG4bKabcdefg", "Pc33.Atlanta");
  EXPECT_EQ(one, hash.OfFolded(5060, "hg4bkABCDEFG", "pc33.atlanta"));
  EXPECT_NE(one, hash.OfFolded(5061, "hG4bKabcdefg", "Pc33.Atlanta"));
  EXPECT_NE(one, hash.OfFolded(5060, "hG4bKabcdefgP", "c33.Atlanta"));
  EXPECT_NE(one, hash.OfFolded(5060, "hG4bKabcdefg", "Pc33.Atlantb"));
  EXPECT_NE(hash.OfFolded(0, "12345678", ""), hash.OfFolded(0, "", "12345678"));
  EXPECT_NE(one, StringHash(kKey0, kKey1 + 1).OfFolded(5060, "hG4bKabcdefg", "Pc33.Atlanta"));
}

TEST(TupleHash, FoldsLettersAndNothingElse) {
  const StringHash hash(kKey0, kKey1);
  const auto folded = [&hash](std::string_view text) { return TupleHash(hash).AddFolded(text).Finish(); };
  EXPECT_EQ(folded("Z9HG4BKAbcXyz-long"), folded("z9hg4bkabcxyz-long"));
  EXPECT_EQ(folded("abc"), TupleHash(hash).Add("abc").Finish());
  // The neighbours of the letters, and bytes above ASCII, are left alone.
  for (int c = 0; c < 256; ++c) {
    const std::string one(1, static_cast<char>(c));
    const std::string lower(1, c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : static_cast<char>(c));
    EXPECT_EQ(folded("x" + one + "y"), TupleHash(hash).Add("x" + lower + "y").Finish()) << c;
  }
}

}  // namespace
}  // namespace sansip
