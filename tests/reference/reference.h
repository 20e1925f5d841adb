// The transactions of RFC 3261 17 with RFC 6026 and RFC 4320 once more: readable, slow, straight from the
// prose.
//
// Shares nothing with core/transaction. Four plain structs, a switch per event as the text reads, maps that
// are searched from end to end, messages as strings. What it reads them with (core/message, core/uri) is the
// stack's own and is tested elsewhere. No limits: it is given only what fits.
//
// Where an RFC leaves a choice, the choice is core/transaction/layer.h's and docs/decisions', and is cited
// so.
#ifndef SANSIP_TESTS_REFERENCE_REFERENCE_H_
#define SANSIP_TESTS_REFERENCE_REFERENCE_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "sansip/core/base/address.h"
#include "sansip/core/base/ids.h"
#include "sansip/core/base/time.h"
#include "sansip/core/message/message_view.h"
#include "sansip/tests/reference/message.h"

namespace sansip::reference {

// RFC 3261 table 4, and the 200 ms of 17.2.1.
struct Times {
  Duration t1 = std::chrono::milliseconds(500);
  Duration t2 = std::chrono::seconds(4);
  Duration t4 = std::chrono::seconds(5);
  Duration d = std::chrono::seconds(32);
  Duration trying = std::chrono::milliseconds(200);
};

// What is seen of a transaction from outside. `transaction`: its number, in the order of beginning from 1; 0
// of what belongs to none.
struct Event {
  enum class Kind { kTransmit, kDeliver, kFailed, kGone };
  Kind kind = Kind::kGone;
  int transaction = 0;
  std::string what;  // the message's text; method or status code; the reason
  std::uint64_t cookie = 0;
  FlowId flow = {};
};

enum class State { kTrying, kCalling, kProceeding, kCompleted, kConfirmed, kAccepted, kTerminated };

struct Alarm {
  Instant at;
  std::uint64_t armed = 0;  // law 9: of equal deadlines the one armed first
};

struct Transaction {
  int number = 0;
  FlowId flow;
  bool is_reliable = false;
  Times times;
  State state = State::kTrying;
  Key key;                       // of its request
  std::map<char, Alarm> timers;  // 'A' to 'M'; '1': the 100; 'x': a cancelled INVITE; 'u': abandoned
  bool is_abandoned = false;
};

struct InviteClient : Transaction {
  std::string request;
  std::uint64_t cookie = 0;
  std::string ack;  // empty: there was no 300-699
  Duration a = Duration::zero();
  bool wants_cancel = false;
  bool is_cancelled = false;
};

struct NonInviteClient : Transaction {
  std::string request;
  std::uint64_t cookie = 0;
  Duration e = Duration::zero();
  bool is_own_cancel = false;  // made for an INVITE: its user sees nothing of it
};

struct InviteServer : Transaction {
  std::string request;
  SocketAddress source;
  Instant began;
  std::string response;  // the latest; empty: none
  Duration g = Duration::zero();
};

struct NonInviteServer : Transaction {
  std::string request;
  SocketAddress source;
  Instant began;
  std::string response;
};

class Reference {
 public:
  // `made_tag`: the tag that was chosen for a server transaction whose user gives none. The choice is free
  // (RFC 3261 19.3), so it is asked for.
  explicit Reference(std::function<std::string(int)> made_tag) : made_tag_(std::move(made_tag)) {}

  // Of the user. The request comes whole, with its Via: how a branch is made is not this matter.
  int SendRequest(Instant now, FlowId flow, bool is_reliable, const Times& times, std::uint64_t cookie,
                  std::string request);
  // Empty: taken. Else "gone", "not now" (its state or its user has ended that), "never" (RFC 4320 4).
  std::string SendResponse(Instant now, int number, int status_code, std::string_view to_tag);
  void ResendFinal(Instant now, int number);
  void Cancel(Instant now, int number);
  void Abandon(Instant now, int number);
  // Of the network.
  void Receive(Instant now, const Origin& origin, const Times& server_times, const MessageView& message);
  void TransportError(Instant now, int number);
  void FlowFailed(Instant now, FlowId flow);
  // Fires what is due, one after the other.
  void Deadline(Instant now);

  std::vector<Event> TakeEvents() { return std::exchange(events_, {}); }
  Instant NextDeadline() const;
  std::size_t Live() const;
  std::size_t WaitingForFinal() const;
  std::string_view StateOf(int number) const;  // "Terminated": gone
  // RFC 3261 9.2: the request that the CANCEL of this number is about; where no INVITE matches, any of those
  // that do.
  std::vector<int> RequestsOf(int cancel) const;

 private:
  // clients.cc
  void ReceiveResponse(const MessageView& response);
  void Respond(InviteClient& t, const MessageView& response);
  void Respond(NonInviteClient& t, const MessageView& response);
  void Acknowledge(InviteClient& t, const MessageView& response);
  void SendCancel(InviteClient& t);
  void Deliver(const InviteClient& t, const MessageView& response);
  void Deliver(const NonInviteClient& t, const MessageView& response);
  void Fire(InviteClient& t, char timer);
  void Fire(NonInviteClient& t, char timer);
  void Error(InviteClient& t);
  void Error(NonInviteClient& t);
  void Fail(const InviteClient& t, std::string_view why);
  void Fail(const NonInviteClient& t, std::string_view why);
  void End(InviteClient& t);
  void End(NonInviteClient& t);

  // servers.cc
  void ReceiveRequest(const Origin& origin, const Times& times, const MessageView& request);
  void ReceiveNew(const Origin& origin, const Times& times, const MessageView& request);
  int FindServer(const Key& request, bool is_ack) const;
  void ReceiveAgain(InviteServer& t, const MessageView& request);
  void ReceiveAgain(NonInviteServer& t);
  void SendThe100(InviteServer& t);
  void SendThe100(NonInviteServer& t);
  std::string Answer(InviteServer& t, int status_code, std::string_view to_tag);
  std::string Answer(NonInviteServer& t, int status_code, std::string_view to_tag);
  std::string Written(const Transaction& t, std::string_view request, const SocketAddress& source,
                      Instant began, int status_code, std::string_view to_tag);
  void Fire(InviteServer& t, char timer);
  void Fire(NonInviteServer& t, char timer);
  void Error(InviteServer& t);
  void Error(NonInviteServer& t);
  void Fail(const Transaction& t, std::string_view why);
  void End(Transaction& t);

  // reference.cc
  void SetTime(Instant now);
  void Begin(Transaction& t, FlowId flow, bool is_reliable, const Times& times);
  void Arm(Transaction& t, char timer, Duration delay);
  void ArmAt(Transaction& t, char timer, Instant at) { t.timers[timer] = {at, ++armed_}; }
  void Transmit(const Transaction& t, const std::string& text);
  void Emit(Event event) { events_.push_back(std::move(event)); }
  void DropTerminated();
  const Transaction* Find(int number) const;

  std::function<std::string(int)> made_tag_;
  Instant now_ = Instant::min();
  int begun_ = 0;
  std::uint64_t armed_ = 0;
  std::vector<Event> events_;
  std::map<int, InviteClient> invite_clients_;
  std::map<int, NonInviteClient> non_invite_clients_;
  std::map<int, InviteServer> invite_servers_;
  std::map<int, NonInviteServer> non_invite_servers_;
};

}  // namespace sansip::reference

#endif  // SANSIP_TESTS_REFERENCE_REFERENCE_H_
