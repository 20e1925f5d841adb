#include "sansip/dialog/kept_content.h"

namespace sansip {

void KeptContent::Assign(std::string_view body, std::string_view content_type,
                         std::span<const HeaderLine> headers) {
  body_.assign(body);
  content_type_.assign(content_type);
  lines_.clear();
  for (const HeaderLine& header : headers) {
    const Line line{header.id, static_cast<std::uint32_t>(header.name.size()),
                    static_cast<std::uint32_t>(header.value.size())};
    lines_ += {reinterpret_cast<const char*>(&line), sizeof(line)};
    lines_ += header.name;
    lines_ += header.value;
  }
}

std::size_t KeptContent::bytes() const {
  std::size_t bytes = body_.empty() ? 0 : body_.size() + content_type_.size();
  ForEachLine([&](const HeaderLine& line) { bytes += line.name.size() + line.value.size(); });
  return bytes;
}

void KeptContent::Clear() {
  body_.clear();
  content_type_.clear();
  lines_.clear();
}

void KeptContent::AddTo(DraftSpace& draft) const {
  ForEachLine([&](const HeaderLine& line) { draft.Add(line); });
  if (!body_.empty()) draft.Add(HeaderId::kContentType, content_type_);
}

void KeptContent::AddLinesTo(std::vector<HeaderLine>& lines) const {
  ForEachLine([&](const HeaderLine& line) { lines.push_back(line); });
}

}  // namespace sansip
