// For tests: the least user of a transaction layer that forwards as a stateful proxy does (RFC 3261 16).
// Every request goes to each target in a client transaction; every response that the layer delivers goes back
// by the server transaction of its request. It chooses no best response, and as drafts have no Vias of others
// it forwards without those of the request: what it has is the pairing of transactions.
#ifndef SANSIP_TESTS_SUPPORT_FORWARDING_USER_H_
#define SANSIP_TESTS_SUPPORT_FORWARDING_USER_H_

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/parser.h"
#include "sansip/core/transaction/layer.h"

namespace sansip::testing {

class ForwardingUser {
 public:
  struct Sent {
    FlowId flow;
    std::string wire;
  };

  ForwardingUser(TransactionLayer& layer, std::vector<Path> targets)
      : layer_(layer), targets_(std::move(targets)) {}

  void Receive(std::string_view text, FlowId flow, Transport transport) {
    const Framing framing = IsReliable(transport) ? Framing::kStream : Framing::kDatagram;
    const std::string bytes(text);
    ASSERT_TRUE(Parser().Parse(bytes, framing, index_).ok()) << bytes;
    const MessageView message(bytes, index_);
    layer_.OnMessage(now_, {flow, transport, *ParseIp("192.0.2.9", 5060)}, message, sink_);
    Execute();
  }
  void AdvanceTo(Instant end) {
    while (layer_.next_deadline() <= end) {
      now_ = std::max(now_, layer_.next_deadline());
      layer_.OnDeadline(now_, sink_);
      Execute();
    }
    now_ = end;
  }

  // Since the last call.
  std::vector<Sent> TakeSent() { return std::exchange(sent_, {}); }
  std::size_t responses_delivered() const { return responses_delivered_; }
  // Responses that the layer did not take any more: their server transaction was gone.
  std::size_t discarded() const { return discarded_; }

 private:
  void Execute() {
    const std::vector<Action> actions(sink_.begin(), sink_.end());
    for (const Action& action : actions) {
      if (const auto* transmit = std::get_if<action::Transmit>(&action)) {
        sent_.push_back({transmit->flow, std::string(transmit->wire)});
      }
    }
    for (const Action& action : actions) {
      if (const auto* request = std::get_if<action::DeliverRequest>(&action)) {
        if (!request->id.is_nil()) Forward(request->id, *request->request);
      } else if (const auto* response = std::get_if<action::DeliverResponse>(&action)) {
        ++responses_delivered_;
        ForwardBack(upstream_[response->cookie.value], *response->response);
      }
    }
    sink_.Clear();
  }
  void TakeTransmits() {
    for (const Action& action : sink_) {
      if (const auto* transmit = std::get_if<action::Transmit>(&action)) {
        sent_.push_back({transmit->flow, std::string(transmit->wire)});
      }
    }
    sink_.Clear();
  }

  void Forward(TransactionId id, const MessageView& request) {
    std::vector<HeaderLine> headers = {{HeaderId::kMaxForwards, "69"}};
    for (const HeaderId copied : {HeaderId::kFrom, HeaderId::kTo, HeaderId::kCallId, HeaderId::kCSeq}) {
      headers.push_back({copied, request.First(copied).value_or("")});
    }
    for (const Path& target : targets_) {
      sink_.Clear();
      upstream_.push_back(id);
      const RequestDraft draft = {.method = request.method(),
                                  .request_uri = request.request_uri(),
                                  .headers = headers,
                                  .body = request.body()};
      const Started started = layer_.SendRequest(now_, target, draft, {upstream_.size() - 1}, sink_);
      EXPECT_EQ(started.error, StartError::kNone);
      TakeTransmits();
    }
  }
  // RFC 3261 16.7: all but the 100.
  void ForwardBack(TransactionId id, const MessageView& response) {
    if (response.status_code() == 100) return;
    sink_.Clear();
    const ResponseDraft draft = {
        .status_code = response.status_code(), .to_tag = ToTag(response), .body = response.body()};
    discarded_ += layer_.SendResponse(now_, id, draft, sink_) == RespondError::kStale;
    TakeTransmits();
  }

  TransactionLayer& layer_;
  std::vector<Path> targets_;
  Instant now_{};
  MessageIndex index_;
  SinkOf<Action, TransactionLayer::kActionsPerEventMax> sink_;
  std::vector<TransactionId> upstream_;  // by the cookie of the client transaction
  std::vector<Sent> sent_;
  std::size_t responses_delivered_ = 0, discarded_ = 0;
};

}  // namespace sansip::testing

#endif  // SANSIP_TESTS_SUPPORT_FORWARDING_USER_H_
