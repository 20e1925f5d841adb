#include "sansip/cli/parse_command.h"

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "fmt/core.h"
#include "nlohmann/json.hpp"
#include "sansip/cli/explanation.h"
#include "sansip/cli/message_description.h"
#include "sansip/cli/message_problems.h"
#include "sansip/cli/print.h"
#include "sansip/cli/reporter.h"
#include "sansip/core/message/parser.h"

namespace sansip::cli {
namespace {

using Json = nlohmann::ordered_json;

// What no message can fill; the rest of a longer file is not read.
constexpr std::size_t kFileBytesMax = 1 << 20;

// False, with errno, if it cannot be read.
bool ReadAll(std::FILE* file, std::string& bytes) {
  char block[4096];
  while (bytes.size() < kFileBytesMax) {
    const std::size_t count = std::fread(block, 1, sizeof block, file);
    bytes.append(block, count);
    if (count < sizeof block) break;
  }
  return std::ferror(file) == 0;
}

Json SummaryLine(ExitCode exit) {
  return {{"event", "summary"},
          {"calls", 0},
          {"ok", exit == ExitCode::kOk ? 1 : 0},
          {"exit", static_cast<int>(exit)}};
}

ExitCode SayUnreadable(const ParseOptions& options, int error, std::FILE* out, std::FILE* err) {
  const std::string message = fmt::format("cannot read {}: {}", options.path, std::strerror(error));
  PrintTo(err, "sansip parse: {}\n", message);
  if (options.json) {
    Json line = SummaryLine(ExitCode::kLocalResource);
    line["error"] = {{"message", message}};
    WriteJsonLine(out, line);
  }
  return ExitCode::kLocalResource;
}

Json ProblemLine(const Explanation& why, std::uint32_t offset, const TextPosition& position) {
  Json line = {{"offset", offset},   {"line", position.line},   {"column", position.column},
               {"rule", why.rule},   {"clause", why.clause},    {"expected", why.expected},
               {"found", why.found}, {"receiver", why.receiver}};
  if (!why.field.empty()) line["header_field"] = why.field;
  if (why.response != 0) line["response"] = why.response;
  if (!why.grammar.empty()) line["grammar"] = why.grammar;
  if (!why.hint.empty()) line["hint"] = why.hint;
  return line;
}

std::string ProblemText(std::size_t number, const Explanation& why, std::uint32_t offset,
                        const TextPosition& position) {
  std::string text = fmt::format("\n{}. {} ({}) at line {}, column {}, byte {}\n\n{}\n", number, why.rule,
                                 why.clause, position.line, position.column, offset, position.excerpt);
  text += fmt::format("   expected  {}\n   found     {}\n   receiver  {}\n", why.expected, why.found,
                      why.receiver);
  if (!why.grammar.empty()) text += fmt::format("   grammar   {}\n", why.grammar);
  if (!why.hint.empty()) text += fmt::format("   hint      {}\n", why.hint);
  return text;
}

// The tolerances that these problems say are none.
std::uint32_t RefusedAmong(const Problems& problems, std::string_view bytes) {
  std::uint32_t bits = 0;
  for (const Problem& problem : problems.list) {
    const bool is_line_feed = bytes.substr(problem.error.offset).starts_with('\n');
    if (problem.error.code == ParseCode::kControlCharacter && is_line_feed) {
      bits |= static_cast<std::uint32_t>(Tolerance::kBareLf);
    }
    if (problem.error.code == ParseCode::kBadHost) {
      bits |= static_cast<std::uint32_t>(Tolerance::kUnderscoreInHost);
    }
    if (problem.error.code == ParseCode::kMissingBlankLine) {
      bits |= static_cast<std::uint32_t>(Tolerance::kMissingBlankLine);
    }
  }
  return bits;
}

ExitCode SayInvalid(const ParseOptions& options, std::string_view bytes, const MessageView& message,
                    const Problems& problems, std::FILE* out) {
  Json list = Json::array();
  std::string text;
  for (const Problem& problem : problems.list) {
    const TextPosition position = PositionOf(bytes, problem.error.offset);
    const Explanation why = Explain(problem, problems.list, bytes, message,
                                    options.stream ? Framing::kStream : Framing::kDatagram);
    list.push_back(ProblemLine(why, problem.error.offset, position));
    text += ProblemText(list.size(), why, problem.error.offset, position);
  }
  const std::vector<std::string> tolerated = ToleratedIn(bytes, message, RefusedAmong(problems, bytes));
  if (options.json) {
    Json line = SummaryLine(ExitCode::kInvalid);
    line["valid"] = false;
    line["error"] = list.front();
    line["error"]["message"] = fmt::format("{} ({})", list.front()["rule"].get<std::string>(),
                                           list.front()["clause"].get<std::string>());
    line["problems"] = list;
    line["more_problems"] = problems.has_more;
    line["tolerated"] = tolerated;
    WriteJsonLine(out, line);
    return ExitCode::kInvalid;
  }
  PrintTo(out, "{}: invalid, {}{} problem{}\n{}", options.path == "-" ? "standard input" : options.path,
          problems.has_more ? "more than " : "", list.size(), list.size() == 1 ? "" : "s", text);
  for (const std::string& deviation : tolerated) PrintTo(out, "\nTolerated  {}", deviation);
  if (!tolerated.empty()) PrintTo(out, "\n");
  return ExitCode::kInvalid;
}

}  // namespace

ExitCode RunParse(const ParseOptions& options, std::FILE* in, std::FILE* out, std::FILE* err) {
  std::string bytes;
  std::FILE* const file = options.path == "-" ? in : std::fopen(options.path.c_str(), "rb");
  if (file == nullptr) return SayUnreadable(options, errno, out, err);
  errno = 0;
  const bool is_read = ReadAll(file, bytes);
  const int error_number = errno;
  if (file != in) std::fclose(file);
  if (!is_read) return SayUnreadable(options, error_number, out, err);

  ParsePolicy policy = options.strict ? ParsePolicy::Strict() : ParsePolicy{};
  policy.accept_bare_lf = options.accept_lf;
  const Parser parser(ParseLimits{}, policy);
  MessageIndex index;
  const Framing framing = options.stream ? Framing::kStream : Framing::kDatagram;
  const ParseError error = parser.Parse(bytes, framing, index);
  const MessageView message(bytes, index);
  const Problems problems = FindProblems(bytes, message, error, parser, framing);
  if (!problems.list.empty()) return SayInvalid(options, bytes, message, problems, out);

  const Json description = DescribeMessage(bytes, message);
  if (options.json) {
    Json line = SummaryLine(ExitCode::kOk);
    line["valid"] = true;
    line["message"] = description;
    WriteJsonLine(out, line);
  } else {
    PrintTo(out, "{}", DescriptionText(description));
  }
  return ExitCode::kOk;
}

}  // namespace sansip::cli
