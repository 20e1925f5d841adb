// Two transaction layers in one thread and in memory: what one sends is parsed and given to the other, over
// UDP, nothing lost. Written and parsed each time; the messages are those of bench/messages, their SDP
// included. Measured by the clock (transaction_bench) and by instructions (transaction_once).
#ifndef SANSIP_BENCH_TRANSACTION_WORK_H_
#define SANSIP_BENCH_TRANSACTION_WORK_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/action/action.h"
#include "sansip/core/base/random.h"
#include "sansip/core/base/time.h"
#include "sansip/core/message/draft.h"
#include "sansip/core/message/parser.h"
#include "sansip/core/transaction/layer.h"

namespace sansip {

// splitmix64: the same numbers every time.
class CountedRandom : public RandomSource {
 public:
  std::uint64_t Next() override;

 private:
  std::uint64_t state_ = 3;
};

// A message's header fields but for those that the layer writes, and its body, as drafts have them.
class Draft {
 public:
  explicit Draft(std::string bytes);
  // One of the fields in it, with another value.
  void Set(HeaderId id, std::string_view value);
  // Leaves out what belongs to the body, and the body.
  void DropBody();
  std::span<const HeaderLine> headers() const { return headers_; }
  std::string_view request_uri() const { return request_uri_; }
  std::string_view body() const { return body_; }

 private:
  std::string bytes_;
  std::string_view request_uri_;
  std::vector<HeaderLine> headers_;
  std::string_view body_;
};

class TransactionPair {
 public:
  explicit TransactionPair(std::size_t transactions_max = std::size_t{1} << 21);

  void Options();  // OPTIONS, 200
  void Call();     // INVITE, 180, 200, ACK, BYE, 200
  void Ring();     // INVITE, 180: stays
  void Pass(Duration time);
  void FailServersFlow();

  std::size_t live() const { return client_.live() + server_.live(); }
  std::size_t bytes_carried() const { return bytes_carried_; }
  std::size_t messages_carried() const { return messages_carried_; }
  const TransactionCounters& client_counters() const { return client_.counters(); }
  const TransactionCounters& server_counters() const { return server_.counters(); }

 private:
  static constexpr std::size_t kMessageBytesMax = 4096;
  void Send(Method method, const Draft& draft);
  void Acknowledge();
  void Respond(TransactionId id, int status_code, const Draft* draft);
  void Carry(TransactionLayer& to);

  CountedRandom random_;
  TransactionLayer client_;
  TransactionLayer server_;
  Instant now_{};
  SinkOf<Action, 64> sink_;
  Parser parser_;
  MessageIndex index_;
  std::array<char, kMessageBytesMax> bytes_;
  std::size_t bytes_carried_ = 0;
  std::size_t messages_carried_ = 0;
  TransactionId delivered_;  // the latest request at the server
  Draft options_, invite_, ack_, bye_, ringing_, ok_;
};

// One kind of work, repeated at the pace that keeps about `live` transactions in each of the two layers:
// half of them are calls that ring all the time, begun now and then; the others are what the work leaves
// behind, waiting for their timers (K, J, L, M), as many ending as beginning. None: all is gone before the
// next.
class TransactionLoad {
 public:
  enum class Work { kOptions, kCall };

  // Comes with its transactions; for 100,000 that takes as long as some 100,000 runs.
  TransactionLoad(Work work, std::size_t live);
  void Run();
  const TransactionPair& pair() const { return pair_; }

 private:
  Work work_;
  Duration pause_;
  TransactionPair pair_;
};

// What the heap holds for one pair of transactions, its client's and its server's, when `count` of them
// have come so far at the same time; with all that is kept for later use.
enum class Held { kFinishedOptions, kRingingInvite };
double BytesPerPair(Held held, std::size_t count);

}  // namespace sansip

#endif  // SANSIP_BENCH_TRANSACTION_WORK_H_
