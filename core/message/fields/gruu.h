// Globally routable UA URIs (RFC 5627 7): the Contact parameters pub-gruu and temp-gruu of a REGISTER's
// response, the URI parameter gr.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_GRUU_H_
#define SANSIP_CORE_MESSAGE_FIELDS_GRUU_H_

#include <optional>
#include <span>
#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"
#include "sansip/core/uri/sip_uri.h"

namespace sansip {

// Between their quotation marks, escapes kept; empty: none.
struct Gruus {
  std::string_view public_gruu = {};
  std::string_view temporary_gruu = {};
};

// Reads the parameters of a Contact, which hold others, too. The offset of an error is into them:
// kBadParameter for what is no quoted-string or, unless it has escapes, no SIP or SIPS URI;
// kRepeatedParameter.
[[nodiscard]] ParseError ParseGruus(std::string_view parameters, Gruus& gruus);
// ";pub-gruu=\"sip:...\";temp-gruu=\"sip:...\"", to be put behind the other parameters.
void Write(const Gruus& gruus, ValueWriter& value);
bool Equivalent(const Gruus& a, const Gruus& b);  // equivalent URIs, escapes aside

// The URI that one of them stands for, its escapes undone: as it is, or unescaped into `storage`. nullopt if
// it does not fit or is no SIP or SIPS URI.
std::optional<std::string_view> GruuUri(std::string_view quoted_text, std::span<char> storage);

// RFC 5627 3.1: any URI with gr is one, a public one if gr has a value.
bool IsGruu(const SipUri& uri);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_GRUU_H_
