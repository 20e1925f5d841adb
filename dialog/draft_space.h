// Where the header lines of a message are put together before they are written: lines that borrow their
// values and lines whose values are composed of parts. Storage of its own, obtained once.
#ifndef SANSIP_DIALOG_DRAFT_SPACE_H_
#define SANSIP_DIALOG_DRAFT_SPACE_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "sansip/core/message/draft.h"

namespace sansip {

class DraftSpace {
 public:
  DraftSpace(std::size_t lines_max, std::size_t bytes_max) : lines_(lines_max), bytes_(bytes_max) {}

  void Clear();
  void Add(HeaderId id, std::string_view value);  // borrowed until Clear()
  void Add(const HeaderLine& line);
  void AddAll(std::span<const HeaderLine> lines);
  // A value for elsewhere; empty if there is no room.
  std::string_view Join(std::initializer_list<std::string_view> parts);
  void Compose(HeaderId id, std::initializer_list<std::string_view> parts);
  void Compose(HeaderId id, std::initializer_list<std::string_view> before, std::uint64_t number);
  void Compose(HeaderId id, std::uint64_t number, std::initializer_list<std::string_view> after = {});

  std::span<const HeaderLine> lines() const { return {lines_.data(), count_}; }
  bool overflowed() const { return overflowed_; }  // something was left out: do not send

 private:
  bool Append(std::uint64_t number);
  bool Append(std::initializer_list<std::string_view> parts);

  std::vector<HeaderLine> lines_;
  std::vector<char> bytes_;
  std::size_t count_ = 0, used_ = 0;
  bool overflowed_ = false;
};

}  // namespace sansip

#endif  // SANSIP_DIALOG_DRAFT_SPACE_H_
