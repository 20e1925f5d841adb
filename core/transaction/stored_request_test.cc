#include "sansip/core/transaction/stored_request.h"

#include <array>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using std::chrono::milliseconds;

class StoredRequestTest : public ::testing::Test {
 protected:
  std::string_view Store(const RequestText& request, std::string_view source = "192.0.2.1") {
    const Parsed parsed(request.text());
    EXPECT_TRUE(parsed.error().ok());
    ServerKey key;
    EXPECT_TRUE(ServerKeyOf(parsed.view(), key));
    return StoredRequest::Write(parsed.view(), key, *ParseIp(source, 9988), storage_);
  }
  std::string Respond(const RequestText& request, const ResponseDraft& draft,
                      std::string_view to_tag = "made", Duration age = Duration::zero()) {
    const std::string_view run = Store(request);
    EXPECT_FALSE(run.empty());
    Writer writer(wire_);
    WriteResponse(StoredRequest(run), draft, to_tag, age, writer);
    EXPECT_EQ(writer.error(), WriteError::kNone);
    return std::string(writer.text());
  }

  std::vector<char> storage_ = std::vector<char>(65536);
  std::array<char, 8192> wire_;
};

TEST_F(StoredRequestTest, AResponseRepeatsWhatItMust) {
  RequestText request;
  request.more = "Contact: <sip:alice@pc33.atlanta.example>\r\n";
  EXPECT_EQ(
      Respond(request, {.status_code = 200}),
      "SIP/2.0 200 OK\r\n"
      "Via: SIP/2.0/UDP pc33.atlanta.example:5066;branch=z9hG4bK776asdhds;rport=9988;received=192.0.2.1\r\n"
      "From: Alice <sip:alice@atlanta.example>;tag=1928301774\r\n"
      "To: Bob <sip:bob@biloxi.example>;tag=made\r\n"
      "Call-ID: a84b4c76e66710@pc33.atlanta.example\r\n"
      "CSeq: 314159 INVITE\r\n"
      "Content-Length: 0\r\n\r\n");
  SANSIP_SHOWS("3261-8.2.6.2-1", "3261-8.2.6.2-2", "3261-8.2.6.2-3", "3261-8.2.6.2-7", "3261-8.2.6.2-8",
               "3581-4-1", "3581-4-2");
}

TEST_F(StoredRequestTest, ViasKeepTheirOrderAndOnlyTheTopOneIsStamped) {
  RequestText request;
  request.via =
      "SIP/2.0/TCP a.example;branch=z9hG4bK1, SIP/2.0/UDP b.example;branch=z9hG4bK2\r\n"
      "v: SIP/2.0/UDP c.example;branch=z9hG4bK3;received=10.1.1.1";
  const std::string response = Respond(request, {.status_code = 404});
  EXPECT_EQ(HeaderOf(response, "Via"), "SIP/2.0/TCP a.example;branch=z9hG4bK1;received=192.0.2.1");
  EXPECT_EQ(HeaderOf(response, "Via", 1), "SIP/2.0/UDP b.example;branch=z9hG4bK2");
  EXPECT_EQ(HeaderOf(response, "Via", 2), "SIP/2.0/UDP c.example;branch=z9hG4bK3;received=10.1.1.1");
  SANSIP_SHOWS("3261-8.2.6.2-4", "3261-8.2.6.2-5");
}

TEST_F(StoredRequestTest, RportIsFilledOnEveryTransport) {
  RequestText request;
  request.via = "SIP/2.0/TCP 192.0.2.1:5060;rport;branch=z9hG4bK1";
  EXPECT_EQ(HeaderOf(Respond(request, {.status_code = 200}), "Via"),
            "SIP/2.0/TCP 192.0.2.1:5060;rport=9988;branch=z9hG4bK1;received=192.0.2.1");
  SANSIP_SHOWS("3581-4-2", "3581-4-3");
}

