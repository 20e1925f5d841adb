#include "sansip/core/transaction/key.h"

#include <string>

#include "gtest/gtest.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

const StringHash kHash(1, 2);

// What two requests are to each other: the same key, or not; and then the same hash too.
bool Same(const RequestText& a, const RequestText& b, bool with_to_tag = true) {
  const Parsed first(a.text());
  const Parsed second(b.text());
  EXPECT_TRUE(first.error().ok() && second.error().ok());
  ServerKey one, other;
  EXPECT_TRUE(ServerKeyOf(first.view(), one));
  EXPECT_TRUE(ServerKeyOf(second.view(), other));
  const bool same = Matches(one, other, with_to_tag);
  EXPECT_EQ(same, Matches(other, one, with_to_tag));
  if (same) {
    EXPECT_EQ(HashOf(kHash, one), HashOf(kHash, other));
  }
  return same;
}

TEST(ServerKey, WithTheCookieBranchSentByAndMethodDecide) {
  const RequestText invite;
  RequestText other = invite;
  other.uri = "sip:somebody-else@example.com";
  other.call_id = "another";
  other.cseq = "1";
  other.from = "<sip:x@example.com>;tag=other";
  EXPECT_TRUE(Same(invite, other));
  other = invite;
  other.via = "SIP/2.0/UDP pc33.atlanta.example:5066;branch=z9hG4bK776asdhdt";
  EXPECT_FALSE(Same(invite, other));
  SANSIP_SHOWS("3261-17.2.3-1");
  other.via = "SIP/2.0/UDP pc34.atlanta.example:5066;branch=z9hG4bK776asdhds";
  EXPECT_FALSE(Same(invite, other));
  other.via = "SIP/2.0/UDP pc33.atlanta.example:5067;branch=z9hG4bK776asdhds";
  EXPECT_FALSE(Same(invite, other));
  SANSIP_SHOWS("3261-17.2.3-2");
  other = invite;
  other.method = "CANCEL";
  EXPECT_FALSE(Same(invite, other));
  other.method = "ACK";
  EXPECT_TRUE(Same(invite, other, false));
  SANSIP_SHOWS("3261-17.2.3-3");
}

TEST(ServerKey, ASentByWithoutPortHasTheDefaultOne) {
  RequestText with_port, without;
  with_port.via = "SIP/2.0/UDP pc33.atlanta.example:5060;branch=z9hG4bK776";
  without.via = "SIP/2.0/UDP pc33.atlanta.example;branch=z9hG4bK776";
  EXPECT_TRUE(Same(with_port, without));
  without.via = "SIP/2.0/TLS pc33.atlanta.example;branch=z9hG4bK776";
  EXPECT_FALSE(Same(with_port, without));
}

TEST(ServerKey, ComparesBranchAndHostWithoutCase) {
  RequestText upper, lower;
  upper.via = "SIP/2.0/UDP PC33.Atlanta.Example:5066;branch=Z9HG4BK776ASDHDS";
  lower.via = "SIP / 2.0 / UDP  pc33.atlanta.example : 5066 ; branch=z9hG4bK776asdhds";
  EXPECT_TRUE(Same(upper, lower));
}

// RFC 2543: no branch, or one without the cookie.
RequestText Old() {
  RequestText request;
  request.via = "SIP/2.0/UDP pc33.atlanta.example:5066";
  return request;
}

TEST(ServerKey, WithoutTheCookieTheOldFieldsDecide) {
  EXPECT_TRUE(Same(Old(), Old()));
  RequestText other = Old();
  other.cseq = "314160";
  EXPECT_FALSE(Same(Old(), other));
  other = Old();
  other.call_id = "another@pc33.atlanta.example";
  EXPECT_FALSE(Same(Old(), other));
  other = Old();
  other.from = "Alice <sip:alice@atlanta.example>;tag=other";
  EXPECT_FALSE(Same(Old(), other));
  other = Old();
  other.to = "Bob <sip:bob@biloxi.example>;tag=other";
  EXPECT_FALSE(Same(Old(), other));
  other = Old();
  other.uri = "sip:carol@biloxi.example";
  EXPECT_FALSE(Same(Old(), other));
  other = Old();
  other.via = "SIP/2.0/UDP pc33.atlanta.example:5067";
  EXPECT_FALSE(Same(Old(), other));
  // Of the top Via all counts (20.42), not what names a transaction nowadays.
  other.via = "SIP/2.0/TCP pc33.atlanta.example:5066";
  EXPECT_FALSE(Same(Old(), other));
  other.via = "SIP/2.0/UDP pc33.atlanta.example:5066;hidden";
  EXPECT_FALSE(Same(Old(), other));
  SANSIP_SHOWS("3261-17.2.3-4", "3261-17.2.3-6");
}

TEST(ServerKey, WithoutTheCookieFieldsAreComparedByTheirOwnRules) {
  RequestText other = Old();
  other.via = "SIP/2.0/UDP  PC33.ATLANTA.example : 5066";
  EXPECT_TRUE(Same(Old(), other));
  other = Old();
  other.uri = "sip:bob@BILOXI.example";
  EXPECT_TRUE(Same(Old(), other));
  other = Old();
  other.from = "\"Somebody\" <sip:alice@atlanta.example> ; TAG=1928301774";
  EXPECT_TRUE(Same(Old(), other));
  SANSIP_SHOWS("3261-17.2.3-7");
}

// RFC 4475 3.2.1: the cookie with nothing behind it identifies no transaction; the old fields do.
TEST(ServerKey, ABareCookieIsNoIdentifier) {
  RequestText bare;
  bare.via = "SIP/2.0/UDP pc33.atlanta.example:5066;branch=z9hG4bK";
  EXPECT_TRUE(Same(bare, bare));
  RequestText other = bare;
  other.call_id = "another@pc33.atlanta.example";
  EXPECT_FALSE(Same(bare, other));
}

TEST(ServerKey, AnAckIsComparedWithoutItsToTag) {
  RequestText ack = Old();
  ack.method = "ACK";
  ack.to = "Bob <sip:bob@biloxi.example>;tag=314159";
  EXPECT_TRUE(Same(Old(), ack, false));
  EXPECT_FALSE(Same(Old(), ack, true));
  SANSIP_SHOWS("3261-17.2.3-5");
}

TEST(ServerKey, ACookieAndNoneNeverMatch) {
  RequestText with = Old();
  with.via += ";branch=z9hG4bK1";
  RequestText without = Old();
  without.via += ";branch=1";
  EXPECT_FALSE(Same(with, without));
}

TEST(ClientKey, IsBranchAndMethodOfCSeq) {
  const RequestText request;
  const Parsed response(ResponseText(request.text(), 200));
  ClientKey key;
  ASSERT_TRUE(ClientKeyOf(response.view(), key));
  EXPECT_EQ(key.branch, "z9hG4bK776asdhds");
  EXPECT_EQ(key.method, "INVITE");
  const ClientKey cancel = {.branch = key.branch, .method = "CANCEL"};
  EXPECT_FALSE(Matches(key, cancel));
  EXPECT_NE(HashOf(kHash, key), HashOf(kHash, cancel));
  const ClientKey lower = {.branch = "z9hg4bk776asdhds", .method = "INVITE"};
  EXPECT_TRUE(Matches(key, lower));
  EXPECT_EQ(HashOf(kHash, key), HashOf(kHash, lower));
  SANSIP_SHOWS("3261-17.1.3-2");
}

}  // namespace
}  // namespace sansip::testing
