#include "sansip/core/text/scan_block.h"

#include <algorithm>

#include "sansip/core/text/char_class.h"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace sansip {
namespace {

// Of one block.
struct Masks {
  std::uint64_t control = 0;
  std::uint64_t not_plain = 0;
  std::uint64_t not_alphanum = 0;
};

inline void Put(const Masks& block, std::size_t at, BlockMasks& masks) {
  masks.control[at] = block.control;
  masks.not_plain[at] = block.not_plain;
  masks.not_alphanum[at] = block.not_alphanum;
}

// Do four control characters follow one another?
inline bool HasBlankLine(std::uint64_t control) {
  const std::uint64_t pairs = control & control >> 1;
  return (pairs & pairs >> 2) != 0;
}

void ScanPortable(const char* begin, Masks& masks) {
  for (std::size_t i = 0; i < kScanBlockBytes; ++i) {
    const char c = begin[i];
    masks.control |= std::uint64_t{!Is(kLineText, c)} << i;
    masks.not_plain |= std::uint64_t{!Is(kPlain, c)} << i;
    masks.not_alphanum |= std::uint64_t{!Is(kAlphanum, c)} << i;
  }
}

std::size_t ScanAllPortable(const char* begin, std::size_t count, const char* last, BlockMasks& masks) {
  Masks block;
  for (std::size_t i = 0; i < count; ++i, block = {}) {
    ScanPortable(begin + i * kScanBlockBytes, block);
    Put(block, i, masks);
    if (HasBlankLine(block.control)) return i + 1;
  }
  ScanPortable(last, block);
  Put(block, count, masks);
  return count + 1;
}

#if defined(__x86_64__) || defined(__aarch64__)

// Classes of US-ASCII by nibbles: for the low nibble of a character a byte that has bit h set if the
// character with the high nibble h is in the class. Bytes above 0x7F are in none.
struct NibbleTable {
  alignas(16) std::uint8_t rows[16];
};

template <typename InClass>
constexpr NibbleTable MakeNibbleTable(InClass in_class) {
  NibbleTable table{};
  for (unsigned byte = 0; byte < 128; ++byte) {
    if (in_class(static_cast<char>(byte)))
      table.rows[byte & 0xF] |= static_cast<std::uint8_t>(1u << (byte >> 4));
  }
  return table;
}

constexpr NibbleTable kControlTable = MakeNibbleTable([](char c) { return !Is(kLineText, c); });
constexpr NibbleTable kPlainTable = MakeNibbleTable([](char c) { return Is(kPlain, c); });
constexpr NibbleTable kAlphanumTable = MakeNibbleTable([](char c) { return Is(kAlphanum, c); });
// The bit of a high nibble.
constexpr NibbleTable kHighTable = {{1, 2, 4, 8, 16, 32, 64, 128, 0, 0, 0, 0, 0, 0, 0, 0}};

#endif

#if defined(__x86_64__)

#define SANSIP_SSSE3 __attribute__((target("ssse3"))) inline

SANSIP_SSSE3 __m128i Load(const NibbleTable& table) {
  return _mm_load_si128(reinterpret_cast<const __m128i*>(table.rows));
}

// A character is in the class where a bit of its two nibbles meets.
SANSIP_SSSE3 std::uint64_t NotIn(const NibbleTable& table, __m128i bytes, __m128i high) {
  const __m128i met = _mm_and_si128(_mm_shuffle_epi8(Load(table), bytes), high);
  return static_cast<std::uint16_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(met, _mm_setzero_si128())));
}

SANSIP_SSSE3 void ScanSsse3(const char* begin, Masks& masks) {
  for (int at = 0; at < 64; at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(begin + at));
    const __m128i high =
        _mm_shuffle_epi8(Load(kHighTable), _mm_and_si128(_mm_srli_epi16(bytes, 4), _mm_set1_epi8(0xF)));
    masks.control |= (NotIn(kControlTable, bytes, high) ^ 0xFFFF) << at;
    masks.not_plain |= NotIn(kPlainTable, bytes, high) << at;
    masks.not_alphanum |= NotIn(kAlphanumTable, bytes, high) << at;
  }
}