TEST_F(StoredRequestTest, ATagInTheRequestsToStays) {
  RequestText request;
  request.to = "Bob <sip:bob@biloxi.example>;tag=theirs";
  EXPECT_EQ(HeaderOf(Respond(request, {.status_code = 200}), "To"), request.to);
  EXPECT_EQ(HeaderOf(Respond(request, {.status_code = 100}), "To"), request.to);
  SANSIP_SHOWS("3261-8.2.6.2-6", "3261-17.2.1-3");
}

TEST_F(StoredRequestTest, A100HasNoTagOfItsOwn) {
  EXPECT_EQ(HeaderOf(Respond({}, {.status_code = 100}), "To"), "Bob <sip:bob@biloxi.example>");
}

TEST_F(StoredRequestTest, A100CopiesTheTimestampWithTheDelay) {
  RequestText request;
  request.more = "Timestamp: 54.21\r\n";
  EXPECT_EQ(HeaderOf(Respond(request, {.status_code = 100}), "Timestamp"), "54.21");
  EXPECT_EQ(HeaderOf(Respond(request, {.status_code = 100}, "", milliseconds(200)), "Timestamp"),
            "54.21 0.200");
  EXPECT_EQ(HeaderOf(Respond(request, {.status_code = 100}, "", milliseconds(12345)), "Timestamp"),
            "54.21 12.345");
  EXPECT_EQ(CountOf(Respond(request, {.status_code = 200}), "Timestamp"), 0);
  SANSIP_SHOWS("3261-8.2.6.1-3", "3261-8.2.6.1-4", "3261-8.2.6.1-5");
}

TEST_F(StoredRequestTest, FoldingIsUndoneAndNothingBreaksOut) {
  RequestText request;
  request.from = "Alice\r\n <sip:alice@atlanta.example>\r\n\t;tag=1928301774";
  request.to = "Bob\r\n  <sip:bob@biloxi.example>";
  const std::string response = Respond(request, {.status_code = 486});
  EXPECT_EQ(HeaderOf(response, "From"), "Alice <sip:alice@atlanta.example> ;tag=1928301774");
  EXPECT_EQ(HeaderOf(response, "To"), "Bob <sip:bob@biloxi.example>;tag=made");
  EXPECT_EQ(response.find("\r\n "), std::string::npos);
}

TEST_F(StoredRequestTest, TheDraftsOwnHeadersAndBodyFollow) {
  const HeaderLine headers[] = {{HeaderId::kContact, "<sip:bob@192.0.2.4>"},
                                {HeaderId::kContentType, "text/plain"}};
  const std::string response =
      Respond({}, {.status_code = 200, .reason = "Yes", .to_tag = {}, .headers = headers, .body = "hello"});
  EXPECT_TRUE(response.starts_with("SIP/2.0 200 Yes\r\n"));
  EXPECT_TRUE(
      response.ends_with("Contact: <sip:bob@192.0.2.4>\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n"
                         "\r\nhello"));
}

TEST_F(StoredRequestTest, KeepsItsKey) {
  RequestText request;
  request.via = "SIP/2.0/UDP pc33.atlanta.example:5066";
  request.to += ";tag=theirs";
  const Parsed parsed(request.text());
  ServerKey key;
  ASSERT_TRUE(ServerKeyOf(parsed.view(), key));
  const std::string_view run = Store(request);
  const StoredRequest stored(run);
  EXPECT_TRUE(Matches(stored.key(), key, true));
  EXPECT_EQ(stored.key().to_tag, "theirs");
  EXPECT_EQ(stored.key().call_id, request.call_id);
}

