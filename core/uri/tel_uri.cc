#include "sansip/core/uri/tel_uri.h"

#include <algorithm>

#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"
#include "sansip/core/uri/escape.h"
#include "sansip/core/uri/host.h"

namespace sansip {
namespace {

constexpr bool IsVisualSeparator(char c) { return c == '-' || c == '.' || c == '(' || c == ')'; }

// *phonedigit, with hexadecimal digits, "*" and "#" if the number is a local one. Visual separators alone are
// no number.
bool TakeNumber(Cursor& cursor, bool is_local) {
  bool has_digit = false;
  while (!cursor.AtEnd()) {
    std::size_t size = 0;
    const char c = TakeUriCharacter(cursor.rest(), size).c;
    const bool is_digit = Is(is_local ? kHexDigit : kDigit, c) || (is_local && (c == '*' || c == '#'));
    if (!is_digit && !IsVisualSeparator(c)) break;
    has_digit = has_digit || is_digit;
    cursor.Advance(size);
  }
  return has_digit;
}

// The "+" of a global number, here or escaped.
bool TakePlus(Cursor& cursor) {
  std::size_t size = 0;
  if (cursor.AtEnd() || TakeUriCharacter(cursor.rest(), size).c != '+') return false;
  cursor.Advance(size);
  return true;
}

bool IsGlobalNumber(std::string_view text) {
  Cursor cursor(text);
  return TakePlus(cursor) && TakeNumber(cursor, /*is_local=*/false) && cursor.AtEnd();
}

// domainname = *( domainlabel "." ) toplabel [ "." ]: a host that is no address.
bool IsDomainName(std::string_view text) {
  const std::string_view last = text.substr(0, text.size() - (!text.empty() && text.back() == '.' ? 1 : 0));
  const std::size_t dot = last.rfind('.');
  const std::string_view top = dot == std::string_view::npos ? last : last.substr(dot + 1);
  return !top.empty() && Is(kAlpha, top.front()) && IsHost(text);
}

// The values to which RFC 3966 3 gives a form of their own.
bool IsTelParameterValue(const TelUri& tel, std::string_view name, std::string_view value) {
  if (EqualsIgnoreCase(name, "ext")) {
    // 1*phonedigit: visual separators alone will do.
    for (std::size_t at = 0; at < value.size();) {
      const char c = TakeUriCharacter(value, at).c;
      if (!Is(kDigit, c) && !IsVisualSeparator(c)) return false;
    }
    return !value.empty();
  }
  if (EqualsIgnoreCase(name, "isub")) return !value.empty();  // errata 203: 1*paramchar
  // A global number has no context; there the name is that of any parameter (RFC 3261 19.1.6 has ";phone-
  // context=5" behind one).
  if (EqualsIgnoreCase(name, "phone-context")) {
    return tel.is_global ? !value.empty() : IsGlobalNumber(value) || IsDomainName(value);
  }
  return true;
}

// ";" pname [ "=" pvalue ], pname = 1*( alphanum / "-" ). False where it is none: the cursor stands there.
bool TakeTelParam(Cursor& cursor, TelParam& param) {
  if (!cursor.Skip(';')) return false;
  param = {};
  const std::size_t begin = cursor.offset();
  while (!cursor.TakeAll(kAlphanum).empty() || cursor.Skip('-')) {
  }
  param.name = cursor.Since(begin);
  if (param.name.empty()) return false;
  param.has_value = cursor.Skip('=');
  if (!param.has_value) return true;
  param.value = TakeEscaped(cursor, kParamChar);
  return !param.value.empty();
}

bool TakeSubscriber(Cursor& cursor, TelUri& tel) {
  const std::size_t begin = cursor.offset();
  tel.is_global = TakePlus(cursor);
  if (!TakeNumber(cursor, !tel.is_global)) return false;
  tel.number = cursor.Since(begin);
  const std::size_t parameters = cursor.offset();
  TelParams params;
  if (!params.Take(tel, cursor)) return false;
  tel.parameters = cursor.Since(parameters);
  return cursor.AtEnd();
}

bool TakeTelUri(Cursor& cursor, TelUri& tel) {
  return EqualsIgnoreCase(cursor.TakeAll(kSchemeChar), "tel") && cursor.Skip(':') &&
         TakeSubscriber(cursor, tel);
}

// Steps over visual separators to the next digit and over it; '\0' at the end.
char NextDigit(std::string_view number, std::size_t& at) {
  while (at < number.size()) {
    const char c = TakeUriCharacter(number, at).c;
    if (!IsVisualSeparator(c)) return ToLower(c);
  }
  return '\0';
}

bool EquivalentNumbers(std::string_view a, std::string_view b) {
  std::size_t at_a = 0;
  std::size_t at_b = 0;
  for (;;) {
    const char digit = NextDigit(a, at_a);
    if (digit != NextDigit(b, at_b)) return false;
    if (digit == '\0') return true;
  }
}

bool EquivalentTelValues(const TelParam& a, const TelParam& b) {
  if (a.has_value != b.has_value) return false;
  const bool is_context = EqualsIgnoreCase(a.name, "phone-context");
  if (EqualsIgnoreCase(a.name, "ext") || (is_context && IsGlobalNumber(a.value) && IsGlobalNumber(b.value))) {
    return EquivalentNumbers(a.value, b.value);
  }
  return EqualEscapedIgnoreCase(a.value, b.value);
}

int RankOf(std::string_view name, TelOrder order) {
  constexpr std::string_view kFirst[] = {"isub", "ext", "postd", "phone-context"};
  int rank = 0;
  for (std::string_view first : kFirst) {
    if (EqualsIgnoreCase(name, first) && (first != "postd" || order == TelOrder::kSipUser)) break;
    ++rank;
  }
  return rank;
}

bool ComesBefore(const TelParam& a, const TelParam& b, TelOrder order) {
  const int rank_a = RankOf(a.name, order);
  const int rank_b = RankOf(b.name, order);
  if (rank_a != rank_b) return rank_a < rank_b;
  return std::lexicographical_compare(a.name.begin(), a.name.end(), b.name.begin(), b.name.end(),
                                      [](char x, char y) { return ToLower(x) < ToLower(y); });
}

}  // namespace

// RFC 3966 3: no name twice. 5.3: isub or ext, not both.
bool TelParams::Take(const TelUri& tel, Cursor& cursor) {
  while (cursor.At(';')) {
    if (size_ == kUriComponentsMax) return false;
    const Cursor begin = cursor;
    TelParam& param = params_[size_];
    if (!TakeTelParam(cursor, param)) return false;
    if (Find(param.name) != nullptr || !IsTelParameterValue(tel, param.name, param.value) ||
        (EqualsIgnoreCase(param.name, "isub") && Find("ext") != nullptr) ||
        (EqualsIgnoreCase(param.name, "ext") && Find("isub") != nullptr)) {
      cursor = begin;
      return false;
    }
    param.name_hash = FoldedHash(param.name, 0);
    ++size_;
  }
  return true;
}

void TelParams::Sort(TelOrder order) {
  std::sort(params_.begin(), params_.begin() + static_cast<std::ptrdiff_t>(size_),
            [order](const TelParam& a, const TelParam& b) { return ComesBefore(a, b, order); });
}

const TelParam* TelParams::Find(std::string_view name) const {
  const std::uint64_t hash = FoldedHash(name, 0);
  for (std::size_t i = 0; i < size_; ++i) {
    if (params_[i].name_hash == hash && EqualsIgnoreCase(params_[i].name, name)) return &params_[i];
  }
  return nullptr;
}

bool ParseTelephoneSubscriber(std::string_view text, TelUri& tel, std::size_t& fault) {
  tel = {};
  Cursor cursor(text);
  const bool parsed = TakeSubscriber(cursor, tel);
  fault = cursor.offset();
  return parsed;
}

bool CheckTelUri(std::string_view text, std::size_t& fault) {
  TelUri tel;
  Cursor cursor(text);
  const bool parsed = TakeTelUri(cursor, tel);
  fault = cursor.offset();
  return parsed;
}

bool ParseTelUri(std::string_view text, TelUri& tel, std::size_t& fault) {
  tel = {};
  Cursor cursor(text);
  const bool parsed = TakeTelUri(cursor, tel);
  fault = cursor.offset();
  return parsed && (tel.is_global || TelParameter(tel, "phone-context").has_value());
}

std::optional<std::string_view> TelParameter(const TelUri& tel, std::string_view name) {
  Cursor cursor(tel.parameters);
  for (TelParam param; TakeTelParam(cursor, param);) {
    if (EqualsIgnoreCase(param.name, name)) return param.value;
  }
  return std::nullopt;
}

std::string_view MandatoryTelParameter(const TelUri& tel) {
  Cursor cursor(tel.parameters);
  for (TelParam param; TakeTelParam(cursor, param);) {
    if (EqualsIgnoreCase(param.name.substr(0, 2), "m-")) return param.name;
  }
  return {};
}

bool EquivalentTelUris(const TelUri& a, const TelUri& b) {
  if (a.is_global != b.is_global || !EquivalentNumbers(a.number, b.number)) return false;
  TelParams in_a;
  TelParams in_b;
  Cursor cursor_a(a.parameters);
  Cursor cursor_b(b.parameters);
  // What is no parsed number is equivalent to nothing but itself.
  if (!in_a.Take(a, cursor_a) || !in_b.Take(b, cursor_b)) return a.parameters == b.parameters;
  if (in_a.size() != in_b.size()) return false;
  for (std::size_t i = 0; i < in_a.size(); ++i) {
    const TelParam* other = in_b.Find(in_a[i].name);
    if (other == nullptr || !EquivalentTelValues(in_a[i], *other)) return false;
  }
  return true;
}

}  // namespace sansip
