#include "sansip/core/auth/digest_cache.h"

#include <algorithm>

namespace sansip {

// RFC 3261 22.3: proxies on the way to one destination are on the way to others, too; whose realm they are
// was never said.
bool DigestCache::IsShared(const Protection& protection) const {
  return entries_max_ > 0 && (!protection.is_proxy || protection.realm == proxy_realm_);
}

bool DigestCache::IsOf(const Entry& entry, const Destination& destination) const {
  return entry.from == destination.from && (entry.protection.is_proxy || entry.to == destination.to);
}

DigestCache::Entry* DigestCache::Find(const Destination& destination, const Protection& like) {
  for (Entry& entry : entries_) {
    const bool is_same = entry.protection.is_proxy == like.is_proxy && entry.protection.realm == like.realm;
    if (is_same && IsOf(entry, destination)) return &entry;
  }
  return nullptr;
}

void DigestCache::Lend(DigestClient& client, const Destination& destination) {
  for (Entry& entry : entries_) {
    if (!IsOf(entry, destination)) continue;
    const bool is_new = client.Find(entry.protection.realm, entry.protection.is_proxy) == nullptr;
    Protection* const own = client.FindOrAdd(entry.protection.realm, entry.protection.is_proxy);
    if (own == nullptr) continue;  // kRealmsMax
    // What came by a challenge is newer than what is here; what the user is asked about, or refused, stays
    // so.
    if (!is_new && (own->is_fresh || own->state != Protection::State::kKnown)) continue;
    if (is_new || own->nonce != entry.protection.nonce) {
      own->value.swap(entry.protection.value);  // what was sent last is the client's to know
      own->invite_value.swap(entry.protection.invite_value);
      *own = entry.protection;
      entry.protection.value.clear();
      entry.protection.invite_value.clear();
    }
    own->nc = entry.protection.nc;
    own->cnonce = entry.protection.cnonce;
    entry.used = ++uses_;
  }
}

void DigestCache::TakeBack(const DigestClient& client, const Destination& destination) {
  for (const Protection& protection : client.protections_) {
    if (protection.is_fresh) continue;
    Entry* const entry = Find(destination, protection);
    if (entry == nullptr || entry->protection.nonce != protection.nonce) continue;
    entry->protection.nc = protection.nc;
    entry->protection.cnonce = protection.cnonce;
  }
}

void DigestCache::Keep(DigestClient& client, const Destination& destination, const DigestAttempt& attempt) {
  for (std::size_t i = 0; i < client.protections_.size(); ++i) {
    Protection& protection = client.protections_[i];
    const bool was_sent = (attempt.sent >> i & 1) != 0;
    if (!was_sent || !protection.is_fresh || protection.state != Protection::State::kKnown) continue;
    if (!IsShared(protection)) continue;
    Entry* entry = Find(destination, protection);
    if (entry == nullptr && entries_.size() < entries_max_) {
      entry = &entries_.emplace_back();
    } else if (entry == nullptr) {
      entry = &*std::min_element(entries_.begin(), entries_.end(),
                                 [](const Entry& a, const Entry& b) { return a.used < b.used; });
    }
    protection.is_fresh = false;
    entry->from.assign(destination.from);
    entry->to.assign(destination.to);
    entry->protection = protection;
    entry->protection.value.clear();
    entry->protection.invite_value.clear();
    entry->used = ++uses_;
  }
}

void DigestCache::Drop(const DigestClient& client, const Destination& destination) {
  std::erase_if(entries_, [&](const Entry& entry) {
    return IsOf(entry, destination) &&
           std::any_of(client.protections_.begin(), client.protections_.end(), [&](const Protection& own) {
             return own.state != Protection::State::kKnown && own.realm == entry.protection.realm &&
                    own.is_proxy == entry.protection.is_proxy;
           });
  });
}

}  // namespace sansip
