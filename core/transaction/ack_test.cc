#include "sansip/core/transaction/ack.h"

#include <array>
#include <string>

#include "gtest/gtest.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

// RFC 3261 17.1.1.3's own example.
RequestText Example() {
  RequestText invite;
  invite.uri = "sip:bob@biloxi.com";
  invite.via = "SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKkjshdyff";
  invite.to = "Bob <sip:bob@biloxi.com>";
  invite.from = "Alice <sip:alice@atlanta.com>;tag=88sja8x";
  invite.call_id = "987asjd97y7atg";
  invite.cseq = "986759";
  return invite;
}

std::string AckFor(const RequestText& invite, std::string_view to) {
  const std::string text = invite.text();
  SentInvite sent;
  EXPECT_TRUE(ReadSentInvite(text, sent));
  std::array<char, 4096> storage;
  Writer writer(storage);
  WriteAck(sent, to, writer);
  EXPECT_EQ(writer.error(), WriteError::kNone);
  return std::string(writer.text());
}

std::string CancelFor(const RequestText& invite) {
  const std::string text = invite.text();
  SentInvite sent;
  EXPECT_TRUE(ReadSentInvite(text, sent));
  std::array<char, 4096> storage;
  Writer writer(storage);
  WriteCancel(sent, writer);
  EXPECT_EQ(writer.error(), WriteError::kNone);
  return std::string(writer.text());
}

TEST(Ack, IsThatOfTheRfcsExample) {
  EXPECT_EQ(AckFor(Example(), "Bob <sip:bob@biloxi.com>;tag=99sa0xk"),
            "ACK sip:bob@biloxi.com SIP/2.0\r\n"
            "Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKkjshdyff\r\n"
            "Max-Forwards: 70\r\n"
            "From: Alice <sip:alice@atlanta.com>;tag=88sja8x\r\n"
            "To: Bob <sip:bob@biloxi.com>;tag=99sa0xk\r\n"
            "Call-ID: 987asjd97y7atg\r\n"
            "CSeq: 986759 ACK\r\n"
            "Content-Length: 0\r\n\r\n");
  SANSIP_SHOWS("3261-17.1.1.3-2", "3261-17.1.1.3-3", "3261-17.1.1.3-5", "3261-17.1.1.3-6", "3261-17.1.1.3-7",
               "3261-17.1.1.3-9");
}

TEST(Ack, HasNoBodyWhateverTheInviteHad) {
  RequestText invite = Example();
  invite.more = "Content-Type: application/sdp\r\n";
  invite.body = "v=0\r\n";
  const std::string ack = AckFor(invite, "Bob <sip:bob@biloxi.com>;tag=1");
  EXPECT_EQ(CountOf(ack, "Content-Type"), 0);
  EXPECT_EQ(HeaderOf(ack, "Content-Length"), "0");
  EXPECT_EQ(ack.find("\r\n\r\n"), ack.size() - 4);
  SANSIP_SHOWS("3261-17.1.1.3-10");
}

TEST(Ack, HasOneViaAndTheInvitesRoutes) {
  RequestText invite = Example();
  invite.via +=
      "\r\nVia: SIP/2.0/UDP second.example;branch=z9hG4bK2, SIP/2.0/UDP third.example;branch=z9hG4bK3";
  invite.more = "Route: <sip:p1.example;lr>\r\nContact: <sip:a@b.example>\r\nRoute: <sip:p2.example;lr>\r\n";
  const std::string ack = AckFor(invite, "Bob <sip:bob@biloxi.com>;tag=1");
  EXPECT_EQ(CountOf(ack, "Via"), 1);
  EXPECT_EQ(HeaderOf(ack, "Via"), "SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKkjshdyff");
  EXPECT_EQ(HeaderOf(ack, "Route"), "<sip:p1.example;lr>");
  EXPECT_EQ(HeaderOf(ack, "Route", 1), "<sip:p2.example;lr>");
  EXPECT_EQ(CountOf(ack, "Contact"), 0);
  SANSIP_SHOWS("3261-17.1.1.3-4", "3261-17.1.1.3-8");
}

TEST(Ack, OfSeveralViasInOneLineTakesTheTopOne) {
  RequestText invite = Example();
  invite.via = "SIP/2.0/UDP first.example;branch=z9hG4bK1, SIP/2.0/UDP second.example;branch=z9hG4bK2";
  const std::string ack = AckFor(invite, "Bob <sip:bob@biloxi.com>;tag=1");
  EXPECT_EQ(HeaderOf(ack, "Via"), "SIP/2.0/UDP first.example;branch=z9hG4bK1");
  SANSIP_SHOWS("3261-17.1.1.3-4");
}

TEST(Ack, AHostileToBreaksNoLine) {
  const std::string text = Example().text();
  SentInvite sent;
  ASSERT_TRUE(ReadSentInvite(text, sent));
  std::array<char, 4096> storage;
  Writer writer(storage);
  WriteAck(sent, "Bob <sip:bob@biloxi.com>;tag=1\r\nX-Evil: yes", writer);
  EXPECT_EQ(writer.error(), WriteError::kBadValue);
  EXPECT_EQ(AckFor(Example(), "Bob\r\n <sip:bob@biloxi.com>;tag=1").find("X-"), std::string::npos);
}

TEST(SentInvite, IsNoneWhereALineIsMissing) {
  const std::string text = Example().text();
  SentInvite sent;
  ASSERT_TRUE(ReadSentInvite(text, sent));
  EXPECT_EQ(sent.branch, "z9hG4bKkjshdyff");
  for (const std::string_view name : {"Via", "From", "To", "Call-ID", "CSeq"}) {
    std::string less = text;
    const std::size_t begin = less.find("\r\n" + std::string(name) + ":") + 2;
    less.erase(begin, less.find("\r\n", begin) + 2 - begin);
    EXPECT_FALSE(ReadSentInvite(less, sent)) << name;
  }
}

TEST(SentInvite, IsNoneWhereItIsCutOff) {
  const std::string text = Example().text();
  SentInvite sent;
  const std::size_t end = text.find("\r\n\r\n") + 4;
  for (std::size_t size = 0; size < end; ++size)
    EXPECT_FALSE(ReadSentInvite(text.substr(0, size), sent)) << size;
}

TEST(Cancel, RepeatsTheInvite) {
  RequestText invite = Example();
  invite.more =
      "Route: <sip:p1.example;lr>\r\nRequire: 100rel\r\nProxy-Require: sec-agree\r\nSupported: timer\r\n"
      "Route: <sip:p2.example;lr>\r\nContent-Type: text/plain\r\n";
  invite.body = "hello";
  EXPECT_EQ(CancelFor(invite),
            "CANCEL sip:bob@biloxi.com SIP/2.0\r\n"
            "Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKkjshdyff\r\n"
            "Route: <sip:p1.example;lr>\r\n"
            "Route: <sip:p2.example;lr>\r\n"
            "Max-Forwards: 70\r\n"
            "From: Alice <sip:alice@atlanta.com>;tag=88sja8x\r\n"
            "To: Bob <sip:bob@biloxi.com>\r\n"
            "Call-ID: 987asjd97y7atg\r\n"
            "CSeq: 986759 CANCEL\r\n"
            "Content-Length: 0\r\n\r\n");
  SANSIP_SHOWS("3261-9.1-2", "3261-9.1-3", "3261-9.1-4", "3261-9.1-5", "3261-9.1-6");
}

}  // namespace
}  // namespace sansip::testing
