// Session-ID (RFC 7989) as a user agent writes and reads it.

#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/core/message/fields/session_id.h"
#include "sansip/dialog/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using ::testing::Each;
using ::testing::MatchesRegex;
using ::testing::SizeIs;

constexpr std::string_view kB = "47755a9de7794ba387653f2099600ef2";
constexpr std::string_view kB2 = "7a1b3c5d7e9f41238899aabbccddeeff";

UserAgentOptions Named() {
  UserAgentOptions options;
  options.session_id = options.takes_refer = options.takes_replaces = true;
  options.methods = "MESSAGE";
  return options;
}

std::string IdIn(std::string_view wire) { return HeaderOf(wire, "Session-ID"); }
std::string LocalIn(std::string_view wire) { return IdIn(wire).substr(0, 32); }
std::string RemoteIn(std::string_view wire) {
  const std::string id = IdIn(wire);
  return id.size() == 72 ? id.substr(40) : id.size() == 32 ? "none" : "malformed " + id;
}
std::string Text(Uuid uuid) {
  const auto digits = UuidText(uuid);
  return {digits.data(), digits.size()};
}
std::string From(std::string_view local, std::string_view remote = kNilUuid) {
  std::string line = "Session-ID: ";
  return line.append(local).append(";remote=").append(remote) + "\r\n";
}

class SessionNamed : public ::testing::Test {
 protected:
  SessionNamed() : alice(Named()) {}

  void Establish(std::string_view peer = kB) {
    alice.Place();
    invite = alice.LastRequest("INVITE");
    own = LocalIn(invite);
    alice.Respond(200, "bobtag", From(peer, own), kAnswer);
  }
  std::string ReceiveFromBob(std::string_view method, std::string_view more, std::string_view body = "") {
    alice.Receive(RequestFromBob(invite, method, ++cseq, more, body));
    return alice.LastResponse(method);
  }

  AgentUnderTest alice;
  std::string invite, own;
  int cseq = 0;
};

TEST_F(SessionNamed, IsSaidByNobodyUnlessTheOptionsSaySo) {
  AgentUnderTest silent;
  silent.Place();
  EXPECT_EQ(IdIn(silent.last_wire()), "");
  EXPECT_TRUE(silent.view().local_uuid.is_nil());
}

TEST_F(SessionNamed, OfACallIsOneUuidOfVersion4FromInviteToBye) {
  SANSIP_SHOWS("7329-4.2-1", "7329-4.2-2", "7329-4.2-6");
  Establish();
  EXPECT_THAT(own, MatchesRegex("[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}"));
  EXPECT_EQ(RemoteIn(invite), kNilUuid);
  EXPECT_EQ(Text(alice.view().local_uuid), own);
  EXPECT_EQ(Text(alice.view().remote_uuid), kB);
  alice.Reinvite();
  alice.HangUp();
  for (const char* method : {"ACK", "INVITE"}) {
    EXPECT_EQ(IdIn(alice.LastRequest(method)), own + ";remote=" + std::string(kB)) << method;
  }
  alice.RespondTo(alice.LastRequest("INVITE"), 487, "bobtag");
  EXPECT_EQ(IdIn(alice.LastRequest("BYE")), own + ";remote=" + std::string(kB));
  alice.Place();
  EXPECT_NE(LocalIn(alice.LastRequest("INVITE")), own);
}

TEST_F(SessionNamed, GoesOnThroughRefusalAndRedirectionToAPeerNotKnown) {
  SANSIP_SHOWS("7329-4.2-2");
  alice.Place();
  own = LocalIn(alice.last_wire());
  alice.Respond(422, "s", "Min-SE: 3600\r\n" + From(kB, own));
  EXPECT_EQ(IdIn(alice.LastRequest("INVITE")), own + ";remote=" + std::string(kB));
  alice.Respond(302, "s", "Contact: <sip:bob@elsewhere.example>\r\n" + From(kB, own));
  EXPECT_EQ(IdIn(alice.LastRequest("INVITE")), own + ";remote=" + std::string(kNilUuid));
}

