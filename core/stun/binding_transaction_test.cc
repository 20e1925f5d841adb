#include "sansip/core/stun/binding_transaction.h"

#include <vector>

#include "gtest/gtest.h"

namespace sansip::stun {
namespace {

using std::chrono::milliseconds;

// Numbers that differ.
class Counting final : public RandomSource {
 public:
  std::uint64_t Next() override { return next_ += 0x0101010101010101; }

 private:
  std::uint64_t next_ = 0;
};

Message ResponseTo(const BindingTransaction& transaction, MessageClass message_class) {
  return {.message_class = message_class, .id = transaction.id()};
}

// RFC 5389 7.2.1: with the values of its example.
TEST(BindingTransactionTest, IsSentSevenTimesAndThenGivenUp) {
  Counting random;
  BindingTransaction transaction;
  EXPECT_EQ(transaction.TakeDue(Instant()), BindingTransaction::Due::kNothing);
  transaction.Start(Instant(), random);
  const TransactionId id = transaction.id();
  std::vector<std::int64_t> sent;
  for (;;) {
    const Instant due = transaction.next_deadline();
    EXPECT_EQ(transaction.TakeDue(due - Duration(1)), BindingTransaction::Due::kNothing);
    const BindingTransaction::Due what = transaction.TakeDue(due);
    EXPECT_EQ(transaction.id(), id);
    if (what == BindingTransaction::Due::kFailed) {
      EXPECT_EQ(due, Instant(milliseconds(39500)));
      break;
    }
    ASSERT_EQ(what, BindingTransaction::Due::kSend);
    sent.push_back(due.time_since_epoch() / milliseconds(1));
  }
  EXPECT_EQ(sent, (std::vector<std::int64_t>{0, 500, 1500, 3500, 7500, 15500, 31500}));
  EXPECT_FALSE(transaction.is_asking());
  EXPECT_EQ(transaction.OnMessage(ResponseTo(transaction, MessageClass::kSuccess)),
            BindingTransaction::Outcome::kNotOurs);
}

TEST(BindingTransactionTest, OnlyAResponseOfItsIdEndsIt) {
  Counting random;
  BindingTransaction transaction;
  transaction.Start(Instant(), random);
  const Message answer = ResponseTo(transaction, MessageClass::kSuccess);
  EXPECT_EQ(transaction.OnMessage(answer), BindingTransaction::Outcome::kNotOurs);  // nothing was sent yet
  ASSERT_EQ(transaction.TakeDue(Instant()), BindingTransaction::Due::kSend);
  Message other = answer;
  other.id[11] = static_cast<char>(other.id[11] ^ 1);
  EXPECT_EQ(transaction.OnMessage(other), BindingTransaction::Outcome::kNotOurs);
  for (const MessageClass wrong : {MessageClass::kRequest, MessageClass::kIndication})
    EXPECT_EQ(transaction.OnMessage(ResponseTo(transaction, wrong)), BindingTransaction::Outcome::kNotOurs);
  EXPECT_TRUE(transaction.is_asking());
  EXPECT_EQ(transaction.OnMessage(answer), BindingTransaction::Outcome::kAnswered);
  EXPECT_EQ(transaction.next_deadline(), kNever);
  transaction.Start(Instant(), random);
  EXPECT_NE(transaction.id(), answer.id);
}

// 7.3.3, 7.3.4
TEST(BindingTransactionTest, AnErrorOrWhatIsNotUnderstoodRefusesIt) {
  Counting random;
  BindingTransaction transaction;
  transaction.Start(Instant(), random);
  ASSERT_EQ(transaction.TakeDue(Instant()), BindingTransaction::Due::kSend);
  EXPECT_EQ(transaction.OnMessage(ResponseTo(transaction, MessageClass::kError)),
            BindingTransaction::Outcome::kRefused);
  transaction.Start(Instant(), random);
  ASSERT_EQ(transaction.TakeDue(Instant()), BindingTransaction::Due::kSend);
  Message strange = ResponseTo(transaction, MessageClass::kSuccess);
  strange.unknown.count = 1;
  EXPECT_EQ(transaction.OnMessage(strange), BindingTransaction::Outcome::kRefused);
}

}  // namespace
}  // namespace sansip::stun
