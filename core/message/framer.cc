#include "sansip/core/message/framer.h"

#include <algorithm>
#include <cstring>

#include "sansip/core/base/check.h"
#include "sansip/core/message/fields/content_length.h"
#include "sansip/core/message/header_id.h"
#include "sansip/core/message/header_line.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"

namespace sansip {
namespace {

constexpr std::size_t kBufferInitial = 4096;
// What a read should find room for, so that a busy connection does not read byte by byte.
constexpr std::size_t kReadRoom = 2048;

}  // namespace

Framer::Framer(const ParseLimits& limits, const ParsePolicy& policy) : limits_(limits), policy_(policy) {
  limits_.message_bytes_max = std::min(limits_.message_bytes_max, std::size_t{0x7FFFFFFF});
}

std::span<char> Framer::Writable() {
  if (!error_.ok()) return {};
  if (begin_ == end_) begin_ = end_ = 0;
  if (buffer_.size() - end_ < kReadRoom && begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() - end_ < kReadRoom) {
    const std::size_t most = limits_.message_bytes_max + kReadRoom;
    buffer_.resize(std::min(std::max(kBufferInitial, buffer_.size() * 2), std::max(most, kBufferInitial)));
  }
  return std::span(buffer_).subspan(end_);
}

void Framer::Commit(std::size_t count) {
  SANSIP_CHECK(count <= buffer_.size() - end_);
  end_ += count;
}

Frame Framer::Next() {
  if (error_.ok() && !started_) {
    const Frame frame = LeadingLineBreaks();
    if (!started_) return frame;
  }
  if (error_.ok() && header_end_ == 0 && FindHeaderEnd()) FindMessageEnd();
  if (!error_.ok()) return {Frame::Kind::kError, Pending().substr(0, error_size_), error_};
  if (header_end_ == 0 || Pending().size() < message_size_) return {};
  const Frame frame{Frame::Kind::kMessage, Pending().substr(0, message_size_), {}};
  begin_ += message_size_;
  StartMessage();
  return frame;
}

std::size_t Framer::pending() const { return started_ ? end_ - begin_ : 0; }

void Framer::StartMessage() {
  started_ = false;
  line_begin_ = scanned_ = section_begin_ = header_end_ = message_size_ = content_length_ = second_length_ =
      0;
}

// RFC 3261 7.5: line breaks before a start-line are skipped; two at a time are a ping (RFC 5626 3.5.1). A
// single CRLF is held back until it is known which of the two it is.
Frame Framer::LeadingLineBreaks() {
  constexpr std::string_view kPing = "\r\n\r\n";
  for (;;) {
    const std::string_view text = Pending();
    if (text.substr(0, 4) == kPing) {
      begin_ += 4;
      return {Frame::Kind::kPing, text.substr(0, 4), {}};
    }
    if (expects_pong_ && text.substr(0, 2) == "\r\n") {
      expects_pong_ = false;
      begin_ += 2;
      return {Frame::Kind::kPong, text.substr(0, 2), {}};
    }
    if (text == kPing.substr(0, text.size())) return {};  // the begin of one, or nothing
    if (text.substr(0, 2) == "\r\n") {
      begin_ += 2;
    } else if (policy_.accept_bare_lf && text.front() == '\n') {
      begin_ += 1;
    } else {
      started_ = true;
      return {};
    }
  }
}

void Framer::Fail(ParseCode code, std::size_t offset, std::size_t size) {
  error_ = {code, static_cast<std::uint32_t>(offset)};
  error_size_ = size;
}

// Is a line that ends (or goes on) at `line_end` beyond a limit? Of two limits the nearer one is told, so
// that the answer does not depend on how the bytes arrived. The blank line is not in the header section.
bool Framer::IsTooLong(std::size_t line_end, bool is_blank) {
  const std::size_t section_limit = section_begin_ + limits_.header_section_bytes_max;
  const bool section_first = !is_blank && section_begin_ != 0 && section_limit < limits_.message_bytes_max;
  const std::size_t limit = section_first ? section_limit : limits_.message_bytes_max;
  if (line_end + 1 <= limit) return false;
  Fail(section_first ? ParseCode::kHeaderSectionTooLong : ParseCode::kMessageTooLong, limit, limit);
  return true;
}

// A complete line that is not blank.
void Framer::NoteLine(std::size_t line_end) {
  if (section_begin_ == 0) {
    section_begin_ = line_end + 1;
    return;
  }
  const char first = Pending()[line_begin_];
  if (first != 'C' && first != 'c' && first != 'L' && first != 'l') return;
  Cursor cursor(Pending().substr(line_begin_, line_end - line_begin_));
  if (HeaderIdFromName(cursor.TakeAll(kToken)) != HeaderId::kContentLength) return;
  (content_length_ == 0 ? content_length_ : second_length_) = line_begin_;
}

// True when the blank line is there; false if more is needed, or on an error.
bool Framer::FindHeaderEnd() {
  const std::string_view text = Pending();
  for (;;) {
    const std::size_t line_end = text.find('\n', scanned_);
    const std::string_view line =
        text.substr(line_begin_, line_end == text.npos ? text.npos : line_end - line_begin_);
    const bool is_blank = section_begin_ != 0 && (line.empty() || line == "\r");
    if (IsTooLong(std::min(line_end, text.size()), is_blank)) return false;
    if (line_end == text.npos) {
      scanned_ = text.size();
      return false;
    }
    if (!policy_.accept_bare_lf && (line.empty() || line.back() != '\r')) {
      Fail(ParseCode::kControlCharacter, line_end, line_end + 1);
      return false;
    }
    if (!is_blank) NoteLine(line_end);
    line_begin_ = scanned_ = line_end + 1;
    if (is_blank) {
      header_end_ = line_begin_;
      return true;
    }
  }
}

// RFC 3261 18.3, 20.14
void Framer::FindMessageEnd() {
  std::uint64_t length = 0;
  if (content_length_ == 0) {
    if (!policy_.accept_missing_stream_content_length) {
      return Fail(ParseCode::kMissingContentLength, header_end_, header_end_);
    }
  } else if (second_length_ != 0) {
    return Fail(ParseCode::kRepeatedHeader, second_length_, header_end_);
  } else {
    const std::string_view section = Pending().substr(0, header_end_);
    HeaderText line;
    ParseError error = TakeHeaderLine(section, content_length_, policy_.accept_bare_lf, line);
    if (!error.ok()) return Fail(error.code, error.offset, header_end_);
    error = ParseContentLength(section.substr(line.value_begin, line.value_size), length);
    if (!error.ok()) return Fail(error.code, line.value_begin + error.offset, header_end_);
  }
  if (length > limits_.body_bytes_max) {
    return Fail(ParseCode::kBodyTooLong, header_end_ + limits_.body_bytes_max, header_end_);
  }
  if (length > limits_.message_bytes_max - header_end_) {
    return Fail(ParseCode::kMessageTooLong, limits_.message_bytes_max, header_end_);
  }
  message_size_ = header_end_ + static_cast<std::size_t>(length);
}

}  // namespace sansip
