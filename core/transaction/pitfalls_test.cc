// What transaction layers most often get wrong, one test each.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Pitfalls, CopiesOfAnInviteAfter200DoNotReachTheUserAgain) {
  LayerUnderTest t;
  const TransactionId id = t.ReceiveNew(RequestText{}.text());
  t.Respond(id, 200);
  t.TakeLog();
  for (double at : {0.5, 1.5, 3.5, 31.5}) {
    t.AdvanceTo(at);
    t.Receive(RequestText{}.text());
  }
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  SANSIP_SHOWS("3261-17-3", "6026-10-1");
}

TEST(Pitfalls, The2xxOfEveryForkIsDelivered) {
  LayerUnderTest t;
  t.Send(Method::kInvite);
  const std::string invite = t.last_wire();
  t.TakeLog();
  for (const char* tag : {"a", "b", "c"}) t.Receive(ResponseText(invite, 200, tag));
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 deliver 200", "0 deliver 200", "0 deliver 200"));
}

TEST(Pitfalls, ACallMayRingForLongerThanTimerB) {
  LayerUnderTest t;
  const TransactionId id = t.Send(Method::kInvite);
  const std::string invite = t.last_wire();
  t.Receive(ResponseText(invite, 180));
  t.TakeLog();
  t.AdvanceTo(3600);
  EXPECT_EQ(t.layer().StateOf(id), State::kProceeding);
  t.Receive(ResponseText(invite, 200));
  EXPECT_THAT(t.TakeLog(), ElementsAre("3600 deliver 200"));
}

TEST(Pitfalls, TimerAIsNotCappedAtT2) {
  LayerUnderTest t;
  t.Send(Method::kInvite);
  t.TakeLog();
  t.AdvanceTo(15.4);
  EXPECT_EQ(t.TakeLog().back(), "7.5 send INVITE");  // 11.5 would be T2's
}

TEST(Pitfalls, TimerEIsNotRestartedByA100) {
  LayerUnderTest t;
  t.Send(Method::kOptions);
  const std::string request = t.last_wire();
  t.AdvanceTo(0.4);
  t.Receive(ResponseText(request, 100));
  t.TakeLog();
  t.AdvanceTo(4);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0.5 send OPTIONS"));
}

TEST(Pitfalls, TheAckToANon2xxKeepsTheBranchAndTheAckTo2xxHasAnother) {
  LayerUnderTest t;
  t.Send(Method::kInvite);
  const std::string via = HeaderOf(t.last_wire(), "Via");
  t.Receive(ResponseText(t.last_wire(), 486));
  EXPECT_EQ(HeaderOf(t.last_wire(), "Via"), via);

  const std::vector<HeaderLine> headers = DraftHeaders("5 ACK");
  SinkOf<Action, 8> sink;
  const Path path = {.flow = {1, 1},
                     .transport = Transport::kUdp,
                     .sent_by = {"client.atlanta.example", 5060},
                     .contact = {}};
  t.layer().SendOutside(
      t.now(), path,
      {.method = Method::kAck, .extension_method = {}, .request_uri = "sip:b@c", .headers = headers}, sink);
  ASSERT_EQ(sink.size(), 1u);
  EXPECT_NE(HeaderOf(std::get<action::Transmit>(sink[0]).wire, "Via"), via);
  SANSIP_SHOWS("3261-17-1");
}

TEST(Pitfalls, ServersAreMatchedBySentByAndMethodToo) {
  LayerUnderTest t;
  RequestText request;
  const TransactionId invite = t.ReceiveNew(request.text());
  request.method = "OPTIONS";
  EXPECT_FALSE(t.ReceiveNew(request.text()).is_nil());
  request.method = "INVITE";
  request.via.replace(request.via.find("pc33"), 4, "pc34");
  const TransactionId other = t.ReceiveNew(request.text());
  EXPECT_FALSE(other.is_nil());
  EXPECT_NE(other, invite);
}

TEST(Pitfalls, ANonInviteGetsNoEarly100AndNo408) {
  LayerUnderTest t;
  RequestText request;
  request.method = "OPTIONS";
  const TransactionId id = t.ReceiveNew(request.text());
  t.TakeLog();
  t.AdvanceTo(3.4);
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  t.AdvanceTo(100);
  EXPECT_THAT(t.TakeLog(), ElementsAre("3.5 send 100"));
  EXPECT_EQ(t.Respond(id, 408), RespondError::kNotAllowed);
}

TEST(Pitfalls, TransportErrorsDoNotEndServerTransactions) {
  LayerUnderTest t;
  RequestText request;
  for (const char* method : {"INVITE", "OPTIONS"}) {
    request.method = method;
    const TransactionId id = t.ReceiveNew(request.text());
    t.Respond(id, 500);
    t.TransportError(id);
    EXPECT_EQ(t.layer().StateOf(id), State::kCompleted);
    EXPECT_TRUE(t.ReceiveNew(request.text()).is_nil());
  }
}

TEST(Pitfalls, NoTimerFiresIntoWhatTookTheSlot) {
  TransactionOptions options;
  options.transactions_max = 1;
  LayerUnderTest t(options);
  const TransactionId first = t.Send(Method::kInvite);
  t.TransportError(first);
  RequestText request;
  request.method = "OPTIONS";
  const TransactionId second = t.ReceiveNew(request.text());
  EXPECT_EQ(second.slot, first.slot);
  t.TakeLog();
  t.AdvanceTo(3.4);
  EXPECT_THAT(t.TakeLog(), IsEmpty());  // not the INVITE's A
  t.TransportError(first);
  t.Cancel(first);
  EXPECT_EQ(t.layer().StateOf(second), State::kTrying);
}

TEST(Pitfalls, AResponseToAnAckIsNobodys) {
  LayerUnderTest t;
  t.Send(Method::kInvite);
  t.Receive(ResponseText(t.last_wire(), 486));
  const std::string ack = t.last_wire();
  t.TakeLog();
  t.Receive(ResponseText(ack, 200));
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  EXPECT_EQ(t.layer().counters().stray_responses, 1u);
  SANSIP_SHOWS("3261-17-2");
}

TEST(Pitfalls, NoResponseLacksAMandatoryHeaderField) {
  TransactionOptions options;
  options.transactions_max = 1;
  LayerUnderTest t(options);
  RequestText request;
  t.ReceiveNew(request.text());
  t.AdvanceTo(0.2);  // 100
  request.via.replace(request.via.find("776"), 3, "777");
  t.Receive(request.text());  // 503
  request.more = "Max-Forwards: 3\r\n";
  t.Receive(request.text());  // 400
  ASSERT_EQ(t.wires().size(), 3u);
  for (const std::string& wire : t.wires()) {
    for (const char* name : {"Via", "From", "To", "Call-ID", "CSeq", "Content-Length"}) {
      EXPECT_EQ(CountOf(wire, name), 1) << name << " of " << wire;
    }
  }
  EXPECT_TRUE(t.last_wire().starts_with("SIP/2.0 400 "));
}

TEST(Pitfalls, BranchesCannotBeGuessed) {
  LayerUnderTest one({}, 1), other({}, 2);
  one.Send(Method::kOptions);
  other.Send(Method::kOptions);
  EXPECT_NE(HeaderOf(one.last_wire(), "Via"), HeaderOf(other.last_wire(), "Via"));
}

}  // namespace
}  // namespace sansip::testing