SANSIP_SSSE3 std::size_t ScanAllSsse3(const char* begin, std::size_t count, const char* last,
                                      BlockMasks& masks) {
  Masks block;
  for (std::size_t i = 0; i < count; ++i, block = {}) {
    ScanSsse3(begin + i * kScanBlockBytes, block);
    Put(block, i, masks);
    if (HasBlankLine(block.control)) return i + 1;
  }
  ScanSsse3(last, block);
  Put(block, count, masks);
  return count + 1;
}

#undef SANSIP_SSSE3
#define SANSIP_AVX2 __attribute__((target("avx2"))) inline

SANSIP_AVX2 __m256i Load2(const NibbleTable& table) {
  return _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(table.rows)));
}

SANSIP_AVX2 std::uint64_t NotIn(__m256i table, __m256i bytes, __m256i high) {
  const __m256i met = _mm256_and_si256(_mm256_shuffle_epi8(table, bytes), high);
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(met, _mm256_setzero_si256())));
}

SANSIP_AVX2 __m256i HighOf(__m256i bytes) {
  return _mm256_shuffle_epi8(Load2(kHighTable),
                             _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(0xF)));
}

SANSIP_AVX2 void ScanAvx2(const char* begin, Masks& masks) {
  const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(begin));
  const __m256i b = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(begin + 32));
  const __m256i high_a = HighOf(a), high_b = HighOf(b);
  const __m256i control = Load2(kControlTable), plain = Load2(kPlainTable), alphanum = Load2(kAlphanumTable);
  masks.control = ~(NotIn(control, a, high_a) | NotIn(control, b, high_b) << 32);
  masks.not_plain = NotIn(plain, a, high_a) | NotIn(plain, b, high_b) << 32;
  masks.not_alphanum = NotIn(alphanum, a, high_a) | NotIn(alphanum, b, high_b) << 32;
}

SANSIP_AVX2 std::size_t ScanAllAvx2(const char* begin, std::size_t count, const char* last,
                                    BlockMasks& masks) {
  Masks block;
  for (std::size_t i = 0; i < count; ++i, block = {}) {
    ScanAvx2(begin + i * kScanBlockBytes, block);
    Put(block, i, masks);
    if (HasBlankLine(block.control)) return i + 1;
  }
  ScanAvx2(last, block);
  Put(block, count, masks);
  return count + 1;
}

#undef SANSIP_AVX2

#elif defined(__aarch64__)

// Four vectors of 0x00 and 0xFF into 64 bits: each byte keeps its own bit, and neighbours are added up.
std::uint64_t BitsOf(const uint8x16_t (&truths)[4]) {
  constexpr std::uint8_t kBits[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  const uint8x16_t bits = vld1q_u8(kBits);
  const uint8x16_t low = vpaddq_u8(vandq_u8(truths[0], bits), vandq_u8(truths[1], bits));
  const uint8x16_t high = vpaddq_u8(vandq_u8(truths[2], bits), vandq_u8(truths[3], bits));
  const uint8x16_t sums = vpaddq_u8(low, high);
  return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(sums, sums)), 0);
}

// vqtbl1q gives 0 for an index beyond 15, as the shuffle of x86 does for one above 0x7F.
uint8x16_t InClass(const NibbleTable& table, uint8x16_t bytes, uint8x16_t high) {
  const uint8x16_t low_nibbles = vandq_u8(bytes, vdupq_n_u8(0xF));
  return vtstq_u8(vqtbl1q_u8(vld1q_u8(table.rows), low_nibbles), high);
}

void ScanNeon(const char* begin, Masks& masks) {
  uint8x16_t control[4], plain[4], alphanum[4];
  for (int i = 0; i < 4; ++i) {
    const uint8x16_t bytes = vld1q_u8(reinterpret_cast<const std::uint8_t*>(begin) + 16 * i);
    const uint8x16_t high = vqtbl1q_u8(vld1q_u8(kHighTable.rows), vshrq_n_u8(bytes, 4));
    control[i] = InClass(kControlTable, bytes, high);
    plain[i] = InClass(kPlainTable, bytes, high);
    alphanum[i] = InClass(kAlphanumTable, bytes, high);
  }
  masks = {BitsOf(control), ~BitsOf(plain), ~BitsOf(alphanum)};
}

