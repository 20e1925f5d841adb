// Two user agents that call each other, under a bad network, a careless user and a stranger's messages.
//
// Bytes become inputs: verbs, moves in time, fates of messages, answers to Locate, damaged copies of what was
// sent. What must hold: every call ends once and is gone once, in that order, and nothing names it
// afterwards; nothing but its end is told after its end; actions are bounded; deadlines are honest; what is
// sent can be parsed; both agents are consistent after every input; the same bytes give the same actions; and
// once the users have hung up and the network is silent nothing is left.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/base/check.h"
#include "sansip/core/message/parser.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/dialog/user_agent.h"
#include "sansip/dialog/user_agent_input.h"
#include "sansip/fuzz/byte_source.h"

namespace sansip {
namespace {

constexpr std::size_t kInputsMax = 300;
constexpr std::size_t kFlightsMax = 32;
constexpr std::size_t kCallsRemembered = 8;
constexpr std::array<std::string_view, 4> kBodies = {"", "v=0\r\ns=a\r\n", "v=0\r\ns=b\r\n",
                                                     "v=0\r\ns=c\r\n"};
constexpr std::array<int, 8> kStatuses = {180, 183, 100, 302, 408, 486, 491, 603};
constexpr std::array<Transport, 2> kTransports = {Transport::kUdp, Transport::kTcp};

class Run;

// One agent, its user and what its calls were told.
class Side {
 public:
  Side(Run& run, const UserAgentOptions& options, std::uint64_t seed, std::string_view host)
      : run_(run), random_(seed), agent_(options, random_), host_(host) {}

  void Do(const UserAgentInput& input);
  void Verb(ByteSource& source);
  void VerbOutsideCalls(ByteSource& source);
  void VerbOfRefer(ByteSource& source, StandaloneId id);
  void AnswerLocate(ByteSource& source);
  void Receive(std::string_view bytes);
  void FireDeadlines();

  UserAgent& agent() { return agent_; }
  bool has_locates() const { return !locates_.empty(); }
  CallId PickCall(ByteSource& source) const {
    return calls_.empty() ? CallId{} : calls_[source.Below(calls_.size())];
  }

 private:
  struct Told {
    bool ended = false, gone = false;
  };
  void Note(CallId call, const UserAgentAction& action);
  void NoteOutsideCalls(const UserAgentAction& action);
  void CheckVerb(CallId call, VerbError error) const;

  Run& run_;
  testing::SeededRandom random_;
  UserAgent agent_;
  std::string_view host_;
  SinkOf<UserAgentAction, UserAgent::kActionsPerEventMax> sink_;
  std::vector<CallId> calls_;
  std::vector<StandaloneId> standalones_;
  std::map<std::uint64_t, bool> over_;
  TransactionId received_;
  std::map<std::uint64_t, Told> told_;
  std::deque<ua::Locate> locates_;
  TransactionId last_transaction_;
  DialogId last_dialog_;  // of a provisional
};

class Run {
 public:
  Run(const std::uint8_t* data, std::size_t size)
      : source_(data, size),
        transport_(kTransports[source_.Below(2)]),
        alice_(*this, Options(source_), 1, "alice.example"),
        bob_(*this, Options(source_), 2, "bob.example") {}

  std::uint64_t Play() {
    for (std::size_t i = 0; i < kInputsMax && !source_.empty(); ++i) One();
    Finish();
    return hash_;
  }

  void Mix(std::string_view text) {
    for (const char c : text) hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 1099511628211u;
  }
  void Mix(std::uint64_t number) { hash_ = (hash_ ^ number) * 1099511628211u; }

  void Send(const Side& from, std::string_view wire) {
    const auto index = std::make_unique<MessageIndex>();
    SANSIP_CHECK(Parser().Parse(wire, Framing::kStream, *index).ok());
    Mix(wire);
    if (flights_.size() == kFlightsMax) flights_.pop_front();
    flights_.push_back({&from == &alice_, std::string(wire)});
  }

  Instant now() const { return now_; }
  Transport transport() const { return transport_; }

 private:
  struct Flight {
    bool to_bob;
    std::string wire;
  };

