// Every limit of TransactionOptions, and every refusal: counted, and over when the cause is over.
#include <string>
#include <variant>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

StartError ErrorOf(TransactionLayer& layer, const RequestDraft& draft) {
  SinkOf<Action, 8> sink;
  const Path path = {
      .flow = {1, 1}, .transport = Transport::kUdp, .sent_by = {"h.example", 5060}, .contact = {}};
  const Started started = layer.SendRequest(Instant(), path, draft, {}, sink);
  EXPECT_EQ(started.id.is_nil(), started.error != StartError::kNone);
  EXPECT_EQ(sink.empty(), started.error != StartError::kNone);
  return started.error;
}

TEST(LayerLimits, DraftsHaveTheirHeadInPartsOrInLines) {
  LayerUnderTest t;
  const RequestHead head{.route = {},
                         .from = "<sip:a@h>",
                         .from_tag = "1",
                         .to = "<sip:b@h>",
                         .to_tag = {},
                         .call_id = "c",
                         .cseq = 7};
  const HeaderLine subject{HeaderId::kSubject, "x"}, again{HeaderId::kOther, "7 OPTIONS", "CSeq"};
  RequestDraft draft = {.method = Method::kOptions, .request_uri = "sip:b@h", .head = &head, .headers = {}};
  draft.headers = {&subject, 1};
  EXPECT_EQ(ErrorOf(t.layer(), draft), StartError::kNone);
  draft.headers = {&again, 1};
  EXPECT_EQ(ErrorOf(t.layer(), draft), StartError::kBadDraft);
  for (std::string_view RequestHead::*const part :
       {&RequestHead::from, &RequestHead::to, &RequestHead::call_id}) {
    RequestHead incomplete = head;
    incomplete.*part = {};
    draft.head = &incomplete;
    draft.headers = {};
    EXPECT_EQ(ErrorOf(t.layer(), draft), StartError::kBadDraft);
  }
}

TEST(LayerLimits, TransactionsMax_RefusesTheUsersRequests) {
  TransactionOptions options;
  options.transactions_max = 3;
  LayerUnderTest t(options);
  const TransactionId first = t.Send(Method::kOptions);
  t.Send(Method::kOptions);
  t.Send(Method::kOptions);
  const std::vector<HeaderLine> headers = DraftHeaders("5 OPTIONS");
  const RequestDraft draft = {
      .method = Method::kOptions, .extension_method = {}, .request_uri = "sip:b@c", .headers = headers};
  EXPECT_EQ(ErrorOf(t.layer(), draft), StartError::kTooManyTransactions);
  t.TransportError(first);
  EXPECT_EQ(ErrorOf(t.layer(), draft), StartError::kNone);
  EXPECT_EQ(t.layer().live(), 3u);
}

TEST(LayerLimits, TransactionsMax_AnswersRequestsWithAStateless503) {
  TransactionOptions options;
  options.transactions_max = 2;
  options.retry_after_seconds = 17;
  LayerUnderTest t(options);
  const TransactionId first = t.ReceiveNew(Numbered(1, "INVITE").text());
  t.ReceiveNew(Numbered(2).text());
  t.TakeLog();
  EXPECT_TRUE(t.ReceiveNew(Numbered(3).text()).is_nil());
  EXPECT_TRUE(t.ReceiveNew(Numbered(4, "INVITE").text()).is_nil());
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 send 503", "0 send 503"));
  EXPECT_EQ(HeaderOf(t.last_wire(), "Retry-After"), "17");
  EXPECT_NE(HeaderOf(t.last_wire(), "To").find(";tag="), std::string::npos);
  // The same request again: the same answer.
  const std::string refusal = t.last_wire();
  t.Receive(Numbered(4, "INVITE").text());
  EXPECT_EQ(t.last_wire(), refusal);
  t.TakeLog();
  // 8.2.7: nothing to ACK and CANCEL. The ACK to the 503 is no business of anybody's but the user's.
  t.Receive(Numbered(5, "CANCEL").text());
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  EXPECT_EQ(t.layer().counters().refused_by(Refusal::kTransactionsMax), 4u);
  EXPECT_EQ(t.layer().live(), 2u);
  // Retransmissions of what is known are served all the while, and room made is used.
  t.Receive(Numbered(1, "INVITE").text());
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 send 100"));
  t.Respond(first, 486);
  RequestText ack = Numbered(1, "ACK");
  t.Receive(ack.text());
  t.AdvanceTo(5);
  EXPECT_FALSE(t.ReceiveNew(Numbered(6).text()).is_nil());
  SANSIP_SHOWS("3261-8.2.7-4", "3261-8.2.7-5", "3261-8.2.7-1");
}

