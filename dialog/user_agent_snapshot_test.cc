// Calls and registrations that outlive the user agent that made them: another one restored from its snapshot
// goes on in dialog as the first would have.
#include "sansip/dialog/user_agent_snapshot.h"

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/core/base/string_hash.h"
#include "sansip/dialog/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::size_t kChecksum = 8;

std::string SnapshotOf(AgentUnderTest& one) {
  const Instant now = Instant(milliseconds(static_cast<std::int64_t>(one.now() * 1000)));
  std::string bytes(one.agent().Snapshot(now, {}), '\0');
  EXPECT_EQ(one.agent().Snapshot(now, bytes), bytes.size());
  return bytes;
}

// The same content, taken for whole.
std::string Sealed(std::string bytes) {
  const std::string_view content = std::string_view(bytes).substr(0, bytes.size() - kChecksum);
  std::uint64_t sum = StringHash(1, kUserAgentSnapshotVersion)(content);
  for (std::size_t i = content.size(); i < bytes.size(); ++i, sum >>= 8) bytes[i] = static_cast<char>(sum);
  return bytes;
}

// A user agent of another process, whose clock says `seconds`.
struct Restarted : AgentUnderTest {
  Restarted(std::string_view bytes, double at, Duration elapsed, const UserAgentOptions& options = {})
      : AgentUnderTest(options, "alice.example", 2) {
    const Instant now = Instant(milliseconds(static_cast<std::int64_t>(at * 1000)));
    SetNow(now);
    error = agent().Restore(bytes, now, elapsed);
    agent().Calls({&id, 1});
  }
  InputResult End() { return Do(ua::input::HangUp{.call = id, .headers = {}}); }

  RestoreError error;
  CallId id;
};

// Alice, who called Bob with a session timer that she refreshes every 300 s.
struct Caller : AgentUnderTest {
  explicit Caller(std::string_view more = kTimer600) {
    CallDraft draft = DraftToBob();
    draft.cookie = Cookie{77};
    Place(draft);
    invite = LastRequest("INVITE");
    Respond(200, "bobtag", "Record-Route: <sip:p1.example;lr>, <sip:p2.example;lr>\r\n" + std::string(more),
            kAnswer);
  }
  std::string invite;
};

TEST(UserAgentSnapshot, CallIsRefreshedWhenItWasDue) {
  Caller alice;
  alice.AdvanceTo(100);
  Restarted again(SnapshotOf(alice), 1000, seconds(50));
  ASSERT_TRUE(again.error.ok()) << RestoreCodeName(again.error.code);
  const CallView view = *again.agent().Find(again.id);
  EXPECT_EQ(view.cookie, Cookie{77});
  EXPECT_EQ(view.state, UsageState::kEstablished);
  EXPECT_EQ(view.local_body, kOffer);
  EXPECT_EQ(view.remote_body, kAnswer);
  again.AdvanceTo(1149);
  EXPECT_THAT(again.TakeSent(), IsEmpty());
  again.AdvanceTo(1151);
  EXPECT_THAT(again.TakeSent(), Contains("1150 INVITE"));
  const std::string refresh = again.LastRequest("INVITE");
  EXPECT_EQ(BodyOf(refresh), kOffer);
  EXPECT_EQ(HeaderOf(refresh, "CSeq"), "2 INVITE");
  for (const std::string_view name : {"Call-ID", "From"}) {
    EXPECT_EQ(HeaderOf(refresh, name), HeaderOf(alice.invite, name));
  }
  EXPECT_THAT(HeaderOf(refresh, "To"), HasSubstr(";tag=bobtag"));
  EXPECT_EQ(HeaderOf(refresh, "Route"), "<sip:p2.example;lr>, <sip:p1.example;lr>");
  again.Respond(200, "bobtag", kTimer600, kAnswer);
  EXPECT_THAT(again.TakeEvents(), ElementsAre("Refreshed 600 by us"));
}

TEST(UserAgentSnapshot, RefreshUnderWayIsDueAtOnce) {
  Caller alice;
  alice.AdvanceTo(300.2);
  Restarted again(SnapshotOf(alice), 0, Duration::zero());
  again.AdvanceTo(0.1);
  EXPECT_THAT(again.TakeSent(), ElementsAre("0 INVITE"));
  EXPECT_EQ(HeaderOf(again.LastRequest("INVITE"), "CSeq"), "3 INVITE");  // 2 was used
}

