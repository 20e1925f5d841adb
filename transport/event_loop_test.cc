#include "sansip/transport/event_loop.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <vector>

#include "gtest/gtest.h"

namespace sansip {
namespace {

using std::chrono::milliseconds;

struct Calls final : EventLoop::Watcher {
  void OnReady(int fd, std::uint32_t ready) override {
    seen.push_back({fd, ready});
    if (then) then(fd);
  }
  std::vector<std::pair<int, std::uint32_t>> seen;
  std::function<void(int)> then;
};

struct SocketPair {
  SocketPair() {
    int fds[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds), 0);
    near = Socket(fds[0]);
    far = Socket(fds[1]);
  }
  Socket near;
  Socket far;
};

TEST(EventLoop, DeadlinesAreMetWithinAMillisecond) {
  EventLoop loop = *EventLoop::Create();
  Duration least = std::chrono::seconds(1);
  for (int i = 0; i < 10; ++i) {
    const Instant deadline = loop.Now() + milliseconds(20);
    loop.Wait(deadline);
    const Duration late = loop.Now() - deadline;
    EXPECT_GE(late, Duration::zero());
    least = std::min(least, late);
  }
  // The least, because a busy machine may delay any single one.
  EXPECT_LT(least, milliseconds(1));
}

TEST(EventLoop, PastDeadlineDoesNotWait) {
  EventLoop loop = *EventLoop::Create();
  const Instant begin = loop.Now();
  loop.Wait(begin - milliseconds(5));
  loop.Wait(Instant());
  EXPECT_LT(loop.Now() - begin, std::chrono::seconds(1));
}

TEST(EventLoop, ADeadlineWithdrawnDoesNotWakeTheNextWait) {
  EventLoop loop = *EventLoop::Create();
  SocketPair pair;
  Calls calls;
  ASSERT_TRUE(loop.Watch(pair.near.fd(), EventLoop::kRead, &calls).ok());
  ASSERT_TRUE(pair.far.Write("x").ok());
  loop.Wait(loop.Now() + milliseconds(5));  // ends early by the byte
  ASSERT_EQ(calls.seen.size(), 1u);
  loop.Unwatch(pair.near.fd());
  const Instant deadline = loop.Now() + milliseconds(30);
  loop.Wait(deadline);
  EXPECT_GE(loop.Now(), deadline);
}

TEST(EventLoop, TellsWhatIsReady) {
  EventLoop loop = *EventLoop::Create();
  SocketPair pair;
  Calls calls;
  ASSERT_TRUE(loop.Watch(pair.near.fd(), EventLoop::kRead | EventLoop::kWrite, &calls).ok());
  loop.Wait(kNever);
  ASSERT_EQ(calls.seen.size(), 1u);
  EXPECT_EQ(calls.seen[0].second, EventLoop::kWrite);
  ASSERT_TRUE(loop.Watch(pair.near.fd(), EventLoop::kRead, &calls).ok());
  ASSERT_TRUE(pair.far.Write("x").ok());
  loop.Wait(kNever);
  ASSERT_EQ(calls.seen.size(), 2u);
  EXPECT_EQ(calls.seen[1].second, EventLoop::kRead);
}

TEST(EventLoop, HangUpShowsAsBoth) {
  EventLoop loop = *EventLoop::Create();
  SocketPair pair;
  Calls calls;
  ASSERT_TRUE(loop.Watch(pair.near.fd(), EventLoop::kRead, &calls).ok());
  pair.far.Close();
  loop.Wait(kNever);
  ASSERT_EQ(calls.seen.size(), 1u);
  EXPECT_EQ(calls.seen[0].second, EventLoop::kRead | EventLoop::kWrite);
}

TEST(EventLoop, NoCallFollowsUnwatchWithinTheSameWakeUp) {
  EventLoop loop = *EventLoop::Create();
  SocketPair a;
  SocketPair b;
  Calls calls;
  ASSERT_TRUE(loop.Watch(a.near.fd(), EventLoop::kRead, &calls).ok());
  ASSERT_TRUE(loop.Watch(b.near.fd(), EventLoop::kRead, &calls).ok());
  ASSERT_TRUE(a.far.Write("x").ok());
  ASSERT_TRUE(b.far.Write("x").ok());
  calls.then = [&](int) {
    loop.Unwatch(a.near.fd());
    loop.Unwatch(b.near.fd());
  };
  loop.Wait(kNever);
  EXPECT_EQ(calls.seen.size(), 1u);
}

TEST(EventLoop, AReusedDescriptorDoesNotGetItsPredecessorsEvents) {
  EventLoop loop = *EventLoop::Create();
  SocketPair a;
  SocketPair b;
  Calls old_calls;
  Calls new_calls;
  ASSERT_TRUE(loop.Watch(a.near.fd(), EventLoop::kRead, &old_calls).ok());
  ASSERT_TRUE(loop.Watch(b.near.fd(), EventLoop::kRead, &old_calls).ok());
  ASSERT_TRUE(a.far.Write("x").ok());
  ASSERT_TRUE(b.far.Write("x").ok());
  SocketPair idle;
  old_calls.then = [&](int fd) {
    // The other descriptor's number goes to a socket on which nothing has arrived.
    const int other = fd == a.near.fd() ? b.near.fd() : a.near.fd();
    loop.Unwatch(other);
    ASSERT_EQ(::dup3(idle.near.fd(), other, O_CLOEXEC), other);
    ASSERT_TRUE(loop.Watch(other, EventLoop::kRead, &new_calls).ok());
  };
  loop.Wait(kNever);
  EXPECT_EQ(old_calls.seen.size(), 1u);
  EXPECT_TRUE(new_calls.seen.empty());
}

TEST(EventLoop, SignalsEndTheWaitAndAreTold) {
  EventLoop loop = *EventLoop::Create();
  ASSERT_TRUE(loop.CatchSignals({SIGUSR1}).ok());
  ASSERT_TRUE(loop.CatchSignals({SIGUSR2}).ok());
  EXPECT_EQ(loop.TakeSignal(), 0);
  ASSERT_EQ(::raise(SIGUSR2), 0);  // before the wait: not lost
  loop.Wait(kNever);
  EXPECT_EQ(loop.TakeSignal(), SIGUSR2);
  EXPECT_EQ(loop.TakeSignal(), 0);
}

TEST(EventLoop, SurvivesBeingMoved) {
  EventLoop first = *EventLoop::Create();
  SocketPair pair;
  Calls calls;
  ASSERT_TRUE(first.Watch(pair.near.fd(), EventLoop::kRead, &calls).ok());
  EventLoop second = std::move(first);
  ASSERT_TRUE(pair.far.Write("x").ok());
  second.Wait(kNever);
  EXPECT_EQ(calls.seen.size(), 1u);
}

TEST(EventLoop, ClosedDescriptorCannotBeWatched) {
  EventLoop loop = *EventLoop::Create();
  Calls calls;
  EXPECT_FALSE(loop.Watch(-1, EventLoop::kRead, &calls).ok());
  loop.Unwatch(-1);
  loop.Unwatch(1000000);
}

}  // namespace
}  // namespace sansip
