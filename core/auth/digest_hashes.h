// The hash functions that digest authentication stands on, injected: the core has none of its own.
// transport/openssl_hashes.h has OpenSSL's.
#ifndef SANSIP_CORE_AUTH_DIGEST_HASHES_H_
#define SANSIP_CORE_AUTH_DIGEST_HASHES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sansip {

// RFC 8760 2.1.
enum class DigestHash : std::uint8_t { kMd5, kSha256, kSha512_256 };

// 16 bytes of MD5, 32 of the others (RFC 7616 6.1).
constexpr std::size_t SizeOf(DigestHash hash) { return hash == DigestHash::kMd5 ? 16 : 32; }

class DigestHashes {
 public:
  virtual ~DigestHashes() = default;
  // A pure function: the hash of `parts`, one behind the other, in the first SizeOf(hash) bytes of `digest`.
  // False: there is no such function here (MD5 is forbidden on some systems).
  virtual bool Hash(DigestHash hash, std::span<const std::string_view> parts,
                    std::array<std::uint8_t, 32>& digest) const = 0;
};

}  // namespace sansip

#endif  // SANSIP_CORE_AUTH_DIGEST_HASHES_H_
