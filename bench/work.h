// The pieces of work that are measured, each once: by the clock (parse_bench), by instructions (work_once).
#ifndef SANSIP_BENCH_WORK_H_
#define SANSIP_BENCH_WORK_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/bench/reading.h"
#include "sansip/core/message/draft.h"
#include "sansip/core/message/framer.h"
#include "sansip/core/message/parser.h"

namespace sansip {

// Parses a message and reads of it what a call needs.
class ParseAndRead {
 public:
  ParseAndRead() : index_(std::make_unique<MessageIndex>()) {}
  bool Run(std::string_view bytes) {
    if (!parser_.Parse(bytes, Framing::kDatagram, *index_).ok()) return false;
    Read(MessageView(bytes, *index_), reading_);
    return true;
  }
  const Reading& reading() const { return reading_; }

 private:
  Parser parser_;
  std::unique_ptr<MessageIndex> index_;
  Reading reading_;
};

// Parses alone.
class ParseOnly {
 public:
  ParseOnly() : index_(std::make_unique<MessageIndex>()) {}
  bool Run(std::string_view bytes) { return parser_.Parse(bytes, Framing::kDatagram, *index_).ok(); }

 private:
  Parser parser_;
  std::unique_ptr<MessageIndex> index_;
};

// Finds a message in a stream that holds nothing else. It includes the copy into the framer's buffer, which
// read() would make.
class FrameStream {
 public:
  bool Run(std::string_view bytes) {
    bytes.copy(framer_.Writable().data(), bytes.size());
    framer_.Commit(bytes.size());
    return framer_.Next().kind == Frame::Kind::kMessage;
  }

 private:
  Framer framer_{ParseLimits{}};
};

// Writes a request out of what its sender has: method, Request-URI, header lines and body (RequestDraft),
// made of a message once and beforehand.
class WriteRequest {
 public:
  explicit WriteRequest(std::string_view request);
  bool Run(std::string_view);
  std::string_view text() const { return {storage_.data(), size_}; }

 private:
  std::vector<HeaderLine> headers_;
  RequestDraft draft_;
  std::string storage_;
  std::size_t size_ = 0;
};

// Writes a 200 OK to a parsed request (RFC 3261 8.2.6), with a Contact and the request's body.
class WriteOk {
 public:
  explicit WriteOk(std::string_view request);
  bool Run(std::string_view);
  std::string_view text() const { return {storage_.data(), size_}; }

 private:
  std::string_view bytes_;
  std::unique_ptr<MessageIndex> index_;
  std::string storage_;
  std::size_t size_ = 0;
};

// The floor: one pass that compares every byte with LF and with colon, 32 at a time where the machine has
// AVX2, and counts the hits. No parser reads less.
class FindLinesAndColons {
 public:
  bool Run(std::string_view bytes);
  std::size_t found() const { return found_; }
  static bool IsVectorised();

 private:
  std::size_t found_ = 0;
};

}  // namespace sansip

#endif  // SANSIP_BENCH_WORK_H_
