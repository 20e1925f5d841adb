// The cases of tests/torture/cases, each read, judged, and, if accepted, written and read again.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/core/message/field_check.h"
#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/max_forwards.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/via.h"
#include "sansip/core/message/parser.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/uri/escape.h"
#include "sansip/core/uri/sip_uri.h"
#include "sansip/tests/torture/case_file.h"
#include "sansip/tests/torture/round_trip.h"

namespace sansip {
namespace {

constexpr const char* kFolder = "tests/torture/cases";

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::size_t CountOf(const MessageView& message, HeaderId id) {
  std::size_t count = 0;
  ElementsOf elements(message, id);
  for (std::string_view element; elements.Next(element);) ++count;
  return count;
}

// What a case can expect of a message, by name.
std::map<std::string, std::string> Facts(const MessageView& message) {
  std::map<std::string, std::string> facts;
  facts["method"] = message.method_text();
  facts["uri"] = message.request_uri();
  if (const auto uri = ParseSipUri(message.request_uri())) {
    facts["uri.user"] = Unescape(uri->user);
    facts["uri.host"] = uri->host;
  }
  facts["status"] = std::to_string(message.status_code());
  facts["reason"] = message.reason_phrase();
  facts["header.count"] = std::to_string(message.header_count());
  facts["body.size"] = std::to_string(message.body().size());
  facts["call-id"] = message.First(HeaderId::kCallId).value_or("");
  facts["from.tag"] = FromTag(message);
  facts["to.tag"] = ToTag(message);
  facts["max-forwards"] = std::to_string(MaxForwardsOf(message));
  facts["via.count"] = std::to_string(CountOf(message, HeaderId::kVia));
  facts["contact.count"] = std::to_string(CountOf(message, HeaderId::kContact));
  CSeq cseq;
  if (CSeqOf(message, cseq)) facts["cseq"] = std::to_string(cseq.number);
  Via via;
  if (TopVia(message, via)) {
    facts["via.transport"] = via.transport;
    facts["via.host"] = via.host;
    facts["via.port"] = std::to_string(via.port);
    facts["via.branch"] = via.branch;
    facts["via.received"] = via.received;
  }
  return facts;
}

std::string Unfolded(std::string_view value) {
  std::string text;
  for (char c : value) {
    if (c != '\r' && c != '\n') text += c;
  }
  return text;
}

// "name = value" of the first header field of that name.
void ExpectHeader(const MessageView& message, std::string_view expectation) {
  const std::size_t equal = expectation.find(" =");
  ASSERT_NE(equal, std::string_view::npos) << expectation;
  const std::string_view name = expectation.substr(0, equal);
  for (std::size_t i = 0; i < message.header_count(); ++i) {
    const HeaderView header = message.header(i);
    const bool same_id = header.id != HeaderId::kOther && header.id == HeaderIdFromName(name);
    if (!same_id && !EqualsIgnoreCase(header.name, name)) continue;
    EXPECT_EQ(Unfolded(header.value), Trim(expectation.substr(equal + 2)));
    return;
  }
  ADD_FAILURE() << "no " << name;
}

std::string VerdictOf(ParseError error) {
  return error.ok() ? "accept" : std::string(ParseCodeText(error.code));
}

class TortureTest : public testing::TestWithParam<std::string> {};

TEST_P(TortureTest, Verdict) {
  const auto torture = ParseTortureCase(ReadFile(std::filesystem::path(kFolder) / (GetParam() + ".txt")));
  ASSERT_TRUE(torture);
  const std::string& text = torture->message;
  const ParsePolicy policy = torture->Expected("policy") == "strict" ? ParsePolicy::Strict() : ParsePolicy{};
  const auto index = std::make_unique<MessageIndex>();
  const ParseError error = Parser({}, policy).Parse(text, Framing::kDatagram, *index);
  const MessageView message(text, *index);
  EXPECT_EQ(VerdictOf(error), torture->Expected("verdict"));
  EXPECT_EQ(IndexFault(*index, text.size()), "");
  EXPECT_EQ(VariantFault(text, {}, policy, Framing::kDatagram), "");
  const ParseError field_error = CheckFields(message);
  const std::map<std::string, std::string> facts = Facts(message);
  for (const auto& [name, value] : torture->expectations) {
    if (name == "verdict" || name == "policy") continue;
    if (name == "fields") {
      EXPECT_EQ(VerdictOf(field_error), value);
    } else if (name == "at") {
      const std::uint32_t offset = error.ok() ? field_error.offset : error.offset;
      EXPECT_EQ(text.substr(offset, value.size()), value);
    } else if (name == "header") {
      ExpectHeader(message, value);
    } else {
      ASSERT_TRUE(facts.count(name)) << name;
      EXPECT_EQ(facts.at(name), value) << name;
    }
  }
  EXPECT_EQ(error.ok() ? RoundTripFault(message) : "", "");
}

std::vector<std::string> CaseNames() {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder, error)) {
    names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

INSTANTIATE_TEST_SUITE_P(Cases, TortureTest, testing::ValuesIn(CaseNames()),
                         [](const testing::TestParamInfo<std::string>& info) { return info.param; });

TEST(TortureCasesTest, AreThere) { EXPECT_GE(CaseNames().size(), 20u); }

TEST(TortureCasesTest, AFileWithoutItsFormIsRefused) {
  EXPECT_FALSE(ParseTortureCase("verdict: accept\nOPTIONS"));
  EXPECT_FALSE(ParseTortureCase("verdict\n---\nOPTIONS"));
  const auto torture = ParseTortureCase("# x\nreason:\n---\na\\x00\\\\x41\n");
  ASSERT_TRUE(torture);
  EXPECT_EQ(torture->message, std::string("a\0\\A\r\n", 6));
}

}  // namespace
}  // namespace sansip
