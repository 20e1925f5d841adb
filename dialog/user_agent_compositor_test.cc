// A user agent that keeps what peers publish (RFC 3903 6).

#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/dialog/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

UserAgentOptions WithStates() {
  UserAgentOptions options;
  options.events = "message-summary";
  options.published_events = "presence, dialog";
  options.publish_types = "application/pidf+xml";
  options.publishes = [](std::string_view uri) { return uri.starts_with("sip:alice@"); };
  options.event_expires_min = 60;
  options.event_expires_max = 7200;
  options.limits.event_states_max = 3;
  return options;
}

class Compositing : public ::testing::Test {
 protected:
  // The response, by its status.
  int Publish(const std::string& more, std::string_view body = "<presence/>",
              std::string uri = "sip:alice@example.com", std::string event = "presence") {
    RequestText publish{.method = "PUBLISH",
                        .uri = std::move(uri),
                        .via = "SIP/2.0/UDP pua.example;branch=z9hG4bK" + std::to_string(++count_),
                        .to = "<sip:alice@example.com>",
                        .call_id = "publish" + std::to_string(count_),
                        .cseq = "1"};
    if (!event.empty()) publish.more = "Event: " + event + "\r\n";
    if (!body.empty()) publish.more += "Content-Type: application/pidf+xml\r\n";
    publish.more += more;
    publish.body = body;
    server.Receive(publish);
    tag = HeaderOf(server.last_wire(), "SIP-ETag");
    return std::stoi(server.last_wire().substr(8, 3));
  }
  static std::string IfMatch(const std::string& entity_tag) { return "SIP-If-Match: " + entity_tag + "\r\n"; }
  std::string Header(std::string_view name) { return HeaderOf(server.last_wire(), name); }

  AgentUnderTest server{WithStates(), "example.com"};
  std::string tag;

 private:
  int count_ = 0;
};

TEST_F(Compositing, PublishedRefreshedModifiedRemoved) {
  ASSERT_EQ(Publish("Expires: 100\r\n"), 200);
  EXPECT_EQ(Header("Expires"), "100");
  EXPECT_EQ(CountOf(server.last_wire(), "SIP-ETag"), 1);
  EXPECT_THAT(server.last_message(), HasSubstr("<presence/>"));
  const std::string first = tag;
  server.Advance(99);
  ASSERT_EQ(Publish(IfMatch(first) + "Expires: 100\r\n", ""), 200);
  const std::string second = tag;
  EXPECT_NE(second, first);
  EXPECT_EQ(Publish(IfMatch(first)), 412);  // replaced
  EXPECT_EQ(Publish(IfMatch(second) + "Expires: 200\r\n", "<other/>"), 200);
  const std::string third = tag;
  EXPECT_EQ(server.agent().event_states(), 1u);
  EXPECT_EQ(Publish(IfMatch(third) + "Expires: 0\r\n", ""), 200);
  EXPECT_EQ(Header("Expires"), "0");
  EXPECT_EQ(CountOf(server.last_wire(), "SIP-ETag"), 1);
  EXPECT_EQ(server.agent().event_states(), 0u);
  EXPECT_EQ(Publish(IfMatch(third)), 412);
  EXPECT_THAT(server.TakeEvents(), ElementsAre("State published 100 presence of sip:alice@example.com",
                                               "State refreshed 100 presence of sip:alice@example.com",
                                               "State modified 200 presence of sip:alice@example.com",
                                               "State removed 0 presence of sip:alice@example.com"));
  SANSIP_SHOWS("3903-6-8", "3903-6-10", "3903-6-11", "3903-6-16", "3903-6-21", "3903-6-22", "3903-6-23");
}