TEST(UserAgentSnapshot, CallThatExpiredMeanwhileEnds) {
  Caller alice;
  Restarted again(SnapshotOf(alice), 0, seconds(600));
  again.AdvanceTo(0.1);
  EXPECT_THAT(again.TakeEvents(), Contains(HasSubstr("Ended session-expired")));
  EXPECT_EQ(HeaderOf(again.LastRequest("BYE"), "CSeq"), "2 BYE");
}

TEST(UserAgentSnapshot, PeerGoesOnInTheDialog) {
  Caller alice("Require: timer\r\nSession-Expires: 600;refresher=uas\r\n");
  alice.Receive(RequestFromBob(alice.invite, "OPTIONS", 7));
  Restarted again(SnapshotOf(alice), 0, seconds(1));
  again.Receive(RequestFromBob(alice.invite, "OPTIONS", 6));
  EXPECT_THAT(again.LastResponse("OPTIONS"), HasSubstr("SIP/2.0 500 "));  // 12.2.2: 7 was seen
  again.Receive(RequestFromBob(alice.invite, "INVITE", 8,
                               "Contact: <sip:bob@moved.example>\r\nSupported: timer\r\nSession-Expires: "
                               "600;refresher=uac\r\n",
                               kAnswer));
  const std::string ok = again.LastResponse("INVITE");
  EXPECT_THAT(ok, HasSubstr("SIP/2.0 200 "));
  EXPECT_EQ(BodyOf(ok), kOffer);  // the same session: a refresh, unasked
  again.Receive(RequestFromBob(alice.invite, "ACK", 8));
  again.End();
  EXPECT_THAT(again.LastRequest("BYE"), HasSubstr("BYE sip:bob@moved.example SIP/2.0\r\n"));
  again.Respond(200);
  again.Advance(64);
  EXPECT_EQ(again.agent().calls_kept(), 0u);
}

TEST(UserAgentSnapshot, LastAckIsSentAgainForACopyOfIts2xx) {
  AgentUnderTest alice;
  alice.Place("sip:bob@bob.example", "");
  alice.Respond(200, "bobtag", "", kAnswer);
  alice.AnswerOffer(kOffer);
  const std::string ack = alice.LastRequest("ACK");
  ASSERT_EQ(BodyOf(ack), kOffer);
  Restarted again(SnapshotOf(alice), 0, seconds(1));
  again.RespondTo(alice.LastRequest("INVITE"), 200, "bobtag", "", kAnswer);
  const std::string copy = again.LastRequest("ACK");
  EXPECT_EQ(BodyOf(copy), kOffer);
  EXPECT_EQ(HeaderOf(copy, "CSeq"), HeaderOf(ack, "CSeq"));
}

TEST(UserAgentSnapshot, RegistrationIsRefreshedAndGivesItsRoutes) {
  AgentUnderTest alice;
  const InputResult registering = alice.Do(ua::input::Register{{.registrar = "sip:chicago.example",
                                                                .address = "<sip:carol@chicago.example>",
                                                                .contact_user = "carol",
                                                                .instance = "urn:uuid:1",
                                                                .reg_id = 7,
                                                                .pn_provider = "acme",
                                                                .cookie = Cookie{5}}});
  ASSERT_EQ(registering.error, VerbError::kNone);
  const std::string first = alice.LastRequest("REGISTER");
  alice.Respond(200, "r",
                "Service-Route: <sip:home.example;lr>\r\nPath: <sip:edge.example;lr>\r\nContact: " +
                    HeaderOf(first, "Contact") + ";expires=3600;pub-gruu=\"sip:a,b@h;gr=1\"\r\n");
  alice.AdvanceTo(40);
  Restarted again(SnapshotOf(alice), 0, seconds(1000));
  ASSERT_TRUE(again.error.ok());
  std::array<RegistrationId, 1> found;
  ASSERT_EQ(again.agent().Registrations(found), 1u);
  const RegistrationView view = *again.agent().FindRegistration(found[0]);
  EXPECT_EQ(view.cookie, Cookie{5});
  EXPECT_TRUE(view.is_bound);
  EXPECT_EQ(view.service_route, "<sip:home.example;lr>");
  EXPECT_EQ(view.path, "<sip:edge.example;lr>");
  EXPECT_EQ(view.pub_gruu, "sip:a,b@h;gr=1");
  EXPECT_FALSE(view.is_outbound);
  again.AdvanceTo(2499);
  EXPECT_THAT(again.TakeSent(), IsEmpty());
  again.AdvanceTo(2501);  // 3600 - 60 after the 200
  EXPECT_THAT(again.TakeSent(), Contains("2500 REGISTER"));
  const std::string next = again.LastRequest("REGISTER");
  EXPECT_EQ(HeaderOf(next, "Call-ID"), HeaderOf(first, "Call-ID"));
  EXPECT_EQ(HeaderOf(next, "CSeq"), "2 REGISTER");
  EXPECT_EQ(HeaderOf(next, "Contact"), HeaderOf(first, "Contact"));  // instance, reg-id, push
  SANSIP_SHOWS("5626-4.1-2", "5626-4.2.1-9");
}

