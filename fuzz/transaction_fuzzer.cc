// The transaction layer under a stranger's messages, a careless user and a bad network.
//
// Bytes become inputs: messages made from templates and damaged, moves in time, verbs, errors of the
// transport. What must hold: deadlines are honest, actions are bounded, ids are never reused, each client
// transaction tells its user once how it ended, Gone is the last word, what is sent can be parsed, the layer
// is consistent, the same inputs give the same actions, and once the network is silent everything ends.
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sansip/core/base/check.h"
#include "sansip/core/transaction/input.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/fuzz/byte_source.h"

namespace sansip {
namespace {

using testing::DraftHeaders;
using testing::RequestText;
using testing::ResponseText;
using testing::SeededRandom;

constexpr std::size_t kInputsMax = 400;
constexpr std::size_t kRemembered = 8;

constexpr int kCodes[] = {100, 180, 183, 200, 202, 300, 401, 408, 486, 487, 500, 699};
constexpr Method kMethods[] = {Method::kInvite, Method::kOptions, Method::kBye, Method::kExtension};
constexpr std::string_view kMethodNames[] = {"INVITE", "ACK", "CANCEL", "OPTIONS", "BYE", "UNHEARD-OF"};
constexpr Transport kTransports[] = {Transport::kUdp, Transport::kTcp};

// What a transaction has said so far.
struct Told {
  bool is_server = false;
  bool is_invite = false;
  int finals = 0;    // 2xx to an INVITE excepted
  int accepted = 0;  // 2xx to an INVITE
  int failures = 0;
  bool is_abandoned = false;
  bool is_gone = false;
};

class Run {
 public:
  Run(const std::uint8_t* data, std::size_t size)
      : source_(data, size),
        options_(OptionsFrom(source_)),
        random_(7),
        layer_(options_, random_),
        player_(layer_, parser_) {}

  // A hash of all actions.
  std::uint64_t Play() {
    for (std::size_t i = 0; i < kInputsMax && !source_.empty(); ++i) One();
    Finish();
    return hash_;
  }

 private:
  static TransactionOptions OptionsFrom(ByteSource& source) {
    TransactionOptions options;
    constexpr std::size_t kTransactions[] = {1, 3, 64};
    options.transactions_max = kTransactions[source.Below(3)];
    options.buffered_bytes_max = source.Bool() ? 1 : 1 << 20;
    if (options.buffered_bytes_max == 1) options.server_transactions_per_source_max = 3;
    options.timers.t1 = std::chrono::milliseconds(source.Bool() ? 500 : 1);
    return options;
  }

  void One() {
    switch (source_.Below(10)) {
      case 0:
      case 1:
        return MoveTime();
      case 2:
        return SendRequest();
      case 3:
      case 4:
        return ReceiveResponse();
      case 5:
      case 6:
        return ReceiveRequest();
      case 7:
        return Respond(PickId(), kCodes[source_.Below(std::size(kCodes))]);
      case 8:
        return OtherVerb();
      default:
        return Apply(input::Received{PickOrigin(), std::string(source_.Take(source_.Byte()))});
    }
  }

  void MoveTime() {
    const Instant deadline = layer_.next_deadline();
    const std::size_t how = source_.Below(4);
    if (how == 3 || deadline == kNever) {
      now_ = std::max(now_, now_ + std::chrono::milliseconds(source_.Word()));
    } else {
      now_ = std::max(now_, deadline + std::chrono::nanoseconds(static_cast<int>(how) - 1));
    }
    FireDeadlines();
  }

  // Law 6: early calls do nothing, others make progress.
  void FireDeadlines() {
    for (;;) {
      const Instant deadline = layer_.next_deadline();
      const std::size_t live = layer_.live();
      const std::uint64_t before = hash_;
      Apply(input::Deadline{});
      if (deadline > now_) {
        SANSIP_CHECK(layer_.next_deadline() == deadline && layer_.live() == live && hash_ == before);
        return;
      }
      SANSIP_CHECK(layer_.next_deadline() != deadline || layer_.live() != live || hash_ != before);
    }
  }

