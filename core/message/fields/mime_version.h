// MIME-Version (RFC 3261 20.24): 1*DIGIT "." 1*DIGIT. Unlike mail, SIP allows no comments in it.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_MIME_VERSION_H_
#define SANSIP_CORE_MESSAGE_FIELDS_MIME_VERSION_H_

#include <cstdint>
#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

struct MimeVersion {
  std::uint32_t before_point = 1;
  std::uint32_t behind_point = 0;
};

[[nodiscard]] ParseError ParseMimeVersion(std::string_view value, MimeVersion& version);
void Write(const MimeVersion& version, ValueWriter& value);
bool Equivalent(const MimeVersion& a, const MimeVersion& b);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_MIME_VERSION_H_