// RFC 5626 4.2: the flow was the old process'; the same one of the device's flows is made anew at once.
TEST(UserAgentSnapshot, AFlowIsRegisteredAnewAndCallsSayThatTheyUseIt) {
  SANSIP_SHOWS("5626-4.1-2", "5626-4.2.1-9");
  AgentUnderTest alice;
  const RegistrationDraft draft{.registrar = "sip:h.example",
                                .address = "<sip:alice@h.example>",
                                .contact_user = "alice",
                                .instance = "urn:uuid:1",
                                .reg_id = 7};
  alice.Do(ua::input::Register{draft});
  const std::string first = alice.LastRequest("REGISTER");
  const std::string bound =
      "Require: outbound\r\nContact: " + HeaderOf(first, "Contact") + ";expires=3600\r\n";
  alice.Respond(200, "r", bound);
  Restarted again(SnapshotOf(alice), 0, seconds(1));
  ASSERT_TRUE(again.error.ok());
  again.AdvanceTo(0);
  const std::string next = again.LastRequest("REGISTER");
  EXPECT_EQ(HeaderOf(next, "Contact"), HeaderOf(first, "Contact"));
  EXPECT_EQ(HeaderOf(next, "Call-ID"), HeaderOf(first, "Call-ID"));
  again.Respond(200, "r", bound);
  again.Place();
  EXPECT_THAT(HeaderOf(again.LastRequest("INVITE"), "Contact"), HasSubstr(";ob>"));
}

TEST(UserAgentSnapshot, InfoPackagesOfBothSidesGoOn) {
  UserAgentOptions options;
  options.info_packages = "foo";
  AgentUnderTest alice(options);
  alice.Place();
  alice.Respond(200, "bobtag", "Recv-Info: bar\r\n", kAnswer);
  Restarted again(SnapshotOf(alice), 0, {}, options);
  ASSERT_TRUE(again.error.ok());
  EXPECT_EQ(again.agent().Find(again.id)->info_packages, "bar");
  again.Receive(RequestFromBob(alice.LastRequest("INVITE"), "INFO", 1, "Info-Package: foo\r\n"));
  EXPECT_THAT(again.TakeEvents(), ElementsAre("Received INFO of foo: "));
  Restarted without(SnapshotOf(alice), 0, {});
  EXPECT_TRUE(without.error.ok());
  EXPECT_EQ(without.agent().Find(without.id)->info_packages, "");
}

// Alice, who subscribes to Bob's presence, publishes hers and notifies Carol.
struct Watcher : AgentUnderTest {
  static UserAgentOptions Options() {
    UserAgentOptions options;
    options.events = "presence";
    return options;
  }
  Watcher() : AgentUnderTest(Options()) {
    Do(ua::input::Subscribe{{.target = "sip:bob@bob.example",
                             .from = "<sip:alice@alice.example>",
                             .event = "presence",
                             .accept = "text/plain",
                             .options = {.expires = 600},
                             .cookie = Cookie{7}}});
    subscribe = LastRequest("SUBSCRIBE");
    Receive(Notify(1));
    Respond(200, "bobtag", "Expires: 600\r\n");
    Do(ua::input::Publish{{.target = "sip:alice@alice.example",
                           .from = "<sip:alice@alice.example>",
                           .content = {.body = "here", .content_type = "text/plain"},
                           .event = "presence",
                           .options = {.expires = 1200},
                           .cookie = Cookie{8}}});
    Respond(200, "esc", "SIP-ETag: first\r\nExpires: 1200\r\n");
    RequestText carols;
    carols.method = "SUBSCRIBE";
    carols.call_id = "carols";
    carols.from = "<sip:carol@carol.example>;tag=carol";
    carols.more = "Event: presence\r\nExpires: 1800\r\nContact: <sip:carol@192.0.2.3>\r\n";
    Receive(carols);
    notifier = last_standalone();
    Do(ua::input::Notify{notifier, {.content = {.body = "in", .content_type = "text/plain"}}});
    Respond(200, "carol");
    Respond(200, "carol");
    TakeEvents();
    TakeSent();
  }
  RequestText Notify(int cseq, std::string_view state = "active;expires=600") {
    const std::string more = "Event: presence\r\nContact: <sip:bob@192.0.2.2:5070>\r\nSubscription-State: ";
    return RequestFromBob(subscribe, "NOTIFY", cseq, more + std::string(state) + "\r\n");
  }

