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
  options.takes_refer = options.takes_replaces = options.takes_join = true;
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

// RFC 5589 7.3: Alice has asked Carol before; Bob's call takes the place of hers.
TEST_F(Transferring, Attended) {
  SANSIP_SHOWS("3891-3-1", "3891-3-13", "3891-4-2", "3891-4-3", "3891-6.2-1", "3515-2.1-1");
  const CallId first = Call(alice, bob, "sip:bob@bob.example");
  const CallId second = Call(alice, carol, "sip:carol@carol.example");
  const CallId with_alice = carol.call();
  EXPECT_EQ(alice.Do(ua::input::Transfer{first, first, {}}).error, VerbError::kWrongState);
  EXPECT_EQ(alice.Do(ua::input::Transfer{first, second, {}}).error, VerbError::kNone);
  Deliver();
  EXPECT_THAT(HeaderOf(alice.LastRequest("REFER"), "Refer-To"),
              StartsWith("<sip:carol@carol.example:5060?Replaces="));
  PlaceReferred();
  const std::string invite = bob.LastRequest("INVITE");
  EXPECT_THAT(invite, StartsWith("INVITE sip:carol@carol.example:5060 SIP/2.0\r\n"));
  EXPECT_EQ(HeaderOf(invite, "Supported"), "timer, norefersub, replaces, join");
  EXPECT_THAT(carol.TakeEvents(), ElementsAre("Incoming replacing"));
  EXPECT_EQ(carol.last_named(), with_alice);
  carol.Answer();
  Deliver();
  EXPECT_THAT(carol.TakeEvents(), ElementsAre("Ended replaced", "Timer 1800 by peer", "Confirmed"));
  Advance(1.5);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Refer accepted 202", "Refer reported 100", "Ended remote-bye",
                                              "Refer reported 200", "Refer ended 200"));
  EXPECT_EQ(alice.agent().Find(first)->state, UsageState::kEstablished);
  EXPECT_EQ(carol.view().state, UsageState::kEstablished);
  ExpectNothingIsLeft();
}

// Carol rings somebody when the INVITE that replaces that call arrives.
TEST_F(Transferring, AnEarlyCallIsNotToBeReplaced) {
  SANSIP_SHOWS("3891-4-1");
  const CallId call = Call(alice, bob, "sip:bob@bob.example");
  CallDraft draft = DraftToBob();
  draft.target = "sip:carol@carol.example";
  const CallId early = alice.Place(draft);
  Deliver();
  EXPECT_EQ(carol.Ring(), VerbError::kNone);
  Deliver();
  EXPECT_EQ(alice.Do(ua::input::Transfer{call, early, {}}).error, VerbError::kWrongState);
  EXPECT_EQ(alice.CountSent("REFER"), 0);
  ExpectNothingIsLeft();
}

TEST_F(Transferring, AnEarlyCallOfTheCalleesIsCancelled) {
  SANSIP_SHOWS("3891-3-15");
  CallDraft ringing;
  ringing.target = "sip:alice@alice.example";
  ringing.from = "<sip:carol@carol.example>";
  const CallId early = carol.Place(ringing);
  Deliver();
  alice.Ring();
  Deliver();
  const CallView view = *carol.agent().Find(early);
  const std::string replaces = std::string(view.call_id) +
                               ";early-only;to-tag=" + std::string(view.local_tag) +
                               ";from-tag=" + std::string(view.remote_tag);
  CallDraft draft;
  draft.target = "sip:carol@carol.example";
  draft.from = "<sip:bob@bob.example>";
  draft.replaces = replaces;
  draft.content.body = kOffer;
  bob.Place(draft);
  Deliver();
  EXPECT_THAT(carol.TakeEvents(), ElementsAre("Progress 180", "Incoming replacing"));
  EXPECT_EQ(carol.last_named(), early);
  carol.Answer();
  Deliver();
  EXPECT_EQ(carol.CountSent("CANCEL"), 1);
  EXPECT_THAT(carol.TakeEvents(), Contains("Ended replaced 487"));
  EXPECT_THAT(bob.TakeEvents(), Contains("Confirmed"));
  ExpectNothingIsLeft();
}

