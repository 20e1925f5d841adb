// Every input of the transaction layer as a value that owns its bytes, so that a run can be recorded,
// replayed bit for bit, made by a fuzzer and shrunk.
#ifndef SANSIP_CORE_TRANSACTION_INPUT_H_
#define SANSIP_CORE_TRANSACTION_INPUT_H_

#include <string>
#include <variant>
#include <vector>

#include "sansip/core/action/action.h"
#include "sansip/core/base/address.h"
#include "sansip/core/base/ids.h"
#include "sansip/core/base/time.h"
#include "sansip/core/message/draft.h"
#include "sansip/core/message/parser.h"
#include "sansip/core/transaction/layer.h"

namespace sansip {

struct OwnedHeader {
  HeaderId id = HeaderId::kOther;
  std::string name;  // where id is kOther
  std::string value;
};

struct OwnedPath {
  FlowId flow;
  Transport transport = Transport::kUdp;
  std::string sent_by_host;
  std::uint16_t sent_by_port = 0;
  std::size_t request_bytes_max = 0;
};

namespace input {

// One datagram or framed message: OnMessage if it parses, else OnUnparsable.
struct Received {
  Origin origin;
  std::string bytes;
};
struct TransportError {
  TransactionId id;
};
struct FlowFailed {
  FlowId flow;
};
struct Deadline {};

// Verbs of the user.
struct SendRequest {
  OwnedPath path;
  Method method = Method::kExtension;
  std::string extension_method;
  std::string request_uri;
  std::vector<OwnedHeader> headers;
  std::string body;
  Cookie cookie;
  bool is_outside = false;  // SendOutside
  TimerOverride timers = {};
};
struct SendResponse {
  TransactionId id;
  int status_code = 0;
  std::string reason;
  std::string to_tag;
  std::vector<OwnedHeader> headers;
  std::string body;
};
struct ResendFinal {
  TransactionId id;
};
struct Cancel {
  TransactionId id;
};
struct Abandon {
  TransactionId id;
};

}  // namespace input

struct TransactionInput {
  Instant now;
  std::variant<input::Received, input::TransportError, input::FlowFailed, input::Deadline, input::SendRequest,
               input::SendResponse, input::ResendFinal, input::Cancel, input::Abandon>
      what;
};

// What the input's call returned besides its actions.
struct InputOutcome {
  Started started;                                   // of SendRequest, SendOutside
  RespondError respond_error = RespondError::kNone;  // of SendResponse
};

// Gives inputs to a layer. What Deliver... actions refer to lives until the next Apply.
class InputPlayer {
 public:
  InputPlayer(TransactionLayer& layer, const Parser& parser) : layer_(layer), parser_(parser) {}

  InputOutcome Apply(const TransactionInput& input, ActionSink& out);

 private:
  void Receive(Instant now, const input::Received& received, ActionSink& out);
  Started Send(Instant now, const input::SendRequest& request, ActionSink& out);
  RespondError Respond(Instant now, const input::SendResponse& response, ActionSink& out);

  TransactionLayer& layer_;
  const Parser& parser_;
  MessageIndex index_;
  std::string bytes_;
  MessageView message_{{}, index_};
};

}  // namespace sansip

#endif  // SANSIP_CORE_TRANSACTION_INPUT_H_
