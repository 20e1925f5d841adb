#include "sansip/core/stun/message.h"

#include <string>

#include "gtest/gtest.h"

namespace sansip::stun {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

// RFC 5769 2: the messages, octet by octet.
constexpr std::string_view kIdOctets = "\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae"sv;
constexpr std::string_view kRequestOctets =
    "\x00\x01\x00\x58\x21\x12\xa4\x42\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae"
    "\x80\x22\x00\x10STUN test client"
    "\x00\x24\x00\x04\x6e\x00\x01\xff"
    "\x80\x29\x00\x08\x93\x2f\xf9\xb1\x51\x26\x3b\x36"
    "\x00\x06\x00\x09\x65\x76\x74\x6a\x3a\x68\x36\x76\x59\x20\x20\x20"
    "\x00\x08\x00\x14\x9a\xea\xa7\x0c\xbf\xd8\xcb\x56\x78\x1e\xf2\xb5\xb2\xd3\xf2\x49\xc1\xb5\x71\xa2"
    "\x80\x28\x00\x04\xe5\x7a\x3b\xcf"sv;
constexpr std::string_view kIpv4ResponseOctets =
    "\x01\x01\x00\x3c\x21\x12\xa4\x42\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae"
    "\x80\x22\x00\x0b\x74\x65\x73\x74\x20\x76\x65\x63\x74\x6f\x72\x20"
    "\x00\x20\x00\x08\x00\x01\xa1\x47\xe1\x12\xa6\x43"
    "\x00\x08\x00\x14\x2b\x91\xf5\x99\xfd\x9e\x90\xc3\x8c\x74\x89\xf9\x2a\xf9\xba\x53\xf0\x6b\xe7\xd7"
    "\x80\x28\x00\x04\xc0\x7d\x4c\x96"sv;
constexpr std::string_view kIpv6ResponseOctets =
    "\x01\x01\x00\x48\x21\x12\xa4\x42\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae"
    "\x80\x22\x00\x0b\x74\x65\x73\x74\x20\x76\x65\x63\x74\x6f\x72\x20"
    "\x00\x20\x00\x14\x00\x02\xa1\x47\x01\x13\xa9\xfa\xa5\xd3\xf1\x79\xbc\x25\xf4\xb5\xbe\xd2\xb9\xd9"
    "\x00\x08\x00\x14\xa3\x82\x95\x4e\x4b\xe6\x7b\xf1\x17\x84\xc9\x7c\x82\x92\xc2\x75\xbf\xe3\xed\x41"
    "\x80\x28\x00\x04\xc8\xfb\x0b\x4c"sv;

TransactionId IdOf(std::string_view octets) {
  TransactionId id{};
  octets.copy(id.data(), id.size());
  return id;
}

TEST(StunMessage, OfRfc5769) {
  const std::optional<Message> request = Read(kRequestOctets);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->message_class, MessageClass::kRequest);
  EXPECT_EQ(request->id, IdOf(kIdOctets));
  EXPECT_TRUE(request->has_fingerprint);
  ASSERT_EQ(request->unknown.count, 1u);  // PRIORITY, of ICE; USERNAME and MESSAGE-INTEGRITY are known
  EXPECT_EQ(request->unknown.types[0], 0x0024);

  const std::optional<Message> v4 = Read(kIpv4ResponseOctets);
  ASSERT_TRUE(v4);
  EXPECT_EQ(v4->message_class, MessageClass::kSuccess);
  EXPECT_EQ(v4->mapped, ParseIp("192.0.2.1", 32853));
  EXPECT_EQ(v4->unknown.count, 0u);

  const std::optional<Message> v6 = Read(kIpv6ResponseOctets);
  ASSERT_TRUE(v6);
  EXPECT_EQ(v6->mapped, ParseIp("2001:db8:1234:5678:11:2233:4455:6677", 32853));
}

