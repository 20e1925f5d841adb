#include "sansip/tests/sim/ladder_svg.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>

namespace sansip::sim {
namespace {

constexpr int kRow = 24;
constexpr int kTop = 56;
constexpr int kTimeWidth = 110;
constexpr int kColumn = 340, kNarrowColumn = 220;  // the narrow ones beyond so many
constexpr std::size_t kWideColumnsMax = 3;
constexpr int kSpanGap = 5;   // between one interval and the next
constexpr int kLane = 12;     // between spans side by side
constexpr int kLanesMax = 4;  // fit between the times and the first life line
constexpr int kMargin = 130;  // right of the last life line, for remarks and notes: at least
constexpr int kRemarkGap = 16;
constexpr int kRemarkLetter = 7;  // an 11 px letter of a font of equal widths, rounded up

// Everything is scoped to the class, so that a page may hold several ladders.
constexpr std::string_view kStyle = R"(<style>
.sansip-ladder{font:13px ui-monospace,Menlo,Consolas,monospace;--ink:#1d2733;--faint:#6b7785;--line:#c4ccd6;
--request:#0b62c4;--response:#1a7f4b;--lost:#c62828;--timer:#e8a100;--event:#6a3fb5;background:transparent}
@media (prefers-color-scheme:dark){.sansip-ladder{--ink:#e7ecf2;--faint:#9aa7b5;--line:#46525f;--request:#6fb1ff;
--response:#5fd39a;--lost:#ff7b72;--timer:#f2c14e;--event:#c3a6ff}}
.sansip-ladder text{fill:var(--ink)}.sansip-ladder .t{fill:var(--faint);text-anchor:end}
.sansip-ladder .h{font-weight:600;text-anchor:middle}.sansip-ladder .life{stroke:var(--line);stroke-width:2}
.sansip-ladder .request{stroke:var(--request);fill:var(--request)}
.sansip-ladder .response{stroke:var(--response);fill:var(--response)}
.sansip-ladder .lost{stroke:var(--lost);fill:var(--lost);stroke-dasharray:5 4}
.sansip-ladder .m{text-anchor:middle}.sansip-ladder .r{fill:var(--faint);font-size:11px}
.sansip-ladder .e{fill:var(--event)}.sansip-ladder .n{fill:var(--faint)}
.sansip-ladder circle{fill:var(--ink)}.sansip-ladder .span{stroke:var(--timer);stroke-width:6;opacity:.55}
.sansip-ladder .lasts{stroke:var(--timer);stroke-width:4;opacity:.7}
.sansip-ladder .s{fill:var(--faint);font-size:10px;text-anchor:middle}
</style>)";

std::string N(int number) { return std::to_string(number); }

std::string LineElement(int x1, int y1, int x2, int y2, std::string_view css) {
  return "<line class=\"" + std::string(css) + "\" x1=\"" + N(x1) + "\" y1=\"" + N(y1) + "\" x2=\"" + N(x2) +
         "\" y2=\"" + N(y2) + "\"/>";
}

std::string TextElement(int x, int y, std::string_view css, std::string_view text,
                        std::string_view attributes = {}) {
  return "<text class=\"" + std::string(css) + "\" x=\"" + N(x) + "\" y=\"" + N(y) + "\"" +
         std::string(attributes) + ">" + EscapeHtml(text) + "</text>";
}

bool IsResponse(const LadderStep& step) {
  return !step.text.empty() && step.text[0] >= '1' && step.text[0] <= '6';
}

std::string ArrowHead(int x, int y, bool to_right, std::string_view css) {
  const int back = to_right ? x - 9 : x + 9;
  return "<path class=\"" + std::string(css) + "\" stroke=\"none\" d=\"M" + N(x) + " " + N(y) + "L" +
         N(back) + " " + N(y - 4) + "L" + N(back) + " " + N(y + 4) + "z\"/>";
}

class Drawing {
 public:
  // Remarks, the longest of which has so many letters, stand outside of so many lanes.
  Drawing(std::size_t nodes, std::size_t rows, std::size_t remark, std::size_t lanes)
      : nodes_(nodes),
        remark_shift_(static_cast<int>(lanes) * kLane),
        width_(ColumnX(nodes == 0 ? 0 : nodes - 1) +
               std::max(kMargin, kRemarkGap + remark_shift_ + static_cast<int>(remark) * kRemarkLetter)),
        height_(kTop + static_cast<int>(rows) * kRow + 20) {}

  void Head(const std::vector<std::string>& names, std::string_view title) {
    out_ += "<svg class=\"sansip-ladder\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + N(width_) +
            " " + N(height_) + "\" width=\"" + N(width_) +
            "\" style=\"max-width:100%;height:auto\" role=\"img\">";
    out_ += "<title>" + EscapeHtml(title) + "</title>";
    out_ += kStyle;
    for (std::size_t i = 0; i < nodes_; ++i) {
      out_ += TextElement(ColumnX(i), 28, "h", names[i]);
      out_ += LineElement(ColumnX(i), kTop - 16, ColumnX(i), height_ - 8, "life");
    }
  }

  void Step(std::size_t row, const LadderStep& step) {
    const int y = RowY(row);
    out_ += TextElement(kTimeWidth - 14, y + 4, "t", ClockText(step.at));
    if (step.kind == LadderStep::Kind::kMessage && step.peer != Record::kNobody && step.peer < nodes_ &&
        step.peer != step.node) {
      Message(y, step);
    } else {
      Note(y, step);
    }
  }

  // The lanes beside a life line, from the inside; remarks stand outside of them.
  void Span(const LadderSpan& span, std::size_t lane, std::size_t from_row, std::size_t to_row) {
    const int out = 10 + static_cast<int>(lane) * kLane;
    const int x = ColumnX(span.node) + (span.node == 0 ? -out : out);
    out_ += "<g><title>" + EscapeHtml(span.text) + "</title>" +
            LineElement(x, RowY(from_row) - 2, x, RowY(to_row) + 2, "lasts") +
            TextElement(x, RowY(from_row) - 6, "s", span.name) + "</g>";
  }

  void Gap(std::size_t row, std::size_t hidden) {
    out_ += TextElement(ColumnX(0) + 14, RowY(row) + 4, "n", "... " + std::to_string(hidden) + " lines more");
  }

  void TimerSpan(std::size_t node, std::size_t from_row, std::size_t to_row, std::string_view title) {
    const int x = ColumnX(node) + (node == 0 ? -9 : 9);
    out_ += "<g><title>" + EscapeHtml(title) + "</title>" +
            LineElement(x, RowY(from_row), x, RowY(to_row) - kSpanGap, "span") + "</g>";
  }

  std::string Finish() { return std::move(out_) + "</svg>\n"; }

 private:
  int ColumnX(std::size_t node) const {
    return kTimeWidth + 40 + static_cast<int>(node) * (nodes_ > kWideColumnsMax ? kNarrowColumn : kColumn);
  }
  static int RowY(std::size_t row) { return kTop + static_cast<int>(row) * kRow; }

  void Message(int y, const LadderStep& step) {
    const bool to_right = step.peer > step.node;
    const int from = ColumnX(step.node);
    const int to = ColumnX(step.peer);
    const std::string_view css = step.is_lost ? "lost" : IsResponse(step) ? "response" : "request";
    const int end = step.is_lost ? (from + to) / 2 + (to - from) / 4 : to;
    const int end_y = y + (step.is_lost ? 5 : 8);
    out_ += LineElement(from, y, end, end_y, css);
    if (step.is_lost) {
      out_ += LineElement(end - 6, end_y - 6, end + 6, end_y + 6, "lost") +
              LineElement(end - 6, end_y + 6, end + 6, end_y - 6, "lost");
    } else {
      out_ += ArrowHead(to, end_y, to_right, css);
    }
    out_ += TextElement((from + to) / 2, y - 3, "m", step.text);
    if (!step.remark.empty())
      out_ += TextElement(std::max(from, to) + kRemarkGap + remark_shift_, y + 8, "r", step.remark);
  }

  void Note(int y, const LadderStep& step) {
    const bool left_side = step.node + 1 == nodes_ && nodes_ > 1;
    out_ += "<circle cx=\"" + N(ColumnX(step.node)) + "\" cy=\"" + N(y) + "\" r=\"3.5\"/>";
    out_ += TextElement(ColumnX(step.node) + (left_side ? -20 : 14), y + 4, step.is_event ? "e" : "n",
                        step.text, left_side ? " text-anchor=\"end\"" : "");
  }

  std::size_t nodes_;
  int remark_shift_;
  int width_;
  int height_;
  std::string out_;
};

// A span begins at the first step of its node from its first record on, and ends at the last step up to its
// last record, or at the next one if that is of the same instant: what a timer that fires brings about.
class Spans {
 public:
  Spans(const Trace& trace, const std::vector<LadderStep>& steps, const std::vector<LadderSpan>& spans) {
    std::map<std::uint32_t, std::vector<std::size_t>> busy_until;  // of a node's lanes
    for (const LadderSpan& span : spans) {
      const auto first = std::find_if(steps.begin(), steps.end(), [&](const LadderStep& step) {
        return step.record >= span.from && Touches(step, span.node);
      });
      auto last = first;
      for (auto step = first; step != steps.end() && step->record <= span.until; ++step) last = step;
      const Instant end = trace.records()[span.until].at;
      if (last != steps.end() && last->at < end && last + 1 != steps.end() && (last + 1)->at == end) ++last;
      if (first == steps.end() || last == first) continue;
      const auto from = static_cast<std::size_t>(first - steps.begin());
      const auto to = static_cast<std::size_t>(last - steps.begin());
      std::vector<std::size_t>& lanes = busy_until[span.node];
      std::size_t lane = 0;
      while (lane < lanes.size() && lanes[lane] >= from) ++lane;
      if (lane >= static_cast<std::size_t>(kLanesMax)) continue;
      if (lane == lanes.size()) lanes.push_back(0);
      lanes[lane] = to;
      placed_.push_back({span, lane, from, to});
      if (span.node > 0) outer_lanes_ = std::max(outer_lanes_, lane + 1);
    }
  }

  std::size_t outer_lanes() const { return outer_lanes_; }
  void Draw(Drawing& drawing) const {
    for (const Placed& placed : placed_) drawing.Span(placed.span, placed.lane, placed.from, placed.to);
  }

 private:
  struct Placed {
    LadderSpan span;
    std::size_t lane = 0, from = 0, to = 0;
  };
  static bool Touches(const LadderStep& step, std::uint32_t node) {
    return step.node == node || step.peer == node;
  }

  std::vector<Placed> placed_;
  std::size_t outer_lanes_ = 0;
};

}  // namespace

std::string EscapeHtml(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        // XML knows no other control characters.
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') out += c;
    }
  }
  return out;
}

std::string SvgLadder(const Trace& trace, const std::vector<std::string>& names, std::string_view title,
                      const LadderOptions& options) {
  const std::vector<LadderStep> steps = LadderSteps(trace, options);
  const bool cut = options.lines_max != 0 && steps.size() > options.lines_max;
  const std::size_t head = cut ? options.lines_max / 2 : steps.size();
  const std::size_t tail = cut ? steps.size() - (options.lines_max - head) : steps.size();
  const std::size_t rows = cut ? options.lines_max + 1 : steps.size();

  // Where lines are left out, rows are not steps.
  const Spans spans(trace, steps, cut ? std::vector<LadderSpan>{} : options.spans);
  std::size_t remark = 0;
  for (const LadderStep& step : steps) remark = std::max(remark, step.remark.size());
  Drawing drawing(names.size(), rows, remark, spans.outer_lanes());
  drawing.Head(names, title);
  spans.Draw(drawing);
  struct Running {
    std::size_t row = 0;
    Instant expiry;
  };
  std::map<std::uint32_t, Running> timers;  // by node
  const auto stop = [&](std::uint32_t node, std::size_t row) {
    const auto found = timers.find(node);
    if (found == timers.end()) return;
    drawing.TimerSpan(node, found->second.row, row,
                      "session timer, expires at " + ClockText(found->second.expiry));
    timers.erase(found);
  };
  std::size_t row = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (cut && i == head) drawing.Gap(row++, tail - head);
    if (i >= head && i < tail) continue;
    const LadderStep& step = steps[i];
    if (step.is_event && step.expiry != Instant{}) {
      stop(step.node, row);
      timers[step.node] = {row, step.expiry};
    } else if (step.ends_timer) {
      stop(step.node, row);
    }
    drawing.Step(row++, step);
  }
  while (!timers.empty()) stop(timers.begin()->first, rows);
  return drawing.Finish();
}

}  // namespace sansip::sim
