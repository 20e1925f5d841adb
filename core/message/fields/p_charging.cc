#include "sansip/core/message/fields/p_charging.h"

#include "sansip/core/message/fields/list.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/uri/host.h"

namespace sansip {
namespace {

const std::initializer_list<std::string_view> kHosts = {"icid-generated-at", "related-icid-generated-at"};

// generic-param, without a semicolon before it.
ParseError TakeFirst(Cursor& cursor, Param& param) {
  cursor.SkipWhiteSpace();
  param.name = cursor.TakeAll(kToken);
  if (param.name.empty()) return ErrorAt(ParseCode::kBadParameter, cursor);
  cursor.SkipWhiteSpace();
  param.has_value = cursor.Skip('=');
  if (!param.has_value) return {};
  cursor.SkipWhiteSpace();
  return TakeParamValue(cursor, kToken, param);
}

void WriteValue(std::string_view text, ValueWriter& value) {
  Cursor cursor(text);
  Param param;
  if (!TakeParamValue(cursor, kToken, param).ok() || !cursor.AtEnd()) return value.Refuse();
  value.Text(text);
}

ParseCode KeepHost(const Param& param, std::string_view& host) {
  if (!host.empty()) return ParseCode::kRepeatedParameter;
  if (!IsHost(param.value)) return ParseCode::kBadHost;
  host = param.value;
  return ParseCode::kNone;
}

void WriteHost(std::string_view name, std::string_view host, ValueWriter& value) {
  if (host.empty()) return;
  value.Literal(name);
  value.Host(host);
}

}  // namespace

ParseError ParseChargingAddresses(std::string_view value, ChargingAddresses& addresses,
                                  std::string_view* rest) {
  addresses = {};
  Cursor cursor(value);
  ParseError error = TakeFirst(cursor, addresses.first);
  if (error.ok()) error = TakeParameters(cursor, addresses.parameters);
  return error.ok() ? EndElement(cursor, rest) : error;
}

void Write(const ChargingAddresses& addresses, ValueWriter& value) {
  value.Token(addresses.first.name);
  if (addresses.first.has_value) {
    value.Literal("=");
    WriteValue(addresses.first.value, value);
  }
  value.Parameters(addresses.parameters);
}

bool Equivalent(const ChargingAddresses& a, const ChargingAddresses& b) {
  // The order does not count: whatever is first in one is somewhere in the other.
  const auto fits = [](const ChargingAddresses& one, const ChargingAddresses& other) {
    if (EqualsIgnoreCase(one.first.name, other.first.name)) {
      return one.first.has_value == other.first.has_value &&
             EquivalentParamValues(one.first.value, other.first.value);
    }
    const auto value = Parameter(other.parameters, one.first.name);
    return value && EquivalentParamValues(*value, one.first.value);
  };
  return fits(a, b) && fits(b, a) &&
         EquivalentParameters(a.parameters, b.parameters, {a.first.name, b.first.name});
}

std::string_view ChargingAddress(const ChargingAddresses& addresses, std::string_view name) {
  if (EqualsIgnoreCase(addresses.first.name, name)) return addresses.first.value;
  return Parameter(addresses.parameters, name).value_or(std::string_view());
}

ParseError ParseChargingVector(std::string_view value, ChargingVector& vector) {
  vector = {};
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  const Cursor at_icid = cursor;
  Param first;
  ParseError error = TakeFirst(cursor, first);
  if (!error.ok()) return error;
  if (!EqualsIgnoreCase(first.name, "icid-value") || !first.has_value) {
    return ErrorAt(ParseCode::kBadParameter, at_icid);
  }
  vector.icid = first.value;
  error = TakeParameters(cursor, vector.parameters, [&vector](const Param& param) {
    if (EqualsIgnoreCase(param.name, "icid-value")) return ParseCode::kRepeatedParameter;
    if (EqualsIgnoreCase(param.name, "icid-generated-at")) return KeepHost(param, vector.icid_generated_at);
    if (EqualsIgnoreCase(param.name, "related-icid-generated-at")) {
      return KeepHost(param, vector.related_icid_generated_at);
    }
    return ParseCode::kNone;
  });
  return error.ok() ? EndValue(cursor) : error;
}

void Write(const ChargingVector& vector, ValueWriter& value) {
  value.Literal("icid-value=");
  WriteValue(vector.icid, value);
  WriteHost(";icid-generated-at=", vector.icid_generated_at, value);
  WriteHost(";related-icid-generated-at=", vector.related_icid_generated_at, value);
  value.ParametersExcept(vector.parameters, kHosts);
}

bool Equivalent(const ChargingVector& a, const ChargingVector& b) {
  return EquivalentParamValues(a.icid, b.icid) && EquivalentHosts(a.icid_generated_at, b.icid_generated_at) &&
         EquivalentHosts(a.related_icid_generated_at, b.related_icid_generated_at) &&
         EquivalentParameters(a.parameters, b.parameters, kHosts);
}

}  // namespace sansip
