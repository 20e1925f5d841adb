#include "sansip/core/message/parser.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "sansip/core/message/fields/call_id.h"
#include "sansip/core/message/fields/content_length.h"
#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/fields/delta_seconds.h"
#include "sansip/core/message/fields/max_forwards.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/via.h"
#include "sansip/core/message/header_line.h"
#include "sansip/core/message/plain_forms.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/bytes.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/scan_line.h"
#include "sansip/core/uri/sip_uri.h"

namespace sansip {
namespace {

enum class Version : std::uint8_t { kSip20, kOther, kMalformed };

// RFC 3261 7.1: case-insensitive, the number a literal ("2.00" is not "2.0").
Version VersionFromText(std::string_view text) {
  if (EqualsIgnoreCase(text, "SIP/2.0")) return Version::kSip20;
  Cursor cursor(text);
  if (!EqualsIgnoreCase(cursor.TakeAll(kAlpha), "SIP") || !cursor.Skip('/')) return Version::kMalformed;
  if (cursor.TakeAll(kDigit).empty() || !cursor.Skip('.')) return Version::kMalformed;
  return !cursor.TakeAll(kDigit).empty() && cursor.AtEnd() ? Version::kOther : Version::kMalformed;
}

// Where the parameter begins that is one too many; npos: there are no more than `max`.
std::size_t FindParameterBeyond(std::size_t max, std::string_view value) {
  bool is_quoted = false;
  std::size_t count = 0;
  for (std::size_t at = 0; at < value.size(); ++at) {
    if (value[at] == '"') {
      is_quoted = !is_quoted;
    } else if (value[at] == '\\' && is_quoted) {
      ++at;
    } else if (value[at] == ';' && !is_quoted && count++ == max) {
      return at;
    }
  }
  return std::string_view::npos;
}

TextSpan Span(std::size_t begin, std::size_t size) {
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(size)};
}

// One parse. Goes on after the first error, which is the one that is told, so that the index holds what can
// be read.
class Pass {
 public:
  Pass(const ParseLimits& limits, const ParsePolicy& policy, std::string_view text, ScanBlocks scan,
       MessageIndex& index)
      : limits_(limits),
        policy_(policy),
        text_(text.substr(0, limits.message_bytes_max)),
        forms_(text_, scan),
        has_forms_(scan != nullptr),
        index_(index) {
    if (text_.size() < text.size()) Fail(ParseCode::kMessageTooLong, text_.size());
  }

  ParseError Run(Framing framing) {
    Begin();
    if (at_ == text_.size()) {
      Fail(ParseCode::kEmptyMessage, at_);
      return error_;
    }
    StartLine();
    const bool has_body = HeaderSection(framing);
    Fields();
    Parameters();
    Body(framing, has_body);
    return error_;
  }

 private:
  void Fail(ParseCode code, std::size_t offset) {
    if (error_.ok()) error_ = {code, static_cast<std::uint32_t>(offset)};
  }
  void Tolerate(Tolerance tolerance) { index_.tolerances |= static_cast<std::uint32_t>(tolerance); }

  void Begin();
  void StartLine();
  bool PlainStartLine();
  void RequestLine(std::string_view line, std::size_t begin);
  void RequestUri(std::string_view uri, std::size_t begin);
  void StatusLine(std::string_view line, std::size_t begin);
  bool HeaderSection(Framing framing);
  bool AtSectionEnd() const;
  bool BlankLine(Framing framing);
  bool AddLine();
  bool AddHeader(const HeaderText& line);
  const HeaderSpan* Find(HeaderId id) const;
  std::size_t SectionEnd() const {
    return index_.header_section.begin + std::size_t{index_.header_section.size};
  }
  // Of a piece of the text.
  TextSpan SpanOf(std::string_view part) const {
    return part.empty() ? TextSpan{} : Span(OffsetIn(text_, part), part.size());
  }
  // In a host.
  void Underscore(std::string_view host) {
    if (!policy_.accept_underscore_in_host) Fail(ParseCode::kBadHost, OffsetIn(text_, host) + host.find('_'));
    Tolerate(Tolerance::kUnderscoreInHost);
  }
  std::string_view Text(TextSpan span) const { return {text_.data() + span.begin, span.size}; }
  std::string_view ValueOf(const HeaderSpan& header) const { return Text(header.value); }
  // False: the value has more than its limit. A parameter has two characters at least.
  bool LimitParameters(TextSpan value) {
    return value.size <= 2 * limits_.parameters_max || LimitParametersOfLong(value);
  }
  bool LimitParametersOfLong(TextSpan value);
  void Fields();
  void Parameters();
  void TopVia();
  void Address(HeaderId id, ParseCode missing, ParseCode bad, AddressSpans& spans);
  void FirstContact();
  AddressSpans SpansOf(const NameAddr& address) const;
  void CallId();
  void CSeqField();
  void CSeqMethod();
  void MaxForwards();
  void SessionInterval();
  void Body(Framing framing, bool has_body);