  static UserAgentOptions Options(ByteSource& source) {
    UserAgentOptions options;
    const std::uint8_t bits = source.Byte();
    options.limits.calls_max = bits & 1 ? 2 : 64;
    options.limits.forks_max = bits & 2 ? 1 : 16;
    options.limits.unlocated_max = bits & 4 ? 1 : 64;
    options.limits.identity_bytes_max = bits & 8 ? 100 : 2048;
    options.transactions.transactions_max = bits & 16 ? 6 : 512;
    options.session_timer.refresher = bits & 32 ? Refresher::kUas : Refresher::kNone;
    options.session_timer.method = bits & 64 ? RefreshMethod::kUpdate : RefreshMethod::kReinvite;
    options.session_timer.min_se = bits & 128 ? 300 : 90;
    options.reliable_provisionals = static_cast<ReliableProvisionals>(source.Below(3));
    options.limits.subscriptions_max = bits & 1 ? 2 : 64;
    options.limits.requests_max = bits & 2 ? 2 : 64;
    options.limits.unanswered_max = bits & 4 ? 1 : 64;
    options.methods = "MESSAGE, INFO, PING";
    options.message_status = bits & 8 ? 0 : 200;
    options.events = options.published_events = "presence";
    options.limits.event_states_max = bits & 2 ? 1 : 64;
    if (bits & 4) options.event_types = "application/pidf+xml";
    if (bits & 16) options.notify_gap = std::chrono::seconds(5);
    if (bits & 64) options.info_packages.emplace("foo, bar");
    options.takes_refer = options.takes_replaces = options.takes_join = true;
    options.session_id = (bits & 64) != 0;
    return options;
  }

  Side& Pick() { return source_.Bool() ? alice_ : bob_; }

  void One() {
    switch (source_.Below(8)) {
      case 0:
      case 1: {
        Side& side = Pick();
        return side.Verb(source_);
      }
      case 2:
      case 3:
        return Deliver(source_.Below(8));
      case 4: {
        Side& side = Pick();
        return side.AnswerLocate(source_);
      }
      case 5:
        return MoveTime();
      case 6:
        return Damage();
      default:
        alice_.AnswerLocate(source_);
        bob_.AnswerLocate(source_);
        while (!flights_.empty()) {
          Deliver(0);
          Located();
        }
    }
  }

  void Located() {
    static const std::uint8_t kZero[4] = {};
    for (Side* side : {&alice_, &bob_}) {
      while (side->has_locates()) {
        ByteSource good(kZero, 4);
        side->AnswerLocate(good);
      }
    }
  }

  // 0 to 4: delivered; 5: lost; 6: twice; 7: the last first.
  void Deliver(std::size_t fate) {
    if (flights_.empty()) return;
    const std::size_t i = fate == 7 ? flights_.size() - 1 : 0;
    const Flight flight = flights_[i];
    flights_.erase(flights_.begin() + static_cast<std::ptrdiff_t>(i));
    if (fate == 5) return;
    Side& to = flight.to_bob ? bob_ : alice_;
    to.Receive(flight.wire);
    if (fate == 6) to.Receive(flight.wire);
  }

  void Damage() {
    if (flights_.empty()) return;
    Flight flight = flights_[source_.Below(flights_.size())];
    for (std::size_t i = source_.Below(4); i-- > 0;) {
      std::string& wire = flight.wire;
      const std::size_t at = source_.Word() % wire.size();
      switch (source_.Below(4)) {
        case 0:
          wire[at] = static_cast<char>(source_.Byte());
          break;
        case 1:
          wire.erase(at, source_.Byte() % 16);
          break;
        case 2:
          wire.insert(at, source_.Take(source_.Byte() % 16));
          break;
        default: {
          // A line of another message: another tag, another CSeq, another Contact ...
          const std::string& other = flights_[source_.Below(flights_.size())].wire;
          const std::size_t begin = other.find('\n', source_.Word() % other.size());
          const std::size_t here = wire.find('\n', at);
          if (begin == std::string::npos || here == std::string::npos) break;
          const std::size_t end = other.find('\n', begin + 1);
          const std::size_t here_end = wire.find('\n', here + 1);
          if (end == std::string::npos || here_end == std::string::npos) break;
          wire.replace(here, here_end - here, other.substr(begin, end - begin));
        }
      }
      if (wire.empty()) return;
    }
    (flight.to_bob ? bob_ : alice_).Receive(flight.wire);
  }

