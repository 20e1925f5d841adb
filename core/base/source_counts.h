// How much each source holds of something (server transactions, connections): a table of the sources that
// hold any, and of no others.
//
// A source is what one party can send from: an IPv4 address, or the first 64 bits of an IPv6 address, for
// whoever has one address of a /64 has them all (RFC 4291 2.5.4). Ports make no difference, nor do
// transports. IPv4 addresses within IPv6 ones (mapped: RFC 4291 2.5.5.2; translated: RFC 6052 2.1) are those
// IPv4 addresses: else the whole IPv4 Internet would be one source.
//
// O(1), salted; allocates only when more sources than ever before hold something.
#ifndef SANSIP_CORE_BASE_SOURCE_COUNTS_H_
#define SANSIP_CORE_BASE_SOURCE_COUNTS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sansip/core/base/address.h"
#include "sansip/core/base/slot_index.h"
#include "sansip/core/base/string_hash.h"

namespace sansip {

class SourceCounts {
 public:
  static constexpr std::uint32_t kNone = SlotIndex::kNone;

  explicit SourceCounts(const StringHash& hash) : hash_(hash) {}

  // One more of this source, unless it has `count_max` or more. The slot is for Leave(); kNone: refused.
  std::uint32_t Enter(const SocketAddress& source, std::size_t count_max);
  void Leave(std::uint32_t slot);  // kNone is allowed

  std::size_t CountOf(const SocketAddress& source) const;
  std::size_t sources() const { return index_.size(); }
  std::size_t slots() const { return entries_.size(); }

 private:
  struct Source {
    SocketAddress::Family family = SocketAddress::Family::kNone;
    std::uint64_t network = 0;
    friend bool operator==(const Source&, const Source&) = default;
  };
  struct Entry {
    Source source;
    std::uint32_t count = 0;  // 0: free
    std::uint32_t next_free = kNone;
  };

  static Source SourceOf(const SocketAddress& address);
  std::uint64_t HashOf(const Source& source) const;
  std::uint32_t Find(std::uint64_t hash, const Source& source) const;

  StringHash hash_;
  SlotIndex index_;
  std::vector<Entry> entries_;
  std::uint32_t free_head_ = kNone;
};

}  // namespace sansip

#endif  // SANSIP_CORE_BASE_SOURCE_COUNTS_H_
