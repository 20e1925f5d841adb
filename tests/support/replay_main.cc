// The main of a fuzz target's replay test: the empty input, then every file of the corpus named
// on the command line, each given to LLVMFuzzerTestOneInput. A crash is the failure; the last
// line printed names the input.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <system_error>
#include <vector>

#include "gtest/gtest.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::vector<std::filesystem::path> corpus;

void Replay(const std::string& name, const std::string& bytes) {
  std::cout << "input: " << name << std::endl;
  // An exact copy on the heap, so that reading past its end is seen.
  const std::vector<std::uint8_t> exact(bytes.begin(), bytes.end());
  EXPECT_LE(LLVMFuzzerTestOneInput(exact.data(), exact.size()), 0) << name;
}

TEST(Replay, EmptyInput) { Replay("(empty)", ""); }

TEST(Replay, Corpus) {
  for (const std::filesystem::path& path : corpus) {
    std::ifstream file(path, std::ios::binary);
    ASSERT_TRUE(file.good()) << path;
    Replay(path.string(), std::string(std::istreambuf_iterator<char>(file), {}));
  }
}

}  // namespace

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i < argc; ++i) {
    std::error_code error;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i], error)) {
      if (entry.is_regular_file()) corpus.push_back(entry.path());
    }
  }
  std::sort(corpus.begin(), corpus.end());
  return RUN_ALL_TESTS();
}
