#include "sansip/core/message/fields/rack.h"

#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"

namespace sansip {
namespace {

ParseError TakeResponseNumber(Cursor& cursor, std::uint32_t& number) {
  cursor.SkipWhiteSpace();
  const Cursor at_number = cursor;
  number = static_cast<std::uint32_t>(ParseDecimal(cursor.TakeAll(kDigit), 0xFFFFFFFF).value_or(0));
  // RFC 3262 7.1: from 1
  return number == 0 ? ErrorAt(ParseCode::kBadNumber, at_number) : ParseError{};
}

void WriteResponseNumber(std::uint32_t number, ValueWriter& value) {
  if (number == 0) return value.Refuse();
  value.Number(number);
}

}  // namespace

ParseError ParseRSeq(std::string_view value, RSeq& rseq) {
  Cursor cursor(value);
  const ParseError error = TakeResponseNumber(cursor, rseq.number);
  return error.ok() ? EndValue(cursor) : error;
}

void Write(const RSeq& rseq, ValueWriter& value) { WriteResponseNumber(rseq.number, value); }

bool Equivalent(const RSeq& a, const RSeq& b) { return a.number == b.number; }

ParseError ParseRAck(std::string_view value, RAck& rack) {
  rack = {};
  Cursor cursor(value);
  ParseError error = TakeResponseNumber(cursor, rack.rseq);
  if (!error.ok()) return error;
  if (!cursor.SkipWhiteSpace()) return ErrorAt(ParseCode::kBadFieldValue, cursor);
  error = ParseCSeq(cursor.rest(), rack.cseq);
  if (!error.ok()) error.offset += static_cast<std::uint32_t>(cursor.offset());
  return error;
}

void Write(const RAck& rack, ValueWriter& value) {
  WriteResponseNumber(rack.rseq, value);
  value.Literal(" ");
  Write(rack.cseq, value);
}

// RFC 3262 7.2: the method is case-sensitive.
bool Equivalent(const RAck& a, const RAck& b) { return a.rseq == b.rseq && Equivalent(a.cseq, b.cseq); }

}  // namespace sansip
