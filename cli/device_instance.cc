#include "sansip/cli/device_instance.h"

#include <unistd.h>

#include <array>
#include <cstdint>
#include <fstream>

#include "fmt/core.h"
#include "sansip/core/base/check.h"

namespace sansip::cli {

std::string MachineName() {
  std::string name;
  if (std::ifstream file("/etc/machine-id"); std::getline(file, name) && !name.empty()) return name;
  std::array<char, 256> host{};
  return gethostname(host.data(), host.size() - 1) == 0 ? host.data() : "";
}

std::string DeviceInstance(std::string_view machine, std::string_view account, const DigestHashes& hashes) {
  const std::array<std::string_view, 5> parts = {"sansip", "\n", machine, "\n", account};
  std::array<std::uint8_t, 32> digest{};
  SANSIP_CHECK(hashes.Hash(DigestHash::kSha256, parts, digest));
  digest[6] = static_cast<std::uint8_t>(0x80 | (digest[6] & 0x0F));  // version 8
  digest[8] = static_cast<std::uint8_t>(0x80 | (digest[8] & 0x3F));  // variant 10
  std::string urn = "urn:uuid:";
  for (std::size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) urn += '-';
    urn += fmt::format("{:02x}", digest[i]);
  }
  return urn;
}

}  // namespace sansip::cli
