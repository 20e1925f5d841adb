// One thread's epoll instance and its clock: where sockets of SIP and of media meet. The only place that
// waits. Not part of the core: it may read clocks and call back.
//
// Deadlines are kept by a timerfd, so that they are met within the kernel's timer precision and not to the
// next millisecond: media paced at 20 ms stays paced.
#ifndef SANSIP_TRANSPORT_EVENT_LOOP_H_
#define SANSIP_TRANSPORT_EVENT_LOOP_H_

#include <csignal>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "absl/status/status.h"
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
  // Also from within OnReady; no call for this fd follows. Before the fd is closed.
  void Unwatch(int fd);

  // From here on these signals interrupt Wait() and are told by TakeSignal() instead of doing what they
  // usually do, in this thread and those it starts later.
  absl::Status CatchSignals(std::initializer_list<int> signals);
  int TakeSignal();  // the next caught signal; 0: none

  Instant Now() const;  // CLOCK_MONOTONIC
  // Waits for readiness until `deadline` (kNever: for ever) and calls the watchers, each fd at most once.
  // Returns early on signals.
  void Wait(Instant deadline);

 private:
  struct WatchEntry {
    Watcher* watcher = nullptr;    // null: not watched
    std::uint32_t generation = 0;  // tells events of an fd from those of an earlier one with its number
  };

  EventLoop() = default;
  void Arm(Instant deadline);

  Socket epoll_;  // owned descriptors, sockets or not
  Socket timer_;
  Socket signals_;
  sigset_t caught_{};
  Instant armed_ = kNever;
  std::vector<WatchEntry> watches_;  // by fd
  std::uint32_t generation_ = 0;
};

}  // namespace sansip

#endif  // SANSIP_TRANSPORT_EVENT_LOOP_H_
