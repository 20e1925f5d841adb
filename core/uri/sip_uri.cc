#include "sansip/core/uri/sip_uri.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include "sansip/core/text/ascii.h"
#include "sansip/core/text/bytes.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"
#include "sansip/core/uri/escape.h"
#include "sansip/core/uri/host.h"
#include "sansip/core/uri/tel_uri.h"

namespace sansip {
namespace {

// [ userinfo ]: a host that follows holds no "@", so what is no userinfo is known where it ends.
bool TakeUserInfo(Cursor& cursor, SipUri& uri) {
  Cursor ahead = cursor;
  const std::string_view user = TakeEscaped(ahead, kUserChar);
  std::string_view password;
  const bool has_password = ahead.Skip(':');
  if (has_password) password = TakeEscaped(ahead, kPasswordChar);
  if (!ahead.At('@')) return true;
  if (user.empty()) return false;  // RFC 3261 19.1.1: with "@" the user is not empty
  uri.has_user = true;
  uri.user = user;
  uri.has_password = has_password;
  uri.password = password;
  ahead.Advance(1);
  cursor = ahead;
  return true;
}

// The values that RFC 3261 25.1 gives a form of their own.
bool IsParameterValue(std::string_view name, std::string_view value) {
  switch (name.size()) {
    case 3:
      return !EqualsIgnoreCase(name, "ttl") || (value.size() <= 3 && ParseDecimal(value, 255).has_value());
    case 4:
      return !EqualsIgnoreCase(name, "user") || IsTokenText(value);
    case 5:
      return !EqualsIgnoreCase(name, "maddr") || IsHost(value);
    case 6:
      return !EqualsIgnoreCase(name, "method") || IsTokenText(value);
    case 9:
      return !EqualsIgnoreCase(name, "transport") || IsTokenText(value);
    default:
      return true;
  }
}

// *( ";" pname [ "=" pvalue ] )
bool TakeParameters(Cursor& cursor, SipUri& uri) {
  const std::size_t begin = cursor.offset();
  for (std::size_t count = 0; cursor.At(';'); ++count) {
    if (count == kUriComponentsMax) return false;
    cursor.Advance(1);
    const std::string_view name = TakeEscaped(cursor, kParamChar);
    if (name.empty()) return false;
    std::string_view value;
    const bool has_value = cursor.Skip('=');
    const Cursor at_value = cursor;
    if (has_value) value = TakeEscaped(cursor, kParamChar);
    if (has_value && value.empty()) return false;
    if (!IsParameterValue(name, value)) {
      cursor = at_value;
      return false;
    }
  }
  uri.parameters = cursor.Since(begin);
  return true;
}

// [ "?" hname "=" hvalue *( "&" hname "=" hvalue ) ]
bool TakeHeaders(Cursor& cursor, SipUri& uri) {
  if (!cursor.Skip('?')) return true;
  const std::size_t begin = cursor.offset();
  std::size_t count = 0;
  do {
    if (count++ == kUriComponentsMax) return false;
    if (TakeEscaped(cursor, kUriHeaderChar).empty() || !cursor.Skip('=')) return false;
    TakeEscaped(cursor, kUriHeaderChar);
  } while (cursor.Skip('&'));
  uri.headers = cursor.Since(begin);
  return true;
}

// A parameter or a header of a URI.
struct Component {
  std::string_view name;
  std::optional<std::string_view> value;
};

// Takes the next of "a=b" pieces with this separator between them; false at the end.
bool TakeComponent(std::string_view& text, char separator, Component& component) {
  if (!text.empty() && text.front() == separator) text.remove_prefix(1);
  if (text.empty()) return false;
  const std::string_view piece = text.substr(0, text.find(separator));
  text.remove_prefix(piece.size());
  const std::size_t equal = piece.find('=');
  component.name = piece.substr(0, equal);
  component.value.reset();
  if (equal != std::string_view::npos) component.value = piece.substr(equal + 1);
  return true;
}

std::optional<Component> FindComponent(std::string_view text, char separator, std::string_view name) {
  Component component;
  while (TakeComponent(text, separator, component)) {
    if (EqualEscapedIgnoreCase(component.name, name)) return component;
  }
  return std::nullopt;
}

bool MustBeInBoth(std::string_view name) {
  // RFC 3261 19.1.4: user, ttl, method and maddr by rule; transport by the example with ";transport=udp".
  for (std::string_view both : {"user", "ttl", "method", "maddr", "transport"}) {
    if (EqualEscapedIgnoreCase(name, both)) return true;
  }
  return false;
}

bool EquivalentValues(std::string_view name, const Component& a, const Component& b) {
  if (a.value.has_value() != b.value.has_value()) return false;
  if (!a.value) return true;
  if (EqualEscapedIgnoreCase(name, "maddr")) return EquivalentHosts(*a.value, *b.value);
  // Methods are case-sensitive (7.1).
  if (EqualEscapedIgnoreCase(name, "method")) return EqualEscaped(*a.value, *b.value);
  return EqualEscapedIgnoreCase(*a.value, *b.value);
}

// The components of a URI with hashes, so that comparing all with all reads each of them but a few times:
// a stranger's URI has many, and all but alike.
class Components {
 public:
  Components(std::string_view text, char separator, bool with_values) {
    // ParseSipUri lets no more through.
    while (size_ < kUriComponentsMax && TakeComponent(text, separator, components_[size_])) {
      const Component& component = components_[size_];
      const std::uint64_t hash = FoldedHash(component.name, 0);
      hashes_[size_++] = with_values ? FoldedHash(component.value.value_or(""), hash) : hash;
    }
  }

