// Challenges to what a user agent sends (RFC 3261 22): an INVITE, what follows within its dialog, the session
// timer's refreshes. The other side is the digest server of core/auth.

#include <memory>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/core/auth/digest_server.h"
#include "sansip/core/message/test_message.h"
#include "sansip/dialog/testing.h"
#include "sansip/tests/support/digest_hashes.h"
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
using Result = DigestServer::Result;

const TestHashes hashes;

UserAgentOptions WithHashes() {
  UserAgentOptions options;
  options.digest_hashes = &hashes;
  return options;
}

class Challenged : public ::testing::Test {
 protected:
  // The last request, challenged.
  void Challenge(bool is_stale = false, int status = 401) {
    alice.Respond(status, "bobtag", Lines401(is_stale, status));
  }
  std::string Lines401(bool is_stale = false, int status = 401) {
    std::string lines;
    for (const HeaderLine& line : server.Challenge(Instant(Seconds(alice.now())), is_stale)) {
      lines +=
          (status == 401 ? "WWW-Authenticate: " : "Proxy-Authenticate: ") + std::string(line.value) + "\r\n";
    }
    return lines;
  }
  // What the server thinks of the credentials in a request.
  Result Judge(const std::string& wire) {
    const Parsed request(wire);
    EXPECT_EQ(request.error(), ParseError{});
    const std::optional<Credentials> credentials = server.Find(request.view());
    if (!credentials) return Result::kMissing;
    const HexDigest secret = SecretOf(hashes, *server.SecretFor(*credentials), "alice", "biloxi", "secret");
    return server.Check(Instant(Seconds(alice.now())),
                        {.method = request.view().method_text(),
                         .uri = request.view().request_uri(),
                         .body = request.view().body()},
                        *credentials, secret.view());
  }
  VerbError Give(std::string_view password = "secret", bool is_proxy = false) {
    return alice
        .Do(ua::input::GiveCredentials{{.call = alice.call(),
                                        .realm = "biloxi",
                                        .is_proxy = is_proxy,
                                        .user = "alice",
                                        .password = password}})
        .error;
  }
  VerbError RefuseToGive() {
    return alice.Do(ua::input::GiveCredentials{{.call = alice.call(), .realm = "biloxi", .refused = true}})
        .error;
  }
  // A call whose INVITE was challenged and then answered.
  void Establish(std::string_view more = "") {
    alice.Place();
    Challenge();
    EXPECT_EQ(Give(), VerbError::kNone);
    alice.Respond(200, "bobtag", more, kAnswer);
    alice.TakeEvents();
    alice.TakeSent();
  }
  static std::string Branch(const std::string& wire) {
    const std::string via = HeaderOf(wire, "Via");
    return via.substr(via.find("branch="));
  }

  AgentUnderTest alice{WithHashes()};
  SeededRandom random{7};
  DigestServer server{{.realm = "biloxi"}, hashes, random};
};

TEST_F(Challenged, AnInviteGoesAgainWithCredentials) {
  SANSIP_SHOWS("3261-20-9", "3261-26.3.1-9", "3261-26.3.2.1-9", "8760-2-1");
  SANSIP_SHOWS("3261-22.2-3", "3261-22.2-7", "3261-22.1-15", "3261-22.4-4", "3261-22.4-11", "7616-3.4.6-2");
  alice.Place();
  const std::string first = alice.LastRequest("INVITE");
  EXPECT_EQ(Judge(first), Result::kMissing);
  Challenge();
  EXPECT_EQ(alice.CountSent("ACK"), 1);
  EXPECT_EQ(alice.CountSent("INVITE"), 1);  // the user is asked
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("NeedCredentials biloxi"));
  EXPECT_EQ(Give(), VerbError::kNone);
  const std::string second = alice.LastRequest("INVITE");
  EXPECT_EQ(Judge(second), Result::kAccepted);
  EXPECT_EQ(HeaderOf(second, "CSeq"), "2 INVITE");
  for (const char* same : {"Call-ID", "From", "To", "Contact"}) {
    EXPECT_EQ(HeaderOf(second, same), HeaderOf(first, same));
  }
  EXPECT_EQ(BodyOf(second), kOffer);
  EXPECT_NE(Branch(second), Branch(first));
  EXPECT_EQ(Give(), VerbError::kWrongState);  // nobody asks

  alice.Respond(200, "bobtag", "", kAnswer);
  EXPECT_THAT(alice.TakeEvents(), Contains("Confirmed"));
  EXPECT_EQ(HeaderOf(alice.LastRequest("ACK"), "Authorization"), HeaderOf(second, "Authorization"));
  // Ahead of any challenge.
  alice.HangUp();
  EXPECT_EQ(Judge(alice.LastRequest("BYE")), Result::kAccepted);
  EXPECT_THAT(HeaderOf(alice.LastRequest("BYE"), "Authorization"), HasSubstr("nc=00000002"));
  for (const std::string& wire : alice.wires()) EXPECT_THAT(wire, Not(HasSubstr("secret")));
  EXPECT_EQ(alice.agent().counters().challenges_answered, 1u);
}

