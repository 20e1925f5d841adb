// Content-Type (RFC 3261 20.15, 25.1 media-type).
#ifndef SANSIP_CORE_MESSAGE_FIELDS_CONTENT_TYPE_H_
#define SANSIP_CORE_MESSAGE_FIELDS_CONTENT_TYPE_H_

#include <string_view>

#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

struct MediaType {
  std::string_view type = {};        // "application", as written
  std::string_view subtype = {};     // "sdp"
  std::string_view parameters = {};  // ";boundary=...", see Parameter() in parameter.h

  // Types and subtypes are case-insensitive.
  bool Is(std::string_view other_type, std::string_view other_subtype) const;
};

[[nodiscard]] ParseError ParseMediaType(std::string_view value, MediaType& media_type);
void Write(const MediaType& media_type, ValueWriter& value);
// The case of a boundary counts, its quotation marks do not (RFC 2046 5.1.1).
bool Equivalent(const MediaType& a, const MediaType& b);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_CONTENT_TYPE_H_
