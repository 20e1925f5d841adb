// What a URI asks for in the request that is formed from it (RFC 3261 19.1.5): URIs stand on business cards
// and web pages, so of the header fields only those are taken that describe the request and say nothing of
// the sender, its way or its dialog: Subject, Priority, In-Reply-To. What the user says goes before. A body
// is taken as text, by a MESSAGE that has none.
#ifndef SANSIP_DIALOG_URI_WISHES_H_
#define SANSIP_DIALOG_URI_WISHES_H_

#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/message/draft.h"
#include "sansip/core/message/method.h"
#include "sansip/dialog/standalone_draft.h"

namespace sansip {

class UriWishes {
 public:
  // A `uri` that is no SIP or SIPS URI wishes nothing.
  UriWishes(std::string_view uri, Method method, const Content& given);
  const Content& content() const { return content_; }  // `given` and what is added; borrowed from both

 private:
  Content content_;
  std::string storage_;
  std::vector<HeaderLine> lines_;
};

// The method that `uri` asks for; `otherwise`, where it asks for none.
std::string_view MethodOfUri(std::string_view uri, std::string_view otherwise);

}  // namespace sansip

#endif  // SANSIP_DIALOG_URI_WISHES_H_
