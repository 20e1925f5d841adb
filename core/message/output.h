// Bytes into the caller's storage; beyond it they are only counted: what every writer of this folder stands
// on.
#ifndef SANSIP_CORE_MESSAGE_OUTPUT_H_
#define SANSIP_CORE_MESSAGE_OUTPUT_H_

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sansip {

class Output {
 public:
  explicit Output(std::span<char> storage) : storage_(storage) {}

  void Put(std::string_view text) {
    if (needed_ <= storage_.size() && text.size() <= storage_.size() - needed_) [[likely]] {
      std::copy_n(text.data(), text.size(), storage_.subspan(needed_).data());
    } else {
      const std::span<char> left = room();
      std::copy_n(text.data(), std::min(text.size(), left.size()), left.data());
    }
    needed_ += text.size();
  }
  // name ": " value CRLF
  void PutHeader(std::string_view name, std::string_view value) {
    const std::size_t size = name.size() + value.size() + 4;
    if (needed_ <= storage_.size() && size <= storage_.size() - needed_) [[likely]] {
      const std::span<char> line = storage_.subspan(needed_, size);
      std::copy_n(name.data(), name.size(), line.data());
      line[name.size()] = ':';
      line[name.size() + 1] = ' ';
      std::copy_n(value.data(), value.size(), line.subspan(name.size() + 2).data());
      line[size - 2] = '\r';
      line[size - 1] = '\n';
      needed_ += size;
    } else {
      for (std::string_view piece : {name, std::string_view(": "), value, std::string_view("\r\n")})
        Put(piece);
    }
  }
  void PutNumber(std::uint64_t number) {
    char digits[20];
    const auto result = std::to_chars(digits, digits + sizeof(digits), number);
    Put({digits, static_cast<std::size_t>(result.ptr - digits)});
  }
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
  std::span<char> storage_;
  std::size_t needed_ = 0;
};

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_OUTPUT_H_
