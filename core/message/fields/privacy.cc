#include "sansip/core/message/fields/privacy.h"

#include <algorithm>
#include <span>

#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"

namespace sansip {
namespace {

// In the order of the bits. RFC 3323 4.2: critical follows the others.
constexpr std::array<std::string_view, 7> kNames = {"header",  "session", "user",    "id",
                                                    "history", "none",    "critical"};
static_assert(1u << (kNames.size() - 1) == kPrivacyCritical);

std::uint32_t BitOf(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (EqualsIgnoreCase(kNames[i], name)) return 1u << i;
  }
  return 0;
}

std::span<const std::string_view> Extensions(const Privacy& privacy) {
  return std::span(privacy.extensions).first(privacy.extension_count);
}

bool HasExtension(const Privacy& privacy, std::string_view name) {
  return std::ranges::any_of(Extensions(privacy),
                             [name](std::string_view other) { return EqualsIgnoreCase(name, other); });
}

ParseCode AddValue(std::string_view name, Privacy& privacy) {
  if (name.empty()) return ParseCode::kBadToken;
  const std::uint32_t bit = BitOf(name);
  if ((privacy.values & bit) != 0 || HasExtension(privacy, name)) return ParseCode::kRepeatedParameter;
  privacy.values |= bit;
  if (bit != 0) return ParseCode::kNone;
  if (privacy.extension_count == kPrivacyExtensionsMax) return ParseCode::kBadFieldValue;
  privacy.extensions[privacy.extension_count++] = name;
  return ParseCode::kNone;
}

ParseError AddValues(std::string_view value, Privacy& privacy) {
  Cursor cursor(value);
  do {
    cursor.SkipWhiteSpace();
    const Cursor at_value = cursor;
    const ParseCode code = AddValue(cursor.TakeAll(kToken), privacy);
    if (code != ParseCode::kNone) return ErrorAt(code, at_value);
    cursor.SkipWhiteSpace();
  } while (cursor.Skip(';') || cursor.Skip(','));
  return cursor.AtEnd() ? ParseError{} : ErrorAt(ParseCode::kBadFieldValue, cursor);
}

}  // namespace

ParseError ParsePrivacy(std::string_view value, Privacy& privacy) {
  privacy = {};
  return AddValues(value, privacy);
}

void Write(const Privacy& privacy, ValueWriter& value) {
  const bool has_extension = privacy.extension_count > 0;
  const bool is_none = privacy.values == kPrivacyNone && !has_extension;
  const bool is_some = (privacy.values & ~std::uint32_t{kPrivacyCritical}) != 0 || has_extension;
  if (!is_some || (!is_none && (privacy.values & kPrivacyNone) != 0)) return value.Refuse();
  std::string_view separator;
  const auto write = [&value, &separator](std::string_view name) {
    value.Literal(separator);
    value.Token(name);
    separator = ";";
  };
  for (const std::string_view name : Extensions(privacy)) write(name);
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if ((privacy.values & (1u << i)) != 0) write(kNames[i]);
  }
}

bool Equivalent(const Privacy& a, const Privacy& b) {
  return a.values == b.values && a.extension_count == b.extension_count &&
         std::ranges::all_of(Extensions(a), [&b](std::string_view name) { return HasExtension(b, name); });
}

bool PrivacyOf(const MessageView& message, Privacy& privacy) {
  privacy = {};
  bool found = false;
  for (std::size_t i = 0; i < message.header_count(); ++i) {
    const HeaderView header = message.header(i);
    if (header.id != HeaderId::kPrivacy) continue;
    if (!AddValues(header.value, privacy).ok()) return false;
    found = true;
  }
  return found;
}

}  // namespace sansip
