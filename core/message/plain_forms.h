// The forms that nearly all messages have, read off masks (core/text/scan_block.h): a header line without
// folding, "SIP/2.0/UDP host:port;branch=...", "Name <sip:user@host;p=v>;tag=...", "1 INVITE".
//
// Each function reads from `begin` to `end`, which lie in a line that TakeLines() or NextLine() has seen, and
// is true if all that is there has the form; then its spans are those that the parser of the field would
// give. False says nothing, and the spans are no use: the parser of the field (core/message/fields, core/uri)
// has the word. That both agree is tested message by message.
#ifndef SANSIP_CORE_MESSAGE_PLAIN_FORMS_H_
#define SANSIP_CORE_MESSAGE_PLAIN_FORMS_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansip/core/message/message_view.h"
#include "sansip/core/text/scan_block.h"

namespace sansip {

class PlainForms {
 public:
  PlainForms(std::string_view text, ScanBlocks scan) : text_(text), masks_(text, scan) {}

  std::size_t size() const { return masks_.size(); }  // how much of the text is seen

  // Behind the first line break from `begin` on; 0 if that is no CRLF, or is not seen.
  std::size_t NextLine(std::size_t begin);

  struct LineLimits {
    std::size_t section_end = 0;  // no line is taken that ends behind it
    std::size_t line_bytes_max = 0;
    std::size_t header_count_max = 0;
  };
  // Adds header lines to `index`, one after the other, for as long as each is token ":" value CRLF, without
  // white space before the colon or at the begin of the next line, without control characters, within the
  // limits and of a name that is not there yet or may be there again. Returns where the first line begins
  // that is another: the blank one, or one to be read with more care.
  std::size_t TakeLines(std::size_t begin, const LineLimits& limits, MessageIndex& index);

  // SIP-URI or SIPS-URI, its scheme in lower case, without password, headers, ttl and maddr.
  bool SipUri(std::size_t begin, std::size_t end, SipUriSpans& uri) const;
  // One via-parm without ttl and maddr, received from IPv4.
  bool Via(std::size_t begin, std::size_t end, ViaSpans& via) const;
  // One name-addr with a URI as above, a name that is none, a token or in quotes, and parameters of tokens.
  bool Address(std::size_t begin, std::size_t end, AddressSpans& address) const;
  bool CallId(std::size_t begin, std::size_t end) const;
  // A number of up to nine digits and, behind one space, a method.
  bool CSeq(std::size_t begin, std::size_t end, std::uint32_t& number, TextSpan& method) const;

 private:
  std::string_view text_;
  TextMasks masks_;
};

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_PLAIN_FORMS_H_
