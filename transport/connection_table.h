// The TCP connections of a driver: their objects, reused from connection to connection, and what time does to
// them. Each list has one time-out, so that its front is the next to expire.
#ifndef SANSIP_TRANSPORT_CONNECTION_TABLE_H_
#define SANSIP_TRANSPORT_CONNECTION_TABLE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/base/ids.h"
#include "sansip/core/base/source_counts.h"
#include "sansip/core/base/time.h"
#include "sansip/transport/event_loop.h"
#include "sansip/transport/flow_table.h"
#include "sansip/transport/slot_lists.h"
#include "sansip/transport/tcp.h"

namespace sansip {

class ConnectionTable {
 public:
  enum List : std::size_t {
    kConnecting,
    kOpen,    // in the order of their last whole message or ping
    kEnding,  // half-closed or draining
    kListCount
  };
  using Timeouts = std::array<Duration, kListCount>;

  struct Connection {
    std::unique_ptr<TcpConnection> stream;
    FlowId flow;
    bool is_outbound = false;
    Instant since;          // of its place in the list
    std::string after_end;  // see KeepAfterEnd
    std::uint32_t source = SourceCounts::kNone;
  };

  struct Limits {
    std::size_t connections_max = 0;
    std::size_t per_source_max = 0;     // of accepted ones; 0: no such limit
    std::size_t waiting_bytes_max = 0;  // in all write queues and kept by KeepAfterEnd, together
  };

  ConnectionTable(EventLoop* loop, const StreamLimits& of_each, const Limits& limits,
                  const Timeouts& timeouts, TcpConnection::Owner* owner);

  // Takes the socket of a connection under way or (accepted) open. nullopt: full, or the loop refused it.
  std::optional<std::uint32_t> Start(Socket socket, bool is_outbound);
  // Has this source as many accepted connections as it may have? Those that Attribute says are its.
  bool IsFullOf(const SocketAddress& source) const;
  void Attribute(std::uint32_t endpoint, const SocketAddress& source);
  // What was sent since the peer's end, whole messages that a reset may prove unread: kept if there is room.
  void KeepAfterEnd(std::uint32_t endpoint, std::string_view wire);
  std::string TakeAfterEnd(std::uint32_t endpoint);
  // Forgets it; its object is used again when it is not busy. False: it was closed already.
  bool Close(std::uint32_t endpoint, bool with_reset);
  // After OnReady of this connection (TcpConnection::Owner::OnStreamDone).
  void OnDone(std::uint32_t endpoint);
  // To the back of the list; its time begins anew.
  void Place(std::uint32_t endpoint, List list);

  // An open connection that nothing needs, the least recently used of kTriesMax: to make room. Those that are
  // needed count as used now.
  std::optional<std::uint32_t> Reclaimable(const FlowReferences& references);

  Instant next_deadline() const;
  struct Expired {
    std::uint32_t endpoint;
    List list;
  };
  // One whose time is over, if any: to be closed or placed anew.
  std::optional<Expired> NextExpired(Instant now) const;

  Connection& operator[](std::uint32_t endpoint) { return connections_[endpoint]; }
  bool is_full() const { return size() >= limits_.connections_max; }
  std::size_t size() const { return connections_.size() - free_.size(); }
  std::size_t queued_bytes() const;

 private:
  static constexpr int kTriesMax = 8;

  EventLoop* loop_;
  StreamLimits of_each_;
  Limits limits_;
  Timeouts timeouts_;
  TcpConnection::Owner* owner_;
  WaitingBytes waiting_;
  std::vector<Connection> connections_;  // by endpoint
  std::vector<std::uint32_t> free_;      // of them
  SlotLists<kListCount> lists_;
  SourceCounts sources_;
};

}  // namespace sansip

#endif  // SANSIP_TRANSPORT_CONNECTION_TABLE_H_
