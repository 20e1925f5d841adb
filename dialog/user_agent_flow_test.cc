// Several flows to a registrar (RFC 5626), and what its 2xx means for requests of ours and of others: Path,
// Service-Route (RFC 3327, 3608), push (RFC 8599).

#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/dialog/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::string_view kDevice = "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6";

class Flows : public ::testing::Test {
 protected:
  RegistrationId Register(const RegistrationDraft& draft) {
    const InputResult result = alice.Do(ua::input::Register{draft});
    EXPECT_EQ(result.error, VerbError::kNone);
    return result.registered;
  }
  RegistrationDraft Draft(std::uint32_t reg_id = 0) const {
    RegistrationDraft draft{
        .registrar = "sip:h.example", .address = "<sip:alice@h.example>", .contact_user = "alice"};
    if (reg_id > 0) draft.instance = kDevice;
    draft.reg_id = reg_id;
    return draft;
  }
  std::string Last() const { return alice.LastRequest("REGISTER"); }
  void Accept(std::string_view more = "", int expires = 3600) {
    alice.Respond(200, "r",
                  "Contact: " + HeaderOf(Last(), "Contact") + ";expires=" + std::to_string(expires) + "\r\n" +
                      std::string(more));
  }
  RegistrationView View(RegistrationId id) const { return *alice.agent().FindRegistration(id); }

  mutable AgentUnderTest alice;
};

TEST_F(Flows, FourProxiesGetARegisterEach) {
  SANSIP_SHOWS("5626-4.2.1-1", "5626-4.2.1-2", "5626-4.2.1-3", "5626-4.2.1-4");
  SANSIP_SHOWS("5626-4.1-1", "5626-4.1-3");
  std::vector<std::string> hops;
  for (std::uint32_t reg_id = 1; reg_id <= 4; ++reg_id) {
    const std::string route = "<sip:edge" + std::to_string(reg_id) + ".example;lr>";
    const std::vector<std::string_view> routes = {route};
    RegistrationDraft draft = Draft(reg_id);
    draft.routes = routes;
    Register(draft);
    hops.push_back(alice.last_next_hop());
    EXPECT_THAT(HeaderOf(Last(), "Contact"), EndsWith(";+sip.instance=\"<" + std::string(kDevice) +
                                                      ">\";reg-id=" + std::to_string(reg_id)));
  }
  EXPECT_THAT(hops, ElementsAre("sip:edge1.example;lr", "sip:edge2.example;lr", "sip:edge3.example;lr",
                                "sip:edge4.example;lr"));
}

TEST_F(Flows, OnlyOneThatTheRegistrarHasBoundIsKeptAlive) {
  SANSIP_SHOWS("5626-4.2.1-11", "5626-4.4-1", "5626-8-3");
  const RegistrationId plain = Register(Draft(1));
  Accept("Flow-Timer: 60\r\n");
  EXPECT_TRUE(View(plain).flow.is_nil());
  const RegistrationId bound = Register(Draft(2));
  Accept("Require: outbound\r\nFlow-Timer: 60\r\n");
  EXPECT_FALSE(View(bound).flow.is_nil());
  EXPECT_EQ(View(bound).flow_timer, 60u);
  SANSIP_SHOWS("5626-6-20", "5626-5.4-3");
}

TEST_F(Flows, ARegistrarThatHasNoTimeIsAskedWhenItSays) {
  SANSIP_SHOWS("5626-4.2.1-13");
  alice.paths = 2;
  const RegistrationId id = Register(Draft(1));
  alice.Respond(503, "r", "Retry-After: 200\r\n");
  EXPECT_EQ(alice.locates().back().failed, 1);  // another host first
  alice.Respond(503, "r", "Retry-After: 200\r\n");
  const int sent = alice.CountDifferent("REGISTER");
  alice.Advance(199);
  EXPECT_EQ(alice.CountDifferent("REGISTER"), sent);
  alice.Advance(2);
  EXPECT_EQ(alice.CountDifferent("REGISTER"), sent + 1);
  EXPECT_EQ(View(id).state, Registration::State::kSending);
}

TEST_F(Flows, OneThatIsRefusedForGoodIsNotTriedAgain) {
  SANSIP_SHOWS("5626-6-11");
  Register(Draft());
  alice.Respond(403, "r");
  EXPECT_THAT(alice.TakeEvents(), Contains(HasSubstr("403")));
  alice.Advance(4000);
  EXPECT_EQ(alice.CountDifferent("REGISTER"), 1);
  EXPECT_EQ(alice.agent().registrations(), 0u);
}

