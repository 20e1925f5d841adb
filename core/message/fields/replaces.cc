#include "sansip/core/message/fields/replaces.h"

#include "sansip/core/message/fields/call_id.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/cursor.h"

namespace sansip {
namespace {

// What the two have in common: Field is Replaces or Join.
template <typename Field>
ParseCode KeepTag(const Param& param, Field& field) {
  if (EqualsIgnoreCase(param.name, "to-tag")) return KeepToken(param, field.to_tag);
  if (EqualsIgnoreCase(param.name, "from-tag")) return KeepToken(param, field.from_tag);
  return ParseCode::kNone;
}

template <typename Field, typename Keep>
ParseError ParseDialog(std::string_view value, Field& field, Keep keep) {
  field = {};
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  ParseError error = TakeCallId(cursor, field.call_id);
  if (!error.ok()) return error;
  error = TakeParameters(cursor, field.parameters, keep);
  if (!error.ok()) return error;
  error = EndValue(cursor);
  if (!error.ok()) return error;
  const bool has_tags = !field.to_tag.empty() && !field.from_tag.empty();
  return has_tags ? ParseError{} : ErrorAt(ParseCode::kBadParameter, cursor);
}

template <typename Field>
void WriteDialog(const Field& field, ValueWriter& value,
                 std::string_view to_tag = ";to-tag=", std::string_view from_tag = ";from-tag=") {
  if (!CheckCallId(field.call_id).ok()) return value.Refuse();
  value.Literal(field.call_id);
  value.Literal(to_tag);
  value.Token(field.to_tag);
  value.Literal(from_tag);
  value.Token(field.from_tag);
}

template <typename Field>
bool SameDialog(const Field& a, const Field& b) {
  return a.call_id == b.call_id && a.to_tag == b.to_tag && a.from_tag == b.from_tag;
}

// The same of who knows them by the names that a dialog has at its owner.
struct Tags {
  std::string_view call_id, to_tag, from_tag, parameters;
};

Tags TagsOf(const TargetDialog& target) {
  return {target.call_id, target.local_tag, target.remote_tag, target.parameters};
}

bool MatchesTag(std::string_view named, std::string_view tag) {
  return named == tag || (named == "0" && tag.empty());
}

template <typename Field>
bool Names(const Field& field, std::string_view call_id, std::string_view local_tag,
           std::string_view remote_tag) {
  return field.call_id == call_id && MatchesTag(field.to_tag, local_tag) &&
         MatchesTag(field.from_tag, remote_tag);
}

}  // namespace

ParseError ParseReplaces(std::string_view value, Replaces& replaces) {
  return ParseDialog(value, replaces, [&replaces](const Param& param) {
    if (!EqualsIgnoreCase(param.name, "early-only")) return KeepTag(param, replaces);
    if (replaces.early_only) return ParseCode::kRepeatedParameter;
    replaces.early_only = true;
    return param.has_value ? ParseCode::kBadParameter : ParseCode::kNone;
  });
}

void Write(const Replaces& replaces, ValueWriter& value) {
  WriteDialog(replaces, value);
  if (replaces.early_only) value.Literal(";early-only");
  value.ParametersExcept(replaces.parameters, {"to-tag", "from-tag", "early-only"});
}

bool Equivalent(const Replaces& a, const Replaces& b) {
  return SameDialog(a, b) && a.early_only == b.early_only &&
         EquivalentParameters(a.parameters, b.parameters, {"to-tag", "from-tag", "early-only"});
}

ParseError ParseJoin(std::string_view value, Join& join) {
  return ParseDialog(value, join, [&join](const Param& param) { return KeepTag(param, join); });
}

void Write(const Join& join, ValueWriter& value) {
  WriteDialog(join, value);
  value.ParametersExcept(join.parameters, {"to-tag", "from-tag"});
}

bool Equivalent(const Join& a, const Join& b) {
  return SameDialog(a, b) && EquivalentParameters(a.parameters, b.parameters, {"to-tag", "from-tag"});
}

ParseError ParseTargetDialog(std::string_view value, TargetDialog& target) {
  Tags tags;
  const ParseError error = ParseDialog(value, tags, [&tags](const Param& param) {
    if (EqualsIgnoreCase(param.name, "local-tag")) return KeepToken(param, tags.to_tag);
    if (EqualsIgnoreCase(param.name, "remote-tag")) return KeepToken(param, tags.from_tag);
    return ParseCode::kNone;
  });
  target = {tags.call_id, tags.to_tag, tags.from_tag, tags.parameters};
  return error;
}

void Write(const TargetDialog& target, ValueWriter& value) {
  WriteDialog(TagsOf(target), value, ";local-tag=", ";remote-tag=");
  value.ParametersExcept(target.parameters, {"local-tag", "remote-tag"});
}

bool Equivalent(const TargetDialog& a, const TargetDialog& b) {
  return SameDialog(TagsOf(a), TagsOf(b)) &&
         EquivalentParameters(a.parameters, b.parameters, {"local-tag", "remote-tag"});
}

bool NamesDialog(const Replaces& replaces, std::string_view call_id, std::string_view local_tag,
                 std::string_view remote_tag) {
  return Names(replaces, call_id, local_tag, remote_tag);
}

bool NamesDialog(const Join& join, std::string_view call_id, std::string_view local_tag,
                 std::string_view remote_tag) {
  return Names(join, call_id, local_tag, remote_tag);
}

}  // namespace sansip