TEST_F(Challenged, TheAckToAFailureHasTheCredentialsOfItsInviteAndACancelHasNone) {
  SANSIP_SHOWS("3261-22.1-11");
  alice.Place();
  Challenge();
  Give();
  const std::string invite = alice.LastRequest("INVITE");
  alice.Respond(180);
  alice.HangUp();
  EXPECT_EQ(CountOf(alice.LastRequest("CANCEL"), "Authorization"), 0);
  alice.RespondTo(invite, 487);
  const std::string ack = alice.LastRequest("ACK");
  EXPECT_EQ(HeaderOf(ack, "CSeq"), "2 ACK");
  EXPECT_EQ(HeaderOf(ack, "Authorization"), HeaderOf(invite, "Authorization"));
  EXPECT_NE(HeaderOf(ack, "Authorization"), "");
}

TEST_F(Challenged, AProofThatIsNoneIsTold) {
  SANSIP_SHOWS("7616-3.5-12");
  alice.Place();
  Challenge();
  Give();
  const std::string value = HeaderOf(alice.LastRequest("INVITE"), "Authorization");
  const std::string cnonce = value.substr(value.find("cnonce=\"") + 8, 32);
  alice.TakeEvents();
  alice.Respond(180);
  alice.Respond(200, "bobtag",
                "Authentication-Info: qop=auth, rspauth=\"" + std::string(64, '0') + "\", cnonce=\"" +
                    cnonce + "\", nc=00000001\r\n",
                kAnswer);
  EXPECT_THAT(alice.TakeEvents(), Contains("ProofFailed"));
  EXPECT_EQ(alice.agent().counters().proofs_wrong, 1u);
  EXPECT_EQ(alice.view().state, UsageState::kEstablished);  // what follows is the user's
}

// Who wants to know callers challenges with a DigestServer and Refuse.
TEST_F(Challenged, ACalleeMayChallengeToo) {
  Couple couple(WithHashes());
  const auto challenge = [&] {
    std::vector<HeaderLine> lines;
    for (const HeaderLine& line : server.Challenge(Instant(), false)) lines.push_back(line);
    couple.bob.Do(ua::input::Refuse{couple.bob.call(), 401, {.headers = lines}});
  };
  couple.alice.Place();
  couple.Advance(0.1);
  EXPECT_EQ(Judge(couple.alice.LastRequest("INVITE")), Result::kMissing);
  challenge();
  couple.Advance(0.1);
  EXPECT_THAT(couple.bob.LastResponse("INVITE"), HasSubstr("WWW-Authenticate: Digest realm=\"biloxi\""));
  EXPECT_EQ(couple.alice
                .Do(ua::input::GiveCredentials{
                    {.call = couple.alice.call(), .realm = "biloxi", .user = "alice", .password = "secret"}})
                .error,
            VerbError::kNone);
  couple.Advance(0.1);
  EXPECT_EQ(Judge(couple.alice.LastRequest("INVITE")), Result::kAccepted);
  SANSIP_SHOWS("3261-22.2-2", "3261-22.4-8");
  // Neither CANCEL nor ACK is asked for any.
  couple.bob.Ring();
  couple.Advance(0.1);
  couple.alice.HangUp();
  couple.Advance(0.1);
  EXPECT_THAT(couple.bob.LastResponse("CANCEL"), StartsWith("SIP/2.0 200"));
  EXPECT_THAT(couple.bob.LastResponse("INVITE"), StartsWith("SIP/2.0 487"));
  EXPECT_EQ(couple.bob.CountSent("SIP/2.0 401"), 1);
  EXPECT_EQ(couple.bob.agent().calls_live(), 0u);
  SANSIP_SHOWS("3261-22.1-12", "3261-22.1-13");
}

