#include "sansip/tests/interop/process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>
#include <utility>

#include "sansip/cli/json_schema.h"
#include "sansip/tests/sim/trace_json.h"

extern char** environ;

namespace sansip::interop {
namespace {

constexpr std::chrono::milliseconds kPoll(5);

std::string Contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::vector<std::string> WithJson(std::vector<std::string> words) {
  words.insert(words.begin(), "cli/sansip");
  words.emplace_back("--json");
  return words;
}

// A socket bound to a free port of 127.0.0.1 (`port` 0) or to this one; -1: it is taken.
int Bound(int type, std::uint16_t& port) {
  const int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(fd, generic, size) != 0 || getsockname(fd, generic, &size) != 0) {
    close(fd);
    return -1;
  }
  port = ntohs(address.sin_port);
  return fd;
}

}  // namespace

std::string TemporaryPath(const std::string& name) {
  const char* const folder = std::getenv("TEST_TMPDIR");
  return std::string(folder == nullptr ? "/tmp" : folder) + "/" + std::to_string(getpid()) + "-" + name;
}

std::uint16_t FreePort() {
  for (;;) {
    std::uint16_t port = 0;
    const int udp = Bound(SOCK_DGRAM, port);
    const int tcp = Bound(SOCK_STREAM, port);
    close(udp);
    if (tcp < 0) continue;
    close(tcp);
    return port;
  }
}

bool IsPortTaken(std::uint16_t port) {
  const int udp = Bound(SOCK_DGRAM, port);
  const int tcp = Bound(SOCK_STREAM, port);
  if (udp >= 0) close(udp);
  if (tcp >= 0) close(tcp);
  return udp < 0 || tcp < 0;
}

std::uint16_t FreePortPair() {
  constexpr unsigned kFirst = 10'000, kPairs = 10'000;
  static unsigned next = static_cast<unsigned>(getpid()) * 37;
  for (;;) {
    const auto port = static_cast<std::uint16_t>(kFirst + 2 * (next++ % kPairs));
    if (!IsPortTaken(port) && !IsPortTaken(static_cast<std::uint16_t>(port + 1))) return port;
  }
}

SilentPeer::SilentPeer() { fd_ = Bound(SOCK_DGRAM, port_); }
SilentPeer::~SilentPeer() { close(fd_); }

Process::Process(std::vector<std::string> words, const std::string& folder) : words_(std::move(words)) {
  static int count = 0;
  const std::string name = TemporaryPath("process-" + std::to_string(++count));
  out_path_ = name + ".out";
  err_path_ = name + ".err";
  std::vector<char*> arguments;
  for (std::string& word : words_) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  constexpr int kCreate = O_WRONLY | O_CREAT | O_TRUNC | O_APPEND;
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, out_path_.c_str(), kCreate, 0600);
  posix_spawn_file_actions_addopen(&actions, 2, err_path_.c_str(), kCreate, 0600);
  if (!folder.empty()) posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  if (posix_spawnp(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ) != 0) pid_ = -1;
  posix_spawn_file_actions_destroy(&actions);
}

Process::~Process() {
  if (!IsRunning()) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void Process::Signal(int signal) const { kill(pid_, signal); }

bool Process::IsRunning() {
  if (exit_ || pid_ < 0) return false;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return true;
  exit_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return false;
}

int Process::Wait(std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (IsRunning()) {
    if (std::chrono::steady_clock::now() > end) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
      exit_ = -1;
      break;
    }
    std::this_thread::sleep_for(kPoll);
  }
  return exit_.value_or(-1);
}

bool Process::SeesOnStdout(std::string_view text, std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  for (;;) {
    const bool is_running = IsRunning();
    if (Stdout().find(text) != std::string::npos) return true;
    if (!is_running || std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(kPoll);
  }
}

std::string Process::Stdout() const { return Contents(out_path_); }
std::string Process::Stderr() const { return Contents(err_path_); }

std::string Process::Everything() const {
  std::string text = "$";
  for (const std::string& word : words_) text += " " + word;
  return text + "\n--- stdout\n" + Stdout() + "--- stderr\n" + Stderr() + "---\n";
}

Sansip::Sansip(std::vector<std::string> words) : Process(WithJson(std::move(words))) {}

std::vector<nlohmann::json> Sansip::Events() const {
  std::vector<nlohmann::json> events;
  const std::string text = Stdout();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string::npos) break;
    events.push_back(nlohmann::json::parse(text.substr(at, end - at), nullptr, false));
    at = end + 1;
  }
  return events;
}

nlohmann::json Sansip::Event(std::string_view name) const {
  for (const nlohmann::json& event : Events()) {
    if (event.is_object() && event["event"] == name) return event;
  }
  return nullptr;
}

std::size_t Sansip::CountOf(std::string_view name) const {
  std::size_t count = 0;
  for (const nlohmann::json& event : Events()) count += event.is_object() && event["event"] == name;
  return count;
}

bool Sansip::SeesEvents(std::string_view name, std::size_t count, std::chrono::milliseconds limit) const {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (CountOf(name) < count && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(kPoll);
  return CountOf(name) >= count;
}

nlohmann::json Sansip::Summary() const {
  const auto events = Events();
  return events.empty() ? nlohmann::json() : events.back();
}

std::uint16_t Sansip::BoundPort() {
  if (!SeesOnStdout("\"event\":\"bound\"")) return 0;
  SeesOnStdout("\n");
  return Event("bound")["port"].get<std::uint16_t>();
}

std::string Sansip::SchemaFault() const {
  const cli::JsonSchema schema(Contents("docs/json.md"));
  const auto events = Events();
  for (const nlohmann::json& event : events) {
    if (const std::string fault = schema.FaultIn(event); !fault.empty()) return fault + " in " + event.dump();
  }
  if (events.empty() || events.back()["event"] != "summary") return "the last line is no summary";
  return "";
}

std::vector<std::string> RequestsSent(const std::string& trace_path) {
  std::vector<std::string> requests;
  std::ifstream file(trace_path);
  for (std::string line; std::getline(file, line);) {
    const nlohmann::json record = nlohmann::json::parse(line, nullptr, false);
    if (!record.is_object()) continue;
    for (const nlohmann::json& action : record.value("actions", nlohmann::json::array())) {
      if (!action.contains("wire")) continue;
      const std::string wire = sim::FromBase64(action["wire"].get<std::string>()).value_or("");
      if (wire.starts_with("SIP/2.0")) continue;
      const std::string via = "Via: SIP/2.0/";
      requests.push_back(wire.substr(0, wire.find(' ')) + " " + wire.substr(wire.find(via) + via.size(), 3));
    }
  }
  return requests;
}

}  // namespace sansip::interop
