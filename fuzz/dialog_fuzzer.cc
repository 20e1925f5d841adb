// One user agent, its user, and a peer that says anything at any time: requests within the call's dialogs
// with right and wrong tags, numbers, bodies and options, responses of every kind, copies of all of them.
//
// What must hold is what DialogModel says of every message; and that nothing is left once the user has hung
// up and the peer is silent.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/base/check.h"
#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/parser.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/dialog/user_agent.h"
#include "sansip/dialog/user_agent_input.h"
#include "sansip/fuzz/byte_source.h"
#include "sansip/fuzz/dialog_model.h"

namespace sansip {
namespace {

constexpr std::size_t kInputsMax = 200;
constexpr std::size_t kRemembered = 12;
constexpr std::array<std::string_view, 3> kBodies = {"", "v=0\r\ns=a\r\n", "v=0\r\ns=b\r\n"};
constexpr std::array<std::string_view, 11> kMethods = {
    "INVITE", "UPDATE", "BYE", "PRACK", "OPTIONS", "MESSAGE", "INFO", "EXTEND", "REFER", "INVITE", "UPDATE"};
constexpr std::array<int, 16> kStatuses = {180, 183, 200, 200, 199, 100, 486, 491,
                                           481, 408, 500, 422, 415, 302, 503, 603};

class Run {
 public:
  Run(const std::uint8_t* data, std::size_t size)
      : source_(data, size), random_(1), agent_(Options(source_), random_), agent_calls_(source_.Bool()) {}

  void Play() {
    if (agent_calls_) {
      CallDraft draft{.target = "sip:peer@peer.example", .from = "<sip:alice@alice.example>"};
      draft.content.body = kBodies[source_.Below(2)];
      Do(ua::input::PlaceCall{draft});
    } else {
      Invite();
    }
    Begin(source_.Below(4));
    for (std::size_t i = 0; i < kInputsMax && !source_.empty(); ++i) One();
    Finish();
  }

 private:
  struct Sent {
    std::string wire;
    bool is_ours;  // the peer's
  };
  struct Step {
    Instant at;
    std::string arrow, wire;
  };

  static UserAgentOptions Options(ByteSource& source) {
    UserAgentOptions options;
    options.methods = "MESSAGE";
    options.reliable_provisionals = static_cast<ReliableProvisionals>(source.Below(2));
    options.session_timer.enabled = false;
    options.takes_refer = false;
    return options;
  }

  // 0, 1: as it is; 2: it rings; 3: it is established.
  void Begin(std::size_t how) {
    if (how < 2) return;
    const bool has_offer = sent_.front().wire.find("s=a") != std::string::npos;
    const Content content{.body = kBodies[2]};
    agent_calls_ ? Respond(sent_.front().wire, 180, "one", {}, {}) : Do(ua::input::Ring{call_, 180, {}});
    if (how < 3) return;
    if (agent_calls_) {
      Respond(sent_.front().wire, 200, "one", {}, kBodies[2]);
      if (!has_offer) Do(ua::input::AnswerOffer{call_, content});
    } else {
      Do(ua::input::Answer{call_, content});
      Acknowledge(has_offer ? "" : kBodies[1]);
    }
  }

  void One() {
    switch (source_.Below(8)) {
      case 0:
      case 1:
        return Verb();
      case 2:
      case 3:
        return Request();
      case 4:
        return Respond();
      case 5:
        return Acknowledge(kBodies[source_.Below(kBodies.size())]);
      case 6:
        return Again();
      default:
        return MoveTime();
    }
  }

  // ---- the user

  void Verb() {
    const Content content{.body = kBodies[source_.Below(kBodies.size())]};
    switch (source_.Below(11)) {
      case 10: {
        StandaloneDraft draft{.method = "OPTIONS", .from = "<sip:alice@alice.example>"};
        draft.call = call_;
        return Do(ua::input::SendRequest{draft});
      }
      case 0:
        return Do(ua::input::Ring{call_, source_.Bool() ? 180 : 183, content,
                                  static_cast<Reliability>(source_.Below(3))});
      case 1:
      case 2:
        return Do(ua::input::Answer{call_, content});
      case 3:
        return Do(ua::input::Refuse{call_, 486, {}});
      case 4:
        model_.OnHungUp();
        return Do(ua::input::HangUp{call_, {}});
      case 5:
        return Do(ua::input::Reinvite{call_, content});
      case 6:
        return Do(ua::input::Update{call_, content, source_.Bool() ? dialog_ : DialogId{}});
      case 7:
        return Do(ua::input::RefuseOffer{call_, 488, content});
      default:
        return Do(ua::input::AnswerOffer{call_, content});
    }
  }

