// For tests: a user agent whose actions are written down with their times, alone against messages that a test
// writes (AgentUnderTest) or calling another over a network with a fixed delay (Couple). Time moves from
// deadline to deadline, never past one.
#ifndef SANSIP_DIALOG_TESTING_H_
#define SANSIP_DIALOG_TESTING_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/transaction/testing.h"
#include "sansip/dialog/user_agent.h"
#include "sansip/dialog/user_agent_input.h"

namespace sansip::testing {

inline constexpr std::string_view kOffer = "v=0\r\no=alice 1 1 IN IP4 192.0.2.1\r\n";
// A 2xx that has the caller refresh every 300 s.
inline constexpr std::string_view kTimer600 = "Require: timer\r\nSession-Expires: 600;refresher=uac\r\n";
inline constexpr std::string_view kAnswer = "v=0\r\no=bob 1 1 IN IP4 192.0.2.2\r\n";
inline constexpr std::string_view kNewOffer = "v=0\r\no=alice 1 2 IN IP4 192.0.2.1\r\n";
inline constexpr std::string_view kNewAnswer = "v=0\r\no=bob 1 2 IN IP4 192.0.2.2\r\n";

class AgentUnderTest {
 public:
  explicit AgentUnderTest(const UserAgentOptions& options = {}, std::string host = "alice.example",
                          std::uint64_t seed = 1);

  UserAgent& agent() { return agent_; }
  double now() const { return std::chrono::duration<double>(now_.time_since_epoch()).count(); }

  // ---- what the user asks
  CallId Place(const CallDraft& draft);
  CallId Place(std::string_view target = "sip:bob@bob.example", std::string_view body = kOffer);
  VerbError Ring(int status = 180, std::string_view body = {});
  VerbError Answer(std::string_view body = kAnswer);
  VerbError Refuse(int status);
  VerbError HangUp();
  VerbError Reinvite(std::string_view body = kNewOffer);
  VerbError RingReliably(int status = 180, std::string_view body = {});
  VerbError Update(std::string_view body = kNewOffer, DialogId dialog = {});
  VerbError AnswerOffer(std::string_view body = kNewAnswer);
  VerbError RefuseOffer(int status = 488, std::string_view answer = {});
  void Shutdown();
  InputResult Do(const UserAgentInput& input);

  // ---- what happens to it
  void Receive(const std::string& text, Transport transport = Transport::kUdp);
  // A response to the last request it sent, or to `request`.
  void Respond(int status, std::string_view to_tag = "bobtag", std::string_view more = {},
               std::string_view body = {});
  void RespondTo(std::string_view request, int status, std::string_view to_tag = "bobtag",
                 std::string_view more = {}, std::string_view body = {});
  void AdvanceTo(double seconds);  // fires every deadline on the way, each at its time
  void Advance(double seconds) { AdvanceTo(now() + seconds); }
  void SetNow(Instant now) { now_ = now; }

  // ---- what it did, since the last call: "Progress 180", "Ended refused 486" ...
  std::vector<std::string> TakeEvents();
  // "0.5 INVITE", "1 200 INVITE" ...: what was sent
  std::vector<std::string> TakeSent();
  const std::vector<std::string>& wires() const { return wires_; }
  const std::string& last_wire() const { return wires_.back(); }
  // The last request, or response, sent of this method; empty: none.
  std::string LastRequest(std::string_view method) const;
  std::string LastResponse(std::string_view method) const;
  int CountSent(std::string_view start) const;       // wires that start so
  int CountDifferent(std::string_view start) const;  // the same without retransmissions

