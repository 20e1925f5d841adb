// A fuzzer's bytes as a stream of choices. At its end every choice is zero, so that short inputs are whole
// runs and cutting an input cuts the run.
#ifndef SANSIP_FUZZ_BYTE_SOURCE_H_
#define SANSIP_FUZZ_BYTE_SOURCE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sansip {

class ByteSource {
 public:
  ByteSource(const std::uint8_t* data, std::size_t size) : rest_(reinterpret_cast<const char*>(data), size) {}

  bool empty() const { return rest_.empty(); }

  std::uint8_t Byte() {
    if (rest_.empty()) return 0;
    const auto byte = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return byte;
  }
  bool Bool() { return (Byte() & 1) != 0; }
  std::uint16_t Word() { return static_cast<std::uint16_t>(Byte() | Byte() << 8); }
  std::uint32_t Double() {
    const std::uint32_t low = Word();
    return low | static_cast<std::uint32_t>(Word()) << 16;
  }
  // Below `bound`, which is above zero and at most 256.
  std::size_t Below(std::size_t bound) { return Byte() % bound; }
  std::string_view Take(std::size_t size) {
    const std::string_view text = rest_.substr(0, std::min(size, rest_.size()));
    rest_.remove_prefix(text.size());
    return text;
  }
  std::string_view Rest() { return Take(rest_.size()); }

 private:
  std::string_view rest_;
};

}  // namespace sansip

#endif  // SANSIP_FUZZ_BYTE_SOURCE_H_
