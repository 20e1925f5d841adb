// Blocks of 64 bytes into bit masks: the first step of the parser's pass over a header section. Bounds in,
// bit masks out.
//
// A variant per instruction set, with one result; a Parser chooses one when it is made. Every one is tested
// against the portable one, which is there for that: a machine that has no other parses faster without masks.
#ifndef SANSIP_CORE_TEXT_SCAN_BLOCK_H_
#define SANSIP_CORE_TEXT_SCAN_BLOCK_H_

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
  std::array<std::uint64_t, kBlocks> dot;
};

// What masks are kept of: the longest header section that the fast way is worth its room for. One more block
// stands for what is behind the text.
inline constexpr std::size_t kScanBytesMax = 8192;
using BlockMasks = BlockMasksOf<kScanBytesMax / kScanBlockBytes + 1>;

enum class ScanVariant : std::uint8_t { kPortable, kSsse3, kAvx2, kNeon };

bool IsScanVariantHere(ScanVariant variant);  // compiled in, and this machine can run it
ScanVariant BestScanVariant();

// Of the `count` blocks that begin at `begin`, into the masks from `first` on.
using ScanBlocks = void (*)(const char* begin, std::size_t first, std::size_t count, BlockMasks& masks);
ScanBlocks ScanBlocksOf(ScanVariant variant);  // portable where the variant is not here

// The begin of a text, as masks. Blocks are scanned when they are needed, in order, some at a time.
class TextMasks {
 public:
  TextMasks(std::string_view text, ScanBlocks scan) : text_(text.substr(0, kScanBytesMax)), scan_(scan) {}

  std::size_t size() const { return text_.size(); }  // how much of the text is seen

  // The first character from `from` on that is not plain; size() if there is none. Scans what it needs.
  std::size_t SeekNotPlain(std::size_t from) { return Seek(masks_.not_plain, from); }
  // The first control character but HTAB from `from` on; size() if there is none. Scans what it needs.
  std::size_t SeekControl(std::size_t from) { return Seek(masks_.control, from); }

  // Both at once: the first that is not plain, and from there on the first control character.
  struct Stops {
    std::size_t not_plain = 0;
    std::size_t control = 0;
  };
  [[gnu::always_inline]] Stops SeekStops(std::size_t from) {
    if (from / kScanBlockBytes + 1 >= scanned_) [[unlikely]]
      ScanTo(from / kScanBlockBytes + 1);
    const std::uint64_t others = Window(masks_.not_plain, from);
    const std::uint64_t control = Window(masks_.control, from);
    Stops stops;
    stops.not_plain = others != 0 ? from + First(others) : SeekNotPlain(from);
    // Control characters are not plain.
    stops.control = control != 0 ? from + First(control) : SeekControl(stops.not_plain);
    return stops;
  }

  // The same as SeekNotPlain(), where it is known that there is one in what has been scanned: within a line
  // whose end has been sought.
  std::size_t NotPlainFrom(std::size_t from) const {
    const std::uint64_t others = Window(masks_.not_plain, from);
    return others != 0 ? from + First(others) : FarNotPlain(from);
  }

  // What lies from `begin` to `end`, which has been scanned, as a host (RFC 3261 25.1 hostname).
  enum class Host : std::uint8_t {
    kName,
    kNumber,  // of the form of a name but for its last label, which begins with a digit: IPv4, or none
    kOther,   // none, or more than kWindow characters
  };
  Host HostAt(std::size_t begin, std::size_t end) const {
    const std::size_t size = end - begin;
    if (size - 1 >= kWindow) return Host::kOther;
    const std::uint64_t there = (std::uint64_t{1} << size) - 1;
    const std::uint64_t dot = Window(masks_.dot, begin) & there;
    const std::uint64_t others = Window(masks_.not_alphanum, begin) & there;
    const std::uint64_t begins = (dot << 1 | 1) & there;
    const std::uint64_t ends = (dot | (there + 1)) >> 1;
    // Of each label the first and the last are alphanum; so it ends without a dot.
    if ((others & (begins | ends)) != 0) return Host::kOther;
    for (std::uint64_t hyphens = others & ~dot; hyphens != 0; hyphens &= hyphens - 1) {
      if (text_[begin + First(hyphens)] != '-') return Host::kOther;
    }
    const auto last_label = static_cast<std::size_t>(63 - std::countl_zero(begins));
    return Is(kAlpha, text_[begin + last_label]) ? Host::kName : Host::kNumber;
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
  static std::size_t First(std::uint64_t bits) { return static_cast<std::size_t>(std::countr_zero(bits)); }
  std::size_t FarNotPlain(std::size_t from) const;
  std::size_t Seek(const Masks& masks, std::size_t from) {
    std::size_t block = from / kScanBlockBytes;
    std::size_t shift = from % kScanBlockBytes;
    for (; block * kScanBlockBytes < text_.size(); ++block, shift = 0) {
      if (block >= scanned_) ScanTo(block);
      const std::uint64_t found = masks[block] >> shift;
      if (found != 0) {
        return block * kScanBlockBytes + shift + static_cast<std::size_t>(std::countr_zero(found));
      }
    }
    return text_.size();
  }

  void ScanTo(std::size_t block);
  void ScanMore();

  std::string_view text_;
  ScanBlocks scan_;
  std::size_t scanned_ = 0;  // blocks
  BlockMasks masks_;
};

}  // namespace sansip

#endif  // SANSIP_CORE_TEXT_SCAN_BLOCK_H_
