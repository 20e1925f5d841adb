// A line on a terminal that says how far something is: drawn over itself, gone at the end. Nothing is drawn
// where the file is no terminal, nor in the first second.
#ifndef SANSIP_CLI_PROGRESS_BAR_H_
#define SANSIP_CLI_PROGRESS_BAR_H_

#include <chrono>
#include <cstdio>
#include <string_view>

namespace sansip::cli {

class ProgressBar {
 public:
  explicit ProgressBar(std::FILE* file);
  ~ProgressBar() { Clear(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // `share` of the whole, from 0 to 1. Draws at most ten times a second.
  void Show(double share, std::string_view text);
  // Before anything else is written to the terminal.
  void Clear();

 private:
  std::FILE* file_;  // null: no terminal
  std::chrono::steady_clock::time_point next_;
  bool is_drawn_ = false;
};

}  // namespace sansip::cli

#endif  // SANSIP_CLI_PROGRESS_BAR_H_