TEST_F(Challenged, AProxyIsAnsweredInItsOwnField) {
  SANSIP_SHOWS("3261-20-9", "3261-26.3.1-9");
  SANSIP_SHOWS("3261-22.3-5", "3261-22.1-3", "7616-3.8-2");
  alice.Place();
  Challenge(false, 407);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("NeedCredentials biloxi proxy"));
  EXPECT_EQ(Give("secret", false), VerbError::kWrongState);
  EXPECT_EQ(Give("secret", true), VerbError::kNone);
  EXPECT_THAT(HeaderOf(alice.LastRequest("INVITE"), "Proxy-Authorization"), StartsWith("Digest "));
  EXPECT_EQ(CountOf(alice.LastRequest("INVITE"), "Authorization"), 0);
}

TEST_F(Challenged, WrongCredentialsAreToldAndNotTriedAgain) {
  SANSIP_SHOWS("3261-22.1-16");
  alice.Place();
  Challenge();
  Give("wrong");
  EXPECT_EQ(Judge(alice.LastRequest("INVITE")), Result::kRejected);
  alice.TakeEvents();
  Challenge();
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("NeedCredentials biloxi again"));
  const int sent = alice.CountSent("INVITE");
  Give("wrong");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Ended refused 401"));
  EXPECT_EQ(alice.last_end().clause, "RFC 3261 22.2");
  EXPECT_EQ(alice.CountSent("INVITE"), sent);
}

TEST_F(Challenged, RightCredentialsAfterWrongOnes) {
  alice.Place();
  Challenge();
  Give("wrong");
  Challenge();
  Give("secret");
  EXPECT_EQ(Judge(alice.LastRequest("INVITE")), Result::kAccepted);
  EXPECT_EQ(HeaderOf(alice.LastRequest("INVITE"), "CSeq"), "3 INVITE");
}

TEST_F(Challenged, RefusedOrUnansweredQuestionsEndTheCall) {
  alice.Place();
  Challenge();
  alice.TakeEvents();
  EXPECT_EQ(RefuseToGive(), VerbError::kNone);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Ended refused 401"));
  alice.Advance(40);
  alice.TakeEvents();

  alice.Place();
  Challenge();
  alice.TakeEvents();
  alice.Advance(59);
  EXPECT_THAT(alice.TakeEvents(), IsEmpty());
  alice.Advance(2);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Ended refused 401", "CallGone"));
}

TEST_F(Challenged, HangingUpWhileTheQuestionIsOpen) {
  alice.Place();
  Challenge();
  alice.TakeEvents();
  EXPECT_EQ(alice.HangUp(), VerbError::kNone);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Ended local-cancel"));
  EXPECT_EQ(alice.CountSent("CANCEL"), 0);
  alice.Advance(40);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("CallGone"));
  EXPECT_EQ(Give(), VerbError::kStale);
}

TEST_F(Challenged, AServerThatNeverIsContentIsGivenUp) {
  SANSIP_SHOWS("3261-26.3.1-9");
  alice.Place();
  Challenge();
  Give();
  for (int i = 0; i < 100 && alice.TakeEvents().size() < 2; ++i) Challenge(true);
  EXPECT_LE(alice.CountSent("INVITE"), 9);
  EXPECT_EQ(alice.last_end().status, 401);
  EXPECT_EQ(alice.agent().calls_live(), 0u);
}

TEST_F(Challenged, WithoutHashesItIsARefusal) {
  AgentUnderTest plain;
  plain.Place();
  plain.Respond(401, "bobtag", Lines401());
  EXPECT_THAT(plain.TakeEvents(), ElementsAre("Ended refused 401"));
}