TEST_F(SessionNamed, EachForkHasItsOwnPeerAndCancelIsAsItsInvite) {
  UserAgentOptions options = Named();
  options.reliable_provisionals = ReliableProvisionals::kSupported;
  AgentUnderTest caller(options);
  caller.Place();
  const std::string first = caller.LastRequest("INVITE");
  const auto ring = [&](std::string_view tag, std::string_view peer) {
    caller.RespondTo(
        first, 180, tag,
        "Require: 100rel\r\nRSeq: 1\r\nContact: <sip:b@192.0.2.9>\r\n" + From(peer, LocalIn(first)));
    return RemoteIn(caller.LastRequest("PRACK"));
  };
  EXPECT_EQ(ring("b1", kB), kB);
  EXPECT_EQ(ring("b2", kB2), kB2);
  caller.HangUp();
  EXPECT_EQ(IdIn(caller.LastRequest("CANCEL")), IdIn(first));
  caller.RespondTo(first, 487, "b1", From(kB, LocalIn(first)));
  EXPECT_EQ(IdIn(caller.LastRequest("ACK")), IdIn(first));
}

TEST_F(SessionNamed, OfACalleeIsInEveryResponseAndItsRequests) {
  SANSIP_SHOWS("7329-4.3-1", "7329-4.2-6");
  RequestText text{.more = From(kB), .body = std::string(kOffer)};
  text.more += "Contact: <sip:a@192.0.2.1>\r\nContent-Type: application/sdp\r\n";
  alice.Receive(text);
  alice.Ring();
  const std::string ringing = alice.LastResponse("INVITE");
  EXPECT_EQ(RemoteIn(ringing), kB);
  EXPECT_NE(LocalIn(ringing), kB);
  alice.Answer();
  EXPECT_EQ(IdIn(alice.LastResponse("INVITE")), IdIn(ringing));
  // Another UUID in the ACK: the peer is replaced already (8).
  text.method = "ACK";
  text.via = "SIP/2.0/UDP pc33.atlanta.example:5066;branch=z9hG4bKack";
  text.to = HeaderOf(ringing, "To");
  text.more = From(kB2, LocalIn(ringing));
  text.body.clear();
  alice.Receive(text);
  alice.HangUp();
  EXPECT_EQ(IdIn(alice.LastRequest("BYE")), LocalIn(ringing) + ";remote=" + std::string(kB2));
}

TEST_F(SessionNamed, WithoutOneFromThePeerIsMadeAndUsedAllTheSame) {
  SANSIP_SHOWS("7329-4.3-2");
  alice.Receive(RequestText{.more = "Contact: <sip:a@192.0.2.1>\r\n"});
  alice.Ring();
  const std::string ringing = alice.LastResponse("INVITE");
  EXPECT_EQ(RemoteIn(ringing), kNilUuid);
  alice.Answer(kOffer);
  EXPECT_EQ(IdIn(alice.LastResponse("INVITE")), IdIn(ringing));
}

TEST_F(SessionNamed, OfACancelIsAnsweredAndNotLearnt) {
  RequestText text{.more = From(kB) + "Contact: <sip:a@192.0.2.1>\r\n"};
  alice.Receive(text);
  alice.Ring();
  text.method = "CANCEL";
  text.more = From(kB2);
  alice.Receive(text);
  const std::string invited = alice.LastResponse("INVITE"), cancelled = alice.LastResponse("CANCEL");
  EXPECT_EQ(RemoteIn(cancelled), kB2);
  EXPECT_EQ(LocalIn(cancelled), LocalIn(invited));
  EXPECT_EQ(RemoteIn(invited), kB);
}

TEST_F(SessionNamed, ANewPeerIsAcceptedWithThe2xxAndNotWithARefusal) {
  Establish();
  // Refused: the response has it, what follows does not (8).
  EXPECT_EQ(RemoteIn(ReceiveFromBob("INFO", From(kB2, own))), kB2);
  EXPECT_EQ(alice.LastResponse("INFO").substr(8, 3), "405");
  EXPECT_EQ(Text(alice.view().remote_uuid), kB);
  EXPECT_EQ(RemoteIn(ReceiveFromBob("OPTIONS", From(kB2, own))), kB2);
  EXPECT_EQ(Text(alice.view().remote_uuid), kB2);
  // A request without one, and one with what is none, change nothing.
  EXPECT_EQ(RemoteIn(ReceiveFromBob("OPTIONS", "")), kB2);
  EXPECT_EQ(RemoteIn(ReceiveFromBob("OPTIONS", "Session-ID: 12345\r\n")), kB2);
  EXPECT_EQ(alice.LastResponse("OPTIONS").substr(8, 3), "200");
}

