#include "sansip/bench/work.h"

#include "sansip/core/base/check.h"
#include "sansip/core/message/writer.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace sansip {
namespace {

constexpr std::size_t kStorageSize = 8192;

void ParseChecked(std::string_view bytes, MessageIndex& index) {
  const ParseError error = Parser().Parse(bytes, Framing::kDatagram, index);
  SANSIP_CHECK(error.ok() && index.is_request);
}

std::size_t CountPortable(std::string_view bytes) {
  std::size_t found = 0;
  for (const char c : bytes) found += (c == '\n' || c == ':') ? 1 : 0;
  return found;
}

#if defined(__x86_64__)
__attribute__((target("avx2,popcnt"))) std::size_t CountAvx2(std::string_view bytes) {
  const __m256i line_feed = _mm256_set1_epi8('\n');
  const __m256i colon = _mm256_set1_epi8(':');
  std::size_t found = 0;
  std::size_t at = 0;
  // The last block overlaps the one before it: what both hold is counted once.
  for (unsigned wanted = ~0u; at < bytes.size(); at += 32) {
    if (bytes.size() - at < 32) {
      wanted <<= 32 - (bytes.size() - at);
      at = bytes.size() - 32;
    }
    const __m256i block = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes.data() + at));
    const int hits = _mm256_movemask_epi8(
        _mm256_or_si256(_mm256_cmpeq_epi8(block, line_feed), _mm256_cmpeq_epi8(block, colon)));
    found += static_cast<std::size_t>(_mm_popcnt_u32(static_cast<unsigned>(hits) & wanted));
  }
  return found;
}
#endif

}  // namespace

WriteRequest::WriteRequest(std::string_view request) : storage_(kStorageSize, '\0') {
  const auto index = std::make_unique<MessageIndex>();
  ParseChecked(request, *index);
  const MessageView message(request, *index);
  for (std::size_t i = 0; i < message.header_count(); ++i) {
    const HeaderView header = message.header(i);
    if (header.id != HeaderId::kContentLength) headers_.push_back({header.id, header.value, header.name});
  }
  draft_ = {.method = message.method(),
            .extension_method = message.method_text(),
            .request_uri = message.request_uri(),
            .headers = headers_,
            .body = message.body()};
}

bool WriteRequest::Run(std::string_view) {
  Writer writer(storage_);
  writer.RequestLine(
      draft_.method == Method::kExtension ? draft_.extension_method : MethodName(draft_.method),
      draft_.request_uri);
  writer.Headers(draft_.headers);
  writer.Body(draft_.body);
  size_ = writer.text().size();
  return writer.error() == WriteError::kNone;
}

WriteOk::WriteOk(std::string_view request)
    : bytes_(request), index_(std::make_unique<MessageIndex>()), storage_(kStorageSize, '\0') {
  ParseChecked(request, *index_);
}

bool WriteOk::Run(std::string_view) {
  const MessageView request(bytes_, *index_);
  Writer writer(storage_);
  writer.StatusLine(200, {});
  for (std::size_t i = 0; i < request.header_count(); ++i) {
    const HeaderView header = request.header(i);
    switch (header.id) {
      case HeaderId::kVia:
      case HeaderId::kRecordRoute:
      case HeaderId::kFrom:
      case HeaderId::kCallId:
      case HeaderId::kCSeq:
        writer.Header(header.id, header.value);
        break;
      case HeaderId::kTo:
        writer.Header(header.id, {header.value, ";tag=314159"});
        break;
      default:
        break;
    }
  }
  writer.Header(HeaderId::kContact, "<sip:bob@client.biloxi.example;transport=tcp>");
  writer.Header(HeaderId::kContentType, "application/sdp");
  writer.Body(request.body());
  size_ = writer.text().size();
  return writer.error() == WriteError::kNone;
}

bool FindLinesAndColons::IsVectorised() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") != 0;
#else
  return false;
#endif
}

bool FindLinesAndColons::Run(std::string_view bytes) {
#if defined(__x86_64__)
  static const bool is_vectorised = IsVectorised();
  found_ = is_vectorised && bytes.size() >= 32 ? CountAvx2(bytes) : CountPortable(bytes);
#else
  found_ = CountPortable(bytes);
#endif
  return found_ > 0;
}

}  // namespace sansip
