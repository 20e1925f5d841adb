// The client's side of one STUN Binding transaction over UDP (RFC 5389 7.2.1): when its request is sent, sent
// again, and given up. A machine that sends nothing: time goes in, what is due comes out.
//
//                Start              due, 7 times          answer of its id
//    kIdle ----------------> kAsking -----------> kAsking ----------------> kIdle
//                              | the last wait is over: kFailed
//                              v
//                            kIdle
//
// With the values of the RFC a request goes out at 0, 500, 1500, 3500, 7500, 15500 and 31500 ms, and has
// failed at 39500 ms.
#ifndef SANSIP_CORE_STUN_BINDING_TRANSACTION_H_
#define SANSIP_CORE_STUN_BINDING_TRANSACTION_H_

#include <chrono>
#include <cstdint>

#include "sansip/core/base/random.h"
#include "sansip/core/base/time.h"
#include "sansip/core/stun/message.h"

namespace sansip::stun {

struct Retransmissions {
  Duration rto =
      std::chrono::milliseconds(500);  // 7.2.1: of who knows nothing of the path; doubled each time
  std::uint32_t requests = 7;          // Rc
  std::uint32_t last_wait = 16;        // Rm: so many RTO after the last request
};

class BindingTransaction {
 public:
  enum class Due : std::uint8_t { kNothing, kSend, kFailed };
  enum class Outcome : std::uint8_t {
    kNotOurs,   // of another transaction, of none, or no response: nothing has changed
    kAnswered,  // a Binding Response
    kRefused,   // a Binding Error Response, or one that there is no understanding (7.3.3, 7.3.4)
  };

  explicit BindingTransaction(const Retransmissions& values = {}) : values_(values) {}

  // Another one, with an id of its own; what was under way is forgotten. Its request is due at once.
  void Start(Instant now, RandomSource& random);
  // What is due by now; it counts as done. One call is one step.
  [[nodiscard]] Due TakeDue(Instant now);
  [[nodiscard]] Outcome OnMessage(const Message& message);

  bool is_asking() const { return due_ != kNever; }
  const TransactionId& id() const { return id_; }
  Instant next_deadline() const { return due_; }

 private:
  Retransmissions values_;
  TransactionId id_{};
  std::uint32_t sent_ = 0;
  Instant due_ = kNever;
};

}  // namespace sansip::stun

#endif  // SANSIP_CORE_STUN_BINDING_TRANSACTION_H_