TEST_F(SessionNamed, OfTheLatestRequestHoldsForTheResponsesToEarlierOnes) {
  UserAgentOptions options = Named();
  options.message_status = 0;
  AgentUnderTest slow(options);
  slow.Place();
  const std::string sent = slow.LastRequest("INVITE");
  slow.Respond(200, "bobtag", From(kB, LocalIn(sent)), kAnswer);
  const std::string third = "aaaaaaaaaaaa4aaa8aaaaaaaaaaaaaaa";
  slow.Receive(RequestFromBob(sent, "MESSAGE", 1, From(third)));
  const TransactionId message = slow.last_received();
  slow.Receive(RequestFromBob(sent, "OPTIONS", 2, From(kB2)));
  slow.Do(ua::input::RespondTo{.id = message, .status = 200, .content = {}});
  EXPECT_EQ(RemoteIn(slow.LastResponse("MESSAGE")), kB2);
  EXPECT_EQ(Text(slow.view().remote_uuid), kB2);
}

TEST_F(SessionNamed, HasNoPartInWhatHappensToAMessage) {
  SANSIP_SHOWS("7329-7-2");
  Establish();
  // What it says of us is not ours; upper case; a parameter that nobody knows.
  EXPECT_EQ(ReceiveFromBob("OPTIONS", From(kB, kB2)).substr(8, 3), "200");
  EXPECT_EQ(LocalIn(alice.last_wire()), own);
  EXPECT_EQ(
      ReceiveFromBob("OPTIONS", "Session-ID: 7A1B3C5D7E9F41238899AABBCCDDEEFF;remote=" + own + ";x=y\r\n")
          .substr(8, 3),
      "200");
  EXPECT_EQ(RemoteIn(alice.last_wire()), kB2);
  // Two remotes are none (5).
  ReceiveFromBob("OPTIONS", "Session-ID: " + std::string(kB) + ";remote=" + own + ";remote=" + own + "\r\n");
  EXPECT_EQ(RemoteIn(alice.last_wire()), kB2);
  EXPECT_EQ(ReceiveFromBob("BYE", From(kB2)).substr(8, 3), "200");
}

TEST_F(SessionNamed, OfAMisbehavingResponseIsDiscardedAndTheResponseTaken) {
  alice.Place();
  alice.Respond(200, "b", "Session-ID: 47755a9de7794ba387653f2099600ef\r\n", kAnswer);
  EXPECT_TRUE(alice.view().remote_uuid.is_nil());
  EXPECT_EQ(RemoteIn(alice.LastRequest("ACK")), kNilUuid);
}

TEST_F(SessionNamed, WithAPeerOfTheOldFormIsOneUuid) {
  SANSIP_SHOWS("7329-4.3-1");
  // 11: it answers with ours alone, and hears ours alone from then on ...
  alice.Place();
  own = LocalIn(alice.last_wire());
  alice.Respond(200, "b", "Session-ID: " + own + "\r\n", kAnswer);
  EXPECT_EQ(IdIn(alice.LastRequest("ACK")), own);
  // ... or with both as they were, which stay so ...
  AgentUnderTest other(Named());
  other.Place();
  const std::string both = IdIn(other.last_wire());
  other.Respond(200, "b", "Session-ID: " + both + "\r\n", kAnswer);
  EXPECT_EQ(IdIn(other.LastRequest("ACK")), both);
  // ... or calls with one, which is that of the dialog.
  AgentUnderTest callee(Named());
  callee.Receive(
      RequestText{.more = "Contact: <sip:a@192.0.2.1>\r\nSession-ID: " + std::string(kB) + "\r\n"});
  callee.Ring();
  EXPECT_EQ(IdIn(callee.LastResponse("INVITE")), kB);
  callee.Answer(kOffer);
  EXPECT_EQ(IdIn(callee.LastResponse("INVITE")), kB);
}

TEST_F(SessionNamed, OfAReferredCallIsThatOfWhoWasReferred) {
  Establish();
  ReceiveFromBob("REFER",
                 "Refer-To: <sip:carol@carol.example>\r\nContact: <sip:b@192.0.2.2>\r\n" + From(kB, own));
  CallDraft draft;
  draft.reference = alice.last_standalone();
  alice.Place(draft);
  EXPECT_EQ(IdIn(alice.LastRequest("INVITE")), own + ";remote=" + std::string(kNilUuid));
  EXPECT_EQ(IdIn(alice.LastRequest("NOTIFY")), own + ";remote=" + std::string(kB));
}

