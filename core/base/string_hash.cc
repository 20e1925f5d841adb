#include "sansip/core/base/string_hash.h"

#include <bit>
#include <cstddef>

namespace sansip {

namespace {

void Begin(std::uint64_t (&v)[4], std::uint64_t key0, std::uint64_t key1) {
  v[0] = key0 ^ 0x736f6d6570736575;
  v[1] = key1 ^ 0x646f72616e646f6d;
  v[2] = key0 ^ 0x6c7967656e657261;
  v[3] = key1 ^ 0x7465646279746573;
}

void Round(std::uint64_t (&v)[4]) {
  v[0] += v[1];
  v[1] = std::rotl(v[1], 13) ^ v[0];
  v[0] = std::rotl(v[0], 32);
  v[2] += v[3];
  v[3] = std::rotl(v[3], 16) ^ v[2];
  v[0] += v[3];
  v[3] = std::rotl(v[3], 21) ^ v[0];
  v[2] += v[1];
  v[1] = std::rotl(v[1], 17) ^ v[2];
  v[2] = std::rotl(v[2], 32);
}

void Absorb(std::uint64_t (&v)[4], std::uint64_t word) {
  v[3] ^= word;
  Round(v);
  Round(v);
  v[0] ^= word;
}

std::uint64_t End(std::uint64_t (&v)[4]) {
  v[2] ^= 0xff;
  for (int i = 0; i < 4; ++i) Round(v);
  return v[0] ^ v[1] ^ v[2] ^ v[3];
}

// Up to eight bytes, the first one lowest.
std::uint64_t WordOf(std::string_view text) {
  std::uint64_t word = 0;
  for (std::size_t i = text.size(); i-- > 0;) word = word << 8 | static_cast<unsigned char>(text[i]);
  return word;
}

// 'A' to 'Z' among eight bytes get bit 0x20.
std::uint64_t Folded(std::uint64_t word) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  const std::uint64_t low = word & (0x7f * kOnes);
  const std::uint64_t from_a = low + (0x80 - 'A') * kOnes;
  const std::uint64_t past_z = low + (0x80 - ('Z' + 1)) * kOnes;
  const std::uint64_t is_upper = from_a & ~past_z & ~word & (0x80 * kOnes);
  return word | is_upper >> 2;
}

}  // namespace

std::uint64_t StringHash::operator()(std::string_view text) const {
  std::uint64_t v[4];
  Begin(v, key0_, key1_);
  const std::uint64_t size = text.size();
  for (; text.size() >= 8; text.remove_prefix(8)) Absorb(v, WordOf(text.substr(0, 8)));
  Absorb(v, WordOf(text) | size << 56);
  return End(v);
}

TupleHash::TupleHash(const StringHash& hash) { Begin(v_, hash.key0_, hash.key1_); }

TupleHash& TupleHash::Add(std::uint64_t number) {
  Absorb(v_, number);
  return *this;
}

TupleHash& TupleHash::Add(std::string_view text) {
  Absorb(v_, text.size());
  for (; !text.empty(); text.remove_prefix(text.size() < 8 ? text.size() : 8))
    Absorb(v_, WordOf(text.substr(0, 8)));
  return *this;
}

TupleHash& TupleHash::AddFolded(std::string_view text) {
  Absorb(v_, text.size());
  for (; !text.empty(); text.remove_prefix(text.size() < 8 ? text.size() : 8)) {
    Absorb(v_, Folded(WordOf(text.substr(0, 8))));
  }
  return *this;
}

std::uint64_t TupleHash::Finish() { return End(v_); }

}  // namespace sansip