// RFC 5389 6, 15, 15.5
TEST(StunMessage, WhatIsNoneIsNotRead) {
  for (std::size_t size = 0; size < kIpv4ResponseOctets.size(); ++size)
    EXPECT_FALSE(Read(kIpv4ResponseOctets.substr(0, size))) << size;
  EXPECT_FALSE(Read(std::string(kIpv4ResponseOctets) + std::string(4, '\0')));
  // Each octet counts, by the FINGERPRINT, but those that say that there is one.
  const std::size_t fingerprint = kIpv4ResponseOctets.size() - 8;
  for (std::size_t at = 0; at < kIpv4ResponseOctets.size(); ++at) {
    if (at == fingerprint || at == fingerprint + 1) continue;
    std::string other(kIpv4ResponseOctets);
    other[at] = static_cast<char>(other[at] ^ 0x01);
    EXPECT_FALSE(Read(other)) << at;
  }
  std::array<char, kHeaderBytes> storage{};
  const std::string plain(WriteBindingRequest(IdOf(kIdOctets), storage));
  EXPECT_TRUE(Read(plain));
  std::string other = plain;
  other[4] = 0x20;  // not the cookie: RFC 3489
  EXPECT_FALSE(Read(other));
  other = plain;
  other[1] = 0x03;  // Allocate, of TURN
  EXPECT_FALSE(Read(other));
  other = plain;
  other[0] = static_cast<char>(0x40);
  EXPECT_FALSE(Read(other));
  // An attribute that ends behind the datagram.
  other = plain + "\x80\x22\x00\x05????"s;
  other[3] = 8;
  EXPECT_FALSE(Read(other));
  other[27 - 4] = 4;
  EXPECT_TRUE(Read(other));
  // A FINGERPRINT that is not the last.
  std::array<char, 64> more{};
  Writer writer(more, MessageClass::kRequest, IdOf(kIdOctets));
  writer.AddFingerprint();
  EXPECT_TRUE(Read(writer.wire())->has_fingerprint);
  writer.Add(0x8022, "x");
  EXPECT_FALSE(Read(writer.wire()));
}

TEST(StunMessage, TheFirstOctetTellsItFromSip) {
  EXPECT_TRUE(IsStun(kRequestOctets));
  EXPECT_TRUE(IsStun("\x03"sv));
  EXPECT_FALSE(IsStun(""));
  EXPECT_FALSE(IsStun("\x04"));
  EXPECT_FALSE(IsStun("REGISTER sip:a SIP/2.0\r\n"));
}

TEST(StunMessage, AddressesAreWrittenAsTheyAreRead) {
  for (const std::string_view host : {"192.0.2.1", "0.0.0.0", "2001:db8::9"}) {
    const SocketAddress address = *ParseIp(host, 0x2112);
    for (const bool is_xored : {false, true}) {
      std::array<char, 64> storage{};
      Writer writer(storage, MessageClass::kSuccess, IdOf(kIdOctets));
      is_xored ? writer.AddXorMapped(address) : writer.AddMapped(address);
      EXPECT_EQ(Read(writer.wire())->mapped, address) << host << is_xored;
    }
  }
}

// RFC 5389 15: only the first of its kind counts; XOR-MAPPED-ADDRESS is preferred, since what changes
// addresses in messages has not changed it.
TEST(StunMessage, TheMappedAddressThatCounts) {
  const SocketAddress one = *ParseIp("192.0.2.1", 1), two = *ParseIp("192.0.2.2", 2);
  std::array<char, 128> storage{};
  Writer writer(storage, MessageClass::kSuccess, IdOf(kIdOctets));
  writer.AddMapped(one);
  EXPECT_EQ(Read(writer.wire())->mapped, one);
  writer.AddXorMapped(two);
  EXPECT_EQ(Read(writer.wire())->mapped, two);
  writer.AddXorMapped(one);
  writer.AddMapped(one);
  EXPECT_EQ(Read(writer.wire())->mapped, two);
  // 7.3.3: a family that nobody knows is no address.
  Writer other(storage, MessageClass::kSuccess, IdOf(kIdOctets));
  other.Add(0x0020, "\0\x03\0\1abcd"sv);
  EXPECT_FALSE(Read(other.wire())->mapped);
}

