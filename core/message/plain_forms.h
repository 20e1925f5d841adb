// The forms that nearly all messages have, read off masks (core/text/scan_block.h) instead of character by
// character: what is made of plain characters (kPlain) and the separators of its grammar.
//
// Each function reads from `begin` to `end`, which lie in a line that TakeLines() or RequestLine() has seen,
// and is true if all that is there has the form; then its spans are those that the parser of the field would
// give. False says nothing, and the spans are no use: the parser of the field (core/message/fields, core/uri)
// has the word. That both agree is tested message by message, and fuzzed.
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

  // To be called first, and once.
  void Scan() { masks_.Scan(); }
  // What ends before here can be asked about.
  std::size_t seen() const { return masks_.end(); }

  // Method SP Request-URI SP "SIP/2.0" CRLF, with a method that sansip knows and a URI as in Address(): the
  // begin of `index`. Returns where the next line begins; 0: it is another line.
  std::size_t RequestLine(std::size_t begin, MessageIndex& index);
  // "SIP/2.0" SP Status-Code SP Reason-Phrase CRLF, the same way.
  std::size_t StatusLine(std::size_t begin, MessageIndex& index);

  struct LineLimits {
    std::size_t section_end = 0;  // no line is taken that ends behind it
    std::size_t line_bytes_max = 0;
    std::size_t header_count_max = 0;
  };
  // Adds header lines to `index`, one after the other, for as long as each is name HCOLON value CRLF, folded
  // or not, without other control characters, within the limits and of a name that is not there yet or may be
  // there again. Returns where the first line begins that is another: the blank one, or one to be read with
  // more care.
  std::size_t TakeLines(std::size_t begin, const LineLimits& limits, MessageIndex& index);

  // A via-parm without ttl and maddr, received from IPv4; behind it the end or a comma.
  bool Via(std::size_t begin, std::size_t end, ViaSpans& via) const;
  // One address whose URI is a SIP-URI or SIPS-URI, its scheme in lower case, without password, headers, ttl
  // and maddr, a name that is none, a token or in quotes, and parameters of tokens.
  bool Address(std::size_t begin, std::size_t end, AddressSpans& address) const;
  bool CallId(std::size_t begin, std::size_t end) const;
  // A number of up to nine digits and a method.
  bool CSeq(std::size_t begin, std::size_t end, std::uint32_t& number, TextSpan& method) const;

 private:
  std::size_t TakeOddLine(std::size_t begin, std::size_t end_max, const LineLimits& limits,
                          MessageIndex& index);

  std::string_view text_;
  TextMasks masks_;
};

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_PLAIN_FORMS_H_