TEST(LayerLimits, BufferedBytesMax_RefusesBothSides) {
  TransactionOptions options;
  options.buffered_bytes_max = 1;  // one page
  LayerUnderTest t(options);
  int sent = 0;
  const std::vector<HeaderLine> headers = DraftHeaders("5 OPTIONS");
  const std::string body(1000, 'b');
  const RequestDraft draft = {.method = Method::kOptions,
                              .extension_method = {},
                              .request_uri = "sip:b@c",
                              .headers = headers,
                              .body = body};
  while (ErrorOf(t.layer(), draft) == StartError::kNone) ++sent;
  EXPECT_EQ(sent, 65536 / 1536);
  EXPECT_EQ(ErrorOf(t.layer(), draft), StartError::kNoBufferSpace);
  // The 503 has memory of its own.
  EXPECT_TRUE(t.ReceiveNew(Numbered(1).text()).is_nil());
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 send 503"));
  EXPECT_EQ(t.layer().counters().refused_by(Refusal::kNoBufferSpace), 1u);
  t.FlowFailed();
  t.AdvanceTo(0);
  t.AdvanceTo(0.1);
  EXPECT_EQ(t.layer().live(), 0u);
  t.Receive(Numbered(2).text());
  EXPECT_FALSE(t.last_delivered().is_nil());
}

TEST(LayerLimits, BufferedBytesMax_AResponseThatDoesNotFitCanBeTriedAgain) {
  TransactionOptions options;
  options.buffered_bytes_max = 1;
  LayerUnderTest t(options);
  const TransactionId id = t.ReceiveNew(Numbered(1, "INVITE").text());
  // The page serves another class of sizes: no room for the 100, nor for a response.
  const std::string body(2000, 'b');
  SinkOf<Action, 8> sink;
  const ResponseDraft draft = {.status_code = 200, .reason = {}, .to_tag = "t", .headers = {}, .body = body};
  EXPECT_EQ(t.layer().SendResponse(t.now(), id, draft, sink), RespondError::kNoBufferSpace);
  EXPECT_TRUE(sink.empty());
  EXPECT_EQ(t.layer().StateOf(id), State::kProceeding);
}

TEST(LayerLimits, MessageBytesMax_RefusesWhatIsLonger) {
  TransactionOptions options;
  options.message_bytes_max = 1000;
  LayerUnderTest t(options);
  const std::vector<HeaderLine> headers = DraftHeaders("5 OPTIONS");
  const std::string body(1000, 'b');
  RequestDraft draft = {.method = Method::kOptions,
                        .extension_method = {},
                        .request_uri = "sip:b@c",
                        .headers = headers,
                        .body = body};
  EXPECT_EQ(ErrorOf(t.layer(), draft), StartError::kMessageTooLong);
  draft.body = {};
  EXPECT_EQ(ErrorOf(t.layer(), draft), StartError::kNone);
  const TransactionId id = t.ReceiveNew(Numbered(1).text());
  SinkOf<Action, 8> sink;
  EXPECT_EQ(
      t.layer().SendResponse(
          t.now(), id, {.status_code = 200, .reason = {}, .to_tag = {}, .headers = {}, .body = body}, sink),
      RespondError::kMessageTooLong);
  EXPECT_EQ(t.Respond(id, 200), RespondError::kNone);
}

TEST(LayerLimits, LookAlikesOfOldPeersAreFew) {
  // RFC 2543: all fields that are hashed are equal, and only the To tag differs.
  LayerUnderTest t;
  int accepted = 0;
  for (int i = 0; i < 100; ++i) {
    RequestText request;
    request.via = "SIP/2.0/UDP pc33.atlanta.example:5066";
    request.to += ";tag=" + std::to_string(i);
    if (!t.ReceiveNew(request.text()).is_nil()) ++accepted;
  }
  EXPECT_EQ(accepted, 8);
  EXPECT_EQ(t.layer().counters().refused_by(Refusal::kLookAlikes), 92u);
}

