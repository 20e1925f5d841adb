#include "sansip/dialog/draft_space.h"

#include <array>
#include <charconv>

#include "sansip/core/text/scan_copy.h"

namespace sansip {

void DraftSpace::Clear() {
  count_ = used_ = 0;
  overflowed_ = false;
}

void DraftSpace::Add(HeaderId id, std::string_view value) {
  if (count_ == lines_.size()) {
    overflowed_ = true;
    return;
  }
  HeaderLine& line = lines_[count_++];
  line.id = id;
  line.value = value;
  line.name = {};
}

void DraftSpace::Add(const HeaderLine& line) {
  if (count_ == lines_.size()) {
    overflowed_ = true;
    return;
  }
  lines_[count_++] = line;
}

void DraftSpace::AddAll(std::span<const HeaderLine> lines) {
  for (const HeaderLine& line : lines) Add(line);
}

std::string_view DraftSpace::Join(std::initializer_list<std::string_view> parts) {
  const std::size_t begin = used_;
  return Append(parts) ? std::string_view(bytes_.data() + begin, used_ - begin) : std::string_view();
}

void DraftSpace::Compose(HeaderId id, std::initializer_list<std::string_view> parts) {
  const std::size_t begin = used_;
  if (Append(parts)) Add(id, {bytes_.data() + begin, used_ - begin});
}

void DraftSpace::Compose(HeaderId id, std::uint64_t number, std::initializer_list<std::string_view> after) {
  const std::size_t begin = used_;
  if (Append(number) && Append(after)) Add(id, {bytes_.data() + begin, used_ - begin});
}

void DraftSpace::Compose(HeaderId id, std::initializer_list<std::string_view> before, std::uint64_t number) {
  const std::size_t begin = used_;
  if (Append(before) && Append(number)) Add(id, {bytes_.data() + begin, used_ - begin});
}

bool DraftSpace::Append(std::uint64_t number) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  return Append({std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data()))});
}

bool DraftSpace::Append(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (const std::string_view part : parts) size += part.size();
  if (size > bytes_.size() - used_) {
    overflowed_ = true;
    return false;
  }
  ScanCopy copy(bytes_.data() + used_);  // parts are short
  for (const std::string_view part : parts) copy.Put(part);
  used_ += size;
  return true;
}

}  // namespace sansip
