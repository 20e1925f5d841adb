#include "sansip/dialog/testing.h"

#include <algorithm>
#include <array>
#include <memory>
#include <set>

#include "gtest/gtest.h"

namespace sansip::testing {
namespace {

constexpr Duration kDelay = std::chrono::milliseconds(10);

std::string SecondsText(double seconds) {
  std::string text = std::to_string(seconds);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace

std::string KindOf(std::string_view wire) {
  const std::size_t space = wire.find(' ');
  if (wire.substr(0, 8) != "SIP/2.0 ") return std::string(wire.substr(0, space));
  const std::string cseq = HeaderOf(wire, "CSeq");
  return std::string(wire.substr(8, 3)) + cseq.substr(cseq.find(' '));
}

std::string TagIn(std::string_view wire, std::string_view header) {
  const std::string value = HeaderOf(wire, header);
  const std::size_t at = value.find(";tag=");
  return at == std::string::npos ? "" : value.substr(at + 5, value.find(';', at + 5) - at - 5);
}

std::string BodyOf(std::string_view wire) {
  const std::size_t end = wire.find("\r\n\r\n");
  return end == std::string_view::npos ? "" : std::string(wire.substr(end + 4));
}

AgentUnderTest::AgentUnderTest(const UserAgentOptions& options, std::string host, std::uint64_t seed)
    : random_(seed), agent_(options, random_), host_(std::move(host)) {}

InputResult AgentUnderTest::Do(const UserAgentInput& input) {
  sink_.Clear();
  const InputResult result = Apply(agent_, now_, input, sink_);
  Execute();
  return result;
}

CallId AgentUnderTest::Place(const CallDraft& draft) {
  const InputResult placed = Do(ua::input::PlaceCall{draft});
  EXPECT_EQ(placed.error, VerbError::kNone);
  return call_ = placed.placed;
}

CallId AgentUnderTest::Place(std::string_view target, std::string_view body) {
  CallDraft draft;
  draft.target = target;
  draft.from = "\"Alice\" <sip:alice@alice.example>";
  draft.contact_user = "alice";
  draft.content.body = body;
  return Place(draft);
}

VerbError AgentUnderTest::Ring(int status, std::string_view body) {
  return Do(ua::input::Ring{call_, status, {.body = body}}).error;
}
VerbError AgentUnderTest::Answer(std::string_view body) {
  return Do(ua::input::Answer{call_, {.body = body}}).error;
}
VerbError AgentUnderTest::Refuse(int status) { return Do(ua::input::Refuse{call_, status, {}}).error; }
VerbError AgentUnderTest::HangUp() { return Do(ua::input::HangUp{call_, {}}).error; }
VerbError AgentUnderTest::Reinvite(std::string_view body) {
  return Do(ua::input::Reinvite{call_, {.body = body}}).error;
}
VerbError AgentUnderTest::RingReliably(int status, std::string_view body) {
  return Do(ua::input::Ring{call_, status, {.body = body}, Reliability::kReliable}).error;
}
VerbError AgentUnderTest::Update(std::string_view body, DialogId dialog) {
  return Do(ua::input::Update{call_, {.body = body}, dialog}).error;
}
VerbError AgentUnderTest::AnswerOffer(std::string_view body) {
  return Do(ua::input::AnswerOffer{call_, {.body = body}}).error;
}
VerbError AgentUnderTest::RefuseOffer(int status, std::string_view answer) {
  return Do(ua::input::RefuseOffer{call_, status, {.body = answer}}).error;
}
void AgentUnderTest::Shutdown() { Do(ua::input::Shutdown{}); }

void AgentUnderTest::Receive(const std::string& bytes, Transport via) {
  const auto index = std::make_unique<MessageIndex>();
  const ParseError error =
      Parser().Parse(bytes, IsReliable(via) ? Framing::kStream : Framing::kDatagram, *index);
  const Origin origin{FlowOf(0), via, *ParseIp("192.0.2.9", 5060), {host_, 5060}};
  if (!error.ok()) {
    Do(ua::input::Unparsable{origin, bytes, error});
    return;
  }
  const MessageView view(bytes, *index);
  Do(ua::input::Message{origin, &view});
}

void AgentUnderTest::Respond(int status, std::string_view to_tag, std::string_view more,
                             std::string_view body) {
  for (auto wire = wires_.rbegin(); wire != wires_.rend(); ++wire) {
    if (wire->starts_with("SIP/2.0") || wire->starts_with("ACK")) continue;
    return RespondTo(std::string(*wire), status, to_tag, more, body);
  }
  ADD_FAILURE() << "no request was sent";
}

void AgentUnderTest::RespondTo(std::string_view request, int status, std::string_view to_tag,
                               std::string_view more, std::string_view body) {
  std::string lines(more);
  if (status > 100 && status < 300 && lines.find("Contact:") == std::string::npos) {
    lines += "Contact: <sip:bob@192.0.2.2:5070>\r\n";
  }
  if (!body.empty() && lines.find("Content-Type:") == std::string::npos)
    lines += "Content-Type: application/sdp\r\n";
  std::string text = ResponseText(request, status, to_tag, lines);
  // ResponseText ends with an empty body.
  if (!body.empty()) {
    const std::string length = "Content-Length: " + HeaderOf(text, "Content-Length");
    const std::size_t at = text.find(length);
    if (at != std::string::npos)
      text.replace(at, length.size(), "Content-Length: " + std::to_string(body.size()));
    text += body;
  }
  Receive(text, transport);
}

void AgentUnderTest::AdvanceTo(double seconds) {
  const Instant end = Instant(Seconds(seconds));
  for (int i = 0; agent_.next_deadline() <= end; ++i) {
    ASSERT_LT(i, 100000) << "deadlines without end";
    now_ = std::max(now_, agent_.next_deadline());
    Do(ua::input::Deadline{});
  }
  now_ = std::max(now_, end);
}

std::vector<std::string> AgentUnderTest::TakeEvents() { return std::exchange(events_, {}); }
std::vector<std::string> AgentUnderTest::TakeSent() { return std::exchange(sent_, {}); }

std::string AgentUnderTest::LastRequest(std::string_view method) const {
  for (auto wire = wires_.rbegin(); wire != wires_.rend(); ++wire) {
    if (KindOf(*wire) == method) return *wire;
  }
  return {};
}

std::string AgentUnderTest::LastResponse(std::string_view method) const {
  for (auto wire = wires_.rbegin(); wire != wires_.rend(); ++wire) {
    if (wire->starts_with("SIP/2.0") && HeaderOf(*wire, "CSeq").ends_with(method)) return *wire;
  }
  return {};
}

int AgentUnderTest::CountSent(std::string_view start) const {
  return static_cast<int>(std::count_if(wires_.begin(), wires_.end(),
                                        [&](const std::string& w) { return w.starts_with(start); }));
}

int AgentUnderTest::CountDifferent(std::string_view start) const {
  std::set<std::string_view> different;
  for (const std::string& wire : wires_) {
    if (wire.starts_with(start)) different.insert(wire);
  }
  return static_cast<int>(different.size());
}

void AgentUnderTest::AnswerLocate(bool found) {
  ASSERT_FALSE(held_.empty());
  const ua::Locate locate = held_.front();
  held_.pop_front();
  if (!found || locate.failed >= paths) {
    Do(ua::input::LocateFailed{locate.cookie});
    return;
  }
  const HostPort local{host_, 5060};
  Do(ua::input::Located{locate.cookie, Path{FlowOf(locate.failed), transport, local, local}});
}

// "Registered 3600", "Waiting 503", "Over 200".
std::string RegistrationText(const ua::RegistrationChanged& changed) {
  switch (changed.state) {
    case Registration::State::kRegistered:
      return "Registered " + std::to_string(changed.expires);
    case Registration::State::kWaiting:
      return "Waiting " + std::to_string(changed.status);
    default:
      return "Over " + std::to_string(changed.status);
  }
}

// "Incoming", "Incoming replacing", "Incoming joining", each perhaps "... insecure".
std::string IncomingText(const ua::Incoming& incoming) {
  const std::string after = incoming.is_downgraded ? " insecure" : "";
  if (!incoming.replaced.is_nil()) return "Incoming replacing" + after;
  return (incoming.joined.is_nil() ? "Incoming" : "Incoming joining") + after;
}

// "Ended refused 486".
std::string EndText(const ua::Ended& end) {
  return "Ended " + std::string(EndCauseName(end.cause)) +
         (end.status > 0 ? " " + std::to_string(end.status) : "");
}

namespace {

std::string_view StateName(Subscription::State state) {
  constexpr std::array<std::string_view, 7> kNames = {"idle",    "asked",  "pending", "active",
                                                      "waiting", "ending", "over"};
  return kNames[static_cast<std::size_t>(state)];
}

std::string PublicationText(const ua::PublicationChanged& changed) {
  ua::RegistrationChanged same;
  same.expires = changed.expires;
  same.status = changed.status;
  same.state = changed.state;
  const std::string text = RegistrationText(same);
  return text.starts_with("Registered") ? "Published" + text.substr(10) : "Publication " + text;
}

}  // namespace

// "Subscription active", "Notified active", "Request refused 404" ...
void AgentUnderTest::ExecuteStandalone(const UserAgentAction& action) {
  const auto status = [](int code) { return code == 0 ? std::string() : " " + std::to_string(code); };
  if (const auto* a = std::get_if<ua::RequestEnded>(&action)) {
    Note("Request " + std::string(RequestOutcomeName(a->outcome)) + status(a->status));
  } else if (const auto* a = std::get_if<ua::RequestReceived>(&action)) {
    received_ = a->id;
    received_in_ = a->call;
    Note(
        "Received " + std::string(a->message->method_text()) + status(a->status) +
        (a->info_package.empty() ? "" : " of " + std::string(a->info_package) + ": " + std::string(a->info)));
  } else if (const auto* a = std::get_if<ua::SubscriptionChanged>(&action)) {
    Note("Subscription " + std::string(StateName(a->state)) + status(a->status));
  } else if (const auto* a = std::get_if<ua::Notified>(&action)) {
    Note("Notified " + std::string(SubstateName(a->state)) + (a->forked_from.is_nil() ? "" : " fork"));
  } else if (const auto* a = std::get_if<ua::SubscriptionRequested>(&action)) {
    standalone_ = a->standalone;
    Note("Requested " + std::string(a->event) + " " + std::to_string(a->expires) +
         (a->is_refresh ? " again" : ""));
  } else if (const auto* a = std::get_if<ua::ReferChanged>(&action)) {
    Note("Refer " + std::string(ReferStageName(a->stage)) + status(a->status) +
         (a->forked_from.is_nil() ? "" : " fork"));
  } else if (const auto* a = std::get_if<ua::ReferReceived>(&action)) {
    standalone_ = a->standalone;
    received_in_ = a->call;
    Note("Referred " + std::string(MethodName(a->method)) + " " + std::string(a->target) +
         (a->replaces.empty() ? "" : " replacing " + std::string(a->replaces)) +
         (a->wants_reports ? "" : " unreported"));
  } else if (const auto* a = std::get_if<ua::RegistrationChanged>(&action)) {
    Note(RegistrationText(*a));
  } else if (const auto* a = std::get_if<ua::EventStateChanged>(&action)) {
    Note("State " + std::string(EventStateChangeName(a->change)) + " " + std::to_string(a->expires) + " " +
         std::string(a->event) + " of " + std::string(a->resource));
  } else if (const auto* a = std::get_if<ua::PublicationChanged>(&action)) {
    Note(PublicationText(*a));
  } else if (std::holds_alternative<ua::ProofFailed>(action)) {
    Note("ProofFailed");
  } else if (std::holds_alternative<ua::CallGone>(action)) {
    Note("CallGone");
  }
}

void AgentUnderTest::KeepMessage(const UserAgentAction& action) {
  std::visit(
      [this](const auto& a) {
        if constexpr (requires { a.message; }) {
          if (a.message != nullptr) message_ = a.message->bytes();
        }
      },
      action);
}

void AgentUnderTest::Note(std::string text) { events_.push_back(std::move(text)); }

void AgentUnderTest::Execute() {
  EXPECT_TRUE(agent_.IsConsistent());
  most_actions_ = std::max(most_actions_, sink_.size());
  std::vector<std::string> transmitted;
  for (const UserAgentAction& action : sink_) {
    KeepMessage(action);
    if (const auto* a = std::get_if<ua::Transmit>(&action)) {
      transmitted.emplace_back(a->wire);
      sent_.push_back(SecondsText(now()) + " " + KindOf(a->wire));
      wires_.emplace_back(a->wire);
    } else if (const auto* a = std::get_if<ua::Locate>(&action)) {
      locates_.push_back(*a);
      next_hop_ = a->next_hop;
      held_.push_back(*a);
    } else if (const auto* a = std::get_if<ua::Incoming>(&action)) {
      call_ = a->call;
      description_ = a->offer;
      named_ = a->replaced.is_nil() ? a->joined : a->replaced;
      Note(IncomingText(*a));
    } else if (const auto* a = std::get_if<ua::Progress>(&action)) {
      dialog_ = a->dialog;
      Note("Progress " + std::to_string(a->status) + (a->is_reliable ? " reliable" : ""));
    } else if (const auto* a = std::get_if<ua::PrackReceived>(&action)) {
      Note("PrackReceived " + std::to_string(a->status));
    } else if (const auto* a = std::get_if<ua::Redirected>(&action)) {
      Note("Redirected " + std::string(a->target) + (a->leaves_sips ? " insecure" : ""));
    } else if (const auto* a = std::get_if<ua::NeedCredentials>(&action)) {
      realm_ = a->realm;
      Note("NeedCredentials " + realm_ + (a->is_proxy ? " proxy" : "") + (a->was_rejected ? " again" : ""));
    } else if (const auto* a = std::get_if<ua::Answered>(&action)) {
      dialog_ = a->dialog;
      Note("Answered " + std::to_string(a->status));
    } else if (std::holds_alternative<ua::Confirmed>(action)) {
      Note("Confirmed");
    } else if (const auto* a = std::get_if<ua::OfferReceived>(&action)) {
      description_ = a->offer;
      Note(a->offer.empty() ? "OfferReceived none" : "OfferReceived");
    } else if (const auto* a = std::get_if<ua::AnswerReceived>(&action)) {
      description_ = a->answer;
      Note(a->is_early ? "AnswerReceived early" : "AnswerReceived");
    } else if (const auto* a = std::get_if<ua::Reinvited>(&action)) {
      Note("Reinvited " + std::to_string(a->status) + (a->by_us ? " by us" : " by peer"));
    } else if (const auto* a = std::get_if<ua::Refreshed>(&action)) {
      refresh_ = *a;
      Note(std::string(a->is_refresh ? "Refreshed " : "Timer ") + std::to_string(a->interval) +
           (a->by_us ? " by us" : " by peer"));
    } else if (const auto* a = std::get_if<ua::RefreshFailed>(&action)) {
      Note("RefreshFailed " + std::to_string(a->status) +
           (a->next == kNever
                ? ""
                : " next " + SecondsText(std::chrono::duration<double>(a->next.time_since_epoch()).count())));
    } else if (const auto* a = std::get_if<ua::SessionExpiring>(&action)) {
      expiring_ = *a;
      Note("SessionExpiring");
    } else if (const auto* a = std::get_if<ua::Ended>(&action)) {
      end_ = *a;
      Note(EndText(*a));
    } else {
      ExecuteStandalone(action);
    }
  }
  sink_.Clear();
  for (const std::string& wire : transmitted) {
    if (on_transmit) on_transmit(wire);
  }
  if (executing_) return;
  executing_ = true;
  while (locating != Locating::kHeld && !held_.empty()) AnswerLocate(locating == Locating::kAtOnce);
  executing_ = false;
}

RequestText RequestFromBob(std::string_view invite, std::string_view method, int cseq, std::string_view more,
                           std::string_view body) {
  RequestText request;
  request.method = method;
  request.uri = "sip:alice@alice.example:5060";
  request.via = "SIP/2.0/UDP 192.0.2.2:5070;rport;branch=z9hG4bKb" + request.method + std::to_string(cseq);
  request.from = "<sip:bob@bob.example>;tag=bobtag";
  request.to = "\"Alice\" <sip:alice@alice.example>;tag=" + TagIn(invite, "From");
  request.call_id = HeaderOf(invite, "Call-ID");
  request.cseq = std::to_string(cseq);
  request.more = more;
  if (!body.empty()) request.more += "Content-Type: application/sdp\r\n";
  request.body = body;
  return request;
}

Couple::Couple(const UserAgentOptions& alice_options, const UserAgentOptions& bob_options,
               Transport transport)
    : alice(alice_options, "alice.example", 1), bob(bob_options, "bob.example", 2), transport_(transport) {
  alice.transport = bob.transport = transport;
  alice.on_transmit = [this](const std::string& wire) { Send(true, wire); };
  bob.on_transmit = [this](const std::string& wire) { Send(false, wire); };
}

void Couple::Send(bool from_alice, const std::string& wire) {
  const std::string kind = (from_alice ? "a" : "b") + KindOf(wire);
  auto count = std::find_if(counts_.begin(), counts_.end(), [&](const auto& c) { return c.first == kind; });
  if (count == counts_.end()) count = counts_.insert(counts_.end(), {kind, 0});
  ++count->second;
  if (lose && lose(from_alice, std::string_view(kind).substr(1), count->second)) return;
  const double now = from_alice ? alice.now() : bob.now();
  flights_.push_back({Instant(Seconds(now)) + kDelay, from_alice, wire});
}

void Couple::AdvanceTo(double seconds) {
  const Instant end = Instant(Seconds(seconds));
  for (;;) {
    const Instant arrival = flights_.empty() ? kNever : flights_.front().at;
    const Instant next = std::min({arrival, alice.agent().next_deadline(), bob.agent().next_deadline()});
    if (next > end) break;
    const double at = std::chrono::duration<double>(next.time_since_epoch()).count();
    alice.SetNow(std::max(Instant(Seconds(alice.now())), next));
    bob.SetNow(std::max(Instant(Seconds(bob.now())), next));
    if (arrival == next) {
      const Flight flight = flights_.front();
      flights_.pop_front();
      (flight.to_bob ? bob : alice).Receive(flight.wire, transport_);
    } else {
      alice.AdvanceTo(at);
      bob.AdvanceTo(at);
    }
  }
  alice.SetNow(end);
  bob.SetNow(end);
}

CallDraft DraftToBob(std::string_view body) {
  CallDraft draft;
  draft.target = "sip:bob@bob.example";
  draft.from = "Alice <sip:alice@alice.example>";
  draft.contact_user = "alice";
  draft.content.body = body;
  return draft;
}

void Couple::Establish(const CallDraft& draft) {
  alice.Place(draft);
  Advance(0.1);
  ASSERT_EQ(bob.Ring(), VerbError::kNone);
  Advance(0.1);
  ASSERT_EQ(bob.Answer(draft.content.body.empty() ? kOffer : kAnswer), VerbError::kNone);
  Advance(0.1);
  if (draft.content.body.empty()) {
    ASSERT_EQ(alice.AnswerOffer(kAnswer), VerbError::kNone);
    Advance(0.1);
  }
  ASSERT_EQ(alice.view().state, UsageState::kEstablished);
  ASSERT_EQ(bob.view().state, UsageState::kEstablished);
  alice.TakeEvents();
  bob.TakeEvents();
  alice.TakeSent();
  bob.TakeSent();
}

void Couple::ExpectAgreement() {
  const CallView a = alice.view(), b = bob.view();
  EXPECT_EQ(a.call_id, b.call_id);
  EXPECT_EQ(a.local_tag, b.remote_tag);
  EXPECT_EQ(a.remote_tag, b.local_tag);
  EXPECT_EQ(a.local_body, b.remote_body);
  EXPECT_EQ(a.remote_body, b.local_body);
  if (b.remote_cseq) {
    EXPECT_EQ(a.local_cseq, b.remote_cseq);
  }
  if (a.remote_cseq) {
    EXPECT_EQ(b.local_cseq, a.remote_cseq);
  }
  EXPECT_NE(a.owns_call_id, b.owns_call_id);
  EXPECT_EQ(a.session_timer.interval, b.session_timer.interval);
  if (a.session_timer.interval > 0) {
    EXPECT_NE(a.session_timer.we_refresh, b.session_timer.we_refresh);
  }
}

}  // namespace sansip::testing
