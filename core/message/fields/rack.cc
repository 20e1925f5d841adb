#include "sansip/core/message/fields/rack.h"

#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"

namespace sansip {

ParseError ParseRSeq(std::string_view value, std::uint32_t& rseq) {
  const auto number = ParseDecimal(value, 0xFFFFFFFF);
  if (!number) return {ParseCode::kBadNumber, 0};
  rseq = static_cast<std::uint32_t>(*number);
  return {};
}

ParseError ParseRAck(std::string_view value, RAck& rack) {
  rack = {};
  Cursor cursor(value);
  ParseError error = ParseRSeq(cursor.TakeAll(kDigit), rack.rseq);
  if (!error.ok()) return error;
  if (!cursor.SkipWhiteSpace())
    return {ParseCode::kBadFieldValue, static_cast<std::uint32_t>(cursor.offset())};
  error = ParseCSeq(cursor.rest(), rack.cseq);
  if (!error.ok()) error.offset += static_cast<std::uint32_t>(cursor.offset());
  return error;
}

}  // namespace sansip
