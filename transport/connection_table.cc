#include "sansip/transport/connection_table.h"

#include <algorithm>
#include <utility>

#include "sansip/transport/os_random.h"

namespace sansip {

namespace {

StringHash SaltedHash() {
  OsRandom random;
  return StringHash(random);
}

}  // namespace

ConnectionTable::ConnectionTable(EventLoop* loop, const StreamLimits& of_each, const Limits& limits,
                                 const Timeouts& timeouts, TcpConnection::Owner* owner)
    : loop_(loop),
      of_each_(of_each),
      limits_(limits),
      timeouts_(timeouts),
      owner_(owner),
      waiting_{.bytes_max = limits.waiting_bytes_max},
      sources_(SaltedHash()) {}

std::optional<std::uint32_t> ConnectionTable::Start(Socket socket, bool is_outbound) {
  if (is_full()) return std::nullopt;
  if (free_.empty()) {
    const auto added = static_cast<std::uint32_t>(connections_.size());
    connections_.emplace_back();
    connections_.back().stream = std::make_unique<TcpConnection>(loop_, of_each_, added, owner_, &waiting_);
    lists_.Grow(connections_.size());
    free_.push_back(added);
  }
  const std::uint32_t endpoint = free_.back();
  Connection& connection = connections_[endpoint];
  const auto state = is_outbound ? TcpConnection::State::kConnecting : TcpConnection::State::kOpen;
  if (!connection.stream->Start(std::move(socket), state)) return std::nullopt;
  free_.pop_back();
  connection.flow = {};
  connection.is_outbound = is_outbound;
  Place(endpoint, is_outbound ? kConnecting : kOpen);
  return endpoint;
}

bool ConnectionTable::IsFullOf(const SocketAddress& source) const {
  return limits_.per_source_max > 0 && sources_.CountOf(source) >= limits_.per_source_max;
}

void ConnectionTable::Attribute(std::uint32_t endpoint, const SocketAddress& source) {
  if (limits_.per_source_max == 0) return;
  connections_[endpoint].source = sources_.Enter(source, limits_.per_source_max);
}

void ConnectionTable::KeepAfterEnd(std::uint32_t endpoint, std::string_view wire) {
  std::string& kept = connections_[endpoint].after_end;
  if (wire.size() > of_each_.write_queue_bytes_max - kept.size() || wire.size() > waiting_.room()) return;
  kept.append(wire);
  waiting_.bytes += wire.size();
}

std::string ConnectionTable::TakeAfterEnd(std::uint32_t endpoint) {
  waiting_.bytes -= connections_[endpoint].after_end.size();
  return std::exchange(connections_[endpoint].after_end, {});
}

bool ConnectionTable::Close(std::uint32_t endpoint, bool with_reset) {
  TcpConnection& stream = *connections_[endpoint].stream;
  if (stream.state() == TcpConnection::State::kClosed) return false;
  if (with_reset) {
    stream.Abort();
  } else {
    stream.Close();
  }
  lists_.Remove(endpoint);
  TakeAfterEnd(endpoint);
  sources_.Leave(std::exchange(connections_[endpoint].source, SourceCounts::kNone));
  if (!stream.is_busy()) free_.push_back(endpoint);
  return true;
}

void ConnectionTable::OnDone(std::uint32_t endpoint) {
  if (connections_[endpoint].stream->state() == TcpConnection::State::kClosed) free_.push_back(endpoint);
}

void ConnectionTable::Place(std::uint32_t endpoint, List list) {
  connections_[endpoint].since = loop_->Now();
  lists_.MoveToBack(list, endpoint);
}

std::optional<std::uint32_t> ConnectionTable::Reclaimable(const FlowReferences& references) {
  std::uint32_t endpoint = lists_.Front(kOpen);
  for (int tries = 0; tries < kTriesMax && endpoint != kNoSlot; ++tries) {
    const std::uint32_t next = lists_.Next(endpoint);
    const Connection& connection = connections_[endpoint];
    const bool is_at_work = connection.stream->queued_bytes() > 0 || connection.stream->is_busy();
    if (!is_at_work) {
      if (!references.Refers(connection.flow)) return endpoint;
      Place(endpoint, kOpen);  // in use, so the next call asks about others
    }
    endpoint = next;
  }
  return std::nullopt;
}

Instant ConnectionTable::next_deadline() const {
  Instant deadline = kNever;
  for (std::size_t list = 0; list < kListCount; ++list) {
    const std::uint32_t front = lists_.Front(list);
    if (front != kNoSlot) deadline = std::min(deadline, After(connections_[front].since, timeouts_[list]));
  }
  return deadline;
}

std::optional<ConnectionTable::Expired> ConnectionTable::NextExpired(Instant now) const {
  for (std::size_t list = 0; list < kListCount; ++list) {
    const std::uint32_t front = lists_.Front(list);
    if (front != kNoSlot && After(connections_[front].since, timeouts_[list]) <= now) {
      return Expired{.endpoint = front, .list = static_cast<List>(list)};
    }
  }
  return std::nullopt;
}

std::size_t ConnectionTable::queued_bytes() const {
  std::size_t bytes = 0;
  for (const Connection& connection : connections_) bytes += connection.stream->queued_bytes();
  return bytes;
}

}  // namespace sansip
