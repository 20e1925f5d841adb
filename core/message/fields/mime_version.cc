#include "sansip/core/message/fields/mime_version.h"

#include "sansip/core/message/fields/list.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"

namespace sansip {
namespace {

ParseError TakeNumber(Cursor& cursor, std::uint32_t& number) {
  const ParseError error = ErrorAt(ParseCode::kBadNumber, cursor);
  const auto decimal = ParseDecimal(cursor.TakeAll(kDigit), 0xFFFFFFFF);
  if (!decimal) return error;
  number = static_cast<std::uint32_t>(*decimal);
  return {};
}

}  // namespace

ParseError ParseMimeVersion(std::string_view value, MimeVersion& version) {
  version = {};
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  ParseError error = TakeNumber(cursor, version.before_point);
  if (!error.ok()) return error;
  if (!cursor.Skip('.')) return ErrorAt(ParseCode::kBadFieldValue, cursor);
  error = TakeNumber(cursor, version.behind_point);
  return error.ok() ? EndValue(cursor) : error;
}

void Write(const MimeVersion& version, ValueWriter& value) {
  value.Number(version.before_point);
  value.Literal(".");
  value.Number(version.behind_point);
}

bool Equivalent(const MimeVersion& a, const MimeVersion& b) {
  return a.before_point == b.before_point && a.behind_point == b.behind_point;
}

}  // namespace sansip
