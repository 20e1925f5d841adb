// Session timers through Kamailio, which refuses what is below its minimum of 100 s and asks for a timer by
// itself: two calls at once, each with a refresh by way of the proxy after 50 s, one by the callee.
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/tests/interop/kamailio.h"
#include "sansip/tests/interop/process.h"

namespace sansip::interop {
namespace {

struct Way {
  std::unique_ptr<Sansip> call, answer;
  std::string proxy;  // as the ladders write it
};

Way TalkThrough(std::uint16_t proxy, const std::vector<std::string>& call_options,
                const std::vector<std::string>& answer_options) {
  Way way;
  way.proxy = "127.0.0.1:" + std::to_string(proxy);
  std::vector<std::string> words = {"answer", "--bind", "udp:127.0.0.1:0", "--once", "-v"};
  words.insert(words.end(), answer_options.begin(), answer_options.end());
  way.answer = std::make_unique<Sansip>(words);
  words = {"call",    "sip:bob@127.0.0.1:" + std::to_string(way.answer->BoundPort()),
           "--proxy", "sip:" + way.proxy,
           "-v",      "--hangup-after",
           "51500ms"};
  words.insert(words.end(), call_options.begin(), call_options.end());
  way.call = std::make_unique<Sansip>(words);
  return way;
}

// Lines of the ladder that begin, after the time, like `start` and have the proxy at the other end.
int LinesWith(Process& party, const std::string& start, const std::string& proxy) {
  int count = 0;
  const std::string ladder = party.Stderr();
  for (std::size_t at = ladder.find(start); at != std::string::npos; at = ladder.find(start, at + 1)) {
    const std::string line = ladder.substr(at, ladder.find('\n', at) - at);
    count += line.find("  " + proxy + " UDP") != std::string::npos;
  }
  return count;
}

void ExpectRefreshedThroughIt(Way& way, bool by_caller) {
  EXPECT_EQ(way.call->Wait(std::chrono::seconds(70)), 0) << way.call->Everything();
  EXPECT_EQ(way.answer->Wait(), 0) << way.answer->Everything();
  for (const auto& [party, refreshes] :
       {std::pair(way.call.get(), by_caller), std::pair(way.answer.get(), !by_caller)}) {
    const std::string who = refreshes ? "us" : "peer";
    EXPECT_EQ(party->Event("answered")["interval"], 100) << party->Everything();
    EXPECT_EQ(party->Event("answered")["refresher"], who);
    EXPECT_EQ(party->CountOf("refreshed"), 1u) << party->Everything();
    EXPECT_EQ(party->Event("refreshed")["interval"], 100);
    EXPECT_EQ(party->Event("refreshed")["by"], who);
    EXPECT_EQ(party->Event("refreshed")["refresher"], who);
    EXPECT_EQ(party->SchemaFault(), "");
    EXPECT_EQ(LinesWith(*party, refreshes ? "UPDATE sip:" : "200 OK (UPDATE)", way.proxy), 1)
        << party->Everything();
  }
}

TEST(SessionTimerKamailioTest, ARefreshGoesThroughAProxyWithAnOpinion) {
  if (!HasKamailio({"dialog", "sst"})) GTEST_SKIP() << "optional peer absent: kamailio with sst";
  const std::uint16_t port = FreePort();
  Kamailio kamailio("session_timer_proxy.cfg", port, {"MIN_SE=100"});
  ASSERT_TRUE(kamailio.IsListening()) << kamailio.Everything();
  Way too_small = TalkThrough(port, {"--session-expires", "90"}, {"--refresher", "uas"});
  Way not_asked = TalkThrough(port, {"--no-session-timer"}, {});
  ExpectRefreshedThroughIt(too_small, false);
  EXPECT_EQ(LinesWith(*too_small.call, "422 Session Interval Too Small", "127.0.0.1:" + std::to_string(port)),
            1);
  ExpectRefreshedThroughIt(not_asked, true);
  EXPECT_EQ(not_asked.call->Stderr().find("422 Session"), std::string::npos);  // not a port
}

}  // namespace
}  // namespace sansip::interop