  std::string subscribe;
  StandaloneId notifier;
};

TEST(UserAgentSnapshot, SubscriptionsAndPublicationsGoOn) {
  Watcher alice;
  ASSERT_EQ(alice.agent().standalones(), 3u);
  alice.AdvanceTo(100);
  Restarted again(SnapshotOf(alice), 0, seconds(50), Watcher::Options());
  ASSERT_TRUE(again.error.ok()) << RestoreCodeName(again.error.code);
  std::array<StandaloneId, 4> ids;
  ASSERT_EQ(again.agent().Standalones(ids), 3u);
  StandaloneId notifier;
  for (std::size_t i = 0; i < 3; ++i) {
    const StandaloneView view = *again.agent().FindStandalone(ids[i]);
    EXPECT_EQ(view.event, "presence");
    if (view.kind == StandaloneKind::kNotifier) {
      notifier = ids[i];
      EXPECT_EQ(view.remote_address, "<sip:carol@carol.example>");
      EXPECT_EQ(view.until, Instant(seconds(1800 - 150)));
    } else {
      const bool is_publication = view.kind == StandaloneKind::kPublication;
      EXPECT_EQ(view.cookie, Cookie{is_publication ? 8u : 7u});
      EXPECT_EQ(view.until, Instant(seconds((is_publication ? 1200 : 600) - 150)));
    }
  }
  // The subscription is refreshed in its dialog when it was due, the publication by its tag.
  again.AdvanceTo(389);
  EXPECT_THAT(again.TakeSent(), IsEmpty());
  again.AdvanceTo(391);
  const std::string refresh = again.LastRequest("SUBSCRIBE");
  EXPECT_EQ(HeaderOf(refresh, "Call-ID"), HeaderOf(alice.subscribe, "Call-ID"));
  EXPECT_EQ(HeaderOf(refresh, "CSeq"), "2 SUBSCRIBE");
  EXPECT_THAT(refresh, HasSubstr("SUBSCRIBE sip:bob@192.0.2.2:5070 SIP/2.0\r\n"));
  again.Respond(200, "bobtag", "Expires: 600\r\n");
  again.Receive(alice.Notify(2));
  EXPECT_THAT(again.TakeEvents(), ElementsAre("Notified active"));
  again.AdvanceTo(980);
  EXPECT_EQ(HeaderOf(again.LastRequest("SUBSCRIBE"), "CSeq"), "3 SUBSCRIBE");
  again.AdvanceTo(991);
  EXPECT_EQ(HeaderOf(again.LastRequest("PUBLISH"), "SIP-If-Match"), "first");
  EXPECT_EQ(BodyOf(again.LastRequest("PUBLISH")), "");
  // Carol hears of the next state.
  const Content out{.body = "out", .content_type = "text/plain"};
  EXPECT_EQ(again.Do(ua::input::Notify{notifier, {.content = out}}).error, VerbError::kNone);
  const std::string notify = again.LastRequest("NOTIFY");
  EXPECT_EQ(HeaderOf(notify, "Call-ID"), "carols");
  EXPECT_EQ(HeaderOf(notify, "Subscription-State"), "active;expires=659");
  EXPECT_EQ(BodyOf(notify), "out");
  EXPECT_GT(std::stoi(HeaderOf(notify, "CSeq")), 1);
}

TEST(UserAgentSnapshot, WhatHadNoNotifyYetIsAskedForAnewAndWhatRanOutSaysSo) {
  AgentUnderTest alice;
  alice.Do(ua::input::Subscribe{
      {.target = "sip:bob@bob.example", .from = "<sip:alice@alice.example>", .event = "presence"}});
  const std::string first = alice.LastRequest("SUBSCRIBE");
  Restarted again(SnapshotOf(alice), 0, seconds(1));
  ASSERT_TRUE(again.error.ok());
  again.AdvanceTo(0.1);
  const std::string second = again.LastRequest("SUBSCRIBE");
  EXPECT_NE(HeaderOf(second, "Call-ID"), HeaderOf(first, "Call-ID"));
  EXPECT_EQ(HeaderOf(second, "To"), "<sip:bob@bob.example>");
  Watcher old;
  Restarted late(SnapshotOf(old), 0, seconds(2000), Watcher::Options());
  late.AdvanceTo(0.1);
  EXPECT_THAT(HeaderOf(late.LastRequest("NOTIFY"), "Subscription-State"),
              HasSubstr("terminated;reason=timeout"));
  EXPECT_EQ(late.CountSent("PUBLISH"), 1);
  late.Advance(40);
  EXPECT_EQ(late.CountDifferent("SUBSCRIBE"), 1);
}

