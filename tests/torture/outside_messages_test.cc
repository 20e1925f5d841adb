// Messages of others: those of RFC 4475 and RFC 5118 with the verdict that each should have, and every other
// set with what must hold of any message: a verdict, an index within its bytes, and, if accepted, a round
// trip.
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
#include "sansip/core/message/framer.h"
#include "sansip/core/message/parser.h"
#include "sansip/tests/support/test_data.h"
#include "sansip/tests/torture/round_trip.h"

namespace sansip {
namespace {

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Counts {
  std::size_t files = 0;
  std::size_t accepted = 0;
};

// What must hold of any bytes. True if they were accepted.
bool Judge(const std::string& text, const ParsePolicy& policy) {
  const auto index = std::make_unique<MessageIndex>();
  const ParseError error = Parser({}, policy).Parse(text, Framing::kDatagram, *index);
  EXPECT_EQ(IndexFault(*index, text.size()), "");
  EXPECT_EQ(VariantFault(text, {}, policy, Framing::kDatagram), "");
  EXPECT_LE(error.offset, text.size());
  const MessageView message(text, *index);
  static_cast<void>(CheckFields(message));
  if (!error.ok()) {
    EXPECT_GE(ResponseCodeFor(error.code), 400);
    return false;
  }
  EXPECT_EQ(RoundTripFault(message), "");
  return true;
}

Counts JudgeFolder(const std::filesystem::path& folder, const ParsePolicy& policy = {}) {
  Counts counts;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    SCOPED_TRACE(entry.path().string());
    ++counts.files;
    if (Judge(ReadFile(entry.path()), policy)) ++counts.accepted;
  }
  std::cout << folder.filename().string() << ": " << counts.files << " files, " << counts.accepted
            << " accepted\n";
  return counts;
}

// RFC 4475, RFC 5118: what is refused, and why. All others are accepted.
const std::map<std::string, ParseCode> kRefused = {
    {"badinv01", ParseCode::kBadVia},
    {"clerr", ParseCode::kContentLengthMismatch},
    {"ncl", ParseCode::kBadContentLength},
    {"scalar02", ParseCode::kBadCSeq},
    {"scalarlg", ParseCode::kBadCSeq},
    {"quotbal", ParseCode::kBadTo},
    {"ltgtruri", ParseCode::kBadRequestUri},
    {"lwsruri", ParseCode::kBadRequestUri},
    {"lwsstart", ParseCode::kBadRequestUri},
    {"trws", ParseCode::kBadRequestLine},
    {"badaspec", ParseCode::kBadTo},
    {"baddn", ParseCode::kBadFrom},
    {"badvers", ParseCode::kUnsupportedVersion},
    {"mismatch01", ParseCode::kCSeqMethodMismatch},
    {"mismatch02", ParseCode::kCSeqMethodMismatch},
    {"bigcode", ParseCode::kBadStatusCode},
    {"insuf", ParseCode::kMissingFrom},
    {"multi01", ParseCode::kRepeatedHeader},
    {"mcl01", ParseCode::kRepeatedHeader},
    {"test", ParseCode::kBadRequestLine},  // of the archive alone; its Request-Line has no version
    {"ipv6-bad", ParseCode::kBadRequestUri},
};

// Accepted by the parser, refused by who reads the field.
const std::map<std::string, ParseCode> kRefusedFields = {
    {"regbadct", ParseCode::kBadContact},
};

void JudgeByName(const std::filesystem::path& folder) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".dat") continue;
    ++files;
    const std::string name = entry.path().stem().string();
    SCOPED_TRACE(name);
    const std::string text = ReadFile(entry.path());
    const auto index = std::make_unique<MessageIndex>();
    const ParseError error = Parser().Parse(text, Framing::kDatagram, *index);
    const auto refused = kRefused.find(name);
    EXPECT_EQ(ParseCodeText(error.code),
              ParseCodeText(refused == kRefused.end() ? ParseCode::kNone : refused->second));
    Judge(text, {});
    if (!error.ok()) continue;
    const auto refused_field = kRefusedFields.find(name);
    EXPECT_EQ(
        ParseCodeText(CheckFields(MessageView(text, *index)).code),
        ParseCodeText(refused_field == kRefusedFields.end() ? ParseCode::kNone : refused_field->second));
  }
  EXPECT_GE(files, 12u);
}

TEST(OutsideMessagesTest, Rfc4475) {
  SANSIP_NEEDS_TEST_DATA("rfc4475");
  JudgeByName(*TestData() / "rfc4475");
}

TEST(OutsideMessagesTest, Rfc5118) {
  SANSIP_NEEDS_TEST_DATA("rfc5118");
  JudgeByName(*TestData() / "rfc5118");
}

TEST(OutsideMessagesTest, Rfc3665IsAccepted) {
  SANSIP_NEEDS_TEST_DATA("rfc3665");
  const std::filesystem::path folder = *TestData() / "rfc3665";
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".csv" || entry.path().extension() == ".md" || !entry.is_regular_file())
      continue;
    SCOPED_TRACE(entry.path().string());
    EXPECT_TRUE(Judge(ReadFile(entry.path()), {}));
    ++files;
  }
  EXPECT_GE(files, 100u);
}

class OutsideSetTest : public testing::TestWithParam<const char*> {};

TEST_P(OutsideSetTest, EveryFileHasAVerdict) {
  const std::string set = std::string("messages/") + GetParam();
  SANSIP_NEEDS_TEST_DATA(set);
  ParsePolicy lenient;
  lenient.accept_bare_lf = true;
  const Counts usual = JudgeFolder(*TestData() / set);
  const Counts most = JudgeFolder(*TestData() / set, lenient);
  EXPECT_GT(usual.files, 0u);
  EXPECT_GE(most.accepted, usual.accepted);
}

INSTANTIATE_TEST_SUITE_P(Sets, OutsideSetTest,
                         testing::Values("jain-sip-torture", "pcapplusplus", "pjproject-fuzz-seeds",
                                         "rfc-examples", "sipp-asterisk", "sipp-pjproject", "sipp-siphon",
                                         "sofia-sip", "stun-seeds", "webrtc-fuzz-corpora",
                                         "wireshark-samples"));

// 4,527 INVITEs with one element broken in each but the first.
TEST(OutsideMessagesTest, ProtosC07) {
  SANSIP_NEEDS_TEST_DATA("messages/protos-c07");
  const std::filesystem::path archive = *TestData() / "messages/protos-c07/invite.tar.xz";
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "protos-c07";
  std::filesystem::create_directories(folder);
  const std::string command = "tar -xJf '" + archive.string() + "' -C '" + folder.string() + "'";
  ASSERT_EQ(std::system(command.c_str()), 0) << command;
  const Counts counts = JudgeFolder(folder);
  EXPECT_EQ(counts.files, 4527u);
  EXPECT_GT(counts.accepted, 0u);
  EXPECT_TRUE(Judge(ReadFile(folder / "invite/0000000.sip"), ParsePolicy::Strict()));
}

}  // namespace
}  // namespace sansip
