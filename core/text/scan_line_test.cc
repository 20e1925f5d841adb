#include "sansip/core/text/scan_line.h"

#include <string>

#include "gtest/gtest.h"

namespace sansip {
namespace {

TEST(ScanLineTest, EveryCharacterAtEveryPlaceOfABlock) {
  for (std::size_t size : {0u, 1u, 15u, 16u, 17u, 31u, 32u, 40u}) {
    for (std::size_t place = 0; place < size; ++place) {
      for (int i = 0; i < 256; ++i) {
        std::string text(size, 'a');
        text[place] = static_cast<char>(i);
        const bool stops = (i < 0x20 && i != '\t') || i == 0x7F;
        ASSERT_EQ(FindControl(text, 0), stops ? place : size) << "character " << i << " at " << place;
        ASSERT_EQ(FindControlPortable(text, 0), stops ? place : size) << "character " << i << " at " << place;
      }
    }
  }
}

TEST(ScanLineTest, StartsWhereItIsTold) {
  const std::string text = "\r\nabcdefghijklmnopqrstuvwxyz\r\nabc";
  for (std::size_t from = 0; from <= text.size(); ++from) {
    EXPECT_EQ(FindControl(text, from), FindControlPortable(text, from)) << from;
  }
  EXPECT_EQ(FindControl(text, 2), 28u);
  EXPECT_EQ(FindControl(text, text.size()), text.size());
}

}  // namespace
}  // namespace sansip
