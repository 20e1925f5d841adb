// The project's own C++ files, as structure_test looks at them: as lines, as lines without comments and
// literals, as includes and as function bodies. Reads text; knows only as much C++ as that needs.

#ifndef SANSIP_TESTS_STRUCTURE_TEST_SOURCE_TREE_H_
#define SANSIP_TESTS_STRUCTURE_TEST_SOURCE_TREE_H_

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sansip {

struct Include {
  std::string path;  // between the quotes or the angle brackets
  bool quoted = false;
  int line = 0;
};

struct FunctionBody {
  int first_line = 0;  // of the signature
  int last_line = 0;   // of the closing brace
};

struct SourceFile {
  std::string path;  // relative to the workspace, with '/'
  std::vector<std::string> lines;
  std::vector<std::string> code;  // the same lines; comments, strings and characters blanked

  bool is_header() const { return path.ends_with(".h"); }
  bool is_test() const { return path.ends_with("_test.cc"); }
};

// A file of the given text.
SourceFile MakeSourceFile(std::string path, std::string_view text);

// Every .h and .cc under `workspace`, sorted by path; hidden folders and links are left out.
std::vector<SourceFile> ReadSourceTree(const std::filesystem::path& workspace);

std::vector<Include> IncludesOf(const SourceFile& file);

// Bodies of functions, constructors, operators and TESTs; a lambda is part of what holds it.
std::vector<FunctionBody> FunctionsOf(const SourceFile& file);

}  // namespace sansip

#endif  // SANSIP_TESTS_STRUCTURE_TEST_SOURCE_TREE_H_
