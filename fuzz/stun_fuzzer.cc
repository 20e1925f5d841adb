// STUN messages of any bytes, and a Binding transaction, or flows that are kept alive, that get them at any
// time.
//
// Oracles: views stay within the datagram; what was read, written again, is read as the same; every request
// has an answer that is read as one, by its id and source, and no longer than is stated; a transaction sends
// so often as it says, makes progress at each deadline, and ends by its own id alone; pings are of streams
// and requests of datagram flows, and a flow that has failed is kept no longer.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sansip/core/base/check.h"
#include "sansip/core/stun/binding_transaction.h"
#include "sansip/core/stun/message.h"
#include "sansip/fuzz/byte_source.h"
#include "sansip/transport/keep_alive.h"

namespace sansip::stun {
namespace {

class FuzzedRandom final : public RandomSource {
 public:
  explicit FuzzedRandom(ByteSource& source) : source_(source) {}
  std::uint64_t Next() override { return std::uint64_t{source_.Double()} << 32 | source_.Double(); }

 private:
  ByteSource& source_;
};

bool IsWithin(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void CheckSame(const Message& a, const Message& b) {
  SANSIP_CHECK(a.message_class == b.message_class && a.id == b.id && a.mapped == b.mapped);
  SANSIP_CHECK(a.error == b.error && a.reason == b.reason);
  SANSIP_CHECK(a.has_fingerprint == b.has_fingerprint);
}

void WriteAgain(const Message& message) {
  std::array<char, 70000> storage;
  Writer writer(storage, message.message_class, message.id);
  if (message.mapped) writer.AddXorMapped(*message.mapped);
  if (message.error != 0) writer.AddError(message.error, message.reason);
  if (message.has_fingerprint) writer.AddFingerprint();
  if (writer.wire().empty()) return;  // longer than a length can say, with what is written anew
  const std::optional<Message> again = Read(writer.wire());
  SANSIP_CHECK(again.has_value());
  CheckSame(message, *again);
}

void CheckAnswer(const Message& message) {
  std::array<char, kAnswerBytesMax> storage;
  SocketAddress source{.family = SocketAddress::Family::kIpv6, .port = 4000};
  source.ip[0] = 0x20;
  const std::string_view wire = WriteAnswer(message, source, storage);
  SANSIP_CHECK(wire.empty() == (message.message_class != MessageClass::kRequest));
  if (wire.empty()) return;
  const std::optional<Message> answer = Read(wire);
  SANSIP_CHECK(answer && answer->id == message.id && answer->unknown.count == 0);
  const bool is_success = answer->message_class == MessageClass::kSuccess;
  SANSIP_CHECK(is_success
                   ? answer->mapped == source && message.unknown.count == 0
                   : answer->error == 420 && answer->refused_types.size() == 2 * message.unknown.count);
}

void Run(ByteSource& source, std::string_view datagram) {
  FuzzedRandom random(source);
  BindingTransaction transaction;
  const std::optional<Message> message = Read(datagram);
  Instant now;
  std::uint32_t sent = 0;
  for (int steps = 0; steps < 64 && !source.empty(); ++steps) {
    switch (source.Below(4)) {
      case 0:
        transaction.Start(now, random);
        sent = 0;
        break;
      case 1:
        now += std::chrono::milliseconds(source.Word());
        break;
      case 2: {
        if (transaction.next_deadline() != kNever) now = std::max(now, transaction.next_deadline());
        const bool was_asking = transaction.is_asking();
        const BindingTransaction::Due due = transaction.TakeDue(now);
        sent += due == BindingTransaction::Due::kSend;
        SANSIP_CHECK(was_asking == (due != BindingTransaction::Due::kNothing));
        SANSIP_CHECK(sent <= 7 && (due != BindingTransaction::Due::kFailed || sent == 7));
        SANSIP_CHECK(transaction.next_deadline() > now);
        break;
      }
      case 3: {
        if (!message) break;
        Message given = *message;
        if (source.Bool()) given.id = transaction.id();
        const bool is_response =
            given.message_class == MessageClass::kSuccess || given.message_class == MessageClass::kError;
        const bool is_ours =
            is_response && sent > 0 && transaction.is_asking() && given.id == transaction.id();
        const BindingTransaction::Outcome outcome = transaction.OnMessage(given);
        SANSIP_CHECK(is_ours == (outcome != BindingTransaction::Outcome::kNotOurs));
        SANSIP_CHECK(!is_ours || !transaction.is_asking());
        break;
      }
    }
  }
}

// Two flows of each kind, kept alive, with any answers at any time.
void KeepAlive(ByteSource& source, std::string_view datagram) {
  FuzzedRandom random(source);
  KeepAlives keep_alives;
  const std::optional<Message> message = Read(datagram);
  Instant now;
  std::optional<TransactionId> asked;
  for (int steps = 0; steps < 64 && !source.empty(); ++steps) {
    const std::uint32_t slot = source.Byte() % 4u;
    const FlowId flow{slot, 1};
    const auto kind = slot < 2 ? KeepAlives::Kind::kPings : KeepAlives::Kind::kBindings;
    const bool was_kept = keep_alives.Keeps(flow);
    switch (source.Below(5)) {
      case 0:
        SANSIP_CHECK(keep_alives.Start(now, flow, kind, std::chrono::seconds(source.Byte()), random));
        break;
      case 1:
        keep_alives.Stop(flow);
        SANSIP_CHECK(!keep_alives.Keeps(flow));
        break;
      case 2: {
        const KeepAlives::Heard heard = keep_alives.OnPong(now, flow);
        SANSIP_CHECK(heard == KeepAlives::Heard::kNothing || (was_kept && kind == KeepAlives::Kind::kPings));
        break;
      }
      case 3: {
        if (!message) break;
        Message given = *message;
        if (asked && source.Bool()) given.id = *asked;
        const KeepAlives::Heard heard = keep_alives.OnBinding(now, flow, given);
        const bool is_answer = heard != KeepAlives::Heard::kNothing;
        SANSIP_CHECK(!is_answer || (was_kept && kind == KeepAlives::Kind::kBindings));
        const bool has_failed = is_answer && heard != KeepAlives::Heard::kAlive;
        SANSIP_CHECK(keep_alives.Keeps(flow) == (was_kept && !has_failed));
        break;
      }
      case 4:
        if (keep_alives.next_deadline() != kNever) now = std::max(now, keep_alives.next_deadline());
        while (const std::optional<KeepAlives::Event> event = keep_alives.TakeDue(now)) {
          SANSIP_CHECK(keep_alives.Keeps(event->flow) == (event->due != KeepAlives::Due::kFailed));
          SANSIP_CHECK(event->due != KeepAlives::Due::kPing || event->flow.slot < 2);
          SANSIP_CHECK(event->due != KeepAlives::Due::kBinding || event->flow.slot >= 2);
          if (event->due == KeepAlives::Due::kBinding) asked = event->binding;
        }
        break;
    }
    SANSIP_CHECK(keep_alives.next_deadline() == kNever || keep_alives.size() > 0);
  }
}

}  // namespace
}  // namespace sansip::stun

// A length of 16 bits, a datagram of so many bytes, and what is done with it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sansip::stun;
  sansip::ByteSource source(data, size);
  const std::string_view datagram = source.Take(source.Word());
  if (const std::optional<Message> message = Read(datagram)) {
    SANSIP_CHECK(IsStun(datagram));
    SANSIP_CHECK(IsWithin(message->reason, datagram) && IsWithin(message->refused_types, datagram));
    SANSIP_CHECK(message->unknown.count <= kUnknownMax);
    WriteAgain(*message);
    CheckAnswer(*message);
  }
  source.Bool() ? KeepAlive(source, datagram) : Run(source, datagram);
  return 0;
}