  std::size_t size() const { return size_; }
  const Component& operator[](std::size_t i) const { return components_[i]; }

  // The first with the name of others[i]; null if there is none.
  const Component* FindName(const Components& others, std::size_t i) const {
    for (std::size_t at = 0; at < size_; ++at) {
      if (hashes_[at] == others.hashes_[i] && EqualEscapedIgnoreCase(components_[at].name, others[i].name)) {
        return &components_[at];
      }
    }
    return nullptr;
  }

  // How many are others[i], of those before `end`.
  std::size_t Count(const Components& others, std::size_t i, std::size_t end, std::size_t count_max) const {
    std::size_t count = 0;
    for (std::size_t at = 0; at < end && count < count_max; ++at) {
      count += hashes_[at] == others.hashes_[i] &&
               EqualEscapedIgnoreCase(components_[at].name, others[i].name) &&
               EqualEscapedIgnoreCase(components_[at].value.value_or(""), others[i].value.value_or(""));
    }
    return count;
  }

 private:
  std::array<Component, kUriComponentsMax> components_;
  std::array<std::uint64_t, kUriComponentsMax> hashes_;
  std::size_t size_ = 0;
};

// Every parameter of `a` is fine with `b`.
bool ParametersFit(const Components& a, const Components& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    // Of a name that is there twice, which 19.1.1 forbids, the first counts, as for UriParameter().
    if (a.FindName(a, i) != &a[i]) continue;
    const Component* other = b.FindName(a, i);
    if (other != nullptr ? !EquivalentValues(a[i].name, a[i], *other) : MustBeInBoth(a[i].name)) return false;
  }
  return true;
}

bool EquivalentParameters(std::string_view a, std::string_view b) {
  if (a.empty() && b.empty()) return true;
  const Components in_a(a, ';', /*with_values=*/false);
  const Components in_b(b, ';', /*with_values=*/false);
  return ParametersFit(in_a, in_b) && ParametersFit(in_b, in_a);
}

// RFC 3261 19.1.4: headers are never ignored. Every one of `a` is in `b`, as often, and there are no others.
bool EquivalentHeaders(std::string_view a, std::string_view b) {
  if (a.empty() && b.empty()) return true;
  const Components in_a(a, '&', /*with_values=*/true);
  const Components in_b(b, '&', /*with_values=*/true);
  if (in_a.size() != in_b.size()) return false;
  for (std::size_t i = 0; i < in_a.size(); ++i) {
    if (in_a.Count(in_a, i, i, 1) != 0) continue;  // counted with an earlier one
    if (in_a.Count(in_a, i, in_a.size(), in_a.size()) != in_b.Count(in_a, i, in_b.size(), in_b.size())) {
      return false;
    }
  }
  return true;
}

}  // namespace

namespace {

bool TakeUnusualSipScheme(Cursor& cursor, bool& is_sips) {
  if (!cursor.SkipIgnoreCase("sip")) return false;
  is_sips = cursor.Skip('s') || cursor.Skip('S');
  return cursor.Skip(':');
}

// "sip:" or "sips:"
inline bool TakeSipScheme(Cursor& cursor, bool& is_sips) {
  // As nearly always: compared as one number.
  if (cursor.left() < 4 || FourBytesAt(cursor.rest(), 0) != FourBytesAt("sip:", 0)) {
    return TakeUnusualSipScheme(cursor, is_sips);
  }
  is_sips = false;
  cursor.Advance(4);
  return true;
}

bool TakeAfterScheme(Cursor& cursor, SipUri& uri) {
  if (!TakeUserInfo(cursor, uri)) return false;
  if (!TakeHost(cursor, uri.host, &uri.host_has_underscore)) return false;
  if (cursor.Skip(':') && !TakePort(cursor, uri.port)) return false;
  return TakeParameters(cursor, uri) && TakeHeaders(cursor, uri);
}

}  // namespace

