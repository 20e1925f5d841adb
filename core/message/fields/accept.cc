#include "sansip/core/message/fields/accept.h"

#include "sansip/core/message/fields/content_language.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"

namespace sansip {
namespace {

// *( SEMI accept-param )
ParseError TakeAcceptParams(Cursor& cursor, std::string_view& parameters, std::uint16_t& q) {
  bool has_q = false;
  return TakeParameters(cursor, parameters, [&](const Param& param) {
    if (!EqualsIgnoreCase(param.name, "q")) return ParseCode::kNone;
    if (has_q) return ParseCode::kRepeatedParameter;
    const auto number = ParseQValue(param.value);
    if (!number) return ParseCode::kBadParameter;
    has_q = true;
    q = *number;
    return ParseCode::kNone;
  });
}

void WriteAcceptParams(std::string_view parameters, std::uint16_t q, ValueWriter& value) {
  value.ParametersExcept(parameters, {"q"});
  if (q != kQValueMax) WriteQParam(q, value);
}

}  // namespace

ParseError ParseAccept(std::string_view value, MediaRange& range, std::string_view* rest) {
  range = {};
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  range.type = cursor.TakeAll(kToken);
  if (range.type.empty()) return ErrorAt(ParseCode::kBadToken, cursor);
  cursor.SkipWhiteSpace();
  if (!cursor.Skip('/')) return ErrorAt(ParseCode::kBadFieldValue, cursor);
  cursor.SkipWhiteSpace();
  range.subtype = cursor.TakeAll(kToken);
  if (range.subtype.empty()) return ErrorAt(ParseCode::kBadToken, cursor);
  const ParseError error = TakeAcceptParams(cursor, range.parameters, range.q);
  return error.ok() ? EndElement(cursor, rest) : error;
}

ParseError ParseAcceptEncoding(std::string_view value, AcceptedCoding& accepted, std::string_view* rest) {
  accepted = {};
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  accepted.coding = cursor.TakeAll(kToken);
  if (accepted.coding.empty()) return ErrorAt(ParseCode::kBadToken, cursor);
  const ParseError error = TakeAcceptParams(cursor, accepted.parameters, accepted.q);
  return error.ok() ? EndElement(cursor, rest) : error;
}

ParseError ParseAcceptLanguage(std::string_view value, LanguageRange& range, std::string_view* rest) {
  range = {};
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  const std::size_t begin = cursor.offset();
  if (cursor.Skip('*')) {
    range.range = cursor.Since(begin);
  } else if (!TakeLanguageTag(cursor, range.range)) {
    return ErrorAt(ParseCode::kBadToken, cursor);
  }
  const ParseError error = TakeAcceptParams(cursor, range.parameters, range.q);
  return error.ok() ? EndElement(cursor, rest) : error;
}

void Write(const MediaRange& range, ValueWriter& value) {
  value.Token(range.type);
  value.Literal("/");
  value.Token(range.subtype);
  WriteAcceptParams(range.parameters, range.q, value);
}

void Write(const AcceptedCoding& accepted, ValueWriter& value) {
  value.Token(accepted.coding);
  WriteAcceptParams(accepted.parameters, accepted.q, value);
}

void Write(const LanguageRange& range, ValueWriter& value) {
  if (range.range == "*") {
    value.Literal("*");
  } else {
    Write(LanguageTag{range.range}, value);
  }
  WriteAcceptParams(range.parameters, range.q, value);
}

bool Equivalent(const MediaRange& a, const MediaRange& b) {
  return EqualsIgnoreCase(a.type, b.type) && EqualsIgnoreCase(a.subtype, b.subtype) && a.q == b.q &&
         EquivalentParameters(a.parameters, b.parameters, {"q"});
}

bool Equivalent(const AcceptedCoding& a, const AcceptedCoding& b) {
  return EqualsIgnoreCase(a.coding, b.coding) && a.q == b.q &&
         EquivalentParameters(a.parameters, b.parameters, {"q"});
}

bool Equivalent(const LanguageRange& a, const LanguageRange& b) {
  return EqualsIgnoreCase(a.range, b.range) && a.q == b.q &&
         EquivalentParameters(a.parameters, b.parameters, {"q"});
}

}  // namespace sansip
