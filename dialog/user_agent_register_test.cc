// Registrations of a user agent against scripted registrars (RFC 3261 10.2; 3327, 3608).

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/core/auth/digest_server.h"
#include "sansip/dialog/testing.h"
#include "sansip/tests/support/digest_hashes.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

const TestHashes hashes;

UserAgentOptions WithHashes() {
  UserAgentOptions options;
  options.digest_hashes = &hashes;
  return options;
}

class Registering : public ::testing::Test {
 protected:
  VerbError Register(const RegistrationDraft& draft) {
    const InputResult result = alice.Do(ua::input::Register{draft});
    id = result.registered;
    return result.error;
  }
  void Register() {
    EXPECT_EQ(Register({.registrar = "sip:chicago.example",
                        .address = "Carol <sip:carol@chicago.example>",
                        .contact_user = "carol"}),
              VerbError::kNone);
  }
  VerbError Unregister() { return alice.Do(ua::input::Unregister{id}).error; }
  // A 200 that lists our contact.
  void Accept(int expires = 3600, std::string_view more = "") {
    const std::string contact = HeaderOf(Last(), "Contact");
    alice.Respond(200, "r",
                  "Contact: " + contact + ";expires=" + std::to_string(expires) + "\r\n" + std::string(more));
  }
  std::string Last() const { return alice.LastRequest("REGISTER"); }

  AgentUnderTest alice{WithHashes()};
  RegistrationId id;
};

// 10.2.1
TEST_F(Registering, ASipsAddressHasASipsContact) {
  SANSIP_SHOWS("3261-10.2.1-3");
  EXPECT_EQ(Register({.address = "<sips:carol@chicago.example>", .contact_user = "carol"}), VerbError::kNone);
  EXPECT_THAT(Last(), StartsWith("REGISTER sips:chicago.example SIP/2.0"));
  EXPECT_EQ(HeaderOf(Last(), "To"), "<sips:carol@chicago.example>");
  EXPECT_THAT(HeaderOf(Last(), "Contact"), StartsWith("<sips:carol@"));
}

TEST_F(Registering, SaysWhatItMust) {
  SANSIP_SHOWS("3261-10.2-4", "3261-10.2-6", "3261-10.2-7", "3261-10.2-12");
  Register();
  const std::string wire = Last();
  EXPECT_THAT(wire, StartsWith("REGISTER sip:chicago.example SIP/2.0\r\n"));
  EXPECT_EQ(HeaderOf(wire, "To"), "Carol <sip:carol@chicago.example>");
  EXPECT_THAT(HeaderOf(wire, "From"), StartsWith("Carol <sip:carol@chicago.example>;tag="));
  EXPECT_EQ(HeaderOf(wire, "CSeq"), "1 REGISTER");
  EXPECT_EQ(HeaderOf(wire, "Contact"), "<sip:carol@alice.example:5060>");
  EXPECT_EQ(HeaderOf(wire, "Expires"), "3600");
  EXPECT_EQ(HeaderOf(wire, "Supported"), "path");
  EXPECT_EQ(HeaderOf(wire, "Max-Forwards"), "70");
  EXPECT_EQ(alice.last_next_hop(), "sip:chicago.example");
  Accept();
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Registered 3600"));
}

// 12.1.1: the way to the registrar is not the way of calls that come in.
TEST_F(Registering, AServiceRouteIsNotForDialogsOfOthers) {
  Register();
  Accept(3600, "Service-Route: <sip:edge.chicago.example;lr>\r\n");
  alice.Receive(RequestText{.more = "Contact: <sip:bob@192.0.2.9>\r\n"});
  ASSERT_EQ(alice.Answer(), VerbError::kNone);
  alice.Receive(RequestText{.method = "ACK",
                            .via = "SIP/2.0/UDP pc33.atlanta.example:5066;branch=z9hG4bKack",
                            .to = "Bob <sip:bob@biloxi.example>;tag=" + TagIn(alice.last_wire(), "To")});
  ASSERT_EQ(alice.HangUp(), VerbError::kNone);
  EXPECT_THAT(alice.last_wire(), StartsWith("BYE sip:bob@192.0.2.9 SIP/2.0\r\n"));
  EXPECT_EQ(CountOf(alice.last_wire(), "Route"), 0);
  SANSIP_SHOWS("3261-12.1.1-11");
}

