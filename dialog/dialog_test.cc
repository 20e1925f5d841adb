// Dialog state by itself: forming, routes, sequence numbers, the table.

#include "sansip/dialog/dialog.h"

#include <string>

#include "gtest/gtest.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/dialog/dialog_table.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

Dialog Formed(std::string_view more, DialogError expected = DialogError::kNone) {
  RequestText invite;
  invite.more = more;
  const Parsed parsed(invite.text());
  EXPECT_TRUE(parsed.error().ok());
  Dialog dialog;
  EXPECT_EQ(FormFromRequest(parsed.view(), {}, "local", dialog), expected);
  return dialog;
}

RequestRoute RouteOfSet(std::string_view routes, std::string_view target, KeptText& storage) {
  static Dialog dialog;
  dialog.routes = routes;
  dialog.remote_target = target;
  return RouteOf(dialog, storage);
}

TEST(Dialog, OfARequestHasItsPartsAsTheCalleeSeesThem) {
  const Dialog dialog = Formed("Contact: <sip:alice@pc33.atlanta.example>\r\n");
  EXPECT_EQ(dialog.local_tag, "local");
  EXPECT_EQ(dialog.remote_tag, "1928301774");
  EXPECT_EQ(dialog.local_address, "Bob <sip:bob@biloxi.example>");
  EXPECT_EQ(dialog.remote_address, "Alice <sip:alice@atlanta.example>");
  EXPECT_EQ(dialog.remote_target, "sip:alice@pc33.atlanta.example");
  EXPECT_EQ(dialog.remote_cseq, 314159u);
  EXPECT_FALSE(dialog.local_cseq.has_value());
  EXPECT_EQ(dialog.routes, "");
  SANSIP_SHOWS("3261-12.1.1-13", "3261-12.1.1-14", "3261-12.1.1-17");
}

TEST(Dialog, FoldedFieldsAreUnfolded) {
  const Dialog dialog =
      Formed("Contact: <sip:alice@pc33.atlanta.example>\r\nRecord-Route: <sip:p1;lr>,\r\n <sip:p2;lr>\r\n");
  EXPECT_EQ(dialog.routes, "<sip:p1;lr>, <sip:p2;lr>");
}

TEST(Dialog, NeedsOneSipContact) {
  Formed("", DialogError::kMissingContact);
  Formed("Contact: *\r\n", DialogError::kBadContact);
  Formed("Contact: <mailto:a@b>\r\n", DialogError::kBadContact);
  Formed("Contact: <sip:a@b>, <sip:c@d>\r\n", DialogError::kBadContact);
  Formed("Contact: <sip:" + std::string(3000, 'a') + "@b>\r\n", DialogError::kTooLong);
  Formed("Contact: <sip:a@b>\r\nRecord-Route: <tel:1>\r\n", DialogError::kBadRoute);
}

TEST(Dialog, RoutesAreLimited) {
  const std::string contact = "Contact: <sip:a@b>\r\n";
  const auto routes = [](int count, std::size_t bytes) {
    std::string lines;
    for (int i = 0; i < count; ++i) lines += "Record-Route: <sip:" + std::string(bytes, 'p') + ";lr>\r\n";
    return lines;
  };
  EXPECT_FALSE(Formed(contact + routes(32, 10)).routes.empty());
  Formed(contact + routes(33, 10), DialogError::kTooLong);
  // routes_bytes_max: those of 10 bytes and 2,000 more each.
  EXPECT_FALSE(Formed(contact + routes(4, 2000)).routes.empty());
  Formed(contact + routes(5, 2000), DialogError::kTooLong);
}

TEST(Dialog, LooseRoute) {
  KeptText storage;
  const RequestRoute route = RouteOfSet("<sip:p1;lr;a=b>, <sip:p2>", "sip:bob@h;x=y", storage);
  EXPECT_EQ(route.request_uri, "sip:bob@h;x=y");
  EXPECT_EQ(route.next_hop, "sip:p1;lr;a=b");
  EXPECT_EQ(route.routes, "<sip:p1;lr;a=b>, <sip:p2>");
  EXPECT_FALSE(route.target_is_last_route);
  SANSIP_SHOWS("3261-12.2.1.1-14", "3261-12.2.1.1-15");
}

TEST(Dialog, StrictRoute) {
  KeptText storage;
  const RequestRoute route = RouteOfSet("<sip:p1;method=INVITE;a=b?h=v>,<sip:p2;lr>", "sip:bob@h", storage);
  EXPECT_EQ(route.request_uri, "sip:p1;a=b");
  EXPECT_EQ(route.next_hop, "sip:p1;a=b");
  EXPECT_EQ(route.routes, "<sip:p2;lr>");
  EXPECT_TRUE(route.target_is_last_route);
}

