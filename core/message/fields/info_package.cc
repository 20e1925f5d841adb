#include "sansip/core/message/fields/info_package.h"

#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"

namespace sansip {
namespace {

ParseError TakeInfoPackage(Cursor& cursor, InfoPackage& package) {
  package = {};
  cursor.SkipWhiteSpace();
  package.name = cursor.TakeAll(kToken);
  if (package.name.empty()) return ErrorAt(ParseCode::kBadToken, cursor);
  return TakeParameters(cursor, package.parameters);
}

}  // namespace

ParseError ParseInfoPackage(std::string_view value, InfoPackage& package) {
  Cursor cursor(value);
  const ParseError error = TakeInfoPackage(cursor, package);
  return error.ok() ? EndValue(cursor) : error;
}

ParseError ParseRecvInfo(std::string_view value, InfoPackage& package, std::string_view* rest) {
  Cursor cursor(value);
  const ParseError error = TakeInfoPackage(cursor, package);
  return error.ok() ? EndElement(cursor, rest) : error;
}

void Write(const InfoPackage& package, ValueWriter& value) {
  value.Token(package.name);
  value.Parameters(package.parameters);
}

bool Equivalent(const InfoPackage& a, const InfoPackage& b) { return a.name == b.name; }

}  // namespace sansip
