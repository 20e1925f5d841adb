// The layer as a whole: what it writes, which transaction a message finds, what belongs to none.
#include "sansip/core/transaction/layer.h"

#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/core/message/fields/via.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

RequestText Request(std::string method, std::string branch = "z9hG4bK776asdhds") {
  RequestText request;
  request.method = std::move(method);
  request.via = "SIP/2.0/UDP pc33.atlanta.example:5066;branch=" + branch + ";rport";
  return request;
}

TEST(LayerSends, ARequestWithViaAndContentLength) {
  LayerUnderTest t;
  t.Send(Method::kInvite);
  const Parsed sent(t.last_wire());
  ASSERT_TRUE(sent.error().ok());
  Via via;
  ASSERT_TRUE(TopVia(sent.view(), via));
  EXPECT_EQ(via.transport, "UDP");
  EXPECT_EQ(via.host, "client.atlanta.example");
  EXPECT_EQ(via.port, 5060);
  EXPECT_TRUE(via.branch.starts_with(kBranchCookie));
  EXPECT_TRUE(via.has_rport);
  EXPECT_EQ(via.rport, 0);
  EXPECT_TRUE(HeaderOf(t.last_wire(), "Via").starts_with("SIP/2.0/UDP "));
  EXPECT_TRUE(HeaderOf(t.last_wire(), "Via").ends_with(";rport"));
  EXPECT_EQ(HeaderOf(t.last_wire(), "Content-Length"), "0");
  EXPECT_EQ(CountOf(t.last_wire(), "Via"), 1);
  EXPECT_EQ(HeaderOf(t.last_wire(), "CSeq"), "5 INVITE");
  SANSIP_SHOWS("3261-8.1.1.7-1", "3261-8.1.1.7-2", "3261-8.1.1.7-3", "3261-8.1.1.7-5", "3261-18.1.1-7",
               "3581-3-1", "3581-3-2");
}

TEST(LayerSends, NoRportOnTcp) {
  LayerUnderTest t;
  t.Send(Method::kOptions, Transport::kTcp);
  EXPECT_TRUE(
      HeaderOf(t.last_wire(), "Via").starts_with("SIP/2.0/TCP client.atlanta.example:5060;branch=z9hG4bK"));
  EXPECT_EQ(HeaderOf(t.last_wire(), "Via").find("rport"), std::string::npos);
}

TEST(LayerSends, EveryRequestWithABranchOfItsOwn) {
  LayerUnderTest t;
  std::set<std::string> branches;
  for (int i = 0; i < 1000; ++i) {
    t.Send(i % 2 == 0 ? Method::kInvite : Method::kOptions);
    const std::string via = HeaderOf(t.last_wire(), "Via");
    const std::size_t at = via.find("branch=z9hG4bK") + 14;
    const std::string branch = via.substr(at, via.find(';', at) - at);
    EXPECT_GE(branch.size() * 5, 64u);  // five bits a character
    EXPECT_TRUE(branches.insert(branch).second);
  }
  SANSIP_SHOWS("3261-8.1.1.7-4");
}

TEST(LayerSends, AnAckTo2xxOnceAndOutside) {
  LayerUnderTest t;
  const std::vector<HeaderLine> headers = DraftHeaders("5 ACK");
  const RequestDraft draft = {
      .method = Method::kAck, .extension_method = {}, .request_uri = "sip:bob@192.0.2.4", .headers = headers};
  const Path path = {.flow = LayerUnderTest::kFlow,
                     .transport = Transport::kUdp,
                     .sent_by = {"h.example", 0},
                     .contact = {}};
  SinkOf<Action, 8> sink;
  t.layer().SendOutside(t.now(), path, draft, sink);
  ASSERT_EQ(sink.size(), 1u);
  const auto& transmit = std::get<action::Transmit>(sink[0]);
  EXPECT_TRUE(transmit.id.is_nil());
  EXPECT_TRUE(transmit.wire.starts_with(
      "ACK sip:bob@192.0.2.4 SIP/2.0\r\nVia: SIP/2.0/UDP h.example;branch=z9hG4bK"));
  EXPECT_EQ(t.layer().live(), 0u);
  EXPECT_EQ(t.layer().next_deadline(), kNever);
  SANSIP_SHOWS("3261-17.1-1");
}

