// What is measured does what it says, and allocates nothing.
#include "sansip/bench/work.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "sansip/bench/allocations.h"
#include "sansip/bench/input.h"
#include "sansip/core/message/field_check.h"

namespace sansip {
namespace {

TEST(Work, EveryInputIsWellFormed) {
  for (const std::string_view name : kInputs) {
    const std::string bytes = ReadInput(name);
    const auto index = std::make_unique<MessageIndex>();
    EXPECT_TRUE(Parser().Parse(bytes, Framing::kStream, *index).ok()) << name;
    EXPECT_EQ(index->tolerances, 0u) << name;
    EXPECT_TRUE(CheckFields(MessageView(bytes, *index)).ok()) << name;
  }
}

TEST(Work, ReadsARequest) {
  const std::string bytes = ReadInput("white_space");
  ParseAndRead work;
  ASSERT_TRUE(work.Run(bytes));
  const Reading& reading = work.reading();
  EXPECT_EQ(reading.method, "INVITE");
  EXPECT_EQ(reading.status_code, 0);
  EXPECT_EQ(reading.user, "gopher");
  EXPECT_EQ(reading.host, "burrow.example");
  EXPECT_EQ(reading.branch, "z9hG4bK7tun31");
  EXPECT_EQ(reading.sent_by_host, "203.0.113.29");
  EXPECT_EQ(reading.sent_by_port, 0);
  EXPECT_EQ(reading.from_tag, "14142135");
  EXPECT_EQ(reading.to_tag, "2718281828n");
  EXPECT_EQ(reading.call_id, "tunnel.0af51c07d3@192.0.2.81");
  EXPECT_EQ(reading.cseq, 12u);
  EXPECT_EQ(reading.cseq_method, "INVITE");
  EXPECT_EQ(reading.contact_uri, "sip:mole@meadow.example");
  EXPECT_EQ(reading.max_forwards, 69u);
  EXPECT_EQ(reading.session_expires, 900u);
}

TEST(Work, ReadsAResponse) {
  const std::string bytes = ReadInput("ok");
  ParseAndRead work;
  ASSERT_TRUE(work.Run(bytes));
  const Reading& reading = work.reading();
  EXPECT_EQ(reading.method, "");
  EXPECT_EQ(reading.status_code, 200);
  EXPECT_EQ(reading.host, "");
  EXPECT_EQ(reading.branch, "z9hG4bK721e4.1");
  EXPECT_EQ(reading.sent_by_host, "ss2.biloxi.example");
  EXPECT_EQ(reading.sent_by_port, 5060);
  EXPECT_EQ(reading.from_tag, "9fxced76sl");
  EXPECT_EQ(reading.to_tag, "314159");
  EXPECT_EQ(reading.cseq, 1u);
  EXPECT_EQ(reading.contact_uri, "sip:bob@client.biloxi.example;transport=tcp");
  EXPECT_EQ(reading.session_expires, 1800u);
}

TEST(Work, RefusesWhatIsNoMessage) {
  ParseAndRead read;
  EXPECT_FALSE(read.Run("nonsense\r\n\r\n"));
  ParseOnly parse;
  EXPECT_FALSE(parse.Run("nonsense\r\n\r\n"));
}

TEST(Work, WritesMessagesThatAreReadBack) {
  const std::string invite = ReadInput("invite");
  ParseAndRead work;
  WriteRequest request(invite);
  ASSERT_TRUE(request.Run(invite));
  ASSERT_TRUE(work.Run(request.text()));
  EXPECT_EQ(request.text().size(), invite.size());
  EXPECT_EQ(work.reading().method, "INVITE");

  WriteOk response(invite);
  ASSERT_TRUE(response.Run(invite));
  ASSERT_TRUE(work.Run(response.text()));
  EXPECT_EQ(work.reading().status_code, 200);
  EXPECT_EQ(work.reading().to_tag, "314159");
  EXPECT_EQ(work.reading().branch, "z9hG4bK74bf9");
}

TEST(Work, TheFloorCountsTheSameInBlocksAndByBytes) {
  std::string text;
  std::size_t expected = 0;
  for (int i = 0; i < 200; ++i) {
    const char c = i % 7 == 0 ? ':' : i % 11 == 0 ? '\n' : 'x';
    text += c;
    expected += c == 'x' ? 0 : 1;
    FindLinesAndColons work;
    work.Run(text);
    EXPECT_EQ(work.found(), expected) << text.size();
  }
}

template <typename Work>
std::size_t AllocationsOf(Work& work, std::string_view bytes) {
  EXPECT_TRUE(work.Run(bytes));
  const std::size_t before = AllocationCount();
  for (int i = 0; i < 10; ++i) work.Run(bytes);
  return AllocationCount() - before;
}

TEST(Work, AllocatesNothing) {
  const std::size_t before = AllocationCount();
  ParseAndRead read;
  ASSERT_GT(AllocationCount(), before) << "nothing is counted";
  FrameStream frame;
  for (const std::string_view name : kInputs) {
    const std::string bytes = ReadInput(name);
    EXPECT_EQ(AllocationsOf(read, bytes), 0u) << name;
    EXPECT_EQ(AllocationsOf(frame, bytes), 0u) << name;
  }
  const std::string invite = ReadInput("invite");
  WriteRequest request(invite);
  WriteOk response(invite);
  EXPECT_EQ(AllocationsOf(request, invite), 0u);
  EXPECT_EQ(AllocationsOf(response, invite), 0u);
}

}  // namespace
}  // namespace sansip
