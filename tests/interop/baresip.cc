#include "sansip/tests/interop/baresip.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <string>
#include <thread>

#include "nlohmann/json.hpp"

namespace sansip::interop {
namespace {

constexpr const char* kProgram = "/usr/bin/baresip";

// aubridge joins its source and its player: an echo.
constexpr const char* kModules = R"(module g711.so
module aubridge.so
module_tmp uuid.so
module_tmp account.so
module_app menu.so
module_app presence.so
module_app ctrl_tcp.so
audio_source aubridge,echo
audio_player aubridge,echo
audio_alert aubridge,alert
)";

std::string ModulesFolder() {
  Process find({"find", "/usr/lib", "-path", "*/baresip/modules/ctrl_tcp.so"});
  find.Wait();
  const std::string found = find.Stdout();
  return found.substr(0, found.rfind('/'));
}

std::string BaresipFolder(std::uint16_t port, std::uint16_t control_port, const std::string& account) {
  std::string folder = TemporaryPath("baresip-" + std::to_string(port));
  mkdir(folder.c_str(), 0700);
  std::ofstream(folder + "/config") << "net_interface 127.0.0.1\npoll_method epoll\nsip_listen 127.0.0.1:"
                                    << port << "\nctrl_tcp_listen 127.0.0.1:" << control_port
                                    << "\nmodule_path " << ModulesFolder() << "\n"
                                    << kModules;
  std::ofstream(folder + "/accounts") << account << "\n";
  std::ofstream(folder + "/contacts") << "\n";
  return folder;
}

}  // namespace

bool HasBaresip() { return access(kProgram, X_OK) == 0; }

Baresip::Baresip(std::uint16_t port)
    : Baresip(port, FreePort(), "<sip:bob@127.0.0.1:" + std::to_string(port) + ">;regint=0;answermode=auto") {
}

Baresip::Baresip(std::uint16_t port, const std::string& proxy)
    : Baresip(port, FreePort(),
              "<sip:bob@127.0.0.1" + proxy.substr(std::min(proxy.find(';'), proxy.size())) +
                  ">;regint=120;answermode=auto;auth_user=bob;auth_pass=secret;outbound=\"" + proxy + "\"") {}

Baresip::Baresip(std::uint16_t port, std::uint16_t control_port, const std::string& account)
    : Process({kProgram, "-f", BaresipFolder(port, control_port, account)}),
      port_(port),
      control_port_(control_port) {}

Baresip::~Baresip() {
  Signal(SIGTERM);
  Wait(std::chrono::seconds(5));
}

bool Baresip::IsListening() {
  for (int i = 0; i < 250 && !(IsPortTaken(port_) && IsPortTaken(control_port_)); ++i) {
    if (!IsRunning()) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return IsPortTaken(port_);
}

std::string Baresip::uri() const { return "sip:bob@127.0.0.1:" + std::to_string(port_); }

// ctrl_tcp: JSON in netstrings, "12:{...}," both ways; events come between.
bool Baresip::Do(std::string_view command, std::string_view parameters) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(control_port_);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval limit{5, 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  const std::string json =
      nlohmann::json{{"command", command}, {"params", parameters}, {"token", "it"}}.dump();
  const std::string netstring = std::to_string(json.size()) + ":" + json + ",";
  std::string answer;
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      send(fd, netstring.data(), netstring.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(netstring.size())) {
    char bytes[4096];
    while (answer.find("\"token\"") == std::string::npos) {
      const ssize_t got = recv(fd, bytes, sizeof bytes, 0);
      if (got <= 0) break;
      answer.append(bytes, static_cast<std::size_t>(got));
    }
  }
  close(fd);
  return answer.find("\"ok\":true") != std::string::npos;
}

}  // namespace sansip::interop
