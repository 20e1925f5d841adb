#include "sansip/core/message/fields/entity_tag.h"

#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"

namespace sansip {

ParseError ParseEntityTag(std::string_view value, EntityTag& tag) {
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  tag.text = cursor.TakeAll(kToken);
  return tag.text.empty() ? ErrorAt(ParseCode::kBadToken, cursor) : EndValue(cursor);
}

void Write(const EntityTag& tag, ValueWriter& value) { value.Token(tag.text); }

bool Equivalent(const EntityTag& a, const EntityTag& b) { return a.text == b.text; }

}  // namespace sansip