// RFC 4028 table 1: neither header field means anything there.
TEST_F(Registering, ASessionTimerInThe2xxMeansNothing) {
  SANSIP_SHOWS("4028-4-33");
  Register();
  Accept(3600, "Require: timer\r\nSession-Expires: 90;refresher=uac\r\nMin-SE: 90\r\n");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Registered 3600"));
  const std::size_t sent = alice.wires().size();
  alice.Advance(100);
  EXPECT_EQ(alice.wires().size(), sent);
  alice.AdvanceTo(3600);
  EXPECT_NE(HeaderOf(Last(), "CSeq"), "1 REGISTER");
  EXPECT_EQ(HeaderOf(Last(), "Session-Expires") + HeaderOf(Last(), "Min-SE"), "");
}

TEST_F(Registering, IsRefreshedWithOneCallIdAndRemoved) {
  SANSIP_SHOWS("3261-10.2-8", "3261-10.2-9", "3261-10.2.4-3", "3261-10.2.2-1", "3261-10.3-24");
  Register();
  const std::string first = Last();
  Accept(600);
  alice.Advance(541);
  EXPECT_EQ(HeaderOf(Last(), "CSeq"), "2 REGISTER");
  EXPECT_EQ(HeaderOf(Last(), "Call-ID"), HeaderOf(first, "Call-ID"));
  EXPECT_EQ(HeaderOf(Last(), "From"), HeaderOf(first, "From"));
  Accept(600);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Registered 600", "Registered 600"));
  EXPECT_EQ(Unregister(), VerbError::kNone);
  EXPECT_EQ(HeaderOf(Last(), "CSeq"), "3 REGISTER");
  EXPECT_EQ(HeaderOf(Last(), "Expires"), "0");
  EXPECT_EQ(HeaderOf(Last(), "Contact"), HeaderOf(first, "Contact"));
  alice.Respond(200, "r", "Contact: <sip:x@y>\r\n");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Over 200"));
  alice.Advance(40);
  EXPECT_EQ(alice.agent().registrations(), 0u);
  EXPECT_EQ(alice.agent().next_deadline(), kNever);
  EXPECT_EQ(Unregister(), VerbError::kStale);
  SANSIP_SHOWS("3261-8.1.1.4-2");
}

TEST_F(Registering, OnlyOneRequestAtATime) {
  SANSIP_SHOWS("3261-10.2-11");
  Register();
  EXPECT_EQ(Unregister(), VerbError::kNone);
  EXPECT_EQ(alice.CountSent("REGISTER"), 1);
  Accept();
  EXPECT_EQ(alice.CountSent("REGISTER"), 2);
  EXPECT_EQ(HeaderOf(Last(), "Expires"), "0");
}

TEST_F(Registering, SeveralContactsAndOthersPeoples) {
  SANSIP_SHOWS("3261-10.2.4-1");
  const std::string_view contacts[] = {"<tel:+15551234>;q=0.5", "<sip:carol@mobile.example>"};
  ASSERT_EQ(Register({.registrar = "sip:chicago.example",
                      .address = "<sip:carol@chicago.example>",
                      .contact_user = "carol",
                      .contacts = contacts}),
            VerbError::kNone);
  EXPECT_EQ(HeaderOf(Last(), "Contact"),
            "<sip:carol@alice.example:5060>, <tel:+15551234>;q=0.5, <sip:carol@mobile.example>");
  // Ours is found among others, however it is written.
  alice.Respond(
      200, "r",
      "Contact: <sip:dave@home.example>;expires=60, <sip:carol@ALICE.example:5060>;expires=1200\r\n");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Registered 1200"));
  alice.Advance(1141);
  EXPECT_THAT(HeaderOf(Last(), "Contact"), Not(HasSubstr("dave")));
}

TEST_F(Registering, ARegistrarThatRewritesContactsOrSaysLittle) {
  Register();
  alice.Respond(200, "r", "Contact: <sip:carol@198.51.100.1:1024>;expires=50\r\nExpires: 90\r\n");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Registered 90"));
  alice.Advance(46);
  alice.Respond(200, "r", "Contact: <sip:carol@198.51.100.1:1024>\r\n");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Registered 3600"));
}