TEST_F(SessionNamed, OfACallThatTakesTheirPlaceIsThatOfTheReplaced) {
  Establish();
  RequestText text{.more = From(kB2) + "Contact: <sip:c@192.0.2.3>\r\nReplaces: "};
  text.more += HeaderOf(invite, "Call-ID") + ";to-tag=" + TagIn(invite, "From") + ";from-tag=bobtag\r\n";
  alice.Receive(text);
  alice.Answer(kOffer);
  EXPECT_EQ(IdIn(alice.LastResponse("INVITE")), own + ";remote=" + std::string(kB2));
  EXPECT_EQ(IdIn(alice.LastRequest("BYE")), own + ";remote=" + std::string(kB));
}

TEST_F(SessionNamed, OfARegistrationIsOneThroughItsRefreshes) {
  SANSIP_SHOWS("7329-4.2-3", "7329-4.2-5");
  alice.Do(ua::input::Register{RegistrationDraft{.address = "<sip:alice@example.com>"}});
  std::vector<std::string> names = {LocalIn(alice.LastRequest("REGISTER"))};
  for (int i = 0; i < 3; ++i) {
    const std::string sent = alice.LastRequest("REGISTER");
    alice.Respond(200, "r", "Contact: " + HeaderOf(sent, "Contact") + ";expires=60\r\n" + From(kB, names[0]));
    alice.Advance(60);
    names.push_back(LocalIn(alice.LastRequest("REGISTER")));
    EXPECT_EQ(RemoteIn(alice.LastRequest("REGISTER")), kB);
  }
  EXPECT_EQ(alice.CountDifferent("REGISTER"), 4);
  EXPECT_THAT(names, Each(names[0]));
  alice.Do(ua::input::Register{RegistrationDraft{.address = "<sip:alice@example.com>", .contact_user = "b"}});
  EXPECT_NE(LocalIn(alice.LastRequest("REGISTER")), names[0]);
  SANSIP_SHOWS("7329-4.2-4");
}

TEST_F(SessionNamed, OfASubscriptionIsOneInBothDirections) {
  alice.Do(ua::input::Subscribe{StandaloneDraft{
      .target = "sip:bob@bob.example", .from = "<sip:alice@example.com>", .event = "presence"}});
  const std::string sent = alice.LastRequest("SUBSCRIBE");
  alice.Respond(200, "bobtag", "Expires: 3600\r\nContact: <sip:b@192.0.2.2>\r\n" + From(kB, LocalIn(sent)));
  RequestText notify = RequestFromBob(sent, "NOTIFY", 1);
  notify.more = "Event: presence\r\nContact: <sip:b@192.0.2.2>\r\nSubscription-State: active\r\n" + From(kB);
  alice.Receive(notify);
  EXPECT_EQ(IdIn(alice.LastResponse("NOTIFY")), LocalIn(sent) + ";remote=" + std::string(kB));
}

TEST_F(SessionNamed, ThatAGatewayPassesOnStands) {
  const std::string given = std::string(kB2) + ";remote=" + std::string(kB);
  const std::vector<HeaderLine> lines = {{HeaderId::kSessionId, given, {}}};
  CallDraft draft = DraftToBob();
  draft.content.headers = lines;
  alice.Place(draft);
  EXPECT_EQ(IdIn(alice.last_wire()), given);
  EXPECT_EQ(CountOf(alice.last_wire(), "Session-ID"), 1);
}

TEST_F(SessionNamed, OutlivesTheProcess) {
  Establish();
  const Instant now{};
  std::string bytes(alice.agent().Snapshot(now, {}), '\0');
  ASSERT_EQ(alice.agent().Snapshot(now, bytes), bytes.size());
  for (const bool is_on : {true, false}) {
    UserAgentOptions options = Named();
    options.session_id = is_on;
    AgentUnderTest next(options, "alice.example", 2);
    ASSERT_TRUE(next.agent().Restore(bytes, now, {}).ok());
    std::vector<CallId> calls(1);
    ASSERT_EQ(next.agent().Calls(calls), 1u);
    next.Do(ua::input::HangUp{.call = calls[0], .headers = {}});
    EXPECT_EQ(IdIn(next.LastRequest("BYE")), is_on ? own + ";remote=" + std::string(kB) : "");
  }
}

}  // namespace
}  // namespace sansip::testing
