// Messages of others: those of RFC 4475 and RFC 5118 with what each should be answered, and every other set
// with what must hold of any message: a verdict, an index within its bytes, and, if accepted, a round trip.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "sansip/core/message/field_check.h"
#include "sansip/core/message/parser.h"
#include "sansip/tests/support/test_data.h"
#include "sansip/tests/torture/element.h"
#include "sansip/tests/torture/outside_counts.h"
#include "sansip/tests/torture/round_trip.h"

namespace sansip {
namespace {

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Counts {
  std::size_t files = 0;
  std::map<ParseCode, std::size_t> codes;
  std::map<std::string, std::size_t> answers;  // the user agent's
  std::size_t malformed_fields = 0;            // of accepted messages: some field is not what it should be
};

// What must hold of any bytes, counted.
void Judge(const std::string& text, const ParsePolicy& policy, Counts& counts) {
  const auto index = std::make_unique<MessageIndex>();
  const ParseError error = Parser({}, policy).Parse(text, Framing::kDatagram, *index);
  EXPECT_EQ(IndexFault(*index, text.size()), "");
  EXPECT_EQ(VariantFault(text, {}, policy, Framing::kDatagram), "");
  EXPECT_LE(error.offset, text.size());
  const MessageView message(text, *index);
  counts.malformed_fields += error.ok() && !CheckFields(message).ok();
  ++counts.files;
  ++counts.codes[error.code];
  for (const ElementPolicy& element : {kTortureAgent, kTortureProxy, kTortureRegistrar}) {
    const Verdict verdict = TortureVerdict(message, error, element);
    EXPECT_LE(verdict.offset, text.size());
    EXPECT_EQ(verdict.status >= 400, verdict.action == Verdict::Action::kAnswer);
    EXPECT_EQ(verdict.accepted(), verdict.clause.empty());
    EXPECT_TRUE(error.ok() || !verdict.accepted());
    if (element.role == Role::kUserAgent) ++counts.answers[AnswerText(verdict)];
  }
  EXPECT_EQ(error.ok() ? RoundTripFault(message) : "", "");
}

Counts JudgeFolder(const std::filesystem::path& folder, const ParsePolicy& policy = {}) {
  Counts counts;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    SCOPED_TRACE(entry.path().string());
    Judge(ReadFile(entry.path()), policy, counts);
  }
  return counts;
}

// Prints them, and holds them against what is expected.
void ExpectCounts(const OutsideSet& set, const Counts& counts) {
  std::cout << set.name << ": " << counts.files << " files, " << set.accepted << " accepted, "
            << counts.malformed_fields << " of them with a malformed field; a user agent";
  for (const auto& [answer, count] : counts.answers) std::cout << ", " << answer << " " << count;
  std::cout << "\n";
  std::map<ParseCode, std::size_t> expected;
  if (set.accepted > 0) expected[ParseCode::kNone] = set.accepted;
  for (const RefusedClass& row : set.refused) {
    expected[row.code] = row.count;
    std::cout << "  " << row.count << " " << ParseCodeText(row.code) << (row.why.empty() ? "" : ": ")
              << row.why << "\n";
  }
  for (const auto& [code, count] : counts.codes) {
    EXPECT_EQ(expected[code], count) << set.name << ": " << ParseCodeText(code);
  }
  for (const auto& [code, count] : expected) {
    EXPECT_EQ(counts.codes.count(code), 1u) << set.name << ": " << ParseCodeText(code);
  }
}

// What the document asks for, message by message.
struct Asked {
  ParseCode code = ParseCode::kNone;  // what the parser says
  std::string agent = "accept";       // with "/Field" where the answer has to carry it
  std::string proxy = "accept";
  std::string registrar = "accept";
};
const std::string kNoMethod = "405/Allow";

Asked Refused(ParseCode code, const std::string& answer = "400") { return {code, answer, answer, answer}; }
// Of a method that is not for a registrar.
Asked ForAgents(const std::string& agent, const std::string& proxy = "accept") {
  return {ParseCode::kNone, agent, proxy, kNoMethod};
}
Asked ForRegistrars(const std::string& registrar = "accept") {
  return {ParseCode::kNone, kNoMethod, "accept", registrar};
}

const std::map<std::string, Asked> kRfc4475 = {
    {"wsinv", ForAgents("481")},  // 3.1.1.1: its To tag is of no dialog of ours
    {"intmeth", {.agent = "501/Allow", .registrar = "501/Allow"}},  // 3.1.1.2
    {"esc01", ForAgents("accept")},                                 // 3.1.1.3
    {"escnull", ForRegistrars()},                                   // 3.1.1.4
    {"esc02", {.agent = "501/Allow", .registrar = "501/Allow"}},    // 3.1.1.5
    {"lwsdisp", {}},                                                // 3.1.1.6
    {"longreq", ForAgents("accept")},                               // 3.1.1.7
    {"dblreq", ForRegistrars()},                                    // 3.1.1.8
    {"semiuri", {}},                                                // 3.1.1.9
    {"transports", {}},                                             // 3.1.1.10
    {"mpart01", ForAgents("415/Accept")},                           // 3.1.1.11: who has no multipart may
    {"unreason", {}},                                               // 3.1.1.12
    {"noreason", {}},                                               // 3.1.1.13
    {"badinv01", Refused(ParseCode::kBadVia)},                      // 3.1.2.1
    {"clerr", Refused(ParseCode::kContentLengthMismatch)},          // 3.1.2.2
    {"ncl", Refused(ParseCode::kBadContentLength)},                 // 3.1.2.3
    {"scalar02", Refused(ParseCode::kBadCSeq)},                     // 3.1.2.4
    {"scalarlg", Refused(ParseCode::kBadCSeq, "drop")},             // 3.1.2.5
    {"quotbal", Refused(ParseCode::kBadTo)},                        // 3.1.2.6
    {"ltgtruri", Refused(ParseCode::kBadRequestUri)},               // 3.1.2.7
    {"lwsruri", Refused(ParseCode::kBadRequestUri)},                // 3.1.2.8
    {"lwsstart", Refused(ParseCode::kBadRequestUri)},               // 3.1.2.9
    {"trws", Refused(ParseCode::kBadRequestLine)},                  // 3.1.2.10
    {"escruri", ForAgents("accept")},          // 3.1.2.11: its header fields may be ignored
    {"baddate", ForAgents("accept")},          // 3.1.2.12: nobody needs Date
    {"regbadct", ForRegistrars("400")},        // 3.1.2.13
    {"badaspec", Refused(ParseCode::kBadTo)},  // 3.1.2.14
    {"baddn", Refused(ParseCode::kBadFrom)},   // 3.1.2.15
    {"badvers", Refused(ParseCode::kUnsupportedVersion, "505")},                        // 3.1.2.16
    {"mismatch01", Refused(ParseCode::kCSeqMethodMismatch)},                            // 3.1.2.17
    {"mismatch02", {ParseCode::kCSeqMethodMismatch, "501/Allow", "501", "501/Allow"}},  // 3.1.2.18
    {"bigcode", Refused(ParseCode::kBadStatusCode, "drop")},                            // 3.1.2.19
    {"badbranch", {}},                                         // 3.2.1: matched as RFC 2543 does
    {"insuf", Refused(ParseCode::kMissingFrom)},               // 3.3.1
    {"unkscm", Refused(ParseCode::kNone, "416")},              // 3.3.2
    {"novelsc", Refused(ParseCode::kNone, "416")},             // 3.3.3
    {"unksm2", ForRegistrars("400")},                          // 3.3.4
    {"bext01", Refused(ParseCode::kNone, "420/Unsupported")},  // 3.3.5
    {"invut", ForAgents("415/Accept")},                        // 3.3.6
    {"regaut01", ForRegistrars()},                             // 3.3.7
    {"multi01", Refused(ParseCode::kRepeatedHeader)},          // 3.3.8
    {"mcl01", Refused(ParseCode::kRepeatedHeader)},            // 3.3.9
    {"bcast", Refused(ParseCode::kNone, "drop")},              // 3.3.10
    {"zeromf", {.proxy = "483"}},                              // 3.3.11
    {"cparam01", ForRegistrars()},                             // 3.3.12
    {"cparam02", ForRegistrars()},                             // 3.3.13
    {"regescrt", ForRegistrars()},                             // 3.3.14
    {"sdp01", ForAgents("406")},                               // 3.3.15
    {"inv2543", ForAgents("accept")},                          // 3.4.1
    // Of the archive alone; its Request-Line has no version.
    {"test", Refused(ParseCode::kBadRequestLine)},
};

const std::map<std::string, Asked> kRfc5118 = {
    {"ipv6-good", ForRegistrars()},                       // 4.1
    {"ipv6-bad", Refused(ParseCode::kBadRequestUri)},     // 4.2
    {"port-ambiguous", ForRegistrars()},                  // 4.3, errata 1311
    {"port-unambiguous", ForRegistrars()},                // 4.4
    {"via-received-param-with-delim", ForAgents("481")},  // 4.5: parsed; its dialog is not ours
    {"via-received-param-no-delim", {}},                  // 4.5
    {"ipv6-in-sdp", ForAgents("accept")},                 // 4.6
    {"mult-ip-in-header", ForAgents("481")},              // 4.7: as above
    {"mult-ip-in-sdp", ForAgents("accept")},              // 4.8
    {"ipv4-mapped-ipv6", ForAgents("accept")},            // 4.9
    {"ipv6-bug-abnf-3-colons", {}},                       // 4.10
    {"ipv6-correct-abnf-2-colons", {}},                   // 4.10
};

void ExpectAnswers(const std::filesystem::path& folder, const std::map<std::string, Asked>& table) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".dat") continue;
    ++files;
    const std::string name = entry.path().stem().string();
    SCOPED_TRACE(name);
    ASSERT_EQ(table.count(name), 1u);
    const Asked& asked = table.at(name);
    const std::string text = ReadFile(entry.path());
    const auto index = std::make_unique<MessageIndex>();
    const ParseError error = Parser().Parse(text, Framing::kDatagram, *index);
    const MessageView message(text, *index);
    EXPECT_EQ(ParseCodeText(error.code), ParseCodeText(asked.code));
    const auto answer = [&](const ElementPolicy& element) {
      const Verdict verdict = TortureVerdict(message, error, element);
      const std::string_view field = HeaderName(verdict.header);
      return AnswerText(verdict).append(field.empty() ? "" : "/").append(field);
    };
    EXPECT_EQ(answer(kTortureAgent), asked.agent);
    EXPECT_EQ(answer(kTortureProxy), asked.proxy);
    EXPECT_EQ(answer(kTortureRegistrar), asked.registrar);
    Counts unused;
    Judge(text, {}, unused);
  }
  EXPECT_EQ(files, table.size());
}

