#include "sansip/tests/support/test_data.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "gtest/gtest.h"

namespace sansip {
namespace {

TEST(TestData, IsTheFolderThatTheEnvironmentNames) {
  const std::filesystem::path folder = std::filesystem::path(::testing::TempDir()) / "outside";
  std::filesystem::create_directories(folder / "rfc4475");
  ::setenv("SANSIP_TEST_DATA", folder.c_str(), 1);
  EXPECT_EQ(TestData(), folder);
  EXPECT_TRUE(HasTestData(""));
  EXPECT_TRUE(HasTestData("rfc4475"));
  EXPECT_FALSE(HasTestData("rfc5118"));
}

TEST(TestData, IsAbsentWhereTheEnvironmentNamesNoFolder) {
  const std::filesystem::path file = std::filesystem::path(::testing::TempDir()) / "file";
  std::ofstream(file) << "no folder";
  for (const char* const name : {"", "/nonexistent", file.c_str()}) {
    ::setenv("SANSIP_TEST_DATA", name, 1);
    EXPECT_EQ(TestData(), std::nullopt) << name;
    EXPECT_FALSE(HasTestData("rfc4475")) << name;
  }
  ::unsetenv("SANSIP_TEST_DATA");
  EXPECT_EQ(TestData(), std::nullopt);
}

// .ci/run accepts a skip by this beginning.
TEST(TestData, SaysWhyATestSkips) {
  EXPECT_EQ(NoTestData("rfc4475"), "outside data absent: SANSIP_TEST_DATA names no folder with \"rfc4475\"");
}

}  // namespace
}  // namespace sansip