TEST_F(Challenged, AReinviteKeepsItsOffer) {
  SANSIP_SHOWS("3261-22.2-1", "3261-22.1-17");
  Establish();
  alice.Reinvite();
  EXPECT_EQ(Judge(alice.LastRequest("INVITE")), Result::kAccepted);
  Challenge(true);  // unasked
  const std::string again = alice.LastRequest("INVITE");
  EXPECT_EQ(Judge(again), Result::kAccepted);
  EXPECT_EQ(BodyOf(again), kNewOffer);
  EXPECT_EQ(HeaderOf(again, "CSeq"), "4 INVITE");
  alice.Respond(200, "bobtag", "", kNewAnswer);
  EXPECT_THAT(alice.TakeEvents(), Contains("Reinvited 200 by us"));
  EXPECT_EQ(alice.view().local_body, kNewOffer);
  EXPECT_EQ(HeaderOf(alice.LastRequest("ACK"), "Authorization"), HeaderOf(again, "Authorization"));
}

TEST_F(Challenged, AReinviteThatWaitsGivesWayToThePeers) {
  alice.Place();
  alice.Respond(200, "bobtag", "", kAnswer);
  const std::string invite = alice.LastRequest("INVITE");
  alice.Reinvite();
  Challenge();
  alice.TakeEvents();
  alice.Receive(RequestFromBob(invite, "INVITE", 1, "Contact: <sip:bob@192.0.2.2:5070>\r\n", kAnswer).text());
  EXPECT_THAT(alice.LastResponse("INVITE"), StartsWith("SIP/2.0 200"));
  const int sent = alice.CountSent("INVITE");
  Give();
  EXPECT_EQ(alice.CountSent("INVITE"), sent);  // not before the ACK
  alice.Receive(RequestFromBob(invite, "ACK", 1).text());
  alice.Advance(0.6);
  EXPECT_EQ(alice.CountSent("INVITE"), sent + 1);
  EXPECT_EQ(Judge(alice.LastRequest("INVITE")), Result::kAccepted);
}

TEST_F(Challenged, ARefusedReinviteLeavesTheSessionAlone) {
  alice.Place();
  alice.Respond(200, "bobtag", "", kAnswer);
  alice.Reinvite();
  Challenge();
  alice.TakeEvents();
  RefuseToGive();
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Reinvited 401 by us"));
  EXPECT_EQ(alice.view().local_body, kOffer);
  EXPECT_EQ(alice.view().state, UsageState::kEstablished);
}

// What is asked outside of calls is challenged, too, by the peer or by a proxy on the way.
TEST_F(Challenged, RequestsOutsideOfCallsGoAgain) {
  for (const int status : {401, 407}) {
    for (const char* method : {"MESSAGE", "PUBLISH"}) {
      const bool is_message = std::string_view(method) == "MESSAGE";
      // Others each time: what worked is kept.
      const std::string from = "<sip:" + std::string(method) + std::to_string(status) + "@atlanta.example>";
      const StandaloneDraft draft{.target = "sip:bob@biloxi.example",
                                  .from = from,
                                  .content = {"text", is_message ? "text/plain" : "application/pidf+xml"},
                                  .event = is_message ? std::string_view() : "presence"};
      const InputResult asked =
          is_message ? alice.Do(ua::input::SendRequest{draft}) : alice.Do(ua::input::Publish{draft});
      ASSERT_EQ(asked.error, VerbError::kNone);
      const std::string first = alice.LastRequest(method);
      Challenge(false, status);
      ASSERT_EQ(alice
                    .Do(ua::input::GiveCredentials{{.standalone = asked.asked,
                                                    .realm = "biloxi",
                                                    .is_proxy = status == 407,
                                                    .user = "alice",
                                                    .password = "secret"}})
                    .error,
                VerbError::kNone);
      const std::string second = alice.LastRequest(method);
      EXPECT_EQ(HeaderOf(first, "CSeq"), "1 " + std::string(method));
      EXPECT_EQ(HeaderOf(second, "CSeq"), "2 " + std::string(method));
      EXPECT_EQ(HeaderOf(second, "Call-ID"), HeaderOf(first, "Call-ID"));
      EXPECT_EQ(BodyOf(second), "text");
      const std::string_view name = status == 407 ? "Proxy-Authorization" : "Authorization";
      EXPECT_THAT(HeaderOf(second, name), StartsWith("Digest username=\"alice\""));
      if (status == 401) {
        EXPECT_EQ(Judge(second), Result::kAccepted);
      }
      alice.Respond(200, "bobtag", is_message ? "" : "SIP-ETag: e1\r\nExpires: 3600\r\n");
      alice.Advance(40);
    }
  }
  SANSIP_SHOWS("3428-11.1-1", "3903-14.1-3", "3903-14.2-2");
}

