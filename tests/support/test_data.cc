#include "sansip/tests/support/test_data.h"

#include <cstdlib>
#include <system_error>

namespace sansip {

std::optional<std::filesystem::path> TestData() {
  const char* const name = std::getenv("SANSIP_TEST_DATA");
  if (name == nullptr || *name == '\0') return std::nullopt;
  std::error_code error;
  std::filesystem::path folder(name);
  if (!std::filesystem::is_directory(folder, error)) return std::nullopt;
  return folder;
}

bool HasTestData(std::string_view subfolder) {
  const std::optional<std::filesystem::path> folder = TestData();
  std::error_code error;
  return folder && std::filesystem::is_directory(*folder / subfolder, error);
}

std::string NoTestData(std::string_view subfolder) {
  return "outside data absent: SANSIP_TEST_DATA names no folder with \"" + std::string(subfolder) + "\"";
}

}  // namespace sansip
