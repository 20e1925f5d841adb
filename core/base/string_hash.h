// Keyed 64-bit hashes of text: SipHash-2-4 (Aumasson, Bernstein 2012). Whoever does not know the key cannot
// choose texts that collide, so that tables filled by strangers stay O(1).
#ifndef SANSIP_CORE_BASE_STRING_HASH_H_
#define SANSIP_CORE_BASE_STRING_HASH_H_

#include <array>
#include <cstdint>
#include <string_view>

#include "sansip/core/base/random.h"

namespace sansip {

class StringHash {
 public:
  StringHash(std::uint64_t key0, std::uint64_t key1) : key0_(key0), key1_(key1) {}
  explicit StringHash(RandomSource& random) : key0_(random.Next()), key1_(random.Next()) {}

  std::uint64_t operator()(std::string_view text) const;
  // Of a text that we made ourselves, random in its last 16 characters, ASCII letters as lower case: a
  // tenth of the work. A stranger may look for what is in such a table, but not put anything there.
  std::uint64_t OfOwn(std::string_view text) const;
  // Of a number below 2^24 and two texts, tokens or hosts, ASCII letters as lower case: as TupleHash, and
  // less work.
  std::uint64_t OfFolded(std::uint64_t number, std::string_view a, std::string_view b) const;
  // Of a number and three texts below 2^21 bytes, the first a token with ASCII letters as lower case, the
  // others as they are: likewise.
  std::uint64_t OfThree(std::uint64_t number, std::string_view token, std::string_view b,
                        std::string_view c) const;

 private:
  friend class TupleHash;
  std::uint64_t key0_;
  std::uint64_t key1_;
};

// The hash of a tuple of texts and numbers, by SipHash-1-3: no collisions to order either, and every
// message needs one. Texts are hashed with their lengths, so that ("ab", "c") and ("a", "bc") differ.
class TupleHash {
 public:
  explicit TupleHash(const StringHash& hash);
  TupleHash& Add(std::uint64_t number);
  TupleHash& Add(std::string_view text);
  TupleHash& AddFolded(std::string_view text);  // ASCII letters as lower case
  std::uint64_t Finish();

 private:
  std::array<std::uint64_t, 4> v_;
};

}  // namespace sansip

#endif  // SANSIP_CORE_BASE_STRING_HASH_H_
