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

// Of a name of eight characters or more the first and the last eight; of a shorter one all, and nothing.
struct NameWords {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

inline constexpr std::size_t kWordBytes = 8;
inline constexpr std::uint64_t kNameCaseBits = 0x2020202020202020;

// Of a token no character but a letter is changed by this into one that a name has; what is not there becomes
// a space, which no token has.
constexpr NameWords FoldedWordsOfName(std::string_view name) {
  const std::size_t size = name.size();
  if (size >= kWordBytes) {
    return {EightBytesAt(name, 0) | kNameCaseBits, EightBytesAt(name, size - kWordBytes) | kNameCaseBits};
  }
  std::uint64_t bytes = 0;
  for (std::size_t at = 0; at < size; ++at) bytes |= std::uint64_t{ByteAt(name, at)} << 8 * at;
  return {bytes | kNameCaseBits, 0};
}

// What is left of eight bytes of which only so many are the name's.
inline constexpr std::array<std::uint64_t, kWordBytes> kNameBytes = {
    0, 0xFF, 0xFFFF, 0xFFFFFF, 0xFFFFFFFF, 0xFFFFFFFFFF, 0xFFFFFFFFFFFF, 0xFFFFFFFFFFFFFF};

inline constexpr std::size_t kHeaderSlots = 512;

// The multiplier is one by which no two of the names meet.
constexpr std::size_t SlotOfName(NameWords folded) {
  return static_cast<std::size_t>(((folded.first + folded.last) * 0xc870c6a6ff34dc0b) >> 55);
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

// Of a token.
[[gnu::always_inline]] inline HeaderId HeaderIdFromWords(std::string_view name, NameWords folded) {
  const std::size_t slot = SlotOfName(folded);
  const HeaderSlots::Facts facts = kHeaderNameSlots.facts[slot];
  if (kHeaderNameSlots.first[slot] != folded.first) return HeaderId::kOther;
  // Of a shorter name every character has been seen, and its size by what is behind it.
  if (name.size() < kWordBytes) return facts.id;
  if (facts.size != name.size() || kHeaderNameSlots.last[slot] != folded.last) return HeaderId::kOther;
  if (name.size() > 2 * kWordBytes && !EqualsIgnoreCase(name, HeaderName(facts.id))) return HeaderId::kOther;
  return facts.id;
}

// The same, of the token of that size at `begin`; behind `begin` the text has eight characters at least.
[[gnu::always_inline]] inline HeaderId HeaderIdAt(std::string_view text, std::size_t begin,
                                                  std::size_t size) {
  const std::string_view name(&text[begin], size);
  NameWords folded;
  if (size < kWordBytes) {
    folded.first = (EightBytesAt(text, begin) & kNameBytes[size]) | kNameCaseBits;
  } else {
    folded = FoldedWordsOfName(name);
  }
  return HeaderIdFromWords(name, folded);
}

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_HEADER_ID_HASH_H_
