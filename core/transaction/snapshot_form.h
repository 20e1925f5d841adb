// The form of a snapshot, for snapshot.cc, which writes it, and restore.cc, which reads it: docs/snapshot.md.
#ifndef SANSIP_CORE_TRANSACTION_SNAPSHOT_FORM_H_
#define SANSIP_CORE_TRANSACTION_SNAPSHOT_FORM_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "sansip/core/base/little_endian.h"
#include "sansip/core/base/string_hash.h"
#include "sansip/core/base/time.h"
#include "sansip/core/transaction/snapshot.h"
#include "sansip/core/transaction/timers.h"

namespace sansip::snapshot_form {

inline constexpr std::uint32_t kFirstWord = 'S' | 'I' << 8 | 'P' << 16 | 'x' << 24;
inline constexpr std::size_t kHeaderBytes = 40;
inline constexpr std::size_t kFreeBytes = 8;
inline constexpr std::size_t kChecksumBytes = 8;
inline constexpr std::size_t kTimersMax = 3;  // armed in one transaction

// Flags of a record; the lowest two bits are enum Cancelling.
inline constexpr unsigned kCancellingMask = 3;
inline constexpr unsigned kIsLayersOwn = 4;
inline constexpr unsigned kIsAbandoned = 8;
inline constexpr unsigned kHasTimers = 16;      // of its own
inline constexpr unsigned kBeginsTheNext = 32;  // is the first on the next flow
inline constexpr unsigned kFlags = 63;

// Far beyond what any clock tells, and sums of it still are durations.
inline constexpr Duration kAgeMax = Duration(std::int64_t{1} << 60);
inline constexpr std::uint64_t kOrderMax = std::uint64_t{1} << 63;

// a + b and a - b, as far as an integer goes.
constexpr std::int64_t Sum(std::int64_t a, std::int64_t b) {
  using Limits = std::numeric_limits<std::int64_t>;
  if (b > 0 && a > Limits::max() - b) return Limits::max();
  if (b < 0 && a < Limits::min() - b) return Limits::min();
  return a + b;
}
constexpr std::int64_t Difference(std::int64_t a, std::int64_t b) {
  using Limits = std::numeric_limits<std::int64_t>;
  if (b < 0 && a > Limits::max() + b) return Limits::max();
  if (b > 0 && a < Limits::min() + b) return Limits::min();
  return a - b;
}
constexpr Duration Between(Instant from, Instant to) {
  return Duration(Difference(to.time_since_epoch().count(), from.time_since_epoch().count()));
}
constexpr Instant Shifted(Instant at, Duration by) {
  return Instant(Duration(Sum(at.time_since_epoch().count(), by.count())));
}

inline std::uint64_t ChecksumOf(std::string_view bytes) { return StringHash(0, kSnapshotVersion)(bytes); }

inline void Put(Duration duration, LittleEndianWriter& out) {
  out.Put(static_cast<std::uint64_t>(duration.count()));
}
inline Duration GetDuration(LittleEndianReader& in) {
  return Duration(static_cast<std::int64_t>(in.Get<std::uint64_t>()));
}

template <typename IdType>
void PutId(IdType id, LittleEndianWriter& out) {
  out.Put(id.slot);
  out.Put(id.generation);
}
template <typename IdType>
IdType GetId(LittleEndianReader& in) {
  const auto slot = in.Get<std::uint32_t>();
  return {slot, in.Get<std::uint32_t>()};
}

inline void Put(const SocketAddress& address, LittleEndianWriter& out) {
  out.Put(static_cast<std::uint8_t>(address.family));
  for (const std::uint8_t byte : address.ip) out.Put(byte);
  out.Put(address.port);
  out.Put(address.scope_id);
}
inline bool Get(LittleEndianReader& in, SocketAddress& address) {
  const auto family = in.Get<std::uint8_t>();
  address.family = static_cast<SocketAddress::Family>(family);
  for (std::uint8_t& byte : address.ip) byte = in.Get<std::uint8_t>();
  address.port = in.Get<std::uint16_t>();
  address.scope_id = in.Get<std::uint32_t>();
  return in.ok() && family <= static_cast<std::uint8_t>(SocketAddress::Family::kIpv6);
}

inline bool IsTransport(std::uint8_t number) { return number <= static_cast<std::uint8_t>(Transport::kWss); }

inline void Put(const FlowDescription& flow, LittleEndianWriter& out) {
  PutId(flow.flow, out);
  out.Put(static_cast<std::uint8_t>(flow.transport));
  for (const SocketAddress* address : {&flow.local, &flow.remote, &flow.fall_back}) Put(*address, out);
}
inline bool Get(LittleEndianReader& in, FlowDescription& flow) {
  flow.flow = GetId<FlowId>(in);
  const auto transport = in.Get<std::uint8_t>();
  flow.transport = static_cast<Transport>(transport);
  for (SocketAddress* address : {&flow.local, &flow.remote, &flow.fall_back}) {
    if (!Get(in, *address)) return false;
  }
  return IsTransport(transport);
}

}  // namespace sansip::snapshot_form

#endif  // SANSIP_CORE_TRANSACTION_SNAPSHOT_FORM_H_
