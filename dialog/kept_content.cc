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

void KeptContent::Clear() { Assign({}, {}, {}); }

void KeptContent::AddTo(DraftSpace& draft) const {
  std::string_view rest = texts_;
  for (const Line& line : lines_) {
    const std::string_view name = rest.substr(0, line.name_size);
    draft.Add({line.id, rest.substr(line.name_size, line.value_size), name});
    rest.remove_prefix(line.name_size + line.value_size);
  }
  if (!body_.empty()) draft.Add(HeaderId::kContentType, content_type_);
}

}  // namespace sansip