TEST(LayerMatches, ResponsesByBranchAndMethod) {
  LayerUnderTest t;
  const TransactionId id = t.Send(Method::kInvite);
  const std::string invite = t.last_wire();
  t.TakeLog();
  std::string stranger = ResponseText(invite, 200);
  stranger.replace(stranger.find("z9hG4bK") + 7, 3, "xxx");
  t.Receive(stranger);
  std::string of_cancel = ResponseText(invite, 200);
  of_cancel.replace(of_cancel.find("5 INVITE"), 8, "5 CANCEL");
  t.Receive(of_cancel);
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  EXPECT_EQ(t.layer().StateOf(id), State::kCalling);
  EXPECT_EQ(t.layer().counters().stray_responses, 2u);
  t.AdvanceTo(0.5);
  t.Receive(ResponseText(invite, 200));
  EXPECT_THAT(t.TakeLog(), ElementsAre("0.5 send INVITE", "0.5 deliver 200"));
  SANSIP_SHOWS("3261-17.1.3-1", "3261-17.1.3-2", "6026-8.9-1", "6026-8.9-2", "3261-18.1.2-2", "6026-7.2-6");
  SANSIP_SHOWS("6026-8.2-2");
}

// RFC 3261 7.3.1: a branch says the slot in any case; what is not all of a branch of ours leads nowhere.
TEST(LayerMatches, ABranchInWhateverCaseItComesBack) {
  LayerUnderTest t;
  t.Send(Method::kOptions);
  t.Send(Method::kOptions);
  std::string response = ResponseText(t.wires().front(), 200);
  const std::size_t at = response.find("z9hG4bK");
  const std::size_t end = response.find(';', at);
  for (std::size_t i = at; i < end; ++i) {
    std::string other = response;
    other[i] = other[i] == 'h' ? 'c' : 'h';
    t.Receive(other);
    t.Receive(response.substr(0, i + 1) + "-" + response.substr(end));
  }
  EXPECT_EQ(t.layer().counters().stray_responses, 2 * (end - at));
  for (std::size_t i = at; i < end; ++i) {
    if (response[i] >= 'a' && response[i] <= 'z') response[i] = static_cast<char>(response[i] - 'a' + 'A');
  }
  t.Forget();
  t.Receive(response);
  EXPECT_EQ(t.TakeArrows(), "N5");
}

TEST(LayerMatches, AResponseFromAnywhere) {
  // RFC 3581 3: the answer may come to the source port or to the sent-by port.
  LayerUnderTest t;
  t.Send(Method::kOptions);
  t.TakeLog();
  t.Receive(ResponseText(t.last_wire(), 200), Transport::kUdp, LayerUnderTest::kOtherFlow);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 deliver 200"));
}

TEST(LayerMatches, TheAckGoesWhereTheInviteWent) {
  LayerUnderTest t;
  t.Send(Method::kInvite);
  t.Receive(ResponseText(t.last_wire(), 486, "x", "Contact: <sip:elsewhere@example.com>\r\n"),
            Transport::kUdp, LayerUnderTest::kOtherFlow);
  EXPECT_EQ(t.last_flow(), LayerUnderTest::kFlow);
  const std::string ack = t.last_wire();
  EXPECT_TRUE(ack.starts_with("ACK sip:bob@biloxi.example SIP/2.0\r\n"));
  EXPECT_EQ(HeaderOf(ack, "Via"), HeaderOf(t.wires().front(), "Via"));
  EXPECT_EQ(HeaderOf(ack, "To"), "<sip:bob@biloxi.example>;tag=x");
  EXPECT_EQ(HeaderOf(ack, "CSeq"), "5 ACK");
  SANSIP_SHOWS("3261-17.1.1.2-25", "6026-8.4-4", "3261-17.1.1.3-3");
}

TEST(LayerMatches, RequestsByBranchSentByAndMethod) {
  LayerUnderTest t;
  const TransactionId invite = t.ReceiveNew(Request("INVITE").text());
  const TransactionId cancel = t.ReceiveNew(Request("CANCEL").text());
  EXPECT_NE(invite, cancel);
  EXPECT_FALSE(cancel.is_nil());
  RequestText other = Request("INVITE");
  other.via = "SIP/2.0/UDP other.example;branch=z9hG4bK776asdhds";
  const TransactionId from_other = t.ReceiveNew(other.text());
  EXPECT_FALSE(from_other.is_nil());
  EXPECT_NE(from_other, invite);
  EXPECT_TRUE(t.ReceiveNew(Request("INVITE").text()).is_nil());
  EXPECT_EQ(t.layer().live(), 3u);
  SANSIP_SHOWS("3261-17.2.3-1", "3261-17.2.3-2", "3261-17.2.3-3", "6026-8.10-1", "6026-8.10-2");
}

