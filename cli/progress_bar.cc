#include "sansip/cli/progress_bar.h"

#include <unistd.h>

#include <algorithm>
#include <string>

#include "sansip/cli/print.h"

namespace sansip::cli {

ProgressBar::ProgressBar(std::FILE* file)
    : file_(isatty(fileno(file)) != 0 ? file : nullptr),
      next_(std::chrono::steady_clock::now() + std::chrono::seconds(1)) {}

void ProgressBar::Show(double share, std::string_view text) {
  const auto now = std::chrono::steady_clock::now();
  if (file_ == nullptr || now < next_) return;
  next_ = now + std::chrono::milliseconds(100);
  constexpr int kWidth = 30;
  const int done = std::clamp(static_cast<int>(share * kWidth), 0, kWidth);
  PrintTo(file_, "\r\x1b[K[{}{}] {}", std::string(static_cast<std::size_t>(done), '#'),
          std::string(static_cast<std::size_t>(kWidth - done), '.'), text);
  std::fflush(file_);
  is_drawn_ = true;
}

void ProgressBar::Clear() {
  if (!is_drawn_) return;
  PrintTo(file_, "\r\x1b[K");
  std::fflush(file_);
  is_drawn_ = false;
}

}  // namespace sansip::cli
