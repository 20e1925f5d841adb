// Bytes into the caller's storage; beyond it they are only counted: what every writer of this folder stands
// on.
#ifndef SANSIP_CORE_MESSAGE_OUTPUT_H_
#define SANSIP_CORE_MESSAGE_OUTPUT_H_

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>

namespace sansip {

class Output {
 public:
  explicit Output(std::span<char> storage) : storage_(storage) {}

  void Put(std::string_view text) {
    const std::span<char> left = room();
    std::copy_n(text.data(), std::min(text.size(), left.size()), left.data());
    needed_ += text.size();
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
