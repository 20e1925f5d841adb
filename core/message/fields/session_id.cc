#include "sansip/core/message/fields/session_id.h"

#include <algorithm>
#include <array>

#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"

namespace sansip {
namespace {

bool IsUuid(std::string_view text) { return text.size() == kNilUuid.size() && IsAll(kHexDigit, text); }

ParseCode KeepRemote(const Param& param, std::string_view& remote) {
  if (!EqualsIgnoreCase(param.name, "remote")) return ParseCode::kNone;
  // RFC 7989 5: not more than one
  if (!remote.empty()) return ParseCode::kRepeatedParameter;
  if (!IsUuid(param.value)) return ParseCode::kBadParameter;
  remote = param.value;
  return ParseCode::kNone;
}

void WriteUuid(std::string_view uuid, ValueWriter& value) {
  if (!IsUuid(uuid)) return value.Refuse();
  std::array<char, kNilUuid.size()> lower;
  std::ranges::transform(uuid, lower.begin(), ToLower);
  value.Literal({lower.data(), lower.size()});
}

}  // namespace

ParseError ParseSessionId(std::string_view value, SessionId& session_id) {
  session_id = {};
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  const Cursor at_local = cursor;
  session_id.local = cursor.TakeAll(kToken);
  if (!IsUuid(session_id.local)) return ErrorAt(ParseCode::kBadFieldValue, at_local);
  const ParseError error = TakeParameters(cursor, session_id.parameters, [&session_id](const Param& param) {
    return KeepRemote(param, session_id.remote);
  });
  return error.ok() ? EndValue(cursor) : error;
}

void Write(const SessionId& session_id, ValueWriter& value) {
  WriteUuid(session_id.local, value);
  if (!session_id.remote.empty()) {
    value.Literal(";remote=");
    WriteUuid(session_id.remote, value);
  }
  value.ParametersExcept(session_id.parameters, {"remote"});
}

bool Equivalent(const SessionId& a, const SessionId& b) {
  return EqualsIgnoreCase(a.local, b.local) && EqualsIgnoreCase(a.remote, b.remote) &&
         EquivalentParameters(a.parameters, b.parameters, {"remote"});
}

}  // namespace sansip
