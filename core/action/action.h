// What the transaction layer asks of its owner: plain data, to be executed in order (design: one way out).
#ifndef SANSIP_CORE_ACTION_ACTION_H_
#define SANSIP_CORE_ACTION_ACTION_H_

#include <cstdint>
#include <string_view>
#include <type_traits>
#include <variant>

#include "sansip/core/action/sink.h"
#include "sansip/core/base/ids.h"

namespace sansip {

class MessageView;

enum class FailureReason : std::uint8_t {
  kTimeout,         // timer B or F (RFC 3261 17.1.1.2, 17.1.2.2), to be treated as a 408
  kNoAck,           // timer H: no ACK for a 300-699 (17.2.1)
  kTransportError,  // 17.1.4, to be treated as a 503; RFC 6026 8.8
};

namespace action {

// Send these bytes on this flow. A nil id: of no transaction. `wire` is valid until the next call into the
// outermost object.
struct Transmit {
  FlowId flow;
  TransactionId id;
  std::string_view wire;
};

// A new request, or (nil id) an ACK to a 2xx. The view borrows the caller's own message buffer.
struct DeliverRequest {
  TransactionId id;
  const MessageView* request = nullptr;
  // It has come by another way already, and wants a 482 of a user agent (RFC 3261 8.2.2.2). Only with
  // TransactionOptions::finds_merged.
  bool is_merged = false;
};

// A response of the client transaction, or (nil id) a 2xx to an INVITE that its user abandoned. Responses of
// no transaction are dropped (RFC 6026 8.9).
struct DeliverResponse {
  TransactionId id;
  Cookie cookie;
  const MessageView* response = nullptr;
};

struct Failed {
  TransactionId id;
  Cookie cookie;
  FailureReason reason = FailureReason::kTimeout;
};

// The transaction is destroyed; its id is stale from here on. The last action that ever names it.
struct Gone {
  TransactionId id;
  Cookie cookie;
};

}  // namespace action

using Action = std::variant<action::Transmit, action::DeliverRequest, action::DeliverResponse, action::Failed,
                            action::Gone>;
static_assert(std::is_trivially_copyable_v<Action> && sizeof(Action) <= 40);

using ActionSink = Sink<Action>;

}  // namespace sansip

#endif  // SANSIP_CORE_ACTION_ACTION_H_
