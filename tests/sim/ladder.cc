#include "sansip/tests/sim/ladder.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <string_view>
#include <utility>

#include "sansip/core/base/check.h"
#include "sansip/core/transaction/arrow_table.h"
#include "sansip/core/transaction/step.h"
#include "sansip/tests/sim/node.h"

namespace sansip::sim {
namespace {

bool Shown(const Record& record, const LadderOptions& options) {
  switch (record.kind) {
    case Record::Kind::kSent:
    case Record::Kind::kLost:
      return true;
    case Record::Kind::kVerb:
      return options.verbs;
    case Record::Kind::kEvent:
      return options.events && record.name != "CallGone";
    case Record::Kind::kArrow:
      return options.arrows;
    case Record::Kind::kNote:
      return record.name.empty();
    case Record::Kind::kArrived:
    case Record::Kind::kDeadline:
    case Record::Kind::kInput:
    case Record::Kind::kMediaSent:
    case Record::Kind::kMediaLost:
    case Record::Kind::kMediaArrived:
    case Record::Kind::kPlayed:
    case Record::Kind::kMedia:
      return false;
  }
  return false;
}

// A canvas of one line: life lines, and what is drawn over them.
class Line {
 public:
  Line(const std::vector<char>& life_lines, std::size_t width)
      : width_(width), text_(life_lines.empty() ? 0 : (life_lines.size() - 1) * width + 1, ' ') {
    for (std::size_t node = 0; node < life_lines.size(); ++node) text_[node * width] = life_lines[node];
  }

  void Arrow(std::size_t from, std::size_t to, std::string_view label, bool is_lost) {
    const std::size_t left = std::min(from, to) * width_ + 2;
    const std::size_t right = std::max(from, to) * width_ - 2;
    std::fill(text_.begin() + static_cast<std::ptrdiff_t>(left),
              text_.begin() + static_cast<std::ptrdiff_t>(right) + 1, '-');
    const std::size_t room = right - left - 5;
    label = label.substr(0, room);
    if (from < to) {
      Put(left, std::string(label) + " ");
      text_[right] = '>';
      if (is_lost) Put(right - 5, "> x   ");
    } else {
      Put(right - label.size() - 1, " " + std::string(label) + " ");
      text_[left] = '<';
      if (is_lost) Put(left, "   x <");
    }
  }

  void Note(std::size_t node, std::string_view label) {
    const bool is_last = (node + 1) * width_ > text_.size();
    const std::size_t room = width_ - 3;
    label = label.substr(0, room);
    if (!is_last) {
      Put(node * width_ + 2, label);
    } else if (node > 0) {
      Put(node * width_ - 1 - label.size(), label);
    } else {
      text_ += " " + std::string(label);
    }
  }

  const std::string& text() const { return text_; }

 private:
  void Put(std::size_t at, std::string_view label) { text_.replace(at, label.size(), label); }

  std::size_t width_;
  std::string text_;
};

std::string Heading(const std::vector<std::string>& names, std::size_t width) {
  std::string line;
  for (std::size_t i = 0; i < names.size(); ++i) {
    // The last one ends at its life line's right.
    const std::size_t at = i * width;
    if (line.size() < at) line.resize(at, ' ');
    line += names[i];
  }
  return line;
}

void Append(std::string& remark, std::string_view more) {
  if (!remark.empty()) remark += ", ";
  remark += more;
}

// "[Answer]", or "[Answer: WrongState]" where it was refused.
std::string VerbText(const Record& record) {
  return "[" + std::string(record.name) +
         (record.text.empty() || record.text == record.name ? "" : ": " + std::string(record.text)) + "]";
}

std::string Pad(const std::string& text, std::size_t size) {
  return text.size() < size ? std::string(size - text.size(), ' ') + text : text;
}

// RTP of a port, drawn as its first packet and, when that comes to an end or changes, how many more there
// were.
class MediaRuns {
 public:
  void OnRecord(const Record& record, std::size_t place, std::vector<LadderStep>& steps) {
    const bool is_lost = record.kind == Record::Kind::kMediaLost;
    Run& run = runs_[{record.node, record.port}];
    if (record.kind == Record::Kind::kMedia) {
      if (run.more != 0) steps.push_back(StepOf(record, place, run));
      run = {};
    } else if ((is_lost || record.kind == Record::Kind::kMediaSent) && record.name == "RTP") {
      if (std::exchange(run.is_begun, true)) {
        ++run.more;
        run.lost += is_lost;
        return;
      }
      run.peer = record.peer;
      steps.push_back(StepOf(record, place, run));
      steps.back().is_lost = is_lost;
      if (is_lost) Append(steps.back().remark, "lost");
    }
  }

 private:
  struct Run {
    bool is_begun = false;
    std::uint32_t peer = Record::kNobody;
    std::uint64_t more = 0, lost = 0;
  };

  static LadderStep StepOf(const Record& record, std::size_t place, const Run& run) {
    LadderStep step{
        .kind = LadderStep::Kind::kMessage, .record = place, .at = record.at, .node = record.node};
    step.peer = run.peer;
    const bool is_first = run.more == 0;
    step.text = is_first ? "RTP from port " + std::to_string(record.port)
                         : "RTP ... " + std::to_string(run.more) + " packets";
    if (run.lost != 0) step.remark = std::to_string(run.lost) + " lost";
    return step;
  }

