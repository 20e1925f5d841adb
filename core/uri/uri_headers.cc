#include "sansip/core/uri/uri_headers.h"

#include <cstddef>

#include "sansip/core/uri/escape.h"

namespace sansip {

bool UriHeadersOf::Next(UriHeader& header) {
  if (rest_.empty()) return false;
  const std::string_view piece = rest_.substr(0, rest_.find('&'));
  rest_.remove_prefix(piece.size());
  if (!rest_.empty()) rest_.remove_prefix(1);
  const std::size_t equal = piece.find('=');
  header.name = piece.substr(0, equal);
  header.value = equal == std::string_view::npos ? std::string_view() : piece.substr(equal + 1);
  return true;
}

bool UriHeadersOf::Next(std::string_view name, std::string_view& value) {
  for (UriHeader header; Next(header);) {
    if (!EqualEscapedIgnoreCase(header.name, name)) continue;
    value = header.value;
    return true;
  }
  return false;
}

}  // namespace sansip
