#include "sansip/core/message/fields/gruu.h"

#include <cstddef>

#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/fields/quoted_string.h"
#include "sansip/core/text/ascii.h"

namespace sansip {
namespace {

bool IsSipUri(std::string_view text) {
  SipUri uri;
  std::size_t fault = 0;
  return ParseSipUri(text, uri, fault);
}

bool IsGruuText(std::string_view text) {
  return IsQuotedText(text) && (text.find('\\') != std::string_view::npos || IsSipUri(text));
}

ParseCode Keep(const Param& param, std::string_view& gruu) {
  if (!gruu.empty()) return ParseCode::kRepeatedParameter;
  gruu = WithoutQuotes(param.value);
  const bool is_quoted = gruu.size() != param.value.size();
  return is_quoted && IsGruuText(gruu) ? ParseCode::kNone : ParseCode::kBadParameter;
}

void WriteParam(std::string_view name, std::string_view gruu, ValueWriter& value) {
  if (gruu.empty()) return;
  if (!IsGruuText(gruu)) return value.Refuse();
  value.Literal(name);
  value.QuotedText(gruu);
}

bool EquivalentGruus(std::string_view a, std::string_view b) {
  return EquivalentQuotedText(a, b) || EquivalentUris(a, b);
}

}  // namespace

ParseError ParseGruus(std::string_view parameters, Gruus& gruus) {
  gruus = {};
  Cursor cursor(parameters);
  std::string_view all;
  const ParseError error = TakeParameters(cursor, all, [&gruus](const Param& param) {
    if (EqualsIgnoreCase(param.name, "pub-gruu")) return Keep(param, gruus.public_gruu);
    if (EqualsIgnoreCase(param.name, "temp-gruu")) return Keep(param, gruus.temporary_gruu);
    return ParseCode::kNone;
  });
  return error.ok() ? EndValue(cursor) : error;
}

void Write(const Gruus& gruus, ValueWriter& value) {
  WriteParam(";pub-gruu=", gruus.public_gruu, value);
  WriteParam(";temp-gruu=", gruus.temporary_gruu, value);
}

bool Equivalent(const Gruus& a, const Gruus& b) {
  return EquivalentGruus(a.public_gruu, b.public_gruu) && EquivalentGruus(a.temporary_gruu, b.temporary_gruu);
}

std::optional<std::string_view> GruuUri(std::string_view quoted_text, std::span<char> storage) {
  std::string_view uri = quoted_text;
  if (quoted_text.find('\\') != std::string_view::npos) {
    std::size_t size = 0;
    for (Cursor cursor(quoted_text); !cursor.AtEnd(); cursor.Advance(1)) {
      if (cursor.At('\\')) cursor.Advance(1);
      if (size == storage.size()) return std::nullopt;
      storage[size++] = cursor.Peek();
    }
    uri = {storage.data(), size};
  }
  if (!IsSipUri(uri)) return std::nullopt;
  return uri;
}

bool IsGruu(const SipUri& uri) { return UriParameter(uri, "gr").has_value(); }

}  // namespace sansip
