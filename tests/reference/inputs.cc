// Side by side: from bytes to inputs.
#include <algorithm>
#include <string>
#include <utility>

#include "sansip/tests/reference/side_by_side.h"

namespace sansip::reference {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kCodes[] = {100, 180, 183, 200, 200, 202, 300, 401, 408, 486, 487, 500, 699};
constexpr Method kMethods[] = {Method::kInvite, Method::kInvite, Method::kOptions, Method::kExtension};
constexpr std::string_view kMethodNames[] = {"INVITE", "INVITE", "OPTIONS", "UNHEARD-OF"};
// Not all at once: nothing may be lost for want of room.
constexpr TimerOverride kOverrides[] = {
    {},
    {.t1 = milliseconds(100), .t2 = milliseconds(300), .t4 = seconds(1)},
    {.t1 = seconds(2), .t2 = seconds(1)},
    {.t1 = seconds(1), .t2 = seconds(1)},
};
constexpr std::size_t kPickedFrom = 8;

// Pure: of the flow alone.
TimerOverride ServerTimers(const Origin& origin, const MessageView&) {
  return kOverrides[origin.flow.slot == 2 ? 1 + origin.source.port % 3 : 0];
}

std::string Upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

bool Replace(std::string& text, std::string_view what, std::string_view with) {
  const std::size_t at = text.find(what);
  if (at == std::string::npos) return false;
  text.replace(at, what.size(), with);
  return true;
}

}  // namespace

TransactionOptions SideBySide::OptionsFrom(ByteSource& source, Sink<ArrowTaken>* arrows) {
  TransactionOptions options;
  options.transactions_max = 1024;  // more than there are inputs
  options.message_bytes_max = 4096;
  options.buffered_bytes_max = 16 << 20;
  options.arrows = arrows;
  options.server_timers = ServerTimers;
  constexpr Duration kT1[] = {milliseconds(500), milliseconds(500), milliseconds(70), seconds(1)};
  constexpr Duration kT2[] = {seconds(4), seconds(4), milliseconds(900), seconds(10)};
  constexpr Duration kT4[] = {seconds(5), seconds(1)};
  constexpr Duration kD[] = {seconds(32), seconds(1), seconds(50)};
  constexpr Duration kTrying[] = {milliseconds(200), milliseconds(200), milliseconds(1), seconds(1)};
  options.timers.t1 = kT1[source.Below(std::size(kT1))];
  options.timers.t2 = kT2[source.Below(std::size(kT2))];
  options.timers.t4 = kT4[source.Below(std::size(kT4))];
  options.timers.d = kD[source.Below(std::size(kD))];
  options.timers.trying = kTrying[source.Below(std::size(kTrying))];
  return options;
}

Times SideBySide::TimesWith(const TimerOverride& own) const {
  Times times = {options_.timers.t1, options_.timers.t2, options_.timers.t4, options_.timers.d,
                 options_.timers.trying};
  if (own.t1 > Duration::zero()) times.t1 = own.t1;
  if (own.t2 > Duration::zero()) times.t2 = own.t2;
  if (own.t4 > Duration::zero()) times.t4 = own.t4;
  return times;
}

void SideBySide::One() {
  switch (source_.Below(16)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return MoveTime();
    case 4:
    case 5:
      return SendRequest();
    case 6:
    case 7:
    case 8:
      return ReceiveResponse();
    case 9:
      return ReceiveNewRequest();
    case 10:
    case 11:
    case 12:
      return ReceiveOfRequest();
    case 13:
    case 14:
      return SendResponse();
    default:
      return OtherVerb();
  }
}

void SideBySide::MoveTime() {
  const Instant deadline = layer_.next_deadline();
  switch (source_.Below(8)) {
    case 0:  // just before it
      if (deadline != kNever) now_ = std::max(now_, deadline - std::chrono::nanoseconds(1));
      return FireDeadlines();
    case 1:  // late
      now_ += milliseconds(source_.Word());
      return FireDeadlines();
    case 2:  // later still: other inputs come first
      now_ += milliseconds(source_.Word() / 8);
      return;
    case 3:  // backwards (law 4)
      NoteInput("deadline, on a clock that runs backwards");
      return Apply({now_ - milliseconds(source_.Byte()), input::Deadline{}});
    default:
      if (deadline != kNever) now_ = std::max(now_, deadline);
      return FireDeadlines();
  }
}

void SideBySide::FireDeadlines() {
  NoteInput("deadline");
  // Law 7: a call has its bounds; what a late one leaves is due still.
  for (int calls = 0; calls < 100 && !is_different_; ++calls) {
    Apply({now_, input::Deadline{}});
    if (layer_.next_deadline() > now_) return;
  }
}

