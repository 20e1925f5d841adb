// A byte stream into messages (RFC 3261 18.3, 7.5; RFC 5626 3.5.1 keep-alives). Any split of the stream gives
// the same frames. Cost is linear in the bytes fed: a byte is searched once and moved once. Memory is bounded
// by message_bytes_max, whoever sends and however slowly.
//
//   for (;;) { span = framer.Writable(); n = read(fd, span); framer.Commit(n);
//              while ((frame = framer.Next()).kind != kNeedMore) ... }
#ifndef SANSIP_CORE_MESSAGE_FRAMER_H_
#define SANSIP_CORE_MESSAGE_FRAMER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "sansip/core/message/parse_error.h"
#include "sansip/core/message/parser.h"

namespace sansip {

struct Frame {
  enum class Kind : std::uint8_t {
    kNeedMore,
    kMessage,  // `bytes` is one message, start-line to end of body
    kPing,     // CRLFCRLF between messages: answer with CRLF (RFC 5626 3.5.1)
    kPong,     // CRLF between messages, after ExpectPong
    // The stream cannot be read on: answer if possible, then close. `bytes` is the message as far as it was
    // read, for a response; its offsets are the error's. Said again by every further call.
    kError,
  };
  Kind kind = Kind::kNeedMore;
  std::string_view bytes;  // valid until the next call of Writable()
  ParseError error;
};

class Framer {
 public:
  explicit Framer(const ParseLimits& limits, const ParsePolicy& policy = {});

  // At least one byte once Next() has answered kNeedMore; none after an error.
  std::span<char> Writable();
  void Commit(std::size_t count);
  [[nodiscard]] Frame Next();
  // A ping was sent: the next CRLF that begins no ping is its answer, and is not waited on (RFC 5626 4.4.1).
  void ExpectPong() { expects_pong_ = true; }
  // Bytes that belong to a message not yet complete: a stream that ends with some was cut off.
  std::size_t pending() const;

 private:
  std::string_view Pending() const { return {buffer_.data() + begin_, end_ - begin_}; }
  Frame LeadingLineBreaks();
  bool FindHeaderEnd();
  bool IsTooLong(std::size_t line_end, bool is_blank);
  void NoteLine(std::size_t line_end);
  void FindMessageEnd();
  void Fail(ParseCode code, std::size_t offset, std::size_t size);
  void StartMessage();

  ParseLimits limits_;
  ParsePolicy policy_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  // of the message being framed, in the buffer
  std::size_t end_ = 0;    // of the bytes committed

  // Of the message being framed, relative to its begin.
  bool expects_pong_ = false;
  bool started_ = false;            // its first character is there, and is no line break
  std::size_t line_begin_ = 0;      // of the line being read
  std::size_t scanned_ = 0;         // no line break of that line before it
  std::size_t section_begin_ = 0;   // of the header section; 0: the start-line is not complete
  std::size_t header_end_ = 0;      // behind the blank line; 0: not found yet
  std::size_t message_size_ = 0;    // known with header_end_
  std::size_t content_length_ = 0;  // where that header field begins; 0: not seen
  std::size_t second_length_ = 0;   // where another one begins

  ParseError error_;
  std::size_t error_size_ = 0;  // of what was read of the message in error
};

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FRAMER_H_
