// A byte stream into messages (RFC 3261 18.3, 7.5; RFC 5626 3.5.1 keep-alives). Survives any split; cost is
// linear in the bytes fed: nothing is scanned twice.
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
    kError,    // the stream cannot be read on: answer if possible, then close. `bytes`: what was there
  };
  Kind kind = Kind::kNeedMore;
  std::string_view bytes;  // valid until the next call of Writable()
  ParseError error;
};

class Framer {
 public:
  explicit Framer(const ParseLimits& limits, const ParsePolicy& policy = {});

  std::span<char> Writable();  // at least one byte, until an error
  void Commit(std::size_t count);
  [[nodiscard]] Frame Next();
  // Bytes that belong to a message not yet complete: a stream that ends with some was cut off.
  std::size_t pending() const;

 private:
  ParseLimits limits_;
  ParsePolicy policy_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;    // of the message being framed
  std::size_t scanned_ = 0;  // nothing before it needs to be looked at again
  std::size_t end_ = 0;      // of the bytes committed
};

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FRAMER_H_
