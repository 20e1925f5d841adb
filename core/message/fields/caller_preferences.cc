#include "sansip/core/message/fields/caller_preferences.h"

#include <array>

#include "sansip/core/message/fields/feature_tag.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"

namespace sansip {
namespace {

const std::initializer_list<std::string_view> kFlags = {"require", "explicit"};

// Whose names must not be there twice.
class Names {
 public:
  ParseCode Add(std::string_view name) {
    for (std::size_t i = 0; i < size_; ++i) {
      if (EqualsIgnoreCase(names_[i], name)) return ParseCode::kRepeatedParameter;
    }
    if (size_ == names_.size()) return ParseCode::kBadParameter;
    names_[size_++] = name;
    return ParseCode::kNone;
  }

 private:
  std::array<std::string_view, kPreferencesMax> names_;
  std::size_t size_ = 0;
};

// "*" and parameters; `flag` takes those that are none of features.
template <typename Flag>
ParseError ParsePreference(std::string_view value, std::string_view& parameters, std::string_view* rest,
                           Flag flag) {
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  if (!cursor.Skip('*')) return ErrorAt(ParseCode::kBadFieldValue, cursor);
  Names names;
  const ParseError error = TakeParameters(cursor, parameters, [&names, &flag](const Param& param) {
    const ParseCode code = names.Add(param.name);
    return code == ParseCode::kNone ? flag(param) : code;
  });
  return error.ok() ? EndElement(cursor, rest) : error;
}

struct Directive {
  std::string_view name;
  std::optional<bool> RequestDisposition::*member;
  bool value;
};

constexpr Directive kDirectives[] = {
    {"proxy", &RequestDisposition::proxy, true},       {"redirect", &RequestDisposition::proxy, false},
    {"cancel", &RequestDisposition::cancel, true},     {"no-cancel", &RequestDisposition::cancel, false},
    {"fork", &RequestDisposition::fork, true},         {"no-fork", &RequestDisposition::fork, false},
    {"recurse", &RequestDisposition::recurse, true},   {"no-recurse", &RequestDisposition::recurse, false},
    {"parallel", &RequestDisposition::parallel, true}, {"sequential", &RequestDisposition::parallel, false},
    {"queue", &RequestDisposition::queue, true},       {"no-queue", &RequestDisposition::queue, false},
};

ParseCode AddDirective(std::string_view name, RequestDisposition& disposition) {
  for (const Directive& directive : kDirectives) {
    if (!EqualsIgnoreCase(name, directive.name)) continue;
    if ((disposition.*directive.member).has_value()) return ParseCode::kRepeatedParameter;
    disposition.*directive.member = directive.value;
    return ParseCode::kNone;
  }
  return ParseCode::kBadToken;
}

// Adds the directives of one line.
ParseError AddDirectives(std::string_view value, RequestDisposition& disposition) {
  Cursor cursor(value);
  do {
    cursor.SkipWhiteSpace();
    const Cursor at_name = cursor;
    const ParseCode code = AddDirective(cursor.TakeAll(kToken), disposition);
    if (code != ParseCode::kNone) return ErrorAt(code, at_name);
    cursor.SkipWhiteSpace();
  } while (cursor.Skip(','));
  return EndValue(cursor);
}

}  // namespace

ParseError ParseAcceptContact(std::string_view value, AcceptContact& contact, std::string_view* rest) {
  contact = {};
  return ParsePreference(value, contact.parameters, rest, [&contact](const Param& param) {
    const bool is_require = EqualsIgnoreCase(param.name, "require");
    if (!is_require && !EqualsIgnoreCase(param.name, "explicit")) return ParseCode::kNone;
    if (param.has_value) return ParseCode::kBadParameter;
    (is_require ? contact.is_required : contact.is_explicit) = true;
    return ParseCode::kNone;
  });
}

void Write(const AcceptContact& contact, ValueWriter& value) {
  value.Literal("*");
  value.ParametersExcept(contact.parameters, kFlags);
  if (contact.is_required) value.Literal(";require");
  if (contact.is_explicit) value.Literal(";explicit");
}

bool Equivalent(const AcceptContact& a, const AcceptContact& b) {
  return a.is_required == b.is_required && a.is_explicit == b.is_explicit &&
         EquivalentFeatureParameters(a.parameters, b.parameters, kFlags);
}

ParseError ParseRejectContact(std::string_view value, RejectContact& contact, std::string_view* rest) {
  contact = {};
  return ParsePreference(value, contact.parameters, rest, [](const Param&) { return ParseCode::kNone; });
}

void Write(const RejectContact& contact, ValueWriter& value) {
  value.Literal("*");
  value.Parameters(contact.parameters);
}

bool Equivalent(const RejectContact& a, const RejectContact& b) {
  return EquivalentFeatureParameters(a.parameters, b.parameters);
}

ParseError ParseRequestDisposition(std::string_view value, RequestDisposition& disposition) {
  disposition = {};
  return AddDirectives(value, disposition);
}

void Write(const RequestDisposition& disposition, ValueWriter& value) {
  bool is_first = true;
  for (const Directive& directive : kDirectives) {
    if (disposition.*directive.member != directive.value) continue;
    if (!is_first) value.Literal(", ");
    is_first = false;
    value.Literal(directive.name);
  }
  if (is_first) value.Refuse();
}

bool Equivalent(const RequestDisposition& a, const RequestDisposition& b) { return a == b; }

bool RequestDispositionOf(const MessageView& message, RequestDisposition& disposition) {
  disposition = {};
  bool found = false;
  for (std::size_t i = 0; i < message.header_count(); ++i) {
    const HeaderView header = message.header(i);
    if (header.id != HeaderId::kRequestDisposition) continue;
    if (!AddDirectives(header.value, disposition).ok()) return false;
    found = true;
  }
  return found;
}

}  // namespace sansip
