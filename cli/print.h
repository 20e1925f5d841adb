// Text to a file of <cstdio>. fmt::print throws where the file takes nothing more (a full disk, a pipe that
// nobody reads); here the file's error indicator keeps it, and main answers for standard output.
#ifndef SANSIP_CLI_PRINT_H_
#define SANSIP_CLI_PRINT_H_

#include <cstdio>
#include <string>
#include <utility>

#include "fmt/core.h"

namespace sansip::cli {

template <typename... Args>
void PrintTo(std::FILE* file, fmt::format_string<Args...> text, Args&&... args) {
  const std::string line = fmt::format(text, std::forward<Args>(args)...);
  (void)std::fwrite(line.data(), 1, line.size(), file);
}

}  // namespace sansip::cli

#endif  // SANSIP_CLI_PRINT_H_
