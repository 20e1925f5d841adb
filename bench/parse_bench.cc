// Parse a message and read of it what a call needs; write one. A comparison line is a plain walk over the
// bytes that looks for line ends: what no parser can be faster than by much.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "benchmark/benchmark.h"
#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/fields/delta_seconds.h"
#include "sansip/core/message/fields/max_forwards.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/via.h"
#include "sansip/core/message/framer.h"
#include "sansip/core/message/parser.h"
#include "sansip/core/message/writer.h"
#include "sansip/core/text/scan_line.h"
#include "sansip/core/uri/sip_uri.h"

namespace sansip {
namespace {

constexpr std::string_view kOptions =
    "OPTIONS sip:bob@biloxi.example SIP/2.0\r\n"
    "Via: SIP/2.0/UDP pc33.atlanta.example:5060;branch=z9hG4bK77a5d\r\n"
    "Max-Forwards: 70\r\n"
    "To: <sip:bob@biloxi.example>\r\n"
    "From: Alice <sip:alice@atlanta.example>;tag=1928301774\r\n"
    "Call-ID: a84b4c76e66710@pc33.atlanta.example\r\n"
    "CSeq: 63104 OPTIONS\r\n"
    "Contact: <sip:alice@pc33.atlanta.example>\r\n"
    "Accept: application/sdp\r\n"
    "Content-Length: 0\r\n\r\n";

constexpr std::string_view kInvite =
    "INVITE sip:bob@biloxi.example SIP/2.0\r\n"
    "Via: SIP/2.0/TCP client.atlanta.example:5060;branch=z9hG4bK74bf9;rport\r\n"
    "Max-Forwards: 70\r\n"
    "Route: <sip:ss1.atlanta.example;lr>\r\n"
    "From: Alice <sip:alice@atlanta.example>;tag=9fxced76sl\r\n"
    "To: Bob <sip:bob@biloxi.example>\r\n"
    "Call-ID: 3848276298220188511@atlanta.example\r\n"
    "CSeq: 2 INVITE\r\n"
    "Contact: <sip:alice@client.atlanta.example;transport=tcp>\r\n"
    "Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, UPDATE\r\n"
    "Supported: timer, 100rel\r\n"
    "Session-Expires: 1800;refresher=uac\r\n"
    "User-Agent: bench/1\r\n"
    "Content-Type: application/sdp\r\n"
    "Content-Length: 147\r\n\r\n"
    "v=0\r\n"
    "o=alice 2890844526 2890844526 IN IP4 client.atlanta.example\r\n"
    "s=-\r\n"
    "c=IN IP4 192.0.2.101\r\n"
    "t=0 0\r\n"
    "m=audio 49172 RTP/AVP 0\r\n"
    "a=rtpmap:0 PCMU/8000\r\n";

// What a call needs of a message, summed up so that nothing of it is optimised away.
std::size_t ReadAll(const MessageView& message) {
  std::size_t sum = message.method_text().size();
  if (const auto uri = ParseSipUri(message.request_uri())) sum += uri->user.size() + uri->host.size();
  Via via;
  if (TopVia(message, via)) sum += via.branch.size() + via.host.size() + via.port;
  sum += FromTag(message).size() + ToTag(message).size();
  sum += message.First(HeaderId::kCallId).value_or("").size();
  CSeq cseq;
  if (CSeqOf(message, cseq)) sum += cseq.number;
  NameAddr contact;
  const auto value = message.First(HeaderId::kContact);
  if (value && ParseNameAddr(*value, contact, nullptr).ok()) sum += contact.uri.size();
  sum += MaxForwardsOf(message);
  DeltaSeconds session;
  const auto expires = message.First(HeaderId::kSessionExpires);
  if (expires && ParseDeltaSeconds(*expires, session).ok()) sum += session.seconds;
  return sum;
}

void Count(benchmark::State& state, std::string_view text) {
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(text.size()));
}

void Parse(benchmark::State& state, std::string_view text) {
  const Parser parser;
  const auto index = std::make_unique<MessageIndex>();
  for (auto _ : state) {
    if (!parser.Parse(text, Framing::kDatagram, *index).ok()) state.SkipWithError("malformed");
    benchmark::DoNotOptimize(*index);
  }
  Count(state, text);
}

void ParseAndRead(benchmark::State& state, std::string_view text) {
  const Parser parser;
  const auto index = std::make_unique<MessageIndex>();
  for (auto _ : state) {
    if (!parser.Parse(text, Framing::kDatagram, *index).ok()) state.SkipWithError("malformed");
    benchmark::DoNotOptimize(ReadAll(MessageView(text, *index)));
  }
  Count(state, text);
}

void FrameStream(benchmark::State& state, std::string_view text) {
  Framer framer{ParseLimits{}};
  for (auto _ : state) {
    text.copy(framer.Writable().data(), text.size());
    framer.Commit(text.size());
    if (framer.Next().kind != Frame::Kind::kMessage) state.SkipWithError("no frame");
  }
  Count(state, text);
}

void WalkLines(benchmark::State& state, std::string_view text) {
  for (auto _ : state) {
    std::size_t lines = 0;
    for (std::size_t at = FindControl(text, 0); at < text.size(); at = FindControl(text, at + 1)) ++lines;
    benchmark::DoNotOptimize(lines);
  }
  Count(state, text);
}

// The whole request again, field by field.
void Write(benchmark::State& state, std::string_view text) {
  const auto index = std::make_unique<MessageIndex>();
  if (!Parser().Parse(text, Framing::kDatagram, *index).ok()) state.SkipWithError("malformed");
  const MessageView message(text, *index);
  std::string storage(4096, '\0');
  for (auto _ : state) {
    Writer writer(storage);
    writer.RequestLine(message.method_text(), message.request_uri());
    for (std::size_t i = 0; i < message.header_count(); ++i) {
      const HeaderView header = message.header(i);
      if (header.id != HeaderId::kContentLength) writer.Header(header.id, header.value);
    }
    writer.Body(message.body());
    if (writer.error() != WriteError::kNone) state.SkipWithError("refused");
    benchmark::DoNotOptimize(storage.data());
  }
  Count(state, text);
}

BENCHMARK_CAPTURE(WalkLines, invite, kInvite);
BENCHMARK_CAPTURE(Parse, options, kOptions);
BENCHMARK_CAPTURE(Parse, invite, kInvite);
BENCHMARK_CAPTURE(ParseAndRead, options, kOptions);
BENCHMARK_CAPTURE(ParseAndRead, invite, kInvite);
BENCHMARK_CAPTURE(FrameStream, invite, kInvite);
BENCHMARK_CAPTURE(Write, invite, kInvite);

}  // namespace
}  // namespace sansip