// INVITEs of Bob's that name Carol's call with Alice, or do not.
class Naming : public Transferring {
 protected:
  Naming() {
    Call(alice, carol, "sip:carol@carol.example");
    with_alice = carol.call();
    const CallView view = carol.view();
    call_id = view.call_id;
    local = view.local_tag;
    remote = view.remote_tag;
  }
  std::string Named() const { return call_id + ";to-tag=" + local + ";from-tag=" + remote; }
  // The status that it gets at once, or "".
  std::string Invite(std::string_view more) {
    RequestText text;
    text.method = "INVITE";
    text.uri = "sip:carol@carol.example";
    text.call_id = "new" + std::to_string(++number_);
    text.via = "SIP/2.0/UDP bob.example;branch=z9hG4bKn" + std::to_string(number_);
    text.from = "<sip:bob@bob.example>;tag=b";
    text.to = "<sip:carol@carol.example>";
    text.cseq = "1";
    text.more = "Contact: <sip:bob@bob.example>\r\n" + std::string(more);
    const std::size_t before = carol.wires().size();
    carol.Receive(text);
    return carol.wires().size() == before ? "" : carol.last_wire().substr(8, 3);
  }

  CallId with_alice;
  std::string call_id, local, remote;

 private:
  int number_ = 0;
};

TEST_F(Naming, WhatDoesNotMatchIsRefused) {
  SANSIP_SHOWS("3891-3-1", "3891-3-2", "3891-3-3", "3891-3-5", "3891-3-14", "3891-6.1-1", "3891-6.1-3");
  const std::string replaces = "Replaces: " + Named() + "\r\n";
  EXPECT_EQ(Invite("Replaces: " + call_id + ";to-tag=" + remote + ";from-tag=" + local + "\r\n"), "481");
  EXPECT_EQ(Invite("Replaces: other;to-tag=" + local + ";from-tag=" + remote + "\r\n"), "481");
  EXPECT_EQ(Invite("Replaces: " + call_id + ";to-tag=" + local + ";from-tag=0\r\n"), "481");
  EXPECT_EQ(Invite("Replaces: " + call_id + ";to-tag=" + local + "\r\n"), "400");
  EXPECT_EQ(Invite(replaces + replaces), "400");
  EXPECT_EQ(Invite(replaces + "Join: " + Named() + "\r\n"), "400");
  EXPECT_EQ(Invite("Replaces: " + Named() + ";early-only\r\n"), "486");
  EXPECT_EQ(Invite("Join: other;to-tag=1;from-tag=2\r\n"), "481");
  EXPECT_THAT(carol.TakeEvents(), IsEmpty());
  EXPECT_EQ(Invite("Replaces: " + call_id + ";x=y;from-tag=" + remote + ";to-tag=" + local + "\r\n"), "");
  EXPECT_THAT(carol.TakeEvents(), ElementsAre("Incoming replacing"));
  // Not what the user can do: the call that was named goes on.
  carol.Refuse(488);
  EXPECT_EQ(carol.agent().Find(with_alice)->state, UsageState::kEstablished);
  EXPECT_EQ(carol.CountSent("BYE"), 0);
}

// RFC 3891 3: the one that has no tag and the one whose tag is "0" have the same name.
TEST_F(Naming, WhatMatchesTwoMatchesNone) {
  SANSIP_SHOWS("3891-3-4");
  AgentUnderTest caller(Transferable(), "caller.example", 4);
  caller.Place();
  const std::string invite = caller.LastRequest("INVITE");
  const auto replace = [&](int n) {
    RequestText text;
    text.via = "SIP/2.0/UDP h;branch=z9hG4bKr" + std::to_string(n);
    text.call_id = "new" + std::to_string(n);
    text.more = "Contact: <sip:b@192.0.2.9>\r\nReplaces: " + HeaderOf(invite, "Call-ID") +
                ";to-tag=" + TagIn(invite, "From") + ";from-tag=0\r\n";
    caller.TakeEvents();
    caller.Receive(text);
    return caller.TakeEvents();
  };
  caller.RespondTo(invite, 180, "0");
  EXPECT_THAT(replace(1), ElementsAre("Incoming replacing"));
  caller.RespondTo(invite, 200, "", "", kAnswer);
  EXPECT_THAT(replace(2), IsEmpty());
  EXPECT_EQ(caller.last_wire().substr(8, 3), "481");
}

