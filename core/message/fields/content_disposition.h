// Content-Disposition (RFC 3261 20.11, 25.1): what a body or a part of one is for, and what happens to a
// message whose recipient does not know that.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_CONTENT_DISPOSITION_H_
#define SANSIP_CORE_MESSAGE_FIELDS_CONTENT_DISPOSITION_H_

#include <cstdint>
#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

enum class Handling : std::uint8_t { kRequired, kOptional, kOther };

struct ContentDisposition {
  std::string_view type = {};      // "session", "render", as written
  std::string_view handling = {};  // of the parameter, written instead of what `parameters` says; empty: none
  std::string_view parameters = {};  // ";handling=optional;...", see Parameter() in parameter.h
};

[[nodiscard]] ParseError ParseContentDisposition(std::string_view value, ContentDisposition& disposition);
void Write(const ContentDisposition& disposition, ValueWriter& value);
bool Equivalent(const ContentDisposition& a, const ContentDisposition& b);

// RFC 3261 20.11, errata 4567: required where nothing is said.
Handling HandlingOf(const ContentDisposition& disposition);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_CONTENT_DISPOSITION_H_
