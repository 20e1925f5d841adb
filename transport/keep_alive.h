// Which flows are kept alive, when each is asked next whether it lives, and which has failed (RFC 5626 4.4):
// streams by pings and pongs (4.4.1), datagram flows by STUN Binding Requests (4.4.2), never the other way
// round. A machine that sends nothing: the driver gives it answers and time, and does what it says.
//
// Each wait is drawn anew, of the upper 20 % of Flow-Timer, or of the RFC's defaults where there is none. One
// question at a time. A flow has failed, and is forgotten here, when no pong comes within `pong_wait`; when a
// Binding Request, sent seven times, has no response after 39.5 s, or an error; and when the mapped address
// differs from that of the response before: then a NAT has given the flow another, and nobody finds us by the
// old one. A peer that has no STUN fails so, too (4.4.2): ask only one that says it has (8).
#ifndef SANSIP_TRANSPORT_KEEP_ALIVE_H_
#define SANSIP_TRANSPORT_KEEP_ALIVE_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "sansip/core/base/address.h"
#include "sansip/core/base/ids.h"
#include "sansip/core/base/random.h"
#include "sansip/core/base/time.h"
#include "sansip/core/stun/binding_transaction.h"
#include "sansip/core/stun/message.h"

namespace sansip {

class KeepAlives {
 public:
  static constexpr Duration kPongWait = std::chrono::seconds(10);  // 4.4.1
  // A user agent has two to four flows (4.2.1) of each of its accounts. They are looked through one by one.
  static constexpr std::size_t kFlowsMax = 64;

  enum class Kind : std::uint8_t { kPings, kBindings };  // of streams, of datagram flows
  static constexpr Kind KindOf(Transport transport) {
    return IsReliable(transport) ? Kind::kPings : Kind::kBindings;
  }

  // How far apart questions are.
  struct Gap {
    Duration least{}, most{};
  };
  // Zero `flow_timer`: none, so it is 24 to 29 s for datagrams, as NATs forget after 30, and for streams 95
  // to 120, as for who has no battery to spare.
  static Gap GapOf(Kind kind, Duration flow_timer);

  enum class Due : std::uint8_t {
    kPing,     // CRLFCRLF
    kBinding,  // a Binding Request with the id `binding`
    kFailed,
  };
  struct Event {
    FlowId flow;
    Due due = Due::kPing;
    stun::TransactionId binding{};
  };
  enum class Heard : std::uint8_t {
    kNothing,  // an answer to no question, or none at all
    kAlive,
    kRefused,  // failed: an error
    kMoved,    // failed: another mapped address
  };

  explicit KeepAlives(Duration pong_wait = kPongWait, const stun::Retransmissions& bindings = {})
      : pong_wait_(pong_wait), bindings_(bindings) {}

  // Asks from now on; again: with another `flow_timer`, from the next question on. `random` must live as long
  // as this. False: there are kFlowsMax.
  [[nodiscard]] bool Start(Instant now, FlowId flow, Kind kind, Duration flow_timer, RandomSource& random);
  void Stop(FlowId flow);
  Heard OnPong(Instant now, FlowId flow);
  Heard OnBinding(Instant now, FlowId flow, const stun::Message& message);

  // What is due by now, if anything; it counts as done. Call again until there is nothing.
  [[nodiscard]] std::optional<Event> TakeDue(Instant now);
  Instant next_deadline() const;
  std::size_t size() const { return flows_.size(); }
  bool Keeps(FlowId flow) const { return Find(flow) != nullptr; }
  // As the peer sees us; nullopt: nothing was said of it, or the flow is not kept.
  std::optional<SocketAddress> MappedAddress(FlowId flow) const;

 private:
  struct Kept {
    FlowId flow;
    Kind kind = Kind::kPings;
    Gap gap;
    RandomSource* random = nullptr;
    Instant at;     // of the next question; of pings also the end of the wait for a pong
    Instant asked;  // latest
    bool awaits_pong = false;
    stun::BindingTransaction binding;
    std::optional<SocketAddress> mapped = {};

    Instant due() const { return binding.is_asking() ? binding.next_deadline() : at; }
  };
  static void Wait(Instant from, Kept& kept);
  const Kept* Find(FlowId flow) const;
  Kept* Find(FlowId flow) { return const_cast<Kept*>(std::as_const(*this).Find(flow)); }
  Event Ask(Instant now, Kept& kept);

  Duration pong_wait_;
  stun::Retransmissions bindings_;
  std::vector<Kept> flows_;
};

}  // namespace sansip

#endif  // SANSIP_TRANSPORT_KEEP_ALIVE_H_