void SideBySide::SendRequest() {
  input::SendRequest request;
  request.method = kMethods[source_.Below(std::size(kMethods))];
  request.extension_method = request.method == Method::kExtension ? "UNHEARD-OF" : "";
  const std::string name(request.method == Method::kExtension ? request.extension_method
                                                              : MethodName(request.method));
  const std::uint8_t more = source_.Byte();
  request.path = {{static_cast<std::uint32_t>(more % 3), 1},
                  (more & 4) != 0 ? Transport::kTcp : Transport::kUdp,
                  "client.example",
                  static_cast<std::uint16_t>((more & 8) != 0 ? 5070 : 0)};
  request.request_uri = "sip:bob@biloxi.example";
  const std::string cseq = "5 " + name;
  for (const HeaderLine& line : testing::DraftHeaders(cseq)) {
    request.headers.push_back({line.id, "", std::string(line.value)});
  }
  if ((more & 16) != 0) {
    request.headers.push_back({HeaderId::kRoute, "", "<sip:p1.example;lr>"});
    request.headers.push_back({HeaderId::kRoute, "", "<sip:p2.example;lr>, <sip:p3.example;lr>"});
  }
  request.timers = kOverrides[more / 32 % 4 * (more / 128)];
  request.cookie = {1000 + inputs_};
  NoteInput("user sends " + name + " over " + std::string(TransportName(request.path.transport)));
  Apply({now_, std::move(request)});
}

void SideBySide::ReceiveResponse() {
  if (requests_sent_.empty()) return SendRequest();
  const std::size_t back = source_.Below(std::min(requests_sent_.size(), kPickedFrom));
  const std::string request = requests_sent_[requests_sent_.size() - 1 - back];
  const int code = kCodes[source_.Below(std::size(kCodes))];
  const std::uint8_t how = source_.Byte();
  std::string text = testing::ResponseText(request, code, (how & 1) != 0 ? "a" : "b");
  switch (how / 2 % 16) {
    case 0:
      Replace(text, "z9hG4bK", "Z9HG4BK");  // the same branch (7.3.1)
      break;
    case 1:
      Replace(text, "branch=z9hG4bK", "branch=z9hG4bKx");
      break;
    case 2:
      Replace(text, "CSeq: 5 INVITE", "CSeq: 5 CANCEL") || Replace(text, "CSeq: 5 CANCEL", "CSeq: 5 INVITE");
      break;
    default:
      break;
  }
  Receive(PickOrigin(), text);
}

void SideBySide::ReceiveNewRequest() {
  Received received;
  testing::RequestText& request = received.request;
  const std::string unique = std::to_string(++requests_made_);
  const std::uint8_t what = source_.Byte(), more = source_.Byte();
  request.method = kMethodNames[what % std::size(kMethodNames)];
  request.via = std::string("SIP/2.0/") + ((what & 4) != 0 ? "UDP " : "TLS ") +
                ((what & 8) != 0 ? "192.0.2.1" : "pc33.Atlanta.example") + ((what & 16) != 0 ? ":5066" : "");
  switch (what / 32) {
    case 0:
      break;  // RFC 2543: no branch
    case 1:
      request.via += ";branch=z9hG4bK";
      break;
    case 2:
      request.via += ";branch=a" + unique;
      break;
    default:
      request.via += ";branch=z9hG4bK" + unique + "x";
  }
  if ((more & 1) != 0) request.via += ";rport";
  if ((more & 2) != 0) request.via += ";Received=10.0.0.1;ttl=3";
  request.call_id = "call" + unique;
  request.cseq = "7";
  if ((more & 4) != 0) request.more = "Timestamp: 1.5\r\n";
  if ((more & 8) != 0) request.more += "Via: SIP/2.0/UDP first.example;branch=z9hG4bKfirst\r\n";
  if ((more & 16) != 0) request.to += ";tag=314159";
  received.origin = PickOrigin();
  received.number = Receive(received.origin, request.text());
  if (received.number != 0) requests_received_.push_back(received);
}

void SideBySide::ReceiveOfRequest() {
  if (requests_received_.empty()) return ReceiveNewRequest();
  const std::size_t back = source_.Below(std::min(requests_received_.size(), kPickedFrom));
  const Received& received = requests_received_[requests_received_.size() - 1 - back];
  testing::RequestText request = received.request;
  const std::uint8_t how = source_.Byte();
  switch (how % 8) {
    case 0:
    case 1:
      break;  // once more
    case 2:
      request.method = "CANCEL";
      break;
    case 3:  // looks the same but for the method; so few that no limit is reached (law 7)
      request.method = "BYE";
      Receive(received.origin, request);
      return;
    default:
      request.method = "ACK";
      if (const auto response = responses_.find(received.number); response != responses_.end())
        request.to = testing::HeaderOf(response->second, "To");
      break;
  }
  if (how >= 200) Vary(request);
  Receive(received.origin, request);
}

