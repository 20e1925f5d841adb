// The rules of the house that a compiler does not check: what may include what, how long files and
// functions grow, which words and names do not occur. CONTRIBUTING.md says why.
//
// argv[1] is a file of the workspace, tools/copts.bzl; the link it is leads to the workspace.

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/tests/structure_test/source_tree.h"

namespace sansip {
namespace {

namespace fs = std::filesystem;

// Set once by main.
fs::path workspace;
std::vector<SourceFile> files;

// ---- What may include what ----

// A part of the house and what it may include beside itself: other parts, with all that those may include,
// or the beginnings of file names.
struct Part {
  std::string_view prefix;  // of paths; the longest that fits is the part of a file
  std::vector<std::string_view> may_include;
};

const std::vector<Part>& Parts() {
  static const std::vector<Part> parts = {
      {"core/base/", {}},
      {"core/text/", {"core/base/"}},
      {"core/uri/", {"core/text/"}},
      {"core/message/", {"core/uri/"}},
      {"core/timer/", {"core/base/"}},
      {"core/action/", {"core/base/"}},
      {"core/auth/", {"core/message/"}},
      {"core/stun/", {"core/base/"}},
      {"core/transaction/", {"core/message/", "core/timer/", "core/action/"}},
      {"transport/", {"core/auth/", "core/stun/", "core/message/", "core/timer/", "core/action/"}},
      {"session_timer/", {"core/message/", "core/timer/", "core/action/"}},
      {"dialog/", {"core/transaction/", "core/auth/", "core/message/", "core/timer/", "core/action/"}},
      {"dialog/user_agent", {"dialog/", "session_timer/"}},
      {"rtp/", {"core/text/", "core/timer/", "core/action/"}},
      {"rtp/driver/", {"rtp/", "transport/socket", "transport/event_loop"}},
  };
  return parts;
}

// These may include anything, and nothing but themselves includes them.
constexpr std::array<std::string_view, 5> kOutside = {"tests/", "fuzz/", "bench/", "cli/", "examples/"};

bool IsOutside(std::string_view path) {
  return std::any_of(kOutside.begin(), kOutside.end(), [&](auto part) { return path.starts_with(part); });
}

const Part* PartOf(std::string_view path) {
  const Part* best = nullptr;
  for (const Part& part : Parts()) {
    if (path.starts_with(part.prefix) && (best == nullptr || part.prefix.size() > best->prefix.size())) {
      best = &part;
    }
  }
  return best;
}

void AddReachable(std::string_view prefix, std::set<std::string_view>& reachable) {
  if (!reachable.insert(prefix).second) return;
  for (const Part& part : Parts()) {
    if (part.prefix != prefix) continue;
    for (const std::string_view next : part.may_include) AddReachable(next, reachable);
  }
}

bool MayInclude(const SourceFile& file, std::string_view included) {
  if (IsOutside(file.path)) return true;
  const Part* const part = PartOf(file.path);
  if (part == nullptr) return false;
  std::set<std::string_view> reachable;
  AddReachable(part->prefix, reachable);
  if (file.is_test()) reachable.insert({"tests/support/", "tests/sim/"});
  return std::any_of(reachable.begin(), reachable.end(),
                     [&](std::string_view prefix) { return included.starts_with(prefix); });
}

// Fails with "file:line: rule".
void Report(const SourceFile& file, int line, const std::string& rule) {
  ADD_FAILURE_AT(file.path.c_str(), line) << rule;
}

bool Exists(std::string_view path) {
  return std::any_of(files.begin(), files.end(), [&](const SourceFile& file) { return file.path == path; });
}

TEST(Structure, EveryFolderIncludesOnlyWhatItsRowAllows) {
  for (const SourceFile& file : files) {
    if (!IsOutside(file.path) && PartOf(file.path) == nullptr) {
      Report(file, 1, "no row of the table says what this folder may include");
      continue;
    }
    for (const Include& include : IncludesOf(file)) {
      if (!include.path.starts_with("sansip/")) continue;
      const std::string included = include.path.substr(std::string_view("sansip/").size());
      if (!MayInclude(file, included)) Report(file, include.line, "may not include " + included);
    }
  }
}

TEST(Structure, IncludesOfOursArePrefixedAndExist) {
  for (const SourceFile& file : files) {
    const std::string folder = file.path.substr(0, file.path.rfind('/') + 1);
    for (const Include& include : IncludesOf(file)) {
      if (include.path.starts_with("sansip/")) {
        if (!Exists(include.path.substr(std::string_view("sansip/").size()))) {
          Report(file, include.line, "there is no " + include.path);
        }
      } else if (include.quoted && (Exists(include.path) || Exists(folder + include.path))) {
        Report(file, include.line, "our headers are included as \"sansip/...\", not " + include.path);
      }
    }
  }
}

// ---- How long ----

constexpr std::size_t kHeaderLinesMax = 300;
constexpr std::size_t kSourceLinesMax = 600;
constexpr std::size_t kTestLinesMax = 800;
constexpr int kFunctionLinesMax = 70;

// Longer for a reason. An entry goes when its file gets short enough, and none is added.
const std::map<std::string, std::size_t, std::less<>>& LongFiles() {
  static const std::map<std::string, std::size_t, std::less<>> exceptions = {};
  return exceptions;
}

std::size_t LinesMax(const SourceFile& file) {
  if (file.is_header()) return kHeaderLinesMax;
  return file.is_test() ? kTestLinesMax : kSourceLinesMax;
}

TEST(Structure, FilesAreShort) {
  for (const SourceFile& file : files) {
    const auto exception = LongFiles().find(file.path);
    const std::size_t lines_max = exception == LongFiles().end() ? LinesMax(file) : exception->second;
    if (file.lines.size() > lines_max) {
      Report(file, static_cast<int>(file.lines.size()),
             "longer than " + std::to_string(lines_max) + " lines");
    }
    if (exception != LongFiles().end() && file.lines.size() <= LinesMax(file)) {
      Report(file, 1, "short enough now: take it off the list of exceptions");
    }
  }
  for (const auto& [path, lines] : LongFiles()) EXPECT_TRUE(Exists(path)) << path << " is excepted and gone";
}

TEST(Structure, FunctionsAreShort) {
  for (const SourceFile& file : files) {
    for (const FunctionBody& function : FunctionsOf(file)) {
      const int lines = function.last_line - function.first_line + 1;
      if (lines > kFunctionLinesMax) {
        Report(
            file, function.first_line,
            "a function of " + std::to_string(lines) + " lines, above " + std::to_string(kFunctionLinesMax));
      }
    }
  }
}

// ---- Which words ----

bool IsWord(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Where `word` occurs in `line`, not as a part of a longer one (a word may end in '(') nor as a member.
bool HasWord(std::string_view line, std::string_view word) {
  for (std::size_t at = line.find(word); at != std::string_view::npos; at = line.find(word, at + 1)) {
    const char before = at == 0 ? ' ' : line[at - 1];
    const char after = at + word.size() < line.size() ? line[at + word.size()] : ' ';
    const bool ends = !IsWord(word.back()) || !IsWord(after);
    if (!IsWord(before) && before != '.' && before != '>' && ends) return true;
  }
  return false;
}

struct Ban {
  std::vector<std::string_view> words;
  std::string_view rule;
  std::vector<std::string_view> allowed_in;  // path prefixes
};

const std::vector<Ban>& Bans() {
  const std::vector<std::string_view> with_clocks = {"transport/", "rtp/driver/", "cli/",
                                                     "bench/",     "examples/",   "tests/interop/"};
  std::vector<std::string_view> with_threads = with_clocks;
  with_threads.insert(with_threads.end(), {"tests/", "fuzz/"});
  static const std::vector<Ban> bans = {
      {{"steady_clock", "system_clock", "high_resolution_clock", "absl::Now", "time(nullptr", "time(NULL",
        "time(0", "time(&", "gettimeofday", "clock_gettime"},
       "only drivers and programs read a clock",
       with_clocks},
      {{"rand(", "srand(", "random_device", "mt19937", "mt19937_64", "uniform_int_distribution",
        "absl::BitGen"},
       "randomness comes from a RandomSource",
       with_clocks},
      {{"getenv(", "std::thread", "std::mutex", "std::cout", "std::cerr", "printf(", "std::ifstream",
        "std::ofstream"},
       "the core does no I/O and has no threads",
       with_threads},
  };
  return bans;
}

bool StartsWithAny(std::string_view path, const std::vector<std::string_view>& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](auto prefix) { return path.starts_with(prefix); });
}

TEST(Structure, BannedWordsDoNotOccur) {
  for (const SourceFile& file : files) {
    for (const Ban& ban : Bans()) {
      if (StartsWithAny(file.path, ban.allowed_in)) continue;
      for (std::size_t i = 0; i < file.code.size(); ++i) {
        for (const std::string_view word : ban.words) {
          if (HasWord(file.code[i], word)) {
            Report(file, static_cast<int>(i) + 1, std::string(word) + ": " + std::string(ban.rule));
          }
        }
      }
    }
  }
}

TEST(Structure, NothingIsLeftToDo) {
  // Written in halves, so that this file passes.
  constexpr std::array<std::string_view, 3> kLeftovers = {
      "TO"
      "DO",
      "FIX"
      "ME",
      "XX"
      "X:"};
  for (const SourceFile& file : files) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      for (const std::string_view word : kLeftovers) {
        if (HasWord(file.lines[i], word)) {
          Report(file, static_cast<int>(i) + 1, std::string(word) + ": finish it or leave it out");
        }
      }
    }
  }
}

