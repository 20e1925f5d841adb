#include "sansip/core/uri/uri_writer.h"

#include <charconv>

#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"
#include "sansip/core/uri/escape.h"
#include "sansip/core/uri/host.h"

namespace sansip {
namespace {

constexpr std::uint32_t kNoChar = 0;  // of no class: everything is escaped

}  // namespace

void UriWriter::Uri(const SipUri& uri) {
  Sip(uri.is_sips);
  if (uri.has_user) {
    ok_ = ok_ && !uri.user.empty();
    part_ = Part::kUser;
    PutAsItStands(uri.user, kUserChar, "");
  }
  if (uri.has_password) {
    ok_ = ok_ && uri.has_user;
    Put(":");
    PutAsItStands(uri.password, kPasswordChar, "");
  }
  ok_ = ok_ && IsHost(uri.host, uri.host_has_underscore);
  PutHost(uri.host, uri.port);
  ok_ = ok_ && (uri.parameters.empty() || uri.parameters.front() == ';');
  PutAsItStands(uri.parameters, kParamChar, ";=");
  part_ = Part::kDone;
  if (uri.headers.empty()) return;
  Put("?");
  PutAsItStands(uri.headers, kUriHeaderChar, "=&");
}

void UriWriter::Uri(const TelUri& tel) {
  if (!Enter(Part::kDone, Part::kNothing, Part::kNothing)) return;
  is_tel_ = true;
  Put("tel:");
  PutSubscriber(tel, TelOrder::kTel);
}

void UriWriter::Sip(bool is_sips) {
  if (Enter(Part::kScheme, Part::kNothing, Part::kNothing)) Put(is_sips ? "sips:" : "sip:");
}

void UriWriter::User(std::string_view text) {
  ok_ = ok_ && !text.empty();  // RFC 3261 19.1.1: with "@" the user is not empty
  if (Enter(Part::kUser, Part::kScheme, Part::kScheme)) PutEscaped(text, kUserChar);
}

void UriWriter::Password(std::string_view text) {
  if (!Enter(Part::kPassword, Part::kUser, Part::kUser)) return;
  Put(":");
  PutEscaped(text, kPasswordChar);
}

void UriWriter::PhoneUser(const TelUri& tel) {
  if (Enter(Part::kUser, Part::kScheme, Part::kScheme)) PutSubscriber(tel, TelOrder::kSipUser);
}

void UriWriter::Host(std::string_view host, std::uint16_t port) {
  ok_ = ok_ && IsHost(host);
  PutHost(host, port);
}

void UriWriter::PutHost(std::string_view host, std::uint16_t port) {
  const bool has_user = part_ == Part::kUser || part_ == Part::kPassword;
  if (!Enter(Part::kHost, Part::kScheme, Part::kPassword)) return;
  if (has_user) Put("@");
  Put(host);
  if (port != 0) {
    char digits[5];
    const auto result = std::to_chars(digits, digits + sizeof(digits), port);
    Put(":");
    Put({digits, static_cast<std::size_t>(result.ptr - digits)});
  }
  parameters_begin_ = needed_;
}

void UriWriter::Parameter(std::string_view name) { PutParameter(name, nullptr); }
void UriWriter::Parameter(std::string_view name, std::string_view value) { PutParameter(name, &value); }

void UriWriter::Header(std::string_view name, std::string_view value) {
  const bool is_first = part_ != Part::kHeaders;
  ok_ = ok_ && !name.empty() && !is_tel_;
  if (!Enter(Part::kHeaders, Part::kHost, Part::kHeaders)) return;
  Put(is_first ? "?" : "&");
  PutEscaped(name, kUriHeaderChar);
  Put("=");
  PutEscaped(value, kUriHeaderChar);
}

void UriWriter::Tel(std::string_view number) {
  if (!Enter(Part::kHost, Part::kNothing, Part::kNothing)) return;
  is_tel_ = true;
  Put("tel:");
  TelUri tel;
  std::size_t fault = 0;
  ok_ = ParseTelephoneSubscriber(number, tel, fault) && tel.parameters.empty();
  if (ok_) Put(number);
  parameters_begin_ = needed_;
}

void UriWriter::PutParameter(std::string_view name, const std::string_view* value) {
  ok_ = ok_ && !name.empty() && (value == nullptr || !value->empty());
  if (!Enter(Part::kParameters, Part::kHost, Part::kParameters)) return;
  Put(";");
  const std::size_t begin = needed_;
  // The name of a tel parameter has no escapes; text() knows.
  PutEscaped(name, kParamChar);
  if (fits() && HasParameter(written().substr(begin), begin)) ok_ = false;
  if (value == nullptr) return;
  Put("=");
  // RFC 3966 3: a "+" in a value is escaped, but for the one that begins a global number.
  if (is_tel_ && !EqualsIgnoreCase(name, "phone-context")) {
    for (char c : *value) PutCharacter(c, c == '+' ? kNoChar : std::uint32_t{kParamChar});
  } else {
    PutEscaped(*value, kParamChar);
  }
}

// Among the parameters that end at `end`.
bool UriWriter::HasParameter(std::string_view name, std::size_t end) const {
  Cursor cursor(written().substr(parameters_begin_, end - parameters_begin_));
  while (cursor.Skip(';')) {
    if (EqualEscapedIgnoreCase(TakeEscaped(cursor, kParamChar), name)) return true;
    if (cursor.Skip('=')) TakeEscaped(cursor, kParamChar);
  }
  return false;
}

void UriWriter::PutSubscriber(const TelUri& tel, TelOrder order) {
  TelParams params;
  Cursor cursor(tel.parameters);
  TelUri number;
  std::size_t fault = 0;
  if (!ParseTelephoneSubscriber(tel.number, number, fault) || !number.parameters.empty() ||
      !params.Take(number, cursor) || !cursor.AtEnd()) {
    ok_ = false;
    return;
  }
  const bool is_user = order == TelOrder::kSipUser;
  // Escaped or not, "#" and its like are themselves in a number; no user part can hold "#".
  for (std::size_t at = 0; at < tel.number.size();) {
    const char c = ToLower(TakeUriCharacter(tel.number, at).c);
    if (is_user) {
      PutCharacter(c, kUserChar);
    } else {
      Put({&c, 1});
    }
  }
  params.Sort(order);
  for (std::size_t i = 0; i < params.size(); ++i) {
    Put(";");
    for (char c : params[i].name) PutCharacter(ToLower(c), kParamChar);
    if (!params[i].has_value) continue;
    Put("=");
    for (std::size_t at = 0; at < params[i].value.size();) {
      const UriCharacter character = TakeUriCharacter(params[i].value, at);
      const char c = ToLower(character.c);
      // RFC 3261 19.1.4: a reserved character is not the same as its escape; a bracket, which is not
      // reserved, is, and so is any that only an escape can write.
      const bool stays = character.is_escaped && !Is(kUnreserved, c) && c != '[' && c != ']';
      PutCharacter(c, stays ? kNoChar : is_user ? std::uint32_t{kUserChar} : std::uint32_t{kParamChar});
    }
  }
}

bool UriWriter::ok() const { return ok_ && part_ >= Part::kHost && (!fits() || IsWhole()); }

std::string_view UriWriter::text() const { return fits() && ok() ? written() : std::string_view(); }

// RFC 3261 19.1.1: what is written can be read. The last word on a ttl, a method, a maddr and a tel number.
bool UriWriter::IsWhole() const {
  std::size_t fault = 0;
  TelUri tel;
  return is_tel_ ? ParseTelUri(written(), tel, fault) : CheckUri(written(), fault);
}

bool UriWriter::Enter(Part part, Part first, Part last) {
  ok_ = ok_ && part_ >= first && part_ <= last;
  part_ = part;
  return ok_;
}

void UriWriter::Put(std::string_view text) {
  for (char c : text) {
    if (needed_ < storage_.size()) storage_[needed_] = c;
    ++needed_;
  }
}

void UriWriter::PutCharacter(char c, std::uint32_t classes) {
  if (Is(classes, c)) return Put({&c, 1});
  constexpr std::string_view kHex = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  Put("%");
  Put(kHex.substr(byte >> 4, 1));
  Put(kHex.substr(byte & 0xF, 1));
}

void UriWriter::PutEscaped(std::string_view text, std::uint32_t classes) {
  for (char c : text) PutCharacter(c, classes);
}

// A component that has its escapes: nothing but characters of the classes, escapes and separators.
void UriWriter::PutAsItStands(std::string_view text, std::uint32_t classes, std::string_view separators) {
  Cursor cursor(text);
  for (TakeEscaped(cursor, classes); !cursor.AtEnd(); TakeEscaped(cursor, classes)) {
    if (separators.find(cursor.Peek()) == std::string_view::npos) break;
    cursor.Advance(1);
  }
  ok_ = ok_ && cursor.AtEnd();
  if (ok_) Put(text);
}

}  // namespace sansip
