// A user agent restored from a stranger's bytes.
//
// The input is the inside of a snapshot; what frames it is put right, so that all of it is read. What must
// hold: it is refused and nothing is restored, or the user agent is like any other: what it stores is taken
// again and gives the same bytes, what it sends can be parsed, and when its user hangs up nothing is left.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/base/check.h"
#include "sansip/core/base/string_hash.h"
#include "sansip/core/message/parser.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/dialog/user_agent.h"
#include "sansip/dialog/user_agent_input.h"
#include "sansip/dialog/user_agent_snapshot.h"

namespace sansip {
namespace {

constexpr int kDeadlinesMax = 200;

std::string Framed(std::string_view content) {
  std::string bytes("SIPu");
  bytes += static_cast<char>(kUserAgentSnapshotVersion & 255);
  bytes += static_cast<char>(kUserAgentSnapshotVersion >> 8);
  bytes += content;
  std::uint64_t sum = StringHash(1, kUserAgentSnapshotVersion)(bytes);
  for (int i = 0; i < 8; ++i, sum >>= 8) bytes += static_cast<char>(sum);
  return bytes;
}

std::string SnapshotOf(const UserAgent& agent) {
  std::string bytes(agent.Snapshot(Instant(), {}), '\0');
  SANSIP_CHECK(agent.Snapshot(Instant(), bytes) == bytes.size());
  return bytes;
}

// Time, with a network that finds a way for all and answers nothing.
class Driven {
 public:
  explicit Driven(UserAgent& agent) : agent_(agent) {}

  void Do(const UserAgentInput& input) {
    sink_.Clear();
    Apply(agent_, now_, input, sink_);
    SANSIP_CHECK(agent_.IsConsistent());
    std::vector<Cookie> waiting;
    for (const UserAgentAction& action : sink_) {
      if (const auto* transmit = std::get_if<ua::Transmit>(&action)) {
        SANSIP_CHECK(parser_.Parse(transmit->wire, Framing::kStream, index_).ok());
      } else if (const auto* locate = std::get_if<ua::Locate>(&action)) {
        waiting.push_back(locate->cookie);
      }
    }
    for (const Cookie cookie : waiting) Do(ua::input::Located{.cookie = cookie, .path = path_});
  }
  void PassTime() {
    for (int i = 0; i < kDeadlinesMax && agent_.next_deadline() != kNever; ++i) {
      now_ = std::max(now_, agent_.next_deadline());
      Do(ua::input::Deadline{});
    }
  }

 private:
  UserAgent& agent_;
  Instant now_{};
  Parser parser_;
  MessageIndex index_;
  Path path_ = {.flow = {1, 1},
                .transport = Transport::kTcp,
                .sent_by = {"192.0.2.9", 5060},
                .contact = {"192.0.2.9", 5060}};
  SinkOf<UserAgentAction, UserAgent::kActionsPerEventMax> sink_;
};

}  // namespace
}  // namespace sansip

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sansip;
  static const UserAgentOptions options = [] {
    UserAgentOptions made;
    made.limits.calls_max = made.limits.registrations_max = made.limits.subscriptions_max = 8;
    made.info_packages.emplace("foo");
    made.session_id = true;
    return made;
  }();
  testing::SeededRandom random(7);
  const std::string bytes = Framed({reinterpret_cast<const char*>(data), size});
  UserAgent agent(options, random);
  if (!agent.Restore(bytes, Instant(), Duration::zero()).ok()) {
    SANSIP_CHECK(agent.calls_kept() == 0 && agent.registrations() == 0 && agent.standalones() == 0 &&
                 agent.IsConsistent());
    return 0;
  }
  const std::string stored = SnapshotOf(agent);
  UserAgent again(options, random);
  SANSIP_CHECK(again.Restore(stored, Instant(), Duration::zero()).ok());
  SANSIP_CHECK(SnapshotOf(again) == stored);

  Driven driven(agent);
  driven.PassTime();
  driven.Do(ua::input::Shutdown{});
  driven.PassTime();
  SANSIP_CHECK(agent.calls_kept() == 0 && agent.registrations() == 0 && agent.standalones() == 0);
  return 0;
}
