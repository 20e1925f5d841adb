#include "sansip/core/transaction/input.h"

namespace sansip {

namespace {

std::vector<HeaderLine> LinesOf(const std::vector<OwnedHeader>& headers) {
  std::vector<HeaderLine> lines;
  lines.reserve(headers.size());
  for (const OwnedHeader& header : headers) lines.push_back({header.id, header.value, header.name});
  return lines;
}

}  // namespace

InputOutcome InputPlayer::Apply(const TransactionInput& input, ActionSink& out) {
  InputOutcome outcome;
  const Instant now = input.now;
  if (const auto* received = std::get_if<input::Received>(&input.what)) {
    Receive(now, *received, out);
  } else if (const auto* error = std::get_if<input::TransportError>(&input.what)) {
    layer_.OnTransportError(now, error->id, out);
  } else if (const auto* flow = std::get_if<input::FlowFailed>(&input.what)) {
    layer_.OnFlowFailed(now, flow->flow, out);
  } else if (std::holds_alternative<input::Deadline>(input.what)) {
    layer_.OnDeadline(now, out);
  } else if (const auto* request = std::get_if<input::SendRequest>(&input.what)) {
    outcome.started = Send(now, *request, out);
  } else if (const auto* response = std::get_if<input::SendResponse>(&input.what)) {
    outcome.respond_error = Respond(now, *response, out);
  } else if (const auto* resend = std::get_if<input::ResendFinal>(&input.what)) {
    layer_.ResendFinal(now, resend->id, out);
  } else if (const auto* cancel = std::get_if<input::Cancel>(&input.what)) {
    layer_.Cancel(now, cancel->id, out);
  } else if (const auto* abandon = std::get_if<input::Abandon>(&input.what)) {
    layer_.Abandon(now, abandon->id, out);
  }
  return outcome;
}

void InputPlayer::Receive(Instant now, const input::Received& received, ActionSink& out) {
  bytes_ = received.bytes;
  const Framing framing = IsReliable(received.origin.transport) ? Framing::kStream : Framing::kDatagram;
  const ParseError error = parser_.Parse(bytes_, framing, index_);
  message_ = MessageView(bytes_, index_);
  if (error.ok()) {
    layer_.OnMessage(now, received.origin, message_, out);
  } else {
    layer_.OnUnparsable(now, received.origin, bytes_, error, out);
  }
}

Started InputPlayer::Send(Instant now, const input::SendRequest& request, ActionSink& out) {
  const std::vector<HeaderLine> headers = LinesOf(request.headers);
  const RequestDraft draft = {.method = request.method,
                              .extension_method = request.extension_method,
                              .request_uri = request.request_uri,
                              .headers = headers,
                              .body = request.body};
  const Path path = {.flow = request.path.flow,
                     .transport = request.path.transport,
                     .sent_by = {request.path.sent_by_host, request.path.sent_by_port},
                     .contact = {},
                     .request_bytes_max = request.path.request_bytes_max};
  if (request.is_outside) return layer_.SendOutside(now, path, draft, out);
  return layer_.SendRequest(now, path, draft, request.cookie, out, request.timers);
}

RespondError InputPlayer::Respond(Instant now, const input::SendResponse& response, ActionSink& out) {
  const std::vector<HeaderLine> headers = LinesOf(response.headers);
  return layer_.SendResponse(now, response.id,
                             {.status_code = response.status_code,
                              .reason = response.reason,
                              .to_tag = response.to_tag,
                              .headers = headers,
                              .body = response.body},
                             out);
}

}  // namespace sansip
