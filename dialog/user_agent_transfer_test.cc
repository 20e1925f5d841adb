// Calls that are transferred (RFC 5589): Alice and Bob talk, and Carol is to take Alice's place. Three user
// agents and a network without delay.

#include <deque>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/dialog/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

UserAgentOptions Transferable() {
  UserAgentOptions options;
  options.takes_refer = true;
  return options;
}

class Transferring : public ::testing::Test {
 protected:
  explicit Transferring(const UserAgentOptions& options = Transferable())
      : alice(options, "alice.example", 1),
        bob(options, "bob.example", 2),
        carol(options, "carol.example", 3) {
    for (AgentUnderTest* agent : {&alice, &bob, &carol}) {
      agent->on_transmit = [this](const std::string& wire) { flights_.push_back(wire); };
    }
  }

  // All that is on its way arrives, and what that brings.
  void Deliver() {
    for (int i = 0; !flights_.empty(); ++i) {
      ASSERT_LT(i, 1000);
      const std::string wire = flights_.front();
      flights_.pop_front();
      const std::string where =
          wire.starts_with("SIP/2.0") ? HeaderOf(wire, "Via") : wire.substr(0, wire.find('\r'));
      for (AgentUnderTest* agent : {&alice, &bob, &carol}) {
        if (where.find(agent->host()) != std::string::npos) agent->Receive(wire);
      }
    }
  }
  void Advance(double seconds) {
    for (double at = 0; at < seconds; at += 0.5) {
      for (AgentUnderTest* agent : {&alice, &bob, &carol}) {
        agent->Advance(0.5);
        Deliver();
      }
    }
  }
  // `from` calls `to`, which answers.
  CallId Call(AgentUnderTest& from, AgentUnderTest& to, std::string_view target) {
    CallDraft draft;
    draft.target = target;
    const std::string address = "<sip:me@" + from.host() + ">";
    draft.from = address;
    draft.content.body = kOffer;
    const CallId call = from.Place(draft);
    Deliver();
    EXPECT_EQ(to.Answer(), VerbError::kNone);
    Deliver();
    from.TakeEvents();
    to.TakeEvents();
    return call;
  }
  // Bob does as he was asked.
  void PlaceReferred() {
    CallDraft draft;
    draft.reference = bob.last_standalone();
    draft.content.body = kNewOffer;
    bob.Place(draft);
    Deliver();
  }
  // Once everybody has hung up nothing is left anywhere.
  void ExpectNothingIsLeft() {
    for (AgentUnderTest* agent : {&alice, &bob, &carol}) agent->Shutdown();
    Deliver();
    Advance(70);
    for (AgentUnderTest* agent : {&alice, &bob, &carol}) {
      EXPECT_EQ(agent->agent().calls_kept(), 0u) << agent->host();
      EXPECT_EQ(agent->agent().standalones(), 0u) << agent->host();
      EXPECT_EQ(agent->agent().next_deadline(), kNever) << agent->host();
    }
  }

  AgentUnderTest alice, bob, carol;

 private:
  std::deque<std::string> flights_;
};

TEST_F(Transferring, Blind) {
  SANSIP_SHOWS("3515-2.4.2-2", "3515-2.4.4-1");
  const CallId first = Call(alice, bob, "sip:bob@bob.example");
  const CallId with_alice = bob.call();
  EXPECT_EQ(alice.Do(ua::input::Transfer{first, {}, "sip:carol@carol.example"}).error, VerbError::kNone);
  Deliver();
  EXPECT_THAT(HeaderOf(alice.LastRequest("REFER"), "Referred-By"), StartsWith("<sip:me@alice.example>"));
  EXPECT_THAT(bob.TakeEvents(), ElementsAre("Referred INVITE sip:carol@carol.example"));
  PlaceReferred();
  EXPECT_THAT(carol.TakeEvents(), ElementsAre("Incoming"));
  EXPECT_EQ(HeaderOf(bob.LastRequest("INVITE"), "Referred-By"), "<sip:me@alice.example>");
  carol.Ring();
  Deliver();
  Advance(1.5);
  carol.Answer();
  Deliver();
  Advance(1.5);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Refer accepted 202", "Refer reported 100",
                                              "Refer reported 180", "Refer reported 200", "Refer ended 200"));
  alice.HangUp();
  Deliver();
  EXPECT_EQ(bob.agent().Find(with_alice)->state, UsageState::kMortal);
  EXPECT_EQ(bob.view().state, UsageState::kEstablished);
  EXPECT_EQ(carol.view().state, UsageState::kEstablished);
  ExpectNothingIsLeft();
}

// RFC 5589 6.2: Alice hears why, and talks on.
TEST_F(Transferring, ToOneWhoRefuses) {
  const CallId first = Call(alice, bob, "sip:bob@bob.example");
  alice.Do(ua::input::Transfer{first, {}, "sip:carol@carol.example"});
  Deliver();
  PlaceReferred();
  carol.Refuse(486);
  Deliver();
  Advance(1.5);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Refer accepted 202", "Refer reported 100",
                                              "Refer reported 486", "Refer ended 486"));
  EXPECT_EQ(alice.view().state, UsageState::kEstablished);
  ExpectNothingIsLeft();
}

// Alice does not wait for the outcome, and hears it nevertheless.
TEST_F(Transferring, TheTransferorMayHangUpAtOnce) {
  const CallId first = Call(alice, bob, "sip:bob@bob.example");
  alice.Do(ua::input::Transfer{first, {}, "sip:carol@carol.example"});
  Deliver();
  PlaceReferred();
  alice.HangUp();
  Deliver();
  EXPECT_EQ(alice.Do(ua::input::Transfer{first, {}, "sip:carol@carol.example"}).error,
            VerbError::kWrongState);
  carol.Answer();
  Deliver();
  Advance(1.5);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Refer accepted 202", "Refer reported 100", "Ended local-bye",
                                              "Refer reported 200", "Refer ended 200"));
  ExpectNothingIsLeft();
}

// Nobody can do what was asked: the user gives up the call that was placed.
TEST_F(Transferring, ACallGivenUpIsReported) {
  const CallId first = Call(alice, bob, "sip:bob@bob.example");
  alice.Do(ua::input::Transfer{first, {}, "sip:carol@carol.example"});
  Deliver();
  PlaceReferred();
  carol.Ring();
  Deliver();
  Advance(1.5);
  bob.HangUp();
  Deliver();
  Advance(1.5);
  EXPECT_THAT(alice.TakeEvents(), Contains("Refer ended 487"));
  ExpectNothingIsLeft();
}

}  // namespace
}  // namespace sansip::testing
