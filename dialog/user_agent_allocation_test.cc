// After warm-up a complete call allocates nothing: INVITE, 180, 200, ACK, re-INVITE, BYE, both sides.

#include <cstdlib>
#include <new>

#include "gtest/gtest.h"
#include "sansip/core/message/parser.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/dialog/user_agent.h"

namespace {
std::size_t allocations = 0;
}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  void* memory = std::malloc(size);
  if (memory == nullptr) std::abort();
  return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace sansip::testing {
namespace {

constexpr std::string_view kOffer = "v=0\r\no=alice 1 1 IN IP4 192.0.2.1\r\n";
constexpr std::string_view kEarlyOffer = "v=0\r\no=alice 1 3 IN IP4 192.0.2.1\r\n";
constexpr std::string_view kNewOffer = "v=0\r\no=alice 1 2 IN IP4 192.0.2.1\r\n";
constexpr std::string_view kAnswer = "v=0\r\no=bob 1 1 IN IP4 192.0.2.2\r\n";

// Two agents wired to each other without a network: what one sends the other receives at once. No allocation
// of its own after construction.
class Wired {
 public:
  explicit Wired(ReliableProvisionals reliable = ReliableProvisionals::kNo)
      : random_(7), alice_(Options(reliable), random_), bob_(Options(reliable), random_) {}

  void Call() {
    CallDraft draft;
    draft.target = "sip:bob@bob.example";
    draft.from = "<sip:alice@alice.example>";
    draft.content.body = kOffer;
    sink_.Clear();
    call_ = alice_.PlaceCall(now_, draft, sink_).call;
    Run(true);
    if (alice_.options().reliable_provisionals == ReliableProvisionals::kNo) {
      Verb(false, [&] { return bob_.Ring(now_, incoming_, 180, {}, sink_); });
    } else {
      Verb(false, [&] { return bob_.Ring(now_, incoming_, 183, {.body = kAnswer}, sink_); });
      Verb(true, [&] { return alice_.Update(now_, call_, {.body = kEarlyOffer}, sink_); });
      Verb(false, [&] { return bob_.AnswerOffer(now_, incoming_, {.body = kAnswer}, sink_); });
    }
    Verb(false, [&] { return bob_.Answer(now_, incoming_, {.body = kAnswer}, sink_); });
    Verb(true, [&] { return alice_.Reinvite(now_, call_, {.body = kNewOffer}, sink_); });
    Verb(false, [&] { return bob_.AnswerOffer(now_, incoming_, {.body = kAnswer}, sink_); });
    Verb(true, [&] { return alice_.HangUp(now_, call_, {}, sink_); });
    Expire(true);
    Expire(false);
  }
  // A MESSAGE, and a subscription from its beginning to its end.
  void AskOutsideCalls() {
    StandaloneDraft draft{.target = "sip:bob@bob.example", .from = "<sip:alice@alice.example>"};
    draft.content = {.body = "hello", .content_type = "text/plain"};
    draft.event = "presence";
    sink_.Clear();
    SANSIP_CHECK(alice_.SendRequest(now_, draft, sink_).error == VerbError::kNone);
    Run(true);
    sink_.Clear();
    const Asked asked = alice_.Subscribe(now_, draft, sink_);
    Run(true);
    Verb(false, [&] { return bob_.Notify(now_, watched_, {.content = draft.content}, sink_); });
    Verb(true, [&] { return alice_.Withdraw(now_, asked.standalone, sink_); });
    Expire(true);
    Expire(false);
  }
  std::size_t standalones() const { return alice_.standalones() + bob_.standalones(); }
  std::uint64_t notifies() const { return alice_.counters().notifies_received; }
  std::size_t calls_kept() const { return alice_.calls_kept() + bob_.calls_kept(); }
  std::size_t calls_answered() const { return alice_.counters().calls_answered; }

 private:
  static UserAgentOptions Options(ReliableProvisionals reliable) {
    UserAgentOptions options;
    options.reliable_provisionals = reliable;
    options.methods = "MESSAGE";
    options.events = "presence";
    return options;
  }

  template <typename F>
  void Verb(bool is_alice, F verb) {
    sink_.Clear();
    SANSIP_CHECK(verb() == VerbError::kNone);
    Run(is_alice);
  }

  // Executes what the sink holds, and what comes of it.
  void Run(bool is_alice) {
    std::size_t first = count_;
    for (const UserAgentAction& action : sink_) {
      if (std::holds_alternative<ua::Transmit>(action) || std::holds_alternative<ua::Locate>(action)) {
        SANSIP_CHECK(count_ < pending_.size());
        Pending& pending = pending_[count_++];
        pending.to_alice = std::holds_alternative<ua::Locate>(action) ? is_alice : !is_alice;
        pending.size = 0;
        if (const auto* locate = std::get_if<ua::Locate>(&action)) pending.cookie = locate->cookie;
        if (const auto* transmit = std::get_if<ua::Transmit>(&action)) {
          pending.size = transmit->wire.copy(pending.bytes.data(), pending.bytes.size());
        }
      } else if (const auto* incoming = std::get_if<ua::Incoming>(&action)) {
        incoming_ = incoming->call;
      } else if (const auto* requested = std::get_if<ua::SubscriptionRequested>(&action)) {
        watched_ = requested->standalone;
      }
    }
    for (const std::size_t end = count_; first < end; ++first) {
      Pending& pending = pending_[first];
      UserAgent& to = pending.to_alice ? alice_ : bob_;
      const HostPort host{pending.to_alice ? "alice.example" : "bob.example", 5060};
      sink_.Clear();
      if (pending.size == 0) {
        to.OnLocated(now_, pending.cookie, {{1, 1}, Transport::kUdp, host, host}, sink_);
      } else {
        const std::string_view bytes(pending.bytes.data(), pending.size);
        SANSIP_CHECK(parser_.Parse(bytes, Framing::kDatagram, index_).ok());
        to.OnMessage(now_, {{1, 1}, Transport::kUdp, source_, host}, MessageView(bytes, index_), sink_);
      }
      Run(pending.to_alice);
    }
  }

  void Expire(bool is_alice) {
    UserAgent& agent = is_alice ? alice_ : bob_;
    while (agent.next_deadline() != kNever) {
      now_ = std::max(now_, agent.next_deadline());
      sink_.Clear();
      agent.OnDeadline(now_, sink_);
    }
    count_ = 0;
  }

  struct Pending {
    bool to_alice = false;
    Cookie cookie;
    std::size_t size = 0;
    std::array<char, 2048> bytes;
  };

  SeededRandom random_;
  UserAgent alice_, bob_;
  Instant now_{};
  CallId call_, incoming_;
  StandaloneId watched_;
  SinkOf<UserAgentAction, UserAgent::kActionsPerEventMax> sink_;
  std::array<Pending, 64> pending_;
  std::size_t count_ = 0;
  Parser parser_;
  MessageIndex index_;
  SocketAddress source_ = *ParseIp("192.0.2.9", 5060);
};

TEST(UserAgentAllocation, ACallAllocatesNothingAfterWarmUp) {
  const auto wired = std::make_unique<Wired>();
  for (int i = 0; i < 100; ++i) wired->Call();
  const std::size_t before = allocations;
  for (int i = 0; i < 1000; ++i) wired->Call();
  EXPECT_EQ(allocations - before, 0u);
  EXPECT_EQ(wired->calls_answered(), 1100u);
  EXPECT_EQ(wired->calls_kept(), 0u);
}

TEST(UserAgentAllocation, NorDoesOneWithPrackAndUpdate) {
  const auto wired = std::make_unique<Wired>(ReliableProvisionals::kSupported);
  for (int i = 0; i < 100; ++i) wired->Call();
  const std::size_t before = allocations;
  for (int i = 0; i < 500; ++i) wired->Call();
  EXPECT_EQ(allocations - before, 0u);
  EXPECT_EQ(wired->calls_answered(), 600u);
  EXPECT_EQ(wired->calls_kept(), 0u);
}

TEST(UserAgentAllocation, RequestsAndSubscriptionsAllocateNothingAfterWarmUp) {
  const auto wired = std::make_unique<Wired>();
  for (int i = 0; i < 100; ++i) wired->AskOutsideCalls();
  const std::size_t before = allocations;
  for (int i = 0; i < 500; ++i) wired->AskOutsideCalls();
  EXPECT_EQ(allocations - before, 0u);
  EXPECT_EQ(wired->notifies(), 3u * 600);
  EXPECT_EQ(wired->standalones(), 0u);
}

}  // namespace
}  // namespace sansip::testing
