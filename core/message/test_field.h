// Typed fields for tests: read and written again, compared, and where a malformed value goes wrong. All but
// the last take the field's parser, of one value or of a list's element.
#ifndef SANSIP_CORE_MESSAGE_TEST_FIELD_H_
#define SANSIP_CORE_MESSAGE_TEST_FIELD_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/core/message/field_check.h"
#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"
#include "sansip/core/message/test_message.h"

namespace sansip {

template <typename Field>
using ParseValue = ParseError (*)(std::string_view value, Field& field);
template <typename Field>
using ParseElement = ParseError (*)(std::string_view value, Field& field, std::string_view* rest);

// "refused" for what may not be written.
template <typename Field>
std::string Written(const Field& field) {
  std::string storage(2048, '\0');
  ValueWriter value(storage);
  Write(field, value);
  EXPECT_LE(value.needed(), storage.size());
  return value.ok() ? std::string(value.text()) : "refused";
}

template <typename Field>
Field Read(ParseValue<Field> parse, std::string_view value) {
  Field field{};
  EXPECT_EQ(parse(value, field), ParseError{}) << value;
  return field;
}

template <typename Field>
std::vector<Field> Read(ParseElement<Field> parse, std::string_view value) {
  std::vector<Field> elements;
  for (std::string_view rest = value; !rest.empty();) {
    Field field{};
    EXPECT_EQ(parse(rest, field, &rest), ParseError{}) << value;
    elements.push_back(field);
    if (testing::Test::HasFailure()) break;
  }
  return elements;
}

// What is written of a value, which, read again, is equivalent and written the same.
template <typename Field>
std::string Rewritten(ParseValue<Field> parse, std::string_view value) {
  const Field field = Read(parse, value);
  const std::string written = Written(field);
  const Field again = Read(parse, written);
  EXPECT_TRUE(Equivalent(field, field)) << value;
  EXPECT_TRUE(Equivalent(field, again)) << value;
  EXPECT_EQ(Written(again), written);
  return written;
}

// The same, of all elements, with ", " between them.
template <typename Field>
std::string Rewritten(ParseElement<Field> parse, std::string_view value) {
  std::string written;
  for (const Field& field : Read(parse, value)) {
    const std::string element = Written(field);
    const std::vector<Field> again = Read(parse, element);
    EXPECT_EQ(again.size(), 1u) << element;
    if (again.size() != 1) return element;
    EXPECT_TRUE(Equivalent(field, field)) << value;
    EXPECT_TRUE(Equivalent(field, again[0])) << value;
    EXPECT_EQ(Written(again[0]), element);
    written.append(written.empty() ? "" : ", ").append(element);
  }
  return written;
}

template <typename Field>
bool AreEquivalent(ParseValue<Field> parse, std::string_view a, std::string_view b) {
  const Field in_a = Read(parse, a), in_b = Read(parse, b);
  EXPECT_EQ(Equivalent(in_a, in_b), Equivalent(in_b, in_a)) << a << " and " << b;
  return Equivalent(in_a, in_b);
}

// Of the first elements.
template <typename Field>
bool AreEquivalent(ParseElement<Field> parse, std::string_view a, std::string_view b) {
  Field in_a{}, in_b{};
  EXPECT_EQ(parse(a, in_a, nullptr), ParseError{}) << a;
  EXPECT_EQ(parse(b, in_b, nullptr), ParseError{}) << b;
  EXPECT_EQ(Equivalent(in_a, in_b), Equivalent(in_b, in_a)) << a << " and " << b;
  return Equivalent(in_a, in_b);
}

template <typename Field>
ParseError ErrorOf(ParseValue<Field> parse, std::string_view value) {
  Field field{};
  return parse(value, field);
}

// Of the first element that is malformed.
template <typename Field>
ParseError ErrorOf(ParseElement<Field> parse, std::string_view value) {
  for (std::string_view rest = value;;) {
    const std::size_t begin = value.size() - rest.size();
    Field field{};
    ParseError error = parse(rest, field, &rest);
    error.offset += static_cast<std::uint32_t>(error.ok() ? 0 : begin);
    if (!error.ok() || rest.empty()) return error;
  }
}

struct Malformed {
  std::string_view value;
  ParseCode code;
  std::uint32_t offset;
};

template <typename Parse, std::size_t kSize>
void ExpectMalformed(Parse parse, const Malformed (&rows)[kSize]) {
  for (const Malformed& row : rows) {
    const ParseError error = ErrorOf(parse, row.value);
    EXPECT_EQ(ParseCodeText(error.code), ParseCodeText(row.code)) << row.value;
    EXPECT_EQ(error.offset, row.offset) << row.value;
  }
}

// What CheckFields() says of a header line in a request or a response; the offset is into the line.
inline ParseError CheckLine(std::string_view line, bool response = false) {
  std::string text = RequestWith({line});
  if (response) text.replace(0, text.find("\r\n"), "SIP/2.0 200 OK................");
  const Parsed parsed(text);
  EXPECT_TRUE(parsed.ok()) << line;
  ParseError error = CheckFields(parsed.view());
  if (!error.ok()) error.offset -= static_cast<std::uint32_t>(text.find("\r\n") + 2);
  return error;
}

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_TEST_FIELD_H_
