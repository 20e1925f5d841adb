// generic-param (RFC 3261 25.1): what follows a value after semicolons, in most header fields.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_PARAMETER_H_
#define SANSIP_CORE_MESSAGE_FIELDS_PARAMETER_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <utility>

#include "sansip/core/message/parse_error.h"
#include "sansip/core/text/cursor.h"

namespace sansip {

struct Param {
  std::string_view name;
  std::string_view value;  // a quoted value with its quotes
  bool has_value = false;

  // Of a value that TakeParam() took: what is not quoted and not in brackets it has read as a token.
  bool value_is_token() const { return !value.empty() && value.front() != '"' && value.front() != '['; }
};

// Takes SEMI token [ EQUAL gen-value ]. `found` is false, and nothing but white space is taken, where there
// is no semicolon. The offset of an error is the cursor's.
[[nodiscard]] ParseError TakeParam(Cursor& cursor, Param& param, bool& found);

// The two halves of TakeParam, for fields that give some value a form of its own: SEMI token [ EQUAL ], with
// has_value saying whether a value follows; and a value of these characters, a quoted string or a host.
[[nodiscard]] ParseError TakeParamName(Cursor& cursor, Param& param, bool& found);
[[nodiscard]] ParseError TakeParamValue(Cursor& cursor, std::uint32_t classes, Param& param);

// Takes *( SEMI generic-param ) and the white space around them. Each is given to `take`, a ParseCode(const
// Param&) that says whether its value has the form that the field gives it; the offset of what it refuses is
// the semicolon's. `parameters` gets the text of all.
template <typename Take>
[[nodiscard]] ParseError TakeParameters(Cursor& cursor, std::string_view& parameters, Take take) {
  cursor.SkipWhiteSpace();
  const std::size_t begin = cursor.offset();
  std::size_t end = begin;
  Param param;
  for (bool found = false; cursor.At(';'); cursor.SkipWhiteSpace()) {
    const auto semicolon = static_cast<std::uint32_t>(cursor.offset());
    const ParseError error = TakeParam(cursor, param, found);
    if (!error.ok()) return error;
    end = cursor.offset();
    const ParseCode code = take(std::as_const(param));
    if (code != ParseCode::kNone) return {code, semicolon};
  }
  parameters = cursor.Since(begin).substr(0, end - begin);
  return {};
}
[[nodiscard]] ParseError TakeParameters(Cursor& cursor, std::string_view& parameters);

// For `take`: keeps the value of a parameter that is a token and may be there once.
[[nodiscard]] ParseCode KeepToken(const Param& param, std::string_view& kept);

// The value of a parameter in ";a=b;c" text: nullopt if absent, "" if it has no value. Names are
// case-insensitive; a quoted value comes with its quotes.
std::optional<std::string_view> Parameter(std::string_view parameters, std::string_view name);

// More parameters than this in one element are not compared: it takes the square of their number, and no
// field in use has a quarter of it.
inline constexpr std::size_t kParametersMax = 64;

// Two values of a parameter: tokens and hosts are case-insensitive, quoted strings are not (RFC 3261 7.3.1)
// and stand for their text: "a\b" is "ab". Addresses are compared by value.
bool EquivalentParamValues(std::string_view a, std::string_view b);

// The same parameters with equivalent values, in any order. Of a name that is there twice the first counts.
// Lists of more than kParametersMax, or malformed, are equivalent only if they are the same bytes. Names of
// `except` are left out: the field compares them by rules of its own.
bool EquivalentParameters(std::string_view a, std::string_view b,
                          std::initializer_list<std::string_view> except = {});

// The same, but a parameter that only one of the two has is ignored (RFC 3261 20.20).
bool EquivalentSharedParameters(std::string_view a, std::string_view b,
                                std::initializer_list<std::string_view> except = {});

bool IsOneOf(std::string_view name, std::initializer_list<std::string_view> names);  // in any case

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_PARAMETER_H_
