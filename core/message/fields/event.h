// Event and Allow-Events (RFC 6665 8.2.1, 8.2.2, 8.4): which event package a subscription, a notification or
// a publication is about.
//
//   Event        = event-type *( SEMI event-param )
//   Allow-Events = event-type *( COMMA event-type )
//   event-type   = event-package *( "." event-template )
//
// Event types and ids are compared byte by byte.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_EVENT_H_
#define SANSIP_CORE_MESSAGE_FIELDS_EVENT_H_

#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

std::string_view EventPackage(std::string_view event_type);    // "presence" of "presence.winfo"
std::string_view EventTemplates(std::string_view event_type);  // "winfo"; of "a.b.c" "b.c"; empty: none

struct EventField {
  std::string_view type = {};        // "presence.winfo"
  std::string_view id = {};          // of old subscribers, and of REFER (RFC 3515 2.4.6); empty: none
  std::string_view parameters = {};  // all of them, as parsed
};

[[nodiscard]] ParseError ParseEvent(std::string_view value, EventField& event);
void Write(const EventField& event, ValueWriter& value);
// RFC 6665 8.2.1: the same type, and the same id or none on both sides; nothing else counts.
bool Equivalent(const EventField& a, const EventField& b);

struct AllowedEvent {
  std::string_view type = {};
};

[[nodiscard]] ParseError ParseAllowedEvent(std::string_view value, AllowedEvent& event,
                                           std::string_view* rest);
void Write(const AllowedEvent& event, ValueWriter& value);
bool Equivalent(const AllowedEvent& a, const AllowedEvent& b);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_EVENT_H_
