// The cases of tests/torture/cases, each read, judged, and, if accepted, written and read again.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <set>
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
#include "sansip/tests/torture/element.h"
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

std::string Hex(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    digits += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
    digits += "0123456789abcdef"[static_cast<unsigned char>(c) & 15];
  }
  return digits;
}

// What a case can expect of a message, by name.
std::map<std::string, std::string> Facts(const MessageView& message) {
  std::map<std::string, std::string> facts;
  facts["method"] = message.method_text();
  facts["uri"] = message.request_uri();
  if (const auto uri = ParseSipUri(message.request_uri())) {
    facts["uri.user"] = Unescape(uri->user);
    facts["uri.host"] = uri->host;
    facts["uri.port"] = std::to_string(uri->port);
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
  NameAddr address;
  if (ParseNameAddr(message.First(HeaderId::kContact).value_or(""), address, nullptr).ok()) {
    facts["contact.uri"] = address.uri;
    facts["contact.parameters"] = address.parameters;
  }
  if (ParseNameAddr(message.First(HeaderId::kFrom).value_or(""), address, nullptr).ok()) {
    facts["from.display"] = address.display_name;
  }
  if (ParseNameAddr(message.First(HeaderId::kTo).value_or(""), address, nullptr).ok()) {
    if (const auto uri = ParseSipUri(address.uri)) facts["to.user"] = Hex(Unescape(uri->user));
  }
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

std::string CodeText(ParseError error) {
  return error.ok() ? "accept" : std::string(ParseCodeText(error.code));
}

// What this element does with the message, as facts by the names of case_file.h.
void AddAnswer(const TortureCase& torture, const MessageView& message, ParseError error,
               const ElementPolicy& policy, const std::string& name,
               std::map<std::string, std::string>& facts) {
  const Verdict verdict = TortureVerdict(message, error, policy, torture.Expected("dialog") == "known");
  facts[name] = AnswerText(verdict);
  facts[name + ".reason"] = verdict.reason;
  facts[name + ".clause"] = verdict.clause;
  facts[name + ".header"] = AnswerHeaderText(verdict, message, policy);
  EXPECT_LE(verdict.offset, torture.message.size());
  if (name == "answer") facts["at.answer"] = torture.message.substr(verdict.offset);
}

ParseError StrictError(const std::string& text) {
  const auto index = std::make_unique<MessageIndex>();
  return Parser({}, ParsePolicy::Strict()).Parse(text, Framing::kDatagram, *index);
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
  EXPECT_EQ(IndexFault(*index, text.size()), "");
  EXPECT_EQ(VariantFault(text, {}, policy, Framing::kDatagram), "");
  const ParseError field_error = CheckFields(message);
  std::map<std::string, std::string> facts = Facts(message);
  facts["verdict"] = CodeText(error);
  facts["verdict.strict"] = CodeText(StrictError(text));
  facts["fields"] = CodeText(field_error);
  facts["at"] = text.substr(error.ok() ? field_error.offset : error.offset);
  facts["at.strict"] = text.substr(StrictError(text).offset);
  AddAnswer(*torture, message, error, kTortureAgent, "answer", facts);
  AddAnswer(*torture, message, error, kTortureProxy, "answer.proxy", facts);
  AddAnswer(*torture, message, error, kTortureRegistrar, "answer.registrar", facts);
  EXPECT_NE(torture->Expected("verdict"), "");
  EXPECT_NE(torture->Expected("answer").size() + torture->Expected("answer.registrar").size(), 0u);
  for (const auto& [name, value] : torture->expectations) {
    if (name == "shows" || name == "policy" || name == "dialog") continue;
    if (name == "header") {
      ExpectHeader(message, value);
      continue;
    }
    ASSERT_TRUE(facts.count(name)) << name;
    const bool is_place = name.starts_with("at");
    EXPECT_EQ(is_place ? facts.at(name).substr(0, value.size()) : facts.at(name), value) << name;
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

// Every message of RFC 4475 and of RFC 5118 has a rendering.
TEST(TortureCasesTest, ShowEveryMessageOfBothDocuments) {
  std::set<std::string> wanted = {"RFC 4475 3.2.1", "RFC 4475 3.4.1"};
  const auto want = [&wanted](const std::string& section, int count) {
    for (int i = 1; i <= count; ++i) wanted.insert(section + std::to_string(i));
  };
  want("RFC 4475 3.1.1.", 13);
  want("RFC 4475 3.1.2.", 19);
  want("RFC 4475 3.3.", 15);
  want("RFC 5118 4.", 10);
  for (const std::string& name : CaseNames()) {
    const auto torture = ParseTortureCase(ReadFile(std::filesystem::path(kFolder) / (name + ".txt")));
    ASSERT_TRUE(torture) << name;
    wanted.erase(std::string(torture->Expected("shows")));
  }
  EXPECT_EQ(wanted, std::set<std::string>{});
  // 4.5 and 4.10 of RFC 5118 have two.
  EXPECT_GE(CaseNames().size(), 61u);
}

TEST(TortureCasesTest, AFileWithoutItsFormIsRefused) {
  EXPECT_FALSE(ParseTortureCase("verdict: accept\nOPTIONS"));
  EXPECT_FALSE(ParseTortureCase("verdict\n---\nOPTIONS"));
  const auto torture = ParseTortureCase("# x\nreason:\n---\na\\x00\\\\x41\n");
  ASSERT_TRUE(torture);
  EXPECT_EQ(torture->message, std::string("a\0\\A\r\n", 6));
  EXPECT_EQ(ParseTortureCase("# x\n---\n\\{3*ab}\\{x*y}\\{2*z")->message, "ababab\\{x*y}\\{2*z");
}

}  // namespace
}  // namespace sansip
