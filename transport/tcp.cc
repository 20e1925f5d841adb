#include "sansip/transport/tcp.h"

#include <fcntl.h>

#include <array>
#include <utility>

#include "sansip/core/base/check.h"

namespace sansip {
namespace {

// An emptied queue keeps this much of its storage; a slow reader's megabyte is given back.
constexpr std::size_t kQueueBytesKept = 16384;

Socket OpenSpare() { return Socket(::open("/dev/null", O_RDONLY | O_CLOEXEC)); }

}  // namespace

TcpConnection::TcpConnection(EventLoop* loop, const StreamLimits& limits, std::uint32_t endpoint,
                             Owner* owner, WaitingBytes* waiting)
    : loop_(loop),
      limits_(limits),
      endpoint_(endpoint),
      owner_(owner),
      waiting_(waiting),
      framer_(limits.messages, limits.policy) {}

bool TcpConnection::Start(Socket socket, State state) {
  SANSIP_CHECK(state_ == State::kClosed && !is_busy_);
  socket_ = std::move(socket);
  local_ = socket_.LocalAddress();  // known as soon as a connect has begun
  state_ = state;
  has_shut_down_ = false;
  framer_ = Framer(limits_.messages, limits_.policy);
  interest_ = state == State::kConnecting ? EventLoop::kWrite : EventLoop::kRead;
  if (loop_->Watch(socket_.fd(), interest_, this).ok()) return true;
  Close();
  return false;
}

IoError TcpConnection::Send(std::string_view bytes) {
  if (state_ == State::kClosed || has_shut_down_) return IoError::kClosed;
  if (state_ == State::kConnecting || queued_bytes() > 0) {
    return Enqueue(bytes) ? IoError::kNone : IoError::kTooBig;
  }
  const IoResult result = socket_.Write(bytes);
  if (!result.ok() && result.error != IoError::kWouldBlock) return result.error;
  const std::string_view rest = bytes.substr(result.count);
  if (rest.empty()) return IoError::kNone;
  // A message begun must be ended, or the peer loses its place in the stream: the caller ends the connection.
  if (!Enqueue(rest)) return IoError::kTooBig;
  UpdateInterest();
  return IoError::kNone;
}

bool TcpConnection::Enqueue(std::string_view bytes) {
  if (bytes.size() > limits_.write_queue_bytes_max - queued_bytes()) return false;
  // Slow readers may fill what all share; a first message each they leave to everybody.
  if (queued_bytes() > 0 && bytes.size() > waiting_->room()) return false;
  waiting_->bytes += bytes.size();
  // Moving at most as much as has been written since the last move keeps this linear.
  if (queue_begin_ > queued_bytes()) {
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(queue_begin_));
    queue_begin_ = 0;
  }
  queue_.insert(queue_.end(), bytes.begin(), bytes.end());
  return true;
}

IoError TcpConnection::Flush() {
  while (queued_bytes() > 0) {
    const IoResult result = socket_.Write({queue_.data() + queue_begin_, queued_bytes()});
    if (result.error == IoError::kWouldBlock) break;
    if (!result.ok()) return result.error;
    queue_begin_ += result.count;
    waiting_->bytes -= result.count;
  }
  if (queued_bytes() == 0) {
    queue_.clear();
    queue_begin_ = 0;
    if (queue_.capacity() > kQueueBytesKept) std::vector<char>().swap(queue_);
  }
  return IoError::kNone;
}

void TcpConnection::UpdateInterest() {
  if (state_ == State::kClosed || state_ == State::kConnecting) return;
  std::uint32_t interest = state_ == State::kHalfClosed ? 0u : std::uint32_t{EventLoop::kRead};
  if (queued_bytes() > 0) interest |= EventLoop::kWrite;
  if (interest == interest_) return;
  interest_ = interest;
  // Changing a watch needs no memory: it cannot fail for a descriptor that is watched.
  SANSIP_CHECK(loop_->Watch(socket_.fd(), interest, this).ok());
}

void TcpConnection::Drain() {
  if (state_ == State::kClosed) return;
  state_ = State::kDraining;
  // Closing now would reset the connection over input that was not read, and with it the reply that is under
  // way. So: our end first, then the peer's.
  if (queued_bytes() == 0 && !has_shut_down_) {
    has_shut_down_ = true;
    socket_.ShutdownWrite();
  }
  UpdateInterest();
}

void TcpConnection::Close() { End(false); }
void TcpConnection::Abort() { End(true); }

void TcpConnection::End(bool with_reset) {
  if (!socket_.is_open()) return;
  loop_->Unwatch(socket_.fd());
  if (with_reset) {
    socket_.Abort();
  } else {
    socket_.Close();
  }
  state_ = State::kClosed;
  waiting_->bytes -= queued_bytes();
  std::vector<char>().swap(queue_);
  queue_begin_ = 0;
}

