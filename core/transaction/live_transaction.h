// A live transaction as it stands, to be shown to people or programs. Not for restoring it.
#ifndef SANSIP_CORE_TRANSACTION_LIVE_TRANSACTION_H_
#define SANSIP_CORE_TRANSACTION_LIVE_TRANSACTION_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansip/core/base/address.h"
#include "sansip/core/base/ids.h"
#include "sansip/core/base/time.h"
#include "sansip/core/transaction/arrow.h"
#include "sansip/core/transaction/timers.h"

namespace sansip {

// Views: until the next call into the layer.
struct LiveTransaction {
  TransactionId id;
  Machine machine = Machine::kInviteClient;  // its kind
  State state = State::kStart;
  std::string_view method;
  std::string_view branch;  // of the top Via, cookie included; of an RFC 2543 peer maybe empty
  FlowId flow;              // whose remote address the driver knows
  Transport transport = Transport::kUdp;
  Cookie cookie;  // of a client
  Instant began;
  Instant deadline = kNever;   // the next one, of `timer`; kNever: it waits for messages or its user
  Timer timer = Timer::kA;     // meaningless without a deadline
  bool is_abandoned = false;   // by TransactionLayer::Abandon
  bool is_layers_own = false;  // a CANCEL of TransactionLayer::Cancel
  std::size_t bytes = 0;       // retained: its slot and its buffers
};

// Where a walk over the live transactions stands.
struct LiveCursor {
  std::uint32_t slot = 0;
  bool at_end = false;
};

}  // namespace sansip

#endif  // SANSIP_CORE_TRANSACTION_LIVE_TRANSACTION_H_
