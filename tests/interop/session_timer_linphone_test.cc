// Session timers against linphonec (Debian package linphone-cli): called and calling, with either side as
// refresher, at 90 s, refreshed after 45 s. All calls at once.
#include <sys/stat.h>

#include <csignal>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/tests/interop/process.h"

namespace sansip::interop {
namespace {

bool HasLinphone() {
  Process version({"linphonec", "-v"});
  return version.Wait() == 0;
}

// Its configuration, its home and its commands, which never come. SIP over UDP on loopback only, at `port`.
std::string LinphoneFolder(std::uint16_t port) {
  const std::string folder = TemporaryPath("linphone-" + std::to_string(port));
  for (const char* part : {"", "/.local", "/.local/share", "/.local/share/linphone"}) {
    mkdir((folder + part).c_str(), 0700);
  }
  mkfifo((folder + "/commands").c_str(), 0600);
  std::ofstream(folder + "/linphonerc") << "[sip]\nsip_port=" << port
                                        << "\nsip_tcp_port=-1\nsip_tls_port=-1\nuse_ipv6=0\n"
                                           "bind_address=127.0.0.1\nguess_hostname=0\n"
                                           "contact=\"Lin\" <sip:lin@127.0.0.1>\n"
                                           "session_expires_enabled=1\nsession_expires_value=90\n"
                                           "session_expires_min_value=90\nsession_expires_refresher_value=2\n"
                                           "[rtp]\nbind_address=127.0.0.1\naudio_rtp_port="
                                        << FreePort() << "\n[video]\nenabled=0\n";
  return folder;
}

// It answers whoever calls, and calls `target` if that is not empty.
class Linphone : public Process {
 public:
  Linphone(std::uint16_t port, const std::string& target)
      : Process({"sh", "-c", "cd \"$0\" && exec env HOME=\"$0\" linphonec -c linphonerc -a $1 0<>commands",
                 LinphoneFolder(port), target.empty() ? "" : "-s " + target}),
        port_(port) {}
  ~Linphone() {
    Signal(SIGTERM);
    Wait(std::chrono::seconds(5));
  }

  bool IsListening() {
    for (int i = 0; i < 1000 && !IsPortTaken(port_); ++i) {
      if (!IsRunning()) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return IsPortTaken(port_);
  }

 private:
  std::uint16_t port_;
};

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
  Linphone caller(FreePort(), "sip:bob@127.0.0.1:" + std::to_string(answer.BoundPort()));

  const std::uint16_t ports[] = {FreePort(), FreePort(), FreePort()};
  Linphone refreshed(ports[0], ""), refreshed_by_invite(ports[1], ""), refresher(ports[2], "");
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