TEST_F(Registering, AChallengeIsAnswered) {
  SANSIP_SHOWS("3261-22.1-1", "3261-22-1");
  SeededRandom random(5);
  DigestServer server({.realm = "chicago"}, hashes, random);
  const auto challenge = [&](bool is_stale) {
    std::string lines;
    for (const HeaderLine& line : server.Challenge(Instant(Seconds(alice.now())), is_stale)) {
      lines += "WWW-Authenticate: " + std::string(line.value) + "\r\n";
    }
    alice.Respond(401, "r", lines);
  };
  const auto judge = [&] {
    const Parsed request(Last());
    const std::optional<Credentials> credentials = server.Find(request.view());
    if (!credentials) return DigestServer::Result::kMissing;
    const HexDigest secret = SecretOf(hashes, *server.SecretFor(*credentials), "carol", "chicago", "secret");
    return server.Check(Instant(Seconds(alice.now())),
                        {.method = "REGISTER", .uri = request.view().request_uri()}, *credentials,
                        secret.view());
  };
  Register();
  challenge(false);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("NeedCredentials chicago"));
  const CredentialsAnswer answer{
      .registration = id, .realm = "chicago", .user = "carol", .password = "secret"};
  EXPECT_EQ(alice.Do(ua::input::GiveCredentials{answer}).error, VerbError::kNone);
  EXPECT_EQ(HeaderOf(Last(), "CSeq"), "2 REGISTER");
  EXPECT_EQ(judge(), DigestServer::Result::kAccepted);
  Accept(600);
  // A refresh has credentials at once; its stale nonce asks nobody.
  alice.Advance(540.2);
  EXPECT_EQ(judge(), DigestServer::Result::kStale);
  challenge(true);
  EXPECT_EQ(judge(), DigestServer::Result::kAccepted);
  Accept(600);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Registered 600", "Registered 600"));
  Unregister();
  EXPECT_EQ(judge(), DigestServer::Result::kAccepted);
  for (const std::string& wire : alice.wires()) EXPECT_THAT(wire, Not(HasSubstr("secret")));
}

TEST_F(Registering, WithoutCredentialsItIsOver) {
  Register();
  alice.Respond(401, "r", "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n");
  alice.TakeEvents();
  alice.Do(ua::input::GiveCredentials{{.registration = id, .realm = "r", .refused = true}});
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Over 401"));
  alice.Advance(40);
  Register();
  alice.Respond(401, "r", "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n");
  alice.TakeEvents();
  alice.Advance(61);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Over 401"));
}

TEST_F(Registering, TooBriefIsAskedForAgain) {
  SANSIP_SHOWS("3261-20-9");
  SANSIP_SHOWS("3261-10.2.8-1");
  Register();
  alice.Respond(423, "r", "Min-Expires: 7200\r\n");
  EXPECT_THAT(alice.TakeEvents(), IsEmpty());
  EXPECT_EQ(HeaderOf(Last(), "Expires"), "7200");
  EXPECT_EQ(HeaderOf(Last(), "CSeq"), "2 REGISTER");
}

TEST_F(Registering, ARegistrarThatRestartsIsFoundAgain) {
  SANSIP_SHOWS("3261-10.2.7-1");
  Register();
  Accept(600);
  alice.TakeEvents();
  alice.Advance(540 + 33);  // timer F
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Waiting 408"));
  EXPECT_TRUE(alice.agent().FindRegistration(id)->is_bound);
  const int sent = alice.CountSent("REGISTER");
  alice.Advance(29);
  EXPECT_EQ(alice.CountSent("REGISTER"), sent);
  alice.Advance(32);
  EXPECT_GT(alice.CountSent("REGISTER"), sent);
  alice.Respond(503, "r", "Retry-After: 100\r\n");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Waiting 503"));
  EXPECT_FALSE(alice.agent().FindRegistration(id)->is_bound);
  alice.Advance(121);
  Accept(600);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Registered 600"));
}