  const ParseLimits& limits_;
  const ParsePolicy& policy_;
  std::string_view text_;
  PlainForms forms_;
  bool has_forms_;  // false: everything by the parsers of the fields
  MessageIndex& index_;
  std::size_t at_ = 0;
  ParseError error_;
};

void Pass::Begin() {
  static_cast<IndexHead&>(index_) = {};
  // RFC 3261 7.5
  while (policy_.skip_leading_crlf && text_.substr(at_, 2) == "\r\n") {
    at_ += 2;
    Tolerate(Tolerance::kLeadingCrlf);
  }
  index_.message = Span(at_, text_.size() - at_);
}

void Pass::StartLine() {
  if (PlainStartLine()) return;
  const std::size_t begin = at_;
  const LineEnd end = FindLineEnd(text_, begin, /*folds=*/false);
  at_ = end.next;
  const std::string_view line = text_.substr(begin, end.content - begin);
  if (end.bare_lf) Tolerate(Tolerance::kBareLf);
  if (line.size() >= 4 && EqualsIgnoreCase(line.substr(0, 4), "SIP/")) {
    StatusLine(line, begin);
  } else {
    index_.is_request = true;
    RequestLine(line, begin);
  }
  const std::size_t control = FindControl(line, 0);
  if (control != line.size()) Fail(ParseCode::kControlCharacter, begin + control);
  if (end.bare_lf && !policy_.accept_bare_lf) Fail(ParseCode::kControlCharacter, end.content);
  if (!end.found) Fail(ParseCode::kMissingBlankLine, text_.size());
}

// False: it is another line than plain_forms.h has, and nothing has been done about it.
bool Pass::PlainStartLine() {
  has_forms_ = has_forms_ && forms_.Scan();
  if (!has_forms_) return false;
  if (const std::size_t next = text_[at_] == 'S' ? forms_.StatusLine(at_, index_) : 0; next != 0) {
    at_ = next;
    return true;
  }
  const std::size_t next = forms_.RequestLine(at_, index_);
  if (next == 0 || index_.request_uri.size > std::min(limits_.uri_bytes_max, 2 * limits_.parameters_max)) {
    index_.is_request = false;
    index_.method = Method::kExtension;
    index_.method_text = index_.request_uri = {};
    index_.sip_request_uri = {};
    return false;
  }
  at_ = next;
  return true;
}

// Method SP Request-URI SP SIP-Version
void Pass::RequestLine(std::string_view line, std::size_t begin) {
  Cursor cursor(line);
  const std::string_view method = cursor.TakeAll(kToken);
  if (method.empty()) return Fail(line.empty() ? ParseCode::kBadRequestLine : ParseCode::kBadMethod, begin);
  if (!cursor.AtEnd() && !cursor.At(' ')) return Fail(ParseCode::kBadMethod, begin + cursor.offset());
  index_.method = MethodFromName(method);
  index_.method_text = Span(begin, method.size());
  const std::size_t uri_begin = method.size() + 1;
  const std::size_t last_space = line.rfind(' ');
  if (last_space == std::string_view::npos || last_space < uri_begin) {
    if (uri_begin < line.size()) index_.request_uri = Span(begin + uri_begin, line.size() - uri_begin);
    return Fail(ParseCode::kBadRequestLine, begin + line.size());
  }
  const std::string_view uri = line.substr(uri_begin, last_space - uri_begin);
  index_.request_uri = Span(begin + uri_begin, uri.size());
  const std::size_t version_begin = begin + last_space + 1;
  switch (VersionFromText(line.substr(last_space + 1))) {
    case Version::kSip20:
      break;
    case Version::kOther:
      return Fail(ParseCode::kUnsupportedVersion, version_begin);
    case Version::kMalformed:
      return Fail(ParseCode::kBadRequestLine, version_begin);
  }
  RequestUri(uri, begin + uri_begin);
}

void Pass::RequestUri(std::string_view uri, std::size_t begin) {
  if (uri.size() > limits_.uri_bytes_max) return Fail(ParseCode::kUriTooLong, begin + limits_.uri_bytes_max);
  if (!LimitParameters(index_.request_uri)) return;
  std::size_t fault = 0;
  SipUri sip;
  if (!ParseSipUri(uri, sip, fault)) {
    // RFC 3261 7.1: any scheme is well formed; whether it is served is another question (416).
    if (!CheckUri(uri, fault)) Fail(ParseCode::kBadRequestUri, begin + fault);
    return;
  }
  index_.sip_request_uri = {SpanOf(sip.user),    SpanOf(sip.password),
                            SpanOf(sip.host),    SpanOf(sip.parameters),
                            SpanOf(sip.headers), sip.port,
                            sip.is_sips,         sip.has_user,
                            sip.has_password,    sip.host_has_underscore};
  if (sip.host_has_underscore) Underscore(sip.host);
  if (sip.headers.empty()) return;
  if (!policy_.accept_request_uri_headers) {
    return Fail(ParseCode::kBadRequestUri, begin + uri.size() - sip.headers.size() - 1);
  }
  Tolerate(Tolerance::kRequestUriHeaders);
}

// SIP-Version SP Status-Code SP Reason-Phrase
void Pass::StatusLine(std::string_view line, std::size_t begin) {
  Cursor cursor(line);
  const std::size_t version_size = std::min(line.find(' '), line.size());
  const Version version = VersionFromText(line.substr(0, version_size));
  if (version == Version::kOther) return Fail(ParseCode::kUnsupportedVersion, begin);
  if (version == Version::kMalformed) return Fail(ParseCode::kBadStatusLine, begin);
  cursor.Advance(version_size);
  if (!cursor.Skip(' ')) return Fail(ParseCode::kBadStatusLine, begin + cursor.offset());
  const std::size_t code_begin = cursor.offset();
  const std::string_view digits = cursor.TakeAll(kDigit);
  // RFC 3261 7.2: three digits; no class beyond 6xx (RFC 4475 3.1.2.19).
  if (digits.size() != 3 || digits[0] < '1' || digits[0] > '6') {
    return Fail(ParseCode::kBadStatusCode, begin + code_begin);
  }
  index_.status_code = static_cast<std::uint16_t>(*ParseDecimal(digits, 699));
  if (cursor.Skip(' ')) {
    index_.reason_phrase = Span(begin + cursor.offset(), cursor.left());
  } else if (cursor.AtEnd() && policy_.accept_missing_reason_space) {
    Tolerate(Tolerance::kMissingReasonSpace);
  } else {
    Fail(ParseCode::kBadStatusLine, begin + cursor.offset());
  }
}

// False if the blank line that ends it was not found.
bool Pass::HeaderSection(Framing framing) {
  const std::size_t begin = at_;
  const PlainForms::LineLimits limits = {begin + limits_.header_section_bytes_max, limits_.header_bytes_max,
                                         limits_.header_count_max};
  bool goes_on = true;
  for (;;) {
    if (has_forms_) at_ = forms_.TakeLines(at_, limits, index_);
    if (!goes_on || at_ - begin > limits_.header_section_bytes_max || AtSectionEnd()) break;
    goes_on = AddLine();
  }
  index_.header_section = Span(begin, at_ - begin);
  if (!goes_on) return false;
  if (at_ - begin > limits_.header_section_bytes_max) {
    Fail(ParseCode::kHeaderSectionTooLong, begin + limits_.header_section_bytes_max);
    return false;
  }
  return BlankLine(framing);
}

bool Pass::AtSectionEnd() const {
  if (at_ == text_.size() || text_[at_] == '\n') return true;
  return text_[at_] == '\r' && text_.size() - at_ > 1 && text_[at_ + 1] == '\n';
}

bool Pass::BlankLine(Framing framing) {
  if (at_ == text_.size()) {
    // An incomplete line has failed already.
    const bool tolerated =
        framing == Framing::kDatagram && policy_.accept_missing_blank_line && index_.header_count > 0;
    if (!tolerated) Fail(ParseCode::kMissingBlankLine, at_);
    Tolerate(Tolerance::kMissingBlankLine);
    return tolerated;
  }
  if (text_[at_] == '\n') {
    if (!policy_.accept_bare_lf) Fail(ParseCode::kControlCharacter, at_);
    Tolerate(Tolerance::kBareLf);
    ++at_;
  } else {
    at_ += 2;
  }
  return true;
}

// A line that is not plain. False if no further header field can be taken.
bool Pass::AddLine() {
  HeaderText line;
  const ParseError error = TakeHeaderLine(text_, at_, /*accept_bare_lf=*/true, line);
  at_ = line.end.next;
  if (line.end.bare_lf) {
    Tolerate(Tolerance::kBareLf);
    // Read all the same, so that a refusal can be sent.
    if (error.ok() && !policy_.accept_bare_lf) Fail(ParseCode::kControlCharacter, line.end.lone_break);
  }
  if (!error.ok()) {
    Fail(error.code, error.offset);
  } else if (!AddHeader(line)) {
    return false;
  }
  if (!line.end.found) Fail(ParseCode::kMissingBlankLine, text_.size());
  return true;
}

// False if no further header field can be taken.
bool Pass::AddHeader(const HeaderText& line) {
  if (line.end.content - line.name_begin > limits_.header_bytes_max) {
    Fail(ParseCode::kHeaderTooLong, line.name_begin + limits_.header_bytes_max);
    return true;
  }
  if (index_.header_count == limits_.header_count_max) {
    Fail(ParseCode::kTooManyHeaders, line.name_begin);
    return false;
  }
  HeaderSpan& header = index_.headers[index_.header_count++];
  header.name = Span(line.name_begin, line.name_size);
  header.value = Span(line.value_begin, line.value_size);
  header.id = line.id;
  std::uint16_t& first = index_.first_with_id[static_cast<std::size_t>(header.id)];
  if (first == 0) {
    first = index_.header_count;
    return true;
  }
  index_.has_repetitions = true;
  const Repetition repetition = HeaderRepetition(header.id);
  if (repetition == Repetition::kRefused ||
      (repetition == Repetition::kRefusedIfStrict && !policy_.accept_repeated_informative_fields)) {
    Fail(ParseCode::kRepeatedHeader, line.name_begin);
  } else if (repetition == Repetition::kRefusedIfStrict) {
    Tolerate(Tolerance::kRepeatedInformativeField);
  }
  return true;
}

const HeaderSpan* Pass::Find(HeaderId id) const {
  const std::size_t place = index_.first_with_id[static_cast<std::size_t>(id)];
  return place == 0 ? nullptr : &index_.headers[place - 1];
}

// RFC 3261 8.1.1: what every message has; without it no response can be made and none be matched. What has a
// plain form is in the index already.
void Pass::Fields() {
  if (index_.top_via.text.size == 0) TopVia();
  if (index_.from.text.size == 0) {
    Address(HeaderId::kFrom, ParseCode::kMissingFrom, ParseCode::kBadFrom, index_.from);
  }
  if (index_.to.text.size == 0) Address(HeaderId::kTo, ParseCode::kMissingTo, ParseCode::kBadTo, index_.to);
  if (!forms_.has_call_id()) CallId();
  if (index_.cseq_method_text.size == 0) CSeqField();
  CSeqMethod();
  // RFC 3261 7.3.2: in a response it means nothing.
  if (index_.is_request && !index_.max_forwards) MaxForwards();
  if (index_.contact.text.size == 0) FirstContact();
  if (!index_.session_interval) SessionInterval();
}

void Pass::Parameters() {
  const std::uint32_t any =
      index_.top_via.text.size | index_.from.text.size | index_.to.text.size | index_.contact.text.size;
  if (any <= 2 * limits_.parameters_max) return;  // none is so long
  for (TextSpan value : {index_.top_via.text, index_.from.text, index_.to.text, index_.contact.text}) {
    if (!LimitParameters(value)) return;
  }
}

bool Pass::LimitParametersOfLong(TextSpan value) {
  const std::size_t beyond = FindParameterBeyond(limits_.parameters_max, Text(value));
  if (beyond == std::string_view::npos) return true;
  Fail(ParseCode::kTooManyParameters, value.begin + beyond);
  return false;
}

void Pass::TopVia() {
  const HeaderSpan* header = Find(HeaderId::kVia);
  if (header == nullptr) return Fail(ParseCode::kMissingVia, SectionEnd());
  Via via;
  const ParseError error = ParseVia(ValueOf(*header), via, nullptr);
  if (!error.ok()) return Fail(ParseCode::kBadVia, header->value.begin + error.offset);
  index_.top_via = {SpanOf(via.text),
                    SpanOf(via.transport),
                    SpanOf(via.host),
                    SpanOf(via.branch),
                    SpanOf(via.received),
                    SpanOf(via.maddr),
                    via.port,
                    via.rport,
                    via.ttl,
                    via.has_rport,
                    via.host_has_underscore};
  if (via.host_has_underscore) Underscore(via.host);
}

void Pass::CallId() {
  const HeaderSpan* header = Find(HeaderId::kCallId);
  if (header == nullptr) return Fail(ParseCode::kMissingCallId, SectionEnd());
  const ParseError error = CheckCallId(ValueOf(*header));
  if (!error.ok()) Fail(ParseCode::kBadCallId, header->value.begin + error.offset);
}

// From and To: one address.
void Pass::Address(HeaderId id, ParseCode missing, ParseCode bad, AddressSpans& spans) {
  const HeaderSpan* header = Find(id);
  if (header == nullptr) return Fail(missing, SectionEnd());
  NameAddr address;
  std::string_view rest;
  const ParseError error = ParseNameAddr(ValueOf(*header), address, &rest);
  if (!error.ok()) {
    if (LimitParameters(header->value)) Fail(bad, header->value.begin + error.offset);
    return;
  }
  if (address.is_star) return Fail(bad, header->value.begin);
  if (!rest.empty()) return Fail(bad, header->value.begin + header->value.size - rest.size());
  spans = SpansOf(address);
  SipUri uri;
  if (address.uri.find('_') != address.uri.npos) {
    Cursor cursor(address.uri);
    if (TakeSipUri(cursor, uri) && uri.host_has_underscore) Underscore(uri.host);
  }
}

// Whatever is wrong with it is for those to tell who need it.
void Pass::FirstContact() {
  const HeaderSpan* header = Find(HeaderId::kContact);
  if (header == nullptr) return;
  NameAddr address;
  if (ParseNameAddr(ValueOf(*header), address, nullptr).ok()) index_.contact = SpansOf(address);
}

AddressSpans Pass::SpansOf(const NameAddr& address) const {
  return {SpanOf(address.text),       SpanOf(address.display_name), SpanOf(address.uri),
          SpanOf(address.parameters), SpanOf(address.tag),          address.is_star,
          address.in_brackets};
}

void Pass::CSeqField() {
  const HeaderSpan* header = Find(HeaderId::kCSeq);
  if (header == nullptr) return Fail(ParseCode::kMissingCSeq, SectionEnd());
  CSeq cseq;
  const ParseError error = ParseCSeq(ValueOf(*header), cseq);
  if (!error.ok()) return Fail(ParseCode::kBadCSeq, header->value.begin + error.offset);
  index_.cseq_number = cseq.number;
  index_.cseq_method_text = SpanOf(cseq.method_text);
}

// RFC 3261 8.1.1.5
void Pass::CSeqMethod() {
  if (index_.cseq_method_text.size == 0) return;
  const std::string_view method = Text(index_.cseq_method_text);
  if (index_.is_request && AreSame(method, Text(index_.method_text))) {
    index_.cseq_method = index_.method;
    return;
  }
  index_.cseq_method = MethodFromName(method);
  if (index_.is_request) Fail(ParseCode::kCSeqMethodMismatch, index_.cseq_method_text.begin);
}

void Pass::MaxForwards() {
  if (const HeaderSpan* header = Find(HeaderId::kMaxForwards)) {
    std::uint8_t number = 0;
    if (!ParseMaxForwards(ValueOf(*header), number).ok()) {
      return Fail(ParseCode::kBadMaxForwards, header->value.begin);
    }
    index_.max_forwards = number;
  } else if (policy_.accept_missing_max_forwards) {
    Tolerate(Tolerance::kMissingMaxForwards);
  } else {
    Fail(ParseCode::kMissingMaxForwards, SectionEnd());
  }
}

// RFC 4028 4. Whatever is wrong with it is for those to tell who need it.
void Pass::SessionInterval() {
  const HeaderSpan* header = Find(HeaderId::kSessionExpires);
  if (header == nullptr) return;
  DeltaSeconds field;
  if (ParseDeltaSeconds(ValueOf(*header), field).ok()) index_.session_interval = field.seconds;
}

// RFC 3261 18.3
void Pass::Body(Framing framing, bool has_body) {
  if (!has_body) return;
  const std::size_t there = text_.size() - at_;
  std::uint64_t size = there;
  if (const HeaderSpan* header = Find(HeaderId::kContentLength)) {
    std::uint64_t length = forms_.content_length().value_or(0);
    const ParseError error =
        forms_.content_length() ? ParseError{} : ParseContentLength(ValueOf(*header), length);
    if (!error.ok()) {
      Fail(error.code, header->value.begin + error.offset);
    } else if (length > there || (framing == Framing::kStream && length != there)) {
      Fail(ParseCode::kContentLengthMismatch, header->value.begin);
    } else {
      size = length;
    }
  } else if (framing == Framing::kStream) {
    if (!policy_.accept_missing_stream_content_length) {
      Fail(ParseCode::kMissingContentLength, at_);
    } else if (there != 0) {
      Fail(ParseCode::kContentLengthMismatch, at_);
    } else {
      Tolerate(Tolerance::kMissingStreamContentLength);
    }
  }
  if (size > limits_.body_bytes_max) Fail(ParseCode::kBodyTooLong, at_ + limits_.body_bytes_max);
  index_.body = Span(at_, static_cast<std::size_t>(size));
  index_.message.size =
      static_cast<std::uint32_t>(at_ + static_cast<std::size_t>(size) - index_.message.begin);
}

}  // namespace

Parser::Parser(const ParseLimits& limits, const ParsePolicy& policy, ScanVariant variant)
    : limits_(limits), policy_(policy) {
  // Offsets are 32-bit numbers, with room for a sum of two.
  limits_.message_bytes_max = std::min(limits_.message_bytes_max, std::size_t{0x7FFFFFFF});
  limits_.header_count_max = std::min(limits_.header_count_max, kHeaderCountMax);
  // Without an instruction set for masks it takes longer to make them than they save.
  if (variant != ScanVariant::kPortable) scan_ = ScanBlocksOf(variant);
}

ParseError Parser::Parse(std::string_view bytes, Framing framing, MessageIndex& index) const {
  return Pass(limits_, policy_, bytes, scan_, index).Run(framing);
}

}  // namespace sansip
