#include "sansip/core/message/fields/parameter.h"

#include <array>

#include "sansip/core/message/fields/quoted_string.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/uri/host.h"

namespace sansip {
namespace {

ParseError At(ParseCode code, const Cursor& cursor) {
  return {code, static_cast<std::uint32_t>(cursor.offset())};
}

}  // namespace

ParseError TakeParamName(Cursor& cursor, Param& param, bool& found) {
  found = false;
  if (cursor.AtEnd()) return {};
  cursor.SkipWhiteSpace();
  found = cursor.Skip(';');
  if (!found) return {};
  param = {};
  cursor.SkipWhiteSpace();
  param.name = cursor.TakeAll(kToken);
  if (param.name.empty()) return At(ParseCode::kBadParameter, cursor);
  Cursor ahead = cursor;
  ahead.SkipWhiteSpace();
  if (!ahead.Skip('=')) return {};
  ahead.SkipWhiteSpace();
  cursor = ahead;
  param.has_value = true;
  return {};
}

// gen-value = token / host / quoted-string; a host name is a token.
ParseError TakeParamValue(Cursor& cursor, std::uint32_t classes, Param& param) {
  const std::size_t begin = cursor.offset();
  if (cursor.At('"')) {
    if (!cursor.SkipQuotedString()) return At(ParseCode::kBadQuotedString, cursor);
    param.value = cursor.Since(begin);
  } else if (cursor.At('[')) {
    if (!TakeHost(cursor, param.value)) return At(ParseCode::kBadHost, cursor);
  } else {
    param.value = cursor.TakeAll(classes);
    if (param.value.empty()) return At(ParseCode::kBadParameter, cursor);
  }
  return {};
}

ParseError TakeParam(Cursor& cursor, Param& param, bool& found) {
  const ParseError error = TakeParamName(cursor, param, found);
  return error.ok() && found && param.has_value ? TakeParamValue(cursor, kToken, param) : error;
}

std::optional<std::string_view> Parameter(std::string_view parameters, std::string_view name) {
  Cursor cursor(parameters);
  Param param;
  for (bool found = true; TakeParam(cursor, param, found).ok() && found;) {
    if (EqualsIgnoreCase(param.name, name)) return param.value;
  }
  return std::nullopt;
}

ParseCode KeepToken(const Param& param, std::string_view& kept) {
  if (!kept.empty()) return ParseCode::kRepeatedParameter;
  if (!IsTokenText(param.value)) return ParseCode::kBadParameter;
  kept = param.value;
  return ParseCode::kNone;
}

ParseError TakeParameters(Cursor& cursor, std::string_view& parameters) {
  return TakeParameters(cursor, parameters, [](const Param&) { return ParseCode::kNone; });
}

namespace {

// A parameter list, taken apart once.
class ParamList {
 public:
  ParamList(std::string_view text, std::initializer_list<std::string_view> except) {
    Cursor cursor(text);
    for (bool found = true;;) {
      Param param;
      if (!TakeComparable(cursor, param, found)) return;
      if (!found) break;
      if (IsOneOf(param.name, except) || Find(param.name) != nullptr) continue;
      if (size_ == kParametersMax) return;
      params_[size_++] = param;
    }
    is_whole_ = cursor.AtEnd();
  }

  bool is_whole() const { return is_whole_; }
  std::size_t size() const { return size_; }
  const Param& operator[](std::size_t i) const { return params_[i]; }
  const Param* Find(std::string_view name) const {
    for (std::size_t i = 0; i < size_; ++i) {
      if (EqualsIgnoreCase(params_[i].name, name)) return &params_[i];
    }
    return nullptr;
  }

 private:
  // Any value that some field lets through: received has IPv6 addresses without brackets (RFC 3261 20.42).
  static bool TakeComparable(Cursor& cursor, Param& param, bool& found) {
    return TakeParamName(cursor, param, found).ok() &&
           (!found || !param.has_value || TakeParamValue(cursor, kToken | kIpChar, param).ok());
  }

  std::array<Param, kParametersMax> params_;
  std::size_t size_ = 0;
  bool is_whole_ = false;
};

bool Equivalent(const Param& a, const Param& b) {
  return a.has_value == b.has_value && EquivalentParamValues(a.value, b.value);
}

}  // namespace

bool EquivalentParamValues(std::string_view a, std::string_view b) {
  const std::string_view text_a = WithoutQuotes(a);
  const std::string_view text_b = WithoutQuotes(b);
  const bool both_quoted = text_a.size() != a.size() && text_b.size() != b.size();
  return both_quoted ? EquivalentQuotedText(text_a, text_b) : EquivalentHosts(a, b);
}

bool EquivalentParameters(std::string_view a, std::string_view b,
                          std::initializer_list<std::string_view> except) {
  if (a == b) return true;
  const ParamList in_a(a, except);
  const ParamList in_b(b, except);
  if (!in_a.is_whole() || !in_b.is_whole() || in_a.size() != in_b.size()) return false;
  for (std::size_t i = 0; i < in_a.size(); ++i) {
    const Param* other = in_b.Find(in_a[i].name);
    if (other == nullptr || !Equivalent(in_a[i], *other)) return false;
  }
  return true;
}

bool EquivalentSharedParameters(std::string_view a, std::string_view b,
                                std::initializer_list<std::string_view> except) {
  if (a == b) return true;
  const ParamList in_a(a, except);
  const ParamList in_b(b, except);
  if (!in_a.is_whole() || !in_b.is_whole()) return false;
  for (std::size_t i = 0; i < in_a.size(); ++i) {
    const Param* other = in_b.Find(in_a[i].name);
    if (other != nullptr && !Equivalent(in_a[i], *other)) return false;
  }
  return true;
}

bool IsOneOf(std::string_view name, std::initializer_list<std::string_view> names) {
  for (std::string_view one : names) {
    if (EqualsIgnoreCase(name, one)) return true;
  }
  return false;
}

}  // namespace sansip
