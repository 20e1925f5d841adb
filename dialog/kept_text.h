// A text that an object keeps for long, in eight bytes and a block of its own size: what a std::string has
// room for besides is most of what a dialog at rest would hold. Storage is kept when it is cleared or gets
// shorter, so that in an object that is used again nothing is allocated.
#ifndef SANSIP_DIALOG_KEPT_TEXT_H_
#define SANSIP_DIALOG_KEPT_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

#include "sansip/core/text/scan_copy.h"

namespace sansip {

class KeptText {
 public:
  KeptText() = default;
  explicit KeptText(std::string_view text) { assign(text); }
  KeptText(const KeptText& other) { assign(other); }
  KeptText(KeptText&& other) noexcept { swap(other); }
  KeptText& operator=(const KeptText& other) { return assign(other); }
  KeptText& operator=(KeptText&& other) noexcept {  // of an empty one: the storage stays here
    other.empty() ? clear() : swap(other);
    return *this;
  }
  KeptText& operator=(std::string_view text) { return assign(text); }
  ~KeptText();

  // `text` may lie in this one.
  KeptText& assign(std::string_view text) {
    if (text.size() > block_->capacity) return Extend(0, text);
    if (text.empty()) return clear(), *this;
    std::memmove(data(), text.data(), text.size());
    block_->size = static_cast<std::uint32_t>(text.size());
    return *this;
  }
  // The parts, which are short, one behind the other; none of them lies in this one.
  KeptText& Join(const auto&... parts) {
    const std::size_t size = (PieceSize(parts) + ...);
    if (size > block_->capacity) MakeRoom(size);
    if (size == 0) return clear(), *this;
    ScanCopy copy(data());
    (copy.Put(parts), ...);
    block_->size = static_cast<std::uint32_t>(size);
    return *this;
  }
  KeptText& append(std::string_view text) {
    if (text.size() > block_->capacity - block_->size) return Extend(block_->size, text);
    if (text.empty()) return *this;
    std::memmove(data() + block_->size, text.data(), text.size());
    block_->size += static_cast<std::uint32_t>(text.size());
    return *this;
  }
  KeptText& operator+=(std::string_view text) { return append(text); }
  KeptText& operator+=(char c) { return append({&c, 1}); }
  void clear() {
    if (block_ != &kNothing.block) block_->size = 0;
  }
  void pop_back() { --block_->size; }  // not of an empty one
  void swap(KeptText& other) { std::swap(block_, other.block_); }

  std::size_t size() const { return block_->size; }
  bool empty() const { return block_->size == 0; }
  std::size_t capacity() const { return block_->capacity; }
  char* data() { return reinterpret_cast<char*>(block_ + 1); }
  const char* data() const { return reinterpret_cast<const char*>(block_ + 1); }
  char* begin() { return data(); }
  char* end() { return data() + size(); }
  operator std::string_view() const { return {data(), size()}; }

  friend bool operator==(const KeptText& a, std::string_view b) { return std::string_view(a) == b; }
  friend bool operator==(const KeptText& a, const KeptText& b) { return a == std::string_view(b); }

 private:
  struct Block {  // and the bytes behind it
    std::uint32_t size, capacity;
  };
  struct Nothing {
    Block block{0, 0};
    char bytes[8] = {};  // or compilers see reads and writes beyond it, which never happen
  };
  static Nothing kNothing;  // never written

  static Block* NewBlock(std::size_t size, std::size_t bytes_wanted);
  void Free();
  void MakeRoom(std::size_t size);  // for so many bytes, of which there are none yet
  // In a larger block: so much of what there is, and `text` behind it.
  KeptText& Extend(std::size_t kept, std::string_view text);

  Block* block_ = &kNothing.block;
};

}  // namespace sansip

#endif  // SANSIP_DIALOG_KEPT_TEXT_H_
