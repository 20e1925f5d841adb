#include "sansip/cli/message_problems.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "sansip/core/message/field_check.h"
#include "sansip/core/message/fields/call_id.h"
#include "sansip/core/message/fields/content_length.h"
#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/fields/max_forwards.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/via.h"
#include "sansip/core/message/header_id.h"
#include "sansip/core/message/header_line.h"
#include "sansip/core/text/ascii.h"

namespace sansip::cli {
namespace {

// The fields that a message cannot be without (RFC 3261 8.1.1).
struct Required {
  HeaderId id;
  ParseCode missing;
};
constexpr Required kRequired[] = {
    {HeaderId::kVia, ParseCode::kMissingVia},   {HeaderId::kFrom, ParseCode::kMissingFrom},
    {HeaderId::kTo, ParseCode::kMissingTo},     {HeaderId::kCallId, ParseCode::kMissingCallId},
    {HeaderId::kCSeq, ParseCode::kMissingCSeq},
};

ParseError CheckOneAddress(std::string_view value, ParseCode bad) {
  NameAddr address;
  std::string_view rest;
  const ParseError error = ParseNameAddr(value, address, &rest);
  if (!error.ok()) return {bad, error.offset};
  if (address.is_star) return {bad, 0};
  return rest.empty() ? ParseError{}
                      : ParseError{bad, static_cast<std::uint32_t>(value.size() - rest.size())};
}

class Search {
 public:
  Search(std::string_view bytes, const MessageView& message, const Parser& parser, Framing framing)
      : bytes_(bytes), message_(message), policy_(parser.policy()), framing_(framing) {}

  Problems Run(ParseError error) {
    if (!error.ok()) Add(error, FieldAt(error.offset), true);
    LineFeeds();
    Lines();
    for (std::size_t i = 0; i < message_.header_count(); ++i) Field(i);
    if (const auto star = FindStrayStar(message_)) Add(ParseCode::kBadContact, *star, FieldAt(*star), false);
    Missing();
    std::stable_sort(problems_.list.begin(), problems_.list.end(),
                     [](const Problem& a, const Problem& b) { return a.error.offset < b.error.offset; });
    if (problems_.list.size() > kProblemsMax) {
      problems_.list.resize(kProblemsMax);
      problems_.has_more = true;
    }
    return problems_;
  }

 private:
  static constexpr std::size_t kNone = ~std::size_t{0};

  const HeaderSpan& Span(std::size_t i) const { return message_.index().headers[i]; }
  std::size_t SectionEnd() const {
    return message_.index().header_section.begin + std::size_t{message_.index().header_section.size};
  }

  // The header field that has this byte in it.
  std::size_t FieldAt(std::size_t offset) const {
    for (std::size_t i = 0; i < message_.header_count(); ++i) {
      const std::size_t end = Span(i).value.begin + std::size_t{Span(i).value.size};
      if (offset >= Span(i).name.begin && offset <= end) return i;
    }
    return kNone;
  }

  void Add(ParseError error, std::size_t field, bool is_fatal) {
    // Twice this many are enough to know that there are more.
    if (problems_.list.size() > 2 * kProblemsMax) return;
    for (const Problem& known : problems_.list) {
      if (known.error.offset == error.offset && known.error.code == error.code) return;
    }
    Problem problem = {.error = error, .is_fatal = is_fatal};
    if (field != kNone) {
      problem.field = Span(field).id;
      problem.value = message_.header(field).value;
      problem.value_begin = Span(field).value.begin;
    } else if (error.offset < message_.index().header_section.begin) {
      const std::size_t begin = message_.index().message.begin;
      problem.value = bytes_.substr(begin, bytes_.substr(begin).find_first_of("\r\n"));
      problem.value_begin = begin;
    }
    problems_.list.push_back(problem);
  }
  void Add(ParseCode code, std::size_t offset, std::size_t field, bool is_fatal = true) {
    Add({code, static_cast<std::uint32_t>(offset)}, field, is_fatal);
  }

  // Once, however many lines end so.
  void LineFeeds() {
    if (policy_.accept_bare_lf) return;
    const std::string_view head = bytes_.substr(0, SectionEnd());
    for (std::size_t at = head.find('\n'); at != std::string_view::npos; at = head.find('\n', at + 1)) {
      if (at == 0 || head[at - 1] != '\r') return Add(ParseCode::kControlCharacter, at, FieldAt(at));
    }
  }

