#include "sansip/core/message/fields/value_writer.h"

#include <array>
#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/writer.h"

namespace sansip {
namespace {

template <typename WritePieces>
std::string WrittenBy(WritePieces write, std::size_t room = 256) {
  std::string storage(room, '\0');
  ValueWriter value(storage);
  write(value);
  if (!value.ok()) return "refused";
  if (value.needed() > room) return "no room";
  return std::string(value.text());
}

TEST(ValueWriterTest, WritesPieces) {
  EXPECT_EQ(WrittenBy([](ValueWriter& value) {
              value.Token("abc");
              value.Literal(";n=");
              value.Number(18446744073709551615u);
              value.Literal(" ");
              value.Quoted("a \"b\" \\");
              value.Parameters(" ;a=b ; c");
            }),
            "abc;n=18446744073709551615 \"a \\\"b\\\" \\\\\" ;a=b ; c");
}

TEST(ValueWriterTest, UnfoldsWhatWasParsed) {
  EXPECT_EQ(WrittenBy([](ValueWriter& value) { value.Text("a\r\n \t b"); }), "a b");
}

TEST(ValueWriterTest, RefusesWhatTheRuleDoesNotAllow) {
  EXPECT_EQ(WrittenBy([](ValueWriter& value) { value.Token("a b"); }), "refused");
  EXPECT_EQ(WrittenBy([](ValueWriter& value) { value.Token(""); }), "refused");
  EXPECT_EQ(WrittenBy([](ValueWriter& value) { value.Quoted("a\r\nX: y"); }), "refused");
  EXPECT_EQ(WrittenBy([](ValueWriter& value) { value.Text("a\r\nX: y"); }), "refused");
  EXPECT_EQ(WrittenBy([](ValueWriter& value) { value.Text(std::string_view("a\0b", 3)); }), "refused");
  EXPECT_EQ(WrittenBy([](ValueWriter& value) { value.Element("a, b"); }), "refused");
  EXPECT_EQ(WrittenBy([](ValueWriter& value) { value.Element("<a"); }), "refused");
  EXPECT_EQ(WrittenBy([](ValueWriter& value) { value.Element("\"a, b\" <c,d>"); }), "\"a, b\" <c,d>");
  EXPECT_EQ(WrittenBy([](ValueWriter& value) { value.Parameters(";a=b, c"); }), "refused");
  EXPECT_EQ(WrittenBy([](ValueWriter& value) { value.Parameters("a=b"); }), "refused");
  EXPECT_EQ(WrittenBy([](ValueWriter& value) { value.Parameters(";a=\"b"); }), "refused");
  EXPECT_EQ(WrittenBy([](ValueWriter& value) { value.Parameters(";a="); }), "refused");
  EXPECT_EQ(WrittenBy([](ValueWriter& value) { value.Parameters(";"); }), "refused");
}

TEST(ValueWriterTest, CountsOnBeyondItsStorage) {
  std::array<char, 3> storage;
  ValueWriter value(storage);
  value.Literal("abc");
  EXPECT_EQ(value.text(), "abc");
  value.Literal("d");
  EXPECT_EQ(value.needed(), 4u);
  EXPECT_EQ(value.text(), "");
}

TEST(WriterFieldTest, PutsATypedFieldIntoAMessage) {
  std::array<char, 64> storage;
  Writer writer(storage);
  writer.Field(HeaderId::kCSeq, CSeq{.number = 7, .method = Method::kInvite, .method_text = "INVITE"});
  EXPECT_EQ(writer.text(), "CSeq: 7 INVITE\r\n");
  EXPECT_EQ(writer.error(), WriteError::kNone);
}

TEST(WriterFieldTest, WritesNothingOfARefusedField) {
  std::array<char, 64> storage;
  Writer writer(storage);
  writer.Field(HeaderId::kCSeq, CSeq{.number = 7, .method_text = "IN VITE"});
  EXPECT_EQ(writer.error(), WriteError::kBadValue);
  EXPECT_EQ(writer.text(), "");
}

TEST(WriterFieldTest, LeavesContentLengthToBody) {
  std::array<char, 64> storage;
  Writer writer(storage);
  writer.Field(HeaderId::kContentLength, CSeq{.number = 7, .method_text = "INVITE"});
  EXPECT_EQ(writer.error(), WriteError::kBadName);
  EXPECT_EQ(writer.text(), "");
}

std::string WrittenText(void (ValueWriter::*piece)(std::string_view), std::string_view text) {
  return WrittenBy([piece, text](ValueWriter& value) { (value.*piece)(text); });
}

TEST(ValueWriterTest, QuotedTextIsEscapedAlready) {
  EXPECT_EQ(WrittenText(&ValueWriter::QuotedText, "a\\\"b\r\n c"), "\"a\\\"b c\"");
  EXPECT_EQ(WrittenText(&ValueWriter::QuotedText, ""), "\"\"");
  EXPECT_EQ(WrittenText(&ValueWriter::QuotedText, "a\"b"), "refused");
  EXPECT_EQ(WrittenText(&ValueWriter::QuotedText, "a\\"), "refused");
  EXPECT_EQ(WrittenText(&ValueWriter::QuotedText, "a\\\r\n b"), "refused");
  EXPECT_EQ(WrittenText(&ValueWriter::QuotedText, "a\r\nb"), "refused");
}

TEST(ValueWriterTest, DisplayNamesCommentsHostsAndUris) {
  EXPECT_EQ(WrittenText(&ValueWriter::DisplayName, "a b.c"), "a b.c");
  EXPECT_EQ(WrittenText(&ValueWriter::DisplayName, "\"a, b\""), "\"a, b\"");
  EXPECT_EQ(WrittenText(&ValueWriter::DisplayName, "a, b"), "refused");
  EXPECT_EQ(WrittenText(&ValueWriter::Comment, "(a (b)\r\n c)"), "(a (b) c)");
  EXPECT_EQ(WrittenText(&ValueWriter::Comment, "(a) (b)"), "refused");
  EXPECT_EQ(WrittenBy([](ValueWriter& value) { value.Host("[2001:db8::1]"); }), "[2001:db8::1]");
  EXPECT_EQ(WrittenBy([](ValueWriter& value) { value.Host("a_b"); }), "refused");
  EXPECT_EQ(WrittenText(&ValueWriter::Uri, "urn:a:b"), "urn:a:b");
  EXPECT_EQ(WrittenText(&ValueWriter::Uri, "sip:a@h>"), "refused");
}

TEST(ValueWriterTest, ParametersWithoutSome) {
  const auto without_q = [](std::string_view parameters) {
    return WrittenBy([parameters](ValueWriter& value) { value.ParametersExcept(parameters, {"q"}); });
  };
  EXPECT_EQ(without_q(" ; a = \"b\r\n c\" ; Q=1;d"), ";a=\"b c\";d");
  EXPECT_EQ(without_q(""), "");
  EXPECT_EQ(without_q(";a, b"), "refused");
  EXPECT_EQ(without_q(";a="), "refused");
}

struct TwoTexts {
  std::string_view first;
  std::string_view second;
};
void Write(const TwoTexts& texts, ValueWriter& value) {
  value.Text(texts.first);
  value.Text(texts.second);
}

// Alone the NUL is in a quoted-pair; behind an open quotation mark it is not.
TEST(WriterFieldTest, PiecesTogetherAreAValue) {
  constexpr std::string_view kQuotedNul("\"\\\0\"", 4);
  std::array<char, 100> storage;
  Writer fine(storage);
  fine.Field(HeaderId::kSubject, TwoTexts{"a", kQuotedNul});
  EXPECT_EQ(fine.error(), WriteError::kNone);
  Writer writer(storage);
  writer.Field(HeaderId::kSubject, TwoTexts{"a\"", kQuotedNul});
  EXPECT_EQ(writer.error(), WriteError::kBadValue);
  EXPECT_EQ(writer.needed(), 0u);
}

}  // namespace
}  // namespace sansip
