// Outside data: the folder of captures and torture messages that some tests read.
//
// It is no part of the project. SANSIP_TEST_DATA names it; a test that needs it is tagged
// "external" in its BUILD file and opens with SANSIP_NEEDS_TEST_DATA("rfc4475"), which skips the
// test, with the reason, where the folder is absent.

#ifndef SANSIP_TESTS_SUPPORT_TEST_DATA_H_
#define SANSIP_TESTS_SUPPORT_TEST_DATA_H_

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "gtest/gtest.h"

#define SANSIP_NEEDS_TEST_DATA(subfolder) \
  if (!::sansip::HasTestData(subfolder)) GTEST_SKIP() << ::sansip::NoTestData(subfolder)

namespace sansip {

// The folder itself; nothing when SANSIP_TEST_DATA is unset or names no folder.
std::optional<std::filesystem::path> TestData();

// Whether `subfolder` ("" for the folder itself) is there.
bool HasTestData(std::string_view subfolder);

// Why a test that reads `subfolder` was skipped.
std::string NoTestData(std::string_view subfolder);

}  // namespace sansip

#endif  // SANSIP_TESTS_SUPPORT_TEST_DATA_H_