// RFC 6665 4.1.3: by a subscriber that wants to know who notifies.
TEST_F(Challenged, ANotifyGoesAgainWithCredentials) {
  SANSIP_SHOWS("6665-4.1.3-3");
  UserAgentOptions options = WithHashes();
  options.events = "presence";
  AgentUnderTest notifier(options, "notifier.example", 3);
  notifier.Receive(
      RequestText{.method = "SUBSCRIBE", .more = "Event: presence\r\nContact: <sip:w@192.0.2.9>\r\n"});
  const std::string first = notifier.LastRequest("NOTIFY");
  notifier.RespondTo(first, 401, "", Lines401());
  ASSERT_EQ(notifier
                .Do(ua::input::GiveCredentials{{.standalone = notifier.last_standalone(),
                                                .realm = "biloxi",
                                                .user = "alice",
                                                .password = "secret"}})
                .error,
            VerbError::kNone);
  const std::string again = notifier.LastRequest("NOTIFY");
  EXPECT_EQ(Judge(again), Result::kAccepted);
  EXPECT_EQ(HeaderOf(again, "CSeq"), "2 NOTIFY");
  EXPECT_EQ(HeaderOf(again, "To"), HeaderOf(first, "To"));
  notifier.RespondTo(again, 200, "");
  EXPECT_EQ(notifier.agent().counters().notifies_sent, 1u);
}

TEST_F(Challenged, AByeIsSentAgain) {
  alice.Place();
  alice.Respond(200, "bobtag", "", kAnswer);
  alice.HangUp();
  alice.TakeEvents();
  Challenge();
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("NeedCredentials biloxi"));
  Give();
  EXPECT_EQ(Judge(alice.LastRequest("BYE")), Result::kAccepted);
  EXPECT_EQ(HeaderOf(alice.LastRequest("BYE"), "CSeq"), "3 BYE");
  alice.Respond(200);
  alice.Advance(40);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("CallGone"));
}

// 22.3: a proxy on the way may ask as well, of a realm that is known already.
TEST_F(Challenged, AProxyAsksForTheByeAndHasWhatIsKnownOfItsRealm) {
  SANSIP_SHOWS("3261-22.3-1", "3261-22.3-20");
  alice.Place();
  Challenge(false, 407);
  EXPECT_EQ(Give("secret", true), VerbError::kNone);
  EXPECT_THAT(HeaderOf(alice.LastRequest("INVITE"), "Proxy-Authorization"), HasSubstr("username=\"alice\""));
  alice.Respond(200, "bobtag", "", kAnswer);
  alice.TakeEvents();
  alice.HangUp();
  Challenge(true, 407);
  const std::string bye = alice.LastRequest("BYE");
  EXPECT_THAT(HeaderOf(bye, "Proxy-Authorization"), HasSubstr("username=\"alice\""));
  EXPECT_EQ(alice.CountDifferent("BYE"), 2);
  EXPECT_THAT(alice.TakeEvents(), Not(Contains("NeedCredentials biloxi")));
}

