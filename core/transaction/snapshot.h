// A transaction layer as bytes: what TransactionLayer::Snapshot writes and Restore reads.
//
// The form (docs/decisions/0015, docs/snapshot.md) is sansip's own, versioned, little-endian, the same for
// the same state. Every deadline is stored as what is left of it, flows as descriptions, and no secret at
// all: the salts of the hashes are drawn anew. What made tags depend on a salt is stored as the tags
// themselves.
//
// The checksum tells damage, not malice: what a snapshot says to send is sent. Keep it where nobody else
// writes.
#ifndef SANSIP_CORE_TRANSACTION_SNAPSHOT_H_
#define SANSIP_CORE_TRANSACTION_SNAPSHOT_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "sansip/core/base/address.h"
#include "sansip/core/base/ids.h"

namespace sansip {

inline constexpr std::uint16_t kSnapshotVersion = 2;

// A flow as its owner can make it again in another process. The layer only carries it.
struct FlowDescription {
  FlowId flow;  // its name in the process that wrote the snapshot
  Transport transport = Transport::kUdp;
  SocketAddress local;      // kNone: any
  SocketAddress remote;     //
  SocketAddress fall_back;  // of a connection: where to connect when it is gone (RFC 3261 18.2.2)
};

enum class RestoreCode : std::uint8_t {
  kNone,
  kNotFresh,             // the layer has been used already
  kNotASnapshot,         // another first word
  kOtherVersion,         // of a version that this build does not know: see RestoreError::version
  kTruncated,            // the bytes end too early, or go on after their end
  kDamaged,              // the checksum is another
  kBadValue,             // nothing that Snapshot writes
  kWrongFlows,           // not one flow for each description
  kTooManyTransactions,  // more than this layer's options allow
  kTooManyCalls,         // or registrations, of a user agent: the same
  kMessageTooLong,       // the same
  kNoBufferSpace,        // the same
};
std::string_view RestoreCodeName(RestoreCode code);  // "damaged", ...

struct RestoreError {
  RestoreCode code = RestoreCode::kNone;
  std::size_t offset = 0;     // of what was wrong, in the snapshot
  std::uint16_t version = 0;  // of kOtherVersion: the snapshot's
  bool ok() const { return code == RestoreCode::kNone; }
};

struct SnapshotFlows {
  RestoreError error;
  std::size_t count = 0;  // of the flows in the snapshot
};
// The descriptions in a snapshot, as many as `out` holds: to make the flows by, before Restore. Reads the
// whole snapshot for its checksum.
SnapshotFlows ReadSnapshotFlows(std::span<const char> snapshot, std::span<FlowDescription> out);

}  // namespace sansip

#endif  // SANSIP_CORE_TRANSACTION_SNAPSHOT_H_
