// RFC 3261 18.1.1 at the layer: a request too long for its Path is a fact for the user, told before anything
// is sent or kept; and its Via names the transport that it goes by.
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

constexpr FlowId kDatagrams = {1, 1};
constexpr FlowId kStream = {2, 1};

Path PathBy(Transport transport, std::size_t bytes_max) {
  return {.flow = transport == Transport::kUdp ? kDatagrams : kStream,
          .transport = transport,
          .sent_by = {"client.example", 5060},
          .contact = {},
          .request_bytes_max = bytes_max};
}

class RequestSizeTest : public ::testing::Test {
 protected:
  Started Send(Method method, const Path& path, std::size_t body_bytes) {
    return With(method, body_bytes,
                [&](const RequestDraft& draft) { return layer_.SendRequest({}, path, draft, {7}, sink_); });
  }
  Started SendOutside(const Path& path, std::size_t body_bytes) {
    return With(Method::kAck, body_bytes,
                [&](const RequestDraft& draft) { return layer_.SendOutside({}, path, draft, sink_); });
  }
  // The body with which this request is so long.
  std::size_t BodyFor(Method method, std::size_t bytes) {
    const Path path = PathBy(Transport::kUdp, 1);
    std::size_t body = 1000;
    for (int i = 0; i < 2; ++i) {  // again: Content-Length may have become shorter
      const Started started = method == Method::kAck ? SendOutside(path, body) : Send(method, path, body);
      body += bytes - started.wire_bytes;
    }
    return body;
  }
  // What was sent; empty: nothing.
  std::string Sent() const {
    if (sink_.empty()) return {};
    return std::string(std::get<action::Transmit>(sink_[0]).wire);
  }

  template <typename Verb>
  Started With(Method method, std::size_t body_bytes, Verb verb) {
    sink_.Clear();
    const std::string cseq = "1 " + std::string(MethodName(method));
    const std::vector<HeaderLine> headers = DraftHeaders(cseq);
    const std::string body(body_bytes, 'x');
    return verb(
        {.method = method, .request_uri = "sip:bob@biloxi.example", .headers = headers, .body = body});
  }

  SeededRandom random_{1};
  TransactionLayer layer_{{}, random_};
  SinkOf<Action, TransactionLayer::kActionsPerEventMax> sink_;
};

TEST_F(RequestSizeTest, WhatIsLongerThanThePathTakesIsAFactAndNothingElse) {
  SANSIP_SHOWS("3261-18.1.1-1");
  for (const std::size_t most : {DatagramRequestBytesMax(0), DatagramRequestBytesMax(9000)}) {
    for (const Method method : {Method::kInvite, Method::kOptions}) {
      const std::size_t body = BodyFor(method, most);
      const Path path = PathBy(Transport::kUdp, most);
      EXPECT_EQ(layer_.live(), 0u);
      const Started refused = Send(method, path, body + 1);
      EXPECT_EQ(refused.error, StartError::kTooLongForPath);
      EXPECT_EQ(refused.wire_bytes, most + 1);
      EXPECT_TRUE(refused.id.is_nil());
      EXPECT_EQ(Sent(), "");
      EXPECT_EQ(layer_.live(), 0u);
      EXPECT_EQ(layer_.next_deadline(), kNever);

      const Started started = Send(method, path, body);
      EXPECT_EQ(started.error, StartError::kNone);
      EXPECT_EQ(started.wire_bytes, most);
      EXPECT_EQ(Sent().size(), most);
      layer_.OnTransportError({}, started.id, sink_);
      EXPECT_EQ(layer_.live(), 0u);
    }
  }
  EXPECT_EQ(layer_.counters().requests_out, 4u);
}

TEST_F(RequestSizeTest, OnAnotherPathTheViaNamesItsTransport) {
  SANSIP_SHOWS("3261-18.1.1-2");
  const std::size_t body = BodyFor(Method::kInvite, 1301);
  ASSERT_EQ(Send(Method::kInvite, PathBy(Transport::kUdp, 1300), body).error, StartError::kTooLongForPath);
  ASSERT_EQ(Send(Method::kInvite, PathBy(Transport::kTcp, 0), body).error, StartError::kNone);
  EXPECT_EQ(HeaderOf(Sent(), "Via").substr(0, 12), "SIP/2.0/TCP ");
  EXPECT_EQ(std::get<action::Transmit>(sink_[0]).flow, kStream);
}

TEST_F(RequestSizeTest, WithoutALimitADatagramMayBeLong) {
  ASSERT_EQ(Send(Method::kInvite, PathBy(Transport::kUdp, 0), 5000).error, StartError::kNone);
  EXPECT_EQ(HeaderOf(Sent(), "Via").substr(0, 12), "SIP/2.0/UDP ");
}

TEST_F(RequestSizeTest, TheAckToA2xxIsARequestToo) {
  SANSIP_SHOWS("3261-18.1.1-1");
  const std::size_t body = BodyFor(Method::kAck, 1300);
  const Started refused = SendOutside(PathBy(Transport::kUdp, 1300), body + 1);
  EXPECT_EQ(refused.error, StartError::kTooLongForPath);
  EXPECT_EQ(refused.wire_bytes, 1301u);
  EXPECT_EQ(Sent(), "");
  EXPECT_EQ(SendOutside(PathBy(Transport::kUdp, 1300), body).error, StartError::kNone);
  EXPECT_EQ(Sent().size(), 1300u);
}

TEST_F(RequestSizeTest, AResponseGoesWhereItsRequestCameFromHoweverLong) {
  LayerUnderTest server;
  const TransactionId id = server.ReceiveNew(RequestText{}.text());
  const std::string body(5000, 'x');
  ASSERT_EQ(server.layer().SendResponse({}, id, {.status_code = 200, .to_tag = "t", .body = body}, sink_),
            RespondError::kNone);
  EXPECT_GT(Sent().size(), 5000u);
}

}  // namespace
}  // namespace sansip::testing