  void SendRequest() {
    const Method method = kMethods[source_.Below(std::size(kMethods))];
    input::SendRequest request;
    request.method = method;
    request.extension_method = method == Method::kExtension ? "UNHEARD-OF" : "";
    request.path = {PickFlow(), kTransports[source_.Below(2)], "client.example", 5060};
    request.request_uri = "sip:bob@biloxi.example";
    const std::string name(method == Method::kExtension ? request.extension_method : MethodName(method));
    const std::string cseq = "5 " + name;
    for (const HeaderLine& line : DraftHeaders(cseq)) {
      request.headers.push_back({line.id, "", std::string(line.value)});
    }
    const std::uint8_t more = source_.Byte();
    if (more & 1) request.headers.push_back({HeaderId::kRoute, "", "<sip:p1.example;lr>"});
    if (more & 2) request.headers.push_back({HeaderId::kSubject, "", std::string(source_.Take(4))});
    request.is_outside = (more & 12) == 12;
    if (more & 16) request.path.request_bytes_max = 345;  // about what most are long
    request.cookie = {++last_cookie_};
    Apply(request);
  }

  void ReceiveResponse() {
    if (requests_sent_.empty()) return;
    const std::string& request = requests_sent_[source_.Below(requests_sent_.size())];
    const int code = kCodes[source_.Below(std::size(kCodes))];
    Apply(input::Received{PickOrigin(), Damaged(ResponseText(request, code, source_.Bool() ? "a" : "b"))});
  }

  void ReceiveRequest() {
    RequestText request;
    const std::uint8_t what = source_.Byte();
    request.method = kMethodNames[what % std::size(kMethodNames)];
    request.via = "SIP/2.0/UDP h" + std::to_string(what & 1) + ".example";
    if (what & 64) request.via += ";rport";
    if (what & 128) request.via += ";branch=z9hG4bK" + std::to_string(source_.Below(4));
    if (source_.Bool()) request.more = "Timestamp: 1.5\r\n";
    if (source_.Bool()) request.to += ";tag=314159";
    Apply(input::Received{PickOrigin(), Damaged(request.text())});
  }

  void OtherVerb() {
    const TransactionId id = PickId();
    switch (source_.Below(5)) {
      case 0:
        return Apply(input::Cancel{id});
      case 1:
        return Apply(input::ResendFinal{id});
      case 2:
        return Apply(input::TransportError{id});
      case 3:
        if (const auto told = told_.find(id); told != told_.end()) told->second.is_abandoned = true;
        return Apply(input::Abandon{id});
      default:
        return Apply(input::FlowFailed{PickFlow()});
    }
  }

  void Respond(TransactionId id, int code) {
    Apply(input::SendResponse{id, code, "", source_.Bool() ? "314159" : "", {}, ""});
  }

  std::string Damaged(std::string text) {
    for (std::size_t n = source_.Below(4) == 3 ? source_.Below(4) : 0; n > 0; --n) {
      const std::size_t at = source_.Word() % text.size();
      if (source_.Bool()) {
        text[at] = static_cast<char>(source_.Byte());
      } else {
        text.insert(at, source_.Take(source_.Below(8)));
      }
    }
    return text;
  }

  FlowId PickFlow() { return {static_cast<std::uint32_t>(source_.Below(3)), 1}; }
  Origin PickOrigin() {
    return {.flow = PickFlow(),
            .transport = kTransports[source_.Below(2)],
            .source = *ParseIp("192.0.2.1", 5060)};
  }
  // One of the ids so far, dead or alive.
  TransactionId PickId() {
    if (ids_.empty()) return {};
    return ids_[ids_.size() - 1 - source_.Byte() % std::min<std::size_t>(ids_.size(), 16)];
  }

  template <typename What>
  void Apply(What what) {
    SinkOf<Action, TransactionLayer::kActionsPerEventMax> sink;  // law 7: Append beyond it aborts
    const TransactionInput input = {now_, std::move(what)};
    const InputOutcome outcome = player_.Apply(input, sink);
    if (const auto* request = std::get_if<input::SendRequest>(&input.what); !outcome.started.id.is_nil()) {
      Begin(outcome.started.id, /*is_server=*/false, request->method == Method::kInvite);
    }
    for (const Action& action : sink) Look(action);
    SANSIP_CHECK(layer_.IsConsistent());
    SANSIP_CHECK(layer_.live() <= 2 * options_.transactions_max);
  }

  void Begin(TransactionId id, bool is_server, bool is_invite) {
    const bool is_new = told_.emplace(id, Told{.is_server = is_server, .is_invite = is_invite}).second;
    SANSIP_CHECK(is_new);  // law 8
    ids_.push_back(id);
  }

  Told& Living(TransactionId id) {
    const auto found = told_.find(id);
    SANSIP_CHECK(found != told_.end() && !found->second.is_gone);
    return found->second;
  }

