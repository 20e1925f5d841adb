#include "sansip/transport/event_loop.h"

#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>

#include "absl/strings/str_cat.h"

namespace sansip {
namespace {

// Events of our own descriptors carry no watcher: generation 0 is given to no watch.
constexpr std::uint64_t Tag(int fd, std::uint32_t generation) {
  return std::uint64_t{generation} << 32 | static_cast<std::uint32_t>(fd);
}

absl::Status Failure(std::string_view what) {
  return absl::InternalError(
      absl::StrCat(absl::string_view(what.data(), what.size()), ": ", std::strerror(errno)));
}

std::uint32_t EpollEvents(std::uint32_t interest) {
  std::uint32_t events = 0;
  if ((interest & EventLoop::kRead) != 0) events |= EPOLLIN;
  if ((interest & EventLoop::kWrite) != 0) events |= EPOLLOUT;
  return events;
}

std::uint32_t InterestOf(std::uint32_t events) {
  std::uint32_t ready = 0;
  if ((events & EPOLLIN) != 0) ready |= EventLoop::kRead;
  if ((events & EPOLLOUT) != 0) ready |= EventLoop::kWrite;
  if ((events & (EPOLLERR | EPOLLHUP)) != 0) ready |= EventLoop::kRead | EventLoop::kWrite;
  return ready;
}

}  // namespace

absl::StatusOr<EventLoop> EventLoop::Create() {
  EventLoop loop;
  loop.epoll_ = Socket(::epoll_create1(EPOLL_CLOEXEC));
  if (!loop.epoll_.is_open()) return Failure("cannot create an epoll instance");
  loop.timer_ = Socket(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
  if (!loop.timer_.is_open()) return Failure("cannot create a timer");
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = Tag(loop.timer_.fd(), 0);
  if (::epoll_ctl(loop.epoll_.fd(), EPOLL_CTL_ADD, loop.timer_.fd(), &event) != 0) {
    return Failure("cannot watch a timer");
  }
  sigemptyset(&loop.caught_);
  return loop;
}

absl::Status EventLoop::Watch(int fd, std::uint32_t interest, Watcher* watcher) {
  if (fd < 0) return absl::InvalidArgumentError("a closed descriptor cannot be watched");
  const auto index = static_cast<std::size_t>(fd);
  if (index >= watches_.size()) watches_.resize(index + 1);
  WatchEntry& entry = watches_[index];
  const int operation = entry.watcher == nullptr ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
  const std::uint32_t generation = entry.watcher == nullptr ? ++generation_ : entry.generation;
  epoll_event event{};
  event.events = EpollEvents(interest);
  event.data.u64 = Tag(fd, generation);
  if (::epoll_ctl(epoll_.fd(), operation, fd, &event) != 0) return Failure("cannot watch a descriptor");
  entry = {.watcher = watcher, .generation = generation};
  return absl::OkStatus();
}

void EventLoop::Unwatch(int fd) {
  if (fd < 0 || static_cast<std::size_t>(fd) >= watches_.size()) return;
  WatchEntry& entry = watches_[static_cast<std::size_t>(fd)];
  if (entry.watcher == nullptr) return;
  ::epoll_ctl(epoll_.fd(), EPOLL_CTL_DEL, fd, nullptr);
  entry = {};
}

absl::Status EventLoop::CatchSignals(std::initializer_list<int> signals) {
  for (int signal : signals) sigaddset(&caught_, signal);
  if (::pthread_sigmask(SIG_BLOCK, &caught_, nullptr) != 0) return Failure("cannot block signals");
  const bool is_new = !signals_.is_open();
  const int fd = ::signalfd(signals_.fd(), &caught_, SFD_NONBLOCK | SFD_CLOEXEC);
  if (fd < 0) return Failure("cannot catch signals");
  if (!is_new) return absl::OkStatus();
  signals_ = Socket(fd);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = Tag(fd, 0);
  if (::epoll_ctl(epoll_.fd(), EPOLL_CTL_ADD, fd, &event) != 0) return Failure("cannot watch signals");
  return absl::OkStatus();
}

int EventLoop::TakeSignal() {
  if (!signals_.is_open()) return 0;
  signalfd_siginfo info;
  if (::read(signals_.fd(), &info, sizeof(info)) != sizeof(info)) return 0;
  return static_cast<int>(info.ssi_signo);
}

Instant EventLoop::Now() const {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return Instant(std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec));
}

void EventLoop::Arm(Instant deadline) {
  if (deadline == armed_) return;
  itimerspec spec{};  // all zero disarms
  if (deadline != kNever) {
    const std::int64_t count = deadline.time_since_epoch().count();
    const std::int64_t at = count > 0 ? count : 1;
    spec.it_value.tv_sec = static_cast<time_t>(at / 1'000'000'000);
    spec.it_value.tv_nsec = static_cast<long>(at % 1'000'000'000);
  }
  ::timerfd_settime(timer_.fd(), TFD_TIMER_ABSTIME, &spec, nullptr);
  armed_ = deadline;
}

void EventLoop::Wait(Instant deadline) {
  const bool is_due = deadline != kNever && deadline <= Now();
  if (!is_due) Arm(deadline);
  std::array<epoll_event, 64> events;
  const int count =
      ::epoll_wait(epoll_.fd(), events.data(), static_cast<int>(events.size()), is_due ? 0 : -1);
  for (int i = 0; i < count; ++i) {
    const std::uint64_t tag = events[static_cast<std::size_t>(i)].data.u64;
    const int fd = static_cast<int>(tag & 0xffffffffu);
    const auto generation = static_cast<std::uint32_t>(tag >> 32);
    if (fd == timer_.fd() && generation == 0) {
      std::uint64_t expirations;
      if (::read(timer_.fd(), &expirations, sizeof(expirations)) > 0) armed_ = kNever;
      continue;
    }
    if (generation == 0) continue;  // signals: TakeSignal reads them
    const WatchEntry& entry = watches_[static_cast<std::size_t>(fd)];
    if (entry.watcher == nullptr || entry.generation != generation) continue;
    entry.watcher->OnReady(fd, InterestOf(events[static_cast<std::size_t>(i)].events));
  }
}

}  // namespace sansip
