// INFO and its packages (RFC 6086): which sets are told in which messages, who may send what, and what
// becomes of an INFO.

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/dialog/info_packages.h"
#include "sansip/dialog/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

UserAgentOptions Taking(std::string packages) {
  UserAgentOptions options;
  options.info_packages = std::move(packages);
  options.info_types = "application/foo";
  return options;
}

// Alice takes foo and bar, Bob takes baz.
class Informing : public ::testing::Test {
 protected:
  VerbError Send(std::string_view package, std::string_view body = "",
                 std::string_view type = "application/foo") {
    StandaloneDraft draft{.method = "INFO", .call = couple.alice.call(), .info_package = package};
    draft.content = {.body = body, .content_type = type};
    return couple.alice.Do(ua::input::SendRequest{draft}).error;
  }
  void Establish() {
    couple.Establish();
    invite = couple.alice.LastRequest("INVITE");
  }
  static std::string Recv(std::string_view wire) {
    return CountOf(wire, "Recv-Info") == 0 ? "none" : HeaderOf(wire, "Recv-Info");
  }

  Couple couple{Taking("foo, bar"), Taking("baz")};
  std::string invite;
};

TEST_F(Informing, BothTellTheirSets) {
  SANSIP_SHOWS("6086-5.2.2-1", "6086-5.2.3-1", "6086-5.2.3-2", "6086-5.2.2-5", "6086-7.1-1", "6086-4.3.1-2");
  Establish();
  EXPECT_EQ(Recv(invite), "foo, bar");
  EXPECT_THAT(HeaderOf(invite, "Allow"), HasSubstr("INFO"));
  EXPECT_EQ(Recv(couple.bob.LastResponse("INVITE")), "baz");
  EXPECT_EQ(couple.bob.view().info_packages, "foo, bar");
  EXPECT_EQ(couple.alice.view().info_packages, "baz");
  EXPECT_EQ(couple.bob.Do(ua::input::SendRequest{{.method = "OPTIONS", .call = couple.bob.call()}}).error,
            VerbError::kNone);
  couple.Advance(0.1);
  EXPECT_THAT(HeaderOf(couple.alice.LastResponse("OPTIONS"), "Accept"), HasSubstr("application/foo"));
}

TEST_F(Informing, OnlyTheMessagesOfTheTableTell) {
  SANSIP_SHOWS("6086-7.1-3", "6086-4.2.1-4", "6086-5.3-1");
  Establish();
  couple.alice.Do(ua::input::Register{{.registrar = "sip:r", .address = "<sip:a@h>"}});
  ASSERT_EQ(Send("baz"), VerbError::kNone);
  couple.Advance(0.1);
  couple.bob.Do(ua::input::RespondTo{couple.bob.last_received(), 200, {}});
  couple.alice.Do(ua::input::SendRequest{{.method = "OPTIONS", .call = couple.alice.call()}});
  couple.alice.Update("");
  couple.Advance(0.1);
  ASSERT_EQ(couple.alice.Reinvite(), VerbError::kNone);
  couple.Advance(0.1);
  couple.bob.AnswerOffer();
  couple.Advance(0.1);
  couple.alice.HangUp();
  couple.Advance(0.1);
  for (const char* method : {"INVITE", "UPDATE"}) {
    EXPECT_EQ(Recv(couple.alice.LastRequest(method)), "foo, bar") << method;
    EXPECT_EQ(Recv(couple.bob.LastResponse(method)), "baz") << method;
  }
  for (const char* method : {"INFO", "ACK", "OPTIONS", "BYE", "REGISTER"}) {
    ASSERT_THAT(couple.alice.LastRequest(method), Not(IsEmpty())) << method;
    EXPECT_EQ(Recv(couple.alice.LastRequest(method)), "none") << method;
  }
  for (const char* method : {"INFO", "OPTIONS", "BYE"}) {
    EXPECT_EQ(Recv(couple.bob.LastResponse(method)), "none") << method;
  }
}