TEST(StunMessage, ErrorsSayTheirCode) {
  std::array<char, 128> storage{};
  Writer writer(storage, MessageClass::kError, IdOf(kIdOctets));
  writer.AddError(438, "Stale Nonce");
  const std::optional<Message> message = Read(writer.wire());
  ASSERT_TRUE(message);
  EXPECT_EQ(message->error, 438);
  EXPECT_EQ(message->reason, "Stale Nonce");
  for (const std::string_view value : {"\0\0\2\0"sv, "\0\0\7\0"sv, "\0\0\4\x64"sv, "\0\0\4"sv}) {
    Writer bad(storage, MessageClass::kError, IdOf(kIdOctets));
    bad.Add(0x0009, value);
    EXPECT_EQ(Read(bad.wire())->error, 0);
  }
}

// RFC 5389 7.3.1
TEST(StunMessage, ARequestIsAnsweredWithItsSource) {
  std::array<char, kAnswerBytesMax> storage{};
  std::array<char, kHeaderBytes> asked{};
  const SocketAddress source = *ParseIp("192.0.2.9", 4000);
  const std::optional<Message> request = Read(WriteBindingRequest(IdOf(kIdOctets), asked));
  const std::optional<Message> answer = Read(WriteAnswer(*request, source, storage));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->message_class, MessageClass::kSuccess);
  EXPECT_EQ(answer->id, request->id);
  EXPECT_EQ(answer->mapped, source);
  EXPECT_FALSE(answer->has_fingerprint);
  EXPECT_EQ(WriteAnswer(*answer, source, storage), "");  // no request
}

TEST(StunMessage, ARequestThatWantsMoreIsRefused) {
  std::array<char, kAnswerBytesMax> storage{};
  const std::optional<Message> answer = Read(WriteAnswer(*Read(kRequestOctets), {}, storage));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->message_class, MessageClass::kError);
  EXPECT_EQ(answer->error, 420);
  EXPECT_EQ(answer->refused_types, "\0\x24"sv);
  EXPECT_TRUE(answer->has_fingerprint);  // as the request has
}

// The longest answer there is has room, and no longer list makes it longer.
TEST(StunMessage, SoManyUnknownAttributesAreNamed) {
  std::array<char, 256> storage{};
  Writer writer(storage, MessageClass::kRequest, IdOf(kIdOctets));
  for (std::uint16_t i = 0; i < 2 * kUnknownMax; ++i) writer.Add(static_cast<std::uint16_t>(0x100 + i), "");
  writer.Add(0x100, "");
  writer.AddFingerprint();
  const std::optional<Message> request = Read(writer.wire());
  ASSERT_TRUE(request);
  EXPECT_EQ(request->unknown.count, kUnknownMax);
  EXPECT_TRUE(request->unknown.has_more);
  std::array<char, kAnswerBytesMax> answer{};
  EXPECT_EQ(Read(WriteAnswer(*request, {}, answer))->refused_types.size(), 2 * kUnknownMax);
}

TEST(StunMessage, WhatHasNoRoomIsNotWritten) {
  std::array<char, kHeaderBytes + 11> storage{};
  EXPECT_EQ(WriteBindingRequest({}, std::span(storage).first(kHeaderBytes - 1)), "");
  Writer writer(storage, MessageClass::kSuccess, {});
  writer.AddXorMapped(*ParseIp("192.0.2.1", 1));
  EXPECT_EQ(writer.wire(), "");
  writer.AddFingerprint();
  EXPECT_EQ(writer.wire(), "");
}

}  // namespace
}  // namespace sansip::stun
