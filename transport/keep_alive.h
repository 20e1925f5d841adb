// Which flows are kept alive by pings, when the next one is due, and which has failed for want of a pong (RFC
// 5626 4.4, 4.4.1; connection-oriented transports only). A machine that sends nothing: the driver gives it
// pongs and time, and does what it says.
//
// Each wait is drawn anew, of the upper 20 % of what the user names: Flow-Timer, or kUpperDefault. One ping
// at a time; no pong within `pong_wait`: the flow has failed, and is forgotten here.
#ifndef SANSIP_TRANSPORT_KEEP_ALIVE_H_
#define SANSIP_TRANSPORT_KEEP_ALIVE_H_

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include "sansip/core/base/ids.h"
#include "sansip/core/base/random.h"
#include "sansip/core/base/time.h"

namespace sansip {

class KeepAlives {
 public:
  static constexpr Duration kUpperDefault = std::chrono::seconds(120);  // 4.4.1: no Flow-Timer, no battery
  static constexpr Duration kPongWait = std::chrono::seconds(10);       // 4.4.1
  // A user agent has two to four flows (4.2.1) of each of its accounts. They are looked through one by one.
  static constexpr std::size_t kFlowsMax = 64;

  enum class Due { kPing, kFailed };
  struct Event {
    FlowId flow;
    Due due = Due::kPing;
  };

  explicit KeepAlives(Duration pong_wait = kPongWait) : pong_wait_(pong_wait) {}

  // Pings from now on, at most `upper` apart; again: with another `upper`, from the next ping on. `random`
  // must live as long as this. False: there are kFlowsMax.
  [[nodiscard]] bool Start(Instant now, FlowId flow, Duration upper, RandomSource& random);
  void Stop(FlowId flow);
  void OnPong(Instant now, FlowId flow);

  // What is due by now, if anything; it counts as done. Call again until there is nothing.
  [[nodiscard]] std::optional<Event> TakeDue(Instant now);
  Instant next_deadline() const;
  std::size_t size() const { return flows_.size(); }

 private:
  struct Kept {
    FlowId flow;
    Duration upper{};
    RandomSource* random = nullptr;
    Instant at;  // of the next ping, or the end of the wait for a pong
    bool awaits_pong = false;
  };
  static Instant NextPing(Instant now, const Kept& kept);
  Kept* Find(FlowId flow);

  Duration pong_wait_;
  std::vector<Kept> flows_;
};

}  // namespace sansip

#endif  // SANSIP_TRANSPORT_KEEP_ALIVE_H_