TEST_F(Informing, AnInfoOfAPackageHasItsHeadersAndIsTold) {
  SANSIP_SHOWS("6086-4.2.1-2", "6086-4.3.1-3", "6086-4.2.2-4", "6086-4.3.2-1", "6086-4.3.2-2", "6086-4.2.1-1",
               "6086-5.2.2-3");
  Establish();
  const std::string target(couple.bob.view().remote_target);
  ASSERT_EQ(Send("baz;a=1", "payload"), VerbError::kNone);
  const std::string info = couple.alice.LastRequest("INFO");
  EXPECT_EQ(CountOf(info, "Info-Package"), 1);
  EXPECT_EQ(HeaderOf(info, "Info-Package"), "baz;a=1");
  EXPECT_EQ(HeaderOf(info, "Content-Disposition"), "Info-Package");
  EXPECT_EQ(BodyOf(info), "payload");
  couple.Advance(0.1);
  EXPECT_THAT(couple.bob.TakeEvents(), ElementsAre("Received INFO of baz;a=1: payload"));
  const auto respond = [&](int status, std::string_view body) {
    const Content content{.body = body, .content_type = "text/plain"};
    return couple.bob.Do(ua::input::RespondTo{couple.bob.last_received(), status, content}).error;
  };
  EXPECT_EQ(respond(200, "x"), VerbError::kBadHeader);
  EXPECT_EQ(respond(200, ""), VerbError::kNone);
  couple.Advance(0.1);
  EXPECT_EQ(BodyOf(couple.bob.LastResponse("INFO")), "");
  EXPECT_THAT(couple.alice.TakeEvents(), ElementsAre("Request accepted 200"));
  EXPECT_EQ(couple.bob.view().remote_target, target);
  // Who says nothing agrees.
  ASSERT_EQ(Send("baz"), VerbError::kNone);
  EXPECT_EQ(CountOf(couple.alice.LastRequest("INFO"), "Content-Disposition"), 0);
  couple.Advance(25);
  EXPECT_THAT(couple.bob.LastResponse("INFO"), StartsWith("SIP/2.0 200 "));
}

TEST_F(Informing, OnlyWhatThePeerWantsIsSent) {
  SANSIP_SHOWS("6086-4.2.1-6", "6086-5.2.2-4", "6086-7.2-1", "6086-10.4-2", "6086-4.2.1-5");
  couple.alice.Place(DraftToBob());
  EXPECT_EQ(Send("baz"), VerbError::kWrongState);
  couple.Advance(0.1);
  couple.bob.Answer();
  couple.Advance(0.1);
  EXPECT_EQ(Send("foo"), VerbError::kWrongState);
  EXPECT_EQ(Send("BAZ"), VerbError::kWrongState);
  EXPECT_EQ(Send("b z"), VerbError::kBadHeader);
  EXPECT_EQ(Send("baz\r\nX: y"), VerbError::kBadHeader);
  EXPECT_EQ(couple.alice
                .Do(ua::input::SendRequest{
                    {.method = "INFO", .target = "sip:b@b", .from = "<sip:a@b>", .info_package = "baz"}})
                .error,
            VerbError::kBadMethod);
  // Bob wants none any more: not even the one that waits for a path.
  couple.alice.locating = AgentUnderTest::Locating::kHeld;
  ASSERT_EQ(Send("baz"), VerbError::kNone);
  EXPECT_EQ(couple.bob.Do(ua::input::SetInfoPackages{couple.bob.call(), ""}).error, VerbError::kNone);
  couple.bob.Reinvite();
  couple.Advance(0.1);
  EXPECT_EQ(Recv(couple.bob.LastRequest("INVITE")), "");
  EXPECT_EQ(Send("baz"), VerbError::kWrongState);
  couple.alice.TakeEvents();
  couple.alice.AnswerLocate();
  EXPECT_THAT(couple.alice.TakeEvents(), ElementsAre("Request abandoned 500"));
  EXPECT_EQ(couple.alice.CountSent("INFO"), 0);
}

