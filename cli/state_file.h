// The file of --state: a user agent's snapshot and when it was made, so that calls outlive the process.
//
// Written beside itself and renamed, so that it is whole whenever the process dies. Mode 0600: it tells who
// talks to whom.
#ifndef SANSIP_CLI_STATE_FILE_H_
#define SANSIP_CLI_STATE_FILE_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sansip/core/base/time.h"

namespace sansip::cli {

struct StoredState {
  std::string snapshot;
  Duration elapsed{};  // since it was made, by the clock of the system
};

class StateFile {
 public:
  explicit StateFile(std::string path) : path_(std::move(path)) {}

  const std::string& path() const { return path_; }
  // nullopt: there is no such file.
  absl::StatusOr<std::optional<StoredState>> Read() const;
  absl::Status Write(std::string_view snapshot) const;
  void Remove() const;

 private:
  std::string path_;
};

}  // namespace sansip::cli

#endif  // SANSIP_CLI_STATE_FILE_H_
