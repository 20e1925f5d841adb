#include "sansip/core/message/fields/session_expires.h"

#include "sansip/core/message/fields/delta_seconds.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/cursor.h"

namespace sansip {
namespace {

ParseCode KeepRefresher(const Param& param, Refresher& refresher) {
  if (!EqualsIgnoreCase(param.name, "refresher")) return ParseCode::kNone;
  if (refresher != Refresher::kNone) return ParseCode::kRepeatedParameter;
  if (EqualsIgnoreCase(param.value, "uac")) refresher = Refresher::kUac;
  if (EqualsIgnoreCase(param.value, "uas")) refresher = Refresher::kUas;
  return refresher == Refresher::kNone ? ParseCode::kBadParameter : ParseCode::kNone;
}

}  // namespace

ParseError ParseSessionExpires(std::string_view value, SessionExpires& session_expires) {
  session_expires = {};
  DeltaSeconds interval;
  const ParseError error = ParseDeltaSeconds(value, interval);
  session_expires.seconds = interval.seconds;
  if (!error.ok() || interval.parameters.empty()) return error;
  Cursor cursor(value);
  cursor.Advance(OffsetIn(value, interval.parameters));
  return TakeParameters(cursor, session_expires.parameters, [&session_expires](const Param& param) {
    return KeepRefresher(param, session_expires.refresher);
  });
}

void Write(const SessionExpires& session_expires, ValueWriter& value) {
  value.Number(session_expires.seconds);
  if (session_expires.refresher == Refresher::kUac) value.Literal(";refresher=uac");
  if (session_expires.refresher == Refresher::kUas) value.Literal(";refresher=uas");
  value.ParametersExcept(session_expires.parameters, {"refresher"});
}

bool Equivalent(const SessionExpires& a, const SessionExpires& b) {
  return a.seconds == b.seconds && a.refresher == b.refresher &&
         EquivalentParameters(a.parameters, b.parameters, {"refresher"});
}

ParseError ParseMinSe(std::string_view value, MinSe& min_se) {
  DeltaSeconds interval;
  const ParseError error = ParseDeltaSeconds(value, interval);
  min_se = {interval.seconds, interval.parameters};
  return error;
}

void Write(const MinSe& min_se, ValueWriter& value) {
  value.Number(min_se.seconds);
  value.Parameters(min_se.parameters);
}

bool Equivalent(const MinSe& a, const MinSe& b) {
  return a.seconds == b.seconds && EquivalentParameters(a.parameters, b.parameters);
}

}  // namespace sansip
