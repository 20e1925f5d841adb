#include "sansip/core/message/fields/content_disposition.h"

#include "gtest/gtest.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/test_field.h"

namespace sansip {
namespace {

TEST(ContentDispositionTest, TypeAndHandling) {
  const auto session = Read(ParseContentDisposition, "session");
  EXPECT_EQ(session.type, "session");
  EXPECT_EQ(HandlingOf(session), Handling::kRequired);
  const auto attachment =
      Read(ParseContentDisposition, "attachment; filename=smime.p7m;\r\n handling = Optional");
  EXPECT_EQ(HandlingOf(attachment), Handling::kOptional);
  EXPECT_EQ(Parameter(attachment.parameters, "filename"), "smime.p7m");
  EXPECT_EQ(HandlingOf(Read(ParseContentDisposition, "x;handling=REQUIRED")), Handling::kRequired);
  EXPECT_EQ(HandlingOf(Read(ParseContentDisposition, "x;handling=perhaps")), Handling::kOther);
}

TEST(ContentDispositionTest, Written) {
  EXPECT_EQ(Rewritten(ParseContentDisposition, " render ; x = \"a;\\\"b\" ; handling=optional "),
            "render;handling=optional;x=\"a;\\\"b\"");
  ContentDisposition disposition = Read(ParseContentDisposition, "icon;handling=optional");
  disposition.handling = "required";
  EXPECT_EQ(Written(disposition), "icon;handling=required");
  EXPECT_EQ(Written(ContentDisposition{.type = "a b", .handling = {}, .parameters = {}}), "refused");
  EXPECT_EQ(Written(ContentDisposition{.type = "a", .handling = "b;c", .parameters = {}}), "refused");
  EXPECT_EQ(Written(ContentDisposition{.type = "a", .handling = {}, .parameters = ";b=\"c"}), "refused");
}

TEST(ContentDispositionTest, Malformed) {
  ExpectMalformed(ParseContentDisposition, {{"", ParseCode::kBadToken, 0},
                                            {";handling=required", ParseCode::kBadToken, 0},
                                            {"session;", ParseCode::kBadParameter, 8},
                                            {"session, icon", ParseCode::kBadFieldValue, 7},
                                            {"session;handling", ParseCode::kBadParameter, 7},
                                            {"session;handling=\"optional\"", ParseCode::kBadParameter, 7},
                                            {"a;handling=b;handling=b", ParseCode::kRepeatedParameter, 12},
                                            {"a handling=required", ParseCode::kBadFieldValue, 2}});
}

TEST(ContentDispositionTest, Comparison) {
  EXPECT_TRUE(AreEquivalent(ParseContentDisposition, "Session;handling=required", "session"));
  EXPECT_TRUE(AreEquivalent(ParseContentDisposition, "a;handling=X;b", "a;B;handling=x"));
  EXPECT_FALSE(AreEquivalent(ParseContentDisposition, "session;handling=optional", "session"));
  EXPECT_FALSE(AreEquivalent(ParseContentDisposition, "a;handling=x", "a;handling=y"));
  EXPECT_FALSE(AreEquivalent(ParseContentDisposition, "session", "render"));
  EXPECT_FALSE(AreEquivalent(ParseContentDisposition, "session;b", "session"));
}

}  // namespace
}  // namespace sansip
