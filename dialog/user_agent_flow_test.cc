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
  EXPECT_EQ(HeaderOf(alice.LastRequest("INVITE"), "Supported"), "timer, outbound");
  alice.Receive(RequestText{.method = "OPTIONS"});
  EXPECT_EQ(HeaderOf(alice.LastResponse("OPTIONS"), "Supported"), "timer, outbound");
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