  std::map<std::pair<std::uint32_t, std::uint16_t>, Run> runs_;
};

// Without its end.
std::string StepText(const LadderStep& step, const std::vector<char>& life_lines, std::size_t width) {
  Line line(life_lines, width);
  if (step.kind == LadderStep::Kind::kMessage && step.peer != Record::kNobody && step.peer != step.node) {
    line.Arrow(step.node, step.peer, step.text, step.is_lost);
  } else {
    line.Note(step.node, step.text);
  }
  std::string text = Pad(ClockText(step.at), 12) + " " + line.text();
  if (!step.remark.empty()) text += "  " + step.remark;
  return text;
}

}  // namespace

std::string ArrowText(std::string_view name) {
  for (const Machine machine : {Machine::kInviteClient, Machine::kNonInviteClient, Machine::kInviteServer,
                                Machine::kNonInviteServer, Machine::kForwardedInvite}) {
    for (const Arrow& arrow : TableOf(machine).arrows) {
      if (arrow.id != name) continue;
      return std::string(name) + " " + std::string(StateName(arrow.in)) + " -> " +
             std::string(StateName(arrow.next));
    }
  }
  return std::string(name);
}

std::string ClockText(Instant at) {
  const std::int64_t millis = at.time_since_epoch().count() / 1'000'000;
  const std::int64_t seconds = millis / 1000;
  char text[48];
  if (seconds < 3600) {
    std::snprintf(text, sizeof(text), "%lld.%03lld", static_cast<long long>(seconds),
                  static_cast<long long>(millis % 1000));
  } else {
    std::snprintf(text, sizeof(text), "%lld:%02lld:%02lld.%03lld", static_cast<long long>(seconds / 3600),
                  static_cast<long long>(seconds / 60 % 60), static_cast<long long>(seconds % 60),
                  static_cast<long long>(millis % 1000));
  }
  return text;
}

std::vector<LadderStep> LadderSteps(const Trace& trace, const LadderOptions& options) {
  std::map<std::uint64_t, Instant> arrivals;  // of datagrams
  std::map<std::uint64_t, int> copies;
  for (const Record& record : trace.records()) {
    if (record.kind != Record::Kind::kArrived || record.datagram == 0) continue;
    arrivals.emplace(record.datagram, record.at);
    ++copies[record.datagram];
  }
  std::vector<LadderStep> steps;
  std::map<std::string_view, int> sent;  // copies of the same bytes: retransmissions
  MediaRuns media;
  for (std::size_t i = 0; i < trace.records().size(); ++i) {
    const Record& record = trace.records()[i];
    if (record.at < options.from || record.at > options.until) continue;
    if (record.kind >= Record::Kind::kMediaSent) media.OnRecord(record, i, steps);
    if (!Shown(record, options)) continue;
    LadderStep step{.record = i, .at = record.at, .node = record.node, .text = std::string(record.text)};
    if (record.kind == Record::Kind::kSent || record.kind == Record::Kind::kLost) {
      step.kind = LadderStep::Kind::kMessage;
      if (step.text.empty()) step.text = MessageText(record.wire);
      step.peer = record.peer;
      step.is_lost = record.kind == Record::Kind::kLost;
      if (const auto found = arrivals.find(record.datagram); found != arrivals.end())
        step.arrives = found->second;
      if (++sent[record.wire] > 1) Append(step.remark, "again");
      if (step.is_lost) Append(step.remark, "lost");
      if (record.datagram != 0 && copies[record.datagram] > 1) Append(step.remark, "arrives twice");
    } else {
      step.is_event = record.kind == Record::Kind::kEvent;
      if (step.is_event) step.expiry = record.due;
      const bool has_none = record.name == "Refreshed" && record.due == Instant{};
      step.ends_timer = step.is_event && (record.name == "Ended" || has_none);
      if (record.kind == Record::Kind::kVerb) step.text = VerbText(record);
      if (record.kind == Record::Kind::kArrow && step.text.empty()) step.text = ArrowText(record.name);
      if (step.is_event) step.text = "* " + step.text;
    }
    steps.push_back(std::move(step));
  }
  return steps;
}

std::string TextLadder(const Trace& trace, const std::vector<std::string>& names,
                       const LadderOptions& options) {
  const std::vector<LadderStep> steps = LadderSteps(trace, options);
  std::string out = std::string(13, ' ') + Heading(names, options.column_width) + "\n";
  const bool cut = options.lines_max != 0 && steps.size() > options.lines_max;
  const std::size_t head = cut ? options.lines_max / 2 : steps.size();
  const std::size_t tail = cut ? steps.size() - (options.lines_max - head) : steps.size();
  std::vector<char> life_lines(names.size(), '|');
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (i == head && cut) {
      out += std::string(13, ' ') + ": " + std::to_string(tail - head) + " lines more\n";
    }
    const LadderStep& step = steps[i];
    const bool starts_timer = step.is_event && step.expiry != Instant{};
    if (starts_timer && step.node < life_lines.size()) life_lines[step.node] = '#';
    if (i < head || i >= tail) {
      out += StepText(step, life_lines, options.column_width);
      if (starts_timer) out += "  expires " + ClockText(step.expiry);
      out += "\n";
    }
    if (step.ends_timer && step.node < life_lines.size()) life_lines[step.node] = '|';
  }
  return out;
}

}  // namespace sansip::sim