  // ---- the peer

  std::string PeerTag() { return agent_calls_ && source_.Byte() % 4 == 3 ? "two" : "one"; }

  std::string Via() { return "SIP/2.0/UDP peer.example;branch=z9hG4bK" + std::to_string(++branches_); }

  testing::RequestText Text(std::string method, std::string tag, std::string agent_tag, std::uint32_t cseq) {
    return {.method = std::move(method),
            .uri = "sip:alice@alice.example",
            .via = Via(),
            .from = "<sip:peer@peer.example>;tag=" + tag,
            .to = "<sip:alice@alice.example>" + (agent_tag.empty() ? "" : ";tag=" + agent_tag),
            .call_id = call_id_.empty() ? "c1@peer.example" : call_id_,
            .cseq = std::to_string(cseq)};
  }

  void SetBody(testing::RequestText& request, std::string_view body, std::string_view type) {
    if (body.empty()) return;
    request.more += "Content-Type: " + std::string(type) + "\r\n";
    request.body = body;
  }

  void Invite() {
    testing::RequestText request = Text("INVITE", "one", "", cseq_ = 10);
    const std::uint8_t bits = source_.Byte();
    request.more = "Contact: <sip:peer@h0.example>\r\nAllow: UPDATE, PRACK, INVITE, ACK, BYE, CANCEL\r\n";
    if (bits & 1) request.more += "Supported: 100rel\r\n";
    SetBody(request, kBodies[bits & 2 ? 0 : 1], "application/sdp");
    Send(request.text());
  }

  void Request() {
    const std::uint8_t how = source_.Byte();
    std::string method(kMethods[source_.Below(kMethods.size())]);
    std::string tag = PeerTag(), agent_tag = model_.agent_tag();
    if (how % 16 == 15) tag = "wrong";
    if (how % 16 == 14 || agent_tag.empty()) agent_tag = "wrong";
    if (how % 16 == 13) return Cancel();
    std::uint32_t cseq = ++cseq_;
    if (how % 16 == 12) cseq = --cseq_;        // equal
    if (how % 16 == 11) cseq = (--cseq_) - 1;  // lower
    if (how % 16 == 10) cseq = cseq_ += 1000;
    testing::RequestText request = Text(method, tag, agent_tag, cseq);
    if (method == "INVITE" || method == "UPDATE") {
      request.more = "Contact: <sip:peer@h" + std::to_string(how % 16 == 9 ? ++contacts_ : contacts_) +
                     ".example>\r\nAllow: UPDATE, PRACK, INVITE, ACK, BYE, CANCEL\r\n";
      if (how & 16) request.more += "Supported: 100rel\r\n";
      SetBody(request, kBodies[source_.Below(kBodies.size())],
              how % 16 == 8 ? "application/odd" : "application/sdp");
    } else if (method == "MESSAGE") {
      SetBody(request, "hello", "text/plain");
    } else if (method == "PRACK") {
      const std::uint32_t rseq = last_rseq_ + (how % 16 == 7 ? 1 : 0);
      request.more = "RAck: " + std::to_string(rseq) + " " + last_rseq_cseq_ + " INVITE\r\n";
      if (how & 32) SetBody(request, kBodies[source_.Below(kBodies.size())], "application/sdp");
    }
    if (how % 16 == 6) request.more += "Require: frobnicate\r\n";
    Send(request.text());
  }

  // The latest INVITE of the peer's.
  void Cancel() {
    for (std::size_t i = sent_.size(); i-- > 0;) {
      const Sent& one = sent_[i];
      if (!one.is_ours || !one.wire.starts_with("INVITE ")) continue;
      std::string wire = one.wire.substr(0, one.wire.find("\r\n\r\n") + 4);
      wire.replace(0, 6, "CANCEL");
      const std::size_t cseq = wire.find("INVITE", wire.find("CSeq:"));
      wire.replace(cseq, 6, "CANCEL");
      for (const std::string_view name : {"Content-Type:", "Content-Length:"}) {
        const std::size_t at = wire.find(name);
        if (at != std::string::npos) wire.erase(at, wire.find("\r\n", at) + 2 - at);
      }
      wire.insert(wire.size() - 2, "Content-Length: 0\r\n");
      return Send(wire);
    }
  }

