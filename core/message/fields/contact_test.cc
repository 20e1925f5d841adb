#include "sansip/core/message/fields/contact.h"

#include <string_view>

#include "gtest/gtest.h"
#include "sansip/core/message/test_field.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

TEST(ContactTest, AddressWeightAndLifetime) {
  const auto contacts = Read(ParseContact,
                             "\"Mr. Watson\" <sip:watson@bell.example>\r\n"
                             "   ;q=0.7; expires=3600,\r\n"
                             "   \"Mr. Watson\" <mailto:watson@bell.example> ;q=0.1");
  ASSERT_EQ(contacts.size(), 2u);
  EXPECT_EQ(contacts[0].address.uri, "sip:watson@bell.example");
  EXPECT_EQ(contacts[0].q, 700);
  EXPECT_EQ(contacts[0].expires, 3600u);
  EXPECT_EQ(contacts[1].address.uri, "mailto:watson@bell.example");
  EXPECT_EQ(contacts[1].q, 100);
  EXPECT_FALSE(contacts[1].expires);
}

// RFC 3261 20: without brackets what follows the semicolon is the field's.
TEST(ContactTest, WithoutBrackets) {
  const auto contacts = Read(ParseContact, "sip:bob@192.0.2.4;expires=60;transport=tcp");
  ASSERT_EQ(contacts.size(), 1u);
  EXPECT_EQ(contacts[0].address.uri, "sip:bob@192.0.2.4");
  EXPECT_EQ(contacts[0].expires, 60u);
}

TEST(ContactTest, Star) {
  const auto contacts = Read(ParseContact, "*");
  ASSERT_EQ(contacts.size(), 1u);
  EXPECT_TRUE(contacts[0].address.is_star);
  EXPECT_EQ(Rewritten(ParseContact, " * "), "*");
  EXPECT_TRUE(AreEquivalent(ParseContact, "*", "*"));
  EXPECT_FALSE(AreEquivalent(ParseContact, "*", "<sip:h>"));
}

// RFC 3261 10.2.1.1
TEST(ContactTest, LongAndMalformedLifetimes) {
  EXPECT_EQ(Read(ParseContact, "<sip:h>;expires=280297596632815")[0].expires, 4294967295u);
  EXPECT_EQ(Read(ParseContact, "<sip:h>;expires=0")[0].expires, 0u);
  for (std::string_view value : {"<sip:h>;expires=soon", "<sip:h>;expires", "<sip:h>;expires=\"60\"",
                                 "<sip:h>;expires=-1", "<sip:h>;expires=6.0"}) {
    EXPECT_EQ(Read(ParseContact, value)[0].expires, 3600u) << value;
  }
}

TEST(ContactTest, Written) {
  EXPECT_EQ(Rewritten(ParseContact, "sip:a@h ; x = y;expires=60;q=0.500 ; z"),
            "<sip:a@h>;q=0.5;expires=60;x=y;z");
  EXPECT_EQ(Rewritten(ParseContact, "Bob\r\n <sips:b@h;lr>, <tel:+1>"), "Bob <sips:b@h;lr>, <tel:+1>");
  Contact contact = Read(ParseContact, "<sip:a@h>;q=0.5;expires=60;x")[0];
  contact.q.reset();
  contact.expires = 0;
  EXPECT_EQ(Written(contact), "<sip:a@h>;expires=0;x");
}

TEST(ContactTest, UriWithParametersIsWrittenInBrackets) {
  Contact contact;
  contact.address.uri = "sip:a@h;transport=tcp?Subject=x";
  EXPECT_EQ(Written(contact), "<sip:a@h;transport=tcp?Subject=x>");
  contact.address.uri = "sip:a,b@h";
  EXPECT_EQ(Written(contact), "<sip:a,b@h>");
  SANSIP_SHOWS("3261-20.10-1", "3261-20-15");
}

TEST(ContactTest, RefusesToWriteWhatIsNone) {
  Contact contact;
  contact.address.uri = "sip:a@h>, <sip:b@h";
  EXPECT_EQ(Written(contact), "refused");
  contact.address.uri = "sip:a@h";
  contact.address.display_name = "a\" <sip:x@h>, \"b";
  EXPECT_EQ(Written(contact), "refused");
  contact.address.display_name = "\"a\r\nX: y\"";
  EXPECT_EQ(Written(contact), "refused");
  contact.address.display_name = {};
  contact.address.parameters = ";x=y, <sip:b@h>";
  EXPECT_EQ(Written(contact), "refused");
  contact.address.parameters = {};
  contact.q = 1001;
  EXPECT_EQ(Written(contact), "refused");
}

TEST(ContactTest, Malformed) {
  ExpectMalformed(ParseContact, {{"<sip:h>;q=2", ParseCode::kBadParameter, 7},
                                 {"  <sip:h> ;x ; q=", ParseCode::kBadParameter, 17},
                                 {"<sip:h>;q=0.1;q=0.1", ParseCode::kRepeatedParameter, 13},
                                 {"<sip:h>;expires=1;Expires=1", ParseCode::kRepeatedParameter, 17},
                                 {"<sip:a>, <sip:b>;q=x", ParseCode::kBadParameter, 16},
                                 {"<sip:h", ParseCode::kBadUri, 6}});
}

TEST(ContactTest, Comparison) {
  EXPECT_TRUE(AreEquivalent(ParseContact, "A <sip:a@H>;q=0.5;x", "sip:a@h;X;q=0.500"));
  EXPECT_FALSE(AreEquivalent(ParseContact, "<sip:a@h>", "<sip:a@h>;q=1"));
  EXPECT_FALSE(AreEquivalent(ParseContact, "<sip:a@h>;expires=1", "<sip:a@h>;expires=2"));
  EXPECT_FALSE(AreEquivalent(ParseContact, "<sip:a@h>", "<sip:A@h>"));
  EXPECT_FALSE(AreEquivalent(ParseContact, "<sip:a@h>;x", "<sip:a@h>"));
  EXPECT_FALSE(AreEquivalent(ParseContact, "<mailto:a@h>", "<mailto:a@H>"));
}

}  // namespace
}  // namespace sansip
