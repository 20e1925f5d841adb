// Bytes to an index, in one pass, without allocation (RFC 3261 7 and 25.1; RFC 4475 for the hard cases).
//
// Parse checks what every element must check before it looks further: the start-line, the shape of every
// header line, Content-Length, and the fields that a message cannot be handled without (Via, From, To,
// Call-ID, CSeq: present, once where once is the rule, well formed, CSeq's method equal to the
// Request-Line's). Everything else is checked when its typed field is parsed.
//
// Hostile input is normal input: every length is checked against ParseLimits before it is used.
#ifndef SANSIP_CORE_MESSAGE_PARSER_H_
#define SANSIP_CORE_MESSAGE_PARSER_H_

#include <cstddef>
#include <string_view>

#include "sansip/core/message/message_view.h"
#include "sansip/core/message/parse_error.h"
#include "sansip/core/message/parse_policy.h"
#include "sansip/core/text/scan_block.h"

namespace sansip {

struct ParseLimits {
  std::size_t message_bytes_max = 65535;         // a UDP datagram cannot be longer
  std::size_t header_section_bytes_max = 32768;  // half of it: bodies are the big part of big messages
  std::size_t header_count_max = kHeaderCountMax;
  std::size_t header_bytes_max = 8192;  // one field, folded lines included
  std::size_t uri_bytes_max = 4096;     // 414 beyond
  std::size_t body_bytes_max = 65535;   // 413 beyond
  // Of what the parser reads: the Request-URI, the first Via, From, To, the first Contact.
  // Of each its own and those of its URI together; no field in use has a quarter of it, and no URI may have
  // more.
  std::size_t parameters_max = 64;
};

enum class Framing : unsigned char {
  kDatagram,  // RFC 3261 18.3: bytes beyond Content-Length are dropped; without it the body is the rest
  kStream,    // exactly one framed message; Content-Length is required (20.14)
};

class Parser {
 public:
  explicit Parser(const ParseLimits& limits = {}, const ParsePolicy& policy = {},
                  ScanVariant variant = BestScanVariant());

  // On success `index` describes `bytes`. On failure `index` describes as much as was readable, so that a
  // response can be made (OnUnparsable); its spans never leave `bytes`.
  [[nodiscard]] ParseError Parse(std::string_view bytes, Framing framing, MessageIndex& index) const;

  const ParseLimits& limits() const { return limits_; }
  const ParsePolicy& policy() const { return policy_; }

 private:
  ParseLimits limits_;
  ParsePolicy policy_;
  ScanBlocks scan_ = nullptr;  // null: everything by the parsers of the fields
};

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_PARSER_H_