bool TakeSipUri(Cursor& cursor, SipUri& uri) {
  uri = {};
  return TakeSipScheme(cursor, uri.is_sips) && TakeAfterScheme(cursor, uri);
}

bool ParseSipUri(std::string_view text, SipUri& uri, std::size_t& fault) {
  Cursor cursor(text);
  const bool parsed = TakeSipUri(cursor, uri) && cursor.AtEnd();
  fault = cursor.offset();
  return parsed;
}

std::optional<SipUri> ParseSipUri(std::string_view text) {
  SipUri uri;
  std::size_t fault = 0;
  if (!ParseSipUri(text, uri, fault)) return std::nullopt;
  return uri;
}

std::optional<std::string_view> UriParameter(const SipUri& uri, std::string_view name) {
  const auto component = FindComponent(uri.parameters, ';', name);
  if (!component) return std::nullopt;
  return component->value.value_or("");
}

bool EquivalentUris(const SipUri& a, const SipUri& b) {
  return a.is_sips == b.is_sips && a.has_user == b.has_user && a.has_password == b.has_password &&
         EqualEscaped(a.user, b.user) && EqualEscaped(a.password, b.password) &&
         EquivalentHosts(a.host, b.host) && a.port == b.port &&
         EquivalentParameters(a.parameters, b.parameters) && EquivalentHeaders(a.headers, b.headers);
}

bool EquivalentUris(std::string_view a, std::string_view b) {
  if (a == b) return true;
  SipUri in_a, in_b;
  TelUri tel_a, tel_b;
  std::size_t fault = 0;
  if (ParseTelUri(a, tel_a, fault) && ParseTelUri(b, tel_b, fault)) return EquivalentTelUris(tel_a, tel_b);
  return ParseSipUri(a, in_a, fault) && ParseSipUri(b, in_b, fault) && EquivalentUris(in_a, in_b);
}

bool TakeUri(Cursor& cursor) {
  SipUri uri;
  const Cursor begin = cursor;
  if (TakeSipScheme(cursor, uri.is_sips)) return TakeAfterScheme(cursor, uri);
  cursor = begin;
  const std::string_view scheme = UriScheme(cursor.rest());
  if (scheme.empty()) return false;
  if (EqualsIgnoreCase(scheme, "tel")) {
    // No tel URI holds what closes a name-addr.
    std::size_t fault = 0;
    const bool is_tel = CheckTelUri(cursor.rest().substr(0, cursor.rest().find('>')), fault);
    cursor.Advance(fault);
    return is_tel;
  }
  cursor.Advance(scheme.size() + 1);
  // The escape is the only structure of a foreign URI that is looked at.
  return !TakeEscaped(cursor, kUriChar).empty();
}

namespace {

// "sip:user@host:port" of letters, digits and what joins them, as most are; false for all others.
bool IsPlainSipUri(std::string_view text) {
  if (text.size() < 5 || FourBytesAt(text, 0) != FourBytesAt("sip:", 0)) return false;
  Cursor cursor(text.substr(4));
  std::string_view label = cursor.TakeAll(kAlphanum);
  if (!label.empty() && cursor.Skip('@')) label = cursor.TakeAll(kAlphanum);
  while (!label.empty() && (cursor.At('.') || cursor.At('-'))) {
    const bool begins = cursor.At('.');
    cursor.Advance(1);
    const std::string_view next = cursor.TakeAll(kAlphanum);
    label = begins || next.empty() ? next : std::string_view(label.data(), 1);
  }
  // RFC 3261 25.1: the top label begins with a letter.
  if (label.empty() || !Is(kAlpha, label.front())) return false;
  std::uint16_t port = 0;
  return (!cursor.Skip(':') || TakePort(cursor, port)) && cursor.AtEnd();
}

}  // namespace

bool CheckUri(std::string_view text, std::size_t& fault) {
  fault = text.size();
  if (IsPlainSipUri(text)) return true;
  Cursor cursor(text);
  const bool is_uri = TakeUri(cursor) && cursor.AtEnd();
  fault = cursor.offset();
  return is_uri;
}

std::string_view UriScheme(std::string_view text) {
  Cursor cursor(text);
  if (!cursor.AtAny(kAlpha)) return {};
  const std::string_view scheme = cursor.TakeAll(kSchemeChar);
  return cursor.At(':') ? scheme : std::string_view{};
}

}  // namespace sansip
