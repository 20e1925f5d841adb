#include "sansip/tests/support/shows.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sansip {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string fixture;  // set once by main

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

TEST(Shows, RecordsWhatPassingTestsShowAndNothingElse) {
  const std::filesystem::path folder = ::testing::TempDir();
  const std::filesystem::path lines = folder / "shown.tsv";
  const std::filesystem::path report = folder / "fixture.xml";
  const std::string command = "SANSIP_SHOWS_FILE=" + lines.string() + " XML_OUTPUT_FILE= " + fixture +
                              " --gtest_output=xml:" + report.string() + " >/dev/null 2>&1";
  EXPECT_NE(std::system(command.c_str()), 0) << "one of the fixture's tests fails";
  EXPECT_EQ(ReadFile(lines),
            "1-a\tFixture.PassesTwice\n"
            "1-b\tFixture.PassesTwice\n"
            "1-c\tFixture.PassesTwice\n");
  const std::string xml = ReadFile(report);
  EXPECT_THAT(xml, HasSubstr("name=\"shows\" value=\"1-a 1-b 1-c\""));
  EXPECT_THAT(xml, Not(HasSubstr("1-d")));
  EXPECT_THAT(xml, Not(HasSubstr("1-e")));
}

}  // namespace
}  // namespace sansip

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  if (argc != 2) {
    std::cerr << "usage: shows_test FIXTURE\n";
    return 2;
  }
  sansip::fixture = argv[1];
  return RUN_ALL_TESTS();
}
