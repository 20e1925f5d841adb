#include "sansip/tests/interop/linphone.h"

#include <sys/stat.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <string>
#include <thread>

namespace sansip::interop {
namespace {

// Its configuration, its home and its commands. Its sound card is files.
std::string LinphoneFolder(std::uint16_t port, bool has_session_timer) {
  const std::string folder = TemporaryPath("linphone-" + std::to_string(port));
  for (const char* part : {"", "/.local", "/.local/share", "/.local/share/linphone"}) {
    mkdir((folder + part).c_str(), 0700);
  }
  mkfifo((folder + "/commands").c_str(), 0600);
  std::ofstream file(folder + "/linphonerc");
  file << "[sip]\nsip_port=" << port << "\nsip_tcp_port=" << port
       << "\nsip_tls_port=-1\nuse_ipv6=0\n"
          "bind_address=127.0.0.1\nguess_hostname=0\n"
          "contact=\"Lin\" <sip:lin@127.0.0.1>\n";
  if (has_session_timer) {
    file << "session_expires_enabled=1\nsession_expires_value=90\n"
            "session_expires_min_value=90\nsession_expires_refresher_value=2\n";
  }
  file << "[rtp]\nbind_address=127.0.0.1\naudio_rtp_port=" << FreePort() << "\n[video]\nenabled=0\n";
  return folder;
}

}  // namespace

bool HasLinphone() {
  Process version({"linphonec", "-v"});
  return version.Wait() == 0;
}

Linphone::Linphone(std::uint16_t port, const std::string& target, bool has_session_timer)
    : Linphone(port, target, LinphoneFolder(port, has_session_timer)) {}

Linphone::Linphone(std::uint16_t port, const std::string& target, const std::string& folder)
    : Process({"sh", "-c", "cd \"$0\" && exec env HOME=\"$0\" linphonec -c linphonerc -a $1 0<>commands",
               folder, target.empty() ? "" : "-s " + target}),
      folder_(folder),
      port_(port) {
  Do("soundcard use files");
}

Linphone::~Linphone() {
  Signal(SIGTERM);
  Wait(std::chrono::seconds(5));
}

bool Linphone::IsListening() {
  for (int i = 0; i < 1000 && !IsPortTaken(port_); ++i) {
    if (!IsRunning()) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return IsPortTaken(port_);
}

// Opened for both, it waits for no reader.
void Linphone::Do(std::string_view command) const {
  std::fstream(folder_ + "/commands", std::ios::in | std::ios::out) << command << "\n";
}

bool Linphone::Register(const std::string& address, const std::string& registrar) {
  Do("register " + address + " " + registrar + " secret");
  for (int i = 0; i < 50; ++i) {
    Do("status register");
    if (SeesOnStdout("registered, identity=" + address, std::chrono::milliseconds(100))) return true;
  }
  return false;
}

std::string Linphone::uri() const { return "sip:lin@127.0.0.1:" + std::to_string(port_); }

}  // namespace sansip::interop
