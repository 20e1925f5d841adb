#include "sansip/cli/parse_command.h"

#include <cerrno>
#include <cstring>
#include <string>

#include "fmt/core.h"
#include "nlohmann/json.hpp"
#include "sansip/cli/message_description.h"
#include "sansip/cli/print.h"
#include "sansip/cli/reporter.h"
#include "sansip/core/message/field_check.h"
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

ExitCode SayInvalid(const ParseOptions& options, std::string_view bytes, ParseError error, std::FILE* out) {
  const TextPosition position = PositionOf(bytes, error.offset);
  const std::string_view rule = ParseCodeText(error.code);
  const std::string_view clause = ParseCodeClause(error.code);
  const int response = ResponseCodeFor(error.code);
  if (options.json) {
    Json line = SummaryLine(ExitCode::kInvalid);
    line["valid"] = false;
    line["error"] = {{"message", fmt::format("{} ({})", rule, clause)},
                     {"offset", error.offset},
                     {"line", position.line},
                     {"column", position.column},
                     {"rule", rule},
                     {"clause", clause},
                     {"response", response}};
    WriteJsonLine(out, line);
    return ExitCode::kInvalid;
  }
  PrintTo(out, "{}: invalid at byte {}, line {}, column {}: {} ({})\n\n{}\n",
          options.path == "-" ? "standard input" : options.path, error.offset, position.line, position.column,
          rule, clause, position.excerpt);
  PrintTo(out, "A request like this is answered with {}, a response is dropped.\n", response);
  const bool is_bare_lf =
      bytes.find("\r\n") == std::string_view::npos && bytes.find('\n') != std::string_view::npos;
  if (is_bare_lf && !options.accept_lf) {
    PrintTo(out, "Its lines end in LF, not in CR LF: if an editor did that, try --lf.\n");
  }
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
  ParseError error = parser.Parse(bytes, options.stream ? Framing::kStream : Framing::kDatagram, index);
  const MessageView message(bytes, index);
  if (error.ok()) error = CheckFields(message);
  if (!error.ok()) return SayInvalid(options, bytes, error, out);

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
