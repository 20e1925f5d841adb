// For tests: messages made of a few words, and a transaction layer whose actions are written down with their
// times. Time moves from deadline to deadline, never past one.
#ifndef SANSIP_CORE_TRANSACTION_TESTING_H_
#define SANSIP_CORE_TRANSACTION_TESTING_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/action/action.h"
#include "sansip/core/base/address.h"
#include "sansip/core/base/check.h"
#include "sansip/core/base/random.h"
#include "sansip/core/base/time.h"
#include "sansip/core/message/draft.h"
#include "sansip/core/message/message_view.h"
#include "sansip/core/message/parser.h"
#include "sansip/core/transaction/layer.h"

namespace sansip::testing {

constexpr Duration Seconds(double seconds) {
  return Duration(static_cast<std::int64_t>(seconds * 1e9 + (seconds < 0 ? -0.5 : 0.5)));
}

// splitmix64: the same numbers for the same seed, everywhere.
class SeededRandom : public RandomSource {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  std::uint64_t Next() override;

 private:
  std::uint64_t state_;
};

// A request as a peer would send it.
struct RequestText {
  std::string method = "INVITE";
  std::string uri = "sip:bob@biloxi.example";
  std::string via = "SIP/2.0/UDP pc33.atlanta.example:5066;branch=z9hG4bK776asdhds;rport";
  std::string from = "Alice <sip:alice@atlanta.example>;tag=1928301774";
  std::string to = "Bob <sip:bob@biloxi.example>";
  std::string call_id = "a84b4c76e66710@pc33.atlanta.example";
  std::string cseq = "314159";
  std::string more = {};  // whole header lines
  std::string body = {};

  std::string text() const;
  operator std::string() const { return text(); }
};

// One of many: only branch and method differ.
RequestText Numbered(int n, std::string method = "OPTIONS");

// A response to the request in `request`: its Vias, From, To (with the tag, if it has none), Call-ID, CSeq.
std::string ResponseText(std::string_view request, int status_code, std::string_view to_tag = "a6c85cf",
                         std::string_view more = "");

// The value of the first header field of this name in a message's text, of the n-th with `n`; empty: none.
std::string HeaderOf(std::string_view message, std::string_view name, int n = 0);
int CountOf(std::string_view message, std::string_view name);

// A message's text and index together.
class Parsed {
 public:
  explicit Parsed(std::string text, Framing framing = Framing::kDatagram);
  ParseError error() const { return error_; }
  const MessageView& view() const { return view_; }
  Parsed(const Parsed&) = delete;
  Parsed& operator=(const Parsed&) = delete;

 private:
  std::string text_;
  MessageIndex index_;
  MessageView view_;
  ParseError error_;
};

// The usual headers of a request draft.
std::vector<HeaderLine> DraftHeaders(std::string_view cseq);

class LayerUnderTest {
 public:
  explicit LayerUnderTest(TransactionOptions options = {}, std::uint64_t seed = 1);

  TransactionLayer& layer() { return layer_; }
  Instant now() const { return now_; }

  // What the user asks.
  TransactionId Send(Method method, Transport transport = Transport::kUdp, std::string_view extension = {},
                     const TimerOverride& timers = {});
  RespondError Respond(TransactionId id, int status_code, std::string_view to_tag = "314159");
  void Cancel(TransactionId id);
  void Abandon(TransactionId id);
  void ResendFinal(TransactionId id);
  // Where what is received comes from, from now on.
  void ComeFrom(std::string_view ip, std::uint16_t port = 5066);
  // What happens to it.
  void Receive(std::string_view text, Transport transport = Transport::kUdp, FlowId flow = kFlow);
  // Receives a new request and says which transaction it made (nil: none).
  TransactionId ReceiveNew(std::string_view text, Transport transport = Transport::kUdp, FlowId flow = kFlow);
  void TransportError(TransactionId id);
  void FlowFailed(FlowId flow = kFlow);

  // Fires every deadline on the way, each at its time.
  void AdvanceTo(double seconds);
  void Advance(double seconds) { AdvanceTo(NowInSeconds() + seconds); }
  double NowInSeconds() const;

  // "0.5 send INVITE", "0.7 deliver 180", "32 failed timeout", "32 gone", ...: since the last call.
  std::vector<std::string> TakeLog();
  // "C0 C1": the arrows since the last call.
  std::string TakeArrows();
  void Forget() { TakeLog(), TakeArrows(); }
  // The bytes of all Transmit actions so far, the last one last.
  const std::vector<std::string>& wires() const { return wires_; }
  const std::string& last_wire() const { return wires_.back(); }
  FlowId last_flow() const { return last_flow_; }
  Cookie last_cookie() const { return last_cookie_; }
  TransactionId last_delivered() const { return last_delivered_; }
  const ActionSink& sink() const { return sink_; }

  static constexpr FlowId kFlow = {1, 1};
  static constexpr FlowId kOtherFlow = {2, 1};
  static constexpr Cookie kCookie = {77};

 private:
  void Note(std::string text);
  void Drain();

  SeededRandom random_;
  SinkOf<ArrowTaken, 4096> arrows_;
  TransactionLayer layer_;
  Instant now_{};
  SinkOf<Action, TransactionLayer::kActionsPerEventMax> sink_;
  std::vector<std::string> log_;
  std::vector<std::string> wires_;
  SocketAddress source_;
  FlowId last_flow_;
  Cookie last_cookie_;
  TransactionId last_delivered_;
};

// What tests of a client machine begin with: a transaction of this method, and responses to it.
template <Method kMethod>
class ClientUnderTest {
 protected:
  std::string Response(int status_code, std::string_view to_tag = "a6c85cf") const {
    return ResponseText(t.wires().front(), status_code, to_tag);
  }
  TransactionId Start(Transport transport = Transport::kUdp) {
    id = t.Send(kMethod, transport);
    t.Forget();
    return id;
  }
  void StartAndReceive(int status_code, Transport transport = Transport::kUdp) {
    Start(transport);
    t.Receive(Response(status_code), transport);
    t.Forget();
  }

  LayerUnderTest t;
  TransactionId id;
};

// The same of a server machine: a request that came, and responses given to it.
template <Method kMethod>
class ServerUnderTest {
 protected:
  TransactionId Start(Transport transport = Transport::kUdp) {
    id = t.ReceiveNew(request.text(), transport);
    t.Forget();
    return id;
  }
  void StartAndRespond(int status_code, Transport transport = Transport::kUdp) {
    Start(transport);
    const RespondError error = t.Respond(id, status_code);
    SANSIP_CHECK(error == RespondError::kNone);
    t.Forget();
  }

  LayerUnderTest t;
  RequestText request{.method = std::string(MethodName(kMethod))};
  TransactionId id;
};

}  // namespace sansip::testing

#endif  // SANSIP_CORE_TRANSACTION_TESTING_H_
