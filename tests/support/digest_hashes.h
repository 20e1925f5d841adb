// The hash functions that tests of digest authentication inject.
#ifndef SANSIP_TESTS_SUPPORT_DIGEST_HASHES_H_
#define SANSIP_TESTS_SUPPORT_DIGEST_HASHES_H_

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "sansip/core/auth/digest_hashes.h"
#include "sansip/transport/openssl_hashes.h"

namespace sansip::testing {

// OpenSSL's, or without some of them.
class TestHashes final : public DigestHashes {
 public:
  bool Hash(DigestHash hash, std::span<const std::string_view> parts,
            std::array<std::uint8_t, 32>& digest) const override {
    const bool is_missing = (hash == DigestHash::kMd5 && !has_md5) ||
                            (hash == DigestHash::kSha256 && !has_sha256) ||
                            (hash == DigestHash::kSha512_256 && !has_sha512_256);
    return !is_missing && openssl_.Hash(hash, parts, digest);
  }
  bool has_md5 = true, has_sha256 = true, has_sha512_256 = true;

 private:
  OpensslHashes openssl_;
};

}  // namespace sansip::testing

#endif  // SANSIP_TESTS_SUPPORT_DIGEST_HASHES_H_
