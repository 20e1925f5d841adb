#include "sansip/core/transaction/stored_request.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/response_via.h"
#include "sansip/core/message/fields/via.h"
#include "sansip/core/message/output.h"
#include "sansip/core/text/bytes.h"

namespace sansip {

namespace {

constexpr std::size_t kRunBytesMax = std::numeric_limits<std::uint16_t>::max();

// In the saved form.
constexpr unsigned kHasCookie = 1, kToHasTag = 2;

// The header lines of a run.
class LinesOf {
 public:
  LinesOf(const MessageView& request, std::span<char> storage)
      : request_(request), storage_(storage), writer_(storage) {}

  // All Via header fields in their order, the top one stamped (8.2.6.2, 18.2.1).
  bool PutVias(const SocketAddress& source) {
    constexpr HeaderId kId = HeaderId::kVia;
    std::size_t i = request_.PlaceOfFirst(kId);
    if (i == request_.header_count() || !PutTopVia(request_.header(i).value, source)) return false;
    while ((i = request_.PlaceOfNext(kId, i)) < request_.header_count()) {
      writer_.Header(kId, request_.header(i).value);
    }
    return true;
  }

  bool Put(HeaderId id) {
    const auto value = request_.First(id);
    if (value) writer_.Header(id, *value);
    return value.has_value();
  }

  // Is the top Via as it came but for the stamp at its end?
  bool has_plain_via() const { return has_plain_via_; }
  std::size_t size() const { return writer_.needed(); }
  bool ok() const { return writer_.error() == WriteError::kNone; }

 private:
  // `value`: of the header field that it begins.
  bool PutTopVia(std::string_view value, const SocketAddress& source) {
    constexpr std::size_t kAround = std::string_view("Via: \r\n").size();
    const ViaSpans& spans = request_.index().top_via;
    const bool is_alone = spans.text.size == value.size();
    if (is_alone && spans.has_rport && spans.received.size == 0 && EndsWithItsRport(value)) {
      const DecimalText port(source.port);
      const AddressText ip = BareIpTextOf(source);
      constexpr std::string_view kIs = "=", kReceived = ";received=";
      writer_.Header(HeaderId::kVia, {value, kIs, port.view(), kReceived, ip.view()});
      has_plain_via_ = writer_.needed() == kAround + value.size() + kIs.size() + port.view().size() +
                                               kReceived.size() + ip.view().size();
      return true;
    }
    Via via;
    if (!TopVia(request_, via)) return false;
    // As the parser has read it, unless there is more in the same header field.
    std::string_view rest;
    if (!is_alone && !ParseVia(value, via, &rest).ok()) return false;
    // Stamped where it is out of the writer's way, at the end of the storage.
    const std::size_t room = std::min(via.text.size() + kViaStampBytesMax, storage_.size());
    const std::span<char> stamped = storage_.last(room);
    const std::size_t needed = WriteStampedVia(via, source, stamped);
    if (needed > room || writer_.needed() + kAround + needed + room > storage_.size()) return false;
    writer_.Header(HeaderId::kVia, std::string_view(stamped.data(), needed));
    if (!rest.empty()) writer_.Header(HeaderId::kVia, rest);
    return true;
  }

  const MessageView& request_;
  std::span<char> storage_;
  Writer writer_;
  bool has_plain_via_ = false;
};

}  // namespace

// The parts of a key, behind what there is of a run's text.
class StoredRequest::Parts {
 public:
  Parts(std::span<char> text, std::size_t end) : text_(text), end_(end) {}

  void Put(std::string_view part, Span& place) {
    if (part.size() > text_.size() - end_) {
      fits_ = false;
      return;
    }
    part.copy(text_.subspan(end_).data(), part.size());
    place = {static_cast<std::uint16_t>(end_), static_cast<std::uint16_t>(part.size())};
    end_ += part.size();
  }
  // Those of RFC 2543; of others all are empty.
  void PutTheOld(const ServerKey& key, Index& index) {
    Put(key.call_id, index.call_id);
    Put(key.request_uri, index.request_uri);
    Put(key.from_tag, index.from_tag);
    Put(key.to_tag, index.to_tag);
    Put(key.via, index.via);
    index.cseq = key.cseq;
  }
  // The run, and the made tag at its end; empty if it did not fit.
  std::string_view End(Index& index, const ServerKey& key, std::string_view made_tag, std::span<char> run) {
    index.via = {static_cast<std::uint16_t>(end_), 0};
    if (!key.has_cookie) PutTheOld(key, index);
    if (!fits_) return {};
    index.port = key.port;
    index.has_cookie = key.has_cookie;
    made_tag.copy(run.subspan(sizeof(index) + end_).data(), made_tag.size());
    std::memcpy(run.data(), &index, sizeof(index));
    return {run.data(), sizeof(index) + end_ + made_tag.size()};
  }

