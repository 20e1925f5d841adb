// Bytes into the caller's storage; beyond it they are only counted: what every writer of this folder stands
// on.
#ifndef SANSIP_CORE_MESSAGE_OUTPUT_H_
#define SANSIP_CORE_MESSAGE_OUTPUT_H_

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

#include "sansip/core/message/header_id.h"
#include "sansip/core/text/scan_copy.h"

namespace sansip {

// A number as digits, for as long as it exists.
class DecimalText {
 public:
  explicit DecimalText(std::uint64_t number)
      : size_(static_cast<std::size_t>(std::to_chars(text_, text_ + sizeof(text_), number).ptr - text_)) {}
  std::string_view view() const { return {text_, size_}; }

 private:
  char text_[20];
  std::size_t size_;
};

class Output {
 public:
  explicit Output(std::span<char> storage) : storage_(storage) {}

  void Put(std::string_view text) {
    if (HasRoom(text.size())) [[likely]] {
      std::copy_n(text.data(), text.size(), storage_.subspan(needed_).data());
    } else {
      const std::span<char> left = room();
      std::copy_n(text.data(), std::min(text.size(), left.size()), left.data());
    }
    needed_ += text.size();
  }
  // Texts that have been looked at, one behind the other.
  template <typename... Texts>
  [[gnu::always_inline]] void PutKnown(const Texts&... texts) {
    const std::size_t size = (texts.size() + ...);
    if (HasRoom(size)) [[likely]] {
      ScanCopy copy(storage_.subspan(needed_).data());
      (copy.Put(texts), ...);
      needed_ += size;
    } else {
      (Put(texts), ...);
    }
  }
  // Texts, which are looked at, and between them literals, which are not. False as PutLine().
  [[gnu::always_inline]] bool PutPrintable(const auto&... pieces) {
    const std::size_t size = (PieceSize(pieces) + ...);
    if (!HasRoom(size)) [[unlikely]]
      return false;
    ScanCopy copy(storage_.subspan(needed_).data());
    (copy.Put(pieces), ...);
    if (!copy.is_printable()) [[unlikely]]
      return false;
    needed_ += size;
    return true;
  }
  // A line: what it begins with, the pieces one behind the other, CRLF. False, and nothing is put, where a
  // piece is not all printable US-ASCII, or where the room ends soon: then a more careful way is needed.
  [[gnu::always_inline]] bool PutLine(const LineBegin& begin,
                                      std::initializer_list<std::string_view> pieces) {
    constexpr std::size_t kStep = 16;  // what is copied of `begin` at least
    std::size_t size = begin.size + kLineBreak.size();
    for (std::string_view piece : pieces) size += piece.size();
    if (!HasRoom(size + kStep)) [[unlikely]]
      return false;
    ScanCopy line(storage_.subspan(needed_).data());
    line.PutKnown<kStep>(begin.text.data(), begin.size);
    for (std::string_view piece : pieces) line.Put(piece);
    line.PutKnown<kLineBreak.size()>(kLineBreak.data(), kLineBreak.size());
    if (!line.is_printable()) [[unlikely]]
      return false;
    needed_ += size;
    return true;
  }
  void PutNumber(std::uint64_t number) { Put(DecimalText(number).view()); }
  // RFC 3261 7.3.1: folding has the meaning of one space.
  void PutUnfolded(std::string_view text) {
    while (!text.empty()) {
      const std::size_t line = std::min(text.find_first_of("\r\n"), text.size());
      Put(text.substr(0, line));
      text.remove_prefix(line);
      if (text.empty()) return;
      Put(" ");
      text.remove_prefix(std::min(text.find_first_not_of("\r\n\t "), text.size()));
    }
  }
  // What is left, for another writer to write into, and what that one has needed.
  std::span<char> room() const { return storage_.subspan(std::min(needed_, storage_.size())); }
  void Took(std::size_t needed) { needed_ += needed; }
  // Forgets what came after the first `needed` bytes.
  void BackTo(std::size_t needed) { needed_ = needed; }

  std::size_t needed() const { return needed_; }
  bool fits() const { return needed_ <= storage_.size(); }
  std::string_view text() const { return {storage_.data(), std::min(needed_, storage_.size())}; }

 private:
  static constexpr std::string_view kLineBreak = "\r\n";

  // The sum is of sizes of texts that there are: it does not overflow.
  bool HasRoom(std::size_t size) const { return needed_ + size <= storage_.size(); }

  std::span<char> storage_;
  std::size_t needed_ = 0;
};

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_OUTPUT_H_