std::size_t ScanAllNeon(const char* begin, std::size_t count, const char* last, BlockMasks& masks) {
  Masks block;
  for (std::size_t i = 0; i < count; ++i, block = {}) {
    ScanNeon(begin + i * kScanBlockBytes, block);
    Put(block, i, masks);
    if (HasBlankLine(block.control)) return i + 1;
  }
  ScanNeon(last, block);
  Put(block, count, masks);
  return count + 1;
}

#endif

}  // namespace

bool IsScanVariantHere(ScanVariant variant) {
  switch (variant) {
    case ScanVariant::kPortable:
      return true;
#if defined(__x86_64__)
    case ScanVariant::kSsse3:
      return __builtin_cpu_supports("ssse3") != 0;
    case ScanVariant::kAvx2:
      return __builtin_cpu_supports("avx2") != 0;
    case ScanVariant::kNeon:
      return false;
#else
    case ScanVariant::kSsse3:
    case ScanVariant::kAvx2:
      return false;
    case ScanVariant::kNeon:
#if defined(__aarch64__)
      return true;
#else
      return false;
#endif
#endif
  }
  return false;
}

ScanVariant BestScanVariant() {
  for (ScanVariant variant : {ScanVariant::kAvx2, ScanVariant::kSsse3, ScanVariant::kNeon}) {
    if (IsScanVariantHere(variant)) return variant;
  }
  return ScanVariant::kPortable;
}

ScanBlocks ScanBlocksOf(ScanVariant variant) {
  if (!IsScanVariantHere(variant)) return ScanAllPortable;
#if defined(__x86_64__)
  if (variant == ScanVariant::kAvx2) return ScanAllAvx2;
  if (variant == ScanVariant::kSsse3) return ScanAllSsse3;
#elif defined(__aarch64__)
  if (variant == ScanVariant::kNeon) return ScanAllNeon;
#endif
  return ScanAllPortable;
}

bool TextMasks::Scan() {
  if (text_.size() < kScanBlockBytes) return false;
  constexpr std::size_t kBlocksMax = kScanBytesMax / kScanBlockBytes;
  const std::size_t before_last = std::min(kBlocksMax - 1, (text_.size() - 1) / kScanBlockBytes);
  // The last block begins within the one before it where the text is no multiple of a block.
  const std::size_t last = std::min(before_last * kScanBlockBytes, text_.size() - kScanBlockBytes);
  const std::size_t blocks = scan_(text_.data(), before_last, text_.data() + last, masks_);
  end_ = blocks * kScanBlockBytes;
  if (blocks > before_last) {
    end_ = last + kScanBlockBytes;
    const std::size_t seen = before_last * kScanBlockBytes - last;
    const std::uint64_t behind = ~(~std::uint64_t{0} >> seen);
    masks_.control[before_last] = masks_.control[before_last] >> seen | behind;
    masks_.not_plain[before_last] = masks_.not_plain[before_last] >> seen | behind;
    masks_.not_alphanum[before_last] >>= seen;
  }
  masks_.control[blocks] = masks_.not_plain[blocks] = ~std::uint64_t{0};
  masks_.not_alphanum[blocks] = 0;
  return true;
}

std::size_t TextMasks::FarFrom(const Masks& masks, std::size_t from) const {
  std::size_t block = from / kScanBlockBytes;
  std::uint64_t found = masks[block] >> (from % kScanBlockBytes);
  if (found != 0) return std::min(Behind(from, found), end_);
  while (found == 0 && block * kScanBlockBytes < end_) found = masks[++block];
  return found == 0 ? end_ : std::min(Behind(block * kScanBlockBytes, found), end_);
}

}  // namespace sansip