TEST(LayerMatches, EachResponseHasItsOwnRequestsVias) {
  LayerUnderTest t;
  const TransactionId first = t.ReceiveNew(Request("OPTIONS", "z9hG4bK1").text());
  const TransactionId second = t.ReceiveNew(Request("OPTIONS", "z9hG4bK2").text());
  EXPECT_EQ(t.Respond(first, 200), RespondError::kNone);
  EXPECT_NE(HeaderOf(t.last_wire(), "Via").find("z9hG4bK1"), std::string::npos);
  EXPECT_EQ(t.Respond(second, 200), RespondError::kNone);
  EXPECT_NE(HeaderOf(t.last_wire(), "Via").find("z9hG4bK2"), std::string::npos);
  SANSIP_SHOWS("3261-17.2.3-9");
}

TEST(LayerMatches, AnAckTo2xxIsTheUsers) {
  LayerUnderTest t;
  const TransactionId id = t.ReceiveNew(Request("INVITE").text());
  t.Respond(id, 200);
  t.TakeLog();
  t.Receive(Request("ACK", "z9hG4bKanother").text());
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 deliver ACK nil"));
  EXPECT_EQ(t.layer().live(), 1u);
  EXPECT_EQ(t.layer().counters().stray_acks, 1u);
  SANSIP_SHOWS("6026-8.10-2", "3261-17.2-1");
}

// Its ACK and CANCEL repeat its Via (17.1.1.3, 9.1).
TEST(LayerSends, NoInviteWhoseSentByIsNoHost) {
  LayerUnderTest t;
  SinkOf<Action, 8> sink;
  const std::vector<HeaderLine> headers = DraftHeaders("1 INVITE");
  const auto send = [&](std::string_view host) {
    sink.Clear();
    const Path path = {.flow = {1, 1}, .transport = Transport::kUdp, .sent_by = {host, 5060}, .contact = {}};
    const RequestDraft draft = {
        .method = Method::kInvite, .extension_method = {}, .request_uri = "sip:b@c", .headers = headers};
    return t.layer().SendRequest(t.now(), path, draft, Cookie{}, sink).error;
  };
  EXPECT_EQ(send("client .example"), StartError::kBadDraft);
  EXPECT_EQ(send(""), StartError::kBadDraft);
  EXPECT_TRUE(sink.empty());
  EXPECT_EQ(t.layer().live(), 0u);
  EXPECT_EQ(send("client.example"), StartError::kNone);
}

// RFC 3261 17.1.1.3: equal to the value in the INVITE, whatever that is.
TEST(LayerSends, AnAckWithTheFromThatTheInviteHad) {
  LayerUnderTest t;
  SinkOf<Action, 8> sink;
  const std::string_view from = "\"open <sip:a@b>;tag=1";
  std::vector<HeaderLine> headers = DraftHeaders("1 INVITE");
  for (HeaderLine& line : headers) {
    if (line.id == HeaderId::kFrom) line.value = from;
  }
  const Path path = {
      .flow = {1, 1}, .transport = Transport::kUdp, .sent_by = {"client.example", 5060}, .contact = {}};
  const RequestDraft draft = {
      .method = Method::kInvite, .extension_method = {}, .request_uri = "sip:b@c", .headers = headers};
  ASSERT_EQ(t.layer().SendRequest(t.now(), path, draft, Cookie{}, sink).error, StartError::kNone);
  const std::string invite(std::get<action::Transmit>(sink[0]).wire);
  sink.Clear();
  const Parsed response("SIP/2.0 400 Bad Request\r\nVia: " + HeaderOf(invite, "Via") +
                        "\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:b@c>;tag=2\r\nCall-ID: 1\r\n"
                        "CSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n");
  const Origin origin = {.flow = LayerUnderTest::kFlow, .transport = Transport::kUdp, .source = {}};
  t.layer().OnMessage(t.now(), origin, response.view(), sink);
  ASSERT_FALSE(sink.empty());
  const std::string_view ack = std::get<action::Transmit>(sink[0]).wire;
  EXPECT_EQ(ack.substr(0, 4), "ACK ");
  EXPECT_EQ(HeaderOf(ack, "From"), from);
}