TEST_F(Informing, OthersGet469AndTheCallGoesOn) {
  SANSIP_SHOWS("6086-4.2.2-1", "6086-4.2.2-2", "6086-4.2.1-7", "6086-7.1-1", "6086-11.6-1");
  Establish();
  // Bob has changed his mind, and Alice does not know yet.
  couple.bob.Do(ua::input::SetInfoPackages{couple.bob.call(), "other"});
  couple.lose = [](bool, std::string_view kind, int) { return kind == "UPDATE"; };
  ASSERT_EQ(couple.bob.Update(""), VerbError::kNone);
  ASSERT_EQ(Send("baz"), VerbError::kNone);
  couple.lose = nullptr;
  couple.Advance(0.1);
  EXPECT_THAT(couple.bob.TakeEvents(), ElementsAre("Received INFO of baz: "));  // one set or the other
  couple.Advance(1);
  ASSERT_EQ(couple.alice.view().info_packages, "other");
  couple.bob.Receive(RequestFromBob(invite, "OPTIONS", 1));  // of no dialog of Bob's
  RequestText stray = RequestFromBob(invite, "INFO", 90, "Info-Package: baz\r\n");
  stray.from = "<sip:alice@alice.example>;tag=" + TagIn(invite, "From");
  stray.to = "<sip:bob@bob.example>;tag=" + std::string(couple.bob.view().local_tag);
  couple.bob.Receive(stray);
  EXPECT_THAT(couple.bob.LastResponse("INFO"), StartsWith("SIP/2.0 469 Bad Info Package\r\n"));
  EXPECT_EQ(Recv(couple.bob.LastResponse("INFO")), "other");
  EXPECT_EQ(couple.bob.agent().counters().refused_packages, 1u);
  // Of its sender's side: an answer, and no more.
  couple.alice.TakeEvents();
  ASSERT_EQ(Send("other"), VerbError::kNone);
  couple.alice.Respond(469, std::string(couple.bob.view().local_tag), "Recv-Info: baz\r\n");
  EXPECT_THAT(couple.alice.TakeEvents(), ElementsAre("Request refused 469"));
  EXPECT_EQ(couple.alice.view().info_packages, "other");
  EXPECT_EQ(couple.alice.view().state, UsageState::kEstablished);
}

TEST_F(Informing, ARefusedRequestChangesNothing) {
  SANSIP_SHOWS("6086-5.2.4-1");
  Establish();
  couple.alice.Do(ua::input::SetInfoPackages{couple.alice.call(), "new"});
  couple.alice.Reinvite();
  couple.Advance(0.1);
  EXPECT_EQ(Recv(couple.alice.LastRequest("INVITE")), "new");
  ASSERT_EQ(couple.bob.RefuseOffer(488), VerbError::kNone);
  couple.Advance(0.1);
  EXPECT_EQ(couple.bob.view().info_packages, "foo, bar");
  const auto bob_sends = [&](std::string_view package) {
    return couple.bob
        .Do(ua::input::SendRequest{{.method = "INFO", .call = couple.bob.call(), .info_package = package}})
        .error;
  };
  EXPECT_EQ(bob_sends("new"), VerbError::kWrongState);
  ASSERT_EQ(bob_sends("foo"), VerbError::kNone);
  couple.alice.TakeEvents();
  couple.Advance(0.1);
  EXPECT_THAT(couple.alice.TakeEvents(), ElementsAre("Received INFO of foo: "));
  // Wished for still: the next one tells it again.
  couple.alice.Update("");
  couple.Advance(0.1);
  EXPECT_EQ(couple.bob.view().info_packages, "new");
  EXPECT_EQ(bob_sends("foo"), VerbError::kWrongState);
}

TEST_F(Informing, AnswersOfOneTransactionSayTheSame) {
  SANSIP_SHOWS("6086-5.2.3-4", "6086-5.2.3-2");
  UserAgentOptions options = Taking("baz");
  options.reliable_provisionals = ReliableProvisionals::kSupported;
  Couple reliable(options, options);
  reliable.alice.Place(DraftToBob());
  reliable.Advance(0.1);
  ASSERT_EQ(reliable.bob.RingReliably(183), VerbError::kNone);
  EXPECT_EQ(Recv(reliable.bob.LastResponse("INVITE")), "baz");
  reliable.Advance(0.1);
  EXPECT_EQ(Recv(reliable.alice.LastRequest("PRACK")), "none");
  EXPECT_EQ(Recv(reliable.bob.LastResponse("PRACK")), "none");
  reliable.bob.Do(ua::input::SetInfoPackages{reliable.bob.call(), "later"});
  ASSERT_EQ(reliable.bob.Answer(), VerbError::kNone);
  EXPECT_EQ(Recv(reliable.bob.LastResponse("INVITE")), "baz");
  reliable.Advance(0.1);
  reliable.bob.Update("");
  reliable.Advance(0.1);
  EXPECT_EQ(reliable.alice.view().info_packages, "later");
}

