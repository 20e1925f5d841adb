#include "sansip/dialog/uri_wishes.h"

#include <algorithm>
#include <optional>
#include <span>

#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/uri/escape.h"
#include "sansip/core/uri/sip_uri.h"
#include "sansip/core/uri/uri_headers.h"

namespace sansip {
namespace {

bool MayBeWished(HeaderId id) {
  return id == HeaderId::kSubject || id == HeaderId::kPriority || id == HeaderId::kInReplyTo;
}

// So that no line can be smuggled into a header field.
bool IsWishOneLine(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; });
}

}  // namespace

UriWishes::UriWishes(std::string_view uri, Method method, const Content& given) : content_(given) {
  if (uri.find('?') == uri.npos) return;  // as nearly all
  const std::optional<SipUri> parsed = ParseSipUri(uri);
  if (!parsed || parsed->headers.empty()) return;
  storage_.resize(parsed->headers.size());
  std::span<char> room(storage_);
  lines_.assign(given.headers.begin(), given.headers.end());
  UriHeadersOf wishes(*parsed);
  for (UriHeader wish; wishes.Next(wish);) {
    const std::string_view text = *Unescape(wish.value, room);
    room = room.subspan(text.size());
    if (EqualEscapedIgnoreCase(wish.name, "body")) {
      if (method != Method::kMessage || !given.body.empty()) continue;
      content_.body = text;
      content_.content_type = "text/plain";
      continue;
    }
    const HeaderId id = HeaderIdFromName(wish.name);
    const bool is_given = std::ranges::any_of(lines_, [id](const HeaderLine& line) { return line.id == id; });
    if (MayBeWished(id) && !is_given && !text.empty() && IsWishOneLine(text))
      lines_.push_back({id, text, {}});
  }
  content_.headers = lines_;
}

std::string_view MethodOfUri(std::string_view uri, std::string_view otherwise) {
  if (uri.find(';') == uri.npos) return otherwise;
  const std::optional<SipUri> parsed = ParseSipUri(uri);
  const std::optional<std::string_view> method =
      parsed ? Parameter(parsed->parameters, "method") : std::nullopt;
  return method && !method->empty() ? *method : otherwise;
}

}  // namespace sansip
