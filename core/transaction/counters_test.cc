// What is counted, and that every number has a name of its own.
#include "sansip/core/transaction/counters.h"

#include <array>
#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/core/message/body_handling.h"
#include "sansip/core/message/parser.h"
#include "sansip/core/transaction/testing.h"

namespace sansip::testing {
namespace {

std::string NameOf(const CounterSample& sample) {
  if (sample.label.empty()) return std::string(sample.name);
  return std::string(sample.name) + "{" + std::string(sample.label) + "=\"" +
         std::string(sample.label_value) + "\"}";
}

std::vector<CounterSample> SamplesOf(const TransactionCounters& counters) {
  std::vector<CounterSample> samples;
  for (std::size_t i = 0; i < kTransactionCounterCount; ++i) samples.push_back(SampleOf(counters, i));
  return samples;
}

// "a 1, b{c="d"} 2": those that are not zero.
std::string TextOf(const TransactionCounters& counters) {
  std::string text;
  for (const CounterSample& sample : SamplesOf(counters)) {
    if (sample.value == 0) continue;
    if (!text.empty()) text += ", ";
    text += NameOf(sample) + " " + std::to_string(sample.value);
  }
  return text;
}

TEST(Counters, EachHasANameOfItsOwnAndPrintableText) {
  std::set<std::string> names;
  for (const CounterSample& sample : SamplesOf({})) {
    EXPECT_EQ(sample.value, 0u);
    EXPECT_FALSE(sample.name.empty());
    EXPECT_EQ(sample.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string_view::npos)
        << sample.name;
    EXPECT_EQ(sample.label.empty(), sample.label_value.empty()) << sample.name;
    EXPECT_EQ(sample.label_value.find_first_of("\"\\\n"), std::string_view::npos) << sample.label_value;
    EXPECT_TRUE(names.insert(NameOf(sample)).second) << NameOf(sample);
  }
  EXPECT_EQ(names.size(), kTransactionCounterCount);
}

TEST(Counters, EachIsReadFromItsOwnPlace) {
  // Every number of the struct a different one: all come back but the three places of "no error".
  TransactionCounters counters;
  std::vector<std::uint64_t> numbers(sizeof(counters) / sizeof(std::uint64_t));
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = i + 1;
  std::memcpy(static_cast<void*>(&counters), numbers.data(), sizeof(counters));
  std::set<std::uint64_t> seen;
  for (const CounterSample& sample : SamplesOf(counters)) EXPECT_TRUE(seen.insert(sample.value).second);
  EXPECT_EQ(seen.size(), numbers.size() - 3);
  EXPECT_FALSE(seen.contains(counters.start_errors[0]) || seen.contains(counters.respond_errors[0]) ||
               seen.contains(counters.unparsable[0]));
}

TEST(Counters, OfACall) {
  LayerUnderTest t;
  const TransactionId id = t.ReceiveNew(Numbered(1, "INVITE").text());
  t.Receive(Numbered(1, "INVITE").text());  // 100
  t.Respond(id, 486);
  t.Advance(0.5);  // timer G
  t.Receive(Numbered(1, "ACK").text());
  t.Receive(Numbered(1, "ACK").text());
  t.Advance(5);
  EXPECT_EQ(
      TextOf(t.layer().counters()),
      "requests_in 4, responses_out 2, retransmissions_in 2, retransmissions_out 1, transactions_peak 1, "
      "timers_fired{timer=\"G\"} 1, timers_fired{timer=\"I\"} 1");
}

TEST(Counters, OfTimeouts) {
  LayerUnderTest t;
  t.Send(Method::kInvite);
  t.Send(Method::kOptions);
  t.Respond(t.ReceiveNew(Numbered(1, "INVITE").text()), 486);
  t.Advance(64);
  const TransactionCounters& counters = t.layer().counters();
  EXPECT_EQ(counters.fired(Timer::kB), 1u);
  EXPECT_EQ(counters.fired(Timer::kF), 1u);
  EXPECT_EQ(counters.fired(Timer::kH), 1u);
  EXPECT_EQ(counters.fired(Timer::kA), 6u);  // 0.5, 1, 2, 4, 8, 16 s
  EXPECT_EQ(counters.retransmissions_out,
            counters.fired(Timer::kA) + counters.fired(Timer::kE) + counters.fired(Timer::kG));
  EXPECT_EQ(counters.transactions_peak, 3u);
}

TEST(Counters, OfStrays) {
  LayerUnderTest t;
  t.Receive(ResponseText(Numbered(1).text(), 200));
  t.Receive(Numbered(2, "ACK").text());
  t.Receive(Numbered(3, "CANCEL").text());
  t.ReceiveNew(Numbered(4, "INVITE").text());
  t.Receive(Numbered(4, "CANCEL").text());  // none: its request is here
  EXPECT_EQ(t.layer().counters().stray_responses, 1u);
  EXPECT_EQ(t.layer().counters().stray_acks, 1u);
  EXPECT_EQ(t.layer().counters().stray_cancels, 1u);
}

TEST(Counters, OfWhatCannotBeRead) {
  LayerUnderTest t;
  RequestText no_call_id = Numbered(1);
  std::string text = no_call_id.text();
  text.erase(text.find("Call-ID"), text.find("CSeq") - text.find("Call-ID"));
  t.Receive(text);
  RequestText long_uri = Numbered(2);
  long_uri.uri = "sip:" + std::string(5000, 'a') + "@h.example";
  t.Receive(long_uri.text());
  t.Receive(long_uri.text());
  const TransactionCounters& counters = t.layer().counters();
  EXPECT_EQ(counters.unparsable_by(ParseCode::kMissingCallId), 1u);
  EXPECT_EQ(counters.unparsable_by(ParseCode::kUriTooLong), 2u);
  EXPECT_EQ(counters.unparsable_dropped, 1u);
  EXPECT_EQ(counters.unparsable_answered, 2u);
}

// Whoever reads a body of several parts hands over what it says.
TEST(Counters, OfBodiesBeyondALimit) {
  LayerUnderTest t;
  std::uint32_t number = 0;
  const auto receive_with = [&](std::string_view body, const MultipartLimits& limits) {
    RequestText request = Numbered(++number);
    request.more = "Content-Type: multipart/mixed;boundary=b\r\n";
    request.body = body;
    const std::string text = request.text();
    MessageIndex index;
    ASSERT_TRUE(Parser().Parse(text, Framing::kDatagram, index).ok());
    std::array<BodyPart, 4> parts;
    const BodyChoice choice = ChooseParts(MessageView(text, index),
                                          {.types = "text/plain", .dispositions = "render"}, parts, limits);
    EXPECT_EQ(choice.answer, BodyAnswer::kMalformed);
    SinkOf<Action, TransactionLayer::kActionsPerEventMax> sink;
    Origin origin;
    origin.flow = LayerUnderTest::kFlow;
    origin.source = ParseIp("192.0.2.1", 5060).value_or(SocketAddress{});
    t.layer().OnUnparsable(t.now(), origin, text, choice.error, sink);
  };
  receive_with("--b\r\n\r\n1\r\n--b\r\n\r\n2\r\n--b--", {.part_count_max = 1});
  receive_with("--b\r\nContent-Type: multipart/mixed;boundary=c\r\n\r\n--c\r\n\r\n1\r\n--c--\r\n--b--",
               {.multipart_depth_max = 1});
  const TransactionCounters& counters = t.layer().counters();
  EXPECT_EQ(counters.unparsable_by(ParseCode::kTooManyBodyParts), 1u);
  EXPECT_EQ(counters.unparsable_by(ParseCode::kMultipartTooDeep), 1u);
  EXPECT_EQ(counters.unparsable_answered, 2u);
}

TEST(Counters, OfMessagesBeyondALimit) {
  LayerUnderTest t;
  RequestText request = Numbered(1);
  const auto receive_with = [&](const std::string& more) {
    request.more = more;
    t.Receive(request.text());
  };
  std::string many, large;
  for (int i = 0; i < 300; ++i) many += "Other: y\r\n";
  for (int i = 0; i < 40; ++i) large += "Other: " + std::string(1000, 'y') + "\r\n";
  receive_with(many);
  receive_with(large);
  receive_with("Other: " + std::string(9000, 'y') + "\r\n");
  std::string parameters;
  for (int i = 0; i < 65; ++i) parameters += ";a";
  receive_with("Contact: <sip:a@b>" + parameters + "\r\n");
  request.body = std::string(70000, 'b');
  receive_with("");
  const TransactionCounters& counters = t.layer().counters();
  EXPECT_EQ(counters.unparsable_by(ParseCode::kTooManyHeaders), 1u);
  EXPECT_EQ(counters.unparsable_by(ParseCode::kHeaderSectionTooLong), 1u);
  EXPECT_EQ(counters.unparsable_by(ParseCode::kHeaderTooLong), 1u);
  EXPECT_EQ(counters.unparsable_by(ParseCode::kTooManyParameters), 1u);
  EXPECT_EQ(counters.unparsable_by(ParseCode::kMessageTooLong), 1u);
}

TEST(Counters, OfEachProblemOnItsOwn) {
  SeededRandom random(1);
  TransactionLayer layer({}, random);
  SinkOf<Action, TransactionLayer::kActionsPerEventMax> sink;
  for (std::size_t i = 1; i < kParseCodeCount; ++i) {
    sink.Clear();
    layer.OnUnparsable(Instant(), {}, "", {static_cast<ParseCode>(i), 0}, sink);
    EXPECT_EQ(layer.counters().unparsable[i], 1u) << i;
    EXPECT_EQ(layer.counters().unparsable_dropped, i);
  }
  EXPECT_EQ(layer.counters().unparsable[0], 0u);
}

TEST(Counters, OfWhatTheUserIsRefused) {
  TransactionOptions options;
  options.transactions_max = 1;
  LayerUnderTest t(options);
  const TransactionId id = t.Send(Method::kOptions);
  t.Send(Method::kOptions);
  t.Respond(id, 200);
  t.TransportError(id);
  t.Respond(id, 200);
  const TransactionCounters& counters = t.layer().counters();
  EXPECT_EQ(TextOf(counters),
            "requests_out 1, transport_errors 1, transactions_peak 1, stale_ids 1, "
            "start_errors{error=\"too many transactions\"} 1, respond_errors{error=\"stale\"} 1, "
            "respond_errors{error=\"wrong state\"} 1");
}

TEST(Counters, OfAFailedFlow) {
  LayerUnderTest t;
  for (int i = 0; i < 20; ++i) t.Send(Method::kOptions);
  t.FlowFailed();
  t.Advance(0);
  EXPECT_EQ(t.layer().live(), 0u);
  EXPECT_EQ(t.layer().counters().flow_failures, 1u);
  EXPECT_EQ(t.layer().counters().transport_errors, 20u);
}

TEST(Counters, AreAValue) {
  LayerUnderTest t;
  const TransactionCounters before = t.layer().counters();
  t.ReceiveNew(Numbered(1).text());
  EXPECT_EQ(before.requests_in, 0u);
  EXPECT_EQ(t.layer().counters().requests_in, 1u);
}

}  // namespace
}  // namespace sansip::testing
