// Credentials that worked, for the requests of others to the same destination: of another call, a MESSAGE, a
// subscription (RFC 3261 22.2: by To and realm; RFC 7616 3.6). By From as well: they are one identity's.
//
// Those who use one nonce at a time never use one nonce count twice: the cache has the latest nonce of a
// realm and the count; who borrowed an older one goes on with the latest. Credentials of a proxy are one
// Call-ID's (RFC 3261 22.3), unless its realm is the one that the cache was told of. Bounded: the entry not
// used for longest makes room. Who shares it shares a thread.
#ifndef SANSIP_CORE_AUTH_DIGEST_CACHE_H_
#define SANSIP_CORE_AUTH_DIGEST_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/auth/digest_client.h"

namespace sansip {

class DigestCache {
 public:
  // The addresses in From and To, without their tags.
  struct Destination {
    std::string_view from, to;
  };

  // `proxy_realm`: of the outbound proxy; empty: none.
  DigestCache(std::size_t entries_max, std::string proxy_realm)
      : entries_max_(entries_max), proxy_realm_(std::move(proxy_realm)) {}

  // Around DigestClient::Authorize: what is known goes into `client`; the counts that it used come back.
  void Lend(DigestClient& client, const Destination& destination);
  void TakeBack(const DigestClient& client, const Destination& destination);
  // A request of `attempt` was accepted, or at least not challenged.
  void Keep(DigestClient& client, const Destination& destination, const DigestAttempt& attempt);
  // After a challenge: what `client` does not hold for right any more.
  void Drop(const DigestClient& client, const Destination& destination);

  std::size_t size() const { return entries_.size(); }

 private:
  using Protection = DigestClient::Protection;
  struct Entry {
    std::string from, to;
    Protection protection;
    std::uint64_t used = 0;  // the how manieth use was the last one
  };

  bool IsOf(const Entry& entry, const Destination& destination) const;
  Entry* Find(const Destination& destination, const Protection& like);
  bool IsShared(const Protection& protection) const;

  const std::size_t entries_max_;
  const std::string proxy_realm_;
  std::vector<Entry> entries_;
  std::uint64_t uses_ = 0;
};

}  // namespace sansip

#endif  // SANSIP_CORE_AUTH_DIGEST_CACHE_H_