TEST_F(Compositing, WhatIsNotRefreshedRunsOut) {
  ASSERT_EQ(Publish("Expires: 60\r\n"), 200);
  const std::string first = tag;
  server.Advance(59.9);
  EXPECT_THAT(server.TakeEvents(), ElementsAre("State published 60 presence of sip:alice@example.com"));
  server.Advance(0.2);
  EXPECT_THAT(server.TakeEvents(), ElementsAre("State expired 0 presence of sip:alice@example.com"));
  EXPECT_EQ(server.agent().event_states(), 0u);
  EXPECT_EQ(server.agent().next_deadline() == kNever || server.agent().transaction_layer().live() > 0, true);
  EXPECT_EQ(Publish(IfMatch(first), ""), 412);
  SANSIP_SHOWS("3903-6-26", "3903-6-10");
}

TEST_F(Compositing, TimesThatAreGranted) {
  EXPECT_EQ(Publish(""), 200);
  EXPECT_EQ(Header("Expires"), "3600");
  EXPECT_EQ(Publish("Expires: 100000\r\n"), 200);
  EXPECT_EQ(Header("Expires"), "7200");
  EXPECT_EQ(Publish("Expires: 10\r\n"), 423);
  EXPECT_EQ(Header("Min-Expires"), "60");
  EXPECT_EQ(Publish("Expires: 0\r\n"), 200);  // never too brief; and nothing is kept
  EXPECT_EQ(CountOf(server.last_wire(), "SIP-ETag"), 1);
  EXPECT_EQ(server.agent().event_states(), 2u);
  EXPECT_EQ(Publish(IfMatch(tag)), 412);
  SANSIP_SHOWS("3903-6-12", "3903-6-13", "3903-6-17");
}

TEST_F(Compositing, WhatIsRefusedChangesNothing) {
  ASSERT_EQ(Publish(""), 200);
  const std::string mine = tag;
  server.TakeEvents();
  EXPECT_EQ(Publish("", "x", "sip:bob@example.com"), 404);
  EXPECT_EQ(Publish("", "x", "sip:alice@example.com", "winfo"), 489);
  EXPECT_EQ(Header("Allow-Events"), "message-summary, presence, dialog");
  EXPECT_EQ(Publish("", "x", "sip:alice@example.com", ""), 489);
  EXPECT_EQ(Header("Allow-Events"), "message-summary, presence, dialog");
  EXPECT_EQ(Publish("", ""), 400);  // neither state nor tag
  EXPECT_EQ(Publish(IfMatch(mine) + IfMatch(mine)), 400);
  EXPECT_EQ(Publish(IfMatch(mine + ", " + mine)), 400);
  EXPECT_EQ(Publish(IfMatch("0000000")), 412);
  EXPECT_EQ(Publish(IfMatch("ffffffff" + mine.substr(8))), 412);
  EXPECT_EQ(Publish(IfMatch(mine.substr(0, 30))), 412);
  EXPECT_EQ(Publish(IfMatch(mine), "x", "sip:alice@elsewhere.example"), 412);      // another resource's
  EXPECT_EQ(Publish(IfMatch(mine), "x", "sip:alice@example.com", "dialog"), 412);  // another package's
  EXPECT_EQ(Publish(IfMatch(mine) + "Expires: 1\r\n", ""), 423);
  EXPECT_THAT(server.TakeEvents(), IsEmpty());
  EXPECT_EQ(server.agent().event_states(), 1u);
  EXPECT_EQ(Publish(IfMatch(mine), "x", "sip:alice@EXAMPLE.com"), 200);  // 19.1.4: the same one
  SANSIP_SHOWS("3903-6-6", "3903-6-7", "3903-6-15", "3903-6-5", "3903-6-18", "3903-11.1.1-1");
}

TEST_F(Compositing, BodiesOfOtherTypesAreNotTaken) {
  EXPECT_EQ(Publish("Content-Type: text/foo\r\n", ""), 400);
  RequestText publish{.method = "PUBLISH", .uri = "sip:alice@example.com", .cseq = "1"};
  publish.more = "Event: presence\r\nContent-Type: text/foo\r\n";
  publish.body = "foo";
  server.Receive(publish);
  EXPECT_THAT(server.last_wire(), StartsWith("SIP/2.0 415"));
  EXPECT_EQ(Header("Accept"), "application/pidf+xml");
  EXPECT_EQ(server.agent().event_states(), 0u);
  SANSIP_SHOWS("3903-6-14");
}

