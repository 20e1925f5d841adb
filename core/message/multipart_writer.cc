#include "sansip/core/message/multipart_writer.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "sansip/core/text/char_class.h"

namespace sansip {

bool Occurs(const Boundary& boundary, std::string_view content) {
  std::array<char, Boundary::kDashes.size() + Boundary::kSizeMax> line{};
  const std::string_view text = boundary.view();
  std::copy(Boundary::kDashes.begin(), Boundary::kDashes.end(), line.begin());
  std::copy(text.begin(), text.end(), line.begin() + Boundary::kDashes.size());
  return content.find({line.data(), Boundary::kDashes.size() + text.size()}) != std::string_view::npos;
}

bool ChooseBoundary(RandomSource& random, std::span<const std::string_view> contents, Boundary& boundary) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (int attempt = 0; attempt < 4; ++attempt) {
    std::array<char, 32> text{};
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (i % 16 == 0) bits = random.Next();
      text[i] = kDigits[bits & 0xF];
      bits >>= 4;
    }
    if (!boundary.Assign({text.data(), text.size()})) return false;
    const bool occurs = std::any_of(contents.begin(), contents.end(), [&boundary](std::string_view content) {
      return Occurs(boundary, content);
    });
    if (!occurs) return true;
  }
  return false;
}

void Write(const MultipartType& media_type, ValueWriter& value) {
  value.Literal("multipart/");
  value.Token(media_type.subtype);
  value.Literal(";boundary=");
  if (IsTokenText(media_type.boundary)) {
    value.Token(media_type.boundary);
  } else {
    value.Quoted(media_type.boundary);
  }
}

void MultipartWriter::Part(std::span<const HeaderLine> headers, std::string_view content) {
  if (boundary_.view().empty() || Occurs(boundary_, content)) return Fail(WriteError::kBadParts);
  const std::size_t begin = out_.needed();
  if (part_count_ > 0) out_.Put("\r\n");
  out_.Put(Boundary::kDashes);
  out_.Put(boundary_.view());
  out_.Put("\r\n");
  Writer lines(out_.room());
  for (const HeaderLine& line : headers) {
    // A line that begins like a delimiter's.
    const bool is_hyphen = line.id == HeaderId::kOther && line.name.starts_with('-');
    lines.Header(is_hyphen ? HeaderLine{} : line);
  }
  if (lines.error() != WriteError::kNone && lines.error() != WriteError::kNoRoom) {
    out_.BackTo(begin);
    return Fail(lines.error());
  }
  out_.Took(lines.needed());
  out_.Put("\r\n");
  out_.Put(content);
  ++part_count_;
}

void MultipartWriter::Close() {
  if (part_count_ == 0) return Fail(WriteError::kBadParts);
  out_.Put("\r\n--");
  out_.Put(boundary_.view());
  out_.Put("--\r\n");
}

WriteError MultipartWriter::error() const {
  return error_ == WriteError::kNone && !out_.fits() ? WriteError::kNoRoom : error_;
}

void MultipartWriter::Fail(WriteError error) {
  if (error_ == WriteError::kNone) error_ = error;
}

}  // namespace sansip
