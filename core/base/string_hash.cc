#include "sansip/core/base/string_hash.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstring>

namespace sansip {

namespace {

using State = std::array<std::uint64_t, 4>;

State Begin(std::uint64_t key0, std::uint64_t key1) {
  return {key0 ^ 0x736f6d6570736575, key1 ^ 0x646f72616e646f6d, key0 ^ 0x6c7967656e657261,
          key1 ^ 0x7465646279746573};
}

// Inlined, so that a text is hashed in registers.
[[gnu::always_inline]] inline void Round(State& v) {
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

[[gnu::always_inline]] inline void Absorb(State& v, std::uint64_t word) {
  v[3] ^= word;
  Round(v);
  Round(v);
  v[0] ^= word;
}

std::uint64_t End(State v, int rounds) {
  v[2] ^= 0xff;
  for (int i = 0; i < rounds; ++i) Round(v);
  return v[0] ^ v[1] ^ v[2] ^ v[3];
}

// Eight bytes from `at` on, the first one lowest.
[[gnu::always_inline]] inline std::uint64_t WordAt(std::string_view text, std::size_t at) {
  if constexpr (std::endian::native == std::endian::little) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.substr(at).data(), sizeof(word));
    return word;
  }
  std::uint64_t word = 0;
  for (std::size_t i = 8; i-- > 0;) word = word << 8 | static_cast<unsigned char>(text[at + i]);
  return word;
}

// What is left behind the last whole word, its bytes in the same order: none to seven.
[[gnu::always_inline]] inline std::uint64_t TailOf(std::string_view text) {
  const std::size_t size = text.size() % 8;
  if (size == 0) return 0;
  if (text.size() > 8) return WordAt(text, text.size() - 8) >> (8 * (8 - size));
  std::uint64_t word = 0;
  for (std::size_t i = size; i-- > 0;) word = word << 8 | static_cast<unsigned char>(text[i]);
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

// The same for tokens and hosts (RFC 3261 25.1), for less: their neighbours '@' and "[\\]^_" get the bit,
// too, and then are like others of which at most one is in such a text.
[[gnu::always_inline]] inline std::uint64_t FoldedToken(std::uint64_t word) {
  constexpr std::uint64_t kBit = 0x4040404040404040;
  return word | (word & kBit) >> 1;
}

// One round a word and three at the end, as hash tables elsewhere have it: each message is hashed.
[[gnu::always_inline]] inline void AbsorbQuickly(State& v, std::uint64_t word) {
  v[3] ^= word;
  Round(v);
  v[0] ^= word;
}

// Its bytes; the last word overlaps the one before it. Whoever knows the size knows them all.
template <typename Change>
[[gnu::always_inline]] inline void AbsorbText(State& v, std::string_view text, Change change) {
  const std::size_t size = text.size();
  if (size < 8) {
    if (size > 0) AbsorbQuickly(v, change(TailOf(text)));
    return;
  }
  for (std::size_t at = 0; at + 8 < size; at += 8) AbsorbQuickly(v, change(WordAt(text, at)));
  AbsorbQuickly(v, change(WordAt(text, size - 8)));
}

// Its length first.
template <typename Change>
[[gnu::always_inline]] inline State WithText(State v, std::string_view text, Change change) {
  AbsorbQuickly(v, text.size());
  AbsorbText(v, text, change);
  return v;
}

}  // namespace

std::uint64_t StringHash::operator()(std::string_view text) const {
  State v = Begin(key0_, key1_);
  const std::uint64_t size = text.size();
  for (std::size_t at = 0; size - at >= 8; at += 8) Absorb(v, WordAt(text, at));
  Absorb(v, TailOf(text) | size << 56);
  return End(v, 4);
}

std::uint64_t StringHash::OfOwn(std::string_view text) const {
  const std::size_t size = text.size();
  const std::uint64_t last = FoldedToken(size < 8 ? TailOf(text) : WordAt(text, size - 8));
  const std::uint64_t before = size < 16 ? 0 : FoldedToken(WordAt(text, size - 16));
  // All bits of both go into the middle of the product.
  const unsigned __int128 product = static_cast<unsigned __int128>(last ^ key0_) * (before ^ key1_);
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t StringHash::OfFolded(std::uint64_t number, std::string_view a, std::string_view b) const {
  State v = Begin(key0_, key1_);
  // The lengths of both, so that ("ab", "c") and ("a", "bc") differ.
  AbsorbQuickly(v, number | std::uint64_t{a.size()} << 24 | std::uint64_t{b.size()} << 44);
  AbsorbText(v, a, FoldedToken);
  AbsorbText(v, b, FoldedToken);
  return End(v, 3);
}

std::uint64_t StringHash::OfThree(std::uint64_t number, std::string_view token, std::string_view b,
                                  std::string_view c) const {
  constexpr auto as_it_is = [](std::uint64_t word) { return word; };
  State v = Begin(key0_, key1_);
  AbsorbQuickly(v, number);
  AbsorbQuickly(v, token.size() | std::uint64_t{b.size()} << 21 | std::uint64_t{c.size()} << 42);
  AbsorbText(v, token, FoldedToken);
  AbsorbText(v, b, as_it_is);
  AbsorbText(v, c, as_it_is);
  return End(v, 3);
}

TupleHash::TupleHash(const StringHash& hash) : v_(Begin(hash.key0_, hash.key1_)) {}

TupleHash& TupleHash::Add(std::uint64_t number) {
  State v = v_;
  AbsorbQuickly(v, number);
  v_ = v;
  return *this;
}

TupleHash& TupleHash::Add(std::string_view text) {
  v_ = WithText(v_, text, [](std::uint64_t word) { return word; });
  return *this;
}

TupleHash& TupleHash::AddFolded(std::string_view text) {
  v_ = WithText(v_, text, Folded);
  return *this;
}

std::uint64_t TupleHash::Finish() { return End(v_, 3); }

}  // namespace sansip