TEST(OutsideMessagesTest, Rfc4475) {
  SANSIP_NEEDS_TEST_DATA("rfc4475");
  ExpectAnswers(*TestData() / "rfc4475", kRfc4475);
}

TEST(OutsideMessagesTest, Rfc5118) {
  SANSIP_NEEDS_TEST_DATA("rfc5118");
  ExpectAnswers(*TestData() / "rfc5118", kRfc5118);
}

TEST(OutsideMessagesTest, Rfc3665IsAccepted) {
  SANSIP_NEEDS_TEST_DATA("rfc3665");
  Counts counts;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(*TestData() / "rfc3665")) {
    if (entry.path().extension() != ".sip") continue;
    SCOPED_TRACE(entry.path().string());
    Judge(ReadFile(entry.path()), {}, counts);
  }
  ExpectCounts({"rfc3665", 181, {}}, counts);
}

class OutsideSetTest : public testing::TestWithParam<OutsideSet> {};

TEST_P(OutsideSetTest, EveryFileHasAVerdict) {
  const std::string set = "messages/" + std::string(GetParam().name);
  SANSIP_NEEDS_TEST_DATA(set);
  const Counts usual = JudgeFolder(*TestData() / set);
  ExpectCounts(GetParam(), usual);
  ParsePolicy lenient;
  lenient.accept_bare_lf = true;
  const Counts most = JudgeFolder(*TestData() / set, lenient);
  EXPECT_EQ(most.files, usual.files);
  EXPECT_GE(most.codes.count(ParseCode::kNone) == 0 ? 0u : most.codes.at(ParseCode::kNone),
            GetParam().accepted);
}

