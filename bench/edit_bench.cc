// What a proxy does to a message between reading and sending it, as edits; a comparison line is the message
// copied as it is: what no forwarding can be faster than. An allocation in a loop is an error.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>

#include "benchmark/benchmark.h"
#include "sansip/core/message/edit.h"
#include "sansip/core/message/parser.h"

namespace {

std::size_t allocations = 0;

}  // namespace

// Not inlined: gcc would take malloc and free for another pair than new and delete.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) std::abort();
  return memory;
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace sansip {
namespace {

// 800 bytes, as the second proxy of three gets it.
constexpr std::string_view kInvite =
    "INVITE sip:bob@biloxi.example SIP/2.0\r\n"
    "Via: SIP/2.0/UDP ss1.atlanta.example:5060;branch=z9hG4bK2d4790.1\r\n"
    "Via: SIP/2.0/UDP client.atlanta.example:5060;branch=z9hG4bK74bf9;received=192.0.2.101\r\n"
    "Max-Forwards: 69\r\n"
    "Record-Route: <sip:ss1.atlanta.example;lr>\r\n"
    "Route: <sip:ss2.biloxi.example;lr>, <sip:ss3.biloxi.example;lr>\r\n"
    "From: Alice <sip:alice@atlanta.example>;tag=9fxced76sl\r\n"
    "To: Bob <sip:bob@biloxi.example>\r\n"
    "Call-ID: 3848276298220188511@atlanta.example\r\n"
    "CSeq: 2 INVITE\r\n"
    "Contact: <sip:alice@client.atlanta.example>\r\n"
    "Supported: timer, 100rel\r\n"
    "User-Agent: bench/1.0 (linux; x86_64; c++2)\r\n"
    "Content-Type: application/sdp\r\n"
    "Content-Length: 159\r\n\r\n"
    "v=0\r\n"
    "o=alice 2890844526 2890844526 IN IP4 client.atlanta.example\r\n"
    "s=-\r\n"
    "c=IN IP4 192.0.2.101\r\n"
    "t=0 0\r\n"
    "m=audio 49172 RTP/AVP 0\r\n"
    "a=rtpmap:0 PCMU/8000\r\n"
    "a=sendrecv\r\n";
static_assert(kInvite.size() == 800);

constexpr std::string_view kRinging =
    "SIP/2.0 180 Ringing\r\n"
    "Via: SIP/2.0/UDP ss2.biloxi.example:5060;branch=z9hG4bK721e4.1,\r\n"
    " SIP/2.0/UDP ss1.atlanta.example:5060;branch=z9hG4bK2d4790.1;received=192.0.2.111\r\n"
    "Via: SIP/2.0/UDP client.atlanta.example:5060;branch=z9hG4bK74bf9;received=192.0.2.101\r\n"
    "Record-Route: <sip:ss2.biloxi.example;lr>, <sip:ss1.atlanta.example;lr>\r\n"
    "From: Alice <sip:alice@atlanta.example>;tag=9fxced76sl\r\n"
    "To: Bob <sip:bob@biloxi.example>;tag=314159\r\n"
    "Call-ID: 3848276298220188511@atlanta.example\r\n"
    "CSeq: 2 INVITE\r\n"
    "Contact: <sip:bob@client.biloxi.example>\r\n"
    "Content-Length: 0\r\n\r\n";

void ForwardRequest(EditList& edits) {
  edits.ReplaceRequestUri("sip:bob@client.biloxi.example:5062");
  edits.DecrementMaxForwards();
  edits.Push(HeaderId::kRecordRoute, "<sip:ss2.biloxi.example;lr>");
  edits.Pop(HeaderId::kRoute);
  edits.Push(HeaderId::kVia, "SIP/2.0/UDP ss2.biloxi.example:5060;branch=z9hG4bK721e4.1");
}

void ForwardResponse(EditList& edits) { edits.Pop(HeaderId::kVia); }

template <typename Body>
void Measure(benchmark::State& state, std::string_view text, const Body& body) {
  const auto index = std::make_unique<MessageIndex>();
  if (!Parser().Parse(text, Framing::kDatagram, *index).ok()) state.SkipWithError("malformed");
  const MessageView message(text, *index);
  std::array<char, 2048> out;
  const std::size_t before = allocations;
  for (auto _ : state) {
    if (!body(message, out)) state.SkipWithError("refused");
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  if (allocations != before) state.SkipWithError("allocates");
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(text.size()));
}

void Copy(benchmark::State& state, std::string_view text) {
  Measure(state, text, [](const MessageView& message, std::array<char, 2048>& out) {
    const std::string_view bytes = message.bytes();
    std::memcpy(out.data(), bytes.data(), bytes.size());
    return true;
  });
}

void Forward(benchmark::State& state, std::string_view text, void (*edit)(EditList&)) {
  Measure(state, text, [edit](const MessageView& message, std::array<char, 2048>& out) {
    std::array<Edit, 8> storage;
    EditList edits(message, storage);
    edit(edits);
    return edits.Apply(out).error == EditError::kNone;
  });
}

// From the bytes that came to those that go.
void ParseAndForward(benchmark::State& state, std::string_view text, void (*edit)(EditList&)) {
  const Parser parser;
  const auto index = std::make_unique<MessageIndex>();
  Measure(state, text, [&](const MessageView&, std::array<char, 2048>& out) {
    if (!parser.Parse(text, Framing::kDatagram, *index).ok()) return false;
    std::array<Edit, 8> storage;
    EditList edits(MessageView(text, *index), storage);
    edit(edits);
    return edits.Apply(out).error == EditError::kNone;
  });
}

BENCHMARK_CAPTURE(Copy, invite, kInvite);
BENCHMARK_CAPTURE(Forward, invite, kInvite, ForwardRequest);
BENCHMARK_CAPTURE(ParseAndForward, invite, kInvite, ForwardRequest);
BENCHMARK_CAPTURE(Forward, ringing, kRinging, ForwardResponse);
BENCHMARK_CAPTURE(ParseAndForward, ringing, kRinging, ForwardResponse);

}  // namespace
}  // namespace sansip