// RFC 4028 7.4: a refresh is a request like any other.
TEST_F(Challenged, TheSessionGoesOnWhereRefreshesAreChallenged) {
  SANSIP_SHOWS("4028-10-9");
  for (const RefreshMethod method : {RefreshMethod::kReinvite, RefreshMethod::kUpdate}) {
    const std::string lines =
        "Session-Expires: 600;refresher=uac\r\nRequire: timer\r\nAllow: INVITE, UPDATE\r\n";
    const std::string name = method == RefreshMethod::kUpdate ? "UPDATE" : "INVITE";
    CallDraft draft = DraftToBob();
    draft.session_timer.method = method;
    alice.Place(draft);
    if (method == RefreshMethod::kReinvite) {
      Challenge();
      EXPECT_EQ(Give(), VerbError::kNone);
    } else {
      Challenge(true);  // what the first call was given
    }
    alice.Respond(200, "bobtag", lines, kAnswer);
    alice.TakeEvents();
    alice.TakeSent();
    for (int refresh = 0; refresh < 4; ++refresh) {
      alice.Advance(300.2);
      ASSERT_EQ(alice.TakeSent().size(), 1u);
      // The server's nonces last 300 s: the credentials come with one that is stale.
      EXPECT_EQ(Judge(alice.LastRequest(name)), Result::kStale);
      const std::string cseq = HeaderOf(alice.LastRequest(name), "CSeq");
      Challenge(true);
      EXPECT_EQ(Judge(alice.LastRequest(name)), Result::kAccepted);
      EXPECT_EQ(std::stoi(HeaderOf(alice.LastRequest(name), "CSeq")), std::stoi(cseq) + 1);
      alice.Respond(200, "bobtag", lines, name == "INVITE" ? kAnswer : "");
      EXPECT_THAT(alice.TakeEvents(), ElementsAre("Refreshed 600 by us"));
      alice.TakeSent();
    }
    EXPECT_EQ(alice.view().state, UsageState::kEstablished);
    alice.HangUp();
    alice.Respond(200);
    alice.Advance(40);
    alice.TakeEvents();
    alice.TakeSent();
  }
}

// Credentials that worked are kept for what goes to the same destination.
class Kept : public Challenged {
 protected:
  std::string Authorization() const { return HeaderOf(alice.LastRequest("INVITE"), "Authorization"); }
  CallId Place(std::string_view target, std::string_view from = "<sip:alice@alice.example>") {
    CallDraft draft = DraftToBob();
    draft.target = target;
    draft.from = from;
    return alice.Place(draft);
  }
  void Accept() { alice.Respond(200, "bobtag", "", kAnswer); }
};

TEST_F(Kept, TheNextRequestThereHasThemUnasked) {
  SANSIP_SHOWS("3261-22.2-4", "3261-22.2-6", "3261-22.1-4", "7616-3.3-2", "7616-3.6-3");
  Establish();
  alice.HangUp();
  alice.Respond(200);
  alice.Place();
  const std::string second = alice.LastRequest("INVITE");
  EXPECT_EQ(Judge(second), Result::kAccepted);
  EXPECT_THAT(Authorization(), HasSubstr("nc=00000003"));  // INVITE, BYE, INVITE
  EXPECT_EQ(HeaderOf(second, "CSeq"), "1 INVITE");
  Accept();
  EXPECT_EQ(HeaderOf(alice.LastRequest("ACK"), "Authorization"), Authorization());
  const StandaloneDraft message{.target = "sip:bob@bob.example",
                                .from = "\"Alice\" <sip:alice@alice.example>",
                                .content = {.body = "hi", .content_type = "text/plain"}};
  alice.Do(ua::input::SendRequest{message});
  EXPECT_EQ(Judge(alice.LastRequest("MESSAGE")), Result::kAccepted);
  for (const std::string& wire : alice.wires()) EXPECT_THAT(wire, Not(HasSubstr("secret")));
}

TEST_F(Kept, WhoAsksForAStateAgainHasThem) {
  SANSIP_SHOWS("6665-4.4.3-2", "3903-14.2-2");
  const auto ask = [&] {
    return alice
        .Do(ua::input::Subscribe{{.target = "sip:bob@bob.example",
                                  .from = "<sip:alice@alice.example>",
                                  .event = "presence",
                                  .options = {.expires = 0}}})
        .asked;
  };
  const auto give = [&](StandaloneId id) {
    alice.Do(ua::input::GiveCredentials{
        {.standalone = id, .realm = "biloxi", .user = "alice", .password = "secret"}});
  };
  const StandaloneId first = ask();
  Challenge();
  give(first);
  EXPECT_EQ(Judge(alice.LastRequest("SUBSCRIBE")), Result::kAccepted);
  alice.Respond(200, "bobtag", "Expires: 0\r\n");
  ask();
  EXPECT_EQ(Judge(alice.LastRequest("SUBSCRIBE")), Result::kAccepted);
  EXPECT_EQ(HeaderOf(alice.LastRequest("SUBSCRIBE"), "CSeq"), "1 SUBSCRIBE");
  alice.Respond(200, "bobtag", "Expires: 0\r\n");
  // RFC 3903 14: a PUBLISH as any request.
  const StandaloneId publication =
      alice
          .Do(ua::input::Publish{{.target = "sip:alice@alice.example",
                                  .from = "<sip:alice@alice.example>",
                                  .content = {.body = "here", .content_type = "text/plain"},
                                  .event = "presence"}})
          .asked;
  Challenge();
  give(publication);
  EXPECT_EQ(Judge(alice.LastRequest("PUBLISH")), Result::kAccepted);
  EXPECT_EQ(HeaderOf(alice.LastRequest("PUBLISH"), "CSeq"), "2 PUBLISH");
}

