#include "sansip/transport/executor.h"

#include "sansip/core/message/fields/via.h"

namespace sansip {

Reception Receive(SipDriver& driver, const Parser& parser, const Origin& origin, std::string_view bytes,
                  MessageIndex& index) {
  const Framing framing = IsReliable(origin.transport) ? Framing::kStream : Framing::kDatagram;
  Reception reception{.verdict = Reception::Verdict::kMessage,
                      .origin = origin,
                      .error = parser.Parse(bytes, framing, index)};
  if (!reception.error.ok()) reception.verdict = Reception::Verdict::kUnparsable;
  const MessageView message(bytes, index);
  Via via;
  // What cannot be parsed may still be answered, if its Via can be read.
  if (!TopVia(message, via)) return reception;
  if (message.is_request()) {
    reception.origin.flow = driver.ResponseFlow(origin, via);
    if (reception.origin.flow.is_nil()) reception.verdict = Reception::Verdict::kNoFlow;
  } else if (!driver.IsOwnSentBy(origin, via)) {
    reception.verdict = Reception::Verdict::kForeignResponse;
  }
  return reception;
}

}  // namespace sansip