// A request that is refused for its CSeq: what responses repeat and what copies are told by are two things.
TEST_F(StoredRequestTest, TheMethodIsNotAlwaysTheCSeqs) {
  RequestText request;
  request.method = "OPTIONS";
  std::string text = request.text();
  const std::size_t method = text.rfind("OPTIONS\r\n");
  for (std::string_view other : {"INFO", "XOPTIONS"}) {
    std::string bytes = text;
    bytes.replace(method, 7, other);
    const Parsed parsed(bytes);
    EXPECT_EQ(parsed.error().code, ParseCode::kCSeqMethodMismatch);
    ServerKey key;
    ASSERT_TRUE(ServerKeyOf(parsed.view(), key));
    const std::string_view run =
        StoredRequest::Write(parsed.view(), key, *ParseIp("192.0.2.1", 9988), storage_);
    EXPECT_EQ(StoredRequest(run).key().method, "OPTIONS");
    EXPECT_NE(StoredRequest(run).call_id_and_cseq().find(" " + std::string(other) + "\r\n"),
              std::string::npos);
  }
}

// After the final response the key is in that response alone, if all of it is.
TEST_F(StoredRequestTest, ItsKeyIsInItsResponses) {
  const auto find = [this](const RequestText& request, KeyPlace& place) {
    const std::string response = Respond(request, {.status_code = 486});
    if (!StoredRequest(Store(request)).FindKey(response.find("Via: "), place)) return std::string();
    return response.substr(place.branch_begin, place.branch_size) + " " +
           response.substr(place.host_begin, place.host_size) + " " + std::to_string(place.port);
  };
  KeyPlace place{};
  RequestText request;
  EXPECT_EQ(find(request, place), "z9hG4bK776asdhds pc33.atlanta.example 5066");
  request.via = "SIP/2.0/UDP pc33.atlanta.example;rport;branch=z9hG4bK776";
  EXPECT_EQ(find(request, place), "");  // its Via was written anew: who knows where what is
  request.via = "SIP/2.0/UDP  pc33.atlanta.example ;branch=z9hG4bK776;rport";
  EXPECT_EQ(find(request, place), "z9hG4bK776 pc33.atlanta.example 5060");
  request.via = "SIP/2.0/UDP\r\n pc33.atlanta.example;branch=z9hG4bK776;rport";
  EXPECT_EQ(find(request, place), "");
  request.via = "SIP/2.0/UDP pc33.atlanta.example;rport";
  EXPECT_EQ(find(request, place), "");
}

TEST_F(StoredRequestTest, WhatDoesNotFitIsRefused) {
  storage_.resize(300);
  EXPECT_TRUE(Store({}).empty());
  storage_.resize(10);
  EXPECT_TRUE(Store({}).empty());
  storage_.resize(65536);
  RequestText large;
  large.via = "SIP/2.0/UDP h;branch=z9hG4bK1";
  for (int i = 0; i < 10; ++i) {
    large.via += "\r\nVia: SIP/2.0/UDP " + std::string(6000, 'h') + ";branch=z9hG4bK1";
  }
  large.call_id = std::string(6000, 'c');
  const Parsed parsed(large.text());
  ServerKey key;
  if (ServerKeyOf(parsed.view(), key)) {
    EXPECT_TRUE(StoredRequest::Write(parsed.view(), key, *ParseIp("192.0.2.1", 1), storage_).empty());
  }
}

TEST(ResponseDraft, MayNotGiveWhatTheLayerWrites) {
  for (HeaderId id : {HeaderId::kVia, HeaderId::kFrom, HeaderId::kTo, HeaderId::kCallId, HeaderId::kCSeq,
                      HeaderId::kContentLength}) {
    const HeaderLine headers[] = {{id, "x"}};
    EXPECT_FALSE(IsWellFormed({.status_code = 200, .reason = {}, .to_tag = {}, .headers = headers}));
    const HeaderLine by_name[] = {{HeaderId::kOther, "x", HeaderName(id)}};
    EXPECT_FALSE(IsWellFormed({.status_code = 200, .reason = {}, .to_tag = {}, .headers = by_name}));
  }
  EXPECT_FALSE(IsWellFormed({.status_code = 99}));
  EXPECT_FALSE(IsWellFormed({.status_code = 700}));
  EXPECT_TRUE(IsWellFormed({.status_code = 699}));
}

}  // namespace
}  // namespace sansip::testing