TEST_F(Naming, BusyOrNot) {
  SANSIP_SHOWS("3891-3-11", "3891-3-12");
  carol.Do(ua::input::SetBusy{true});
  EXPECT_EQ(Invite(""), "486");
  EXPECT_EQ(Invite("Join: " + Named() + "\r\n"), "486");
  EXPECT_EQ(Invite("Replaces: " + Named() + "\r\n"), "");
  carol.Refuse(488);
  EXPECT_EQ(carol.LastResponse("INVITE").substr(8, 3), "488");
  EXPECT_EQ(carol.agent().Find(with_alice)->state, UsageState::kEstablished);
  carol.Do(ua::input::SetBusy{false});
  EXPECT_EQ(Invite("Join: " + Named() + "\r\n"), "");
  EXPECT_EQ(carol.last_named(), with_alice);
  EXPECT_THAT(carol.TakeEvents(), Contains("Incoming joining"));
  carol.Answer();
  EXPECT_EQ(carol.agent().Find(with_alice)->state, UsageState::kEstablished);
}

TEST_F(Naming, WhatHasJustEndedIsDeclined) {
  SANSIP_SHOWS("3891-3-7");
  alice.HangUp();
  Deliver();
  EXPECT_EQ(Invite("Replaces: " + Named() + "\r\n"), "603");
}

TEST_F(Naming, SubscriptionsAndCallsThatRingAreNotReplaced) {
  SANSIP_SHOWS("3891-3-6", "3891-3-16");
  EXPECT_EQ(Invite(""), "");
  carol.Ring();
  const std::string ringing = carol.LastResponse("INVITE");
  carol.TakeEvents();
  EXPECT_EQ(Invite("Replaces: " + HeaderOf(ringing, "Call-ID") + ";to-tag=" + TagIn(ringing, "To") +
                   ";from-tag=b\r\n"),
            "481");
  RequestText refer;
  refer.method = "REFER";
  refer.uri = "sip:carol@carol.example";
  refer.from = "<sip:bob@bob.example>;tag=b";
  refer.to = "<sip:carol@carol.example>";
  refer.call_id = "refer";
  refer.more = "Contact: <sip:bob@bob.example>\r\nRefer-To: <sip:d@h>\r\n";
  refer.cseq = "1";
  carol.Receive(refer);
  carol.Do(ua::input::AnswerRefer{carol.last_standalone(), 202});
  const std::string tag = TagIn(carol.LastResponse("REFER"), "To");
  EXPECT_EQ(Invite("Replaces: refer;to-tag=" + tag + ";from-tag=b\r\n"), "481");
  EXPECT_THAT(carol.TakeEvents(), Not(Contains(HasSubstr("Incoming"))));
}

TEST(Replacing, UnknownItIsNotSupported) {
  SANSIP_SHOWS("3891-6.2-2");
  AgentUnderTest plain;
  RequestText text;
  text.method = "INVITE";
  text.more = "Contact: <sip:b@h>\r\nRequire: replaces\r\nReplaces: a;to-tag=1;from-tag=2\r\n";
  plain.Receive(text);
  EXPECT_THAT(plain.LastResponse("INVITE"),
              AllOf(StartsWith("SIP/2.0 420 "), HasSubstr("Unsupported: replaces")));
  CallDraft draft = DraftToBob();
  draft.replaces = "a;to-tag=1";
  EXPECT_EQ(plain.Do(ua::input::PlaceCall{draft}).error, VerbError::kBadHeader);
  draft.replaces = {};
  draft.joins = "a;to-tag=1;from-tag=2";
  plain.Place(draft);
  EXPECT_EQ(HeaderOf(plain.LastRequest("INVITE"), "Join"), "a;to-tag=1;from-tag=2");
  EXPECT_EQ(HeaderOf(plain.LastRequest("INVITE"), "Require"), "join");
}

}  // namespace
}  // namespace sansip::testing