  // To one of the user agent's latest requests.
  void Respond() {
    const std::size_t back = source_.Below(4);
    std::size_t seen = 0;
    for (std::size_t i = sent_.size(); i-- > 0;) {
      const Sent one = sent_[i];
      if (one.is_ours || one.wire.starts_with("SIP/2.0") || one.wire.starts_with("ACK ")) continue;
      if (seen++ < back) continue;
      const bool is_invite = one.wire.starts_with("INVITE ");
      const int status = kStatuses[source_.Below(kStatuses.size())];
      const std::uint8_t how = source_.Byte();
      std::string tag = one.wire.find("tag=", one.wire.find("\r\nTo:")) <
                                one.wire.find("\r\n", one.wire.find("\r\nTo:") + 2)
                            ? ""
                            : PeerTag();
      std::string more;
      contacts_ += how % 8 == 7;
      if (is_invite && status > 100 && status < 200 && how & 8) {
        more += "Require: 100rel\r\nRSeq: " + std::to_string(peer_rseq_ += how & 16 ? 2 : 1) + "\r\n";
      }
      if (status == 302) more += "Contact: <sip:peer@elsewhere.example>\r\n";
      return Respond(one.wire, status, tag, more, kBodies[source_.Below(kBodies.size())]);
    }
  }

  void Respond(const std::string& request, int status, std::string_view tag, std::string more,
               std::string_view body) {
    const bool is_modify = request.starts_with("INVITE ") || request.starts_with("UPDATE ");
    if (is_modify && status < 300 && status > 100) {
      more += "Contact: <sip:peer@h" + std::to_string(contacts_) +
              ".example>\r\nAllow: UPDATE, PRACK, INVITE, ACK, BYE, CANCEL\r\n";
    }
    std::string wire = testing::ResponseText(request, status, tag, more);
    constexpr std::string_view kNoBody = "Content-Length: 0\r\n";
    const std::size_t length = wire.find(kNoBody);
    if (!body.empty() && status > 100 && status < 300 && length != std::string::npos) {
      wire.replace(
          length, kNoBody.size(),
          "Content-Type: application/sdp\r\nContent-Length: " + std::to_string(body.size()) + "\r\n");
      wire += body;
    }
    Send(wire);
  }

  // The latest final response to an INVITE of the peer's.
  void Acknowledge(std::string_view body) {
    for (std::size_t i = sent_.size(); i-- > 0;) {
      const Sent one = sent_[i];
      if (one.is_ours || !one.wire.starts_with("SIP/2.0 ") || one.wire.starts_with("SIP/2.0 1")) continue;
      const std::string cseq = testing::HeaderOf(one.wire, "CSeq");
      if (!cseq.ends_with(" INVITE")) continue;
      testing::RequestText ack = Text("ACK", "one", model_.agent_tag(), 0);
      ack.cseq = cseq.substr(0, cseq.find(' '));
      ack.to = testing::HeaderOf(one.wire, "To");
      ack.from = testing::HeaderOf(one.wire, "From");
      const bool is_success = one.wire.starts_with("SIP/2.0 2");
      if (!is_success) ack.via = testing::HeaderOf(one.wire, "Via");
      if (is_success) SetBody(ack, body, "application/sdp");
      return Send(ack.text());
    }
  }

  void Again() {
    const std::size_t back = source_.Below(kRemembered);
    std::size_t seen = 0;
    for (std::size_t i = sent_.size(); i-- > 0;) {
      if (!sent_[i].is_ours || seen++ < back) continue;
      // The INVITE that began it is another call's once its transaction is forgotten (timer I).
      const bool is_first =
          sent_[i].wire.starts_with("INVITE ") && sent_[i].wire.find("10 INVITE\r\n") != std::string::npos;
      if (is_first && now_ > Instant(std::chrono::seconds(4))) return;
      return Receive(std::string(sent_[i].wire));
    }
  }

  void Send(std::string wire) {
    Remember(wire, true);
    Receive(wire);
  }

  void Remember(std::string_view wire, bool is_ours) {
    sent_.push_back({std::string(wire), is_ours});
    if (sent_.size() > 4 * kRemembered) sent_.pop_front();
  }

  void Receive(const std::string& wire) {
    const auto index = std::make_unique<MessageIndex>();
    const ParseError error = Parser().Parse(wire, Framing::kDatagram, *index);
    const Origin origin{{1, 1}, Transport::kUdp, *ParseIp("192.0.2.9", 5060), {"alice.example", 5060}};
    Log("> ", wire);
    SANSIP_CHECK(error.ok());
    const MessageView view(wire, *index);
    Judge(model_.OnPeerSent(now_, view));
    Do(ua::input::Message{origin, &view});
  }

  void MoveTime() {
    const Instant next = agent_.next_deadline();
    switch (source_.Below(4)) {
      case 0:
      case 1:
        if (next != kNever) now_ = std::max(now_, next);
        break;
      case 2:
        now_ += std::chrono::milliseconds(source_.Word());
        break;
      default:
        now_ += std::chrono::seconds(source_.Byte());
    }
    FireDeadlines();
  }