TEST(LayerReceives, CountsEachToleranceThatAMessageNeeded) {
  LayerUnderTest t;
  std::string text = Request("OPTIONS").text();
  text.insert(0, "\r\n");
  const std::size_t begin = text.find("Max-Forwards");
  text.erase(begin, text.find("\r\n", begin) + 2 - begin);
  t.Receive(text);
  t.Receive(Request("INVITE", "z9hG4bKplain").text());
  const auto& tolerated = t.layer().counters().tolerated;
  for (std::size_t bit = 0; bit < tolerated.size(); ++bit) {
    const auto tolerance = static_cast<Tolerance>(1u << bit);
    const bool was_needed =
        tolerance == Tolerance::kLeadingCrlf || tolerance == Tolerance::kMissingMaxForwards;
    EXPECT_EQ(tolerated[bit], was_needed ? 1u : 0u) << bit;
  }
}

class Rfc2543PeerTest : public ::testing::Test {
 protected:
  RequestText Old(std::string method) {
    RequestText request = Request(std::move(method));
    request.via = "SIP/2.0/UDP pc33.atlanta.example:5066";
    return request;
  }
  LayerUnderTest t;
};

TEST_F(Rfc2543PeerTest, ARetransmittedInviteIsOne) {
  const TransactionId id = t.ReceiveNew(Old("INVITE").text());
  EXPECT_FALSE(id.is_nil());
  EXPECT_TRUE(t.ReceiveNew(Old("INVITE").text()).is_nil());
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 deliver INVITE", "0 send 100"));
  RequestText next = Old("INVITE");
  next.cseq = "314160";
  EXPECT_FALSE(t.ReceiveNew(next.text()).is_nil());
  SANSIP_SHOWS("3261-17.2.3-4");
}

TEST_F(Rfc2543PeerTest, AnAckIsToldByTheTagOfTheResponse) {
  const TransactionId id = t.ReceiveNew(Old("INVITE").text());
  t.Respond(id, 486, "ours");
  t.TakeLog();
  RequestText ack = Old("ACK");
  ack.to += ";tag=not-ours";
  t.Receive(ack.text());
  EXPECT_EQ(t.layer().StateOf(id), State::kCompleted);
  ack = Old("ACK");
  ack.to += ";tag=ours";
  t.Receive(ack.text());
  EXPECT_EQ(t.layer().StateOf(id), State::kConfirmed);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 deliver ACK nil"));
  SANSIP_SHOWS("3261-17.2.3-5", "6026-6-6");
}

TEST_F(Rfc2543PeerTest, AnAckInAcceptedIsTheUsers) {
  const TransactionId id = t.ReceiveNew(Old("INVITE").text());
  t.Respond(id, 200, "ours");
  t.Forget();
  RequestText ack = Old("ACK");
  ack.to += ";tag=ours";
  t.Receive(ack.text());
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 deliver ACK nil"));
  EXPECT_EQ(t.TakeArrows(), "P14");
  SANSIP_SHOWS("6026-6-5", "6026-6-6", "6026-7.1-5");
}

TEST_F(Rfc2543PeerTest, ARetransmittedByeIsOne) {
  RequestText bye = Old("BYE");
  bye.to += ";tag=ours";
  const TransactionId id = t.ReceiveNew(bye.text());
  t.Respond(id, 200);
  const std::string response = t.last_wire();
  EXPECT_TRUE(t.ReceiveNew(bye.text()).is_nil());
  EXPECT_EQ(t.last_wire(), response);
  SANSIP_SHOWS("3261-17.2.3-6");
}

TEST_F(Rfc2543PeerTest, ACancelFindsItsInvite) {
  const TransactionId invite = t.ReceiveNew(Old("INVITE").text());
  const TransactionId cancel = t.ReceiveNew(Old("CANCEL").text());
  EXPECT_EQ(t.layer().InviteOf(cancel), invite);
}

