#include "sansip/dialog/listed_bindings.h"

#include <cstddef>

#include "sansip/core/message/fields/delta_seconds.h"
#include "sansip/core/message/fields/parameter.h"

namespace sansip {
namespace {

// The text in quotation marks, and in the brackets within; empty: none.
std::string_view Unquoted(std::string_view quoted, bool has_brackets) {
  const std::size_t around = has_brackets ? 2 : 1;
  const std::string_view begin = has_brackets ? "\"<" : "\"", end = has_brackets ? ">\"" : "\"";
  if (quoted.size() < 2 * around || !quoted.starts_with(begin) || !quoted.ends_with(end)) return {};
  return quoted.substr(around, quoted.size() - 2 * around);
}

}  // namespace

ListedBindings::ListedBindings(const MessageView& response, std::uint32_t expires)
    : elements_(response, HeaderId::kContact), expires_(expires) {
  const std::optional<std::string_view> value = response.First(HeaderId::kExpires);
  Expires general;
  if (value && ParseExpires(*value, general).ok()) expires_ = general.seconds;
}

bool ListedBindings::Next(ListedBinding& binding) {
  for (std::string_view element; elements_.Next(element);) {
    Contact contact;
    if (!ParseContact(element, contact, nullptr).ok() || contact.address.is_star) continue;
    const auto text = [&contact](std::string_view name) {
      return Parameter(contact.address.parameters, name).value_or("");
    };
    binding = {.uri = contact.address.uri,
               .expires = contact.expires.value_or(expires_),
               .q = contact.q,
               .instance = Unquoted(text("+sip.instance"), true),
               .reg_id = text("reg-id"),
               .pub_gruu = Unquoted(text("pub-gruu"), false),
               .temp_gruu = Unquoted(text("temp-gruu"), false)};
    return true;
  }
  return false;
}

}  // namespace sansip
