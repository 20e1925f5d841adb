#include "sansip/tests/sim/trace_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <deque>
#include <optional>
#include <utility>

#include "sansip/tests/sim/trace_json.h"

namespace sansip::sim {
namespace {

std::string HexOf(std::uint64_t value) {
  char text[17];
  std::snprintf(text, sizeof(text), "%016llx", static_cast<unsigned long long>(value));
  return text;
}

std::string Dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

bool WriteAll(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

std::unique_ptr<TraceRecorder> TraceRecorder::Create(const std::string& path, const UserAgentOptions& options,
                                                     Instant start, RandomSource& random) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return nullptr;
  const std::shared_ptr<int> owner(new int(fd), [](int* opened) {
    close(*opened);
    delete opened;
  });
  // An older file may have been open to others. A pipe or a device cannot be helped, nor need it.
  struct stat status = {};
  if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && fchmod(fd, 0600) != 0) return nullptr;
  return std::make_unique<TraceRecorder>([owner](std::string_view text) { return WriteAll(*owner, text); },
                                         options, start, random);
}

TraceRecorder::TraceRecorder(Write write, const UserAgentOptions& options, Instant start,
                             RandomSource& random)
    : write_(std::move(write)), start_(start), random_(random) {
  WriteLine(Dump({{"format", 1}, {"options", JsonOf(options)}}));
}

void TraceRecorder::WriteLine(const std::string& line) { ok_ = ok_ && write_(line + "\n"); }

std::vector<std::string> TraceRecorder::TakeDrawn() {
  std::vector<std::string> texts;
  for (const std::uint64_t value : std::exchange(random_.drawn, {})) texts.push_back(HexOf(value));
  return texts;
}

void TraceRecorder::Before(Instant now, const UserAgentInput& input) {
  if (!random_.drawn.empty()) WriteLine(Dump({{"n", inputs_}, {"random", TakeDrawn()}}));
  Json line = {{"n", ++inputs_}, {"ns", (now - start_).count()}};
  line.update(JsonOf(input));
  WriteLine(Dump(line));
}

void TraceRecorder::After(const InputResult& result, const UserAgentSink& out) {
  Json actions = Json::array();
  for (const UserAgentAction& action : out) actions.push_back(JsonOf(action, start_));
  WriteLine(
      Dump({{"n", inputs_}, {"random", TakeDrawn()}, {"result", JsonOf(result)}, {"actions", actions}}));
}

InputResult ApplyRecorded(TraceRecorder* recorder, UserAgent& agent, Instant now, const UserAgentInput& input,
                          UserAgentSink& out) {
  if (recorder == nullptr) return Apply(agent, now, input, out);
  recorder->Before(now, input);
  const InputResult result = Apply(agent, now, input, out);
  recorder->After(result, out);
  return result;
}

namespace {

// Gives back what was drawn, and knows when more is asked for than that.
class Playback : public RandomSource {
 public:
  std::uint64_t Next() override {
    if (values_.empty()) {
      overdrawn_ = true;
      return 0;
    }
    const std::uint64_t value = values_.front();
    values_.pop_front();
    return value;
  }
  bool Load(const Json& line) {
    const auto found = line.find("random");
    if (found == line.end()) return true;
    if (!found->is_array()) return false;
    for (const Json& text : *found) {
      if (!text.is_string()) return false;
      const std::string digits = text.get<std::string>();
      std::uint64_t value = 0;
      const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
      if (read.ec != std::errc() || read.ptr != digits.data() + digits.size()) return false;
      values_.push_back(value);
    }
    return true;
  }
  bool used_up() const { return values_.empty() && !overdrawn_; }

 private:
  std::deque<std::uint64_t> values_;
  bool overdrawn_ = false;
};

class Replay {
 public:
  Replay(std::istream& in, const ReplayOptions& options) : in_(in), options_(options) {}

  ReplayResult Run() {
    if (!ReadLine() || line_.value("format", 0) != 1 ||
        !ReadOptions(line_.value("options", Json()), agent_options_)) {
      return Wrong("this is no trace of format 1");
    }
    agent_options_.same_session = options_.same_session;
    agent_options_.digest_hashes = options_.digest_hashes;
    if (ReadLine() && line_.value("n", -1) == 0) {
      if (!random_.Load(line_)) return Wrong("bad random numbers");
      ReadLine();
    }
    agent_.emplace(agent_options_, random_);
    if (!random_.used_up()) return Wrong("the construction drew other random numbers");
    while (line_.is_object()) {
      if (!PlayOne()) return result_;
      ReadLine();
    }
    if (!in_.eof()) return Wrong("line " + std::to_string(lines_) + " is no JSON object");
    result_.same = true;
    return result_;
  }

 private:
  // The next line; no object at the end, and where a line is none.
  bool ReadLine() {
    line_ = Json();
    std::string text;
    if (!std::getline(in_, text)) return false;
    ++lines_;
    line_ = Json::parse(text, nullptr, false);
    return line_.is_object();
  }

  ReplayResult Wrong(const std::string& text) {
    result_.difference = text;
    return result_;
  }

  bool PlayOne() {
    const Json input_line = line_;
    StoredInput input;
    const auto ns = input_line.find("ns");
    if (ns == input_line.end() || !ns->is_number_integer() || !input.Read(input_line)) {
      Wrong("line " + std::to_string(lines_) + " is no input");
      return false;
    }
    const Instant now(Duration(ns->get<std::int64_t>()));
    ++result_.inputs;
    result_.cut_off = !ReadLine();
    if (!result_.cut_off && !random_.Load(line_)) {
      Wrong("line " + std::to_string(lines_) + ": bad random numbers");
      return false;
    }
    out_.Clear();
    const InputResult applied = Apply(*agent_, now, input.input(), out_);
    if (result_.cut_off) return true;
    return Compare(input_line, applied);
  }

  bool Compare(const Json& input_line, const InputResult& applied) {
    const std::string where = "input " + std::to_string(result_.inputs) + " (" +
                              input_line.value("input", std::string()) + ", line " +
                              std::to_string(lines_ - 1) + ")";
    if (!random_.used_up()) {
      Wrong(where + " drew other random numbers");
      return false;
    }
    if (Dump(line_.value("result", Json())) != Dump(JsonOf(applied))) {
      Wrong(where + " was answered " + Dump(line_.value("result", Json())) + ", now " +
            Dump(JsonOf(applied)));
      return false;
    }
    const Json recorded = line_.value("actions", Json::array());
    for (std::size_t i = 0; i < std::max(recorded.size(), out_.size()); ++i) {
      const std::string then = i < recorded.size() ? Dump(recorded[i]) : "nothing";
      const std::string today = i < out_.size() ? Dump(JsonOf(out_[i], Instant{})) : "nothing";
      if (then == today) continue;
      Wrong(where + ", action " + std::to_string(i + 1) + "\n  recorded: " + then + "\n  replayed: " + today);
      return false;
    }
    return true;
  }

  std::istream& in_;
  const ReplayOptions options_;
  ReplayResult result_;
  Json line_;
  std::uint64_t lines_ = 0;
  UserAgentOptions agent_options_;
  Playback random_;
  std::optional<UserAgent> agent_;
  SinkOf<UserAgentAction, UserAgent::kActionsPerEventMax> out_;
};

}  // namespace

ReplayResult ReplayTrace(std::istream& in, const ReplayOptions& options) { return Replay(in, options).Run(); }

}  // namespace sansip::sim