 private:
  std::span<char> text_;
  std::size_t end_;
  bool fits_ = true;
};

std::string_view StoredRequest::Write(const MessageView& request, const ServerKey& key,
                                      const SocketAddress& source, std::span<char> storage,
                                      std::string_view made_tag) {
  if (storage.size() < sizeof(Index) + kMadeTagBytesMax || made_tag.size() > kMadeTagBytesMax) return {};
  const std::span<char> text = TextIn(storage);
  Index index;
  const auto span = [](std::size_t begin, std::size_t end) {
    return Span{static_cast<std::uint16_t>(begin), static_cast<std::uint16_t>(end - begin)};
  };
  LinesOf lines(request, text);
  if (!lines.PutVias(source) || !lines.Put(HeaderId::kFrom)) return {};
  const std::size_t to_begin = lines.size();
  if (!lines.Put(HeaderId::kTo)) return {};
  const std::size_t to_end = lines.size();
  if (!lines.Put(HeaderId::kCallId) || !lines.Put(HeaderId::kCSeq)) return {};
  const std::size_t end = lines.size();
  index.via_and_from = span(0, to_begin);
  index.to = span(to_begin + std::string_view("To: ").size(), to_end - std::string_view("\r\n").size());
  index.call_id_and_cseq = span(to_end, end);
  if (lines.Put(HeaderId::kTimestamp)) {
    index.timestamp = span(end + std::string_view("Timestamp: ").size(), lines.size() - 2);
  }
  if (!lines.ok()) return {};
  index.to_has_tag = !ToTag(request).empty();
  Parts parts(text, lines.size());
  if (lines.has_plain_via() && key.has_cookie) {
    // Where the parser has seen them.
    const ViaSpans& via = request.index().top_via;
    const std::size_t before = std::string_view("Via: ").size();
    const auto in_via = [&](TextSpan part) {
      return span(before + part.begin - via.text.begin, before + part.begin - via.text.begin + part.size);
    };
    index.branch = in_via(via.branch);
    index.host = in_via(via.host);
  } else {
    parts.Put(key.branch, index.branch);
    parts.Put(key.host, index.host);
  }
  // The end of the CSeq, as of every request that was read to its end.
  const std::size_t in_cseq = end - std::string_view("\r\n").size() - key.method.size();
  if (in_cseq > to_end && in_cseq < end && AreSame({&text[in_cseq], key.method.size()}, key.method)) {
    index.method = span(in_cseq, in_cseq + key.method.size());
  } else {
    parts.Put(key.method, index.method);
  }
  return parts.End(index, key, index.to_has_tag ? std::string_view() : made_tag, storage);
}

std::string_view StoredRequest::WriteKey(const ServerKey& key, std::span<char> storage, bool to_has_tag,
                                         std::string_view made_tag) {
  if (storage.size() < sizeof(Index) + kMadeTagBytesMax) return {};
  Index index;
  index.to_has_tag = to_has_tag;
  Parts parts(TextIn(storage), 0);
  parts.Put(key.branch, index.branch);
  parts.Put(key.host, index.host);
  parts.Put(key.method, index.method);
  return parts.End(index, key, made_tag, storage);
}

std::span<char> StoredRequest::TextIn(std::span<char> storage) {
  return storage.subspan(sizeof(Index))
      .first(std::min(storage.size() - sizeof(Index) - kMadeTagBytesMax, kRunBytesMax));
}

bool StoredRequest::FindKey(std::size_t lines, KeyPlace& place) const {
  const Span all = index_.via_and_from;
  if (!index_.has_cookie || !made_tag().empty() || lines + all.size > kRunBytesMax) return false;
  const auto is_in_them = [all](Span part) {
    return part.size > 0 && part.begin >= all.begin && part.begin + part.size <= all.begin + all.size;
  };
  if (!is_in_them(index_.branch) || !is_in_them(index_.host)) return false;
  const auto begin = [&](Span part) { return static_cast<std::uint16_t>(lines + part.begin - all.begin); };
  place = {.branch_begin = begin(index_.branch),
           .branch_size = index_.branch.size,
           .host_begin = begin(index_.host),
           .host_size = index_.host.size,
           .port = index_.port};
  return true;
}

void StoredRequest::Save(std::string_view made_tag, LittleEndianWriter& out) const {
  if (!this->made_tag().empty() || index_.to_has_tag) made_tag = {};
  for (const Span span :
       {index_.via_and_from, index_.to, index_.call_id_and_cseq, index_.timestamp, index_.branch, index_.host,
        index_.method, index_.call_id, index_.request_uri, index_.from_tag, index_.to_tag, index_.via}) {
    out.Put(span.begin);
    out.Put(span.size);
  }
  out.Put(index_.cseq);
  out.Put(index_.port);
  out.Put(
      static_cast<std::uint8_t>((index_.has_cookie ? kHasCookie : 0) | (index_.to_has_tag ? kToHasTag : 0)));
  out.Put(static_cast<std::uint32_t>(text_.size() + made_tag.size()));
  out.PutBytes(text_);
  out.PutBytes(made_tag);
}

std::string_view StoredRequest::Load(LittleEndianReader& in, std::span<char> storage) {
  Index index;
  Span* const spans[] = {&index.via_and_from, &index.to,       &index.call_id_and_cseq, &index.timestamp,
                         &index.branch,       &index.host,     &index.method,           &index.call_id,
                         &index.request_uri,  &index.from_tag, &index.to_tag,           &index.via};
  for (Span* span : spans) {
    span->begin = in.Get<std::uint16_t>();
    span->size = in.Get<std::uint16_t>();
  }
  index.cseq = in.Get<std::uint32_t>();
  index.port = in.Get<std::uint16_t>();
  const auto flags = in.Get<std::uint8_t>();
  index.has_cookie = (flags & kHasCookie) != 0;
  index.to_has_tag = (flags & kToHasTag) != 0;
  const std::string_view text = in.Take(in.Get<std::uint32_t>());
  if (!in.ok() || (flags & ~(kHasCookie | kToHasTag)) != 0) return {};
  for (const Span* span : spans) {
    if (std::size_t{span->begin} + span->size > text.size()) return {};
  }
  const std::size_t tag_size = text.size() - index.via.begin - index.via.size;
  if (tag_size != (index.to_has_tag ? 0 : kMadeTagBytesMax)) return {};
  if (storage.size() < sizeof(index) + text.size()) return {};
  std::memcpy(storage.data(), &index, sizeof(index));
  std::copy(text.begin(), text.end(), storage.begin() + sizeof(index));
  return {storage.data(), sizeof(index) + text.size()};
}

StoredRequest::StoredRequest(std::string_view run) : text_(run.substr(sizeof(Index))) {
  std::memcpy(&index_, run.data(), sizeof(index_));
}

ServerKey StoredRequest::key() const {
  return {.branch = Text(index_.branch),
          .host = Text(index_.host),
          .port = index_.port,
          .method = Text(index_.method),
          .has_cookie = index_.has_cookie,
          .cseq = index_.cseq,
          .call_id = Text(index_.call_id),
          .request_uri = Text(index_.request_uri),
          .from_tag = Text(index_.from_tag),
          .via = Text(index_.via),
          .to_tag = Text(index_.to_tag)};
}

namespace {

// " 0.200": seconds to the millisecond.
std::string_view DelayText(Duration age, std::array<char, 32>& storage) {
  auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(age).count();
  std::size_t begin = storage.size();
  for (int digit = 0; milliseconds > 0 || digit < 4; ++digit, milliseconds /= 10) {
    if (digit == 3) storage[--begin] = '.';
    storage[--begin] = static_cast<char>('0' + milliseconds % 10);
  }
  storage[--begin] = ' ';
  return {storage.data() + begin, storage.size() - begin};
}

}  // namespace

void WriteResponse(const StoredRequest& request, const ResponseDraft& draft, std::string_view to_tag,
                   Duration age, Writer& writer) {
  const bool is_100 = draft.status_code == 100;
  writer.StatusLine(draft.status_code, draft.reason);
  if (is_100 || request.to_has_tag()) {
    // RFC 3261 17.2.1: no tag of its own in a 100; 8.2.6.2: a To with a tag is repeated as it is.
    writer.OwnHeaders(request.via_to_cseq());
  } else {
    writer.OwnHeaders(request.via_and_from());
    writer.Header(HeaderId::kTo, {request.to(), ";tag=", to_tag});
    writer.OwnHeaders(request.call_id_and_cseq());
  }
  if (is_100 && !request.timestamp().empty()) {
    // RFC 3261 8.2.6.1: with the delay, if there was one and the value has none yet.
    std::array<char, 32> storage;
    const bool is_delayed = age >= std::chrono::milliseconds(1) &&
                            request.timestamp().find_first_of(" \t") == std::string_view::npos;
    writer.Header(HeaderId::kTimestamp,
                  {request.timestamp(), is_delayed ? DelayText(age, storage) : std::string_view()});
  }
  writer.Headers(draft.headers);
  writer.Body(draft.body);
}

bool IsWellFormed(const ResponseDraft& draft) {
  if (draft.status_code < 100 || draft.status_code > 699) return false;
  for (const HeaderLine& line : draft.headers) {
    switch (line.id == HeaderId::kOther ? HeaderIdFromName(line.name) : line.id) {
      case HeaderId::kVia:
      case HeaderId::kFrom:
      case HeaderId::kTo:
      case HeaderId::kCallId:
      case HeaderId::kCSeq:
      case HeaderId::kContentLength:
        return false;
      default:
        break;
    }
  }
  return true;
}

}  // namespace sansip
