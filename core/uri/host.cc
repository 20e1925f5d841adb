#include "sansip/core/uri/host.h"

#include <cstddef>

#include "sansip/core/base/address.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"

namespace sansip {
namespace {

// Of its own: the room that it takes would be looked after at every host that is none.
[[gnu::noinline]] bool IsIpAddress(std::string_view text) { return ParseIp(text, 0).has_value(); }

// "[" IPv6address "]"
bool TakeIpv6Reference(Cursor& cursor, std::string_view& host) {
  const std::size_t close = cursor.rest().find(']');
  if (close == std::string_view::npos) return false;
  const std::string_view text = cursor.rest().substr(0, close + 1);
  if (!IsIpAddress(text)) return false;
  host = text;
  cursor.Advance(text.size());
  return true;
}

// hostname = *( domainlabel "." ) toplabel [ "." ]; a label is of alphanum and "-", with an alphanum at both
// ends; a top label begins with a letter, so that a host whose last label begins with a digit can only be an
// IPv4 address.
bool TakeNameOrIpv4(Cursor& cursor, std::string_view& host, bool& has_underscore) {
  const std::size_t begin = cursor.offset();
  std::string_view label;
  do {
    label = cursor.TakeAll(kLabelChar);
    if (cursor.At('_')) [[unlikely]] {
      const std::string_view rest = cursor.TakeAll(kLabelChar | kUnderscore);
      label = {label.data(), label.size() + rest.size()};
      has_underscore = true;
    }
    if (label.empty() || label.front() == '-' || label.back() == '-') return false;
  } while (cursor.Skip('.') && cursor.AtAny(kNameChar | kUnderscore));
  host = cursor.Since(begin);
  return !Is(kDigit, label.front()) || (host.back() != '.' && IsIpAddress(host));
}

}  // namespace

bool TakeHost(Cursor& cursor, std::string_view& host, bool* has_underscore) {
  if (cursor.At('[')) return TakeIpv6Reference(cursor, host);
  Cursor ahead = cursor;
  std::string_view text;
  bool underscore = false;
  if (!TakeNameOrIpv4(ahead, text, underscore) || (underscore && has_underscore == nullptr)) return false;
  if (has_underscore != nullptr) *has_underscore = underscore;
  host = text;
  cursor = ahead;
  return true;
}

bool IsHost(std::string_view text, bool may_have_underscore) {
  Cursor cursor(text);
  std::string_view host;
  bool has_underscore = false;
  return TakeHost(cursor, host, may_have_underscore ? &has_underscore : nullptr) && cursor.AtEnd();
}

bool TakePort(Cursor& cursor, std::uint16_t& port) {
  Cursor ahead = cursor;
  const std::string_view digits = ahead.TakeAll(kDigit);
  std::uint64_t value = 0;
  if (digits.size() <= 5) {
    for (const char digit : digits) value = value * 10 + static_cast<std::uint64_t>(digit - '0');
  } else {
    value = ParseDecimal(digits, 65535).value_or(0);
  }
  if (value == 0 || value > 65535) return false;
  port = static_cast<std::uint16_t>(value);
  cursor = ahead;
  return true;
}

bool EquivalentHosts(std::string_view a, std::string_view b) {
  if (EqualsIgnoreCase(a, b)) return true;
  const auto address_a = ParseIp(a, 0);
  const auto address_b = ParseIp(b, 0);
  return address_a && address_b && *address_a == *address_b;
}

}  // namespace sansip
