// The target set of a UAC that follows redirections (RFC 3261 8.1.3.4): the Contact values of all 3xx of one
// call, tried by descending q, each URI once.
#ifndef SANSIP_DIALOG_REDIRECT_TARGETS_H_
#define SANSIP_DIALOG_REDIRECT_TARGETS_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include "sansip/core/message/message_view.h"
#include "sansip/dialog/kept_text.h"

namespace sansip {

class RedirectTargets {
 public:
  // The URI called first: never tried again. Where nothing redirects there is no need for it.
  void Begin(std::string_view original);
  void Clear() { count_ = proxy_bytes_ = 0; }
  // SIP and SIPS URIs among the Contacts that are new, as far as there is room.
  // Those that a REGISTER may go to are without a user (10.2).
  void AddFrom(const MessageView& response, std::size_t targets_max, std::size_t bytes_max);
  // The best one not yet tried; empty: none left. Valid until the next call.
  std::string_view Next();
  bool exhausted() const;

  // 21.3.4, a 305: what was sent goes once more, through the proxy that the Contact names, which becomes the
  // first of `routes`. That URI in `routes`; empty: it names none.
  std::string_view EnterProxy(const MessageView& response, std::size_t bytes_max, KeptText& routes);
  // The proxy was for that one request.
  void LeaveProxy(KeptText& routes);

 private:
  struct Target {
    KeptText uri;
    int q = 1000;  // thousandths (20.10)
    bool tried = false;
  };
  bool Add(std::string_view uri, int q);

  std::vector<Target> targets_;
  std::size_t count_ = 0;        // the others are kept for their storage
  std::size_t proxy_bytes_ = 0;  // of `routes`, of the proxy entered
};

}  // namespace sansip

#endif  // SANSIP_DIALOG_REDIRECT_TARGETS_H_
