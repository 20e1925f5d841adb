// Messages for tests: lines joined with CRLF, and a parse that keeps bytes and index together.
#ifndef SANSIP_CORE_MESSAGE_TEST_MESSAGE_H_
#define SANSIP_CORE_MESSAGE_TEST_MESSAGE_H_

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "sansip/core/message/message_view.h"
#include "sansip/core/message/parser.h"

namespace sansip {

inline std::string Lines(std::initializer_list<std::string_view> lines) {
  std::string text;
  for (std::string_view line : lines) text.append(line).append("\r\n");
  return text;
}

// The first `from` made `to`; throws where there is none.
inline std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  return text.replace(text.find(from), from.size(), to);
}

// A whole OPTIONS with these lines behind its Request-Line, the required fields behind them, and no body.
inline std::string RequestWith(std::initializer_list<std::string_view> lines) {
  return "OPTIONS sip:bob@biloxi.example SIP/2.0\r\n" + Lines(lines) +
         "Via: SIP/2.0/UDP pc33.atlanta.example;branch=z9hG4bK776asdhds\r\n"
         "Max-Forwards: 70\r\n"
         "To: Bob <sip:bob@biloxi.example>\r\n"
         "From: Alice <sip:alice@atlanta.example>;tag=1928301774\r\n"
         "Call-ID: a84b4c76e66710@pc33.atlanta.example\r\n"
         "CSeq: 314159 OPTIONS\r\n\r\n";
}

class Parsed {
 public:
  explicit Parsed(std::string bytes, const ParsePolicy& policy = {}, Framing framing = Framing::kDatagram,
                  const ParseLimits& limits = {})
      : bytes_(std::move(bytes)), index_(std::make_unique<MessageIndex>()) {
    error_ = Parser(limits, policy).Parse(bytes_, framing, *index_);
  }

  ParseError error() const { return error_; }
  bool ok() const { return error_.ok(); }
  ParseCode code() const { return error_.code; }
  // The bytes from the error on.
  std::string_view at_error() const { return std::string_view(bytes_).substr(error_.offset); }
  const std::string& bytes() const { return bytes_; }
  MessageView view() const { return MessageView(bytes_, *index_); }
  bool tolerated(Tolerance tolerance) const {
    return (index_->tolerances & static_cast<std::uint32_t>(tolerance)) != 0;
  }

 private:
  std::string bytes_;
  std::unique_ptr<MessageIndex> index_;
  ParseError error_;
};

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_TEST_MESSAGE_H_
