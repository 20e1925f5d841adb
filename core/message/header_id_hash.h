// How a header field's name is found: a perfect hash over the names of header_id.cc, made by the compiler.
// Inline, for the one loop that looks up a name per header line; everybody else takes HeaderIdFromName().
#ifndef SANSIP_CORE_MESSAGE_HEADER_ID_HASH_H_
#define SANSIP_CORE_MESSAGE_HEADER_ID_HASH_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansip/core/message/header_id.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/bytes.h"

namespace sansip {

// The first and the last eight bytes of a name as numbers; of a shorter name the bytes that tell it apart.
struct NameWords {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

constexpr NameWords WordsOfName(std::string_view name) {
  const std::size_t size = name.size();
  if (size >= 8) return {EightBytesAt(name, 0), EightBytesAt(name, size - 8)};
  if (size >= 4) return {FourBytesAt(name, 0) | std::uint64_t{FourBytesAt(name, size - 4)} << 32, 0};
  return {ByteAt(name, 0) | ByteAt(name, size / 2) << 8 | ByteAt(name, size - 1) << 16, 0};
}

inline constexpr std::uint64_t kNameCaseBits = 0x2020202020202020;

// Of a token no character but a letter is changed by this into one that a name has.
constexpr NameWords FoldedWordsOfName(std::string_view name) {
  const NameWords words = WordsOfName(name);
  return {words.first | kNameCaseBits, name.size() < 8 ? 0 : words.last | kNameCaseBits};
}

inline constexpr std::size_t kHeaderSlots = 512;

// The multiplier is one by which no two of the names meet.
constexpr std::size_t SlotOfName(NameWords folded) {
  return static_cast<std::size_t>(((folded.first + folded.last) * 0x1cda05dcb1e95fc9) >> 55);
}

struct HeaderSlots {
  struct Facts {
    std::uint8_t size = 0;
    HeaderId id = HeaderId::kOther;
  };
  std::array<std::uint64_t, kHeaderSlots> first;
  std::array<std::uint64_t, kHeaderSlots> last;
  std::array<Facts, kHeaderSlots> facts;
};

extern const HeaderSlots kHeaderNameSlots;

// Of a token of two characters or more; a single one is a compact form.
[[gnu::always_inline]] inline HeaderId HeaderIdFromLongToken(std::string_view name) {
  const NameWords folded = FoldedWordsOfName(name);
  const std::size_t slot = SlotOfName(folded);
  const HeaderSlots::Facts facts = kHeaderNameSlots.facts[slot];
  if (kHeaderNameSlots.first[slot] != folded.first || facts.size != name.size()) return HeaderId::kOther;
  // Of up to eight characters every one has been seen, of up to sixteen after this.
  if (name.size() > 8 && kHeaderNameSlots.last[slot] != folded.last) return HeaderId::kOther;
  if (name.size() > 16 && !EqualsIgnoreCase(name, HeaderName(facts.id))) return HeaderId::kOther;
  return facts.id;
}

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_HEADER_ID_HASH_H_