TEST(LayerLimits, RequestsOfOneBranchAreFew) {
  // Only the method differs: look-up must not become linear in them.
  LayerUnderTest t;
  int accepted = 0;
  for (int i = 0; i < 100; ++i) {
    RequestText request;
    request.method = "METHOD" + std::to_string(i);
    if (!t.ReceiveNew(request.text()).is_nil()) ++accepted;
  }
  EXPECT_EQ(accepted, 8);
  EXPECT_EQ(t.layer().counters().refused_by(Refusal::kLookAlikes), 92u);
}

TEST(LayerLimits, TransactionsMax_ACancelHasAPlaceOfItsOwn) {
  TransactionOptions options;
  options.transactions_max = 2;
  LayerUnderTest t(options);
  const TransactionId id = t.Send(Method::kInvite);
  const std::string invite = t.last_wire();
  t.Send(Method::kInvite);
  EXPECT_TRUE(t.Send(Method::kOptions).is_nil());
  t.Receive(ResponseText(invite, 180));
  t.Forget();
  t.Cancel(id);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 send CANCEL"));
  EXPECT_EQ(t.layer().live(), 3u);
  // It makes room for nobody, and takes none.
  EXPECT_TRUE(t.Send(Method::kOptions).is_nil());
  t.Receive(ResponseText(t.last_wire(), 200));
  t.Receive(ResponseText(invite, 487));
  t.AdvanceTo(32);
  EXPECT_FALSE(t.Send(Method::kOptions).is_nil());
}

TEST(LayerLimits, TransactionsMax_AnInviteWantsAPlaceForItsCancel) {
  TransactionOptions options;
  options.transactions_max = 2;
  LayerUnderTest t(options);
  // The INVITEs are gone, their CANCELs wait for an answer.
  for (int i = 0; i < 2; ++i) {
    const TransactionId id = t.Send(Method::kInvite, Transport::kTcp);
    const std::string invite = t.last_wire();
    t.Cancel(id);
    t.Receive(ResponseText(invite, 180), Transport::kTcp);
    t.Receive(ResponseText(invite, 487), Transport::kTcp);
    t.AdvanceTo(0);
  }
  EXPECT_EQ(t.layer().live(), 2u);
  EXPECT_TRUE(t.Send(Method::kInvite, Transport::kTcp).is_nil());
  EXPECT_FALSE(t.Send(Method::kOptions, Transport::kTcp).is_nil());
  t.AdvanceTo(32);
  EXPECT_EQ(t.layer().live(), 0u);
  // A place that was kept in vain is given back: by a final response, by a timeout, by an error.
  for (int i = 0; i < 3; ++i) {
    for (int status_code : {200, 486, 0, 1}) {
      const TransactionId id = t.Send(Method::kInvite, Transport::kTcp);
      ASSERT_FALSE(id.is_nil());
      if (status_code == 1) t.TransportError(id);
      if (status_code >= 200) t.Receive(ResponseText(t.last_wire(), status_code), Transport::kTcp);
      t.Advance(32);
      EXPECT_EQ(t.layer().live(), 0u);
    }
  }
}

TEST(LayerLimits, BufferedBytesMax_ACancelWithoutMemoryGoesWithTheNextProvisional) {
  TransactionOptions options;
  options.buffered_bytes_max = 2 * 65536;  // two pages
  LayerUnderTest t(options);
  const TransactionId id = t.Send(Method::kInvite);
  const std::string invite = t.last_wire();
  t.Receive(ResponseText(invite, 180));
  const std::vector<HeaderLine> headers = DraftHeaders("5 OPTIONS");
  const std::string body(1000, 'b');
  const RequestDraft draft = {.method = Method::kOptions,
                              .extension_method = {},
                              .request_uri = "sip:b@c",
                              .headers = headers,
                              .body = body};
  while (ErrorOf(t.layer(), draft) == StartError::kNone) continue;
  while (!t.Send(Method::kOptions).is_nil()) continue;  // those fill the page of the INVITE
  t.Forget();
  t.Cancel(id);
  t.Receive(ResponseText(invite, 180));
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 deliver 180"));
  EXPECT_EQ(t.layer().counters().cancels_held, 2u);
  t.FlowFailed();  // the OPTIONS are gone; to the INVITE it is nothing
  t.AdvanceTo(1);
  t.Forget();
  t.Receive(ResponseText(invite, 180));
  EXPECT_THAT(t.TakeLog(), ElementsAre("1 send CANCEL", "1 deliver 180"));
  // 9.1: the clock ran since Cancel().
  t.AdvanceTo(100);
  EXPECT_EQ(t.layer().live(), 0u);
  EXPECT_THAT(t.TakeLog(), Contains("32 gone"));
}