  void Lines() {
    for (std::size_t at = message_.index().header_section.begin; at < SectionEnd();) {
      HeaderText line;
      const ParseError error = TakeHeaderLine(bytes_, at, /*accept_bare_lf=*/true, line);
      if (!error.ok()) {
        Add(error, kNone, true);
        // What stands there, if malformed, is not missing.
        const std::string_view text = Trim(bytes_.substr(at, line.end.content - at));
        const std::string_view name = text.substr(0, text.find_first_of(": \t"));
        is_there_[static_cast<std::size_t>(HeaderIdFromName(name))] = true;
      }
      at = line.end.next;
    }
  }

  void Field(std::size_t i) {
    const HeaderId id = Span(i).id;
    const bool is_again = message_.index().first_with_id[static_cast<std::size_t>(id)] != i + 1;
    const Repetition repetition = HeaderRepetition(id);
    if (is_again && (repetition == Repetition::kRefused || (repetition == Repetition::kRefusedIfStrict &&
                                                            !policy_.accept_repeated_informative_fields))) {
      Add(ParseCode::kRepeatedHeader, Span(i).name.begin, i);
    }
    ParseError error = ParsersOwn(id, message_.header(i).value);
    if (!error.ok()) {
      error.offset += Span(i).value.begin;
      return Add(error, i, true);
    }
    error = CheckField(message_, i);
    // Of Via the parser reads the topmost value.
    if (!error.ok()) Add(error, i, id == HeaderId::kVia && !is_again && !IsTopViaRead(i));
    if (!is_again) Lengths(i);
  }

  bool IsTopViaRead(std::size_t i) const {
    Via via;
    return ParseVia(message_.header(i).value, via, nullptr).ok();
  }

  // What the parser checks itself, as it does.
  ParseError ParsersOwn(HeaderId id, std::string_view value) const {
    switch (id) {
      case HeaderId::kFrom:
        return CheckOneAddress(value, ParseCode::kBadFrom);
      case HeaderId::kTo:
        return CheckOneAddress(value, ParseCode::kBadTo);
      case HeaderId::kCallId: {
        const ParseError error = CheckCallId(value);
        return error.ok() ? error : ParseError{ParseCode::kBadCallId, error.offset};
      }
      case HeaderId::kCSeq: {
        CSeq cseq;
        const ParseError error = ParseCSeq(value, cseq);
        if (!error.ok()) return {ParseCode::kBadCSeq, error.offset};
        if (message_.is_response() || cseq.method_text == message_.method_text()) return {};
        return {ParseCode::kCSeqMethodMismatch,
                static_cast<std::uint32_t>(value.size() - cseq.method_text.size())};
      }
      case HeaderId::kMaxForwards: {
        std::uint8_t number = 0;
        return message_.is_response() ? ParseError{} : ParseMaxForwards(value, number);
      }
      case HeaderId::kContentLength: {
        std::uint64_t length = 0;
        return ParseContentLength(value, length);
      }
      default:
        return {};
    }
  }

  // RFC 3261 18.3
  void Lengths(std::size_t i) {
    const TextSpan body = message_.index().body;
    std::uint64_t length = 0;
    if (Span(i).id != HeaderId::kContentLength || body.begin == 0) return;
    if (!ParseContentLength(message_.header(i).value, length).ok()) return;
    const std::uint64_t there = bytes_.size() - body.begin;
    if (length > there || (framing_ == Framing::kStream && length != there)) {
      Add(ParseCode::kContentLengthMismatch, Span(i).value.begin, i);
    }
  }

  void Missing() {
    // What is no message at all misses nothing.
    const bool has_start_line = message_.is_response() || !message_.request_uri().empty();
    if (message_.header_count() == 0 && !has_start_line) return;
    for (const Required& row : kRequired) {
      if (!message_.Has(row.id) && !is_there_[static_cast<std::size_t>(row.id)])
        Add(row.missing, SectionEnd(), kNone);
    }
    if (message_.is_request() && !policy_.accept_missing_max_forwards &&
        !message_.Has(HeaderId::kMaxForwards)) {
      Add(ParseCode::kMissingMaxForwards, SectionEnd(), kNone);
    }
    const std::size_t body = message_.index().body.begin;
    if (framing_ == Framing::kStream && !policy_.accept_missing_stream_content_length && body != 0 &&
        !message_.Has(HeaderId::kContentLength)) {
      Add(ParseCode::kMissingContentLength, body, kNone);
    }
  }

  std::string_view bytes_;
  const MessageView& message_;
  const ParsePolicy& policy_;
  Framing framing_;
  std::array<bool, kHeaderIdCount> is_there_{};  // on a line that is no header field
  Problems problems_;
};

}  // namespace

Problems FindProblems(std::string_view bytes, const MessageView& message, ParseError error,
                      const Parser& parser, Framing framing) {
  return Search(bytes, message, parser, framing).Run(error);
}

}  // namespace sansip::cli
