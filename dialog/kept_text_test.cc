#include "sansip/dialog/kept_text.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace sansip {
namespace {

TEST(KeptText, IsWhatWasAssignedAndAppended) {
  KeptText text;
  EXPECT_TRUE(text.empty());
  EXPECT_EQ(text, "");
  text = "sip:alice@atlanta.example";
  text += ';';
  text += "lr";
  EXPECT_EQ(text, "sip:alice@atlanta.example;lr");
  text.pop_back();
  text.assign(std::string_view(text).substr(4, 5));  // of itself
  EXPECT_EQ(text, "alice");
  text += text;
  text.append(text).append(text);
  EXPECT_EQ(text, "alicealicealicealicealicealicealicealice");
}

TEST(KeptText, JoinsPartsInPlaceOfWhatItWas) {
  KeptText text("a text that was longer than what comes now");
  const char* const storage = text.data();
  EXPECT_EQ(text.Join("<", "sip:alice@alice.example", "", ">"), "<sip:alice@alice.example>");
  EXPECT_EQ(text.data(), storage);
  const std::string longer(100, 'x');
  EXPECT_EQ(text.Join(longer, "y", longer), longer + "y" + longer);
  EXPECT_TRUE(text.Join("", "").empty());
  KeptText none;
  EXPECT_TRUE(none.Join("", "").empty());
  EXPECT_EQ(none.capacity(), 0u);
}

TEST(KeptText, CopiesAndChangesPlaces) {
  KeptText a("a"), b;
  const KeptText copy = a;
  a.swap(b);
  EXPECT_EQ(a, "");
  EXPECT_EQ(b, copy);
  a = std::move(b);
  EXPECT_EQ(a, "a");
  b = copy;
  b = KeptText();
  EXPECT_EQ(b, "");
}

TEST(KeptText, KeepsItsStorageAndNoMoreThanItNeeds) {
  KeptText text("0123456789abcdef");
  EXPECT_EQ(text.capacity(), 16u);
  const char* const bytes = text.data();
  text.clear();
  text = KeptText();
  text = "short";
  EXPECT_EQ(text.data(), bytes);
  text = std::string(200, 'x');
  EXPECT_EQ(text.capacity(), 208u);
}

TEST(KeptText, AppendingByteByByteCopiesSeldom) {
  KeptText text;
  const char* before = text.data();
  int moves = 0;
  for (int i = 0; i < 100'000; ++i) {
    text += 'x';
    moves += std::exchange(before, text.data()) != text.data();
  }
  EXPECT_EQ(text.size(), 100'000u);
  EXPECT_LE(moves, 30);
}

}  // namespace
}  // namespace sansip
