// What URIs may ask for in requests formed from them (RFC 3261 19.1.5), and what addresses tell or hide.

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/dialog/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using ::testing::Contains;
using ::testing::StartsWith;

class FormedFromUri : public ::testing::Test {
 protected:
  InputResult Ask(std::string_view target, StandaloneDraft draft = {}) {
    draft.target = target;
    draft.from = "<sip:alice@alice.example>";
    return alice.Do(ua::input::SendRequest{draft});
  }

  AgentUnderTest alice;
};

TEST_F(FormedFromUri, ItsMethodIsThatOfTheRequest) {
  SANSIP_SHOWS("3261-19.1.5-2");
  ASSERT_EQ(Ask("sip:b@h.example;method=MESSAGE;x=y", {.method = {}}).error, VerbError::kNone);
  EXPECT_THAT(alice.last_wire(), StartsWith("MESSAGE sip:b@h.example;x=y SIP/2.0\r\n"));
  ASSERT_EQ(Ask("sip:b@h.example;method=OPTIONS", {.method = {}}).error, VerbError::kNone);
  EXPECT_THAT(alice.last_wire(), StartsWith("OPTIONS sip:b@h.example SIP/2.0\r\n"));
  // Whom it does not suit does not send another.
  const std::size_t sent = alice.wires().size();
  EXPECT_EQ(Ask("sip:b@h.example;method=OPTIONS", {.method = "MESSAGE"}).error, VerbError::kBadMethod);
  EXPECT_EQ(Ask("sip:b@h.example;method=BYE", {.method = {}}).error, VerbError::kBadMethod);
  EXPECT_EQ(Ask("sip:b@h.example", {.method = {}}).error, VerbError::kBadMethod);
  CallDraft call = DraftToBob();
  call.target = "sip:b@h.example;method=MESSAGE";
  EXPECT_EQ(alice.Do(ua::input::PlaceCall{call}).error, VerbError::kBadMethod);
  EXPECT_EQ(alice.wires().size(), sent);
  call.target = "sip:b@h.example;method=INVITE";
  EXPECT_EQ(alice.Do(ua::input::PlaceCall{call}).error, VerbError::kNone);
}

TEST_F(FormedFromUri, ItsHeadersAndBodyAreWishes) {
  SANSIP_SHOWS("3261-19.1.5-5");
  constexpr std::string_view kUri =
      "sip:b@h.example?Subject=a%20word&body=come%20in&priority=urgent&From=x&Organization=o&Subject=again";
  ASSERT_EQ(Ask(kUri).error, VerbError::kNone);
  EXPECT_THAT(alice.last_wire(), StartsWith("MESSAGE sip:b@h.example SIP/2.0\r\n"));
  EXPECT_EQ(HeaderOf(alice.last_wire(), "Subject"), "a word");
  EXPECT_EQ(CountOf(alice.last_wire(), "Subject"), 1);
  EXPECT_EQ(HeaderOf(alice.last_wire(), "Priority"), "urgent");
  EXPECT_EQ(CountOf(alice.last_wire(), "Organization"), 0);
  EXPECT_EQ(CountOf(alice.last_wire(), "From"), 1);
  EXPECT_EQ(HeaderOf(alice.last_wire(), "Content-Type"), "text/plain");
  EXPECT_EQ(BodyOf(alice.last_wire()), "come in");
  // What the user says goes before, and a call's body is its own.
  CallDraft call = DraftToBob();
  const HeaderLine subject = {HeaderId::kSubject, "mine", {}};
  call.content.headers = {&subject, 1};
  call.target = kUri;
  alice.Place(call);
  const std::string invite = alice.LastRequest("INVITE");
  EXPECT_EQ(HeaderOf(invite, "Subject"), "mine");
  EXPECT_EQ(CountOf(invite, "Subject"), 1);
  EXPECT_EQ(HeaderOf(invite, "Priority"), "urgent");
  EXPECT_EQ(BodyOf(invite), kOffer);
}

TEST_F(FormedFromUri, NoLineIsSmuggledIn) {
  ASSERT_EQ(Ask("sip:b@h.example?Subject=a%0D%0AX-Evil:%20b&Priority=&In-Reply-To=%00", {}).error,
            VerbError::kNone);
  for (const char* name : {"Subject", "X-Evil", "Priority", "In-Reply-To"})
    EXPECT_EQ(CountOf(alice.last_wire(), name), 0) << name;
}

// RFC 3428 5: an im URI names whom, never the way.
TEST_F(FormedFromUri, ARouteIsNoImUri) {
  SANSIP_SHOWS("3428-5-3");
  for (const std::string_view route : {"<im:proxy@h.example;lr>", "<im:proxy@h.example>"}) {
    StandaloneDraft draft{.content = {.body = "hi", .content_type = "text/plain"}};
    draft.routes = {&route, 1};
    EXPECT_EQ(Ask("im:bob@h.example", draft).error, VerbError::kBadUri);
  }
  ASSERT_EQ(Ask("im:bob@h.example", {.content = {.body = "hi", .content_type = "text/plain"}}).error,
            VerbError::kNone);
  EXPECT_EQ(CountOf(alice.last_wire(), "Route") + CountOf(alice.last_wire(), "Record-Route"), 0);
}

// ---- who is not to be known

TEST(Hidden, TheDisplayNameIsAnonymousAndNothingElseTells) {
  SANSIP_SHOWS("3261-20.20-1", "3261-20.31-1");
  UserAgentOptions options;
  options.contact_user = "alice";
  for (const std::string_view from : {std::string_view("<sip:anonymous@anonymous.invalid>"), kAnonymous}) {
    AgentUnderTest alice(options);
    CallDraft draft = DraftToBob();
    draft.from = from;
    draft.contact_user = {};
    alice.Place(draft);
    EXPECT_THAT(HeaderOf(alice.last_wire(), "From"),
                StartsWith("\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag="));
    EXPECT_EQ(CountOf(alice.last_wire(), "Reply-To"), 0);
    EXPECT_EQ(alice.last_wire().find("alice@"), std::string::npos);
  }
}

// ---- 26.4.4

TEST(Downgraded, ACallToSipsThatComesForSipIsToldAsSuch) {
  SANSIP_SHOWS("3261-26.4.4-1", "3261-26.4.4-3");
  const auto told = [](const char* to, const char* request_uri) {
    AgentUnderTest bob({}, "bob.example");
    RequestText invite{.uri = request_uri, .more = "Contact: <sips:alice@192.0.2.1>\r\n"};
    invite.to = to;
    bob.Receive(invite, Transport::kTls);
    const std::vector<std::string> events = bob.TakeEvents();
    EXPECT_EQ(events.size(), 1u);
    return events.empty() ? "" : events[0];
  };
  EXPECT_THAT(told("<sips:bob@b.example>", "sip:bob@192.0.2.2"), ::testing::EndsWith(" insecure"));
  for (const auto& [to, uri] : {std::pair{"<sips:bob@b.example>", "sips:bob@192.0.2.2"},
                                std::pair{"<sip:bob@b.example>", "sip:bob@192.0.2.2"},
                                std::pair{"<sip:bob@b.example>", "sips:bob@192.0.2.2"}}) {
    EXPECT_THAT(told(to, uri), ::testing::Not(::testing::EndsWith(" insecure"))) << to << uri;
  }
}

}  // namespace
}  // namespace sansip::testing
