// Session timers in real time, at the shortest interval that RFC 4028 allows: 90 s, refreshed after 45 s.
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/tests/interop/process.h"

namespace sansip::interop {
namespace {

struct Pair {
  std::unique_ptr<Sansip> call, answer;
};

Pair Talk(const std::vector<std::string>& call_options, const std::vector<std::string>& answer_options) {
  Pair pair;
  std::vector<std::string> words = {"answer", "--bind", "udp:127.0.0.1:0", "--once"};
  words.insert(words.end(), answer_options.begin(), answer_options.end());
  pair.answer = std::make_unique<Sansip>(words);
  words = {"call",
           "sip:bob@127.0.0.1:" + std::to_string(pair.answer->BoundPort()),
           "--session-expires",
           "90",
           "--hangup-after",
           "46500ms"};
  words.insert(words.end(), call_options.begin(), call_options.end());
  pair.call = std::make_unique<Sansip>(words);
  return pair;
}

void ExpectRefreshed(Pair& pair, const std::string& by) {
  EXPECT_EQ(pair.call->Wait(std::chrono::seconds(58)), 0) << pair.call->Everything();
  EXPECT_EQ(pair.answer->Wait(), 0) << pair.answer->Everything();
  EXPECT_EQ(pair.call->CountOf("refreshed"), 1u) << pair.call->Everything();
  EXPECT_EQ(pair.answer->CountOf("refreshed"), 1u) << pair.answer->Everything();
  const nlohmann::json refreshed = pair.call->Event("refreshed");
  EXPECT_EQ(refreshed["by"], by);
  EXPECT_EQ(refreshed["refresher"], by);
  EXPECT_EQ(refreshed["interval"], 90);
  EXPECT_EQ(pair.call->SchemaFault(), "");
}

TEST(SessionTimerTest, EitherSideRefreshesByReinviteAndByUpdate) {
  Pair by_reinvite = Talk({"--refresher", "uac", "--refresh-method", "reinvite"}, {});
  Pair by_update = Talk({"--refresher", "uac"}, {});
  Pair by_callee = Talk({}, {"--refresher", "uas"});
  ExpectRefreshed(by_reinvite, "us");
  ExpectRefreshed(by_update, "us");
  ExpectRefreshed(by_callee, "peer");
}

}  // namespace
}  // namespace sansip::interop
