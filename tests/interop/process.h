// A program under test: started, watched, signalled, awaited with a bound on time. Its stdout and stderr go
// to files and can be read while it runs.
#ifndef SANSIP_TESTS_INTEROP_PROCESS_H_
#define SANSIP_TESTS_INTEROP_PROCESS_H_

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nlohmann/json.hpp"

namespace sansip::interop {

class Process {
 public:
  // `words[0]` is the program; in PATH if it has no slash. Started in `folder` if that is not empty.
  explicit Process(std::vector<std::string> words, const std::string& folder = "");
  ~Process();  // killed, if it still runs
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void Signal(int signal) const;
  // The exit code; 128 + n for signal n; -1: it still ran after `limit`, and was killed.
  int Wait(std::chrono::milliseconds limit = std::chrono::seconds(20));
  bool IsRunning();
  // True as soon as stdout holds this text.
  bool SeesOnStdout(std::string_view text, std::chrono::milliseconds limit = std::chrono::seconds(10));

  std::string Stdout() const;
  std::string Stderr() const;
  std::string Everything() const;  // for messages of failed tests

 private:
  std::vector<std::string> words_;
  std::string out_path_, err_path_;
  pid_t pid_ = -1;
  std::optional<int> exit_;
};

// `sansip` with --json, and its events.
class Sansip : public Process {
 public:
  explicit Sansip(std::vector<std::string> words);

  std::vector<nlohmann::json> Events() const;
  // The first event with this name; null: none.
  nlohmann::json Event(std::string_view name) const;
  std::size_t CountOf(std::string_view name) const;
  // True as soon as so many events with this name are there.
  bool SeesEvents(std::string_view name, std::size_t count,
                  std::chrono::milliseconds limit = std::chrono::seconds(10)) const;
  nlohmann::json Summary() const;  // the last line
  // Waits for the first event "bound": its port.
  std::uint16_t BoundPort();
  // What docs/json.md does not allow in its stdout; empty: nothing.
  std::string SchemaFault() const;
};

// Of a --trace file: the requests that were sent, each as "INVITE UDP", with the transport of its top Via.
std::vector<std::string> RequestsSent(const std::string& trace_path);

// Where the test may write; unique to the test program.
std::string TemporaryPath(const std::string& name);

// A port of 127.0.0.1 that nobody has, neither UDP nor TCP; free at least now.
std::uint16_t FreePort();

// One whose next one is free, too: for who binds both, by itself. Not of those that the system gives out,
// which other tests get meanwhile.
std::uint16_t FreePortPair();

// Does somebody have it, over UDP or TCP?
bool IsPortTaken(std::uint16_t port);

// A UDP socket that never answers; its port.
class SilentPeer {
 public:
  SilentPeer();
  ~SilentPeer();
  std::uint16_t port() const { return port_; }

 private:
  int fd_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace sansip::interop

#endif  // SANSIP_TESTS_INTEROP_PROCESS_H_
