// Accept, Accept-Encoding and Accept-Language (RFC 3261 20.1 to 20.3, 25.1 accept-range, encoding, language):
// what is taken, each with a weight. All three may be empty, and that says something: no format at all, no
// encoding but identity. RFC 3261 errata 832: parameters before "q" and behind it cannot be told apart.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_ACCEPT_H_
#define SANSIP_CORE_MESSAGE_FIELDS_ACCEPT_H_

#include <cstdint>
#include <string_view>

#include "sansip/core/message/fields/qvalue.h"
#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

// "application/sdp;level=1;q=0.5". A whole "*" as subtype, or as both, stands for all.
struct MediaRange {
  std::string_view type = {};
  std::string_view subtype = {};
  std::string_view parameters = {};  // ";level=1;...", see Parameter() in parameter.h
  std::uint16_t q = kQValueMax;      // thousandths; written instead of what the parameters say of it
};

// "gzip;q=0.5", "*".
struct AcceptedCoding {
  std::string_view coding = {};
  std::string_view parameters = {};
  std::uint16_t q = kQValueMax;
};

// "en-gb;q=0.8", "*".
struct LanguageRange {
  std::string_view range = {};
  std::string_view parameters = {};
  std::uint16_t q = kQValueMax;
};

// The first element of `value`; `rest` (may be null) gets what follows its comma, empty at the end.
[[nodiscard]] ParseError ParseAccept(std::string_view value, MediaRange& range, std::string_view* rest);
[[nodiscard]] ParseError ParseAcceptEncoding(std::string_view value, AcceptedCoding& accepted,
                                             std::string_view* rest);
[[nodiscard]] ParseError ParseAcceptLanguage(std::string_view value, LanguageRange& range,
                                             std::string_view* rest);
void Write(const MediaRange& range, ValueWriter& value);
void Write(const AcceptedCoding& accepted, ValueWriter& value);
void Write(const LanguageRange& range, ValueWriter& value);
bool Equivalent(const MediaRange& a, const MediaRange& b);
bool Equivalent(const AcceptedCoding& a, const AcceptedCoding& b);
bool Equivalent(const LanguageRange& a, const LanguageRange& b);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_ACCEPT_H_
