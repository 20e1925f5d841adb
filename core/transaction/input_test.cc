#include "sansip/core/transaction/input.h"

#include <string>
#include <variant>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/core/transaction/testing.h"

namespace sansip::testing {
namespace {

const Origin kOrigin = {.flow = {1, 1}, .transport = Transport::kUdp, .source = {}};

input::SendRequest Outgoing(Method method) {
  const std::string cseq = "5 " + std::string(MethodName(method));
  input::SendRequest request;
  request.path = {
      .flow = {1, 1}, .transport = Transport::kUdp, .sent_by_host = "h.example", .sent_by_port = 5060};
  request.method = method;
  request.request_uri = "sip:bob@biloxi.example";
  for (const HeaderLine& line : DraftHeaders(cseq))
    request.headers.push_back({line.id, "", std::string(line.value)});
  request.cookie = {9};
  return request;
}

// A run of every kind of input, and all that came of it.
std::vector<std::string> Play(std::uint64_t seed) {
  SeededRandom random(seed);
  TransactionLayer layer({}, random);
  const Parser parser;
  InputPlayer player(layer, parser);
  SinkOf<Action, 64> sink;
  std::vector<std::string> log;
  const auto apply = [&](double seconds, auto what) {
    const InputOutcome outcome = player.Apply({Instant() + Seconds(seconds), std::move(what)}, sink);
    TransactionId delivered;
    for (const Action& action : sink) {
      log.push_back(std::to_string(action.index()));
      if (const auto* transmit = std::get_if<action::Transmit>(&action))
        log.back() += std::string(transmit->wire);
      if (const auto* request = std::get_if<action::DeliverRequest>(&action)) delivered = request->id;
    }
    sink.Clear();
    return outcome.started.id.is_nil() ? delivered : outcome.started.id;
  };
  const TransactionId client = apply(0, Outgoing(Method::kInvite));
  const std::string invite = log.back().substr(1);
  apply(0.1, input::Cancel{client});
  apply(0.5, input::Deadline{});
  apply(0.6, input::Received{kOrigin, ResponseText(invite, 180)});
  apply(0.7, input::Received{kOrigin, ResponseText(invite, 487)});
  apply(0.8, input::TransportError{client});
  const TransactionId server = apply(1, input::Received{kOrigin, RequestText{}.text()});
  apply(1, input::SendResponse{server, 200, "Fine", "tag", {{HeaderId::kContact, "", "<sip:b@h>"}}, "body"});
  apply(2, input::ResendFinal{server});
  input::SendRequest ack = Outgoing(Method::kAck);
  ack.is_outside = true;
  apply(3, ack);
  apply(4, input::Received{kOrigin, "garbage"});
  apply(5, input::FlowFailed{{1, 1}});
  apply(40, input::Deadline{});
  const TransactionId given_up = apply(41, Outgoing(Method::kInvite));
  apply(41, input::Abandon{given_up});
  apply(73, input::Deadline{});
  return log;
}

TEST(TransactionInput, ReachesEveryCallAndReplaysBitForBit) {
  const std::vector<std::string> log = Play(1);
  EXPECT_EQ(log, Play(1));
  EXPECT_NE(log, Play(2));
  std::string all;
  for (const std::string& line : log) all += line.substr(0, 12) + "|";
  EXPECT_EQ(
      all,
      "0INVITE sip:|0INVITE sip:|0CANCEL sip:|2|0ACK sip:bob|2|3|4|1|0SIP/2.0 200|0SIP/2.0 200|0ACK sip:bob|"
      "3|4|0INVITE sip:|0INVITE sip:|4|");
}

}  // namespace
}  // namespace sansip::testing