TEST_F(Registering, AServiceRouteIsTheRouteOfCalls) {
  SANSIP_SHOWS("3261-10.2-3");
  Register();
  Accept(3600,
         "Service-Route: <sip:p1.example;lr>, <sip:p2.example;lr>\r\nRecord-Route: <sip:rr.example;lr>\r\n");
  EXPECT_EQ(alice.agent().FindRegistration(id)->service_route, "<sip:p1.example;lr>, <sip:p2.example;lr>");
  CallDraft draft = DraftToBob();
  const std::string_view proxy = "<sip:outbound.example;lr>";
  draft.routes = {&proxy, 1};
  draft.registration = id;
  alice.Place(draft);
  EXPECT_EQ(HeaderOf(alice.LastRequest("INVITE"), "Route"),
            "<sip:outbound.example;lr>, <sip:p1.example;lr>, <sip:p2.example;lr>");
  alice.HangUp();
  // The next 2xx without one takes it away.
  alice.Advance(3541);
  Accept();
  EXPECT_EQ(alice.agent().FindRegistration(id)->service_route, "");
}

TEST_F(Registering, ARedirectionIsFollowedForOneRequest) {
  SANSIP_SHOWS("3261-10.2.4-4", "3261-10.2-6", "3261-10.3-2");
  Register();
  alice.Respond(
      302, "r",
      "Contact: <sip:carol@user.example>, <sip:r2.example;transport=udp>;q=0.5, <sip:r3.example>\r\n");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Redirected sip:r3.example"));  // no user, by q
  EXPECT_THAT(Last(), StartsWith("REGISTER sip:r3.example SIP/2.0\r\n"));
  EXPECT_EQ(alice.last_next_hop(), "sip:r3.example");
  EXPECT_EQ(HeaderOf(Last(), "To"), "Carol <sip:carol@chicago.example>");
  EXPECT_EQ(HeaderOf(Last(), "CSeq"), "2 REGISTER");
  alice.Respond(301, "r", "Contact: <sip:chicago.example>\r\n");  // has been
  EXPECT_THAT(Last(), StartsWith("REGISTER sip:r2.example"));
  Accept(600);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Redirected sip:r2.example;transport=udp", "Registered 600"));
  alice.Advance(541);
  EXPECT_THAT(Last(), StartsWith("REGISTER sip:chicago.example SIP/2.0\r\n"));
  EXPECT_EQ(HeaderOf(Last(), "CSeq"), "4 REGISTER");
  // Nowhere to go, or round and round.
  alice.Respond(302, "r", "Contact: <sip:carol@user.example>\r\n");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Over 302"));
  alice.Advance(40);
  Register();
  for (int i = 0; i < 20; ++i) {
    alice.Respond(302, "r", "Contact: <sip:r" + std::to_string(i) + ".example>\r\n");
  }
  const std::vector<std::string> events = alice.TakeEvents();
  EXPECT_EQ(events.size(), UserAgentLimits().redirects_max + 1);
  EXPECT_EQ(events.back(), "Over 302");
}

TEST_F(Registering, ALostBindingIsSeenAndMadeAgain) {
  Register();
  Accept(600);
  alice.Advance(541);
  alice.Respond(200, "r", "Contact: <sip:dave@home.example>;expires=60\r\n");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Registered 600", "Waiting 200"));
  EXPECT_FALSE(alice.agent().FindRegistration(id)->is_bound);
  alice.Advance(61);
  EXPECT_EQ(HeaderOf(Last(), "CSeq"), "3 REGISTER");
  // Again it is not there: such is this registrar's way, or it rewrites contacts now.
  alice.Respond(200, "r", "Contact: <sip:dave@home.example>;expires=60\r\n");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Registered 3600"));
}

TEST_F(Registering, ThePathIsToldAndIsNoRoute) {
  SANSIP_SHOWS("3327-5.1-1", "3327-5.1-2", "3327-6.2-4", "3327-4-10", "3327-5.3-4", "5626-4.2.1-10");
  Register();
  Accept(600, "Path: <sip:p1.example;lr>,\r\n <sip:p2.example;lr>\r\nPath: <sip:p3.example;lr>\r\n");
  EXPECT_EQ(alice.agent().FindRegistration(id)->path,
            "<sip:p1.example;lr>, <sip:p2.example;lr>, <sip:p3.example;lr>");
  CallDraft draft = DraftToBob();
  draft.registration = id;
  alice.Place(draft);
  EXPECT_EQ(HeaderOf(alice.LastRequest("INVITE"), "Route"), "");
  alice.Respond(486);
  alice.Advance(541);
  Accept(600);
  EXPECT_EQ(alice.agent().FindRegistration(id)->path, "");
}

