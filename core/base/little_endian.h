// Numbers and bytes in a fixed order: the same on every machine, little-endian, without alignment.
#ifndef SANSIP_CORE_BASE_LITTLE_ENDIAN_H_
#define SANSIP_CORE_BASE_LITTLE_ENDIAN_H_

#include <concepts>
#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>

namespace sansip {

// Into the caller's storage. What does not fit is counted and not written.
class LittleEndianWriter {
 public:
  explicit LittleEndianWriter(std::span<char> storage) : storage_(storage) {}

  template <std::unsigned_integral T>
  void Put(T value) {
    if (sizeof(T) <= room()) {
      for (std::size_t i = 0; i < sizeof(T); ++i) {
        storage_[needed_ + i] = static_cast<char>(static_cast<unsigned char>(value >> 8 * i));
      }
    }
    needed_ += sizeof(T);
  }
  void PutBytes(std::string_view bytes) {
    if (!bytes.empty() && bytes.size() <= room()) {
      std::memcpy(storage_.data() + needed_, bytes.data(), bytes.size());
    }
    needed_ += bytes.size();
  }

  std::size_t needed() const { return needed_; }
  bool fits() const { return needed_ <= storage_.size(); }
  // What was written so far, where all of it fits.
  std::string_view text() const { return {storage_.data(), fits() ? needed_ : 0}; }

 private:
  std::size_t room() const { return fits() ? storage_.size() - needed_ : 0; }

  std::span<char> storage_;
  std::size_t needed_ = 0;
};

// Never reads beyond the end: from the first item on that is not whole, all are zero and empty.
class LittleEndianReader {
 public:
  explicit LittleEndianReader(std::string_view bytes) : bytes_(bytes) {}

  template <std::unsigned_integral T>
  T Get() {
    const std::string_view bytes = Take(sizeof(T));
    T value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      value = static_cast<T>(value | static_cast<T>(static_cast<unsigned char>(bytes[i])) << 8 * i);
    }
    return value;
  }
  std::string_view Take(std::size_t size) {
    if (!ok_ || size > left()) {
      ok_ = false;
      return {};
    }
    offset_ += size;
    return bytes_.substr(offset_ - size, size);
  }

  bool ok() const { return ok_; }
  std::size_t offset() const { return offset_; }  // of the next item, or of the first that is not whole
  std::size_t left() const { return bytes_.size() - offset_; }

 private:
  std::string_view bytes_;
  std::size_t offset_ = 0;
  bool ok_ = true;
};

}  // namespace sansip

#endif  // SANSIP_CORE_BASE_LITTLE_ENDIAN_H_
