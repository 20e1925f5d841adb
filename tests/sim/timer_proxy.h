// A proxy that cares for session timers alone (RFC 4028 8): it record-routes, forwards every copy of a
// message as it comes, and does to INVITE, UPDATE and their responses what session_timer/proxy.h says. Of
// Proxy-Require it knows `timer` and nothing else (RFC 3261 16.3).
//
// It retransmits nothing and keeps no transactions, but remembers a request by its branch for the 2xx to
// come, and by Call-ID when the session has expired for it. Datagrams only.
#ifndef SANSIP_TESTS_SIM_TIMER_PROXY_H_
#define SANSIP_TESTS_SIM_TIMER_PROXY_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "sansip/core/base/address.h"
#include "sansip/core/message/header_id.h"
#include "sansip/core/message/message_view.h"
#include "sansip/session_timer/proxy.h"
#include "sansip/tests/sim/proxy.h"

namespace sansip::sim {

class TimerProxy final : public Proxy {
 public:
  TimerProxy(World& world, std::string name, const SocketAddress& address,
             const ProxySessionTimerPolicy& policy);

  // False: it is off the path of all but the first request (11.1).
  void SetRecordRoute(bool record_route) { record_route_ = record_route; }
  // When the session of this call has expired for it; kNever: it never will. A call that it has forgotten, or
  // never knew, has none.
  std::optional<Instant> Expiration(std::string_view call_id) const;
  std::uint64_t refused() const { return refused_; }
  std::uint64_t inserted() const { return inserted_; }  // Session-Expires into 2xx

  void OnDeadline(Instant now) override;  // forgets sessions that have expired, and says nothing (8.3)
  [[nodiscard]] Instant next_deadline() const override;
  std::size_t left() const override { return 0; }

 private:
  struct Memory {
    ProxySessionTimerMemory session_timer;
    bool is_answered = false;  // by a 2xx
  };

  struct Refusal {
    int status = 0;
    HeaderId header = HeaderId::kMinSe;
    std::string value;
  };

  void OnRequest(Instant now, const MessageView& request, std::string_view top) override;
  void OnResponse(Instant now, const MessageView& response, std::string_view own) override;
  std::optional<Refusal> Judge(const MessageView& request, const ForwardedSessionTimer& forwarded) const;
  void Refuse(Instant now, const MessageView& request, const Refusal& refusal);

  ProxySessionTimerPolicy policy_;
  std::map<std::string, Memory, std::less<>> memories_;      // by the branch it put on
  std::map<std::string, Refusal, std::less<>> refusals_;     // by the branch it came with
  std::map<std::string, Instant, std::less<>> expirations_;  // by Call-ID
  bool record_route_ = true;
  std::uint64_t refused_ = 0;
  std::uint64_t inserted_ = 0;
};

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_TIMER_PROXY_H_
