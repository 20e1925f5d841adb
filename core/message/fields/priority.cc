#include "sansip/core/message/fields/priority.h"

#include "sansip/core/message/fields/list.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"

namespace sansip {
namespace {

Urgency UrgencyFromName(std::string_view name) {
  if (EqualsIgnoreCase(name, "non-urgent")) return Urgency::kNonUrgent;
  if (EqualsIgnoreCase(name, "normal")) return Urgency::kNormal;
  if (EqualsIgnoreCase(name, "urgent")) return Urgency::kUrgent;
  return EqualsIgnoreCase(name, "emergency") ? Urgency::kEmergency : Urgency::kOther;
}

}  // namespace

ParseError ParsePriority(std::string_view value, Priority& priority) {
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  priority.text = cursor.TakeAll(kToken);
  priority.urgency = UrgencyFromName(priority.text);
  return priority.text.empty() ? ErrorAt(ParseCode::kBadToken, cursor) : EndValue(cursor);
}

void Write(const Priority& priority, ValueWriter& value) { value.Token(priority.text); }

bool Equivalent(const Priority& a, const Priority& b) { return EqualsIgnoreCase(a.text, b.text); }

}  // namespace sansip
