#include "sansip/core/message/fields/outbound.h"

#include "gtest/gtest.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/test_field.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

TEST(FlowTimerTest, Seconds) {
  EXPECT_EQ(Read(ParseFlowTimer, " 120\r\n ").seconds, 120u);
  EXPECT_EQ(Read(ParseFlowTimer, "99999999999").seconds, 0xFFFFFFFF);
  EXPECT_EQ(Rewritten(ParseFlowTimer, "0120"), "120");
  EXPECT_TRUE(AreEquivalent(ParseFlowTimer, "20", "020"));
  EXPECT_FALSE(AreEquivalent(ParseFlowTimer, "20", "21"));
  ExpectMalformed(ParseFlowTimer, {{"", ParseCode::kBadNumber, 0},
                                   {"-1", ParseCode::kBadNumber, 0},
                                   {" x", ParseCode::kBadNumber, 1},
                                   {"1;a", ParseCode::kBadFieldValue, 1},
                                   {"1, 2", ParseCode::kBadFieldValue, 1},
                                   {"1.5", ParseCode::kBadFieldValue, 1}});
  SANSIP_SHOWS("5626-10-3");
}

TEST(OutboundContactTest, OfAContact) {
  NameAddr address;
  ASSERT_TRUE(ParseNameAddr("<sip:u@192.0.2.2;ob>;reg-id=1;q=0.5;\r\n +SIP.Instance = "
                            "\"<urn:uuid:00000000-0000-1000-8000-AABBCCDDEEFF>\"",
                            address, nullptr)
                  .ok());
  const auto contact = Read(ParseOutboundContact, address.parameters);
  EXPECT_EQ(contact.reg_id, 1u);
  EXPECT_EQ(contact.instance, "urn:uuid:00000000-0000-1000-8000-AABBCCDDEEFF");
  const auto none = Read(ParseOutboundContact, "");
  EXPECT_EQ(none.reg_id, 0u);
  EXPECT_EQ(none.instance, "");
  EXPECT_TRUE(HasOb(*ParseSipUri(address.uri)));
  EXPECT_FALSE(HasOb(*ParseSipUri("sip:ob@h;x=ob")));
  SANSIP_SHOWS("5626-4.1-6");
}

TEST(OutboundContactTest, WrittenAndReadAgain) {
  EXPECT_EQ(Rewritten(ParseOutboundContact, ";+sip.instance=\"<urn:a:b>\";x;reg-id=2147483647"),
            ";reg-id=2147483647;+sip.instance=\"<urn:a:b>\"");
  EXPECT_EQ(Written(OutboundContact{}), "");
  EXPECT_EQ(Written(OutboundContact{.reg_id = 0x80000000}), "refused");
  for (std::string_view instance : {"a>\"", "a\"", "a b", "a\r\n", "<a", "a%4"}) {
    EXPECT_EQ(Written(OutboundContact{.instance = instance}), "refused") << instance;
  }
  SANSIP_SHOWS("5626-10-2");
}

TEST(OutboundContactTest, Comparison) {
  const auto same = [](std::string_view a, std::string_view b) {
    return Equivalent(OutboundContact{.instance = a}, OutboundContact{.instance = b});
  };
  EXPECT_TRUE(same("urn:uuid:AB-cd", "URN:UUID:ab-CD"));
  EXPECT_TRUE(same("urn:x:a", "URN:X:a"));
  EXPECT_FALSE(same("urn:x:a", "urn:x:A"));
  EXPECT_FALSE(same("urn:x:a", "urn:y:a"));
  EXPECT_FALSE(same("a", "A"));
  EXPECT_FALSE(same("", "a"));
  EXPECT_TRUE(AreEquivalent(ParseOutboundContact, ";reg-id=1;x", ";REG-ID=01"));
  EXPECT_FALSE(AreEquivalent(ParseOutboundContact, ";reg-id=1", ";reg-id=2"));
  SANSIP_SHOWS("5626-4.1-7");
}

TEST(OutboundContactTest, Malformed) {
  ExpectMalformed(ParseOutboundContact,
                  {{";reg-id", ParseCode::kBadParameter, 0},
                   {";a;reg-id=0", ParseCode::kBadParameter, 2},
                   {";reg-id=2147483648", ParseCode::kBadParameter, 0},
                   {";reg-id=x", ParseCode::kBadParameter, 0},
                   {";reg-id=1;reg-id=1", ParseCode::kRepeatedParameter, 9},
                   {";+sip.instance", ParseCode::kBadParameter, 0},
                   {";+sip.instance=a", ParseCode::kBadParameter, 0},
                   {";+sip.instance=\"<\"", ParseCode::kBadParameter, 0},
                   {";+sip.instance=\"<>\"", ParseCode::kBadParameter, 0},
                   {";+sip.instance=\"a\"", ParseCode::kBadParameter, 0},
                   {";+sip.instance=\"<a b>\"", ParseCode::kBadParameter, 0},
                   {";+sip.instance=\"<a>\";+sip.instance=\"<a>\"", ParseCode::kRepeatedParameter, 20},
                   {"x", ParseCode::kBadFieldValue, 0}});
  SANSIP_SHOWS("5626-10-1", "5626-10-2");
}

}  // namespace
}  // namespace sansip
