// The network of a simulation: itself a machine without I/O. Bytes go in with a time, arrivals come out at
// the times that their fates say; next_deadline() is the earliest.
//
// Datagram links lose, delay, duplicate, reorder and corrupt by keyed fates (fate.h). Streams keep order and
// content, arrive in other chunks than they were written in, and may be reset. Media crosses the same links:
// an endpoint is an address with its port, whatever its packets carry.
#ifndef SANSIP_TESTS_SIM_NETWORK_H_
#define SANSIP_TESTS_SIM_NETWORK_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sansip/core/base/address.h"
#include "sansip/core/base/time.h"
#include "sansip/core/timer/deadline_queue.h"
#include "sansip/tests/sim/deviation.h"
#include "sansip/tests/sim/fate.h"

namespace sansip::sim {

using EndpointId = std::uint32_t;  // in the order of AddEndpoint
using StreamId = std::uint32_t;    // in the order of OpenStream

// What became of a datagram when it was sent.
struct Departure {
  std::uint64_t datagram = 0;  // its number in this network
  std::uint64_t n = 0;         // and on its link
  std::optional<EndpointId> to;
  Fate fate;
  bool too_long = false;
};

struct Arrival {
  enum class Kind : std::uint8_t {
    kDatagram,
    kStreamOpened,
    kStreamBytes,
    kStreamReset,
    kStreamRefused,  // nobody accepts streams there
  };
  Kind kind = Kind::kDatagram;
  EndpointId from = 0;
  EndpointId to = 0;
  std::uint64_t datagram = 0;
  StreamId stream = 0;
  bool is_duplicate = false;
  bool is_corrupted = false;
  std::uint64_t hash = 0;  // HashOf(bytes) of a datagram, where whoever sent it had it; else 0
  std::string bytes = {};
};

struct NetworkFigures {
  std::uint64_t sent = 0, lost = 0, duplicated = 0, reordered = 0, corrupted = 0, arrived = 0, unroutable = 0;
};

class Network {
 public:
  Network(std::uint64_t seed, const Faults& faults) : seed_(seed), faults_(faults) {}

  EndpointId AddEndpoint(const SocketAddress& address);
  const SocketAddress& address(EndpointId endpoint) const { return endpoints_[endpoint]; }
  std::optional<EndpointId> Find(const SocketAddress& address) const;
  std::size_t endpoints() const { return endpoints_.size(); }

  // Overrides: the n-th datagram of the link; or its next `count` ones that begin with these bytes.
  void SetFate(Link link, std::uint64_t n, const Fate& fate);
  void DropNext(Link link, std::string prefix, int count = 1);
  // From now on; what is under way keeps its fate.
  void SetFaults(const Faults& faults) { faults_ = faults; }
  void Cut(Link link, bool is_cut);  // one way
  // Nothing happens any more but these; whatever else is sent arrives whole, after faults().delay.
  void Follow(std::span<const Deviation> deviations);
  // Is told every deviation from now on, in the order of sending.
  using OnDeviation = std::function<void(const Deviation& deviation, const Befallen& befallen)>;
  void Observe(OnDeviation observer) { on_deviation_ = std::move(observer); }
  const Faults& faults() const { return faults_; }

  // `hash`: of the bytes, for who gets them as they are.
  Departure SendDatagram(Instant now, EndpointId from, const SocketAddress& to, std::string_view bytes,
                         std::uint64_t hash = 0) {
    return SendDatagram(now, from, Find(to), bytes, hash);
  }
  // By what Find() said of where it goes.
  Departure SendDatagram(Instant now, EndpointId from, std::optional<EndpointId> to, std::string_view bytes,
                         std::uint64_t hash = 0);

  // From now on streams to this endpoint are refused, a round trip after they were opened.
  void RefuseStreams(EndpointId endpoint) { refusing_.insert(endpoint); }
  // A stream from one endpoint to another; nullopt: nobody is there.
  std::optional<StreamId> OpenStream(Instant now, EndpointId from, const SocketAddress& to);
  // False: the stream is dead.
  bool WriteStream(Instant now, StreamId stream, EndpointId from, std::string_view bytes);
  void ResetStream(Instant now, StreamId stream);

  [[nodiscard]] Instant next_deadline() const;
  // The next arrival that is due, in the order of time and then of sending.
  // Null: there is none. It stays until the next is taken.
  const Arrival* TakeArrival(Instant now);
  bool idle() const { return under_way_.empty(); }
  const NetworkFigures& figures() const { return figures_; }

 private:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  struct Drop {
    Link link;
    std::string prefix;
    int count = 0;
  };
  struct Stream {
    EndpointId ends[2] = {0, 0};
    std::uint64_t writes[2] = {0, 0};
    Instant last_arrival[2];
    bool is_dead = false;
  };

  // One datagram, or one write on a stream.
  struct Place {
    Link link;
    std::uint32_t stream = 0;  // as in Deviation
    std::uint64_t n = 0;
    friend auto operator<=>(const Place&, const Place&) = default;
  };

  Fate Decide(Link link, std::uint64_t n, std::string_view bytes);
  StreamFate DecideWrite(const Place& place) const;
  std::span<const Deviation> ScheduledFor(const Place& place) const;
  Fate Scheduled(const Place& place) const;
  void Note(Instant now, const Place& place, const Fate& fate, std::string_view bytes);
  void Note(Instant now, const Place& place, const StreamFate& fate, std::string_view bytes);
  void Note(Instant now, const Place& place, std::string_view bytes, Deviation deviation);
  // A place of its own for what arrives then, its `bytes` these.
  Arrival& Enqueue(Instant at, const Arrival& arrival, std::string_view bytes);

  std::uint64_t seed_;
  Faults faults_;
  std::vector<SocketAddress> endpoints_;
  std::map<std::pair<Link, std::uint64_t>, Fate> fates_;
  std::vector<Drop> drops_;
  std::optional<std::vector<Deviation>> schedule_;  // sorted
  OnDeviation on_deviation_;
  std::map<Link, bool> cuts_;
  std::map<Link, std::uint64_t> sent_on_;
  std::vector<Stream> streams_;
  std::set<EndpointId> refusing_;
  DeadlineQueue under_way_;          // of places in arrivals_
  std::deque<Arrival> arrivals_;     // kept, with the storage of their bytes, and used again
  std::vector<std::uint32_t> free_;  // places
  std::uint32_t taken_ = kNone;      // the place that was taken last
  NetworkFigures figures_;
};

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_NETWORK_H_