  void Look(const Action& action) {
    Mix(action.index());
    if (const auto* transmit = std::get_if<action::Transmit>(&action)) return Look(*transmit);
    if (const auto* request = std::get_if<action::DeliverRequest>(&action)) {
      Mix(request->id.value());
      SANSIP_CHECK(request->id.is_nil() == (request->request->method() == Method::kAck));
      if (!request->id.is_nil()) Begin(request->id, true, request->request->method() == Method::kInvite);
    } else if (const auto* response = std::get_if<action::DeliverResponse>(&action)) {
      Mix(response->id.value());
      if (response->id.is_nil()) return SANSIP_CHECK(response->response->status_code() / 100 == 2);
      Look(Living(response->id), response->response->status_code());
    } else if (const auto* failed = std::get_if<action::Failed>(&action)) {
      Mix(failed->id.value());
      Told& told = Living(failed->id);
      SANSIP_CHECK(!told.is_abandoned);
      SANSIP_CHECK(told.is_server || (++told.failures == 1 && told.accepted == 0));
      // Told of its final response, the user may still learn that the ACK could not be sent (arrow C12).
      SANSIP_CHECK(told.is_server || told.finals == 0 || failed->reason == FailureReason::kTransportError);
    } else {
      const TransactionId id = std::get<action::Gone>(action).id;
      Mix(id.value());
      Told& told = Living(id);
      SANSIP_CHECK(told.is_server || told.is_abandoned || told.finals + told.accepted + told.failures > 0);
      told.is_gone = true;
    }
  }

  static void Look(Told& told, int status_code) {
    SANSIP_CHECK(!told.is_server && !told.is_abandoned && told.failures == 0);
    if (status_code < 200) {
      SANSIP_CHECK(told.finals == 0 && told.accepted == 0);
    } else if (told.is_invite && status_code < 300) {
      ++told.accepted;
      SANSIP_CHECK(told.finals == 0);
    } else {
      SANSIP_CHECK(++told.finals == 1 && told.accepted == 0);
    }
  }

  void Look(const action::Transmit& transmit) {
    for (char c : transmit.wire) Mix(static_cast<unsigned char>(c));
    const auto found = told_.find(transmit.id);
    SANSIP_CHECK(found == told_.end() || !found->second.is_gone);
    SANSIP_CHECK(parser_.Parse(transmit.wire, Framing::kStream, sent_).ok());
    if (!sent_.is_request || sent_.method == Method::kAck) return;
    if (requests_sent_.size() == kRemembered) requests_sent_.erase(requests_sent_.begin());
    requests_sent_.emplace_back(transmit.wire);
  }

  // The network falls silent and the user answers and cancels what is open.
  void Finish() {
    for (std::size_t i = 0; i < ids_.size(); ++i) {
      const TransactionId id = ids_[i];
      const State state = layer_.StateOf(id);
      if (state == State::kTerminated) continue;
      if (layer_.IsServer(id)) {
        Answer(id);
      } else {
        Apply(input::Cancel{id});
      }
    }
    const Instant end = now_ + std::chrono::seconds(200);
    while (layer_.next_deadline() <= end) {
      now_ = std::max(now_, layer_.next_deadline());
      FireDeadlines();
    }
    // What is left waits for a user whose answer found no room.
    SANSIP_CHECK(layer_.live() == unanswered_);
    for (const auto& [id, told] : told_)
      SANSIP_CHECK(told.is_gone || layer_.StateOf(id) != State::kTerminated);
  }

  void Answer(TransactionId id) {
    SinkOf<Action, TransactionLayer::kActionsPerEventMax> sink;
    const RespondError error =
        layer_.SendResponse(now_, id, {.status_code = 500, .reason = {}, .to_tag = "x"}, sink);
    for (const Action& action : sink) Look(action);
    SANSIP_CHECK(error == RespondError::kNone || error == RespondError::kWrongState ||
                 error == RespondError::kNoBufferSpace);
    if (error == RespondError::kNoBufferSpace) ++unanswered_;
  }

  void Mix(std::uint64_t value) { hash_ = (hash_ ^ value) * 0x100000001b3; }

  ByteSource source_;
  TransactionOptions options_;
  SeededRandom random_;
  TransactionLayer layer_;
  Parser parser_;
  InputPlayer player_;
  Instant now_{};
  MessageIndex sent_;
  std::map<TransactionId, Told> told_;
  std::vector<TransactionId> ids_;
  std::vector<std::string> requests_sent_;
  std::uint64_t last_cookie_ = 0;
  std::size_t unanswered_ = 0;
  std::uint64_t hash_ = 0xcbf29ce484222325;
};

}  // namespace
}  // namespace sansip

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::uint64_t first = sansip::Run(data, size).Play();
  const std::uint64_t second = sansip::Run(data, size).Play();
  SANSIP_CHECK(first == second);
  return 0;
}