TEST_F(Flows, TheDeviceIsNamedToItsRegistrarAlone) {
  SANSIP_SHOWS("5626-4.1-8");
  CallDraft draft = DraftToBob();
  draft.registration = Register(Draft(1));
  Accept("Require: outbound\r\n");
  alice.Place(draft);
  EXPECT_THAT(HeaderOf(alice.LastRequest("INVITE"), "Contact"), Not(HasSubstr("sip.instance")));
}

TEST_F(Flows, WhoHasFlowsSaysSo) {
  SANSIP_SHOWS("5626-4.3-1");
  Register(Draft());
  alice.Place();
  EXPECT_THAT(HeaderOf(alice.LastRequest("INVITE"), "Supported"), Not(HasSubstr("outbound")));
  for (std::uint32_t reg_id = 1; reg_id <= 2; ++reg_id) Register(Draft(reg_id));
  alice.Place();
  EXPECT_EQ(HeaderOf(alice.LastRequest("INVITE"), "Supported"), "timer, path, outbound");
  alice.Receive(RequestText{.method = "OPTIONS"});
  EXPECT_EQ(HeaderOf(alice.LastResponse("OPTIONS"), "Supported"), "timer, path, outbound");
}

// RFC 3327 5.1, of who registers.
TEST_F(Flows, PathIsInEverySupported) {
  SANSIP_SHOWS("3327-5.1-3");
  alice.Place();
  EXPECT_EQ(HeaderOf(alice.LastRequest("INVITE"), "Supported"), "timer");
  alice.Respond(486);
  Register(Draft());
  Accept();
  alice.Place();
  alice.Respond(200, "b", "", kAnswer);
  alice.HangUp();
  alice.Receive(RequestText{.method = "OPTIONS"});
  alice.Do(ua::input::Refer{{.target = "sip:bob@bob.example",
                             .from = "<sip:alice@h.example>",
                             .refer_to = "sip:c@c.example",
                             .wants_reports = false}});
  EXPECT_EQ(HeaderOf(alice.LastRequest("REFER"), "Supported"), "norefersub, path");
  bool is_registered = false;
  for (const std::string& wire : alice.wires()) {
    is_registered = is_registered || wire.starts_with("REGISTER");
    const std::string supported = HeaderOf(wire, "Supported");
    EXPECT_TRUE(!is_registered || supported.empty() || supported.find("path") != supported.npos) << wire;
  }
  for (const char* method : {"REGISTER", "INVITE", "BYE"})
    EXPECT_THAT(HeaderOf(alice.LastRequest(method), "Supported"), HasSubstr("path"));
}

TEST_F(Flows, ARegisterMayHaveAPath) {
  SANSIP_SHOWS("3327-4-7");
  UserAgentOptions options;
  options.methods = "REGISTER";
  for (const std::string_view path : {"", "Path: <sip:p3.example;lr>,<sip:p1.example;lr>\r\n"}) {
    AgentUnderTest registrar(options);
    registrar.Receive(RequestText{.method = "REGISTER", .more = std::string(path)});
    EXPECT_THAT(registrar.TakeEvents(), ElementsAre("Received REGISTER"));
  }
}

// RFC 3327 5.2: who protects the Path of a 2xx adds a body, which is nothing to who does not look into it.
TEST_F(Flows, ASignedBodyInThe2xxHindersNothing) {
  SANSIP_SHOWS("3327-5.2-6");
  const RegistrationId id = Register(Draft());
  const std::string contact = HeaderOf(Last(), "Contact");
  alice.Respond(200, "r",
                "Contact: " + contact +
                    ";expires=600\r\nPath: <sip:p1.example;lr>\r\nContent-Type: "
                    "multipart/signed;protocol=\"application/pkcs7-signature\";micalg=sha1;boundary=b42\r\n",
                "--b42\r\nContent-Type: message/sip\r\n\r\nSIP/2.0 200 OK\r\n\r\n\r\n--b42--\r\n");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Registered 600"));
  EXPECT_EQ(View(id).path, "<sip:p1.example;lr>");
}

