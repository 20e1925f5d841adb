// A caller's and a callee's user agent in one thread, in memory: what one transmits is copied, parsed and
// given to the other. Every Path is known at once.
#ifndef SANSIP_BENCH_USER_AGENT_PAIR_H_
#define SANSIP_BENCH_USER_AGENT_PAIR_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansip/core/message/parser.h"
#include "sansip/dialog/user_agent.h"

namespace sansip {

class UserAgentPair {
 public:
  static constexpr std::string_view kSession = "v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n";
  static constexpr std::uint32_t kInterval = 1800;  // of session timers, seconds

  // One input of either side, which `Act` does: what is measured may be this function.
  using Turn = void (*)(UserAgentPair&, UserAgent&);

  explicit UserAgentPair(
      bool has_timers, Turn turn = [](UserAgentPair& pair, UserAgent& agent) { pair.Act(agent); });

  // INVITE, 200, ACK; with a 180 after the INVITE if it rings.
  CallId Establish(bool rings);
  void HangUp(CallId call);
  // A whole call that rings, until timers J and K and those of the 2xx have ended.
  void RunCall();
  // So many, 2 ms apart, that stay up; until nothing is left of their transactions.
  void EstablishMany(std::size_t calls);
  // All deadlines up to then, and what comes of them.
  void RunDeadlines(Instant until);
  void Act(UserAgent& agent);

  UserAgent& caller() { return caller_; }
  UserAgent& callee() { return callee_; }
  Instant now() const { return now_; }

 private:
  class Counted : public RandomSource {
   public:
    std::uint64_t Next() override { return state_ = state_ * 6364136223846793005u + 1442695040888963407u; }

   private:
    std::uint64_t state_ = 4028;
  };
  struct End {
    explicit End(std::string_view name);
    Path path;
    Origin origin;
  };
  struct Input {
    bool is_callers = false;
    bool is_located = false;
    Cookie locate;
    std::size_t size = 0;  // of a message; 0 and not located: a deadline
    std::array<char, 2048> bytes;
  };
  static UserAgentOptions Options(bool has_timers);

  void Collect(bool is_callers);
  void Carry();

  bool has_timers_;
  Turn turn_;
  Counted random_;
  UserAgent caller_, callee_;
  End callers_{"alice.example"}, callees_{"bob.example"};
  Instant now_{};
  Parser parser_;
  MessageIndex index_;
  SinkOf<UserAgentAction, UserAgent::kActionsPerEventMax> sink_;
  std::array<Input, UserAgent::kActionsPerEventMax> waiting_;
  std::size_t first_ = 0, count_ = 0;
  const Input* input_ = nullptr;
  CallId incoming_;
};

}  // namespace sansip

#endif  // SANSIP_BENCH_USER_AGENT_PAIR_H_
