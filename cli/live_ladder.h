// The ladder of messages while it happens: one line per message, retransmission and event, on stderr (-v).
//
//      0.002  INVITE sip:bob@127.0.0.1:5070       ------->  127.0.0.1:5070  udp
//      0.004  <-------                        180 Ringing  127.0.0.1:5070  udp
#ifndef SANSIP_CLI_LIVE_LADDER_H_
#define SANSIP_CLI_LIVE_LADDER_H_

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "sansip/cli/observed_agent.h"
#include "sansip/core/message/parser.h"
#include "sansip/transport/epoll_driver.h"

namespace sansip::cli {

class LiveLadder final : public AgentObserver {
 public:
  // `driver` tells where flows lead; both must outlive the ladder.
  LiveLadder(Instant zero, const SipDriver* driver, std::FILE* out)
      : zero_(zero), driver_(driver), out_(out) {}

  void OnInput(Instant now, const UserAgentInput& input) override;
  void OnActions(Instant now, const UserAgentInput& input, const InputResult& result,
                 const UserAgentSink& actions) override;
  void OnTurnedAway(Instant now, const UserAgentInput& input, const UserAgentSink& actions) override;

 private:
  void Sent(Instant now, const ua::Transmit& transmit, bool by_timer);
  void Line(Instant now, bool is_outgoing, std::string_view what, std::string_view where,
            std::string_view note);
  std::string WhereOf(FlowId flow) const;

  Instant zero_;
  const SipDriver* driver_;
  std::FILE* out_;
  Parser parser_;
  MessageIndex index_;
};

}  // namespace sansip::cli

#endif  // SANSIP_CLI_LIVE_LADDER_H_