  CallId call() const { return call_; }  // the latest placed or incoming one
  CallView view() const { return *agent_.Find(call_); }
  const std::vector<ua::Locate>& locates() const { return locates_; }
  const std::string& last_next_hop() const { return next_hop_; }
  const std::string& last_description() const { return description_; }  // of an Incoming, offer or answer
  const std::string& last_realm() const { return realm_; }
  const std::string& last_message() const { return message_; }  // that the latest event came with
  const ua::Ended& last_end() const { return end_; }
  const ua::Refreshed& last_refresh() const { return refresh_; }
  const ua::SessionExpiring& last_expiring() const { return expiring_; }
  StandaloneId last_standalone() const { return standalone_; }  // of a peer's subscription or REFER
  TransactionId last_received() const { return received_; }     // for RespondTo
  CallId last_named() const { return named_; }                  // that the latest Incoming replaces or joins
  CallId last_received_in() const { return received_in_; }
  DialogId last_dialog() const { return dialog_; }
  std::size_t most_actions() const { return most_actions_; }

  // ---- how it is connected
  enum class Locating { kAtOnce, kHeld, kFails };
  Locating locating = Locating::kAtOnce;
  int paths = 1;  // a Locate with as many failed is answered OnLocateFailed
  Transport transport = Transport::kUdp;
  void AnswerLocate(bool found = true);  // the oldest held one
  std::function<void(const std::string& wire)> on_transmit;
  // Other paths than the first have other flows.
  FlowId FlowOf(std::uint8_t failed) const { return {1, 1u + failed}; }
  const std::string& host() const { return host_; }

 private:
  void Execute();
  void ExecuteStandalone(const UserAgentAction& action);
  void KeepMessage(const UserAgentAction& action);
  void Note(std::string text);

  SeededRandom random_;
  UserAgent agent_;
  std::string host_;
  Instant now_{};
  SinkOf<UserAgentAction, UserAgent::kActionsPerEventMax> sink_;
  std::vector<std::string> events_, sent_, wires_;
  std::vector<ua::Locate> locates_;
  std::deque<ua::Locate> held_;
  std::string next_hop_, description_, realm_, message_;
  CallId call_, received_in_, named_;
  TransactionId received_;
  StandaloneId standalone_;
  DialogId dialog_;
  ua::Ended end_;
  ua::Refreshed refresh_;
  ua::SessionExpiring expiring_;
  std::size_t most_actions_ = 0;
  bool executing_ = false;
};

// A call of Alice's to Bob.
CallDraft DraftToBob(std::string_view body = kOffer);

// A request of Bob's in the dialog that Alice began with `invite`; his tag is "bobtag".
RequestText RequestFromBob(std::string_view invite, std::string_view method, int cseq,
                           std::string_view more = "", std::string_view body = "");

// Alice calls Bob.
class Couple {
 public:
  explicit Couple(const UserAgentOptions& alice_options = {}, const UserAgentOptions& bob_options = {},
                  Transport transport = Transport::kUdp);

  AgentUnderTest alice, bob;
  // True: this message is lost. `from_alice`, and the how manieth of its kind ("INVITE", "200 INVITE") it is.
  std::function<bool(bool from_alice, std::string_view kind, int count)> lose;

  void AdvanceTo(double seconds);
  void Advance(double seconds) { AdvanceTo(alice.now() + seconds); }
  // Alice calls, Bob rings and answers; until the ACK.
  void Establish(const CallDraft& draft = DraftToBob());
  // Both know the same dialog: identifiers, sequence numbers, session.
  void ExpectAgreement();

 private:
  struct Flight {
    Instant at;
    bool to_bob;
    std::string wire;
  };
  void Send(bool from_alice, const std::string& wire);

  Transport transport_;
  std::deque<Flight> flights_;
  std::vector<std::pair<std::string, int>> counts_;
};

// "INVITE" of a request, "200 INVITE" of a response.
std::string KindOf(std::string_view wire);
// The value of the header, and of its tag parameter.
std::string TagIn(std::string_view wire, std::string_view header);
std::string BodyOf(std::string_view wire);

}  // namespace sansip::testing

#endif  // SANSIP_DIALOG_TESTING_H_
