// The transaction layer restored from a stranger's bytes.
//
// The input is the inside of a snapshot: what frames it (the size, the checksum) is put right, so that all of
// it is read. What must hold: it is refused and the layer is as new, or it is a layer like any other, which
// gives the same bytes again, and goes on under messages, verbs and time with all that DCHECKs demand of it.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/base/check.h"
#include "sansip/core/transaction/input.h"
#include "sansip/core/transaction/snapshot_testing.h"
#include "sansip/core/transaction/testing.h"

namespace sansip {
namespace {

TransactionOptions Options() {
  TransactionOptions options;
  options.transactions_max = 64;
  options.message_bytes_max = 4096;
  options.buffered_bytes_max = 1 << 20;
  return options;
}

// One of each verb and message to all that live, and their deadlines.
void Drive(TransactionLayer& layer, const std::vector<TransactionId>& ids, const std::vector<FlowId>& flows) {
  const Parser parser;
  InputPlayer player(layer, parser);
  Instant now{};
  const auto apply = [&](auto what) {
    SinkOf<Action, TransactionLayer::kActionsPerEventMax> sink;  // law 7: Append beyond it aborts
    std::vector<std::string> sent;
    player.Apply({now, std::move(what)}, sink);
    for (const Action& action : sink) {
      if (const auto* transmit = std::get_if<action::Transmit>(&action)) sent.emplace_back(transmit->wire);
    }
    SANSIP_CHECK(layer.IsConsistent());
    return sent;
  };
  const auto pass = [&] {
    if (layer.next_deadline() == kNever) return std::vector<std::string>();
    now = std::max(now, layer.next_deadline());
    return apply(input::Deadline{});
  };
  const Origin origin = {.flow = flows.empty() ? FlowId{1, 1} : flows.front(),
                         .source = *ParseIp("192.0.2.1", 5060)};
  std::vector<std::string> sent;
  for (int round = 0; round < 8; ++round) {
    for (const std::string& wire : pass()) sent.push_back(wire);
  }
  for (const std::string& wire : sent) {
    for (const int code : {180, 200, 486}) apply(input::Received{origin, testing::ResponseText(wire, code)});
  }
  for (const TransactionId id : ids) {
    apply(input::Cancel{id});
    apply(input::SendResponse{id, 180, "", "", {}, ""});
    apply(input::TransportError{id});
    apply(input::Abandon{id});
    apply(input::SendResponse{id, 486, "", "", {}, ""});
    apply(input::ResendFinal{id});
    layer.RequestOf(id);
    pass();
  }
  for (const std::string_view method : {"INVITE", "CANCEL", "ACK", "OPTIONS"}) {
    testing::RequestText request;
    request.method = std::string(method);
    apply(input::Received{origin, request.text()});
  }
  for (const FlowId flow : flows) apply(input::FlowFailed{flow});
  for (int round = 0; round < 50; ++round) pass();
}

}  // namespace
}  // namespace sansip

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sansip;
  const std::string raw(reinterpret_cast<const char*>(data), size);
  testing::SeededRandom random(7);
  for (const std::string& bytes : {raw, testing::Sealed(raw)}) {
    TransactionLayer checked(Options(), random);
    if (!testing::CheckBytes(bytes, checked).ok()) continue;
    TransactionLayer driven(Options(), random);
    SANSIP_CHECK(testing::RestoreFrom(bytes, Instant(), Duration::zero(), driven).ok());
    std::vector<FlowId> flows;
    for (const FlowDescription& flow : testing::FlowsIn(bytes)) flows.push_back(flow.flow);
    std::vector<TransactionId> ids;
    // Those of the first generations: where a fuzzer's layers live.
    for (std::uint32_t slot = 0; slot < 64; ++slot) {
      for (std::uint32_t generation = 1; generation < 4; ++generation) {
        const TransactionId id = {slot, generation};
        if (driven.StateOf(id) != State::kTerminated) ids.push_back(id);
      }
    }
    Drive(driven, ids, flows);
  }
  return 0;
}