// Alice alone, against the messages of others.
class InformedAlone : public ::testing::Test {
 protected:
  void Call(std::string_view more = "Recv-Info: x;p=\"a,b\", y\r\nRecv-Info: z\r\n") {
    alice.Place();
    invite = alice.LastRequest("INVITE");
    alice.Respond(200, "bobtag", more, kAnswer);
    alice.TakeEvents();
  }
  std::string Info(int cseq, std::string_view more, std::string body = "", std::string_view tag = "bobtag") {
    RequestText info = RequestFromBob(invite, "INFO", cseq, more);
    info.from = "<sip:bob@bob.example>;tag=" + std::string(tag);
    info.via += tag;
    info.body = std::move(body);
    alice.Receive(info);
    return alice.LastResponse("INFO");
  }

  AgentUnderTest alice{Taking("foo")};
  std::string invite;
};

TEST_F(InformedAlone, WhoSaysNothingIsToldNothing) {
  SANSIP_SHOWS("6086-5.2.3-3", "6086-5.2.2-2", "6086-5.2.2-5");
  RequestText plain =
      RequestFromBob("", "INVITE", 1, "Allow: INFO\r\nContact: <sip:bob@192.0.2.2>\r\n", kOffer);
  plain.to = "<sip:alice@alice.example>";
  plain.call_id = "plain";
  alice.Receive(plain);
  ASSERT_EQ(alice.Answer(), VerbError::kNone);
  EXPECT_EQ(CountOf(alice.LastResponse("INVITE"), "Recv-Info"), 0);
  RequestText ack = plain;
  ack.method = "ACK";
  ack.to = HeaderOf(alice.LastResponse("INVITE"), "To");
  ack.cseq = "1";
  alice.Receive(ack);
  const StandaloneDraft draft{.method = "INFO", .call = alice.call(), .info_package = "foo"};
  EXPECT_EQ(alice.Do(ua::input::SendRequest{draft}).error, VerbError::kWrongState);
  AgentUnderTest none(Taking(""));
  none.Place();
  EXPECT_EQ(CountOf(none.LastRequest("INVITE"), "Recv-Info"), 1);
  EXPECT_EQ(HeaderOf(none.LastRequest("INVITE"), "Recv-Info"), "");
}

TEST_F(InformedAlone, SetsAreReadAsLists) {
  SANSIP_SHOWS("6086-9.2-1", "6086-7.1-2");
  Call();
  EXPECT_EQ(alice.view().info_packages, "x, y, z");
  UserAgentOptions small = Taking("foo");
  small.limits.identity_bytes_max = 64;
  AgentUnderTest limited(small);
  limited.Place();
  limited.Respond(200, "bobtag", "Recv-Info: " + std::string(70, 'a') + ", short, a/b\r\n", kAnswer);
  EXPECT_EQ(limited.view().info_packages, "short");
  EXPECT_EQ(limited.Do(ua::input::SetInfoPackages{limited.call(), std::string(65, 'a')}).error,
            VerbError::kTooLong);
  EXPECT_EQ(limited.Do(ua::input::SetInfoPackages{limited.call(), "a b"}).error, VerbError::kBadHeader);
  AgentUnderTest off;
  off.Place();
  EXPECT_EQ(CountOf(off.LastRequest("INVITE"), "Recv-Info"), 0);
  EXPECT_EQ(off.Do(ua::input::SetInfoPackages{off.call(), "a"}).error, VerbError::kWrongState);
}

