// Security-Client, Security-Server and Security-Verify (RFC 3329 2.2): which security mechanisms a client and
// its first hop have, and which the client has chosen by.
//
//   sec-mechanism *( COMMA sec-mechanism ), sec-mechanism = mechanism-name *( SEMI mech-parameters )
//
// The parameters of ipsec-3gpp (alg, prot, mod, ealg, spi, ...; appendix A) are among `parameters`.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_SECURITY_AGREEMENT_H_
#define SANSIP_CORE_MESSAGE_FIELDS_SECURITY_AGREEMENT_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

struct SecurityMechanism {
  std::string_view name = {};              // "digest", "tls", "ipsec-3gpp" ...
  std::optional<std::uint16_t> q = {};     // preference in thousandths; the client gives none (2.3.1)
  std::string_view digest_algorithm = {};  // d-alg; empty: none
  std::string_view digest_qop = {};        // d-qop
  std::string_view digest_verify = {};     // d-ver without its quotation marks: 32 digits, lower-case
  std::string_view parameters = {};        // all of them, as parsed
};

[[nodiscard]] ParseError ParseSecurityMechanism(std::string_view value, SecurityMechanism& mechanism,
                                                std::string_view* rest);
void Write(const SecurityMechanism& mechanism, ValueWriter& value);
bool Equivalent(const SecurityMechanism& a, const SecurityMechanism& b);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_SECURITY_AGREEMENT_H_
