#include "sansip/bench/transaction_work.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <utility>
#include <variant>

#include "sansip/bench/allocations.h"
#include "sansip/bench/input.h"

namespace sansip {

namespace {

constexpr FlowId kFlow = {1, 1};

const Path& ThePath() {
  static const Path path = {
      .flow = kFlow, .transport = Transport::kUdp, .sent_by = {"pc33.atlanta.example", 5060}, .contact = {}};
  return path;
}

const Origin& TheOrigin() {
  static const Origin origin = {
      .flow = kFlow, .transport = Transport::kUdp, .source = *ParseIp("192.0.2.101", 5060)};
  return origin;
}

TransactionOptions OptionsFor(std::size_t transactions_max) {
  TransactionOptions options;
  options.transactions_max = transactions_max;
  options.buffered_bytes_max = std::size_t{4} << 30;
  return options;
}

void Must(bool is_so, std::string_view what) {
  if (is_so) return;
  std::cerr << "the work is not done: " << what << "\n";
  std::exit(1);
}

// The time that a transaction of the work stays after its end, over both sides and halved.
Duration StayOf(TransactionLoad::Work work) {
  using std::chrono::seconds;
  const auto k = seconds(5), j = seconds(32), l = seconds(32), m = seconds(32);
  return work == TransactionLoad::Work::kOptions ? Duration(k + j) / 2 : Duration(m + k + l + j) / 2;
}

}  // namespace

std::uint64_t CountedRandom::Next() {
  std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

Draft::Draft(std::string bytes) : bytes_(std::move(bytes)) {
  const auto index = std::make_unique<MessageIndex>();
  Must(Parser().Parse(bytes_, Framing::kDatagram, *index).ok(), "a message is malformed");
  const MessageView message(bytes_, *index);
  if (message.is_request()) request_uri_ = message.request_uri();
  for (std::size_t i = 0; i < message.header_count(); ++i) {
    const HeaderView header = message.header(i);
    const bool is_layers = header.id == HeaderId::kVia || header.id == HeaderId::kContentLength;
    const bool is_copied = header.id == HeaderId::kFrom || header.id == HeaderId::kTo ||
                           header.id == HeaderId::kCallId || header.id == HeaderId::kCSeq;
    if (is_layers || (is_copied && !message.is_request())) continue;
    headers_.push_back({.id = header.id, .value = header.value, .name = header.name});
  }
  body_ = message.body();
}

void Draft::Set(HeaderId id, std::string_view value) {
  const auto line = std::find_if(headers_.begin(), headers_.end(),
                                 [id](const HeaderLine& candidate) { return candidate.id == id; });
  Must(line != headers_.end(), "a header field is missing");
  line->value = value;
}

void Draft::DropBody() {
  body_ = {};
  std::erase_if(headers_, [](const HeaderLine& line) {
    switch (line.id) {
      case HeaderId::kRoute:
      case HeaderId::kMaxForwards:
      case HeaderId::kFrom:
      case HeaderId::kTo:
      case HeaderId::kCallId:
      case HeaderId::kCSeq:
      case HeaderId::kContact:
      case HeaderId::kRecordRoute:
        return false;
      default:
        return true;
    }
  });
}

TransactionPair::TransactionPair(std::size_t transactions_max)
    : client_(OptionsFor(transactions_max), random_),
      server_(OptionsFor(transactions_max), random_),
      options_(ReadInput("options")),
      invite_(ReadInput("invite")),
      ack_(ReadInput("invite")),
      bye_(ReadInput("invite")),
      ringing_(ReadInput("ok")),
      ok_(ReadInput("ok")) {
  for (Draft* draft : {&ack_, &bye_}) {
    draft->DropBody();
    draft->Set(HeaderId::kTo, "Bob <sip:bob@biloxi.example>;tag=314159");
  }
  ack_.Set(HeaderId::kCSeq, "1 ACK");
  bye_.Set(HeaderId::kCSeq, "2 BYE");
  ringing_.DropBody();
}

void TransactionPair::Options() {
  Send(Method::kOptions, options_);
  Respond(delivered_, 200, nullptr);
}

void TransactionPair::Call() {
  Send(Method::kInvite, invite_);
  const TransactionId invite = delivered_;
  Respond(invite, 180, &ringing_);
  Respond(invite, 200, &ok_);
  Acknowledge();
  Send(Method::kBye, bye_);
  Respond(delivered_, 200, nullptr);
}

void TransactionPair::Ring() {
  Send(Method::kInvite, invite_);
  Respond(delivered_, 180, &ringing_);
}

void TransactionPair::Pass(Duration time) {
  now_ += time;
  for (TransactionLayer* layer : {&client_, &server_}) {
    while (layer->next_deadline() <= now_) {
      layer->OnDeadline(now_, sink_);
      sink_.Clear();
    }
  }
}

void TransactionPair::FailServersFlow() {
  server_.OnFlowFailed(now_, kFlow, sink_);
  sink_.Clear();
}

void TransactionPair::Send(Method method, const Draft& draft) {
  const Started started = client_.SendRequest(now_, ThePath(),
                                              {.method = method,
                                               .extension_method = {},
                                               .request_uri = draft.request_uri(),
                                               .headers = draft.headers(),
                                               .body = draft.body()},
                                              Cookie{messages_carried_}, sink_);
  Must(started.error == StartError::kNone, "a request is refused");
  Carry(server_);
}

void TransactionPair::Acknowledge() {
  client_.SendOutside(now_, ThePath(),
                      {.method = Method::kAck,
                       .extension_method = {},
                       .request_uri = ack_.request_uri(),
                       .headers = ack_.headers()},
                      sink_);
  Carry(server_);
}

void TransactionPair::Respond(TransactionId id, int status_code, const Draft* draft) {
  ResponseDraft response = {.status_code = status_code, .reason = {}, .to_tag = "314159"};
  if (draft != nullptr) {
    response.headers = draft->headers();
    response.body = draft->body();
  }
  const RespondError error = server_.SendResponse(now_, id, response, sink_);
  Must(error == RespondError::kNone, "a response is refused");
  Carry(client_);
}

// The copy is what a socket's would be.
void TransactionPair::Carry(TransactionLayer& to) {
  Must(sink_.size() == 1, "not one message is sent");
  const auto* transmit = std::get_if<action::Transmit>(&sink_[0]);
  Must(transmit != nullptr && transmit->wire.size() <= bytes_.size(), "not one message is sent");
  std::copy_n(transmit->wire.data(), transmit->wire.size(), bytes_.data());
  const std::string_view bytes(bytes_.data(), transmit->wire.size());
  sink_.Clear();
  bytes_carried_ += bytes.size();
  ++messages_carried_;
  Must(parser_.Parse(bytes, Framing::kDatagram, index_).ok(), "a message cannot be read");
  const MessageView message(bytes, index_);
  to.OnMessage(now_, TheOrigin(), message, sink_);
  Must(sink_.size() == 1, "a message is not delivered");
  if (const auto* request = std::get_if<action::DeliverRequest>(&sink_[0])) delivered_ = request->id;
  sink_.Clear();
}

TransactionLoad::TransactionLoad(Work work, std::size_t live)
    : work_(work), pause_(live == 0 ? std::chrono::minutes(1) : StayOf(work) * 2 / live) {
  if (live == 0) return;
  const std::size_t ringing = live / 2;
  // As many runs as leave the other half behind; the longest stay must be over once.
  const auto runs = static_cast<std::size_t>(std::chrono::seconds(33) / pause_) + 1;
  std::size_t rung = 0;
  for (std::size_t i = 0; i < runs; ++i) {
    for (; rung * runs < ringing * (i + 1); ++rung) pair_.Ring();
    Run();
  }
}

void TransactionLoad::Run() {
  if (work_ == Work::kOptions) {
    pair_.Options();
  } else {
    pair_.Call();
  }
  pair_.Pass(pause_);
}

double BytesPerPair(Held held, std::size_t count) {
  const auto pair = std::make_unique<TransactionPair>();
  const std::size_t before = AllocatedBytes();
  for (std::size_t i = 0; i < count; ++i) {
    if (held == Held::kFinishedOptions) {
      pair->Options();
    } else {
      pair->Ring();
    }
    pair->Pass(std::chrono::microseconds(1));
  }
  return static_cast<double>(AllocatedBytes() - before) / static_cast<double>(count);
}

}  // namespace sansip
