// What a user wants in a message, kept until the message can be sent and as long as it may have to be sent
// again. Its storage is used again.
#ifndef SANSIP_DIALOG_KEPT_CONTENT_H_
#define SANSIP_DIALOG_KEPT_CONTENT_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/message/draft.h"
#include "sansip/dialog/draft_space.h"

namespace sansip {

class KeptContent {
 public:
  void Assign(std::string_view body, std::string_view content_type, std::span<const HeaderLine> headers);
  void Clear();

  std::string_view body() const { return body_; }
  // No more than a message gets by it.
  std::size_t bytes() const {
    return body_.size() + (body_.empty() ? 0 : content_type_.size()) + texts_.size();
  }
  // The header lines, and Content-Type if there is a body. Borrowed from this.
  void AddTo(DraftSpace& draft) const;

 private:
  struct Line {
    HeaderId id;
    std::uint32_t name_size, value_size;  // one after the other in texts_
  };
  std::string body_, content_type_, texts_;
  std::vector<Line> lines_;
};

}  // namespace sansip

#endif  // SANSIP_DIALOG_KEPT_CONTENT_H_
