#include "sansip/transport/openssl_hashes.h"

#include <openssl/evp.h>

#include <memory>

namespace sansip {
namespace {

const EVP_MD* FunctionOf(DigestHash hash) {
  switch (hash) {
    case DigestHash::kMd5:
      return EVP_md5();
    case DigestHash::kSha256:
      return EVP_sha256();
    case DigestHash::kSha512_256:
      return EVP_sha512_256();
  }
  return nullptr;
}

}  // namespace

bool OpensslHashes::Hash(DigestHash hash, std::span<const std::string_view> parts,
                         std::array<std::uint8_t, 32>& digest) const {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  if (context == nullptr || EVP_DigestInit_ex(context.get(), FunctionOf(hash), nullptr) != 1) return false;
  for (const std::string_view part : parts) {
    if (EVP_DigestUpdate(context.get(), part.data(), part.size()) != 1) return false;
  }
  unsigned size = 0;
  return EVP_DigestFinal_ex(context.get(), digest.data(), &size) == 1 && size == SizeOf(hash);
}

}  // namespace sansip
