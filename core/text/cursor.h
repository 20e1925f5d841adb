// A position in a text that only moves forward and never leaves it: what the parsers of fields and URIs step
// with. With core/text/scan_* the only place that reaches into text by pointer.
#ifndef SANSIP_CORE_TEXT_CURSOR_H_
#define SANSIP_CORE_TEXT_CURSOR_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"

namespace sansip {

class Cursor {
 public:
  explicit constexpr Cursor(std::string_view text)
      : begin_(text.data()), at_(text.data()), end_(text.data() + text.size()) {}

  constexpr bool AtEnd() const { return at_ == end_; }
  constexpr std::size_t offset() const { return static_cast<std::size_t>(at_ - begin_); }
  constexpr std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
  constexpr std::string_view rest() const { return {at_, left()}; }
  // The text from an earlier offset to here.
  constexpr std::string_view Since(std::size_t offset) const {
    return {begin_ + offset, static_cast<std::size_t>(at_ - begin_) - offset};
  }

  // NUL at the end: compare with At('\0') only after AtEnd().
  constexpr char Peek() const { return AtEnd() ? '\0' : *at_; }
  constexpr bool At(char c) const { return !AtEnd() && *at_ == c; }
  constexpr bool AtAny(std::uint32_t classes) const { return !AtEnd() && Is(classes, *at_); }

  constexpr bool Skip(char c) {
    if (!At(c)) return false;
    ++at_;
    return true;
  }
  constexpr void Advance(std::size_t count) { at_ += count < left() ? count : left(); }
  constexpr std::string_view TakeAll(std::uint32_t classes) {
    const char* from = at_;
    at_ = FirstNotIn(classes);
    return {from, static_cast<std::size_t>(at_ - from)};
  }

  // SWS (RFC 3261 25.1): white space, folding included. True if there was any. A CR or LF that does not fold
  // is left where it is.
  constexpr bool SkipWhiteSpace() { return AtAny(kBlank) && SkipBlanks(); }

  // `lower` is lower-case letters and what has no case; true if the text goes on with it in any case.
  constexpr bool SkipIgnoreCase(std::string_view lower) {
    if (left() < lower.size()) return false;
    for (std::size_t i = 0; i < lower.size(); ++i) {
      if (at_[i] != lower[i] && ToLower(at_[i]) != lower[i]) return false;
    }
    at_ += lower.size();
    return true;
  }

  // "%" HEXDIG HEXDIG (RFC 3261 25.1 escaped); false, and nothing taken, if there is none here.
  constexpr bool SkipEscape() {
    if (left() < 3 || at_[0] != '%' || !Is(kHexDigit, at_[1]) || !Is(kHexDigit, at_[2])) return false;
    at_ += 3;
    return true;
  }

  // A quoted-string whose opening DQUOTE is here; false if it is not closed or holds what it must not, and
  // then the cursor stands there.
  constexpr bool SkipQuotedString() {
    if (!Skip('"')) return false;
    for (;;) {
      at_ = FirstNotIn(kQuotedText | kWhiteSpace);
      if (at_ == end_) return false;
      if (*at_ == '"') {
        ++at_;
        return true;
      } else if (*at_ == '\\') {
        // RFC 3261 25.1 quoted-pair: anything of US-ASCII but CR and LF.
        if (end_ - at_ < 2 || at_[1] == '\r' || at_[1] == '\n' || static_cast<unsigned char>(at_[1]) > 0x7F) {
          return false;
        }
        at_ += 2;
      } else if (!SkipWhiteSpace()) {
        return false;
      }
    }
  }

 private:
  // Four at a time, for one look at the end.
  constexpr const char* FirstNotIn(std::uint32_t classes) const {
    const char* at = at_;
    for (; end_ - at >= 4; at += 4) {
      if (!Is(classes, at[0])) return at;
      if (!Is(classes, at[1])) return at + 1;
      if (!Is(classes, at[2])) return at + 2;
      if (!Is(classes, at[3])) return at + 3;
    }
    while (at != end_ && Is(classes, *at)) ++at;
    return at;
  }

  constexpr bool SkipBlanks() {
    const char* from = at_;
    while (at_ != end_) {
      if (Is(kWhiteSpace, *at_)) {
        ++at_;
      } else if (const std::size_t fold = FoldSize()) {
        at_ += fold;
      } else {
        break;
      }
    }
    return at_ != from;
  }

  // CRLF or LF with white space behind it: the size of the line break, else 0.
  constexpr std::size_t FoldSize() const {
    const std::size_t size = *at_ == '\n' ? 1 : (*at_ == '\r' && left() > 1 && at_[1] == '\n') ? 2 : 0;
    return size != 0 && left() > size && Is(kWhiteSpace, at_[size]) ? size : 0;
  }

  const char* begin_;
  const char* at_;
  const char* end_;
};

// Where `part`, which is a piece of `text` and not empty, begins in it.
inline std::size_t OffsetIn(std::string_view text, std::string_view part) {
  return static_cast<std::size_t>(part.data() - text.data());
}

}  // namespace sansip

#endif  // SANSIP_CORE_TEXT_CURSOR_H_