TEST_F(InformedAlone, EveryForkHasItsOwnSet) {
  SANSIP_SHOWS("6086-4.2.1-8", "6086-4.2.1-9", "6086-4.2.1-10");
  alice.Place();
  invite = alice.LastRequest("INVITE");
  EXPECT_THAT(Info(1, "Info-Package: foo\r\n", "", "early"), StartsWith("SIP/2.0 481"));
  alice.Respond(180, "a", "Recv-Info: of-a\r\n");
  alice.Respond(180, "b", "Recv-Info: of-b\r\n");
  Info(1, "Info-Package: foo\r\n", "", "a");
  alice.Do(ua::input::RespondTo{alice.last_received(), 200, {}});
  EXPECT_EQ(TagIn(alice.LastResponse("INFO"), "From"), "a");
  Info(1, "Info-Package: foo\r\n", "", "b");
  alice.Do(ua::input::RespondTo{alice.last_received(), 200, {}});
  EXPECT_EQ(TagIn(alice.LastResponse("INFO"), "From"), "b");
  alice.RespondTo(invite, 200, "a", "", kAnswer);
  EXPECT_EQ(alice.view().info_packages, "of-a");
}

TEST_F(InformedAlone, ABodyIsThePackagesIfItSaysSo) {
  SANSIP_SHOWS("6086-4.3.1-1", "6086-4.3.1-3", "6086-4.2.2-3");
  Call();
  const std::string_view mixed = "Info-Package: foo\r\nContent-Type: multipart/mixed;boundary=b\r\n";
  Info(1, mixed,
       "--b\r\nContent-Type: text/plain\r\n\r\nnot this\r\n--b\r\nContent-Type: application/foo\r\n"
       "Content-Disposition: info-package\r\n\r\nthis\r\n--b--\r\n");
  Info(2, "Info-Package: foo\r\nContent-Type: application/foo\r\n", "render");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Received INFO of foo: this", "Received INFO of foo: "));
  const std::string other = Info(3,
                                 "Info-Package: foo\r\nContent-Type: application/sdp\r\n"
                                 "Content-Disposition: Info-Package\r\n",
                                 "v=0\r\n");
  EXPECT_THAT(other, StartsWith("SIP/2.0 415"));
  EXPECT_EQ(HeaderOf(other, "Accept"), "application/foo");
  EXPECT_THAT(Info(4, "Info-Package: \"foo\"\r\n"), StartsWith("SIP/2.0 400"));
  EXPECT_THAT(alice.TakeEvents(), IsEmpty());
}

TEST_F(InformedAlone, LegacyInfoGoesOn) {
  SANSIP_SHOWS("6086-3-1", "6086-3-5", "6086-4.2.1-3", "6086-4.3.2-3");
  Call();
  Info(1, "Content-Type: application/dtmf-relay\r\n", "Signal=1\r\n");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Received INFO"));
  alice.Do(ua::input::RespondTo{alice.last_received(), 200, {}});
  EXPECT_THAT(alice.LastResponse("INFO"), StartsWith("SIP/2.0 200"));
  StandaloneDraft draft{.method = "INFO", .call = alice.call()};
  draft.content = {.body = "Signal=2\r\n", .content_type = "application/dtmf-relay"};
  ASSERT_EQ(alice.Do(ua::input::SendRequest{draft}).error, VerbError::kNone);
  for (const char* name : {"Info-Package", "Recv-Info", "Content-Disposition"}) {
    EXPECT_EQ(CountOf(alice.LastRequest("INFO"), name), 0) << name;
  }
  alice.RespondTo(alice.LastRequest("INFO"), 200, "bobtag", "", "ignored");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Request accepted 200"));
  const HeaderLine package{HeaderId::kOther, "x", "Info-Package"};
  draft.content.headers = {&package, 1};
  EXPECT_EQ(alice.Do(ua::input::SendRequest{draft}).error, VerbError::kBadHeader);
}

TEST(InfoPackagesTest, DialogsThatAreOverMakeRoom) {
  InfoPackages packages;
  for (std::uint32_t i = 1; i <= 5; ++i) packages.AddPeer({i, 1}).set = std::to_string(i);
  packages.DropPeersIf([](DialogId dialog) { return dialog.slot % 2 == 1; });
  EXPECT_EQ(packages.peer_count, 2u);
  EXPECT_EQ(packages.SetOf({2, 1}), "2");
  EXPECT_EQ(packages.SetOf({4, 1}), "4");
  EXPECT_EQ(packages.FindPeer({3, 1}), nullptr);
}

}  // namespace
}  // namespace sansip::testing