TEST(Structure, NamesSayWhatAThingIs) {
  constexpr std::array<std::string_view, 10> kEmptyWords = {
      "util", "utils", "helper", "helpers", "manager", "common", "managers", "misc", "utility", "stuff"};
  for (const SourceFile& file : files) {
    std::string word;
    for (const char c : file.path) {
      if (c != '_' && c != '/' && c != '.') {
        word += c;
        continue;
      }
      if (std::find(kEmptyWords.begin(), kEmptyWords.end(), word) != kEmptyWords.end()) {
        Report(file, 1, "\"" + word + "\" in a name says nothing");
      }
      word.clear();
    }
  }
}

TEST(Structure, HeadersSayWhatTheyAreAndAreGuarded) {
  for (const SourceFile& file : files) {
    if (!file.is_header() || file.lines.empty()) continue;
    if (!file.lines[0].starts_with("//")) Report(file, 1, "a header opens with what the thing is");
    std::string guard = "SANSIP_";
    for (const char c : file.path) {
      guard += IsWord(c) ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : '_';
    }
    guard += '_';
    const bool guarded = std::any_of(file.code.begin(), file.code.end(),
                                     [&](const std::string& line) { return line == "#ifndef " + guard; });
    if (!guarded) Report(file, 1, "the guard is not " + guard);
  }
}