TEST_F(Compositing, RecordRouteAndContactMeanNothing) {
  EXPECT_EQ(Publish("Record-Route: <sip:p.example;lr>\r\nContact: <tel:+1>, <sip:a@b>\r\n"), 200);
  EXPECT_EQ(CountOf(server.last_wire(), "Record-Route") + CountOf(server.last_wire(), "Contact"), 0);
  SANSIP_SHOWS("3903-6-1", "3903-6-2", "3903-6-3");
}

TEST_F(Compositing, TagsAreNeverTheSame) {
  ASSERT_EQ(Publish(""), 200);
  std::set<std::string> tags = {tag};
  for (int i = 0; i < 500; ++i) {
    // In their order, each on top of the one before.
    ASSERT_EQ(Publish(IfMatch(tag), i % 2 ? "x" : ""), 200);
    ASSERT_TRUE(tags.insert(tag).second) << tag;
  }
  std::string another = tag;
  ASSERT_EQ(Publish(""), 200);
  EXPECT_TRUE(tags.insert(tag).second);
  EXPECT_EQ(Publish(IfMatch(another) + "Expires: 0\r\n", ""), 200);
  EXPECT_TRUE(tags.insert(tag).second);
  SANSIP_SHOWS("3903-6-4", "3903-6-24", "3903-6-25");
}

TEST_F(Compositing, IsLimited) {
  for (int i = 0; i < 3; ++i) ASSERT_EQ(Publish(""), 200);
  EXPECT_EQ(Publish(""), 503);
  EXPECT_EQ(Header("Retry-After"), "60");
  EXPECT_EQ(Header("SIP-ETag"), "");
  EXPECT_EQ(server.agent().event_states(), 3u);
  SANSIP_SHOWS("3903-6-19", "3903-6-20");
  EXPECT_EQ(server.agent().counters().refused_limit, 1u);
  server.Advance(3600.1);
  EXPECT_EQ(server.agent().event_states(), 0u);
  EXPECT_EQ(Publish(""), 200);
  server.Shutdown();
  EXPECT_EQ(server.agent().event_states(), 0u);
  EXPECT_EQ(Publish(""), 503);
  SANSIP_SHOWS("3903-9-1");
}

TEST_F(Compositing, OptionsSayAsMuch) {
  server.Receive(RequestText{.method = "OPTIONS"});
  EXPECT_THAT(Header("Allow"), HasSubstr("PUBLISH"));
  EXPECT_EQ(Header("Allow-Events"), "message-summary, presence, dialog");
  SANSIP_SHOWS("3903-7-1", "3903-7-2");
  AgentUnderTest none({}, "example.com");
  none.Receive(RequestText{.method = "PUBLISH", .more = "Event: presence\r\n"});
  EXPECT_THAT(none.last_wire(), StartsWith("SIP/2.0 405"));
}

// Both roles at once.
TEST_F(Compositing, MeetsAPublisher) {
  UserAgentOptions taking = WithStates();
  taking.publishes = nullptr;
  Couple couple({}, taking);
  const InputResult asked = couple.alice.Do(ua::input::Publish{{.target = "sip:alice@example.com",
                                                                .from = "<sip:alice@example.com>",
                                                                .content = {"<p/>", "application/pidf+xml"},
                                                                .event = "presence",
                                                                .options = {.expires = 120}}});
  ASSERT_EQ(asked.error, VerbError::kNone);
  couple.Advance(1000);
  EXPECT_EQ(couple.bob.agent().event_states(), 1u);
  EXPECT_GE(couple.bob.agent().counters().publishes_received, 9u);
  ASSERT_EQ(couple.alice.Do(ua::input::Withdraw{asked.asked}).error, VerbError::kNone);
  couple.Advance(40);
  EXPECT_EQ(couple.bob.agent().event_states(), 0u);
  EXPECT_EQ(couple.alice.agent().standalones(), 0u);
}

}  // namespace
}  // namespace sansip::testing