TEST(LayerTags, TheSameOnEveryTimeAndAnotherForAnotherRequest) {
  LayerUnderTest t;
  const TransactionId id = t.ReceiveNew(Request("INVITE", "z9hG4bK1").text());
  t.Respond(id, 180, "");
  const std::string to = HeaderOf(t.last_wire(), "To");
  EXPECT_NE(to.find(";tag="), std::string::npos);
  t.Respond(id, 486, "");
  EXPECT_EQ(HeaderOf(t.last_wire(), "To"), to);
  const TransactionId other = t.ReceiveNew(Request("INVITE", "z9hG4bK2").text());
  t.Respond(other, 486, "");
  EXPECT_NE(HeaderOf(t.last_wire(), "To"), to);
  SANSIP_SHOWS("3261-8.2.6.2-8", "3261-8.2.6.2-10");
}

TEST(LayerOutside, AStatelessResponseNeedsNoTransaction) {
  LayerUnderTest t;
  const Parsed request(Request("OPTIONS").text());
  const Origin origin = {.flow = LayerUnderTest::kOtherFlow,
                         .transport = Transport::kUdp,
                         .source = *ParseIp("192.0.2.1", 5066)};
  SinkOf<Action, 8> sink;
  t.layer().RespondOutside(t.now(), origin, request.view(), {.status_code = 405}, sink);
  ASSERT_EQ(sink.size(), 1u);
  const auto transmit = std::get<action::Transmit>(sink[0]);
  EXPECT_EQ(transmit.flow, LayerUnderTest::kOtherFlow);
  EXPECT_TRUE(transmit.wire.starts_with("SIP/2.0 405 "));
  const std::string first(transmit.wire);
  sink.Clear();
  t.layer().RespondOutside(t.now(), origin, request.view(), {.status_code = 405}, sink);
  EXPECT_EQ(std::get<action::Transmit>(sink[0]).wire, first);
  EXPECT_EQ(t.layer().live(), 0u);
  sink.Clear();
  const Parsed ack(Request("ACK").text());
  t.layer().RespondOutside(t.now(), origin, ack.view(), {.status_code = 405}, sink);
  EXPECT_TRUE(sink.empty());
  SANSIP_SHOWS("3261-8.2.7-5", "3261-8.2.7-3");
}

TEST(LayerCopies, AreKnownForAsLongAsTheFirstOneLives) {
  LayerUnderTest t;
  const auto is_copy = [&t](const std::string& text) { return t.layer().IsCopy(Parsed(text).view()); };
  const std::string options = Request("OPTIONS").text();
  EXPECT_FALSE(is_copy(options));
  const TransactionId id = t.ReceiveNew(options);
  EXPECT_TRUE(is_copy(options));
  for (const char* other : {"INVITE", "CANCEL", "ACK"}) EXPECT_FALSE(is_copy(Request(other).text())) << other;
  EXPECT_FALSE(is_copy(Request("OPTIONS", "z9hG4bK2").text()));
  EXPECT_FALSE(is_copy(ResponseText(options, 200)));
  t.Respond(id, 200);
  EXPECT_TRUE(is_copy(options));
  t.Advance(40);  // timer J
  EXPECT_FALSE(is_copy(options));
  // Of an INVITE its ACK is none.
  t.ReceiveNew(Request("INVITE", "z9hG4bK3").text());
  EXPECT_TRUE(is_copy(Request("INVITE", "z9hG4bK3").text()));
  EXPECT_FALSE(is_copy(Request("ACK", "z9hG4bK3").text()));
}

TEST(LayerUnparsable, IsAnsweredWhereItCanBeRead) {
  LayerUnderTest t;
  RequestText bad = Request("INVITE");
  bad.more = "Content-Length: 999\r\n";
  std::string text = bad.text();
  text.erase(text.find("Content-Length: 0\r\n"), 19);
  t.Receive(text);
  ASSERT_THAT(t.TakeLog(), ElementsAre("0 send 400"));
  EXPECT_NE(HeaderOf(t.last_wire(), "To").find(";tag="), std::string::npos);
  EXPECT_EQ(HeaderOf(t.last_wire(), "CSeq"), "314159 INVITE");
  EXPECT_EQ(t.layer().live(), 0u);
  EXPECT_EQ(t.layer().counters().unparsable_answered, 1u);
  SANSIP_SHOWS("3261-18.3-3");
}

