// Names of things across the border. An id is a slot and a generation: it is never reused, and a stale one is
// an ordinary answer. The nil id names nothing. A Cookie is the user's own word, handed back untouched.
#ifndef SANSIP_CORE_BASE_IDS_H_
#define SANSIP_CORE_BASE_IDS_H_

#include <compare>
#include <cstdint>

namespace sansip {

template <typename Tag>
struct Id {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;  // 0: nil

  constexpr bool is_nil() const { return generation == 0; }
  constexpr std::uint64_t value() const { return std::uint64_t{generation} << 32 | slot; }
  friend constexpr auto operator<=>(const Id&, const Id&) = default;
};

using FlowId = Id<struct FlowTag>;                // a socket and a peer (UDP), or a connection
using TransactionId = Id<struct TransactionTag>;  // RFC 3261 17
using DialogId = Id<struct DialogTag>;            // a dialog's slot, not its three wire identifiers
using CallId = Id<struct CallTag>;                // a call of the user agent, not the Call-ID header field
using StandaloneId =
    Id<struct StandaloneTag>;  // of a request outside of calls, a subscription, a publication
using EventStateId = Id<struct EventStateTag>;      // that a peer published here (RFC 3903)
using RegistrationId = Id<struct RegistrationTag>;  // of an address at a registrar (RFC 3261 10)

struct Cookie {
  std::uint64_t value = 0;
  friend constexpr auto operator<=>(const Cookie&, const Cookie&) = default;
};

}  // namespace sansip

#endif  // SANSIP_CORE_BASE_IDS_H_
