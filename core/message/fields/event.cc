#include "sansip/core/message/fields/event.h"

#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"

namespace sansip {
namespace {

// A token whose dots, which token-nodot leaves out, stand between two others.
ParseError TakeEventType(Cursor& cursor, std::string_view& type) {
  const std::size_t begin = cursor.offset();
  Cursor whole = cursor;
  type = whole.TakeAll(kToken);
  for (std::string_view rest = type;;) {
    const std::string_view part = rest.substr(0, rest.find('.'));
    if (part.empty()) {
      const std::size_t offset = begin + type.size() - rest.size();
      return {ParseCode::kBadToken, static_cast<std::uint32_t>(offset)};
    }
    if (part.size() == rest.size()) break;
    rest.remove_prefix(part.size() + 1);
  }
  cursor = whole;
  return {};
}

void WriteEventType(std::string_view type, ValueWriter& value) {
  Cursor cursor(type);
  std::string_view taken;
  if (!TakeEventType(cursor, taken).ok() || !cursor.AtEnd()) return value.Refuse();
  value.Token(type);
}

}  // namespace

std::string_view EventPackage(std::string_view event_type) {
  return event_type.substr(0, event_type.find('.'));
}

std::string_view EventTemplates(std::string_view event_type) {
  const std::size_t dot = event_type.find('.');
  return dot == std::string_view::npos ? std::string_view() : event_type.substr(dot + 1);
}

ParseError ParseEvent(std::string_view value, EventField& event) {
  event = {};
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  ParseError error = TakeEventType(cursor, event.type);
  if (!error.ok()) return error;
  error = TakeParameters(cursor, event.parameters, [&event](const Param& param) {
    return EqualsIgnoreCase(param.name, "id") ? KeepToken(param, event.id) : ParseCode::kNone;
  });
  return error.ok() ? EndValue(cursor) : error;
}

void Write(const EventField& event, ValueWriter& value) {
  WriteEventType(event.type, value);
  if (!event.id.empty()) {
    value.Literal(";id=");
    value.Token(event.id);
  }
  value.ParametersExcept(event.parameters, {"id"});
}

bool Equivalent(const EventField& a, const EventField& b) { return a.type == b.type && a.id == b.id; }

ParseError ParseAllowedEvent(std::string_view value, AllowedEvent& event, std::string_view* rest) {
  event = {};
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  const ParseError error = TakeEventType(cursor, event.type);
  return error.ok() ? EndElement(cursor, rest) : error;
}

void Write(const AllowedEvent& event, ValueWriter& value) { WriteEventType(event.type, value); }

bool Equivalent(const AllowedEvent& a, const AllowedEvent& b) { return a.type == b.type; }

}  // namespace sansip
