// The hash functions of digest authentication, as OpenSSL has them.
#ifndef SANSIP_TRANSPORT_OPENSSL_HASHES_H_
#define SANSIP_TRANSPORT_OPENSSL_HASHES_H_

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "sansip/core/auth/digest_hashes.h"

namespace sansip {

class OpensslHashes final : public DigestHashes {
 public:
  bool Hash(DigestHash hash, std::span<const std::string_view> parts,
            std::array<std::uint8_t, 32>& digest) const override;
};

}  // namespace sansip

#endif  // SANSIP_TRANSPORT_OPENSSL_HASHES_H_
