#include "sansip/core/message/fields/security_agreement.h"

#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/fields/quoted_string.h"
#include "sansip/core/message/fields/qvalue.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"

namespace sansip {
namespace {

const std::initializer_list<std::string_view> kMechanismMembers = {"q", "d-alg", "d-qop", "d-ver"};

// 32LHEX: no upper-case digits.
bool IsDigest(std::string_view text) {
  if (text.size() != 32 || !IsAll(kHexDigit, text)) return false;
  for (char c : text) {
    if (c != ToLower(c)) return false;
  }
  return true;
}

ParseCode Keep(const Param& param, SecurityMechanism& mechanism) {
  if (EqualsIgnoreCase(param.name, "q")) {
    if (mechanism.q) return ParseCode::kRepeatedParameter;
    mechanism.q = ParseQValue(param.value);
    return mechanism.q ? ParseCode::kNone : ParseCode::kBadParameter;
  }
  if (EqualsIgnoreCase(param.name, "d-alg")) return KeepToken(param, mechanism.digest_algorithm);
  if (EqualsIgnoreCase(param.name, "d-qop")) return KeepToken(param, mechanism.digest_qop);
  if (EqualsIgnoreCase(param.name, "d-ver")) {
    if (!mechanism.digest_verify.empty()) return ParseCode::kRepeatedParameter;
    mechanism.digest_verify = WithoutQuotes(param.value);
    const bool is_quoted = mechanism.digest_verify.size() != param.value.size();
    return is_quoted && IsDigest(mechanism.digest_verify) ? ParseCode::kNone : ParseCode::kBadParameter;
  }
  return ParseCode::kNone;
}

}  // namespace

ParseError ParseSecurityMechanism(std::string_view value, SecurityMechanism& mechanism,
                                  std::string_view* rest) {
  mechanism = {};
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  mechanism.name = cursor.TakeAll(kToken);
  if (mechanism.name.empty()) return ErrorAt(ParseCode::kBadToken, cursor);
  const ParseError error = TakeParameters(
      cursor, mechanism.parameters, [&mechanism](const Param& param) { return Keep(param, mechanism); });
  return error.ok() ? EndElement(cursor, rest) : error;
}

void Write(const SecurityMechanism& mechanism, ValueWriter& value) {
  value.Token(mechanism.name);
  if (mechanism.q) WriteQParam(*mechanism.q, value);
  if (!mechanism.digest_algorithm.empty()) {
    value.Literal(";d-alg=");
    value.Token(mechanism.digest_algorithm);
  }
  if (!mechanism.digest_qop.empty()) {
    value.Literal(";d-qop=");
    value.Token(mechanism.digest_qop);
  }
  if (!mechanism.digest_verify.empty()) {
    if (!IsDigest(mechanism.digest_verify)) return value.Refuse();
    value.Literal(";d-ver=");
    value.Quoted(mechanism.digest_verify);
  }
  value.ParametersExcept(mechanism.parameters, kMechanismMembers);
}

bool Equivalent(const SecurityMechanism& a, const SecurityMechanism& b) {
  return EqualsIgnoreCase(a.name, b.name) && a.q == b.q &&
         EqualsIgnoreCase(a.digest_algorithm, b.digest_algorithm) &&
         EqualsIgnoreCase(a.digest_qop, b.digest_qop) && a.digest_verify == b.digest_verify &&
         EquivalentParameters(a.parameters, b.parameters, kMechanismMembers);
}

}  // namespace sansip