TEST_F(Registering, EverythingIsRemoved) {
  SANSIP_SHOWS("3261-10.2.2-2", "5626-4.2.3-2", "3261-10.2.6-1");
  EXPECT_EQ(Register({.address = "<sip:carol@chicago.example:5080>", .removes_all = true}), VerbError::kNone);
  EXPECT_THAT(Last(), StartsWith("REGISTER sip:chicago.example:5080 SIP/2.0\r\n"));
  Accept();
  Unregister();
  EXPECT_EQ(HeaderOf(Last(), "Contact"), "*");
  EXPECT_EQ(HeaderOf(Last(), "Expires"), "0");
}

TEST_F(Registering, AServiceRouteLastsAsLongAsTheRegistration) {
  SANSIP_SHOWS("3608-6.1-2", "3608-6.1-3", "3608-6.1-4", "3608-6.1-6", "3608-6.3-1", "3608-6.3-4", "3608-5-4",
               "3608-5-6", "3608-6.1-8");
  const auto route = [&] {
    CallDraft draft = DraftToBob();
    draft.registration = id;
    alice.Place(draft);
    const std::string value = HeaderOf(alice.LastRequest("INVITE"), "Route");
    alice.Respond(486);
    alice.TakeEvents();
    return value;
  };
  Register();
  Accept(600, "Service-Route: <sip:a.example;lr>\r\nService-Route: <sip:b.example;lr>\r\n");
  EXPECT_EQ(route(), "<sip:a.example;lr>, <sip:b.example;lr>");
  alice.Advance(541);
  EXPECT_EQ(HeaderOf(Last(), "Route"), "");  // not of the REGISTER itself
  alice.Respond(503, "r", "Service-Route: <sip:x.example;lr>\r\n");
  EXPECT_EQ(route(), "<sip:a.example;lr>, <sip:b.example;lr>");
  alice.Advance(59);
  EXPECT_EQ(route(), "");  // ran out
  alice.Advance(5);
  Accept(600, "Service-Route: <sip:c.example;lr>\r\n");
  EXPECT_EQ(route(), "<sip:c.example;lr>");
  alice.Advance(541);
  Accept(600);
  EXPECT_EQ(route(), "");
}

TEST_F(Registering, OutboundByInstanceAndRegId) {
  SANSIP_SHOWS("5626-4.2.1-5", "5626-4.2.1-7", "5626-4.2.1-8", "5626-4.2.2-1", "5626-4.2.1-6", "5626-6-16");
  const std::string urn = "urn:uuid:00000000-0000-1000-8000-000A95A0E128";
  RegistrationDraft draft{.registrar = "sip:chicago.example",
                          .address = "<sip:carol@chicago.example>",
                          .contact_user = "carol",
                          .instance = urn,
                          .reg_id = 1};
  ASSERT_EQ(Register(draft), VerbError::kNone);
  const std::string first = Last();
  EXPECT_EQ(HeaderOf(first, "Contact"),
            "<sip:carol@alice.example:5060>;+sip.instance=\"<" + urn + ">\";reg-id=1");
  EXPECT_EQ(HeaderOf(first, "Supported"), "path, outbound, gruu");
  // The registrar finds it by instance and reg-id, whatever became of the address.
  alice.Respond(
      200, "r",
      "Require: outbound\r\nContact: <sip:carol@198.51.100.1:1024>;expires=100;reg-id=2;+sip.instance=\"<" +
          urn + ">\", <sip:carol@198.51.100.1:1025>;expires=600;reg-id=1;+sip.instance=\"<" +
          "urn:uuid:00000000-0000-1000-8000-000a95a0e128>\";"
          "pub-gruu=\"sip:carol@chicago.example;gr=1\";temp-gruu=\"sip:tg9@chicago.example;gr\"\r\n"
          "Path: <sip:token@edge.example;lr;ob>\r\n");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Registered 600"));
  EXPECT_TRUE(alice.agent().FindRegistration(id)->is_outbound);
  EXPECT_EQ(alice.agent().FindRegistration(id)->pub_gruu, "sip:carol@chicago.example;gr=1");
  EXPECT_EQ(alice.agent().FindRegistration(id)->temp_gruu, "sip:tg9@chicago.example;gr");
  const RegistrationId first_id = id;
  draft.reg_id = 2;
  ASSERT_EQ(Register(draft), VerbError::kNone);
  EXPECT_NE(HeaderOf(Last(), "Call-ID"), HeaderOf(first, "Call-ID"));
  EXPECT_THAT(HeaderOf(Last(), "Contact"), HasSubstr(";reg-id=2"));
  Accept(7200);
  alice.TakeEvents();
  alice.Advance(541);
  EXPECT_EQ(HeaderOf(Last(), "Call-ID"), HeaderOf(first, "Call-ID"));
  EXPECT_EQ(HeaderOf(Last(), "Contact"), HeaderOf(first, "Contact"));
  alice.Respond(200, "r", "Contact: " + HeaderOf(first, "Contact") + ";expires=600\r\n");
  EXPECT_FALSE(alice.agent().FindRegistration(first_id)->is_outbound);
  EXPECT_EQ(alice.agent().FindRegistration(first_id)->pub_gruu, "");
}