  void FireDeadlines() {
    for (int i = 0; agent_.next_deadline() <= now_; ++i) {
      SANSIP_CHECK(i < 100000);
      Do(ua::input::Deadline{});
    }
  }

  // ---- both

  void Do(const UserAgentInput& input) {
    sink_.Clear();
    const InputResult result = Apply(agent_, now_, input, sink_);
    SANSIP_CHECK(agent_.IsConsistent());
    if (!result.placed.is_nil()) call_ = result.placed;
    std::vector<Cookie> located, failed;  // each request has one path
    for (const UserAgentAction& action : sink_) {
      if (const auto* transmit = std::get_if<ua::Transmit>(&action)) {
        Transmitted(transmit->wire);
      } else if (const auto* locate = std::get_if<ua::Locate>(&action)) {
        (locate->failed == 0 ? located : failed).push_back(locate->cookie);
      } else if (const auto* incoming = std::get_if<ua::Incoming>(&action)) {
        call_ = incoming->call;
      } else if (const auto* progress = std::get_if<ua::Progress>(&action)) {
        dialog_ = progress->dialog;
      }
    }
    const HostPort host{"alice.example", 5060};
    for (const Cookie cookie : located) {
      Do(ua::input::Located{cookie, {{1, 1}, Transport::kUdp, host, host}});
    }
    for (const Cookie cookie : failed) Do(ua::input::LocateFailed{cookie});
  }

  void Transmitted(std::string_view wire) {
    const auto index = std::make_unique<MessageIndex>();
    Log("< ", wire);
    SANSIP_CHECK(Parser().Parse(wire, Framing::kStream, *index).ok());
    const MessageView view(wire, *index);
    if (call_id_.empty()) call_id_ = view.First(HeaderId::kCallId).value_or("");
    if (const auto rseq = view.First(HeaderId::kRSeq)) {
      last_rseq_ = static_cast<std::uint32_t>(std::stoul(std::string(*rseq)));
      CSeq cseq;
      if (CSeqOf(view, cseq)) last_rseq_cseq_ = std::to_string(cseq.number);
    }
    Remember(wire, false);
    Judge(model_.OnAgentSent(now_, view));
  }

  void Finish() {
    model_.OnHungUp();
    Do(ua::input::Shutdown{});
    for (int i = 0; i < 10000 && agent_.next_deadline() != kNever; ++i) {
      now_ = std::max(now_, agent_.next_deadline());
      FireDeadlines();
    }
    SANSIP_CHECK(agent_.next_deadline() == kNever);
    const bool is_clear =
        agent_.calls_live() + agent_.calls_kept() + agent_.client_transactions_pending() == 0;
    Judge(is_clear ? model_.Finish() : "something is left, and nothing is due");
  }

  void Log(std::string_view arrow, std::string_view wire) {
    ladder_.push_back({now_, std::string(arrow), std::string(wire)});
  }

  static std::string LineOf(const Step& step) {
    std::string line = std::to_string(std::chrono::duration<double>(step.at.time_since_epoch()).count());
    line.append(" ").append(step.arrow).append(step.wire.substr(0, step.wire.find("\r\n")));
    for (const std::string_view name : {"From", "To", "CSeq", "Contact", "RSeq", "RAck", "Require", "Via"}) {
      const std::string value = testing::HeaderOf(step.wire, name);
      if (!value.empty()) line.append(" | ").append(value);
    }
    return line + (step.wire.ends_with("\r\n\r\n") ? "" : " | with a body");
  }

  void Judge(const std::string& wrong) const {
    if (wrong.empty()) return;
    for (const Step& step : ladder_) std::fprintf(stderr, "%s\n", LineOf(step).c_str());
    std::fprintf(stderr, "wrong: %s\n", wrong.c_str());
    SANSIP_CHECK(wrong.empty());
  }

  ByteSource source_;
  testing::SeededRandom random_;
  UserAgent agent_;
  const bool agent_calls_;
  Instant now_{};
  SinkOf<UserAgentAction, UserAgent::kActionsPerEventMax> sink_;
  DialogModel model_;
  CallId call_;
  DialogId dialog_;
  std::deque<Sent> sent_;
  std::vector<Step> ladder_;
  std::string call_id_, last_rseq_cseq_ = "10";
  std::uint32_t branches_ = 0, cseq_ = 10, contacts_ = 0, last_rseq_ = 1, peer_rseq_ = 0;
};

}  // namespace
}  // namespace sansip

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sansip::Run(data, size).Play();
  return 0;
}
