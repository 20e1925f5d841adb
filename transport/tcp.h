// One TCP connection and one TCP listener (RFC 3261 18): framing in, a bounded queue out. They know nothing
// of flows; what to do about their ends and failures is their owner's.
#ifndef SANSIP_TRANSPORT_TCP_H_
#define SANSIP_TRANSPORT_TCP_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "sansip/core/base/address.h"
#include "sansip/core/message/framer.h"
#include "sansip/core/message/parser.h"
#include "sansip/transport/event_loop.h"
#include "sansip/transport/socket.h"

namespace sansip {

struct StreamLimits {
  ParseLimits messages;
  ParsePolicy policy;
  std::size_t write_queue_bytes_max = 1 << 20;
  int reads_per_wakeup_max = 64;
};

// Of the bytes that wait for slow peers, over all connections that share it.
struct WaitingBytes {
  std::size_t bytes_max = 0;
  std::size_t bytes = 0;

  std::size_t room() const { return bytes_max - std::min(bytes, bytes_max); }
};

class TcpConnection final : public EventLoop::Watcher {
 public:
  enum class State : std::uint8_t {
    kConnecting,
    kOpen,
    kHalfClosed,  // the peer has sent its end; it may still read
    kDraining,    // what came could not be read: what is queued is written, the rest of the input is dropped
    kClosed,
  };

  class Owner {
   public:
    virtual ~Owner() = default;
    virtual void OnStreamConnected(std::uint32_t endpoint) = 0;
    // kMessage, kPing or kError. The owner may close the connection.
    virtual void OnStreamFrame(std::uint32_t endpoint, const Frame& frame) = 0;
    // The peer's end, inside a message or between two: the connection is half-closed.
    virtual void OnStreamEnd(std::uint32_t endpoint, bool is_inside_message) = 0;
    // It is of no more use; the owner closes it. kNone: it has drained.
    virtual void OnStreamFailed(std::uint32_t endpoint, IoError error) = 0;
    // The last call of a wake-up: only now may a closed connection's object be used anew.
    virtual void OnStreamDone(std::uint32_t endpoint) = 0;
  };

  // `waiting` counts the queue and must outlive this.
  TcpConnection(EventLoop* loop, const StreamLimits& limits, std::uint32_t endpoint, Owner* owner,
                WaitingBytes* waiting);
  ~TcpConnection() override { Close(); }
  TcpConnection(const TcpConnection&) = delete;
  TcpConnection& operator=(const TcpConnection&) = delete;

  // Of a closed object. kConnecting or (accepted) kOpen; false if the loop cannot watch it.
  [[nodiscard]] bool Start(Socket socket, State state);

  // kNone: written or queued. kTooBig: the queue is full, or all queues together and this one is not empty;
  // nothing of it was taken. Else the connection broke.
  [[nodiscard]] IoError Send(std::string_view bytes);
  // The next single CRLF comes as a frame of its own.
  void ExpectPong() { framer_.ExpectPong(); }
  // Reads nothing more; closes by OnStreamFailed(kNone) when the queue is written and the peer has ended.
  void Drain();
  void Close();
  void Abort();  // with a reset

  State state() const { return state_; }
  bool is_busy() const { return is_busy_; }  // within OnReady: the object must not be reused
  std::size_t queued_bytes() const { return queue_.size() - queue_begin_; }
  const SocketAddress& local() const { return local_; }

  void OnReady(int fd, std::uint32_t ready) override;

 private:
  void End(bool with_reset);
  void FinishConnect();
  void ReadSome();
  void WriteSome();
  void DropSome();
  void TakeFrames();
  [[nodiscard]] IoError Flush();
  bool Enqueue(std::string_view bytes);
  void UpdateInterest();

  EventLoop* loop_;
  StreamLimits limits_;
  std::uint32_t endpoint_;
  Owner* owner_;
  WaitingBytes* waiting_;
  Socket socket_;
  SocketAddress local_;
  State state_ = State::kClosed;
  bool is_busy_ = false;
  bool has_shut_down_ = false;
  std::uint32_t interest_ = 0;
  Framer framer_;
  std::vector<char> queue_;
  std::size_t queue_begin_ = 0;  // of what is not yet written
};

class TcpListener final : public EventLoop::Watcher {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    virtual void OnAccepted(Socket connection, const SocketAddress& peer) = 0;
    virtual void OnAcceptRefused() = 0;  // out of descriptors: the connection was closed at once
  };

  static absl::StatusOr<std::unique_ptr<TcpListener>> Open(EventLoop* loop, const SocketAddress& local,
                                                           int accepts_per_wakeup_max, Owner* owner);
  ~TcpListener() override;
  TcpListener(const TcpListener&) = delete;
  TcpListener& operator=(const TcpListener&) = delete;

  const SocketAddress& local() const { return local_; }

  void OnReady(int fd, std::uint32_t ready) override;

 private:
  TcpListener(EventLoop* loop, Socket socket, int accepts_per_wakeup_max, Owner* owner);
  void RefuseOne();

  EventLoop* loop_;
  Socket socket_;
  SocketAddress local_;
  int accepts_per_wakeup_max_;
  Owner* owner_;
  Socket spare_;  // a descriptor to give up when there are no others, so that a connection can be refused
};

}  // namespace sansip

#endif  // SANSIP_TRANSPORT_TCP_H_