TEST(Dialog, NoRoute) {
  KeptText storage;
  const RequestRoute route = RouteOfSet("", "sip:bob@h?Subject=x", storage);
  EXPECT_EQ(route.request_uri, "sip:bob@h");
  EXPECT_EQ(route.next_hop, "sip:bob@h");
  EXPECT_EQ(route.routes, "");
}

TEST(Dialog, RequestUriLosesMethodAndHeaders) {
  const auto request_uri = [](std::string_view uri) {
    KeptText text;
    AssignRequestUri(text, uri);
    return std::string(text);
  };
  EXPECT_EQ(request_uri("sip:b@h;Method=MESSAGE;transport=tcp;user=phone;foo=bar?a=b"),
            "sip:b@h;transport=tcp;user=phone;foo=bar");
  EXPECT_EQ(request_uri("sip:b@h:5070?a=b&c=?d"), "sip:b@h:5070");
  EXPECT_EQ(request_uri("sip:b?x@h"), "sip:b?x@h");  // a '?' of the user part
  EXPECT_EQ(request_uri("sip:[2001:db8::1]:5062;method=X"), "sip:[2001:db8::1]:5062");
  EXPECT_EQ(request_uri("sip:h"), "sip:h");
  SANSIP_SHOWS("3261-19.1.5-1", "3261-19.1.5-3", "3261-19.1.5-4");
}

TEST(Dialog, SequenceNumbersStayBelow2To31) {
  Dialog dialog;
  EXPECT_EQ(NextLocalCSeq(dialog, 1), 1u);
  EXPECT_EQ(NextLocalCSeq(dialog, 1), 2u);
  dialog.local_cseq = 2147483646u;
  EXPECT_EQ(NextLocalCSeq(dialog, 1), 2147483647u);
  EXPECT_EQ(NextLocalCSeq(dialog, 1), 1u);
  EXPECT_TRUE(TakeRemoteCSeq(dialog, 7));
  EXPECT_TRUE(TakeRemoteCSeq(dialog, 7));
  EXPECT_FALSE(TakeRemoteCSeq(dialog, 6));
  EXPECT_TRUE(TakeRemoteCSeq(dialog, 4000000000u));
  SANSIP_SHOWS("3261-8.1.1.5-2", "3261-8.1.1.5-3");
}

TEST(DialogTable, FindsByAllThreeIdentifiers) {
  SeededRandom random(3);
  bool has_removed = false;
  DialogTable table(100, random, has_removed);
  const auto add = [&](std::string_view call_id, std::string_view local, std::string_view remote) {
    const DialogId id = table.Add();
    Dialog& dialog = *table.Find(id);
    dialog.call_id = call_id;
    dialog.local_tag = local;
    dialog.remote_tag = remote;
    table.Index(id);
    return id;
  };
  const DialogId a = add("c", "l", "r1"), b = add("c", "l", "r2"), none = add("c", "l", "");
  EXPECT_EQ(table.Find("c", "l", "r1"), a);
  EXPECT_EQ(table.Find("c", "l", "r2"), b);
  EXPECT_EQ(table.Find("c", "l", ""), none);
  EXPECT_TRUE(table.Find("c", "r1", "l").is_nil());
  EXPECT_TRUE(table.Find("C", "l", "r1").is_nil());
  EXPECT_TRUE(table.IsConsistent());
  table.Remove(a);
  table.Remove(a);
  EXPECT_TRUE(table.Find("c", "l", "r1").is_nil());
  EXPECT_EQ(table.Find(a), nullptr);
  EXPECT_EQ(table.Find("c", "l", "r2"), b);
  EXPECT_EQ(table.size(), 2u);
  EXPECT_TRUE(table.IsConsistent());
}

TEST(DialogTable, IsLimitedAndRecycles) {
  SeededRandom random(3);
  bool has_removed = false;
  DialogTable table(2, random, has_removed);
  const DialogId a = table.Add();
  table.Find(a)->call_id = "old";
  EXPECT_FALSE(table.Add().is_nil());
  EXPECT_TRUE(table.Add().is_nil());
  table.Remove(a);
  table.Recycle();
  const DialogId c = table.Add();
  EXPECT_NE(c, a);
  EXPECT_EQ(table.Find(c)->call_id, "");
}

}  // namespace
}  // namespace sansip::testing