  void MoveTime() {
    const Instant next = std::min(alice_.agent().next_deadline(), bob_.agent().next_deadline());
    switch (source_.Below(3)) {
      case 0:
        if (next != kNever) now_ = std::max(now_, next);
        break;
      case 1:
        now_ += std::chrono::milliseconds(source_.Word());
        break;
      default:
        now_ += std::chrono::seconds(source_.Byte() * 8);
    }
    alice_.FireDeadlines();
    bob_.FireDeadlines();
  }

  void Finish() {
    alice_.Do(ua::input::Shutdown{});
    bob_.Do(ua::input::Shutdown{});
    flights_.clear();
    for (int i = 0; i < 10000; ++i) {
      Located();
      const Instant next = std::min(alice_.agent().next_deadline(), bob_.agent().next_deadline());
      if (next == kNever) break;
      now_ = std::max(now_, next);
      alice_.FireDeadlines();
      bob_.FireDeadlines();
      flights_.clear();
    }
    for (Side* side : {&alice_, &bob_}) {
      SANSIP_CHECK(side->agent().next_deadline() == kNever);
      SANSIP_CHECK(side->agent().calls_live() == 0);
      SANSIP_CHECK(side->agent().calls_kept() == 0);
      SANSIP_CHECK(side->agent().standalones() == 0);
      SANSIP_CHECK(side->agent().client_transactions_pending() == 0);
    }
  }

