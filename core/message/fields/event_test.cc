#include "sansip/core/message/fields/event.h"

#include <span>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/core/message/field_check.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/test_field.h"
#include "sansip/core/message/test_message.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

TEST(EventTest, TypeWithTemplatesAndId) {
  const EventField event = Read(ParseEvent, "presence.winfo.winfo;x=y ; ID = 7a");
  EXPECT_EQ(event.type, "presence.winfo.winfo");
  EXPECT_EQ(EventPackage(event.type), "presence");
  EXPECT_EQ(EventTemplates(event.type), "winfo.winfo");
  EXPECT_EQ(event.id, "7a");
  EXPECT_EQ(Parameter(event.parameters, "x"), "y");
}

TEST(EventTest, LeastAndFolded) {
  const EventField event = Read(ParseEvent, "refer");
  EXPECT_EQ(event.type, "refer");
  EXPECT_EQ(EventPackage(event.type), "refer");
  EXPECT_EQ(EventTemplates(event.type), "");
  EXPECT_EQ(event.id, "");
  EXPECT_EQ(event.parameters, "");
  EXPECT_EQ(Read(ParseEvent, " dialog\r\n ;\r\n id\t=\r\n 1 ").id, "1");
  EXPECT_EQ(Read(ParseEvent, "-!%*_+`'~").type, "-!%*_+`'~");
}

TEST(EventTest, Malformed) {
  ExpectMalformed(ParseEvent, {
                                  {"", ParseCode::kBadToken, 0},
                                  {";id=1", ParseCode::kBadToken, 0},
                                  {".winfo", ParseCode::kBadToken, 0},
                                  {"presence.", ParseCode::kBadToken, 9},
                                  {"presence..winfo", ParseCode::kBadToken, 9},
                                  {"presence . winfo", ParseCode::kBadFieldValue, 9},
                                  {"a, b", ParseCode::kBadFieldValue, 1},
                                  {"a b", ParseCode::kBadFieldValue, 2},
                                  {"a;", ParseCode::kBadParameter, 2},
                                  {"a;id", ParseCode::kBadParameter, 1},
                                  {"a;id=", ParseCode::kBadParameter, 5},
                                  {"a;id=\"1\"", ParseCode::kBadParameter, 1},
                                  {"a;id=1;x;id=1", ParseCode::kRepeatedParameter, 8},
                                  {"a;x=\"open", ParseCode::kBadQuotedString, 9},
                              });
}

TEST(EventTest, AMessageHasOneEvent) {
  const Parsed list(RequestWith({"Event: a, b"}));
  ASSERT_TRUE(list.ok());
  EXPECT_EQ(ResponseCodeFor(CheckFields(list.view()).code), 400);
  const Parsed rows(RequestWith({"Event: a", "o: b"}));
  EXPECT_EQ(rows.code(), ParseCode::kRepeatedHeader);
  EXPECT_EQ(ResponseCodeFor(rows.code()), 400);
  SANSIP_SHOWS("6665-8.2.1-3");
}

TEST(EventTest, TypeAndIdAreComparedByteByByte) {
  EXPECT_TRUE(AreEquivalent(ParseEvent, "foo;id=1234", "foo;param=abcd;id=1234"));
  EXPECT_TRUE(AreEquivalent(ParseEvent, "foo", "foo;x=y"));
  EXPECT_FALSE(AreEquivalent(ParseEvent, "foo;id=1234", "foo"));
  EXPECT_FALSE(AreEquivalent(ParseEvent, "foo;id=1234", "Foo;id=1234"));
  EXPECT_FALSE(AreEquivalent(ParseEvent, "foo;id=a", "foo;id=A"));
  EXPECT_FALSE(AreEquivalent(ParseEvent, "foo", "foo.winfo"));
  SANSIP_SHOWS("6665-8.2.1-1");
}

TEST(EventTest, Written) {
  EXPECT_EQ(Rewritten(ParseEvent, "refer;id=93809823"), "refer;id=93809823");
  EXPECT_EQ(Rewritten(ParseEvent, "presence.winfo ; x = \"a;b\" ;ID=1;y"), "presence.winfo;id=1;x=\"a;b\";y");
  EXPECT_EQ(Written(EventField{.type = "refer", .id = "8"}), "refer;id=8");
  EventField event = Read(ParseEvent, "refer;id=7;x");
  event.id = {};
  EXPECT_EQ(Written(event), "refer;x");
  for (const EventField& bad :
       {EventField{}, EventField{.type = "a b"}, EventField{.type = "a,b"}, EventField{.type = "a..b"},
        EventField{.type = "a\r\nX: y"}, EventField{.type = "a", .id = "1;x"},
        EventField{.type = "a", .id = "\"1\""}, EventField{.type = "a", .parameters = ";x, b"}}) {
    EXPECT_EQ(Written(bad), "refused") << bad.type << bad.id << bad.parameters;
  }
}

TEST(AllowEventsTest, AListOfTypes) {
  std::string_view rest = "presence , presence.winfo\r\n ,dialog";
  std::vector<AllowedEvent> events(3);
  for (AllowedEvent& event : events) ASSERT_TRUE(ParseAllowedEvent(rest, event, &rest).ok());
  EXPECT_EQ(rest, "");
  EXPECT_EQ(events[1].type, "presence.winfo");
  EXPECT_EQ(Written(std::span<const AllowedEvent>(events)), "presence, presence.winfo, dialog");
  EXPECT_EQ(Rewritten(ParseAllowedEvent, "a ,\r\n b.c.d"), "a, b.c.d");
  EXPECT_TRUE(AreEquivalent(ParseAllowedEvent, "a", " a"));
  EXPECT_FALSE(AreEquivalent(ParseAllowedEvent, "a", "A"));
  EXPECT_EQ(Written(AllowedEvent{"a;b"}), "refused");
  EXPECT_EQ(Written(AllowedEvent{"a."}), "refused");
}

TEST(AllowEventsTest, Malformed) {
  ExpectMalformed(ParseAllowedEvent, {
                                         {"", ParseCode::kBadToken, 0},
                                         {",a", ParseCode::kBadToken, 0},
                                         {"a,", ParseCode::kBadFieldValue, 1},
                                         {"a;id=1", ParseCode::kBadFieldValue, 1},
                                         {"a.,b", ParseCode::kBadToken, 2},
                                     });
}

TEST(EventTest, CompactForms) {
  const Parsed parsed(RequestWith({"o: dialog;id=1", "u: presence, dialog"}));
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(Read(ParseEvent, *parsed.view().First(HeaderId::kEvent)).id, "1");
  EXPECT_TRUE(parsed.view().Has(HeaderId::kAllowEvents));
  EXPECT_TRUE(CheckFields(parsed.view()).ok());
  for (char c = 'a'; c <= 'z'; ++c) {
    EXPECT_NE(HeaderIdFromName({&c, 1}), HeaderId::kSubscriptionState);
  }
  SANSIP_SHOWS("6665-7.3-1");
}

}  // namespace
}  // namespace sansip
