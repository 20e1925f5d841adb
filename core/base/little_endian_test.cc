#include "sansip/core/base/little_endian.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace sansip {
namespace {

TEST(LittleEndian, TheLowestByteComesFirst) {
  std::array<char, 17> storage;
  LittleEndianWriter out(storage);
  out.Put(std::uint8_t{0xfe});
  out.Put(std::uint16_t{0x0102});
  out.Put(std::uint32_t{0xa1b2c3d4});
  out.Put(std::uint64_t{0x8000000000000001});
  out.PutBytes("ok");
  EXPECT_TRUE(out.fits());
  EXPECT_EQ(out.text(), std::string_view("\xfe\x02\x01\xd4\xc3\xb2\xa1\x01\0\0\0\0\0\0\x80ok", 17));
}

TEST(LittleEndian, WhatIsWrittenIsRead) {
  std::array<char, 32> storage;
  LittleEndianWriter out(storage);
  out.Put(std::uint64_t{0xfedcba9876543210});
  out.Put(std::uint8_t{200});
  out.PutBytes("text");
  out.Put(std::uint32_t{4000000000});
  out.Put(std::uint16_t{65535});
  LittleEndianReader in(out.text());
  EXPECT_EQ(in.Get<std::uint64_t>(), 0xfedcba9876543210u);
  EXPECT_EQ(in.Get<std::uint8_t>(), 200);
  EXPECT_EQ(in.Take(4), "text");
  EXPECT_EQ(in.Get<std::uint32_t>(), 4000000000u);
  EXPECT_EQ(in.Get<std::uint16_t>(), 65535);
  EXPECT_TRUE(in.ok());
  EXPECT_EQ(in.left(), 0u);
}

TEST(LittleEndian, WithoutRoomItIsOnlyCounted) {
  std::array<char, 4> storage{'a', 'b', 'c', 'd'};
  LittleEndianWriter out(std::span<char>(storage.data(), 3));
  out.Put(std::uint16_t{0});
  out.Put(std::uint32_t{0});
  out.PutBytes("e");
  EXPECT_FALSE(out.fits());
  EXPECT_EQ(out.needed(), 7u);
  EXPECT_EQ(out.text(), "");
  EXPECT_EQ(std::string_view(storage.data() + 2, 2), "cd");
}

TEST(LittleEndian, FromTheFirstThatIsNotWholeAllAreZero) {
  LittleEndianReader in("\x01\x02\x03");
  EXPECT_EQ(in.Get<std::uint16_t>(), 0x0201);
  EXPECT_EQ(in.Get<std::uint16_t>(), 0);
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(in.offset(), 2u);
  EXPECT_EQ(in.Get<std::uint8_t>(), 0);
  EXPECT_EQ(in.Take(1), "");
  EXPECT_EQ(in.offset(), 2u);
}

}  // namespace
}  // namespace sansip
