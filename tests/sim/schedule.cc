#include "sansip/tests/sim/schedule.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "sansip/tests/sim/ladder.h"

namespace sansip::sim {
namespace {

using Kind = Deviation::Kind;

constexpr std::uint64_t kNumberMax = 1'000'000'000'000;
constexpr std::uint64_t kEndpointsMax = 1'000'000;

std::string_view WordOf(const Deviation& deviation) {
  switch (deviation.kind) {
    case Kind::kLose:
      return "lose";
    case Kind::kDelay:
      return deviation.stream == 0 ? "delay" : "hold";
    case Kind::kCopy:
      return "copy";
    case Kind::kCorrupt:
      return "corrupt";
    case Kind::kReset:
      return "reset";
    case Kind::kChunk:
      return "chunk";
  }
  return "";
}

std::string DurationText(Duration value) {
  const bool is_whole = value % std::chrono::milliseconds(1) == Duration::zero();
  return is_whole ? std::to_string(value / std::chrono::milliseconds(1)) + "ms"
                  : std::to_string(value.count()) + "ns";
}

std::string ValueText(const Deviation& deviation) {
  switch (deviation.kind) {
    case Kind::kDelay:
    case Kind::kCopy:
      return " " + DurationText(deviation.delay);
    case Kind::kCorrupt:
      return " " + std::to_string(deviation.value >> 8) + " " + std::to_string(deviation.value & 0xFF);
    case Kind::kChunk:
      return " " + std::to_string(deviation.value);
    case Kind::kLose:
    case Kind::kReset:
      return "";
  }
  return "";
}

// Deviations of following datagrams that are otherwise the same: one line.
struct Range {
  Deviation first;
  std::uint64_t last = 0;
};

std::vector<Range> RangesOf(std::vector<Deviation> deviations) {
  const auto key = [](const Deviation& one) {
    return std::tuple(one.link, one.stream, one.kind, one.delay, one.value, one.n);
  };
  std::sort(deviations.begin(), deviations.end(),
            [&](const Deviation& a, const Deviation& b) { return key(a) < key(b); });
  std::vector<Range> ranges;
  for (const Deviation& deviation : deviations) {
    if (!ranges.empty()) {
      Deviation expected = ranges.back().first;
      expected.n = ranges.back().last + 1;
      if (expected == deviation) {
        ranges.back().last = deviation.n;
        continue;
      }
    }
    ranges.push_back({deviation, deviation.n});
  }
  // In the order in which they happen on each link.
  std::sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) { return a.first < b.first; });
  return ranges;
}

std::string LineOf(const Range& range) {
  const Deviation& first = range.first;
  std::string line =
      std::string(WordOf(first)) + " " + PartyName(first.link.from) + ">" + PartyName(first.link.to);
  if (first.stream != 0) line += "/" + std::to_string(first.stream);
  line += " " + std::to_string(first.n + 1);
  if (range.last != first.n) line += "-" + std::to_string(range.last + 1);
  return line + ValueText(first);
}

// What befell a place: `record` is sorted.
std::string RemarkOn(const Deviation& deviation, const DeviationRecord& record) {
  const auto found = std::partition_point(record.begin(), record.end(),
                                          [&](const auto& entry) { return entry.first < deviation; });
  if (found == record.end() || found->first != deviation) return {};
  std::string line = found->second.line.substr(0, 60);
  for (char& c : line) {
    if (c < ' ' || c > '~') c = '?';
  }
  return "at " + ClockText(found->second.at) + ": " + line;
}

// ---- Reading ----

std::vector<std::string_view> WordsOf(std::string_view line) {
  line = line.substr(0, line.find('#'));
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t begin = line.find_first_not_of(" \t\r", at);
    if (begin == std::string_view::npos) break;
    const std::size_t end = std::min(line.find_first_of(" \t\r", begin), line.size());
    words.push_back(line.substr(begin, end - begin));
    at = end;
  }
  return words;
}

bool ReadNumber(std::string_view text, std::uint64_t max, std::uint64_t& value) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  return read.ec == std::errc() && read.ptr == text.data() + text.size() && value <= max;
}

bool ReadDelay(std::string_view text, Duration& value) {
  SwarmOptions options;
  std::string why;
  if (!options.Read("delay=" + std::string(text), why)) return false;
  value = options.faults.delay;
  return true;
}

std::optional<std::uint32_t> PartyNamed(std::string_view name) {
  for (std::uint32_t party = 0; party < SwarmOptions::kPartiesMax; ++party) {
    if (PartyName(party) == name) return party;
  }
  // Beyond the parties: ports of media.
  constexpr std::string_view kPrefix = "party";
  std::uint64_t number = 0;
  if (!name.starts_with(kPrefix) || !ReadNumber(name.substr(kPrefix.size()), kEndpointsMax, number) ||
      number <= SwarmOptions::kPartiesMax) {
    return std::nullopt;
  }
  return static_cast<std::uint32_t>(number - 1);
}

