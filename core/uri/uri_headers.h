// The headers of a SIP URI (RFC 3261 19.1.1, 25.1 headers), one after the other: "?Reason=SIP%3Bcause%3D302".
#ifndef SANSIP_CORE_URI_URI_HEADERS_H_
#define SANSIP_CORE_URI_URI_HEADERS_H_

#include <string_view>

#include "sansip/core/uri/sip_uri.h"

namespace sansip {

struct UriHeader {
  std::string_view name;   // escapes kept, as in the value: see Unescape() and EqualEscapedIgnoreCase()
  std::string_view value;  // may be empty
};

class UriHeadersOf {
 public:
  explicit UriHeadersOf(const SipUri& uri) : rest_(uri.headers) {}
  [[nodiscard]] bool Next(UriHeader& header);  // false at the end
  // The same, passing over headers of other names.
  [[nodiscard]] bool Next(std::string_view name, std::string_view& value);

 private:
  std::string_view rest_;
};

}  // namespace sansip

#endif  // SANSIP_CORE_URI_URI_HEADERS_H_