TEST(LayerUnparsable, ACSeqNumberBeyond32BitsIsA400) {
  LayerUnderTest t;
  std::string text = Request("INVITE").text();
  text.replace(text.find("314159 INVITE"), 13, "18446744073709551616 INVITE");
  t.Receive(text);
  ASSERT_THAT(t.TakeLog(), ElementsAre("0 send 400"));
  EXPECT_TRUE(t.last_wire().starts_with("SIP/2.0 400 Malformed CSeq\r\n"));
  EXPECT_EQ(HeaderOf(t.last_wire(), "CSeq"), "18446744073709551616 INVITE");
  text.replace(text.find("18446744073709551616"), 20, "-1");
  t.Receive(text);
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  SANSIP_SHOWS("3261-21.4.1-1");
}

// RFC 4475 3.1.2.18: a method that is not known is told before what it may mean by its CSeq.
TEST(LayerUnparsable, AnUnknownMethodIsA501WhateverItsCSeq) {
  LayerUnderTest t;
  std::string text = Request("NEWMETHOD").text();
  text.replace(text.find("314159 NEWMETHOD"), 16, "314159 INVITE");
  t.Receive(text);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 send 501"));
}

TEST(LayerUnparsable, IsDroppedWhereNobodyWouldUnderstand) {
  LayerUnderTest t;
  std::string no_via = Request("INVITE").text();
  no_via.erase(no_via.find("Via:"), no_via.find("Max-") - no_via.find("Via:"));
  std::string ack = Request("ACK").text();
  ack.replace(ack.find("314159 ACK"), 10, "314159 BYE");
  std::string response = ResponseText(Request("INVITE").text(), 200);
  response.replace(response.find("Content-Length: 0"), 17, "Content-Length: 9");
  std::string bad_to = Request("INVITE").text();
  bad_to.replace(bad_to.find("Bob <sip:bob@biloxi.example>"), 28, "Bob <sip:bob@biloxi.example");
  for (const std::string& text :
       {no_via, ack, response, bad_to, std::string("\r\n\r\n"), std::string("garbage")}) {
    t.Receive(text);
    EXPECT_THAT(t.TakeLog(), IsEmpty()) << text;
  }
  EXPECT_EQ(t.layer().counters().unparsable_dropped, 6u);
  SANSIP_SHOWS("3261-18.3-2");
}

TEST(LayerFlows, KnowsWhichItRefersTo) {
  LayerUnderTest t;
  EXPECT_FALSE(t.layer().Refers(LayerUnderTest::kFlow));
  t.Send(Method::kOptions);
  const TransactionId other =
      t.ReceiveNew(Request("OPTIONS").text(), Transport::kTcp, LayerUnderTest::kOtherFlow);
  EXPECT_TRUE(t.layer().Refers(LayerUnderTest::kFlow));
  EXPECT_TRUE(t.layer().Refers(LayerUnderTest::kOtherFlow));
  EXPECT_FALSE(t.layer().Refers(FlowId{2, 2}));
  t.Respond(other, 200);
  EXPECT_EQ(t.last_flow(), LayerUnderTest::kOtherFlow);
  t.AdvanceTo(0);
  EXPECT_FALSE(t.layer().Refers(LayerUnderTest::kOtherFlow));
  t.AdvanceTo(32);
  EXPECT_FALSE(t.layer().Refers(LayerUnderTest::kFlow));
}

TEST(LayerFlows, AFailedFlowEndsItsClientsAndTellsItsServers) {
  LayerUnderTest t;
  const TransactionId server = t.ReceiveNew(Request("INVITE").text());
  t.Respond(server, 180);
  const TransactionId client = t.Send(Method::kOptions);
  const TransactionId elsewhere =
      t.ReceiveNew(Request("OPTIONS").text(), Transport::kUdp, LayerUnderTest::kOtherFlow);
  t.TakeLog();
  t.FlowFailed();
  EXPECT_EQ(t.layer().StateOf(client), State::kTerminated);
  EXPECT_EQ(t.layer().StateOf(server), State::kProceeding);
  EXPECT_EQ(t.layer().StateOf(elsewhere), State::kTrying);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 failed transport error", "0 gone", "0 failed transport error"));
}

}  // namespace
}  // namespace sansip::testing