TEST(UserAgentSnapshot, CallsBeingSetUpOrEndedAreNotInIt) {
  AgentUnderTest alice;
  alice.Place();
  Restarted early(SnapshotOf(alice), 0, {});
  EXPECT_TRUE(early.error.ok());
  EXPECT_EQ(early.agent().calls_kept(), 0u);
  Caller other;
  other.HangUp();
  Restarted late(SnapshotOf(other), 0, {});
  EXPECT_TRUE(late.error.ok());
  EXPECT_EQ(late.agent().calls_kept(), 0u);
}

TEST(UserAgentSnapshot, SameStateGivesTheSameBytes) {
  Caller alice;
  const std::string bytes = SnapshotOf(alice);
  Restarted again(bytes, 0, {});
  EXPECT_EQ(SnapshotOf(again), bytes);
  EXPECT_EQ(Sealed(bytes), bytes);
}

TEST(UserAgentSnapshot, WhatDoesNotFitIsRefusedAndNothingIsRestored) {
  Caller alice;
  const std::string bytes = SnapshotOf(alice);
  EXPECT_EQ(alice.agent().Restore(bytes, Instant{}, {}).code, RestoreCode::kNotFresh);
  UserAgentOptions few;
  few.limits.calls_max = 0;
  EXPECT_EQ(Restarted(bytes, 0, {}, few).error.code, RestoreCode::kTooManyCalls);
  UserAgentOptions small;
  small.limits.body_bytes_max = kOffer.size() - 1;
  EXPECT_EQ(Restarted(bytes, 0, {}, small).error.code, RestoreCode::kMessageTooLong);
  std::string other = bytes;
  other[4] = 9;
  EXPECT_EQ(Restarted(other, 0, {}).error.code, RestoreCode::kOtherVersion);
  EXPECT_EQ(Restarted(other, 0, {}).error.version, 9);
  other[0] = 'x';
  EXPECT_EQ(Restarted(other, 0, {}).error.code, RestoreCode::kNotASnapshot);
  std::string injected = bytes;
  injected.replace(injected.find("bob@bob"), 1, "\n");
  EXPECT_EQ(Restarted(injected, 0, {}).error.code, RestoreCode::kDamaged);
  Restarted refused(Sealed(injected), 0, {});
  EXPECT_EQ(refused.error.code, RestoreCode::kBadValue);
  EXPECT_EQ(refused.agent().calls_kept(), 0u);
  EXPECT_TRUE(refused.agent().Restore(bytes, Instant{}, {}).ok());
}

// Of each byte some bits: how many were taken.
int Damage(const std::string& bytes, const UserAgentOptions& options) {
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(Restarted(std::string_view(bytes).substr(0, size), 0, {}, options).error.ok()) << size;
  }
  int taken = 0;
  for (std::size_t bit = 0; bit < (bytes.size() - kChecksum) * 8; bit += 3) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ 1 << bit % 8);
    EXPECT_FALSE(Restarted(damaged, 0, {}, options).error.ok()) << bit;
    Restarted again(Sealed(damaged), 0, {}, options);
    EXPECT_TRUE(again.agent().IsConsistent()) << bit;
    if (!again.error.ok()) continue;
    ++taken;
    EXPECT_EQ(Restarted(SnapshotOf(again), 0, {}, options).error.code, RestoreCode::kNone) << bit;
    again.AdvanceTo(1);
    again.Shutdown();
    again.Advance(200);
    EXPECT_EQ(again.agent().calls_kept() + again.agent().standalones(), 0u) << bit;
  }
  return taken;
}

TEST(UserAgentSnapshot, AnyDamageIsSeenOrMakesAUserAgentLikeAnyOther) {
  Caller caller;
  EXPECT_GT(Damage(SnapshotOf(caller), {}), 100);  // letters in texts, numbers
  Watcher watcher;
  EXPECT_GT(Damage(SnapshotOf(watcher), Watcher::Options()), 100);
}

}  // namespace
}  // namespace sansip::testing