INSTANTIATE_TEST_SUITE_P(Sets, OutsideSetTest, testing::ValuesIn(kOutsideSets),
                         [](const testing::TestParamInfo<OutsideSet>& info) {
                           std::string name(info.param.name);
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(OutsideMessagesTest, ProtosC07) {
  SANSIP_NEEDS_TEST_DATA("messages/protos-c07");
  const std::filesystem::path source = *TestData() / "messages/protos-c07";
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "protos-c07";
  std::filesystem::create_directories(folder);
  const std::string command =
      "tar -xJf '" + (source / "invite.tar.xz").string() + "' -C '" + folder.string() + "'";
  ASSERT_EQ(std::system(command.c_str()), 0) << command;
  std::map<std::string, Counts> groups;
  std::size_t files = 0;
  // case,group,...
  std::ifstream cases(source / "cases.csv");
  std::string line;
  for (std::getline(cases, line); std::getline(cases, line); ++files) {
    const std::size_t comma = line.find(',');
    const std::string group = line.substr(comma + 1, line.find(',', comma + 1) - comma - 1);
    const std::string number = std::string(7 - std::min<std::size_t>(comma, 7), '0') + line.substr(0, comma);
    const auto set = std::find_if(kProtosGroups.begin(), kProtosGroups.end(), [&](const OutsideSet& row) {
      return row.name == group || (row.name.ends_with('-') && group.starts_with(row.name));
    });
    ASSERT_NE(set, kProtosGroups.end()) << group;
    SCOPED_TRACE(number);
    Judge(ReadFile(folder / "invite" / (number + ".sip")), {}, groups[std::string(set->name)]);
  }
  EXPECT_EQ(files, 4527u);
  for (const OutsideSet& set : kProtosGroups) ExpectCounts(set, groups[std::string(set.name)]);
}

}  // namespace
}  // namespace sansip