// ---- What is built ----

// Every string literal of the BUILD file nearest to `path`, and that file's folder.
std::vector<std::string> BuildLiterals(const std::string& path, fs::path& package) {
  package = fs::path(path).parent_path();
  while (!fs::exists(workspace / package / "BUILD.bazel") && !package.empty())
    package = package.parent_path();
  std::ifstream stream(workspace / package / "BUILD.bazel", std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(stream), {});
  std::vector<std::string> literals;
  for (std::size_t at = text.find('"'); at != std::string::npos;) {
    const std::size_t end = text.find('"', at + 1);
    if (end == std::string::npos) break;
    literals.push_back(text.substr(at + 1, end - at - 1));
    at = text.find('"', end + 1);
  }
  return literals;
}

TEST(Structure, EveryFileIsBuilt) {
  for (const SourceFile& file : files) {
    fs::path package;
    const std::vector<std::string> literals = BuildLiterals(file.path, package);
    const fs::path name = fs::path(file.path).lexically_relative(package.empty() ? "." : package);
    const fs::path stem = name.parent_path() / name.stem();
    const bool built = std::any_of(literals.begin(), literals.end(), [&](const std::string& literal) {
      return literal == name || literal == stem || literal == (name.parent_path() / "*.cc") ||
             literal == (name.parent_path() / "*.h");
    });
    if (!built) Report(file, 1, "in no BUILD file");
  }
}

// ---- What is tested ----

struct ArrowRow {
  std::string id;
  int line = 0;
};

// The rows `{"C1", State::..., ...},` of the arrow tables in `file`.
std::vector<ArrowRow> ArrowsOf(const SourceFile& file) {
  std::vector<ArrowRow> arrows;
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    std::string_view line = file.lines[i];
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    if (!line.starts_with("{\"")) continue;
    const std::size_t end = line.find("\",", 2);
    if (end == std::string_view::npos) continue;
    const std::string_view id = line.substr(2, end - 2);
    const std::size_t digits = id.find_first_of("0123456789");
    const bool named = digits != std::string_view::npos && digits > 0 && std::isupper(id[0]) != 0 &&
                       id.find_first_not_of("0123456789", digits) == std::string_view::npos;
    if (named && file.code[i].find("::k") != std::string::npos) {
      arrows.push_back({std::string(id), static_cast<int>(i) + 1});
    }
  }
  return arrows;
}