TEST(LayerLimits, ABadRequestDraftIsRefused) {
  LayerUnderTest t;
  const auto error_with = [&t](std::vector<HeaderLine> headers, Method method = Method::kOptions) {
    return ErrorOf(t.layer(),
                   {.method = method, .extension_method = {}, .request_uri = "sip:b@c", .headers = headers});
  };
  const std::vector<HeaderLine> good = DraftHeaders("5 OPTIONS");
  EXPECT_EQ(error_with(good), StartError::kNone);
  // Each of the five is wanted, once.
  for (std::size_t i = 0; i < 5; ++i) {
    std::vector<HeaderLine> headers = good;
    headers.erase(headers.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(error_with(headers), StartError::kBadDraft) << i;
    headers = good;
    headers.push_back(good[i]);
    EXPECT_EQ(error_with(headers), StartError::kBadDraft) << i;
  }
  for (const HeaderLine& line :
       {HeaderLine{HeaderId::kVia, "SIP/2.0/UDP h;branch=z9hG4bK1"},
        HeaderLine{HeaderId::kContentLength, "5"}, HeaderLine{HeaderId::kOther, "5", "l"},
        HeaderLine{HeaderId::kSubject, "a\r\nX-Evil: yes"},
        HeaderLine{HeaderId::kOther, "v", "not a token"}}) {
    std::vector<HeaderLine> headers = good;
    headers.push_back(line);
    EXPECT_EQ(error_with(headers), StartError::kBadDraft) << line.value;
  }
  EXPECT_EQ(error_with(DraftHeaders("5 INVITE")), StartError::kBadDraft);
  EXPECT_EQ(error_with(DraftHeaders("5 ACK"), Method::kAck), StartError::kBadDraft);
  EXPECT_EQ(ErrorOf(t.layer(), {.method = Method::kOptions,
                                .extension_method = {},
                                .request_uri = "sip:b@c SIP/2.0\r\nX: y",
                                .headers = good}),
            StartError::kBadDraft);
  EXPECT_EQ(t.layer().live(), 1u);
}

TEST(LayerLimits, ABadResponseDraftIsRefused) {
  LayerUnderTest t;
  const TransactionId id = t.ReceiveNew(Numbered(1, "INVITE").text());
  SinkOf<Action, 8> sink;
  const auto error_of = [&](const ResponseDraft& draft) {
    return t.layer().SendResponse(t.now(), id, draft, sink);
  };
  const HeaderLine evil[] = {{HeaderId::kContact, "<sip:a@b>\r\nX-Evil: yes"}};
  const HeaderLine via[] = {{HeaderId::kVia, "SIP/2.0/UDP h;branch=z9hG4bK1"}};
  EXPECT_EQ(error_of({.status_code = 200, .reason = {}, .to_tag = "t", .headers = evil}),
            RespondError::kBadDraft);
  EXPECT_EQ(error_of({.status_code = 200, .reason = {}, .to_tag = "t", .headers = via}),
            RespondError::kBadDraft);
  EXPECT_EQ(error_of({.status_code = 200, .reason = "OK\r\nX: y"}), RespondError::kBadDraft);
  EXPECT_EQ(error_of({.status_code = 200, .reason = {}, .to_tag = "t\r\nX: y"}), RespondError::kBadDraft);
  EXPECT_EQ(error_of({.status_code = 99}), RespondError::kBadDraft);
  EXPECT_EQ(error_of({.status_code = 700}), RespondError::kBadDraft);
  EXPECT_TRUE(sink.empty());
  const TransactionId client = t.Send(Method::kOptions);
  EXPECT_EQ(t.Respond(client, 200), RespondError::kWrongState);
  EXPECT_EQ(t.Respond(id, 200), RespondError::kNone);
}

}  // namespace
}  // namespace sansip::testing
