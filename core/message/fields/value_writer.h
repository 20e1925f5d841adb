// A header field's value into the caller's storage, piece by piece: what every typed field is written with.
//
// As suspicious as Writer: a piece that its rule does not allow (a token with a space, a quoted string with a
// line break, a number of parameters' text that is no such text) is an error and nothing of it is written.
// Beyond the storage it goes on counting: needed() says how much it would have taken. Each field's file has
// a Write(const Field&, ValueWriter&) beside its parser; Writer::Field() puts one into a message.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_VALUE_WRITER_H_
#define SANSIP_CORE_MESSAGE_FIELDS_VALUE_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

#include "sansip/core/message/output.h"

namespace sansip {

class ValueWriter {
 public:
  explicit ValueWriter(std::span<char> storage) : out_(storage) {}

  // A separator or keyword of the grammar, such as ";tag="; never a value from outside.
  void Literal(std::string_view text);
  void Token(std::string_view token);
  void Number(std::uint64_t number);
  // A quoted-string that stands for `text`: quotation marks and backslashes escaped. A control character is
  // an error.
  void Quoted(std::string_view text);
  // A value that comes from a parsed field or from the user, as it stands: any text without control
  // characters outside quoted-pairs; folding becomes a space (RFC 3261 7.3.1).
  void Text(std::string_view text);
  // The same, where it is one element: a comma outside quotes, brackets and comments is an error, too.
  void Element(std::string_view text);
  // The same, where its quotation marks and backslashes are escaped already, as a parsed one's are.
  void QuotedText(std::string_view text);
  // display-name: a quoted-string, or tokens with spaces between them.
  void DisplayName(std::string_view name);
  // comment, with its parentheses.
  void Comment(std::string_view comment);
  void Host(std::string_view host, bool may_have_underscore = false);
  void Uri(std::string_view uri);
  // ";a=b;c" as parsed: nothing, or SEMI generic-param again and again.
  void Parameters(std::string_view parameters);
  // The same without those of these names: a field writes them out of members of its own.
  void ParametersExcept(std::string_view parameters, std::initializer_list<std::string_view> names);
  // A piece that the field's own rule does not allow.
  void Refuse() { ok_ = false; }

  bool ok() const { return ok_; }  // every piece was what its rule allows
  std::size_t needed() const { return out_.needed(); }
  std::size_t room() const { return out_.room().size(); }
  // What was written; empty if it was not ok or did not fit.
  std::string_view text() const { return ok_ && out_.fits() ? out_.text() : std::string_view(); }

 private:
  Output out_;
  bool ok_ = true;
};

// Elements of a comma list, or none.
template <typename T>
void Write(std::span<const T> elements, ValueWriter& value) {
  bool first = true;
  for (const T& element : elements) {
    if (!first) value.Literal(", ");
    first = false;
    Write(element, value);
  }
}

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_VALUE_WRITER_H_
