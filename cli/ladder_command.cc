#include "sansip/cli/ladder_command.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "fmt/core.h"
#include "sansip/cli/page.h"
#include "sansip/cli/print.h"
#include "sansip/tests/sim/capture.h"
#include "sansip/tests/sim/ladder.h"
#include "sansip/tests/sim/ladder_svg.h"
#include "sansip/tests/sim/recorded_trace.h"

namespace sansip::cli {
namespace {

LadderFormat FormatOf(const LadderOptions& options) {
  if (options.is_format_given) return options.format;
  const std::string_view out = options.out;
  if (out.ends_with(".svg")) return LadderFormat::kSvg;
  if (out.ends_with(".html") || out.ends_with(".htm")) return LadderFormat::kHtml;
  return LadderFormat::kText;
}

// A drawing has no use for more, and a page of this many is already long.
constexpr std::size_t kDrawnLinesMax = 5000;

std::string Drawn(const LadderOptions& options, const sim::Trace& trace,
                  const std::vector<std::string>& names, const std::string& remark) {
  sim::LadderOptions how{.lines_max = options.lines_max};
  const LadderFormat format = FormatOf(options);
  if (format == LadderFormat::kText) return sim::TextLadder(trace, names, how);
  if (how.lines_max == 0) how.lines_max = kDrawnLinesMax;
  const std::string svg = sim::SvgLadder(trace, names, options.path, how);
  if (format == LadderFormat::kSvg) return svg;
  PagePart part;
  part.title = options.path;
  part.explanation = remark;
  part.ladder_svg = svg;
  return HtmlPage({.command = "ladder",
                   .heading = "Who said what to whom",
                   .lead = "Each arrow is a SIP message; times count from the beginning.",
                   .parts = {part}});
}

ExitCode Fail(std::FILE* err, ExitCode exit, const std::string& path, std::string_view why) {
  PrintTo(err, "sansip ladder: {}: {}\n", path, why);
  return exit;
}

std::string RemarkOn(const sim::CaptureFigures& figures) {
  std::string text = fmt::format("{} packets, {} SIP messages", figures.packets, figures.messages);
  if (figures.fragments > 0) text += fmt::format("; {} IP fragments left out", figures.fragments);
  if (figures.cut_off > 0) text += fmt::format("; {} cut off and left out", figures.cut_off);
  if (figures.gaps > 0) text += fmt::format("; {} gaps in TCP streams", figures.gaps);
  return text;
}

}  // namespace

ExitCode RunLadder(const LadderOptions& options, std::FILE* out, std::FILE* err) {
  std::ifstream file(options.path, std::ios::binary);
  if (!file.is_open()) return Fail(err, ExitCode::kLocalResource, options.path, std::strerror(errno));
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (file.bad()) return Fail(err, ExitCode::kLocalResource, options.path, "it cannot be read");
  sim::Trace trace;
  std::vector<std::string> names;
  std::string why, remark;
  if (sim::IsCapture(bytes)) {
    sim::CaptureFigures figures;
    if (!sim::ReadCapture(bytes, trace, names, figures, why)) {
      return Fail(err, ExitCode::kInvalid, options.path, why);
    }
    remark = RemarkOn(figures);
  } else if (sim::IsRecordedTrace(bytes)) {
    std::istringstream lines(std::move(bytes));
    if (!sim::ReadRecordedTrace(lines, 0, trace, names, why)) {
      return Fail(err, ExitCode::kInvalid, options.path, why);
    }
    remark = "what a user agent sent, received, was asked and told";
  } else {
    return Fail(err, ExitCode::kInvalid, options.path, "it is neither a trace nor a capture (pcap, pcapng)");
  }
  const std::string drawn = Drawn(options, trace, names, remark);
  if (options.out.empty()) {
    PrintTo(out, "{}", drawn);
  } else {
    std::ofstream written(options.out, std::ios::binary);
    written << drawn;
    written.close();
    if (!written) return Fail(err, ExitCode::kLocalResource, options.out, std::strerror(errno));
  }
  PrintTo(err, "{}\n", remark);
  return ExitCode::kOk;
}

}  // namespace sansip::cli