// RFC 3608 6.4.1 F8, then 6.4.2 F1: by way of the outbound proxy P1.
TEST_F(Flows, TheExampleOfServiceRoute) {
  SANSIP_SHOWS("3608-6.4-1");
  const std::vector<std::string_view> routes = {"<sip:P1.VISITED.EXAMPLE.ORG;lr>"};
  RegistrationDraft account{.registrar = "sip:HOME.EXAMPLE.COM",
                            .address = "Lawyer <sip:UA1@HOME.EXAMPLE.COM>",
                            .contact_user = "UA1",
                            .routes = routes};
  const RegistrationId id = Register(account);
  EXPECT_EQ(HeaderOf(Last(), "Route"), "<sip:P1.VISITED.EXAMPLE.ORG;lr>");
  Accept("Service-Route: <sip:P2.HOME.EXAMPLE.COM;lr>,\r\n <sip:HSP.HOME.EXAMPLE.COM;lr>\r\n");
  CallDraft draft{.target = "sip:UA2@HOME.EXAMPLE.COM", .from = "Lawyer <sip:UA1@HOME.EXAMPLE.COM>"};
  draft.routes = routes;
  draft.registration = id;
  alice.Place(draft);
  const std::string invite = alice.LastRequest("INVITE");
  EXPECT_THAT(invite, ::testing::StartsWith("INVITE sip:UA2@HOME.EXAMPLE.COM SIP/2.0\r\n"));
  EXPECT_EQ(HeaderOf(invite, "Route"),
            "<sip:P1.VISITED.EXAMPLE.ORG;lr>, <sip:P2.HOME.EXAMPLE.COM;lr>, <sip:HSP.HOME.EXAMPLE.COM;lr>");
  EXPECT_EQ(alice.last_next_hop(), "sip:P1.VISITED.EXAMPLE.ORG;lr");
}

// RFC 5626 5.1: flow tokens are base64.
TEST_F(Flows, AFlowTokenIsCarriedAsItIs) {
  SANSIP_SHOWS("5626-5.1-4");
  const std::string token = "<sip:VskztcQ/S8p4WPbOnHbuyh5iJvJIW3ib+w==@ep1.example.com;lr;ob>";
  const std::string escaped = "<sip:a%2Fb%2Bc%3D%3D@ep2.example.com;lr>";
  CallDraft draft = DraftToBob();
  draft.registration = Register(Draft(1));
  Accept("Require: outbound\r\nPath: " + token + "\r\nService-Route: " + token + ", " + escaped + "\r\n");
  EXPECT_EQ(View(draft.registration).path, token);
  alice.Place(draft);
  EXPECT_EQ(HeaderOf(alice.LastRequest("INVITE"), "Route"), token + ", " + escaped);
}

// RFC 5626 4.2.3: a registration that is for others' contacts as well binds no flow.
TEST_F(Flows, NoFlowIsBoundForOthers) {
  SANSIP_SHOWS("5626-4.2.3-1");
  const std::vector<std::string_view> contacts = {"<sip:bob@192.0.2.4>;+sip.instance=\"<urn:uuid:2>\""};
  RegistrationDraft draft = Draft(1);
  draft.contacts = contacts;
  EXPECT_EQ(alice.Do(ua::input::Register{draft}).error, VerbError::kBadHeader);
  draft.reg_id = 0;
  Register(draft);
  EXPECT_THAT(HeaderOf(Last(), "Contact"), Not(HasSubstr("reg-id")));
}

// RFC 5626 4.2.2
TEST_F(Flows, ARefreshThatMayYetComeRightLeavesTheFlow) {
  SANSIP_SHOWS("5626-4.2.2-2");
  const RegistrationId id = Register(Draft(1));
  Accept("Require: outbound\r\n", 600);
  const FlowId flow = View(id).flow;
  alice.Advance(541);
  alice.Respond(503, "r", "Retry-After: 20\r\n");
  EXPECT_EQ(View(id).state, Registration::State::kWaiting);
  EXPECT_EQ(View(id).flow, flow);
  alice.Advance(61);
  Accept("Require: outbound\r\n", 600);
  EXPECT_EQ(View(id).flow, flow);
}

// RFC 5626 4.5
TEST_F(Flows, AFlowThatAnsweredNoKeepAliveIsAnotherFailure) {
  SANSIP_SHOWS("5626-4.5-6");
  UserAgentOptions options;
  options.tells_keep_alives = true;
  for (const bool is_answered : {false, true}) {
    AgentUnderTest agent(options);
    agent.Do(ua::input::Register{Draft(1)});
    const auto accept = [&] {
      const std::string contact = HeaderOf(agent.LastRequest("REGISTER"), "Contact");
      agent.Respond(200, "r", "Contact: " + contact + ";expires=3600\r\nRequire: outbound\r\n");
    };
    accept();
    agent.Do(ua::input::KeepAliveAnswered{agent.FlowOf(1)});  // another one
    if (is_answered) agent.Do(ua::input::KeepAliveAnswered{agent.FlowOf(0)});
    agent.Do(ua::input::FlowFailed{agent.FlowOf(0)});
    agent.Advance(29.9);
    EXPECT_EQ(agent.CountDifferent("REGISTER"), is_answered ? 2 : 1);  // 15 to 30 s, 30 to 60 s
    if (is_answered) continue;
    agent.Advance(30.2);
    EXPECT_EQ(agent.CountDifferent("REGISTER"), 2);
    accept();
    EXPECT_EQ(agent.TakeEvents().back(), "Registered 3600");
  }
}

