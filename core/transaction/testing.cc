#include "sansip/core/transaction/testing.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <variant>

#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/status_code.h"

namespace sansip::testing {

namespace {

constexpr std::string_view kUri = "sip:bob@biloxi.example";

// "0.5", "32": seconds without trailing zeros.
std::string TimeText(Instant now) {
  const std::int64_t milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
  std::string text = std::to_string(milliseconds / 1000);
  if (milliseconds % 1000 == 0) return text;
  std::string digits = std::to_string(1000 + milliseconds % 1000).substr(1);
  digits.erase(digits.find_last_not_of('0') + 1);
  return text + "." + digits;
}

// "INVITE" or "180".
std::string WhatIs(std::string_view wire) {
  const std::size_t space = wire.find(' ');
  if (!wire.starts_with("SIP/2.0 ")) return std::string(wire.substr(0, space));
  return std::string(wire.substr(space + 1, 3));
}

TransactionOptions WithArrows(TransactionOptions options, Sink<ArrowTaken>* arrows) {
  if (options.arrows == nullptr) options.arrows = arrows;
  return options;
}

}  // namespace

std::uint64_t SeededRandom::Next() {
  state_ += 0x9e3779b97f4a7c15;
  std::uint64_t z = state_;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

std::string RequestText::text() const {
  return method + " " + uri + " SIP/2.0\r\nVia: " + via + "\r\nMax-Forwards: 70\r\nTo: " + to +
         "\r\nFrom: " + from + "\r\nCall-ID: " + call_id + "\r\nCSeq: " + cseq + " " + method + "\r\n" +
         more + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

RequestText Numbered(int n, std::string method) {
  RequestText request;
  request.method = std::move(method);
  request.via = "SIP/2.0/UDP pc33.atlanta.example:5066;branch=z9hG4bK" + std::to_string(n);
  return request;
}

std::string ResponseText(std::string_view request, int status_code, std::string_view to_tag,
                         std::string_view more) {
  std::string text =
      "SIP/2.0 " + std::to_string(status_code) + " " + std::string(ReasonPhrase(status_code)) + "\r\n";
  for (int n = 0; n < CountOf(request, "Via"); ++n) text += "Via: " + HeaderOf(request, "Via", n) + "\r\n";
  std::string to = HeaderOf(request, "To");
  if (to.find(";tag=") == std::string::npos && !to_tag.empty()) to += ";tag=" + std::string(to_tag);
  text += "From: " + HeaderOf(request, "From") + "\r\nTo: " + to +
          "\r\nCall-ID: " + HeaderOf(request, "Call-ID") + "\r\nCSeq: " + HeaderOf(request, "CSeq") + "\r\n";
  return text + std::string(more) + "Content-Length: 0\r\n\r\n";
}

std::string HeaderOf(std::string_view message, std::string_view name, int n) {
  const std::string start = "\r\n" + std::string(name) + ": ";
  std::size_t at = 0;
  for (; n >= 0; --n) {
    at = message.find(start, at);
    if (at == std::string_view::npos) return "";
    at += start.size();
  }
  return std::string(message.substr(at, message.find("\r\n", at) - at));
}

int CountOf(std::string_view message, std::string_view name) {
  const std::string start = "\r\n" + std::string(name) + ": ";
  int count = 0;
  for (std::size_t at = message.find(start); at != std::string_view::npos; at = message.find(start, at + 1))
    ++count;
  return count;
}

Parsed::Parsed(std::string text, Framing framing) : text_(std::move(text)), view_(text_, index_) {
  error_ = Parser().Parse(text_, framing, index_);
}

std::vector<HeaderLine> DraftHeaders(std::string_view cseq) {
  return {{HeaderId::kMaxForwards, "70"},
          {HeaderId::kFrom, "<sip:alice@atlanta.example>;tag=9fxced76sl"},
          {HeaderId::kTo, "<sip:bob@biloxi.example>"},
          {HeaderId::kCallId, "3848276298220188511@atlanta.example"},
          {HeaderId::kCSeq, cseq},
          {HeaderId::kContact, "<sip:alice@192.0.2.1>"}};
}

LayerUnderTest::LayerUnderTest(TransactionOptions options, std::uint64_t seed)
    : random_(seed), layer_(WithArrows(options, &arrows_), random_) {
  ComeFrom("192.0.2.1");
}

void LayerUnderTest::ComeFrom(std::string_view ip, std::uint16_t port) {
  source_ = ParseIp(ip, port).value_or(SocketAddress{});
}

TransactionId LayerUnderTest::Send(Method method, Transport transport, std::string_view extension,
                                   const TimerOverride& timers) {
  const std::string name(method == Method::kExtension ? extension : MethodName(method));
  const std::string cseq = "5 " + name;
  const std::vector<HeaderLine> headers = DraftHeaders(cseq);
  const RequestDraft draft = {
      .method = method, .extension_method = extension, .request_uri = kUri, .headers = headers, .body = {}};
  const Path path = {.flow = kFlow,
                     .transport = transport,
                     .sent_by = {.host = "client.atlanta.example", .port = 5060},
                     .contact = {.host = "192.0.2.1", .port = 5060}};
  const Started started = layer_.SendRequest(now_, path, draft, kCookie, sink_, timers);
  Drain();
  return started.id;
}

RespondError LayerUnderTest::Respond(TransactionId id, int status_code, std::string_view to_tag) {
  const RespondError error =
      layer_.SendResponse(now_, id, {.status_code = status_code, .reason = {}, .to_tag = to_tag}, sink_);
  Drain();
  return error;
}

void LayerUnderTest::Cancel(TransactionId id) {
  layer_.Cancel(now_, id, sink_);
  Drain();
}

void LayerUnderTest::Abandon(TransactionId id) {
  layer_.Abandon(now_, id, sink_);
  Drain();
}

void LayerUnderTest::ResendFinal(TransactionId id) {
  layer_.ResendFinal(now_, id, sink_);
  Drain();
}

void LayerUnderTest::Receive(std::string_view text, Transport transport, FlowId flow) {
  const Parsed message{std::string(text)};
  const Origin origin = {.flow = flow, .transport = transport, .source = source_};
  if (message.error().ok()) {
    layer_.OnMessage(now_, origin, message.view(), sink_);
  } else {
    layer_.OnUnparsable(now_, origin, text, message.error(), sink_);
  }
  Drain();
}

TransactionId LayerUnderTest::ReceiveNew(std::string_view text, Transport transport, FlowId flow) {
  last_delivered_ = {};
  Receive(text, transport, flow);
  return last_delivered_;
}

void LayerUnderTest::TransportError(TransactionId id) {
  layer_.OnTransportError(now_, id, sink_);
  Drain();
}

void LayerUnderTest::FlowFailed(FlowId flow) {
  layer_.OnFlowFailed(now_, flow, sink_);
  Drain();
}

void LayerUnderTest::AdvanceTo(double seconds) {
  const Instant end = Instant() + Seconds(seconds);
  while (layer_.next_deadline() <= end) {
    now_ = std::max(now_, layer_.next_deadline());
    layer_.OnDeadline(now_, sink_);
    Drain();
  }
  now_ = end;
}

double LayerUnderTest::NowInSeconds() const {
  return static_cast<double>(now_.time_since_epoch().count()) / 1e9;
}

std::vector<std::string> LayerUnderTest::TakeLog() { return std::exchange(log_, {}); }

std::string LayerUnderTest::TakeArrows() {
  std::string names;
  for (const ArrowTaken& taken : arrows_) {
    if (!names.empty()) names += ' ';
    names += ArrowName(taken.machine, taken.arrow);
  }
  arrows_.Clear();
  return names;
}

void LayerUnderTest::Note(std::string text) { log_.push_back(TimeText(now_) + " " + std::move(text)); }

void LayerUnderTest::Drain() {
  for (const Action& action : sink_) {
    if (const auto* transmit = std::get_if<action::Transmit>(&action)) {
      wires_.emplace_back(transmit->wire);
      last_flow_ = transmit->flow;
      Note("send " + WhatIs(transmit->wire));
    } else if (const auto* request = std::get_if<action::DeliverRequest>(&action)) {
      last_delivered_ = request->id;
      Note("deliver " + std::string(request->request->method_text()) + (request->id.is_nil() ? " nil" : ""));
    } else if (const auto* response = std::get_if<action::DeliverResponse>(&action)) {
      last_cookie_ = response->cookie;
      Note("deliver " + std::to_string(response->response->status_code()) +
           (response->id.is_nil() ? " nil" : ""));
    } else if (const auto* failed = std::get_if<action::Failed>(&action)) {
      constexpr std::string_view kReasons[] = {"timeout", "no ACK", "transport error"};
      last_cookie_ = failed->cookie;
      Note("failed " + std::string(kReasons[static_cast<int>(failed->reason)]));
    } else {
      last_cookie_ = std::get<action::Gone>(action).cookie;
      Note("gone");
    }
  }
  sink_.Clear();
}

}  // namespace sansip::testing
