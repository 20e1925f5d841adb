// The name of this device for its registrars where the user gives none (RFC 5626 4.1): a URN of a UUID that
// is the same at every start, and another for another machine or account.
#ifndef SANSIP_CLI_DEVICE_INSTANCE_H_
#define SANSIP_CLI_DEVICE_INSTANCE_H_

#include <string>
#include <string_view>

#include "sansip/core/auth/digest_hashes.h"

namespace sansip::cli {

// What the system calls this machine: /etc/machine-id, else the name of the host.
std::string MachineName();

// "urn:uuid:...", of version 8 (RFC 9562 5.8). `account`: the address of record. The name of the machine,
// which is nobody's business, cannot be found out from it.
std::string DeviceInstance(std::string_view machine, std::string_view account, const DigestHashes& hashes);

}  // namespace sansip::cli

#endif  // SANSIP_CLI_DEVICE_INSTANCE_H_