TEST_F(Registering, WithoutOutboundWhereTheFirstHopCannotDoIt) {
  SANSIP_SHOWS("5626-4.2.1-14");
  ASSERT_EQ(Register({.registrar = "sip:chicago.example",
                      .address = "<sip:carol@chicago.example>",
                      .instance = "urn:uuid:1",
                      .reg_id = 1}),
            VerbError::kNone);
  alice.Respond(439, "r");
  EXPECT_THAT(HeaderOf(Last(), "Contact"), Not(HasSubstr("reg-id")));
  EXPECT_EQ(HeaderOf(Last(), "Supported"), "path, gruu");
  Accept(600);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Registered 600"));
  EXPECT_FALSE(alice.agent().FindRegistration(id)->is_outbound);
  alice.Advance(541);
  alice.Respond(439, "r");  // there is nothing more to leave out
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Over 439"));
}

// RFC 5627 4.4, 5626 4.3, 4.4
TEST_F(Registering, CallsOverABoundFlowSayHowItIsReached) {
  SANSIP_SHOWS("5626-4.3-5");
  ASSERT_EQ(Register({.registrar = "sip:chicago.example",
                      .address = "<sip:carol@chicago.example>",
                      .contact_user = "carol",
                      .instance = "urn:uuid:1",
                      .reg_id = 1}),
            VerbError::kNone);
  const std::string contact = HeaderOf(Last(), "Contact");
  alice.Respond(200, "r", "Require: outbound\r\nFlow-Timer: 60\r\nContact: " + contact + ";expires=600\r\n");
  const RegistrationView view = *alice.agent().FindRegistration(id);
  EXPECT_EQ(view.flow, alice.FlowOf(0));
  EXPECT_EQ(view.flow_timer, 60u);
  CallDraft draft{.target = "sip:bob@bob.example", .from = "<sip:carol@chicago.example>", .registration = id};
  alice.Do(ua::input::PlaceCall{draft});
  EXPECT_THAT(HeaderOf(alice.LastRequest("INVITE"), "Contact"), EndsWith(";ob>"));
  alice.Advance(541);
  alice.Respond(200, "r",
                "Require: outbound\r\nContact: " + contact +
                    ";expires=600;pub-gruu=\"sip:carol@chicago.example;gr=1\";"
                    "temp-gruu=\"sip:tg9@chicago.example;gr\"\r\n");
  alice.Do(ua::input::PlaceCall{draft});
  EXPECT_EQ(HeaderOf(alice.LastRequest("INVITE"), "Contact"), "<sip:carol@chicago.example;gr=1>");
  draft.from = "\"Anonymous\" <sip:c8oqz84zk7z@anonymous.invalid>";
  alice.Do(ua::input::PlaceCall{draft});
  EXPECT_EQ(HeaderOf(alice.LastRequest("INVITE"), "Contact"), "<sip:tg9@chicago.example;gr>");
  draft = {.target = "sips:bob@bob.example", .from = "<sip:carol@chicago.example>", .registration = id};
  alice.Do(ua::input::PlaceCall{draft});
  EXPECT_THAT(HeaderOf(alice.LastRequest("INVITE"), "Contact"), StartsWith("<sips:alice.example"));
  alice.Do(ua::input::SendRequest{{.method = "OPTIONS",
                                   .target = "sip:bob@bob.example",
                                   .from = "<sip:carol@chicago.example>",
                                   .registration = id}});
  EXPECT_EQ(HeaderOf(alice.LastRequest("OPTIONS"), "Contact"), "<sip:carol@chicago.example;gr=1>");
  alice.Do(ua::input::FlowFailed{alice.FlowOf(0)});
  EXPECT_TRUE(alice.agent().FindRegistration(id)->flow.is_nil());
}

