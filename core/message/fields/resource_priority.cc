#include "sansip/core/message/fields/resource_priority.h"

#include <algorithm>
#include <array>

#include "sansip/core/message/fields/list.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"

namespace sansip {
namespace {

// token-nodot
std::string_view TakeWord(Cursor& cursor) {
  const std::size_t begin = cursor.offset();
  while (cursor.AtAny(kToken) && !cursor.At('.')) cursor.Advance(1);
  return cursor.Since(begin);
}

void WriteWord(std::string_view word, ValueWriter& value) {
  if (word.find('.') != std::string_view::npos) return value.Refuse();
  value.Token(word);
}

}  // namespace

ParseError ParseResourceValue(std::string_view value, ResourceValue& resource, std::string_view* rest) {
  resource = {};
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  resource.name_space = TakeWord(cursor);
  if (resource.name_space.empty()) return ErrorAt(ParseCode::kBadToken, cursor);
  if (!cursor.Skip('.')) return ErrorAt(ParseCode::kBadFieldValue, cursor);
  resource.priority = TakeWord(cursor);
  if (resource.priority.empty()) return ErrorAt(ParseCode::kBadToken, cursor);
  return EndElement(cursor, rest);
}

void Write(const ResourceValue& resource, ValueWriter& value) {
  WriteWord(resource.name_space, value);
  value.Literal(".");
  WriteWord(resource.priority, value);
}

bool Equivalent(const ResourceValue& a, const ResourceValue& b) {
  return EqualsIgnoreCase(a.name_space, b.name_space) && EqualsIgnoreCase(a.priority, b.priority);
}

ParseError CheckResourcePriority(std::string_view value) {
  std::array<std::string_view, kResourceValuesMax> names;
  std::size_t size = 0;
  std::string_view rest = value;
  do {
    const auto begin = static_cast<std::uint32_t>(value.size() - rest.size());
    ResourceValue resource;
    const ParseError error = ParseResourceValue(rest, resource, &rest);
    if (!error.ok()) return {error.code, begin + error.offset};
    if (size == names.size()) return {ParseCode::kBadFieldValue, begin};
    for (std::size_t i = 0; i < size; ++i) {
      if (EqualsIgnoreCase(names[i], resource.name_space)) return {ParseCode::kRepeatedParameter, begin};
    }
    names[size++] = resource.name_space;
  } while (!rest.empty());
  return {};
}

}  // namespace sansip
