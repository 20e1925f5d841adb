// The forms that nearly all messages have, read off masks (core/text/scan_block.h) instead of character by
// character: what is made of plain characters (kPlain) and the separators of its grammar.
//
// What is read has the form to its end, and its spans are those that the parser of the field would give.
// What is not read may be well formed all the same: the parser of the field (core/message/fields, core/uri)
// has the word. That both agree is tested message by message, and fuzzed.
#ifndef SANSIP_CORE_MESSAGE_PLAIN_FORMS_H_
#define SANSIP_CORE_MESSAGE_PLAIN_FORMS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sansip/core/message/header_id.h"
#include "sansip/core/message/message_view.h"
#include "sansip/core/text/scan_block.h"

namespace sansip {

class PlainForms {
 public:
  PlainForms(std::string_view text, ScanBlocks scan) : text_(text), masks_(text, scan) {}

  // To be called first, and once. False: the text is too short to have any.
  bool Scan() { return masks_.Scan(); }

  // Method SP Request-URI SP "SIP/2.0" CRLF, with a method that sansip knows and a URI as in TakeAddress():
  // the begin of `index`. Returns where the next line begins; 0: it is another line.
  std::size_t RequestLine(std::size_t begin, MessageIndex& index);
  // "SIP/2.0" SP Status-Code SP Reason-Phrase CRLF, the same way.
  std::size_t StatusLine(std::size_t begin, MessageIndex& index);

  struct LineLimits {
    std::size_t section_end = 0;  // no line is taken that ends behind it
    std::size_t line_bytes_max = 0;
    std::size_t header_count_max = 0;
  };
  // Adds header lines to `index`, one after the other, for as long as each is name HCOLON value CRLF, folded
  // or not, without other control characters, within the limits and of a name that is not there yet or may
  // be there again. Keeps there what it reads, if it is plain, of the first Via, From, To, Call-ID, CSeq,
  // Contact, Max-Forwards and Session-Expires. Returns where the first line begins that is another: the
  // blank one, or one to be read with more care.
  std::size_t TakeLines(std::size_t begin, const LineLimits& limits, MessageIndex& index);

  // TakeLines() has seen a plain one, the first of its name.
  bool has_call_id() const { return has_call_id_; }
  std::optional<std::uint32_t> content_length() const { return content_length_; }

 private:
  struct Line {
    std::size_t begin = 0;
    std::size_t name_end = 0;
    std::size_t value_begin = 0;
    std::size_t value_end = 0;
    std::size_t end = 0;  // its CRLF, behind which the next one begins
  };
  // `count`: of the headers there are, which the index is told at the end.
  bool AddHeader(std::string_view text, const Line& line, std::size_t& count, MessageIndex& index);
  Line FindOddLine(std::size_t begin, std::size_t name_end, std::size_t end, std::size_t end_max) const;

  // Of the value of a field that is the first of its name. What is not plain is left as if it were not
  // there.
  void TakeField(HeaderId id, std::size_t begin, std::size_t end, MessageIndex& index);
  // A via-parm without ttl and maddr, received from IPv4; behind it the end or a comma.
  void TakeVia(std::size_t begin, std::size_t end, ViaSpans& via) const;
  // One address whose URI is a SIP-URI or SIPS-URI, its scheme in lower case, without password, headers,
  // ttl and maddr, a name that is none, a token or in quotes, and parameters of tokens.
  void TakeAddress(std::size_t begin, std::size_t end, AddressSpans& address) const;
  void TakeCallId(std::size_t begin, std::size_t end);
  // Numbers of up to nine digits, and parameters of tokens.
  void TakeCSeq(std::size_t begin, std::size_t end, MessageIndex& index) const;
  void TakeMaxForwards(std::size_t begin, std::size_t end, MessageIndex& index) const;
  void TakeContentLength(std::size_t begin, std::size_t end);
  void TakeSessionExpires(std::size_t begin, std::size_t end, MessageIndex& index) const;

  std::string_view text_;
  TextMasks masks_;
  bool has_call_id_ = false;
  std::optional<std::uint32_t> content_length_;
};

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_PLAIN_FORMS_H_
