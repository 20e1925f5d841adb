#include "sansip/cli/state_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <span>
#include <string>

#include "fmt/core.h"
#include "sansip/core/base/little_endian.h"

namespace sansip::cli {
namespace {

constexpr std::string_view kFirstLine = "sansip state 1\n";
constexpr std::size_t kHeadBytes = kFirstLine.size() + sizeof(std::uint64_t);
constexpr std::size_t kBytesMax = std::size_t{1} << 28;

std::uint64_t UnixNanoseconds() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::nanoseconds(now).count());
}

bool WriteAll(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

absl::StatusOr<std::optional<StoredState>> StateFile::Read() const {
  std::FILE* const file = std::fopen(path_.c_str(), "rb");
  if (file == nullptr) {
    if (errno == ENOENT) return std::optional<StoredState>();
    return absl::PermissionDeniedError(
        fmt::format("cannot read the state {}: {}", path_, std::strerror(errno)));
  }
  std::string bytes;
  std::array<char, 65536> block{};
  for (std::size_t count;
       bytes.size() <= kBytesMax && (count = std::fread(block.data(), 1, block.size(), file)) > 0;)
    bytes.append(block.data(), count);
  const bool is_read = std::ferror(file) == 0;
  std::fclose(file);
  if (!is_read || bytes.size() < kHeadBytes || bytes.compare(0, kFirstLine.size(), kFirstLine) != 0) {
    return absl::InvalidArgumentError(
        fmt::format("{} holds no state of sansip; name another file, or remove it", path_));
  }
  LittleEndianReader head(std::string_view(bytes).substr(kFirstLine.size()));
  const auto made = static_cast<std::int64_t>(head.Get<std::uint64_t>());
  const auto now = static_cast<std::int64_t>(UnixNanoseconds());
  // A clock that was set back, and a time of nonsense, count as no time.
  const bool is_past = 0 < made && made < now;
  return std::optional(StoredState{bytes.substr(kHeadBytes), Duration(is_past ? now - made : 0)});
}

absl::Status StateFile::Write(std::string_view snapshot) const {
  std::array<char, sizeof(std::uint64_t)> time{};
  LittleEndianWriter(time).Put(UnixNanoseconds());
  const std::string fresh = path_ + ".new";
  const int file = open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  bool is_written = file >= 0 && WriteAll(file, kFirstLine) &&
                    WriteAll(file, std::string_view(time.data(), time.size())) && WriteAll(file, snapshot);
  if (file >= 0) is_written = close(file) == 0 && is_written;
  if (is_written && std::rename(fresh.c_str(), path_.c_str()) == 0) return absl::OkStatus();
  const int error = errno;
  if (file >= 0) unlink(fresh.c_str());
  return absl::UnavailableError(fmt::format("cannot write the state {}: {}", path_, std::strerror(error)));
}

void StateFile::Remove() const { unlink(path_.c_str()); }

}  // namespace sansip::cli
