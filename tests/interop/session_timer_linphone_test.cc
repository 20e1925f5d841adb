// Session timers against linphonec (Debian package linphone-cli): called and calling, with either side as
// refresher, at 90 s, refreshed after 45 s. All calls at once.
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/tests/interop/linphone.h"
#include "sansip/tests/interop/process.h"

namespace sansip::interop {
namespace {

void ExpectOneRefresh(Sansip& sansip, const std::string& refresher) {
  EXPECT_EQ(sansip.Wait(std::chrono::seconds(70)), 0) << sansip.Everything();
  EXPECT_EQ(sansip.Event("answered")["interval"], 90) << sansip.Everything();
  EXPECT_EQ(sansip.Event("answered")["refresher"], refresher);
  EXPECT_EQ(sansip.CountOf("refreshed"), 1u) << sansip.Everything();
  EXPECT_EQ(sansip.Event("refreshed")["by"], refresher);
  EXPECT_EQ(sansip.Event("refreshed")["interval"], 90);
  EXPECT_EQ(sansip.Event("ended")["cause"], "local-bye");
  EXPECT_EQ(sansip.SchemaFault(), "");
}

TEST(SessionTimerLinphoneTest, EitherSideCallsAndEitherSideRefreshes) {
  if (!HasLinphone()) GTEST_SKIP() << "optional peer absent: linphonec";
  const auto call = [](std::uint16_t port, const char* refresher, const char* method) {
    return std::make_unique<Sansip>(std::vector<std::string>{
        "call", "sip:lin@127.0.0.1:" + std::to_string(port), "--session-expires", "90", "--refresher",
        refresher, "--refresh-method", method, "--hangup-after", "48s"});
  };
  Sansip answer({"answer", "--bind", "udp:127.0.0.1:0", "--once", "--hangup-after", "48s"});
  Linphone caller(FreePort(), "sip:bob@127.0.0.1:" + std::to_string(answer.BoundPort()), true);

  const std::uint16_t ports[] = {FreePort(), FreePort(), FreePort()};
  Linphone refreshed(ports[0], "", true), refreshed_by_invite(ports[1], "", true),
      refresher(ports[2], "", true);
  ASSERT_TRUE(refreshed.IsListening()) << refreshed.Everything();
  const auto we_refresh = call(ports[0], "uac", "update");
  ASSERT_TRUE(refreshed_by_invite.IsListening()) << refreshed_by_invite.Everything();
  const auto we_reinvite = call(ports[1], "uac", "reinvite");
  ASSERT_TRUE(refresher.IsListening()) << refresher.Everything();
  const auto it_refreshes = call(ports[2], "uas", "update");

  ExpectOneRefresh(*we_refresh, "us");
  ExpectOneRefresh(*we_reinvite, "us");
  ExpectOneRefresh(*it_refreshes, "peer");
  ExpectOneRefresh(answer, "peer");
}

}  // namespace
}  // namespace sansip::interop
