// What the simulator's proxies have in common: they record-route, forward over datagrams what they keep
// nothing of (RFC 3261 16.11), and write responses of their own.
#ifndef SANSIP_TESTS_SIM_PROXY_H_
#define SANSIP_TESTS_SIM_PROXY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sansip/core/base/address.h"
#include "sansip/core/message/edit.h"
#include "sansip/core/message/header_id.h"
#include "sansip/core/message/message_view.h"
#include "sansip/core/message/parser.h"
#include "sansip/tests/sim/element.h"

namespace sansip::sim {

class Proxy : public Element {
 public:
  Proxy(World& world, std::string name, const SocketAddress& address);

  std::string Route() const;  // "<sip:192.0.2.9:5060;lr>"
  const std::string& name() const override { return name_; }
  void OnArrival(Instant now, const Arrival& arrival) override;

 protected:
  struct Outgoing {
    std::string host;
    std::uint16_t port = 0;  // 0: the default
    std::string wire;
  };
  // How many edits Forwarded() makes at most.
  static constexpr std::size_t kEditsMax = 5;

  // `top`: its topmost Via's branch, with the cookie; requests without one are dropped.
  virtual void OnRequest(Instant now, const MessageView& request, std::string_view top) = 0;
  // `own`: the branch that this proxy put on.
  virtual void OnResponse(Instant now, const MessageView& response, std::string_view own) = 0;

  const std::string& self() const { return self_; }  // "192.0.2.9:5060"
  // 16.11: the same for every copy of a request, and for its CANCEL and ACK.
  std::string BranchBehind(std::string_view branch) const;
  // 16.6: with our Via, without our Route; to `target` if that is not empty. nullopt: there is no way to go.
  // `edits`: of the request, may have some.
  std::optional<Outgoing> Forwarded(const MessageView& request, std::string_view branch, bool record_route,
                                    std::string_view target, EditList& edits) const;
  // 16.7 step 3: without our Via. `edits` likewise.
  static std::optional<Outgoing> Returned(const MessageView& response, EditList& edits);
  // 8.2.6; `header`: one more.
  Outgoing Response(const MessageView& request, int status, const HeaderLine& header = {}) const;
  void Send(Instant now, const Outgoing& outgoing);

 private:
  std::string name_;
  std::string self_;
  Parser parser_;
  MessageIndex index_;
};

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_PROXY_H_