TEST_F(Flows, AFlowThatFailedIsARefusalToACall) {
  SANSIP_SHOWS("5626-11.5-2");
  alice.Place();
  alice.Respond(430);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Ended refused 430"));
  alice.Advance(100);
  EXPECT_EQ(alice.CountDifferent("INVITE"), 1);
}

// RFC 3327 4, RFC 3608 5: in other messages than a REGISTER and its 2xx they mean nothing.
TEST_F(Flows, PathAndServiceRouteElsewhereMeanNothing) {
  SANSIP_SHOWS("3327-4-8", "3327-4-11", "3608-5-5", "3608-3-1", "3608-4-1");
  const RegistrationId id = Register(Draft());
  Accept("Service-Route: <sip:s.example;lr>\r\nPath: <sip:p.example;lr>\r\n");
  const std::string more = "Service-Route: <sip:x.example;lr>\r\nPath: <sip:x.example;lr>\r\n";
  alice.Place();
  alice.Respond(200, "b", more, kAnswer);
  alice.HangUp();
  alice.Receive(RequestText{.more = "Contact: <sip:b@192.0.2.9>\r\n" + more});
  alice.Answer(kOffer);
  for (const std::string& wire : alice.wires()) {
    EXPECT_EQ(HeaderOf(wire, "Path"), "");
    EXPECT_EQ(HeaderOf(wire, "Service-Route"), "");
    EXPECT_EQ(HeaderOf(wire, "Route"), "");  // of a call that names no registration, and of others' calls
  }
  EXPECT_EQ(View(id).service_route, "<sip:s.example;lr>");
  EXPECT_EQ(View(id).path, "<sip:p.example;lr>");
}

TEST_F(Flows, TheServiceRouteFollowsTheWayThere) {
  SANSIP_SHOWS("3608-6.1-7", "3608-6.3-3");
  CallDraft draft = DraftToBob();
  draft.registration = Register(Draft());
  Accept("Service-Route: <sip:edge.example;lr>, <sip:service.example;lr>\r\n");
  const std::vector<std::string_view> routes = {"<sip:local.example;lr>"};
  draft.routes = routes;
  alice.Place(draft);
  EXPECT_EQ(HeaderOf(alice.LastRequest("INVITE"), "Route"),
            "<sip:local.example;lr>, <sip:edge.example;lr>, <sip:service.example;lr>");
  EXPECT_EQ(alice.last_next_hop(), "sip:local.example;lr");
}

TEST_F(Flows, WhoNotifiesIsReachedByItsGruu) {
  SANSIP_SHOWS("6665-4.5.1-1", "6665-4.5.1-2");
  UserAgentOptions options;
  options.events = "presence";
  AgentUnderTest notifier(options);
  RegistrationDraft draft = Draft();
  draft.instance = kDevice;
  notifier.Do(ua::input::Register{draft});
  const std::string contact = HeaderOf(notifier.LastRequest("REGISTER"), "Contact");
  notifier.Respond(200, "r",
                   "Contact: " + contact + ";expires=600;pub-gruu=\"sip:alice@h.example;gr=1\"\r\n");
  RequestText text{.method = "SUBSCRIBE", .uri = "sip:alice@alice.example:5060"};
  text.more = "Event: presence\r\nContact: <sip:w@192.0.2.9>\r\n";
  notifier.Receive(text);
  EXPECT_EQ(HeaderOf(notifier.LastResponse("SUBSCRIBE"), "Contact"), "<sip:alice@h.example;gr=1>");
  EXPECT_EQ(HeaderOf(notifier.LastRequest("NOTIFY"), "Contact"), "<sip:alice@h.example;gr=1>");
}

class Pushed : public Flows {
 protected:
  RegistrationDraft Sleeper() const {
    RegistrationDraft draft = Draft();
    draft.pn_provider = "acme";
    draft.pn_param = "acme-param";
    draft.pn_prid = "ZTY4ZDJlMzODE1NmUgKi0K";
    return draft;
  }
};

