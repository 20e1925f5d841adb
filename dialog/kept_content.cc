#include "sansip/dialog/kept_content.h"

namespace sansip {

void KeptContent::Assign(std::string_view body, std::string_view content_type,
                         std::span<const HeaderLine> headers) {
  body_.assign(body);
  content_type_.assign(content_type);
  texts_.clear();
  lines_.clear();
  for (const HeaderLine& header : headers) {
    lines_.push_back({header.id, static_cast<std::uint32_t>(header.name.size()),
                      static_cast<std::uint32_t>(header.value.size())});
    texts_ += header.name;
    texts_ += header.value;
  }
}

void KeptContent::Clear() {
  body_.clear();
  content_type_.clear();
  texts_.clear();
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
