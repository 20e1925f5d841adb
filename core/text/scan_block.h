// Blocks of 64 bytes into bit masks: the first step of the parser's pass over a header section. Bounds in,
// bit masks out.
//
// A variant per instruction set, with one result; a Parser chooses one when it is made. Every one is tested
// against the portable one, which is there for that: a machine that has no other parses faster without masks.
#ifndef SANSIP_CORE_TEXT_SCAN_BLOCK_H_
#define SANSIP_CORE_TEXT_SCAN_BLOCK_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "sansip/core/text/char_class.h"

namespace sansip {

inline constexpr std::size_t kScanBlockBytes = 64;

// Masks of blocks, one after the other; bit i of a mask says something of byte i of its block. An array a
// mask: whoever asks asks for one of them at a time.
template <std::size_t kBlocks>
struct BlockMasksOf {
  std::array<std::uint64_t, kBlocks> control;    // a control character but HTAB: 0x00-0x08, 0x0A-0x1F, 0x7F
  std::array<std::uint64_t, kBlocks> not_plain;  // not kPlain of char_class.h
  std::array<std::uint64_t, kBlocks> not_alphanum;  // no character that a label of a host begins or ends with
};

// What masks are kept of: the longest header section that the fast way is worth its room for. Two more blocks
// stand for what is behind the text.
inline constexpr std::size_t kScanBytesMax = 8192;
using BlockMasks = BlockMasksOf<kScanBytesMax / kScanBlockBytes + 2>;

enum class ScanVariant : std::uint8_t { kPortable, kSsse3, kAvx2, kNeon };

bool IsScanVariantHere(ScanVariant variant);  // compiled in, and this machine can run it
ScanVariant BestScanVariant();

// Of `count` blocks that begin at `begin` and of one more at `last`; it stops behind the first of the `count`
// that holds a CRLF CRLF, or any other four control characters in a row; such a row across two blocks does
// not count. Returns how many there are masks of.
using ScanBlocks = std::size_t (*)(const char* begin, std::size_t count, const char* last, BlockMasks& masks);
ScanBlocks ScanBlocksOf(ScanVariant variant);  // portable where the variant is not here

// The masks of a text up to where its header section ends.
class TextMasks {
 public:
  TextMasks(std::string_view text, ScanBlocks scan) : text_(text), scan_(scan) {}

  // Scans up to the first block with a CRLF CRLF, or as far as there is room. To be called first, and once.
  // False: the text is shorter than a block, and nothing may be asked.
  bool Scan();

  // What lies before here has been scanned. Questions are about nothing else; there is an answer to each:
  // what is not scanned counts as a control character that is not plain.
  std::size_t end() const { return end_; }

  // The first control character but HTAB from `from` on; end() if there is none.
  std::size_t ControlFrom(std::size_t from) const { return From(masks_.control, from); }
  // The first character from `from` on that is not plain; end() if there is none.
  std::size_t NotPlainFrom(std::size_t from) const { return From(masks_.not_plain, from); }

  // What lies from `begin` to `end` as a host (RFC 3261 25.1 hostname).
  enum class Host : std::uint8_t {
    kName,
    kNumber,  // of the form of a name but for its last label, which begins with a digit: IPv4, or none
    kOther,   // none; or one with two hyphens side by side, or of more than kWindow characters
  };
  Host HostAt(std::size_t begin, std::size_t end) const {
    const std::size_t size = end - begin;
    if (size - 1 >= kWindow) return Host::kOther;
    const std::uint64_t behind = std::uint64_t{1} << size;
    const std::uint64_t others = Window(masks_.not_alphanum, begin) & (behind - 1);
    // Between two of them, before the first and behind the last there is something alphanumeric.
    const std::uint64_t edges = others << 1 | behind << 1 | 1;
    if ((edges & edges >> 1) != 0) return Host::kOther;
    std::size_t last_label = begin;
    for (std::uint64_t left = others; left != 0; left &= left - 1) {
      const std::size_t at = Behind(begin, left);
      if (text_[at] == '.') {
        last_label = at + 1;
      } else if (text_[at] != '-') {
        return Host::kOther;
      }
    }
    return Is(kAlpha, text_[last_label]) ? Host::kName : Host::kNumber;
  }

 private:
  using Masks = decltype(BlockMasks::control);

  static constexpr std::size_t kWindow = 57;

  // The bits of kWindow characters, or some more, from `from` on.
  static std::uint64_t Window(const Masks& masks, std::size_t from) {
    if constexpr (std::endian::native == std::endian::little) {
      std::uint64_t window = 0;
      std::memcpy(&window, reinterpret_cast<const char*>(masks.data()) + from / 8, sizeof(window));
      return window >> (from % 8);
    } else {
      const std::size_t shift = from % kScanBlockBytes;
      const std::size_t block = from / kScanBlockBytes;
      return masks[block] >> shift | (masks[block + 1] << 1) << (63 - shift);
    }
  }
  // The place of the first bit of those from `from` on. In 32 bits, which are plenty for kScanBytesMax: the
  // sum is widened for nothing then, as the number of the bit is not.
  static std::size_t Behind(std::size_t from, std::uint64_t bits) {
    return static_cast<std::uint32_t>(from) + static_cast<std::uint32_t>(std::countr_zero(bits));
  }

  [[gnu::always_inline]] std::size_t From(const Masks& masks, std::size_t from) const {
    const std::uint64_t found = Window(masks, from);
    if (found != 0) [[likely]]
      return Behind(from, found);
    return FarFrom(masks, from);
  }
  [[gnu::cold]] std::size_t FarFrom(const Masks& masks, std::size_t from) const;

  std::string_view text_;
  ScanBlocks scan_;
  std::size_t end_ = 0;
  BlockMasks masks_;
};

}  // namespace sansip

#endif  // SANSIP_CORE_TEXT_SCAN_BLOCK_H_