TEST_F(Registering, CallsThatComeInAreAnsweredWithTheGruu) {
  ASSERT_EQ(Register({.registrar = "sip:chicago.example",
                      .address = "<sip:carol@chicago.example>",
                      .contact_user = "carol",
                      .instance = "urn:uuid:1"}),
            VerbError::kNone);
  Accept(600, "");
  RequestText invite = Numbered(1, "INVITE");
  invite.uri = "sip:carol@alice.example:5060";
  invite.more = "Contact: <sip:bob@192.0.2.2>\r\n";
  alice.Receive(invite);
  EXPECT_EQ(alice.Ring(), VerbError::kNone);
  EXPECT_THAT(HeaderOf(alice.LastResponse("INVITE"), "Contact"), StartsWith("<sip:carol@"));
  alice.Advance(541);
  alice.Respond(200, "r",
                "Contact: " + HeaderOf(Last(), "Contact") +
                    ";expires=600;pub-gruu=\"sip:carol@chicago.example;gr=1\"\r\n");
  invite = Numbered(2, "INVITE");
  invite.uri = "sip:carol@alice.example:5060";
  invite.more = "Contact: <sip:bob@192.0.2.2>\r\n";
  invite.call_id = "second";
  alice.Receive(invite);
  EXPECT_EQ(alice.Ring(), VerbError::kNone);
  EXPECT_EQ(HeaderOf(alice.LastResponse("INVITE"), "Contact"), "<sip:carol@chicago.example;gr=1>");
}

TEST_F(Registering, AFlowThatFailsIsReplaced) {
  SANSIP_SHOWS("5626-4.5-1", "5626-9.4-1", "5626-4.5-3");
  for (const bool is_bound : {false, true}) {
    ASSERT_EQ(Register({.registrar = "sip:chicago.example",
                        .address = "<sip:carol@chicago.example>",
                        .instance = "urn:uuid:1",
                        .reg_id = 3}),
              VerbError::kNone);
    Accept(600, is_bound ? "Require: outbound\r\n" : "");
    const std::string first = Last();
    alice.TakeEvents();
    const int sent = alice.CountDifferent("REGISTER");
    alice.Do(ua::input::FlowFailed{alice.FlowOf(1)});  // another one
    alice.Do(ua::input::FlowFailed{alice.FlowOf(0)});
    alice.Advance(14);
    EXPECT_EQ(alice.CountDifferent("REGISTER"), sent);
    const Registration::State state = alice.agent().FindRegistration(id)->state;
    EXPECT_EQ(state, is_bound ? Registration::State::kWaiting : Registration::State::kRegistered);
    if (!is_bound) {
      Unregister();
      alice.Respond(200, "r");
      alice.Advance(40);
      alice.TakeEvents();
      continue;
    }
    EXPECT_THAT(alice.TakeEvents(), ElementsAre("Waiting 430"));
    alice.Advance(17);
    EXPECT_EQ(alice.CountDifferent("REGISTER"), sent + 1);
    EXPECT_EQ(HeaderOf(Last(), "Call-ID"), HeaderOf(first, "Call-ID"));
    EXPECT_EQ(HeaderOf(Last(), "CSeq"), "2 REGISTER");
    EXPECT_THAT(HeaderOf(Last(), "Contact"), HasSubstr(";reg-id=3"));
    Accept(600, "Require: outbound\r\n");
    EXPECT_THAT(alice.TakeEvents(), ElementsAre("Registered 600"));
  }
}

