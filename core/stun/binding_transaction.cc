#include "sansip/core/stun/binding_transaction.h"

namespace sansip::stun {

void BindingTransaction::Start(Instant now, RandomSource& random) {
  // RFC 5389 6: unpredictable, for who guesses it answers for the server.
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < id_.size(); ++i) {
    if (i % sizeof(bits) == 0) bits = random.Next();
    id_[i] = static_cast<char>(static_cast<std::uint8_t>(bits));
    bits >>= 8;
  }
  sent_ = 0;
  due_ = now;
}

BindingTransaction::Due BindingTransaction::TakeDue(Instant now) {
  if (!is_asking() || now < due_) return Due::kNothing;
  if (sent_ >= values_.requests) {
    due_ = kNever;
    return Due::kFailed;
  }
  ++sent_;
  const bool is_last = sent_ >= values_.requests;
  const std::uint64_t rtos = is_last ? values_.last_wait : std::uint64_t{1} << (sent_ - 1);
  due_ = After(now, values_.rto * static_cast<Duration::rep>(rtos));
  return Due::kSend;
}

BindingTransaction::Outcome BindingTransaction::OnMessage(const Message& message) {
  const bool is_success = message.message_class == MessageClass::kSuccess;
  if (!is_success && message.message_class != MessageClass::kError) return Outcome::kNotOurs;
  if (!is_asking() || sent_ == 0 || message.id != id_) return Outcome::kNotOurs;
  due_ = kNever;
  return is_success && message.unknown.count == 0 ? Outcome::kAnswered : Outcome::kRefused;
}

}  // namespace sansip::stun
