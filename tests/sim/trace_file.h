// Trace files: a user agent's run as JSON Lines that replay bit for bit. What `--trace FILE` writes.
//
//   {"format":1,"options":{...}}
//   {"n":0,"random":["<16 hex digits>",...]}                              what the construction drew
//   {"n":1,"ns":0,"input":"PlaceCall","target":"sip:bob@192.0.2.2",...}    an input of the outermost object
//   {"n":1,"random":[...],"result":{...},"actions":[{"action":"Locate",...}]}   what came of it
//   {"n":2,"ns":20000000,"input":"OnMessage","origin":{...},"bytes":"<base64>"}
//
// An input is written, and the file flushed, before the user agent sees it: the last line of a program that
// died names what it died of. Times count nanoseconds from the start. Passwords are never written (see
// trace_json.h). The file is created for its owner alone, 0600.
#ifndef SANSIP_TESTS_SIM_TRACE_FILE_H_
#define SANSIP_TESTS_SIM_TRACE_FILE_H_

#include <cstdint>
#include <cstdio>
#include <functional>
#include <istream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/base/random.h"
#include "sansip/core/base/time.h"
#include "sansip/dialog/user_agent.h"
#include "sansip/dialog/user_agent_input.h"
#include "sansip/dialog/user_agent_options.h"
#include "sansip/tests/sim/input_observer.h"

namespace sansip::sim {

// Writes a trace. Give random() to the user agent that is to be recorded, and call Before and After around
// each of its inputs, or let ApplyRecorded do so.
class TraceRecorder : public InputObserver {
 public:
  // Where the text goes; false: it could not be written.
  using Write = std::function<bool(std::string_view)>;

  // Creates or empties the file, 0600. nullptr: it cannot be opened; errno says why.
  static std::unique_ptr<TraceRecorder> Create(const std::string& path, const UserAgentOptions& options,
                                               Instant start, RandomSource& random);
  TraceRecorder(Write write, const UserAgentOptions& options, Instant start, RandomSource& random);

  RandomSource& random() { return random_; }
  void Before(Instant now, const UserAgentInput& input) override;
  void After(const InputResult& result, const UserAgentSink& out) override;

  // False: something could not be written (a full disk); nothing more is written then.
  bool ok() const { return ok_; }

 private:
  class Listening : public RandomSource {
   public:
    explicit Listening(RandomSource& source) : source_(source) {}
    std::uint64_t Next() override { return drawn.emplace_back(source_.Next()); }
    std::vector<std::uint64_t> drawn;

   private:
    RandomSource& source_;
  };

  void WriteLine(const std::string& line);
  std::vector<std::string> TakeDrawn();

  Write write_;
  Instant start_;
  Listening random_;
  std::uint64_t inputs_ = 0;
  bool ok_ = true;
};

// Apply, with a recorder around it; null: without one.
InputResult ApplyRecorded(TraceRecorder* recorder, UserAgent& agent, Instant now, const UserAgentInput& input,
                          UserAgentSink& out);

struct ReplayOptions {
  // RFC 3264's question of the recording program, where it had one (UserAgentOptions::same_session).
  bool (*same_session)(std::string_view last, std::string_view fresh) = nullptr;
  // Passwords are not in traces: a run that needed one differs from there on.
  const DigestHashes* digest_hashes = nullptr;
};

struct ReplayResult {
  bool same = false;
  std::uint64_t inputs = 0;
  bool cut_off = false;    // the last input has no outcome: the program ended there
  std::string difference;  // the first one, or what is wrong with the file
};

// Plays a trace into a fresh user agent, in virtual time, and compares what comes of each input.
ReplayResult ReplayTrace(std::istream& in, const ReplayOptions& options = {});

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_TRACE_FILE_H_
