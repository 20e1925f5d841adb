// Session timers against SIPp. Its answers have intervals far below 90 s, which sansip bears (and counts), so
// that a refresh is due after seconds. All scenarios run at once.
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/tests/interop/process.h"
#include "sansip/tests/interop/sipp.h"

namespace sansip::interop {
namespace {

struct Talk {
  std::unique_ptr<Sipp> sipp;
  std::unique_ptr<Sansip> call;
};

Talk Start(const std::string& scenario, const std::vector<std::string>& options) {
  Talk talk;
  const std::uint16_t port = FreePort();
  talk.sipp = std::make_unique<Sipp>(SippOptions{.scenario = "uas_timer_" + scenario, .port = port});
  EXPECT_TRUE(talk.sipp->IsListening()) << talk.sipp->Everything();
  std::vector<std::string> words = {"call", "sip:service@127.0.0.1:" + std::to_string(port),
                                    "--session-expires", "90"};
  words.insert(words.end(), options.begin(), options.end());
  talk.call = std::make_unique<Sansip>(words);
  return talk;
}

// SIPp was content, and so is the page with what was printed.
void ExpectDone(Talk& talk, int exit) {
  EXPECT_EQ(talk.call->Wait(), exit) << talk.call->Everything();
  EXPECT_EQ(talk.sipp->Wait(), 0) << talk.sipp->Everything() << talk.call->Everything();
  EXPECT_EQ(talk.call->SchemaFault(), "");
}

TEST(SessionTimerSippTest, EachBehaviourOfAPeerByItsOwnRule) {
  if (!HasSipp()) GTEST_SKIP() << "optional peer absent: sipp";
  Talk too_small = Start("422", {"--hangup-after", "200ms"});
  Talk no_update = Start("405", {"--hangup-after", "3s"});
  Talk glare = Start("491", {"--hangup-after", "11s"});
  Talk no_dialog = Start("481", {});
  Talk silent = Start("silent", {});
  Talk roles = Start("roles", {"--refresher", "uac", "--hangup-after", "1s"});

  ExpectDone(too_small, 0);
  EXPECT_EQ(too_small.call->Event("answered")["interval"], 120);
  ExpectDone(roles, 0);
  EXPECT_EQ(roles.call->Event("answered")["refresher"], "peer");
  EXPECT_EQ(roles.call->Summary()["session_timers"]["tolerated"]["role-overridden"], 1);

  ExpectDone(no_update, 0);
  EXPECT_EQ(no_update.call->Event("refresh_failed")["status"], 405);
  EXPECT_EQ(no_update.call->Event("refreshed")["interval"], 90);
  EXPECT_EQ(no_update.call->Summary()["session_timers"]["tolerated"]["interval-too-small"], 1);

  ExpectDone(no_dialog, 4);
  EXPECT_EQ(no_dialog.call->Event("expiring")["reason"], "no-dialog");
  EXPECT_EQ(no_dialog.call->Event("ended")["cause"], "session-expired");
  ExpectDone(silent, 4);
  EXPECT_EQ(silent.call->Event("expiring")["reason"], "not-refreshed-by-peer");
  EXPECT_EQ(silent.call->Event("ended")["cause"], "session-expired");

  ExpectDone(glare, 0);
  EXPECT_EQ(glare.call->Event("refresh_failed")["status"], 491);
  EXPECT_TRUE(glare.call->Event("refresh_failed").contains("next_refresh"));
  EXPECT_EQ(glare.call->CountOf("refreshed"), 1u);
}

}  // namespace
}  // namespace sansip::interop