  ByteSource source_;
  Transport transport_;
  Instant now_{};
  std::deque<Flight> flights_;
  std::uint64_t hash_ = 14695981039346656037u;
  Side alice_, bob_;
};

void Side::Do(const UserAgentInput& input) {
  sink_.Clear();
  const std::size_t live_before = agent_.calls_live();
  const InputResult result = Apply(agent_, run_.now(), input, sink_);
  run_.Mix(static_cast<std::uint64_t>(result.error));
  SANSIP_CHECK(agent_.IsConsistent());
  if (result.error != VerbError::kNone) {
    SANSIP_CHECK(agent_.calls_live() == live_before || result.error == VerbError::kTooLong);
  }
  if (!result.placed.is_nil()) calls_.push_back(result.placed);
  if (!result.asked.is_nil()) standalones_.push_back(result.asked);
  // What a transmission borrows is used before the next call: Send copies it.
  for (const UserAgentAction& action : sink_) {
    run_.Mix(action.index());
    std::visit(
        [&](const auto& a) {
          using A = std::decay_t<decltype(a)>;
          if constexpr (std::is_same_v<A, ua::Transmit>) {
            if (!a.id.is_nil()) last_transaction_ = a.id;
            run_.Send(*this, a.wire);
          } else if constexpr (std::is_same_v<A, ua::Locate>) {
            SANSIP_CHECK(!a.next_hop.empty());
            locates_.push_back(a);
          } else if constexpr (requires { a.call; }) {
            if constexpr (std::is_same_v<A, ua::Progress>) last_dialog_ = a.dialog;
            if (!a.call.is_nil()) Note(a.call, action);
          }
        },
        action);
    NoteOutsideCalls(action);
  }
  if (standalones_.size() > kCallsRemembered) standalones_.erase(standalones_.begin());
  if (calls_.size() > kCallsRemembered) calls_.erase(calls_.begin());
}

// What is over is over once, and nothing names it afterwards.
void Side::NoteOutsideCalls(const UserAgentAction& action) {
  std::visit(
      [this](const auto& a) {
        using A = std::decay_t<decltype(a)>;
        if constexpr (std::is_same_v<A, ua::RequestReceived>) {
          if (!a.id.is_nil()) received_ = a.id;
        } else if constexpr (requires { a.standalone; }) {
          if (a.standalone.is_nil()) return;
          bool& over = over_[a.standalone.value()];
          SANSIP_CHECK(!over);
          if constexpr (std::is_same_v<A, ua::RequestEnded>) over = true;
          if constexpr (std::is_same_v<A, ua::SubscriptionChanged>)
            over = a.state == Subscription::State::kOver;
          if constexpr (std::is_same_v<A, ua::PublicationChanged>)
            over = a.state == Registration::State::kOver;
          if constexpr (std::is_same_v<A, ua::ReferChanged>) {
            over = a.stage == ReferStage::kRefused || a.stage == ReferStage::kEnded;
          }
          if constexpr (std::is_same_v<A, ua::SubscriptionRequested> ||
                        std::is_same_v<A, ua::ReferReceived>) {
            standalones_.push_back(a.standalone);
          }
        }
      },
      action);
}

void Side::Note(CallId call, const UserAgentAction& action) {
  Told& told = told_[call.value()];
  SANSIP_CHECK(!told.gone);
  // What was asked within a call may have its end after the call's.
  if (std::holds_alternative<ua::RequestEnded>(action) || std::holds_alternative<ua::ReferChanged>(action))
    return;
  const bool is_gone = std::holds_alternative<ua::CallGone>(action);
  SANSIP_CHECK(told.ended == is_gone);
  if (std::holds_alternative<ua::Incoming>(action)) calls_.push_back(call);
  if (std::holds_alternative<ua::Ended>(action)) told.ended = true;
  told.gone = is_gone;
}

void Side::Verb(ByteSource& source) {
  const Content content{.body = kBodies[source.Below(kBodies.size())]};
  const CallId call = PickCall(source);
  const int status = kStatuses[source.Below(kStatuses.size())];
  switch (source.Below(16)) {
    case 0: {
      CallDraft draft;
      draft.target = host_ == "alice.example" ? "sip:bob@bob.example" : "sip:alice@alice.example";
      draft.from = "<sip:me@here.example>";
      draft.content = content;
      draft.session_timer.session_expires = source.Bool() ? 1800 : 90;
      draft.session_timer.enabled = !source.Bool();
      if (source.Bool()) draft.expires = std::chrono::seconds(5);
      return Do(ua::input::PlaceCall{draft});
    }
    case 1:
      return Do(ua::input::Ring{call, status, content});
    case 2:
    case 3:
      return Do(ua::input::Answer{call, content});
    case 4: {
      const HeaderLine contact{HeaderId::kContact, "<sip:else@bob.example>;q=0.5", {}};
      return Do(ua::input::Refuse{call, status, {.headers = {&contact, status == 302 ? 1u : 0u}}});
    }
    case 5:
      return Do(ua::input::HangUp{call, {}});
    case 6:
      if (source.Byte() < 64) return Do(ua::input::LoseContact{call});
      return Do(ua::input::Reinvite{call, content});
    case 7:
      return Do(ua::input::AnswerOffer{call, content});
    case 8:
      return Do(ua::input::RefuseOffer{call, status, content});
    case 9:
      return Do(ua::input::TransportError{last_transaction_});
    case 10:
    case 11:
      if (source.Byte() == 0) return Do(ua::input::OfferInPrack{call, content, last_dialog_});
      return Do(ua::input::Ring{call, 183, content, static_cast<Reliability>(source.Below(3))});
    case 12:
      if (source.Byte() == 0) return Do(ua::input::SetInfoPackages{call, source.Bool() ? "foo" : ""});
      return Do(ua::input::Update{call, content, source.Bool() ? last_dialog_ : DialogId{}});
    default: {
      const std::uint8_t which = source.Byte();
      if (which == 7) return Do(ua::input::Shutdown{});
      if (which % 2 == 1) return VerbOutsideCalls(source);
      const FlowId flow{1, 1u + source.Byte() % 3u};
      if (which % 8 == 6) return Do(ua::input::KeepAliveAnswered{flow});
      return Do(ua::input::FlowFailed{flow});
    }
  }
}

void Side::VerbOutsideCalls(ByteSource& source) {
  constexpr std::array<std::string_view, 4> kMethods = {"MESSAGE", "OPTIONS", "PING", "INFO"};
  const Content content{.body = kBodies[source.Below(kBodies.size())], .content_type = "text/plain"};
  const StandaloneId id =
      standalones_.empty() ? StandaloneId{} : standalones_[source.Below(standalones_.size())];
  StandaloneDraft draft{.method = kMethods[source.Below(kMethods.size())], .from = "<sip:me@here.example>"};
  draft.target = host_ == "alice.example" ? "sip:bob@bob.example" : "sip:alice@alice.example";
  draft.content = content;
  draft.event = source.Bool() ? "presence" : "presence;id=1";
  draft.takes_forks = source.Bool();
  draft.options.expires = source.Bool() ? 100 : source.Byte() % 4 * 30u;
  switch (source.Below(7)) {
    case 0:
      if (source.Bool()) draft.call = PickCall(source);
      if (draft.method == "INFO" && source.Bool()) draft.info_package = "foo;a=1";
      return Do(ua::input::SendRequest{draft});
    case 1:
      return Do(ua::input::RespondTo{received_, source.Bool() ? 200 : 404, content});
    case 2:
      return Do(ua::input::Subscribe{draft});
    case 3: {
      const auto state = static_cast<Substate>(source.Below(4));
      const auto reason = static_cast<EventReason>(source.Below(8));
      return Do(ua::input::Notify{id, {.state = state, .reason = reason, .content = content}});
    }
    case 4:
      return Do(ua::input::Publish{draft});
    case 5:
      if (source.Bool()) return VerbOfRefer(source, id);
      return Do(ua::input::Republish{id, content});
    default:
      return Do(ua::input::Withdraw{id});
  }
}

void Side::VerbOfRefer(ByteSource& source, StandaloneId id) {
  constexpr std::array<std::string_view, 4> kTargets = {
      "sip:carol@bob.example", "<sip:carol@alice.example?Replaces=a%3Bto-tag%3D1%3Bfrom-tag%3D2>",
      "http://h/", "sip:alice@alice.example;method=BYE"};
  const std::string_view target = kTargets[source.Below(kTargets.size())];
  const bool is_alice = host_ == "alice.example";
  switch (source.Below(6)) {
    case 0: {
      ReferDraft draft{.target = is_alice ? "sip:bob@bob.example" : "sip:alice@alice.example",
                       .from = "<sip:me@here.example>",
                       .refer_to = target,
                       .wants_reports = source.Bool()};
      if (source.Bool()) draft.call = PickCall(source);
      return Do(ua::input::Refer{draft});
    }
    case 1: {
      const CallId call = PickCall(source);
      return Do(ua::input::Transfer{call, source.Bool() ? PickCall(source) : CallId{}, target});
    }
    case 2:
      return Do(ua::input::AnswerRefer{id, source.Bool() ? 202 : 603});
    case 3:
    case 4: {
      CallDraft draft;
      draft.reference = id;
      draft.content.body = kBodies[source.Below(kBodies.size())];
      return Do(ua::input::PlaceCall{draft});
    }
    default:
      return Do(ua::input::Report{id, source.Bool() ? 180 : 404});
  }
}

void Side::AnswerLocate(ByteSource& source) {
  if (locates_.empty()) return;
  const ua::Locate locate = locates_.front();
  locates_.pop_front();
  const std::uint8_t how = source.Byte();
  if (how % 8 == 7 || locate.failed > 2) return Do(ua::input::LocateFailed{locate.cookie});
  const HostPort host{host_, 5060};
  const std::size_t bytes_max = (how & 64) != 0 ? 700 : 0;  // below most requests
  Do(ua::input::Located{locate.cookie, {{1, 1u + locate.failed}, run_.transport(), host, host, bytes_max}});
  if (how % 8 == 6) Do(ua::input::LocateFailed{locate.cookie});  // late
}

void Side::Receive(std::string_view bytes) {
  const auto index = std::make_unique<MessageIndex>();
  const ParseError error = Parser().Parse(bytes, Framing::kDatagram, *index);
  const Origin origin{{1, 1}, run_.transport(), *ParseIp("192.0.2.9", 5060), {host_, 5060}};
  if (!error.ok()) return Do(ua::input::Unparsable{origin, bytes, error});
  const MessageView view(bytes, *index);
  Do(ua::input::Message{origin, &view, bytes.size() % 2 == 0 ? "nc=00000001" : ""});
}

// Law 6: early calls do nothing, others make progress.
void Side::FireDeadlines() {
  for (int i = 0; agent_.next_deadline() <= run_.now(); ++i) {
    SANSIP_CHECK(i < 100000);
    Do(ua::input::Deadline{});
  }
  const Instant next = agent_.next_deadline();
  Do(ua::input::Deadline{});
  SANSIP_CHECK(sink_.empty() && agent_.next_deadline() == next);
}

}  // namespace
}  // namespace sansip

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::uint64_t once = sansip::Run(data, size).Play();
  SANSIP_CHECK(sansip::Run(data, size).Play() == once);
  return 0;
}
