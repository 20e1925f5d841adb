// What one call's dialogs must look like from outside: a second, simple reading of RFC 3261 12 to 15, RFC
// 3262, RFC 3311 and RFC 6026 that sees only the messages between a user agent and its peer, and says which
// of them the user agent must not have sent.
//
// It knows what a request of the peer must be refused for, never what the user decides: where a text leaves a
// choice, or where the peer has broken the order of offers, it allows both.
#ifndef SANSIP_FUZZ_DIALOG_MODEL_H_
#define SANSIP_FUZZ_DIALOG_MODEL_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sansip/core/base/time.h"
#include "sansip/core/message/message_view.h"

namespace sansip {

class DialogModel {
 public:
  // Each says what is wrong; empty: nothing.
  std::string OnPeerSent(Instant now, const MessageView& message);   // right before the user agent gets it
  std::string OnAgentSent(Instant now, const MessageView& message);  // after it was told of nothing else
  // The user is done, though a BYE may have to wait (RFC 3261 15).
  void OnHungUp() { has_hung_up_ = true; }
  // When everything is over.
  std::string Finish() const;

  const std::string& agent_tag() const { return agent_tag_; }

 private:
  using Key = std::pair<std::string, std::string>;  // branch, and method; of an ACK to a 2xx: its own
  struct Dialog {
    std::uint32_t made_by = 0, agent_cseq = 0;  // made_by: of the user agent's INVITE
    std::optional<std::uint32_t> peer_cseq = {};
    bool may_be_gone = false;            // made after another's 2xx, or a 481 came: some go on with it
    std::set<std::string> targets = {};  // all Contacts of the peer's
    bool said_bye = false;               // the user agent
    bool peer_left = false;              // the peer has, by a BYE
    bool is_over = false;                // the peer's BYE, or an answer that ends it (12.2.1.2)
    bool is_answered = false;            // an INVITE has a 2xx
    bool is_agreed = false;              // the first offer has its answer
    bool is_unsure = false;              // the peer broke the order of offers: nobody knows who may offer
  };
  struct ServerRequest {  // of the peer
    std::string wire = {}, tag = {}, final_wire = {};
    std::uint32_t cseq = 0;
    int status = 0;
    bool has_offer = false, is_settled = false;  // the offer, its own or ours, has its answer
    bool we_offered = false;                     // in a response of ours
    bool is_initial = false, is_acked = false;
    Instant answered{}, forgotten = kNever;
    // Final statuses: one of `must`, where there is any, else a 2xx; or one of `may`.
    std::set<int> must = {}, may = {};
    bool is_overlapping = false;         // a 500 has Retry-After
    std::set<std::uint32_t> rseqs = {};  // of reliable provisionals not acknowledged yet
  };
  struct ClientRequest {  // of the user agent
    std::string wire = {}, tag = {};
    std::uint32_t cseq = 0;
    int status = 0;  // final
    bool has_offer = false, is_settled = false;
    bool has_provisional = false, is_cancelled = false;
    Instant sent{}, answered{}, cancelled{};
  };
  struct Success {
    std::string tag;
    std::uint32_t cseq = 0;
  };

  std::string OnPeerRequest(Instant now, const MessageView& request, const Key& key);
  std::string OnPeerResponse(Instant now, const MessageView& response, const Key& key);
  std::string OnAgentRequest(Instant now, const MessageView& request, const Key& key);
  std::string OnAgentResponse(Instant now, const MessageView& response, const Key& key);
  ServerRequest Judged(Instant now, const MessageView& request, const Key& key, const std::string& tag);
  static void ExpectOfAny(ServerRequest& server, const MessageView& request);
  void Expect(ServerRequest& server, Dialog& dialog, const MessageView& request, const std::string& tag);
  void ExpectInvite(ServerRequest& server, const Dialog& dialog, const std::string& tag);
  void ExpectUpdate(ServerRequest& server, const Dialog& dialog, const std::string& tag);
  void TakePrack(ServerRequest& prack, const MessageView& request);
  std::string CheckOffer(const Dialog& dialog, const std::string& tag) const;
  bool AgentInviteOpen(const std::string& tag) const;
  bool MustWaitForAck(Instant now) const;
  bool AgentOfferOpen(const std::string& tag) const;
  bool PeerOfferOpen(const std::string& tag) const;
  bool HasOpen(std::string_view method, const std::string& tag) const;  // of the peer

  bool agent_called_ = false, has_hung_up_ = false;
  std::string call_id_, agent_tag_;
  std::map<std::string, Dialog> dialogs_;  // by the peer's tag
  std::map<Key, ServerRequest> servers_;
  std::map<Key, ClientRequest> clients_;
  std::vector<Success> to_acknowledge_;
};

}  // namespace sansip

#endif  // SANSIP_FUZZ_DIALOG_MODEL_H_