bool HasTestNamed(std::string_view folder, const std::string& beginning) {
  return std::any_of(files.begin(), files.end(), [&](const SourceFile& file) {
    if (!file.is_test() || !file.path.starts_with(folder)) return false;
    return std::any_of(file.code.begin(), file.code.end(), [&](const std::string& line) {
      return line.find(" " + beginning) != std::string::npos ||
             line.find("(" + beginning) != std::string::npos;
    });
  });
}

TEST(Structure, EveryArrowHasATestOfItsName) {
  for (const std::string_view folder : {"core/transaction/", "session_timer/"}) {
    for (const SourceFile& file : files) {
      if (!file.path.starts_with(folder) || file.is_test()) continue;
      for (const ArrowRow& arrow : ArrowsOf(file)) {
        if (!HasTestNamed(folder, arrow.id + "_")) {
          Report(file, arrow.line, "no test is named " + arrow.id + "_...");
        }
      }
    }
  }
}

// "| `name` | ... | `Suite.Name` |": the tests in rows of docs/limits.md, by limits.
std::multimap<std::string, std::string> LimitsOnThePage() {
  std::ifstream stream(workspace / "docs/limits.md");
  std::multimap<std::string, std::string> limits;
  for (std::string line; std::getline(stream, line);) {
    const std::size_t name_end = line.find("` |", 3), test = line.rfind("| `");
    if (!line.starts_with("| `") || name_end == std::string::npos || test < name_end) continue;
    const std::size_t test_end = line.rfind("` |");
    if (test_end < test + 3) continue;
    const std::string cell = line.substr(test + 3, test_end - test - 3);
    if (cell.find('.') != std::string::npos && cell.find(' ') == std::string::npos) {
      limits.emplace(line.substr(3, name_end - 3), cell);
    }
  }
  return limits;
}

bool HasTest(std::string_view suite_and_name) {
  const std::size_t dot = suite_and_name.find('.');
  if (dot == std::string_view::npos) return false;
  const std::string arguments = "(" + std::string(suite_and_name.substr(0, dot)) + ", " +
                                std::string(suite_and_name.substr(dot + 1)) + ")";
  return std::any_of(files.begin(), files.end(), [&](const SourceFile& file) {
    return file.is_test() && std::any_of(file.code.begin(), file.code.end(), [&](const std::string& line) {
             return line.starts_with("TEST") && line.find(arguments) != std::string::npos;
           });
  });
}

TEST(Structure, EveryLimitIsOnThePageWithATest) {
  const std::multimap<std::string, std::string> limits = LimitsOnThePage();
  for (const auto& [limit, test] : limits) EXPECT_TRUE(HasTest(test)) << limit << ": there is no " << test;
  for (const SourceFile& file : files) {
    if (!file.is_header() || IsOutside(file.path) || file.path.starts_with("rtp/")) continue;
    bool is_options = false;
    for (std::size_t i = 0; i < file.code.size(); ++i) {
      const std::string& line = file.code[i];
      if (line.starts_with("struct ")) {
        is_options =
            line.find("Options {") != std::string::npos || line.find("Limits {") != std::string::npos;
      }
      if (line.starts_with("}")) is_options = false;
      const std::size_t end = line.find("_max = ");
      if (!is_options || end == std::string::npos) continue;
      const std::size_t begin = line.rfind(' ', end) + 1;
      const std::string name = line.substr(begin, end + 4 - begin);
      if (!limits.contains(name))
        Report(file, static_cast<int>(i) + 1, name + " has no row in docs/limits.md");
    }
  }
}

}  // namespace
}  // namespace sansip

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  if (argc != 2) {
    std::cerr << "usage: structure_test FILE (tools/copts.bzl of the workspace)\n";
    return 2;
  }
  sansip::workspace = std::filesystem::canonical(argv[1]).parent_path().parent_path();
  sansip::files = sansip::ReadSourceTree(sansip::workspace);
  return RUN_ALL_TESTS();
}