TEST_F(Registering, ADeviceThatIsWokenUp) {
  EXPECT_EQ(Register({.registrar = "sip:chicago.example",
                      .address = "<sip:carol@chicago.example>",
                      .instance = "urn:uuid:00000000-0000-1000-8000-000A95A0E128",
                      .pn_provider = "acme",
                      .pn_param = "acme-param",
                      .pn_prid = "ZTY4ZDJlMzODE1NmUgKi0K"}),
            VerbError::kNone);
  EXPECT_EQ(HeaderOf(Last(), "Contact"),
            "<sip:alice.example:5060;pn-provider=acme;pn-param=acme-param;pn-prid=ZTY4ZDJlMzODE1NmUgKi0K>"
            ";+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000A95A0E128>\"");
  EXPECT_EQ(HeaderOf(Last(), "Supported"), "path, gruu");
  Accept(600);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Registered 600"));
}

TEST_F(Registering, ADeviceThatIsNone) {
  SANSIP_SHOWS("5626-10-1", "5626-10-2", "5626-4.1-5");
  RegistrationDraft draft{.registrar = "sip:d", .address = "<sip:c@d>"};
  draft.reg_id = 1;
  EXPECT_EQ(Register(draft), VerbError::kBadHeader);  // whose?
  for (const std::string_view instance : {"uuid:1", "urn:x\"", "urn:x>", "urn:x\r\n"}) {
    draft.instance = instance;
    EXPECT_EQ(Register(draft), VerbError::kBadHeader) << instance;
  }
  draft.instance = "urn:uuid:1";
  draft.reg_id = 0x80000000;
  EXPECT_EQ(Register(draft), VerbError::kBadHeader);
  draft.reg_id = 1;
  const std::string_view contact = "<sip:c@e>";
  draft.contacts = {&contact, 1};
  EXPECT_EQ(Register(draft), VerbError::kBadHeader);
  draft.contacts = {};
  for (const std::string_view prid : {"a;b", "a>", "a b", "%zz", "a"}) {
    draft.pn_prid = prid;  // also without a provider
    EXPECT_EQ(Register(draft), VerbError::kBadHeader) << prid;
  }
}

TEST_F(Registering, WhatCannotBeIsRefused) {
  EXPECT_EQ(Register({.registrar = "sip:carol@chicago.example", .address = "<sip:c@d>"}), VerbError::kBadUri);
  EXPECT_EQ(Register({.registrar = "tel:+1", .address = "<sip:c@d>"}), VerbError::kBadUri);
  EXPECT_EQ(Register({.registrar = "sip:d", .address = "<tel:+1>"}), VerbError::kBadUri);
  EXPECT_EQ(Register({.registrar = "sip:d", .address = "<sip:c@d>\r\nX: y"}), VerbError::kBadUri);
  EXPECT_EQ(Register({.registrar = "sip:d", .address = "<sip:c@d>;tag=1"}), VerbError::kBadUri);
  const std::string_view star = "*";
  EXPECT_EQ(Register({.registrar = "sip:d", .address = "<sip:c@d>", .contacts = {&star, 1}}),
            VerbError::kBadUri);
  EXPECT_EQ(alice.agent().registrations(), 0u);
}

TEST_F(Registering, OnlySoMany) {
  UserAgentOptions options;
  options.limits.registrations_max = 2;
  AgentUnderTest small(options);
  const ua::input::Register input{{.registrar = "sip:d", .address = "<sip:c@d>"}};
  EXPECT_EQ(small.Do(input).error, VerbError::kNone);
  EXPECT_EQ(small.Do(input).error, VerbError::kNone);
  EXPECT_EQ(small.Do(input).error, VerbError::kTooManyCalls);
  const std::vector<std::string_view> contacts(options.limits.contacts_max + 1, "<sip:c@e>");
  EXPECT_EQ(Register({.registrar = "sip:d", .address = "<sip:c@d>", .contacts = contacts}),
            VerbError::kTooLong);
}

TEST_F(Registering, ShutdownUnregisters) {
  Register();
  Accept();
  alice.TakeEvents();
  alice.Shutdown();
  EXPECT_EQ(HeaderOf(Last(), "Expires"), "0");
  alice.Respond(200, "r");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Over 200"));
  EXPECT_EQ(Register({.registrar = "sip:d", .address = "<sip:c@d>"}), VerbError::kShutDown);
}

TEST_F(Registering, NowhereToGo) {
  alice.locating = AgentUnderTest::Locating::kFails;
  Register();
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Waiting 503"));
  alice.locating = AgentUnderTest::Locating::kAtOnce;
  alice.Advance(61);
  Accept();
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Registered 3600"));
}

}  // namespace
}  // namespace sansip::testing