TEST_F(Kept, NotForOtherDestinationsNorOtherIdentities) {
  Place("sip:bob@bob.example");
  Challenge();
  Give();
  Accept();
  Place("sip:carol@bob.example");
  EXPECT_EQ(Authorization(), "");
  Place("sip:bob@bob.example", "<sip:alice2@alice.example>");
  EXPECT_EQ(Authorization(), "");
  Place("sip:bob@bob.example");
  EXPECT_NE(Authorization(), "");
}

TEST_F(Kept, CallsAtOnceUseNoCountTwice) {
  SANSIP_SHOWS("7616-3.4-6");
  Place("sip:bob@bob.example");
  Challenge();
  Give();
  Accept();
  const CallId first = alice.call();
  std::vector<CallId> calls = {first};
  for (int i = 0; i < 3; ++i) {
    calls.push_back(Place("sip:bob@bob.example"));
    EXPECT_EQ(Judge(alice.LastRequest("INVITE")), Result::kAccepted);  // a replay would not be
    Accept();
  }
  for (const CallId call : calls) {
    alice.Do(ua::input::HangUp{call, {}});
    EXPECT_EQ(Judge(alice.LastRequest("BYE")), Result::kAccepted);
  }
  EXPECT_THAT(HeaderOf(alice.LastRequest("BYE"), "Authorization"), HasSubstr("nc=00000008"));
}

TEST_F(Kept, TheLatestNonceIsEverybodys) {
  SANSIP_SHOWS("7616-3.5-4", "7616-3.3-10");
  Establish();
  const CallId first = alice.call();
  const auto authorization = [&](std::string_view method) {
    return HeaderOf(alice.LastRequest(method), "Authorization");
  };
  Place("sip:bob@bob.example", "\"Alice\" <sip:alice@alice.example>");
  alice.Respond(200, "bobtag", "Authentication-Info: nextnonce=\"next\"\r\n", kAnswer);
  alice.Do(ua::input::HangUp{first, {}});
  EXPECT_THAT(authorization("BYE"), AllOf(HasSubstr("nonce=\"next\""), HasSubstr("nc=00000001")));
  alice.HangUp();
  EXPECT_THAT(authorization("BYE"), AllOf(HasSubstr("nonce=\"next\""), HasSubstr("nc=00000002")));
  // One that the server has forgotten: asked of nobody.
  alice.TakeEvents();
  Challenge(true);
  EXPECT_EQ(Judge(alice.LastRequest("BYE")), Result::kAccepted);
  EXPECT_THAT(alice.TakeEvents(), IsEmpty());
}

TEST_F(Kept, WhatIsRefusedIsAskedForAgain) {
  Establish();
  alice.Place();
  Challenge();  // once it may be the nonce
  EXPECT_THAT(alice.TakeEvents(), IsEmpty());
  Challenge();
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("NeedCredentials biloxi again"));
  alice.Place();
  EXPECT_EQ(HeaderOf(alice.LastRequest("INVITE"), "Authorization"), "");
}

// RFC 3261 26.3.2.2: who registers by a proxy's leave calls by the same.
TEST_F(Kept, TheInviteAfterARegistrationHasThemAtOnce) {
  SANSIP_SHOWS("3261-26.3.2.2-2");
  UserAgentOptions options = WithHashes();
  options.proxy_realm = "biloxi";
  AgentUnderTest one(options);
  const InputResult registering =
      one.Do(ua::input::Register{{.registrar = "sip:r.example", .address = "<sip:alice@alice.example>"}});
  one.Respond(407, "r", Lines401(false, 407));
  one.Do(ua::input::GiveCredentials{{.registration = registering.registered,
                                     .realm = "biloxi",
                                     .is_proxy = true,
                                     .user = "alice",
                                     .password = "secret"}});
  one.Respond(200, "r", "Contact: " + HeaderOf(one.last_wire(), "Contact") + ";expires=3600\r\n");
  CallDraft draft = DraftToBob();
  draft.from = "<sip:alice@alice.example>";
  one.Place(draft);
  EXPECT_THAT(HeaderOf(one.LastRequest("INVITE"), "Proxy-Authorization"), HasSubstr("nc=00000002"));
}

