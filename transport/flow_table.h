// Flows: ways to send to a peer and to know it again, without I/O.
//
// A datagram flow is a local socket (and, if that is bound to a wildcard, the local address) and a remote
// address, so that answers leave from where requests came to (RFC 3581 4). A stream flow is a connection; it
// outlives it, so that a response can still be sent by opening another to the fall-back target (RFC
// 3261 18.2.2).
//
// Laws:
//  1. An id is never reused; a stale one finds nothing.
//  2. Datagram flows and closed stream flows have caps. Beyond, the least recently used is forgotten, never
//  one
//     that a transaction refers to (FlowReferences): at most kEvictionTriesMax are asked, then the new flow
//     is refused and counted. Open streams are bounded by whoever opens them.
//  3. Once the caps have been reached, no event allocates.
#ifndef SANSIP_TRANSPORT_FLOW_TABLE_H_
#define SANSIP_TRANSPORT_FLOW_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "sansip/core/base/address.h"
#include "sansip/core/base/ids.h"
#include "sansip/transport/slot_lists.h"

namespace sansip {

class FlowReferences {
 public:
  virtual ~FlowReferences() = default;
  // Does anything alive still want to send on this flow? (TransactionLayer::Refers)
  virtual bool Refers(FlowId flow) const = 0;
};

struct FlowLimits {
  std::size_t datagram_flows_max = 65536;      // as many peers as one second of a busy server brings
  std::size_t closed_stream_flows_max = 4096;  // requests answered after their connection went
};

struct Flow {
  Transport transport = Transport::kUdp;
  bool is_open = false;        // datagram: always; stream: there is a connection
  bool is_refused = false;     // stream: there never was one, by a reset or ICMP (RFC 3261 18.1.1)
  std::uint32_t endpoint = 0;  // the owner's number of the bound socket (datagram) or of the connection
  SocketAddress remote;
  SocketAddress local;                 // datagram: the address to send from, port 0; kNone: the socket's
  SocketAddress fall_back;             // stream: where to connect when the connection is gone; kNone: nowhere
  std::uint32_t local_host = kNoSlot;  // the owner's number of the local host text, once it is known
};

struct FlowCounters {
  std::uint64_t made = 0;
  std::uint64_t evicted = 0;
  std::uint64_t refused = 0;  // the cap is reached and what was asked is all in use
};

class FlowTable {
 public:
  static constexpr int kEvictionTriesMax = 8;

  // `references` may be null (nothing is referred to) and must outlive the table.
  FlowTable(const FlowLimits& limits, const FlowReferences* references);
  FlowTable(const FlowTable&) = delete;
  FlowTable& operator=(const FlowTable&) = delete;

  // The flow of a bound socket to a remote address, made if new and marked as used. Nil: refused (law 2).
  FlowId DatagramFlow(std::uint32_t endpoint, Transport transport, SocketAddress remote,
                      SocketAddress local = {});
  // The same without making or marking one.
  FlowId FindDatagramFlow(std::uint32_t endpoint, Transport transport, const SocketAddress& remote,
                          const SocketAddress& local = {}) const;

  // A new connection. The latest to a remote address is the one that FindStream tells.
  FlowId OpenStream(std::uint32_t endpoint, Transport transport, const SocketAddress& remote,
                    const SocketAddress& fall_back);
  // An open connection to this address (18.1.1: to be reused), whoever opened it.
  FlowId FindStream(Transport transport, const SocketAddress& remote) const;
  // The connection is gone; the flow stays for as long as law 2 lets it.
  void CloseStream(FlowId id);
  // A closed stream flow continues on another connection.
  void ReopenStream(FlowId id, std::uint32_t endpoint, const SocketAddress& remote);
  void SetFallBack(FlowId id, const SocketAddress& fall_back);
  void SetLocalHost(FlowId id, std::uint32_t local_host);
  void SetRefused(FlowId id);

  const Flow* Find(FlowId id) const;  // null: stale. Valid until the next flow is made.
  std::size_t datagram_flows() const { return lists_.size(kDatagram); }
  std::size_t open_streams() const { return lists_.size(kOpenStream); }
  std::size_t closed_streams() const { return lists_.size(kClosedStream); }
  const FlowCounters& counters() const { return counters_; }
  bool IsConsistent() const;

 private:
  enum List : std::size_t { kFree, kDatagram, kOpenStream, kClosedStream, kListCount };

  struct Key {
    Transport transport;
    std::uint32_t endpoint;  // kNoSlot for streams
    SocketAddress remote;
    SocketAddress local;

    friend bool operator==(const Key&, const Key&) = default;
    template <typename H>
    friend H AbslHashValue(H h, const Key& key) {
      return H::combine(std::move(h), key.transport, key.endpoint, key.remote.family, key.remote.ip,
                        key.remote.port, key.remote.scope_id, key.local.ip);
    }
  };
  struct Slot {
    Flow flow;
    std::uint32_t generation = 0;
  };

  static Key KeyOf(const Flow& flow);
  Slot* SlotOf(FlowId id);
  FlowId IdOf(std::uint32_t slot) const { return {.slot = slot, .generation = slots_[slot].generation}; }
  FlowId Add(const Flow& flow, List list);
  bool EvictOne(List list);
  void Forget(std::uint32_t slot);
  void Index(std::uint32_t slot);
  void Unindex(std::uint32_t slot);

  FlowLimits limits_;
  const FlowReferences* references_;
  std::vector<Slot> slots_;
  SlotLists<kListCount> lists_;
  absl::flat_hash_map<Key, std::uint32_t> index_;  // for look-up only
  FlowCounters counters_;
};

}  // namespace sansip

#endif  // SANSIP_TRANSPORT_FLOW_TABLE_H_
