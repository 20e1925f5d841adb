#include "sansip/core/text/scan_copy.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace sansip {
namespace {

std::string Printable(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(' ' + (i * 7) % ('~' - ' ' + 1));
  return text;
}

// Of every size up to several blocks, exactly so many bytes are written.
TEST(ScanCopyTest, CopiesEverySize) {
  for (std::size_t size = 0; size <= 70; ++size) {
    const std::string text = Printable(size);
    std::string to(size + 2, '#');
    ScanCopy copy(&to[1]);
    copy.Put(text);
    EXPECT_TRUE(copy.is_printable()) << size;
    EXPECT_EQ(to, "#" + text + "#");
  }
}

// Every byte at every place of every size: no place is looked past.
TEST(ScanCopyTest, SeesEveryByteAtEveryPlace) {
  for (std::size_t size = 1; size <= 50; ++size) {
    std::string text = Printable(size);
    std::string to(size, '#');
    for (std::size_t at = 0; at < size; ++at) {
      const char kept = text[at];
      for (int byte = 0; byte < 256; ++byte) {
        text[at] = static_cast<char>(byte);
        ScanCopy copy(to.data());
        copy.Put(text);
        ASSERT_EQ(copy.is_printable(), byte >= 0x20 && byte <= 0x7E) << size << " " << at << " " << byte;
        ASSERT_EQ(to, text);
      }
      text[at] = kept;
    }
  }
}

TEST(ScanCopyTest, RemembersAllThatWasPut) {
  for (std::string_view bad : {"\x1F", "a\nb", "\x7F before more", "tab\tbefore even more"}) {
    std::string to(80, '#');
    ScanCopy copy(to.data());
    copy.Put("good");
    copy.Put(bad);
    copy.Put("good again, and longer than a block");
    EXPECT_FALSE(copy.is_printable()) << bad;
  }
}

TEST(ScanCopyTest, WhatIsKnownIsNotLookedAtAndWrittenOver) {
  std::string to(40, '#');
  ScanCopy copy(to.data());
  copy.PutKnown<2>("\r\n", 2);
  copy.PutKnown<16>("Via: and what is behind it", 5);
  copy.Put("the value of it");
  EXPECT_TRUE(copy.is_printable());
  EXPECT_EQ(to.substr(0, 24), "\r\nVia: the value of it##");
}

// Longer than a step: its end is copied, too, and no more.
TEST(ScanCopyTest, KnownTextsHaveTwoSteps) {
  for (std::size_t size = 16; size <= 32; ++size) {
    const std::string text = Printable(40);
    std::string to(40, '#');
    ScanCopy copy(to.data());
    copy.PutKnown<16>(text.data(), size);
    EXPECT_EQ(to, text.substr(0, size) + std::string(40 - size, '#'));
  }
}

}  // namespace
}  // namespace sansip
