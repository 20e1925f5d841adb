#include "sansip/tests/structure_test/source_tree.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <utility>

namespace sansip {
namespace {

bool IsWord(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// The end of the raw string whose quote is at `quote`, one past it.
std::size_t RawStringEnd(std::string_view text, std::size_t quote) {
  const std::size_t open = text.find('(', quote);
  if (open == std::string_view::npos) return text.size();
  const std::string closing = ")" + std::string(text.substr(quote + 1, open - quote - 1)) + "\"";
  const std::size_t end = text.find(closing, open);
  return end == std::string_view::npos ? text.size() : end + closing.size();
}

// The end of the literal that `quote` opens, one past it; an unended one ends with its line.
std::size_t LiteralEnd(std::string_view text, std::size_t quote) {
  std::size_t at = quote + 1;
  while (at < text.size() && text[at] != text[quote] && text[at] != '\n') {
    at += text[at] == '\\' ? 2 : 1;
  }
  return std::min(at + 1, text.size());
}

bool IsDirective(std::string_view text, std::size_t at) {
  const std::size_t line = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;  // npos + 1 is 0
  const std::size_t first = text.find_first_not_of(" \t", line);
  return first != std::string_view::npos && text[first] == '#';
}

// One past what begins at `at` and is no code, or `at`.
std::size_t NonCodeEnd(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  if (rest.starts_with("//")) return std::min(text.find('\n', at), text.size());
  if (rest.starts_with("/*")) {
    const std::size_t end = text.find("*/", at + 2);
    return end == std::string_view::npos ? text.size() : end + 2;
  }
  if (text[at] == '"') {
    if (IsDirective(text, at)) return at;
    const bool raw = at > 0 && text[at - 1] == 'R' && (at < 2 || !IsWord(text[at - 2]));
    return raw ? RawStringEnd(text, at) : LiteralEnd(text, at);
  }
  // An apostrophe between digits separates them.
  if (text[at] == '\'' && (at == 0 || !IsWord(text[at - 1]))) return LiteralEnd(text, at);
  return at;
}

std::string WithoutCommentsAndLiterals(std::string_view text) {
  std::string code(text);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = NonCodeEnd(text, at);
    for (std::size_t i = at; i < end; ++i) {
      if (code[i] != '\n') code[i] = ' ';
    }
    at = std::max(end, at + 1);
  }
  return code;
}

std::vector<std::string> SplitLines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// Whether the code between two braces or semicolons, read up to a '{', is a function's signature.
bool IsSignature(std::string_view statement) {
  const std::size_t open = statement.find('(');
  if (open == std::string_view::npos || statement.find(')') == std::string_view::npos) return false;
  std::size_t end = open;
  while (end > 0 && statement[end - 1] == ' ') --end;
  std::size_t begin = end;
  while (begin > 0 && IsWord(statement[begin - 1])) --begin;
  const std::string_view name = statement.substr(begin, end - begin);
  constexpr std::array<std::string_view, 8> kNoFunctions = {"if",    "for",      "while",   "switch",
                                                            "catch", "decltype", "alignas", "sizeof"};
  if (std::find(kNoFunctions.begin(), kNoFunctions.end(), name) != kNoFunctions.end()) return false;
  if (name.empty() && statement.find("operator") == std::string_view::npos) return false;
  // `x = f(...) {` and lambdas; an operator's own name may hold '='.
  const std::string_view head = statement.substr(0, open);
  return head.find("operator") != std::string_view::npos ||
         head.find_first_of("=[") == std::string_view::npos || head.find("[[") != std::string_view::npos;
}

// Walks the code of one file and notes where functions begin and end.
class FunctionFinder {
 public:
  std::vector<FunctionBody> Find(const SourceFile& file) {
    for (std::size_t i = 0; i < file.code.size(); ++i) {
      line_ = static_cast<int>(i) + 1;
      if (file.code[i].starts_with("#")) continue;
      for (const char c : file.code[i]) Take(c);
      Take(' ');
    }
    return std::move(bodies_);
  }

 private:
  void Take(char c) {
    if (nested_ > 0) {
      if (c == '(' || c == '{') ++nested_;
      if (c == ')' || c == '}') --nested_;
    } else if (c == '(' || (c == '{' && !statement_.empty() && IsWord(statement_.back()))) {
      nested_ = 1;  // parentheses, or a braced initializer: what they hold is no statement
    } else if (c == '{' || c == '}' || c == ';') {
      if (c == '{') Open();
      if (c == '}') Close();
      statement_.clear();
      return;
    }
    if (statement_.empty()) {
      if (c == ' ') return;
      statement_line_ = line_;
    }
    statement_ += c;
  }

  void Open() {
    // A body inside a body is no function of its own (a local class's is part of its function).
    const bool starts = function_depth_ == 0 && IsSignature(statement_);
    ++depth_;
    if (!starts) return;
    function_depth_ = depth_;
    function_line_ = statement_line_;
  }

  void Close() {
    if (function_depth_ != 0 && depth_ == function_depth_) {
      bodies_.push_back({function_line_, line_});
      function_depth_ = 0;
    }
    if (depth_ > 0) --depth_;
  }

  std::vector<FunctionBody> bodies_;
  std::string statement_;
  int line_ = 0;
  int statement_line_ = 0;
  int nested_ = 0;
  int depth_ = 0;
  int function_depth_ = 0;  // of the body we are in; 0 outside
  int function_line_ = 0;
};

}  // namespace

SourceFile MakeSourceFile(std::string path, std::string_view text) {
  return {std::move(path), SplitLines(text), SplitLines(WithoutCommentsAndLiterals(text))};
}

std::vector<SourceFile> ReadSourceTree(const std::filesystem::path& workspace) {
  std::vector<SourceFile> files;
  for (auto entry = std::filesystem::recursive_directory_iterator(workspace);
       entry != std::filesystem::recursive_directory_iterator(); ++entry) {
    const std::filesystem::path& path = entry->path();
    if (entry->is_symlink() || path.filename().string().starts_with(".")) {
      if (entry->is_directory()) entry.disable_recursion_pending();
      continue;
    }
    if (path.extension() != ".h" && path.extension() != ".cc") continue;
    std::ifstream stream(path, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(stream), {});
    files.push_back(MakeSourceFile(path.lexically_relative(workspace).generic_string(), text));
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

std::vector<Include> IncludesOf(const SourceFile& file) {
  std::vector<Include> includes;
  for (std::size_t i = 0; i < file.code.size(); ++i) {
    std::string_view line = file.code[i];
    if (!line.starts_with("#include ")) continue;
    line.remove_prefix(std::string_view("#include ").size());
    if (line.size() < 2) continue;
    const std::size_t end = line.find(line[0] == '<' ? '>' : '"', 1);
    if (end == std::string_view::npos) continue;
    includes.push_back({std::string(line.substr(1, end - 1)), line[0] == '"', static_cast<int>(i) + 1});
  }
  return includes;
}

std::vector<FunctionBody> FunctionsOf(const SourceFile& file) { return FunctionFinder().Find(file); }

}  // namespace sansip
