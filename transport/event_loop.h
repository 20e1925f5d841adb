// One thread's epoll instance and its clock: where sockets of SIP and of media meet. The only place that
// waits. Not part of the core: it may read clocks and call back.
#ifndef SANSIP_TRANSPORT_EVENT_LOOP_H_
#define SANSIP_TRANSPORT_EVENT_LOOP_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "sansip/core/base/time.h"
#include "sansip/transport/socket.h"

namespace sansip {

class EventLoop {
 public:
  enum Interest : std::uint32_t { kRead = 1, kWrite = 2 };

  class Watcher {
   public:
    virtual ~Watcher() = default;
    // `ready`: a set of Interest; an error or hang-up shows as both.
    virtual void OnReady(int fd, std::uint32_t ready) = 0;
  };

  static absl::StatusOr<EventLoop> Create();
  EventLoop(EventLoop&&) = default;
  EventLoop& operator=(EventLoop&&) = default;

  // `watcher` must outlive the watch. Watching again changes the interest.
  absl::Status Watch(int fd, std::uint32_t interest, Watcher* watcher);
  void Unwatch(int fd);  // also from within OnReady; no call for this fd follows

  Instant Now() const;  // CLOCK_MONOTONIC
  // Waits for readiness until `deadline` (kNever: for ever) and calls the watchers. Returns early on signals.
  void Wait(Instant deadline);
};

}  // namespace sansip

#endif  // SANSIP_TRANSPORT_EVENT_LOOP_H_
