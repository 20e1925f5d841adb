#include "sansip/core/message/fields/history_info.h"

#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"
#include "sansip/core/text/scan_line.h"
#include "sansip/core/uri/escape.h"
#include "sansip/core/uri/uri_headers.h"

namespace sansip {
namespace {

using TargetParam = HistoryEntry::TargetParam;

const std::initializer_list<std::string_view> kMembers = {"index", "rc", "mp", "np"};

struct Row {
  TargetParam param;
  std::string_view name;
};
constexpr Row kTargetParams[] = {
    {TargetParam::kRc, "rc"}, {TargetParam::kMp, "mp"}, {TargetParam::kNp, "np"}};

ParseCode Keep(const Param& param, HistoryEntry& entry) {
  if (EqualsIgnoreCase(param.name, "index")) {
    if (!entry.index.empty()) return ParseCode::kRepeatedParameter;
    entry.index = param.value;
    return IsHistoryIndex(entry.index) ? ParseCode::kNone : ParseCode::kBadParameter;
  }
  for (const Row& row : kTargetParams) {
    if (!EqualsIgnoreCase(param.name, row.name)) continue;
    if (entry.target_param != TargetParam::kNone) return ParseCode::kRepeatedParameter;
    entry.target_param = row.param;
    entry.target_index = param.value;
    return IsHistoryIndex(entry.target_index) ? ParseCode::kNone : ParseCode::kBadParameter;
  }
  return ParseCode::kNone;
}

}  // namespace

ParseError ParseHistoryEntry(std::string_view value, HistoryEntry& entry, std::string_view* rest) {
  entry = {};
  const ParseError bad_address = ParseNameAddr(value, entry.target, rest);
  if (!bad_address.ok()) return bad_address;
  Cursor cursor(value);
  if (!entry.target.in_brackets) {
    cursor.SkipWhiteSpace();
    return ErrorAt(ParseCode::kBadFieldValue, cursor);
  }
  cursor.Advance(
      OffsetIn(value, entry.target.parameters.empty() ? entry.target.text : entry.target.parameters));
  if (entry.target.parameters.empty()) cursor.Advance(entry.target.text.size());
  const std::size_t begin = cursor.offset();
  Cursor in_parameters(entry.target.parameters);
  std::string_view all;
  ParseError error =
      TakeParameters(in_parameters, all, [&entry](const Param& param) { return Keep(param, entry); });
  // The index must be there.
  if (error.ok() && entry.index.empty()) error = ErrorAt(ParseCode::kBadParameter, in_parameters);
  if (!error.ok()) error.offset += static_cast<std::uint32_t>(begin);
  return error;
}

void Write(const HistoryEntry& entry, ValueWriter& value) {
  if (!IsHistoryIndex(entry.index)) return value.Refuse();
  NameAddr target = entry.target;
  target.parameters = {};
  Write(target, value);
  value.Literal(";index=");
  value.Token(entry.index);
  for (const Row& row : kTargetParams) {
    if (entry.target_param != row.param) continue;
    if (!IsHistoryIndex(entry.target_index)) return value.Refuse();
    value.Literal(";");
    value.Token(row.name);
    value.Literal("=");
    value.Token(entry.target_index);
  }
  value.ParametersExcept(entry.target.parameters, kMembers);
}

bool Equivalent(const HistoryEntry& a, const HistoryEntry& b) {
  return a.index == b.index && a.target_param == b.target_param && a.target_index == b.target_index &&
         EquivalentUris(a.target.uri, b.target.uri) &&
         EquivalentParameters(a.target.parameters, b.target.parameters, kMembers);
}

bool IsHistoryIndex(std::string_view text) {
  Cursor cursor(text);
  do {
    const std::string_view number = cursor.TakeAll(kDigit);
    if (number.empty() || (number.size() > 1 && number.front() == '0')) return false;
  } while (cursor.Skip('.'));
  return cursor.AtEnd();
}

std::optional<std::string_view> HistoryField(const HistoryEntry& entry, HeaderId id, std::size_t nth,
                                             std::span<char> storage) {
  SipUri uri;
  std::size_t fault = 0;
  if (!ParseSipUri(entry.target.uri, uri, fault)) return std::nullopt;
  UriHeadersOf headers(uri);
  std::string_view escaped;
  for (std::size_t i = 0; i <= nth; ++i) {
    if (!headers.Next(HeaderName(id), escaped)) return std::nullopt;
  }
  const auto value = Unescape(escaped, storage);
  if (!value || FindControl(*value, 0) != value->size()) return std::nullopt;
  return value;
}

}  // namespace sansip
