// Geolocation, Geolocation-Routing and Geolocation-Error (RFC 6442 4.1, 4.2, 4.4): where somebody is, who may
// look at it on the way, and what was wrong with it.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_GEOLOCATION_H_
#define SANSIP_CORE_MESSAGE_FIELDS_GEOLOCATION_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/message_view.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

// locationValue *( COMMA locationValue ), locationValue = LAQUOT locationURI RAQUOT *( SEMI geoloc-param )
struct LocationValue {
  std::string_view uri = {};         // "cid:..." if the location is a body of this message
  std::string_view parameters = {};  // none are defined; they are ignored and kept
};

[[nodiscard]] ParseError ParseLocationValue(std::string_view value, LocationValue& location,
                                            std::string_view* rest);
void Write(const LocationValue& location, ValueWriter& value);
bool Equivalent(const LocationValue& a, const LocationValue& b);

// "yes" / "no" / generic-param. Anything but "yes" is to be taken for "no".
struct GeolocationRouting {
  std::string_view name = "no";
  std::string_view value = {};  // of a generic-param; empty: none
  bool has_value = false;
};

[[nodiscard]] ParseError ParseGeolocationRouting(std::string_view value, GeolocationRouting& routing);
void Write(const GeolocationRouting& routing, ValueWriter& value);
bool Equivalent(const GeolocationRouting& a, const GeolocationRouting& b);
bool AllowsRouting(const GeolocationRouting& routing);
// Of a message; false, too, if the field is missing or malformed (RFC 6442 4.2).
bool AllowsRouting(const MessageView& message);

// location-error-code *( SEMI location-error-params ), one in a message
struct GeolocationError {
  std::uint16_t code = 0;                     // 1*3DIGIT; one that is not known stands for its hundred
  std::optional<std::string_view> text = {};  // code="...", between its quotation marks, escapes kept
  std::string_view parameters = {};           // all of them, as parsed
};

[[nodiscard]] ParseError ParseGeolocationError(std::string_view value, GeolocationError& error);
void Write(const GeolocationError& error, ValueWriter& value);
bool Equivalent(const GeolocationError& a, const GeolocationError& b);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_GEOLOCATION_H_
