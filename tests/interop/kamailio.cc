#include "sansip/tests/interop/kamailio.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

namespace sansip::interop {
namespace {

constexpr const char* kProgram = "/usr/sbin/kamailio";

std::string Here() {
  char folder[4096];
  return getcwd(folder, sizeof folder) == nullptr ? "." : folder;
}

std::vector<std::string> Words(const std::string& script, std::uint16_t port,
                               const std::vector<std::string>& defines) {
  std::vector<std::string> words = {kProgram,
                                    "-f",
                                    Here() + "/tests/interop/scenarios/" + script,
                                    "-DD",
                                    "-E",
                                    "-Y",
                                    Here(),
                                    "-m",
                                    "64",
                                    "-M",
                                    "8",
                                    "-A",
                                    "LISTEN_PORT=" + std::to_string(port)};
  for (const std::string& define : defines) words.insert(words.end(), {"-A", define});
  return words;
}

}  // namespace

bool HasKamailio(const std::vector<std::string>& modules) {
  if (access(kProgram, X_OK) != 0) return false;
  Process version({kProgram, "-v"});
  if (version.Wait() != 0) return false;
  return std::all_of(modules.begin(), modules.end(), [](const std::string& module) {
    Process find({"find", "/usr/lib", "-path", "*/kamailio/modules/" + module + ".so"});
    find.Wait();
    return !find.Stdout().empty();
  });
}

Kamailio::Kamailio(const std::string& script, std::uint16_t port, const std::vector<std::string>& defines)
    : Process(Words(script, port, defines)), port_(port) {}

Kamailio::~Kamailio() {
  Signal(SIGTERM);
  Wait(std::chrono::seconds(5));
}

bool Kamailio::IsListening() {
  for (int i = 0; i < 500 && !IsPortTaken(port_); ++i) {
    if (!IsRunning()) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return IsPortTaken(port_);
}

}  // namespace sansip::interop
