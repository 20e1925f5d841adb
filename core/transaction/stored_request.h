// What a server transaction keeps of its request: the finished header part of its responses (RFC
// 3261 8.2.6.2: Via, From, To, Call-ID, CSeq, with the top Via stamped as 18.2.1 and RFC 3581 4 say), the
// Timestamp for a 100 (8.2.6.1), and the key that retransmissions are matched by (17.2.3).
//
// One run of bytes, so that it can live in a pooled buffer. The lines are written by the Writer: folding is
// undone and nothing in them can break out of its line.
#ifndef SANSIP_CORE_TRANSACTION_STORED_REQUEST_H_
#define SANSIP_CORE_TRANSACTION_STORED_REQUEST_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "sansip/core/base/address.h"
#include "sansip/core/base/little_endian.h"
#include "sansip/core/base/time.h"
#include "sansip/core/message/draft.h"
#include "sansip/core/message/message_view.h"
#include "sansip/core/message/writer.h"
#include "sansip/core/transaction/key.h"

namespace sansip {

// Where in a server's response its key stands, in bytes: of a request with the cookie and a known method.
struct KeyPlace {
  std::uint16_t branch_begin, branch_size;  // 0 bytes: nowhere
  std::uint16_t host_begin, host_size;
  std::uint16_t port;
};

class StoredRequest {
 public:
  // What a made tag takes at most; every run leaves room for one.
  static constexpr std::size_t kMadeTagBytesMax = 20;

  // Writes the run for a request into `storage`; empty if it does not fit or the request has no such parts.
  // `made_tag`: see below.
  static std::string_view Write(const MessageView& request, const ServerKey& key, const SocketAddress& source,
                                std::span<char> storage, std::string_view made_tag = {});

  // The run in a form that is the same on every machine. `made_tag`: for a run that has none.
  void Save(std::string_view made_tag, LittleEndianWriter& out) const;
  // The run of what Save wrote, into `storage`; empty if there is none or it does not fit.
  static std::string_view Load(LittleEndianReader& in, std::span<char> storage);

  // A run of a key alone, for when no more responses will be made of it; empty if it does not fit.
  static std::string_view WriteKey(const ServerKey& key, std::span<char> storage, bool to_has_tag = false,
                                   std::string_view made_tag = {});

  // `run` as one of these made it; must outlive this.
  explicit StoredRequest(std::string_view run);

  ServerKey key() const;
  std::string_view via_and_from() const { return Text(index_.via_and_from); }  // whole lines
  std::string_view to() const { return Text(index_.to); }                      // the value
  std::string_view call_id_and_cseq() const { return Text(index_.call_id_and_cseq); }
  // Whole lines: these three one behind the other.
  std::string_view via_to_cseq() const {
    return text_.substr(0, std::size_t{index_.call_id_and_cseq.begin} + index_.call_id_and_cseq.size);
  }
  std::string_view timestamp() const { return Text(index_.timestamp); }  // the value; empty: none
  bool to_has_tag() const { return index_.to_has_tag; }
  // Where the key stands in a response whose lines, made of this run, begin there. False: not all of it does.
  [[nodiscard]] bool FindKey(std::size_t lines, KeyPlace& place) const;
  // The tag that the layer of another process would have made for its responses; empty: make it.
  std::string_view made_tag() const { return text_.substr(EndOfParts()); }

 private:
  struct Span {
    std::uint16_t begin = 0;
    std::uint16_t size = 0;
  };
  // At the front of the run, before the text that the spans refer to.
  struct Index {
    Span via_and_from, to, call_id_and_cseq, timestamp;
    Span branch, host, method, call_id, request_uri, from_tag, to_tag, via;
    std::uint32_t cseq = 0;
    std::uint16_t port = 0;
    bool has_cookie = false;
    bool to_has_tag = false;
  };

  class Parts;

  static std::span<char> TextIn(std::span<char> storage);  // between the index and the made tag
  std::size_t EndOfParts() const { return std::size_t{index_.via.begin} + index_.via.size; }
  std::string_view Text(Span span) const { return text_.substr(span.begin, span.size); }

  Index index_;
  std::string_view text_;
};

// A response (8.2.6): status line, what the request gives, Timestamp in a 100, the draft's own header fields,
// body. `to_tag` is for a To without one, and is not written in a 100. `age`: since the request arrived.
void WriteResponse(const StoredRequest& request, const ResponseDraft& draft, std::string_view to_tag,
                   Duration age, Writer& writer);

// A draft gives nothing that the layer writes, and its status code exists.
bool IsWellFormed(const ResponseDraft& draft);

}  // namespace sansip

#endif  // SANSIP_CORE_TRANSACTION_STORED_REQUEST_H_
