#include "sansip/tests/interop/sipp.h"

#include <unistd.h>

#include <string>
#include <vector>

namespace sansip::interop {
namespace {

std::string Working() {
  char folder[4096];
  return getcwd(folder, sizeof folder) == nullptr ? "." : folder;
}

// Echoes video on this port + 2 as well.
std::uint16_t MediaPort() {
  const std::uint16_t port = FreePort();
  return static_cast<std::uint16_t>(port > 65000 ? port - 1000 : port & ~1);
}

std::vector<std::string> Words(const SippOptions& options) {
  const std::uint16_t contact = options.contact_port == 0 ? options.port : options.contact_port;
  std::vector<std::string> words = {"sipp",
                                    "-sf",
                                    Working() + "/tests/interop/scenarios/" + options.scenario + ".xml",
                                    "-i",
                                    "127.0.0.1",
                                    "-mi",
                                    "127.0.0.1",
                                    "-p",
                                    std::to_string(options.port),
                                    "-mp",
                                    std::to_string(MediaPort()),
                                    "-rtp_echo",
                                    "-m",
                                    std::to_string(options.calls),
                                    "-key",
                                    "contact_port",
                                    std::to_string(contact),
                                    "-key",
                                    "moved_port",
                                    std::to_string(options.moved_port),
                                    "-t",
                                    options.tcp ? "t1" : "u1",
                                    "-nostdin",
                                    "-trace_err",
                                    "-error_file",
                                    TemporaryPath("sipp-errors-" + std::to_string(options.port) + ".log")};
  if (options.target_port != 0) {
    words.insert(words.end(), {"127.0.0.1:" + std::to_string(options.target_port), "-s", "service", "-l",
                               std::to_string(options.at_once), "-r", "20"});
  }
  return words;
}

}  // namespace

bool HasSipp() {
  Process version({"sipp", "-v"});
  version.Wait();
  return version.Stdout().find("SIPp v") != std::string::npos;
}

Sipp::Sipp(const SippOptions& options) : Process(Words(options)), port_(options.port) {}

bool Sipp::IsListening() {
  for (int i = 0; i < 500; ++i) {
    if (IsPortTaken(port_)) return true;
    if (!IsRunning()) return false;
    usleep(10'000);
  }
  return false;
}

}  // namespace sansip::interop
