// A proxy that forks (RFC 3261 16): an INVITE for an address of record goes to all its contacts at once, each
// by a branch of its own. It forwards the provisional responses of all and every 2xx, CANCELs the others
// after a 2xx, a 6xx or the caller's CANCEL, and returns the best response when there is no 2xx.
//
// Transactions by datagrams, of such INVITEs alone: timers A, B, C, G and H, E and F of a CANCEL, and the
// memory of RFC 6026's L and M. It record-routes; what belongs to a dialog it forwards and forgets.
#ifndef SANSIP_TESTS_SIM_FORKING_PROXY_H_
#define SANSIP_TESTS_SIM_FORKING_PROXY_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sansip/tests/sim/proxy.h"

namespace sansip::sim {

class ForkingProxy final : public Proxy {
 public:
  static constexpr std::size_t kContactsMax = 10;

  ForkingProxy(World& world, std::string name, const SocketAddress& address);

  // INVITEs to AddressOf(user) go to these URIs; to any other user of this host: 404.
  void Bind(std::string user, std::vector<std::string> contacts);
  std::string AddressOf(std::string_view user) const;  // "sip:bob@192.0.2.9:5060"

  std::uint64_t forked() const { return forked_; }
  std::uint64_t answered_again() const { return answered_again_; }  // 2xx of further branches

  void OnDeadline(Instant now) override;
  [[nodiscard]] Instant next_deadline() const override;
  std::size_t left() const override { return forks_.size(); }

 private:
  // A message that is sent again: T1, doubling up to `cap`, until `end`.
  struct Copies {
    Instant next = kNever, end = kNever;
    Duration gap = Duration::zero(), cap = kForever;
  };
  struct Branch {
    enum class State : std::uint8_t { kCalling, kProceeding, kCancelling, kDone };
    State state = State::kCalling;
    bool is_unwanted = false;  // to be CANCELled; 9.1: not before a provisional response
    int status = 0;            // of its final response
    Outgoing invite = {}, cancel = {}, failure = {};
    Copies copies = {};  // of the INVITE, then of the CANCEL; in kProceeding `end` is timer C
  };
  struct Fork {
    std::string invite;  // as it came
    std::vector<Branch> branches = {};
    Outgoing failure = {};  // returned; no host: none was
    Copies copies = {};     // of it
    Instant forgotten = kNever;
    Instant due = kNever;  // in due_
    bool is_answered = false;
  };
  using Forks = std::map<std::string, Fork, std::less<>>;

  void OnRequest(Instant now, const MessageView& request, std::string_view top) override;
  void OnResponse(Instant now, const MessageView& response, std::string_view own) override;
  bool IsToFork(const MessageView& request) const;
  void Begin(Instant now, const MessageView& invite, std::string_view top);
  void OnCopy(Instant now, const MessageView& request, Fork& fork);
  void OnBranchResponse(Instant now, const MessageView& response, Fork& fork, Branch& branch);
  void Acknowledge(Instant now, const MessageView& failure, const Branch& branch);
  void End(Instant now, Fork& fork, Branch& branch, int status);
  void CancelOthers(Instant now, Fork& fork);
  void Cancel(Instant now, Branch& branch);
  bool SendAgain(Instant now, Copies& copies, const Outgoing& outgoing);
  Outgoing TimedOut(const Fork& fork) const;
  void Arm(Forks::iterator fork);
  std::string BranchOf(std::string_view top, std::size_t branch) const;

  std::map<std::string, std::vector<std::string>, std::less<>> contacts_;  // by user
  Forks forks_;                                                            // by the branch they came with
  std::set<std::pair<Instant, std::string>> due_;
  std::uint64_t forked_ = 0, answered_again_ = 0;
};

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_FORKING_PROXY_H_
