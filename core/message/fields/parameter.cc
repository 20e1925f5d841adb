#include "sansip/core/message/fields/parameter.h"

#include <array>

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

namespace {

// A parameter list, taken apart once.
class ParamList {
 public:
  explicit ParamList(std::string_view text) {
    Cursor cursor(text);
    for (bool found = true;;) {
      Param param;
      if (!TakeParam(cursor, param, found).ok()) return;
      if (!found) break;
      if (Find(param.name) != nullptr) continue;
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
  std::array<Param, kParametersMax> params_;
  std::size_t size_ = 0;
  bool is_whole_ = false;
};

// The text that a quoted-string stands for, a character at a time; NUL, which none can hold, at its end.
char NextOfQuoted(Cursor& cursor) {
  if (cursor.At('\\')) cursor.Advance(1);
  const char c = cursor.Peek();
  cursor.Advance(1);
  return c;
}

}  // namespace

bool EquivalentParamValues(std::string_view a, std::string_view b) {
  const auto is_quoted = [](std::string_view text) { return text.size() >= 2 && text.front() == '"'; };
  if (!is_quoted(a) || !is_quoted(b)) return EqualsIgnoreCase(a, b);
  Cursor in_a(a.substr(1, a.size() - 2));
  Cursor in_b(b.substr(1, b.size() - 2));
  while (!in_a.AtEnd() && !in_b.AtEnd()) {
    if (NextOfQuoted(in_a) != NextOfQuoted(in_b)) return false;
  }
  return in_a.AtEnd() && in_b.AtEnd();
}

bool EquivalentParameters(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const ParamList in_a(a);
  const ParamList in_b(b);
  if (!in_a.is_whole() || !in_b.is_whole() || in_a.size() != in_b.size()) return false;
  for (std::size_t i = 0; i < in_a.size(); ++i) {
    const Param* other = in_b.Find(in_a[i].name);
    if (other == nullptr || other->has_value != in_a[i].has_value ||
        !EquivalentParamValues(in_a[i].value, other->value)) {
      return false;
    }
  }
  return true;
}

}  // namespace sansip
