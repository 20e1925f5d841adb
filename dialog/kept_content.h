// What a user wants in a message, kept until the message can be sent and as long as it may have to be sent
// again. Its storage is used again.
#ifndef SANSIP_DIALOG_KEPT_CONTENT_H_
#define SANSIP_DIALOG_KEPT_CONTENT_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "sansip/core/message/draft.h"
#include "sansip/dialog/draft_space.h"
#include "sansip/dialog/kept_text.h"

namespace sansip {

class KeptContent {
 public:
  void Assign(std::string_view body, std::string_view content_type, std::span<const HeaderLine> headers);
  void Clear();
  void DropBody() { body_.clear(); }

  std::string_view body() const { return body_; }
  std::string_view content_type() const { return content_type_; }
  // No more than a message gets by it.
  std::size_t bytes() const;
  // The header lines, and Content-Type if there is a body. Borrowed from this.
  void AddTo(DraftSpace& draft) const;
  void AddLinesTo(std::vector<HeaderLine>& lines) const;  // the header lines alone

 private:
  struct Line {
    HeaderId id;
    std::uint32_t name_size, value_size;
  };
  template <typename Take>
  void ForEachLine(Take take) const {
    for (std::string_view rest = lines_; !rest.empty();) {
      Line line;
      std::memcpy(&line, rest.data(), sizeof(line));
      const std::string_view name = rest.substr(sizeof(line), line.name_size);
      take(HeaderLine{line.id, rest.substr(sizeof(line) + line.name_size, line.value_size), name});
      rest.remove_prefix(sizeof(line) + line.name_size + line.value_size);
    }
  }

  KeptText body_, content_type_;
  KeptText lines_;  // of each its Line, name and value
};

}  // namespace sansip

#endif  // SANSIP_DIALOG_KEPT_CONTENT_H_
