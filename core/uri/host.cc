#include "sansip/core/uri/host.h"

#include <cstddef>

#include "sansip/core/base/address.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"

namespace sansip {
namespace {

// hostname = *( domainlabel "." ) toplabel [ "." ]; labels begin and end with alphanum, the last with ALPHA.
bool IsHostName(std::string_view text) {
  if (!text.empty() && text.back() == '.') text.remove_suffix(1);
  if (text.empty()) return false;
  std::size_t label_begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] != '.') {
      if (!Is(kNameChar, text[i])) return false;
      continue;
    }
    if (i == label_begin || !Is(kAlphanum, text[label_begin]) || !Is(kAlphanum, text[i - 1])) return false;
    if (i == text.size()) return Is(kAlpha, text[label_begin]);
    label_begin = i + 1;
  }
  return false;
}

}  // namespace

bool IsHost(std::string_view text) {
  if (text.empty()) return false;
  if (text.front() == '[') return ParseIp(text, 0).has_value();
  if (IsHostName(text)) return true;
  // Without brackets a colon is no part of a host (RFC 5118 4.2).
  return IsAll(kNameChar, text) && ParseIp(text, 0).has_value();
}

bool TakeHost(Cursor& cursor, std::string_view& host) {
  Cursor probe = cursor;
  if (probe.At('[')) {
    const std::size_t close = probe.rest().find(']');
    if (close == std::string_view::npos) return false;
    probe.Advance(close + 1);
  } else {
    probe.TakeAll(kNameChar);
  }
  const std::string_view text = probe.Since(cursor.offset());
  if (!IsHost(text)) return false;
  host = text;
  cursor = probe;
  return true;
}

bool TakePort(Cursor& cursor, std::uint16_t& port) {
  Cursor probe = cursor;
  const auto value = ParseDecimal(probe.TakeAll(kDigit), 65535);
  if (!value || *value == 0) return false;
  port = static_cast<std::uint16_t>(*value);
  cursor = probe;
  return true;
}

bool EquivalentHosts(std::string_view a, std::string_view b) {
  if (EqualsIgnoreCase(a, b)) return true;
  const auto address_a = ParseIp(a, 0);
  const auto address_b = ParseIp(b, 0);
  return address_a && address_b && *address_a == *address_b;
}

}  // namespace sansip