// "alice>bob", "alice>bob/2".
bool ReadLink(std::string_view text, Deviation& deviation) {
  const std::size_t slash = std::min(text.find('/'), text.size());
  const std::size_t arrow = text.find('>');
  if (arrow == std::string_view::npos || arrow > slash) return false;
  const auto from = PartyNamed(text.substr(0, arrow));
  const auto to = PartyNamed(text.substr(arrow + 1, slash - arrow - 1));
  if (!from || !to) return false;
  deviation.link = {*from, *to};
  if (slash == text.size()) return true;
  std::uint64_t stream = 0;
  if (!ReadNumber(text.substr(slash + 1), 1'000'000'000, stream) || stream == 0) return false;
  deviation.stream = static_cast<std::uint32_t>(stream);
  return true;
}

// "3", "3-7": counted from 1.
bool ReadRange(std::string_view text, Deviation& deviation, std::uint64_t& last) {
  const std::size_t dash = std::min(text.find('-'), text.size());
  if (!ReadNumber(text.substr(0, dash), kNumberMax, deviation.n) || deviation.n == 0) return false;
  last = deviation.n;
  if (dash != text.size() && !ReadNumber(text.substr(dash + 1), kNumberMax, last)) return false;
  if (last < deviation.n) return false;
  --deviation.n;
  --last;
  return true;
}

// What comes behind the datagram's number.
bool ReadValue(const std::vector<std::string_view>& words, Deviation& deviation) {
  static constexpr std::pair<std::string_view, Kind> kKinds[] = {
      {"lose", Kind::kLose},       {"delay", Kind::kDelay}, {"hold", Kind::kDelay}, {"copy", Kind::kCopy},
      {"corrupt", Kind::kCorrupt}, {"reset", Kind::kReset}, {"chunk", Kind::kChunk}};
  const auto* const found = std::find_if(std::begin(kKinds), std::end(kKinds),
                                         [&](const auto& kind) { return kind.first == words[0]; });
  if (found == std::end(kKinds)) return false;
  deviation.kind = found->second;
  if (WordOf(deviation) != words[0]) return false;  // delay and hold
  const bool is_of_stream = deviation.kind == Kind::kReset || deviation.kind == Kind::kChunk;
  if (deviation.kind != Kind::kDelay && is_of_stream != (deviation.stream != 0)) return false;
  std::uint64_t mask = 0;
  switch (deviation.kind) {
    case Kind::kLose:
    case Kind::kReset:
      return words.size() == 3;
    case Kind::kDelay:
    case Kind::kCopy:
      return words.size() == 4 && ReadDelay(words[3], deviation.delay);
    case Kind::kChunk:
      return words.size() == 4 && ReadNumber(words[3], kWholeWrite, deviation.value) && deviation.value != 0;
    case Kind::kCorrupt:
      if (words.size() != 5 || !ReadNumber(words[3], 0xFFFFFFFF, deviation.value) ||
          !ReadNumber(words[4], 255, mask)) {
        return false;
      }
      deviation.value = deviation.value << 8 | mask;
      return mask != 0;
  }
  return false;
}

class Reading {
 public:
  explicit Reading(Schedule& schedule) : schedule_(schedule) {}

  // Empty: well.
  std::string Line(std::string_view line) {
    const std::vector<std::string_view> words = WordsOf(line);
    if (words.empty()) return {};
    if (!has_run_) return Run(words);
    Deviation deviation;
    std::uint64_t last = 0;
    if (words.size() < 3 || !ReadLink(words[1], deviation) || !ReadRange(words[2], deviation, last) ||
        !ReadValue(words, deviation)) {
      return "is none of lose, delay, copy, corrupt, hold, chunk, reset with what belongs to them";
    }
    // A proxy, or ports of media, follow the parties.
    if (schedule_.options.media == 0 &&
        std::max(deviation.link.from, deviation.link.to) >= schedule_.options.elements()) {
      return "names a party that the run does not have";
    }
    if (last - deviation.n >= Schedule::kDeviationsMax - schedule_.deviations.size()) {
      return "is too much: at most " + std::to_string(Schedule::kDeviationsMax) + " datagrams can be named";
    }
    for (; deviation.n <= last; ++deviation.n) schedule_.deviations.push_back(deviation);
    return {};
  }
  bool has_run() const { return has_run_; }

 private:
  std::string Run(const std::vector<std::string_view>& words) {
    if (words[0] != "run") return "should be the one that begins with run";
    std::string why;
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (!schedule_.options.Read(words[i], why)) return "has a fault: " + why;
    }
    if (!schedule_.options.AreUsable(why)) return "has a fault: " + why;
    has_run_ = true;
    return {};
  }

  Schedule& schedule_;
  bool has_run_ = false;
};

}  // namespace

std::string Schedule::Text(std::string_view remarks, const DeviationRecord& record) const {
  std::string text = "# sansip schedule\n";
  while (!remarks.empty()) {
    const std::size_t end = std::min(remarks.find('\n'), remarks.size());
    text += "# " + std::string(remarks.substr(0, end)) + "\n";
    remarks.remove_prefix(std::min(end + 1, remarks.size()));
  }
  text += "run " + options.ShortText() + "\n";
  DeviationRecord sorted = record;
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const Range& range : RangesOf(deviations)) {
    std::string line = LineOf(range);
    if (const std::string remark = RemarkOn(range.first, sorted); !remark.empty()) {
      line.resize(std::max<std::size_t>(line.size() + 1, 30), ' ');
      line += "# " + remark;
    }
    text += line + "\n";
  }
  return text;
}

std::size_t Schedule::Lines() const { return 1 + RangesOf(deviations).size(); }

bool Schedule::Read(std::string_view text, Schedule& schedule, std::string& why) {
  schedule = {};
  if (text.size() > kBytesMax) {
    why = "it is longer than " + std::to_string(kBytesMax) + " bytes";
    return false;
  }
  Reading reading(schedule);
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    ++number;
    if (const std::string fault = reading.Line(text.substr(0, end)); !fault.empty()) {
      why = "line " + std::to_string(number) + " " + fault;
      return false;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (!reading.has_run()) why = "it has no line that begins with run";
  return reading.has_run();
}

}  // namespace sansip::sim