TEST_F(Pushed, WhatAProxyDoesForWhoSleepsIsTold) {
  const RegistrationId id = Register(Sleeper());
  Accept("Feature-Caps: *;+sip.pns=\"acme\";+sip.pnsreg=\"121\"\r\nFeature-Caps: *;+sip.pnspurr=\"x-1\"\r\n");
  EXPECT_EQ(View(id).push_service, "acme");
  EXPECT_EQ(View(id).push_purr, "x-1");
  EXPECT_EQ(View(id).push_lead, 121u);
  // So long before the end, and not the usual minute.
  alice.Advance(3600 - 122);
  EXPECT_EQ(alice.CountDifferent("REGISTER"), 1);
  alice.Advance(2);
  EXPECT_EQ(alice.CountDifferent("REGISTER"), 2);
  // Each 2xx says it anew; what cannot be read is nothing.
  Accept("Feature-Caps: *;+sip.pns=\"a>b\";+sip.pnsreg=soon\r\nFeature-Caps: sip.pnspurr\r\n");
  EXPECT_EQ(View(id).push_service, "");
  EXPECT_EQ(View(id).push_purr, "");
  EXPECT_EQ(View(id).push_lead, 0u);
}

TEST_F(Pushed, WhoIsNotToBeWokenHearsNothingOfIt) {
  const RegistrationId id = Register(Draft());
  Accept("Feature-Caps: *;+sip.pns=\"acme\";+sip.pnsreg=\"121\"\r\n");
  EXPECT_EQ(View(id).push_service, "");
  EXPECT_EQ(View(id).push_lead, 0u);
}

TEST_F(Pushed, ADialogIsNamedToTheProxyThatWakes) {
  CallDraft draft = DraftToBob();
  draft.contact_user = "alice";
  draft.registration = Register(Sleeper());
  Accept("Feature-Caps: *;+sip.pns=\"acme\";+sip.pnspurr=\"x-1\"\r\n");
  alice.Place(draft);
  EXPECT_THAT(HeaderOf(alice.LastRequest("INVITE"), "Contact"), HasSubstr(";pn-purr=x-1>"));
  draft.contact_user = "other";
  alice.Place(draft);
  EXPECT_THAT(HeaderOf(alice.LastRequest("INVITE"), "Contact"), Not(HasSubstr("pn-purr")));
}

TEST_F(Pushed, AServiceThatNobodyHasEndsIt) {
  Register(Sleeper());
  alice.Respond(555, "r");
  EXPECT_THAT(alice.TakeEvents(), Contains(HasSubstr("555")));
  alice.Advance(4000);
  EXPECT_EQ(alice.CountDifferent("REGISTER"), 1);
  EXPECT_EQ(alice.agent().registrations(), 0u);
}

TEST_F(Pushed, ANotificationHasItRegisterAtOnce) {
  const RegistrationId id = Register(Sleeper());
  EXPECT_EQ(alice.Do(ua::input::RefreshRegistration{id}).error, VerbError::kNone);
  EXPECT_EQ(alice.CountDifferent("REGISTER"), 1);  // one at a time
  Accept();
  EXPECT_EQ(alice.CountDifferent("REGISTER"), 2);
  Accept();
  EXPECT_EQ(alice.CountDifferent("REGISTER"), 2);
  EXPECT_EQ(alice.Do(ua::input::RefreshRegistration{id}).error, VerbError::kNone);
  EXPECT_EQ(alice.CountDifferent("REGISTER"), 3);
  Accept();
  alice.Do(ua::input::Unregister{id});
  EXPECT_EQ(alice.Do(ua::input::RefreshRegistration{id}).error, VerbError::kWrongState);
  alice.Respond(200, "r");
  alice.Advance(60);
  EXPECT_EQ(alice.Do(ua::input::RefreshRegistration{id}).error, VerbError::kStale);
}

TEST_F(Flows, TheLast503TellsWhenToCallAgain) {
  alice.paths = 1;
  alice.Place();
  alice.Respond(503, "b", "Retry-After: 30\r\n");
  EXPECT_EQ(alice.last_end().status, 503);
  EXPECT_EQ(alice.last_end().retry_after, 30u);
  alice.Place();
  alice.Respond(486, "b", "Retry-After: 7 (at lunch)\r\n");
  EXPECT_EQ(alice.last_end().retry_after, 7u);
  alice.Place();
  alice.Respond(486, "b");
  EXPECT_EQ(alice.last_end().retry_after, 0u);
}

}  // namespace
}  // namespace sansip::testing