// The same for the rules of matching, or not.
void SideBySide::Vary(testing::RequestText& request) {
  switch (source_.Below(11)) {
    case 0:
      Replace(request.via, "pc33.Atlanta", "PC33.atlanta");
      return;
    case 1:
      Replace(request.via, "z9hG4bK", "Z9hg4Bk");
      return;
    case 2:  // what is meant where there is no port
      if (!Replace(request.via, "Atlanta.example;", "Atlanta.example:5061;"))
        Replace(request.via, "192.0.2.1;", "192.0.2.1:5060;");
      return;
    case 3:
      Replace(request.via, ":5066", ":5067");
      return;
    case 4:
      Replace(request.via, "pc33", "pc34");
      return;
    case 5:
      request.uri = request.method == "ACK" ? "sip:bob@BILOXI.example" : "sip:%62ob@biloxi.example";
      return;
    case 6:
      request.uri = "sip:carol@biloxi.example";
      return;
    case 7:
      request.from = Upper(request.from);
      Replace(request.from, "SIP:ALICE@ATLANTA.EXAMPLE", "sip:alice@atlanta.example");
      return;
    case 8:
      request.cseq = "8";
      return;
    case 9:
      if (request.method != "CANCEL") request.via += ";hidden";
      return;
    default:
      if (!Replace(request.to, ";tag=", ";tag=x")) request.to += ";tag=x";
  }
}

int SideBySide::Receive(const Origin& origin, const std::string& text) {
  const std::size_t known = ids_.size();
  NoteInput("receive " + text.substr(0, text.find("\r\nMax-Forwards")).substr(0, 120));
  Apply({now_, input::Received{origin, text}});
  return ids_.size() == known ? 0 : static_cast<int>(known);
}

void SideBySide::SendResponse() {
  const int number = PickNumber();
  const int code = kCodes[source_.Below(std::size(kCodes))];
  const std::string tag = source_.Bool() ? "314159" : "";
  NoteInput("user answers #" + std::to_string(number) + " " + std::to_string(code));
  Apply({now_, input::SendResponse{ids_[static_cast<std::size_t>(number)], code, "", tag, {}, ""}});
}

void SideBySide::OtherVerb() {
  const std::size_t which = source_.Below(9);
  if (which == 0) {
    const FlowId flow = {static_cast<std::uint32_t>(source_.Below(3)), 1};
    NoteInput("flow " + std::to_string(flow.slot) + " fails");
    return Apply({now_, input::FlowFailed{flow}});
  }
  const int number = PickNumber();
  const TransactionId id = ids_[static_cast<std::size_t>(number)];
  constexpr std::string_view kVerbs[] = {"",
                                         "cancels",
                                         "cancels",
                                         "cancels",
                                         "abandons",
                                         "abandons",
                                         "repeats the final of",
                                         "has a transport error of",
                                         "has a transport error of"};
  NoteInput("user " + std::string(kVerbs[which]) + " #" + std::to_string(number));
  if (which <= 3) return Apply({now_, input::Cancel{id}});
  if (which <= 5) return Apply({now_, input::Abandon{id}});
  if (which == 6) return Apply({now_, input::ResendFinal{id}});
  Apply({now_, input::TransportError{id}});
}

// One of the latest, dead or alive.
int SideBySide::PickNumber() {
  const std::size_t known = ids_.size() - 1;
  if (known == 0) return 0;
  return static_cast<int>(known - source_.Below(std::min<std::size_t>(known, 12)));
}

Origin SideBySide::PickOrigin() {
  const std::uint8_t where = source_.Byte();
  return {.flow = {where % 3u, 1},
          .transport = (where & 4) != 0 ? Transport::kTcp : Transport::kUdp,
          .source = *ParseIp("192.0.2.1", static_cast<std::uint16_t>(5066 + where / 8 % 4))};
}

// Silence: every clock runs out.
void SideBySide::Finish() {
  for (int calls = 0; calls < 5000 && !is_different_; ++calls) {
    if (layer_.next_deadline() == kNever) return;
    now_ = std::max(now_, layer_.next_deadline());
    FireDeadlines();
  }
  if (!is_different_) Differ("timers without an end");
}

}  // namespace sansip::reference
