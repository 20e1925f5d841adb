// Identity (RFC 8224 4 with errata 6499 and 6519): a PASSporT (RFC 8225), by which an authentication service
// vouches for who a request comes from. Not a comma list, but there may be more than one in a request.
//
//   signed-identity-digest SEMI "info" EQUAL LAQUOT absoluteURI RAQUOT *( SEMI ident-info-params )
//
// Signatures are not verified here.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_IDENTITY_H_
#define SANSIP_CORE_MESSAGE_FIELDS_IDENTITY_H_

#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

struct SignedIdentity {
  // The three parts of the digest, in base64url without padding (RFC 7515 3.1). In the compact form
  // (RFC 8225 7) header and payload are empty: the verifier makes them out of the request.
  std::string_view header = {};
  std::string_view payload = {};
  std::string_view signature = {};
  std::string_view info = {};        // where the certificate is: a URI, without its angle brackets
  std::string_view algorithm = {};   // alg, a token; empty: none, which means ES256 (RFC 8224 4.1)
  std::string_view type = {};        // ppt, a token, "shaken"; empty: none
  std::string_view parameters = {};  // all behind info, as parsed
};

// A digest that is neither the full nor the compact form is kBadFieldValue. alg and ppt are read with or
// without quotation marks.
[[nodiscard]] ParseError ParseSignedIdentity(std::string_view value, SignedIdentity& identity);
// ppt with quotation marks, as errata 6519 has it.
void Write(const SignedIdentity& identity, ValueWriter& value);
bool Equivalent(const SignedIdentity& a, const SignedIdentity& b);
bool IsCompact(const SignedIdentity& identity);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_IDENTITY_H_