// RFC 7616 3.6: an old nonce is used until the server says that it is stale.
TEST_F(Kept, AnHourLaterTheServerMayStillTakeTheNonce) {
  SANSIP_SHOWS("7616-3.6-5");
  Establish();
  alice.HangUp();
  alice.Respond(200);
  alice.Advance(3600);
  alice.Place();
  EXPECT_THAT(Authorization(), HasSubstr("nc=00000003"));
  Accept();
  EXPECT_EQ(alice.view().state, UsageState::kEstablished);
  EXPECT_THAT(alice.TakeEvents(), Not(Contains(StartsWith("NeedCredentials"))));
}

// RFC 7616 3.4.4: a server that wants the name hashed may refuse it as it is; that is no endless quarrel.
TEST_F(Kept, ANameThatIsRefusedIsNotSentForEver) {
  SANSIP_SHOWS("7616-3.4.4-3");
  alice.Place();
  Challenge();
  EXPECT_EQ(Give(), VerbError::kNone);
  alice.Respond(403, "bobtag");
  EXPECT_EQ(alice.last_end().status, 403);
  alice.Place();
  Challenge();
  ASSERT_EQ(Give(), VerbError::kNone);
  Challenge();  // the same once more
  EXPECT_EQ(alice.CountSent("INVITE"), 4);
  EXPECT_THAT(alice.TakeEvents(), Contains("NeedCredentials biloxi again"));
}

TEST_F(Kept, OfProxiesOnlyThoseOfTheOutboundProxy) {
  SANSIP_SHOWS("3261-22.3-9", "3261-22.3-7");
  const auto second_invite = [&](AgentUnderTest& one) {
    one.Place();
    one.Respond(407, "bobtag", Lines401(false, 407));
    one.Do(ua::input::GiveCredentials{
        {.call = one.call(), .realm = "biloxi", .is_proxy = true, .user = "alice", .password = "secret"}});
    one.Respond(200, "bobtag", "", kAnswer);
    one.Place("sip:carol@bob.example");
    return HeaderOf(one.LastRequest("INVITE"), "Proxy-Authorization");
  };
  EXPECT_EQ(second_invite(alice), "");
  UserAgentOptions options = WithHashes();
  options.proxy_realm = "biloxi";
  AgentUnderTest configured(options);
  EXPECT_THAT(second_invite(configured), HasSubstr("nc=00000002"));
}

TEST_F(Kept, SoManyAndNoMore) {
  UserAgentOptions options = WithHashes();
  options.limits.credentials_max = 1;
  AgentUnderTest small(options);
  const auto has_credentials = [&](std::string_view target) {
    small.Place(target);
    return !HeaderOf(small.LastRequest("INVITE"), "Authorization").empty();
  };
  for (const char* target : {"sip:bob@bob.example", "sip:carol@bob.example"}) {
    EXPECT_FALSE(has_credentials(target));
    small.Respond(401, "bobtag", Lines401());
    small.Do(ua::input::GiveCredentials{
        {.call = small.call(), .realm = "biloxi", .user = "alice", .password = "secret"}});
    small.Respond(486);
    EXPECT_TRUE(has_credentials(target));
  }
  EXPECT_FALSE(has_credentials("sip:bob@bob.example"));
  options.limits.credentials_max = 0;
  AgentUnderTest none(options);
  none.Place();
  none.Respond(401, "bobtag", Lines401());
  none.Do(ua::input::GiveCredentials{
      {.call = none.call(), .realm = "biloxi", .user = "alice", .password = "secret"}});
  none.Respond(486);
  none.Place();
  EXPECT_EQ(HeaderOf(none.LastRequest("INVITE"), "Authorization"), "");
}

}  // namespace
}  // namespace sansip::testing
