#include "sansip/cli/parse_command.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "sansip/cli/json_schema.h"
#include "sansip/cli/message_description.h"

namespace sansip::cli {
namespace {

constexpr std::string_view kInvite =
    "INVITE sip:bob@biloxi.example.com:5070;transport=tcp SIP/2.0\r\n"
    "v: SIP/2.0/UDP pc33.example.com;branch=z9hG4bKnash;rport, SIP/2.0/TCP 192.0.2.9:5061;branch=z9hG4bKb\r\n"
    "Max-Forwards: 70\r\n"
    "To: \"Bob \\\"B\\\"\" <sip:bob@biloxi.example.com>\r\n"
    "From: Alice <sip:alice@example.com>;tag=88sja8x\r\n"
    "Call-ID: 987asjd97y7atg\r\n"
    "CSeq: 986759 INVITE\r\n"
    "Contact: <sip:alice@pc33.example.com>\r\n"
    "Subject: one\r\n two\r\n"
    "Session-Expires: 1800;refresher=uac\r\n"
    "Content-Type: text/plain\r\n"
    "Content-Length: 5\r\n"
    "\r\n"
    "hello";

struct Result {
  ExitCode exit = ExitCode::kOk;
  std::string out, err;
};

std::string Contents(std::FILE* file) {
  std::string text(static_cast<std::size_t>(std::ftell(file)), '\0');
  std::rewind(file);
  text.resize(std::fread(text.data(), 1, text.size(), file));
  return text;
}

Result Parse(std::string_view bytes, ParseOptions options = {}) {
  if (options.path.empty()) options.path = "-";
  std::FILE* const in = std::tmpfile();
  std::FILE* const out = std::tmpfile();
  std::FILE* const err = std::tmpfile();
  std::fwrite(bytes.data(), 1, bytes.size(), in);
  std::rewind(in);
  Result result;
  result.exit = RunParse(options, in, out, err);
  result.out = Contents(out);
  result.err = Contents(err);
  for (std::FILE* file : {in, out, err}) std::fclose(file);
  return result;
}

nlohmann::json ParseAsJson(std::string_view bytes, ParseOptions options = {}) {
  options.json = true;
  const Result result = Parse(bytes, options);
  EXPECT_EQ(result.out.find('\n'), result.out.size() - 1) << result.out;
  const nlohmann::json line = nlohmann::json::parse(result.out);
  std::ifstream page("docs/json.md");
  EXPECT_EQ(JsonSchema(std::string(std::istreambuf_iterator<char>(page), {})).FaultInParse(line), "") << line;
  EXPECT_EQ(line["exit"], static_cast<int>(result.exit));
  return line;
}

TEST(ParseCommandTest, SaysWhatAMessageSaysFieldByField) {
  const Result result = Parse(kInvite);
  EXPECT_EQ(result.exit, ExitCode::kOk);
  for (const std::string_view part :
       {"Request    INVITE\n", "URI        sip:bob@biloxi.example.com:5070;transport=tcp\n",
        "      port             5070\n", "      ;transport       tcp\n", "Via: SIP/2.0/UDP pc33.example.com",
        "      branch           z9hG4bKnash\n", "      rport            true\n",
        "      host             192.0.2.9\n", "      display_name     Bob \"B\"\n",
        "      ;tag             88sja8x\n", "      number           986759\n", "Subject: one two\n",
        "      seconds          1800\n", "      ;refresher       uac\n",
        "Body       5 bytes of text/plain\n      hello\n"}) {
    EXPECT_NE(result.out.find(part), std::string::npos) << part << "\nin\n" << result.out;
  }
}

TEST(ParseCommandTest, SaysTheSameAsJson) {
  const nlohmann::json line = ParseAsJson(kInvite);
  EXPECT_EQ(line["valid"], true);
  const nlohmann::json& message = line["message"];
  EXPECT_EQ(message["method"], "INVITE");
  EXPECT_EQ(message["request_uri"]["host"], "biloxi.example.com");
  EXPECT_EQ(message["request_uri"]["uri_parameters"]["transport"], "tcp");
  const nlohmann::json& via = message["headers"][0];
  EXPECT_EQ(via["field"], "Via");
  EXPECT_EQ(via["name"], "v");
  ASSERT_EQ(via["parts"].size(), 2u);
  EXPECT_EQ(via["parts"][1]["port"], 5061);
  EXPECT_EQ(message["headers"][6]["parts"][0]["host"], "pc33.example.com");
  EXPECT_EQ(message["body"]["text"], "hello");
}

TEST(ParseCommandTest, SaysWhereAMessageIsWrongAndByWhichClause) {
  const std::string bytes =
      "OPTIONS sip:bob@example.com SIP/2.0\r\n"
      "Via: SIP/2.0/UDP pc33.example.com;branch=z9hG4bKnash\r\n"
      "Max-Forwards: 70\r\nTo: <sip:bob@example.com>\r\nFrom: <sip:alice@example.com>;tag=1\r\n"
      "Call-ID: 98\r\nCSeq: 9x OPTIONS\r\n\r\n";
  const Result result = Parse(bytes);
  EXPECT_EQ(result.exit, ExitCode::kInvalid);
  EXPECT_NE(result.out.find("line 7"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("RFC 3261 20.16"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("    CSeq: 9x OPTIONS\n          "), std::string::npos) << result.out;
  const nlohmann::json line = ParseAsJson(bytes);
  EXPECT_EQ(line["valid"], false);
  const nlohmann::json& error = line["error"];
  EXPECT_EQ(error["line"], 7);
  EXPECT_EQ(error["clause"], "RFC 3261 20.16");
  EXPECT_EQ(error["response"], 400);
  const auto offset = error["offset"].get<std::size_t>();
  EXPECT_GE(offset, bytes.find("9x"));
  EXPECT_LE(offset, bytes.find("9x") + 1);
}

TEST(ParseCommandTest, ChecksFieldsThatAnElementMightNeverLookAt) {
  std::string bytes(kInvite);
  bytes.replace(bytes.find("<sip:alice@pc33.example.com>"), 28, "<sip:alice@pc33.example.com ");
  EXPECT_EQ(ParseAsJson(bytes)["error"]["clause"], "RFC 3261 20.10");
}

TEST(ParseCommandTest, LinesOfLfAloneAreWrongUnlessAllowed) {
  std::string bytes(kInvite);
  for (std::size_t at; (at = bytes.find('\r')) != std::string::npos;) bytes.erase(at, 1);
  const Result result = Parse(bytes);
  EXPECT_EQ(result.exit, ExitCode::kInvalid);
  EXPECT_NE(result.out.find("--lf"), std::string::npos) << result.out;
  const nlohmann::json line = ParseAsJson(bytes, {.accept_lf = true});
  EXPECT_EQ(line["valid"], true) << line;
  EXPECT_NE(line["message"]["tolerated"][0].get<std::string>().find("LF"), std::string::npos);
}

TEST(ParseCommandTest, NamesWhatWasTolerated) {
  std::string bytes = std::string(kInvite) + "more";
  bytes.erase(bytes.find("Max-Forwards"), std::string_view("Max-Forwards: 70\r\n").size());
  const Result result = Parse(bytes);
  EXPECT_EQ(result.exit, ExitCode::kOk);
  EXPECT_NE(result.out.find("no Max-Forwards"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("4 bytes behind the body"), std::string::npos) << result.out;
  EXPECT_EQ(Parse(bytes, {.strict = true}).exit, ExitCode::kInvalid);
}

TEST(ParseCommandTest, NamesWhatNoGrammarAsksFor) {
  std::string bytes(kInvite);
  for (const std::string_view part : {";branch=z9hG4bKnash", ";tag=88sja8x"})
    bytes.erase(bytes.find(part), part.size());
  bytes.replace(bytes.find("text/plain"), 10, "multipart/mixed");
  nlohmann::json tolerated = ParseAsJson(bytes)["message"]["tolerated"];
  ASSERT_EQ(tolerated.size(), 3u) << tolerated;
  EXPECT_NE(tolerated[0].get<std::string>().find("RFC 3261 8.1.1.7"), std::string::npos);
  EXPECT_NE(tolerated[1].get<std::string>().find("RFC 3261 8.1.1.3"), std::string::npos);
  EXPECT_NE(tolerated[2].get<std::string>().find("no boundary"), std::string::npos);
  bytes = std::string(kInvite);
  bytes.replace(bytes.find("text/plain"), 10, "multipart/mixed;boundary=b");
  tolerated = ParseAsJson(bytes)["message"]["tolerated"];
  ASSERT_EQ(tolerated.size(), 1u) << tolerated;
  EXPECT_NE(tolerated[0].get<std::string>().find("Malformed Multipart Body at its byte 5"), std::string::npos)
      << tolerated;
}

TEST(ParseCommandTest, ABodyThatIsShortIsWrong) {
  EXPECT_EQ(Parse(kInvite.substr(0, kInvite.size() - 1)).exit, ExitCode::kInvalid);
}

TEST(ParseCommandTest, AFileThatIsNotThereIsALocalMatter) {
  ParseOptions options;
  options.path = "no/such/file";
  const Result result = Parse("", options);
  EXPECT_EQ(result.exit, ExitCode::kLocalResource);
  EXPECT_EQ(result.out, "");
  EXPECT_NE(result.err.find("cannot read no/such/file: No such file"), std::string::npos) << result.err;
  EXPECT_FALSE(ParseAsJson("", options).contains("valid"));
}

TEST(ParseCommandTest, NothingIsNoMessage) { EXPECT_EQ(Parse("").exit, ExitCode::kInvalid); }

TEST(ParseCommandTest, ArbitraryBytesPrintAsValidJson) {
  std::string bytes(kInvite);
  bytes.replace(bytes.find("one"), 3, "\xff\x80z");
  bytes.replace(bytes.find("hello"), 5, std::string("h\0\xc3\x28o", 5));
  EXPECT_EQ(ParseAsJson(bytes)["valid"], true);
}

TEST(ParseCommandTest, TellsEveryProblemAndNoMoreThanIsStated) {
  std::string bytes(kInvite);
  bytes.replace(bytes.find("Max-Forwards: 70"), 16, "Max-Forwards: 7O");
  bytes.replace(bytes.find("986759 INVITE"), 13, "986759 BYE");
  nlohmann::json line = ParseAsJson(bytes);
  ASSERT_EQ(line["problems"].size(), 2u) << line;
  EXPECT_EQ(line["problems"][0]["header_field"], "Max-Forwards");
  EXPECT_EQ(line["problems"][1]["rule"], "CSeq Method Differs From Request-Line");
  EXPECT_EQ(line["more_problems"], false);
  EXPECT_EQ(line["error"]["offset"], line["problems"][0]["offset"]);
  std::string bad;
  for (int i = 0; i < 50; ++i) bad += "no colon\r\n";
  bytes.insert(bytes.find("Max-Forwards"), bad);
  line = ParseAsJson(bytes);
  EXPECT_EQ(line["problems"].size(), 20u);
  EXPECT_EQ(line["more_problems"], true);
}

TEST(ParseCommandTest, NamesWhatWasToleratedInABrokenMessage) {
  std::string bytes(kInvite);
  bytes.erase(bytes.find("Max-Forwards"), std::string_view("Max-Forwards: 70\r\n").size());
  bytes.replace(bytes.find("986759"), 6, "x");
  const nlohmann::json line = ParseAsJson(bytes);
  ASSERT_EQ(line["tolerated"].size(), 1u) << line;
  EXPECT_NE(line["tolerated"][0].get<std::string>().find("RFC 3261 8.1.1.6"), std::string::npos);
}

// cli/golden: a message whose line ends become CRLF and \xHH a byte, a line "=====", and what is printed. A
// first line "# lf strict stream" has options: lf keeps the line ends.
class ParseGoldenTest : public testing::TestWithParam<std::string> {};

std::vector<std::string> GoldenNames() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator("cli/golden")) {
    names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

TEST_P(ParseGoldenTest, PrintsWhatIsWritten) {
  std::ifstream file("cli/golden/" + GetParam() + ".txt");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  constexpr std::string_view kSeparator = "\n=====\n";
  const std::size_t end = text.find(kSeparator);
  ASSERT_NE(end, std::string::npos);
  std::string source = text.substr(0, end + 1);
  std::string options;
  if (source.starts_with("# ")) {
    options = source.substr(0, source.find('\n'));
    source.erase(0, options.size() + 1);
  }
  std::string message;
  for (std::size_t i = 0; i < source.size(); ++i) {
    if (source.substr(i, 2) == "\\x") {
      message += static_cast<char>(std::stoi(source.substr(i + 2, 2), nullptr, 16));
      i += 3;
      continue;
    }
    if (source[i] == '\n' && options.find("lf") == std::string::npos) message += '\r';
    message += source[i];
  }
  const ParseOptions parse_options = {.strict = options.find("strict") != std::string::npos,
                                      .stream = options.find("stream") != std::string::npos};
  EXPECT_EQ(Parse(message, parse_options).out, text.substr(end + kSeparator.size()));
  EXPECT_EQ(ParseAsJson(message, parse_options)["valid"], false);
}

INSTANTIATE_TEST_SUITE_P(Golden, ParseGoldenTest, testing::ValuesIn(GoldenNames()),
                         [](const testing::TestParamInfo<std::string>& info) { return info.param; });

TEST(ParseGoldenCasesTest, AreThere) { EXPECT_GE(GoldenNames().size(), 10u); }

TEST(PositionTest, CountsLinesAndCharacters) {
  const std::string_view bytes =
      "a\r\nb\xc3\xa4"
      "cd\r\nend";
  const TextPosition position = PositionOf(bytes, 6);
  EXPECT_EQ(position.line, 2u);
  EXPECT_EQ(position.column, 3u);
  EXPECT_EQ(position.excerpt,
            "    b\xc3\xa4"
            "cd\n      ^\n");
}

TEST(PositionTest, HoldsAtTheEdges) {
  EXPECT_EQ(PositionOf("", 0).line, 1u);
  EXPECT_EQ(PositionOf("ab\r\n", 4).line, 2u);
  EXPECT_EQ(PositionOf("ab", 99).column, 3u);
  EXPECT_EQ(PositionOf("a\r\nb", 1).excerpt, "    a\n     ^\n");
}

TEST(PositionTest, CutsLongLinesAndHidesControlCharacters) {
  const std::string bytes = std::string(500, 'x') + "\x01" + std::string(500, 'y');
  const std::string excerpt = PositionOf(bytes, 500).excerpt;
  EXPECT_LT(excerpt.size(), 240u);
  const std::size_t caret = excerpt.find('^') - excerpt.find('\n') - 1;
  EXPECT_EQ(excerpt[caret], '?') << excerpt;
}

}  // namespace
}  // namespace sansip::cli