void TcpConnection::OnReady(int, std::uint32_t ready) {
  is_busy_ = true;
  if (state_ == State::kConnecting) FinishConnect();
  if (state_ == State::kHalfClosed && queued_bytes() == 0) {
    // Nothing was asked for, so only a broken connection can have woken us.
    const IoError error = socket_.ConnectResult().error;
    owner_->OnStreamFailed(endpoint_, error == IoError::kNone ? IoError::kReset : error);
  }
  // Reading first: of a broken connection it brings what the peer said before, and then the error itself.
  if ((ready & EventLoop::kRead) != 0) {
    if (state_ == State::kOpen) {
      ReadSome();
    } else if (state_ == State::kDraining) {
      DropSome();
    }
  }
  if ((ready & EventLoop::kWrite) != 0) WriteSome();
  UpdateInterest();
  is_busy_ = false;
  owner_->OnStreamDone(endpoint_);
}

void TcpConnection::WriteSome() {
  if (state_ == State::kClosed || state_ == State::kConnecting) return;
  const IoError error = Flush();
  if (error != IoError::kNone) {
    owner_->OnStreamFailed(endpoint_, error);
  } else if (state_ == State::kDraining) {
    Drain();
  }
}

void TcpConnection::FinishConnect() {
  const IoResult result = socket_.ConnectResult();
  if (!result.ok()) {
    owner_->OnStreamFailed(endpoint_, result.error);
    return;
  }
  const SocketAddress peer = socket_.PeerAddress();
  if (peer.family == SocketAddress::Family::kNone) return;  // woken too early
  // Where nobody listens on a port that the kernel may choose for us, it may choose just that one, and the
  // connection meets itself.
  if (peer == local_) {
    owner_->OnStreamFailed(endpoint_, IoError::kRefused);
    return;
  }
  state_ = State::kOpen;
  owner_->OnStreamConnected(endpoint_);
}

void TcpConnection::ReadSome() {
  for (int i = 0; i < limits_.reads_per_wakeup_max && state_ == State::kOpen; ++i) {
    const IoResult result = socket_.Read(framer_.Writable());
    switch (result.error) {
      case IoError::kNone:
        framer_.Commit(result.count);
        TakeFrames();
        break;
      case IoError::kWouldBlock:
        return;
      case IoError::kClosed:
        state_ = State::kHalfClosed;
        owner_->OnStreamEnd(endpoint_, framer_.pending() > 0);
        return;
      default:
        owner_->OnStreamFailed(endpoint_, result.error);
        return;
    }
  }
}

void TcpConnection::TakeFrames() {
  while (state_ == State::kOpen) {
    const Frame frame = framer_.Next();
    if (frame.kind == Frame::Kind::kNeedMore) return;
    owner_->OnStreamFrame(endpoint_, frame);
    if (frame.kind == Frame::Kind::kError) {
      Drain();
      return;
    }
  }
}

void TcpConnection::DropSome() {
  std::array<char, 4096> dropped;
  for (int i = 0; i < limits_.reads_per_wakeup_max; ++i) {
    const IoResult result = socket_.Read(dropped);
    if (result.error == IoError::kWouldBlock) return;
    if (result.ok()) continue;
    owner_->OnStreamFailed(endpoint_, IoError::kNone);
    return;
  }
}

absl::StatusOr<std::unique_ptr<TcpListener>> TcpListener::Open(EventLoop* loop, const SocketAddress& local,
                                                               int accepts_per_wakeup_max, Owner* owner) {
  absl::StatusOr<Socket> socket = Socket::ListenTcp(local);
  if (!socket.ok()) return socket.status();
  std::unique_ptr<TcpListener> listener(
      new TcpListener(loop, std::move(*socket), accepts_per_wakeup_max, owner));
  const absl::Status watched = loop->Watch(listener->socket_.fd(), EventLoop::kRead, listener.get());
  if (!watched.ok()) return watched;
  return listener;
}

TcpListener::TcpListener(EventLoop* loop, Socket socket, int accepts_per_wakeup_max, Owner* owner)
    : loop_(loop),
      socket_(std::move(socket)),
      local_(socket_.LocalAddress()),
      accepts_per_wakeup_max_(accepts_per_wakeup_max),
      owner_(owner),
      spare_(OpenSpare()) {}

TcpListener::~TcpListener() { loop_->Unwatch(socket_.fd()); }

void TcpListener::OnReady(int, std::uint32_t) {
  for (int i = 0; i < accepts_per_wakeup_max_; ++i) {
    Socket connection;
    SocketAddress peer;
    const IoResult result = socket_.Accept(connection, peer);
    if (result.error == IoError::kWouldBlock) return;
    if (result.error == IoError::kOutOfResources) {
      RefuseOne();
      return;
    }
    if (!result.ok()) continue;  // it was gone before it was taken
    owner_->OnAccepted(std::move(connection), peer);
  }
}

void TcpListener::RefuseOne() {
  // Left in the backlog it would wake the loop without end.
  spare_.Close();
  Socket connection;
  SocketAddress peer;
  if (socket_.Accept(connection, peer).ok()) {
    connection.Abort();
    owner_->OnAcceptRefused();
  }
  spare_ = OpenSpare();
}

}  // namespace sansip
