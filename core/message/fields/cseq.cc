#include "sansip/core/message/fields/cseq.h"

#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"

namespace sansip {

ParseError ParseCSeq(std::string_view value, CSeq& cseq) {
  cseq = {};
  Cursor cursor(value);
  const auto at = [&cursor](ParseCode code) {
    return ParseError{code, static_cast<std::uint32_t>(cursor.offset())};
  };
  cursor.SkipWhiteSpace();
  const Cursor at_number = cursor;
  const auto number = ParseDecimal(cursor.TakeAll(kDigit), 0xFFFFFFFF);
  if (!number) {
    cursor = at_number;
    return at(ParseCode::kBadNumber);
  }
  if (!cursor.SkipWhiteSpace()) return at(ParseCode::kBadCSeq);
  const std::string_view method = cursor.TakeAll(kToken);
  if (method.empty()) return at(ParseCode::kBadMethod);
  cursor.SkipWhiteSpace();
  if (!cursor.AtEnd()) return at(ParseCode::kBadCSeq);
  cseq = {static_cast<std::uint32_t>(*number), MethodFromName(method), method};
  return {};
}

bool IsCSeqOfAnyNumber(std::string_view value) {
  Cursor cursor(value);
  if (cursor.TakeAll(kDigit).empty() || !cursor.SkipWhiteSpace() || cursor.TakeAll(kToken).empty())
    return false;
  cursor.SkipWhiteSpace();
  return cursor.AtEnd();
}

void Write(const CSeq& cseq, ValueWriter& value) {
  value.Number(cseq.number);
  value.Literal(" ");
  value.Token(cseq.method_text);
}

bool Equivalent(const CSeq& a, const CSeq& b) {
  return a.number == b.number && a.method_text == b.method_text;
}

}  // namespace sansip
