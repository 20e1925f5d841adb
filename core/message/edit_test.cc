#include "sansip/core/message/edit.h"

#include <array>
#include <functional>
#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/test_message.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

using namespace std::literals;

// As a proxy gets it: folded, compact and unknown names, two Vias in a line, a Route set.
const std::string& Invite() {
  static const std::string text =
      "INVITE sip:bob@biloxi.example SIP/2.0\r\n"
      "Via: SIP/2.0/UDP p2.example;branch=z9hG4bKb ,\r\n SIP/2.0/UDP p1.example;branch=z9hG4bKa\r\n"
      "v : SIP/2.0/TCP  a.example;branch=z9hG4bK1\r\n"
      "Max-Forwards:  70 \r\n"
      "Route: <sip:p3.example;lr>, <sip:p4.example;lr>\r\n"
      "Route: <sip:p5.example;lr>\r\n"
      "f: \"A, B\" <sip:a@a.example>;tag=1\r\n"
      "To: <sip:bob@biloxi.example>\r\n"
      "Call-ID: x@a.example\r\n"
      "CSeq: 1\r\n INVITE\r\n"
      "X-Empty:\r\n"
      "c: application/sdp\r\n"
      "l: 5\r\n\r\nv=0\r\n";
  return text;
}
// Places in it.
constexpr std::size_t kVia = 0;
constexpr std::size_t kVia2 = 1;
constexpr std::size_t kRoute = 3;
constexpr std::size_t kRoute2 = 4;
constexpr std::size_t kTo = 6;
constexpr std::size_t kEmpty = 9;
constexpr std::size_t kLength = 11;

struct Result {
  EditError error = EditError::kNone;
  std::size_t needed = 0;
  std::string text;
};

Result Edited(const std::string& text, const std::function<void(EditList&)>& edit,
              std::size_t storage_size = 8) {
  const Parsed parsed(text);
  EXPECT_TRUE(parsed.ok()) << text;
  std::array<Edit, 8> storage;
  EditList edits(parsed.view(), std::span(storage).first(storage_size));
  edit(edits);
  std::array<char, 4096> out;
  const sansip::Edited edited = edits.Apply(out);
  EXPECT_EQ(edited.needed == 0, edited.error != EditError::kNone);
  return {edited.error, edited.needed, std::string(edited.text)};
}

std::string Text(const std::function<void(EditList&)>& edit) {
  const Result result = Edited(Invite(), edit);
  EXPECT_EQ(result.error, EditError::kNone);
  EXPECT_EQ(result.needed, result.text.size());
  EXPECT_TRUE(Parsed(result.text).ok()) << result.text;
  return result.text;
}

EditError Error(const std::function<void(EditList&)>& edit) {
  const Result result = Edited(Invite(), edit);
  EXPECT_EQ(result.text, "");
  return result.error;
}

TEST(EditTest, NoEditsNoChange) {
  EXPECT_EQ(Text([](EditList&) {}), Invite());
}

TEST(EditTest, WhatAProxyDoesToARequest) {
  const std::string text = Text([](EditList& edits) {
    edits.ReplaceRequestUri("sip:bob@10.0.0.1:5070");
    edits.DecrementMaxForwards();
    edits.Push(HeaderId::kRecordRoute, "<sip:p3.example;lr>");
    edits.Pop(HeaderId::kRoute);
    edits.ReplaceTop(HeaderId::kVia, "SIP/2.0/UDP p2.example;branch=z9hG4bKb;received=192.0.2.2");
    edits.Push(HeaderId::kVia, "SIP/2.0/UDP p3.example;branch=z9hG4bKc");
  });
  EXPECT_EQ(text,
            "INVITE sip:bob@10.0.0.1:5070 SIP/2.0\r\n"
            "Via: SIP/2.0/UDP p3.example;branch=z9hG4bKc\r\n"
            "Via: SIP/2.0/UDP p2.example;branch=z9hG4bKb;received=192.0.2.2 ,\r\n"
            " SIP/2.0/UDP p1.example;branch=z9hG4bKa\r\n"
            "v : SIP/2.0/TCP  a.example;branch=z9hG4bK1\r\n"
            "Record-Route: <sip:p3.example;lr>\r\n"
            "Max-Forwards:  69 \r\n"
            "Route: <sip:p4.example;lr>\r\n"
            "Route: <sip:p5.example;lr>\r\n"
            "f: \"A, B\" <sip:a@a.example>;tag=1\r\n"
            "To: <sip:bob@biloxi.example>\r\n"
            "Call-ID: x@a.example\r\n"
            "CSeq: 1\r\n INVITE\r\n"
            "X-Empty:\r\n"
            "c: application/sdp\r\n"
            "l: 5\r\n\r\nv=0\r\n");
}

// RFC 3261 16.7 step 3: the top Via of a response, alone on its line or not.
TEST(EditTest, PoppingTheViasOfAResponse) {
  const std::string response =
      Replaced(Replaced(Invite(), "INVITE sip:bob@biloxi.example SIP/2.0", "SIP/2.0 180 Ringing"),
               "Max-Forwards:  70 \r\n", "");
  const auto popped = [&response](std::size_t count) {
    return Edited(response, [count](EditList& edits) { edits.Pop(HeaderId::kVia, count); }).text;
  };
  EXPECT_EQ(popped(1), Replaced(response, "SIP/2.0/UDP p2.example;branch=z9hG4bKb ,\r\n ", ""));
  EXPECT_EQ(popped(2), Replaced(response,
                                "Via: SIP/2.0/UDP p2.example;branch=z9hG4bKb ,\r\n SIP/2.0/UDP "
                                "p1.example;branch=z9hG4bKa\r\n",
                                ""));
  EXPECT_EQ(Parsed(popped(2)).view().header(0).name, "v");
  const Result all = Edited(response, [](EditList& edits) { edits.Pop(HeaderId::kVia, 3); });
  EXPECT_EQ(all.text.substr(0, 26), "SIP/2.0 180 Ringing\r\nRoute");
  EXPECT_EQ(Edited(response, [](EditList& edits) { edits.Pop(HeaderId::kVia, 4); }).error,
            EditError::kNoSuchPlace);
}

TEST(EditTest, PoppingOverLines) {
  EXPECT_EQ(Text([](EditList& edits) { edits.Pop(HeaderId::kRoute, 2); }),
            Replaced(Invite(), "Route: <sip:p3.example;lr>, <sip:p4.example;lr>\r\n", ""));
  EXPECT_EQ(Text([](EditList& edits) { edits.Pop(HeaderId::kRoute, 3); }),
            Replaced(Replaced(Invite(), "Route: <sip:p3.example;lr>, <sip:p4.example;lr>\r\n", ""),
                     "Route: <sip:p5.example;lr>\r\n", ""));
  EXPECT_EQ(Error([](EditList& edits) { edits.Pop(HeaderId::kRecordRoute); }), EditError::kNoSuchPlace);
}

TEST(EditTest, WhatIsPushedLastIsOnTop) {
  const std::string text = Text([](EditList& edits) {
    edits.Push(HeaderId::kRoute, "<sip:1;lr>");
    edits.Push(HeaderId::kRoute, "<sip:2;lr>");
    edits.Push(HeaderId::kPath, "<sip:3;lr>");
    edits.Push(HeaderId::kPath, "<sip:4;lr>");
  });
  EXPECT_EQ(text, Replaced(Replaced(Invite(), "Route: <sip:p3",
                                    "Route: <sip:2;lr>\r\nRoute: <sip:1;lr>\r\nRoute: <sip:p3"),
                           "Max-", "Path: <sip:4;lr>\r\nPath: <sip:3;lr>\r\nMax-"));
}

TEST(EditTest, InsertingLines) {
  const std::string text = Text([](EditList& edits) {
    edits.InsertAtBottom({HeaderId::kServer, "s"});
    edits.InsertAfter(kTo, {HeaderId::kOther, "1", "x-a"});
    edits.InsertBefore(kTo, {HeaderId::kSubject, "2"});
    edits.InsertAtTop({HeaderId::kOther, "3", "X-Top"});
    edits.InsertAfter(kTo, {HeaderId::kOther, "4", "X-B"});
    edits.InsertAfter(kLength, {HeaderId::kOther, "5", "X-Last"});
  });
  std::string expected = Replaced(Invite(), "Via:", "X-Top: 3\r\nVia:");
  expected = Replaced(expected, "To: ", "Subject: 2\r\nTo: ");
  expected = Replaced(expected, "Call-ID", "x-a: 1\r\nX-B: 4\r\nCall-ID");
  EXPECT_EQ(text, Replaced(expected, "l: 5\r\n", "l: 5\r\nServer: s\r\nX-Last: 5\r\n"));
}

TEST(EditTest, ReplacingAndRemoving) {
  EXPECT_EQ(
      Text([](EditList& edits) {
        edits.Replace(kVia2, {HeaderId::kVia, "SIP/2.0/TLS h;branch=z9hG4bKn"});
      }),
      Replaced(Invite(), "v : SIP/2.0/TCP  a.example;branch=z9hG4bK1", "Via: SIP/2.0/TLS h;branch=z9hG4bKn"));
  EXPECT_EQ(Text([](EditList& edits) { edits.ReplaceValue(kVia2, "SIP/2.0/TLS h"); }),
            Replaced(Invite(), "SIP/2.0/TCP  a.example;branch=z9hG4bK1", "SIP/2.0/TLS h"));
  EXPECT_EQ(Text([](EditList& edits) { edits.ReplaceValue(kEmpty, "fo\r\n ld"); }),
            Replaced(Invite(), "X-Empty:", "X-Empty:fo ld"));
  EXPECT_EQ(Text([](EditList& edits) { edits.Remove(kEmpty); }), Replaced(Invite(), "X-Empty:\r\n", ""));
  EXPECT_EQ(Text([](EditList& edits) { edits.RemoveAll(HeaderId::kRoute); }),
            Text([](EditList& edits) { edits.Pop(HeaderId::kRoute, 3); }));
  EXPECT_EQ(Text([](EditList& edits) { edits.RemoveAll(HeaderId::kDate); }), Invite());
  EXPECT_EQ(Text([](EditList& edits) {
              edits.Set(HeaderId::kTo, "<sip:c@h>");
              edits.Set(HeaderId::kExpires, "60");
            }),
            Replaced(Replaced(Invite(), "<sip:bob@biloxi.example>", "<sip:c@h>"), "l: 5\r\n",
                     "l: 5\r\nExpires: 60\r\n"));
  // What is put in at the place of what is taken out.
  EXPECT_EQ(Text([](EditList& edits) {
              edits.Remove(kEmpty);
              edits.InsertBefore(kEmpty, {HeaderId::kOther, "1", "X-1"});
              edits.InsertAfter(kEmpty, {HeaderId::kOther, "2", "X-2"});
            }),
            Replaced(Invite(), "X-Empty:\r\n", "X-1: 1\r\nX-2: 2\r\n"));
}

TEST(EditTest, ElementsOfALine) {
  const std::string list = Replaced(Invite(), "X-Empty:", "X-Empty: , a , \"b,c\",\r\n (d,) <e,f>, ,g,");
  const auto text = [&list](std::size_t first, std::size_t count) {
    return Edited(list, [=](EditList& edits) { edits.RemoveElements(kEmpty, first, count); }).text;
  };
  EXPECT_EQ(text(0, 1), Replaced(list, "a , ", ""));
  EXPECT_EQ(text(1, 1), Replaced(list, "\"b,c\",\r\n ", ""));
  EXPECT_EQ(text(2, 1), Replaced(list, "(d,) <e,f>, ,", ""));
  EXPECT_EQ(text(3, 1), Replaced(list, ", ,g", ""));
  EXPECT_EQ(text(1, 2), Replaced(list, "\"b,c\",\r\n (d,) <e,f>, ,", ""));
  EXPECT_EQ(text(2, 2), Replaced(list, ",\r\n (d,) <e,f>, ,g", ""));
  EXPECT_EQ(text(0, 4), Replaced(list, "X-Empty: , a , \"b,c\",\r\n (d,) <e,f>, ,g,\r\n", ""));
  EXPECT_EQ(Edited(list, [](EditList& edits) { edits.ReplaceElement(kEmpty, 2, "\"x,y\";z"); }).text,
            Replaced(list, "(d,) <e,f>", "\"x,y\";z"));
  for (std::size_t count : {std::size_t{0}, std::size_t{5}, std::size_t(-1)}) {
    EXPECT_EQ(Edited(list, [=](EditList& edits) { edits.RemoveElements(kEmpty, 0, count); }).error,
              EditError::kNoSuchPlace);
  }
  EXPECT_EQ(Edited(list, [](EditList& edits) { edits.RemoveElements(kEmpty, 4, 1); }).error,
            EditError::kNoSuchPlace);
  EXPECT_EQ(Error([](EditList& edits) { edits.ReplaceElement(kEmpty, 0, "x"); }), EditError::kNoSuchPlace);
}

TEST(EditTest, MaxForwards) {
  const auto text = [](std::string_view field) {
    return Edited(Replaced(Invite(), "Max-Forwards:  70 \r\n", field),
                  [](EditList& edits) { edits.DecrementMaxForwards(); });
  };
  EXPECT_EQ(text("Max-Forwards: 255\r\n").text, Replaced(Invite(), ":  70 ", ": 254"));
  EXPECT_EQ(text("Max-Forwards: 010\r\n").text, Replaced(Invite(), ":  70 ", ": 9"));
  EXPECT_EQ(text("Max-Forwards: 1\r\n").text, Replaced(Invite(), ":  70 ", ": 0"));
  EXPECT_EQ(text("").text, Replaced(Invite(), ":  70 ", ": 70"));
  EXPECT_EQ(text("Max-Forwards: 0\r\n").error, EditError::kNoSuchPlace);
}

TEST(EditTest, ABodyBringsItsLength) {
  EXPECT_EQ(Text([](EditList& edits) { edits.ReplaceBody("v=0\r\ns=-\r\n"); }),
            Replaced(Invite(), "l: 5\r\n\r\nv=0\r\n", "l: 10\r\n\r\nv=0\r\ns=-\r\n"));
  EXPECT_EQ(Text([](EditList& edits) { edits.ReplaceBody(""); }),
            Replaced(Invite(), "l: 5\r\n\r\nv=0\r\n", "l: 0\r\n\r\n"));
  const std::string without = Replaced(Invite(), "l: 5\r\n", "");
  EXPECT_EQ(Edited(without, [](EditList& edits) { edits.ReplaceBody("x"); }).text,
            Replaced(without, "\r\n\r\nv=0\r\n", "\r\nContent-Length: 1\r\n\r\nx"));
  EXPECT_EQ(Edited(without, [](EditList& edits) { edits.AddContentLength(); }).text,
            Replaced(without, "\r\n\r\n", "\r\nContent-Length: 5\r\n\r\n"));
  EXPECT_EQ(Edited(without,
                   [](EditList& edits) {
                     edits.AddContentLength();
                     edits.ReplaceBody("x");
                     edits.AddContentLength();
                   })
                .text,
            Replaced(without, "\r\n\r\nv=0\r\n", "\r\nContent-Length: 1\r\n\r\nx"));
  EXPECT_EQ(Text([](EditList& edits) { edits.AddContentLength(); }), Invite());
  EXPECT_EQ(Error([](EditList& edits) {
              edits.ReplaceBody("x");
              edits.ReplaceBody("y");
            }),
            EditError::kOverlap);
}

TEST(EditTest, ContentLengthIsTheBodysAlone) {
  for (const std::function<void(EditList&)>& edit : std::initializer_list<std::function<void(EditList&)>>{
           [](EditList& edits) { edits.Remove(kLength); },
           [](EditList& edits) { edits.RemoveAll(HeaderId::kContentLength); },
           [](EditList& edits) { edits.Set(HeaderId::kContentLength, "5"); },
           [](EditList& edits) { edits.ReplaceValue(kLength, "5"); },
           [](EditList& edits) { edits.ReplaceElement(kLength, 0, "5"); },
           [](EditList& edits) { edits.Pop(HeaderId::kContentLength); },
           [](EditList& edits) { edits.Push(HeaderId::kContentLength, "5"); },
           [](EditList& edits) {
             edits.Replace(kLength, {HeaderId::kOther, "5", "X"});
           },
           [](EditList& edits) {
             edits.Replace(kEmpty, {HeaderId::kContentLength, "5"});
           },
           [](EditList& edits) {
             edits.InsertAtTop({HeaderId::kOther, "5", "L"});
           },
           [](EditList& edits) {
             edits.InsertAtBottom({HeaderId::kOther, "5", "content-length"});
           },
       }) {
    EXPECT_EQ(Error(edit), EditError::kBadName);
  }
}

TEST(EditTest, NewTextCannotBringItsOwnLines) {
  for (std::string_view value : {"a\r\nEvil: 1"sv, "a\nb"sv, "a\rb"sv, "\r\n\r\n"sv, "a\0"sv, "a\r\n"sv}) {
    EXPECT_EQ(Error([=](EditList& edits) {
                edits.InsertAtTop({HeaderId::kSubject, value});
              }),
              EditError::kBadValue);
    EXPECT_EQ(Error([=](EditList& edits) {
                edits.Replace(kEmpty, {HeaderId::kSubject, value});
              }),
              EditError::kBadValue);
    EXPECT_EQ(Error([=](EditList& edits) { edits.ReplaceValue(kEmpty, value); }), EditError::kBadValue);
    EXPECT_EQ(Error([=](EditList& edits) { edits.ReplaceElement(kRoute, 0, value); }), EditError::kBadValue);
    EXPECT_EQ(Error([=](EditList& edits) { edits.Push(HeaderId::kVia, value); }), EditError::kBadValue);
    EXPECT_EQ(Error([=](EditList& edits) { edits.ReplaceRequestUri(value); }), EditError::kBadUri);
  }
  for (std::string_view name : {""sv, "a b"sv, "a:"sv, "a\r\nb"sv}) {
    EXPECT_EQ(Error([=](EditList& edits) {
                edits.InsertAtTop({HeaderId::kOther, "x", name});
              }),
              EditError::kBadName);
  }
}

TEST(EditTest, AnElementIsOne) {
  for (std::string_view text : {""sv, " "sv, "a, b"sv, "\"a"sv, "<a"sv, "(a"sv, ","sv}) {
    EXPECT_EQ(Error([=](EditList& edits) { edits.ReplaceElement(kRoute, 1, text); }), EditError::kBadValue)
        << text;
  }
}

// Alone its NUL is in a quoted-pair; behind a stray quotation mark it is not.
TEST(EditTest, AnElementHasNoControlCharacters) {
  const std::string text = Replaced(Invite(), "X-Empty:", "X-Empty: <a\"b>, c");
  EXPECT_EQ(Edited(text, [](EditList& edits) { edits.ReplaceElement(kEmpty, 1, "\"\\\0\""sv); }).error,
            EditError::kBadValue);
  EXPECT_EQ(Edited(text, [](EditList& edits) { edits.ReplaceElement(kEmpty, 1, "fo\r\n ld\t"); }).text,
            Replaced(text, ", c", ", fo ld\t"));
}

TEST(EditTest, RequestUris) {
  for (std::string_view uri : {""sv, "bob"sv, "sip:"sv, "<sip:a@h>"sv, "sip:a@h SIP/2.0"sv, "sip:a b@h"sv}) {
    EXPECT_EQ(Error([=](EditList& edits) { edits.ReplaceRequestUri(uri); }), EditError::kBadUri) << uri;
  }
  const std::string response =
      Replaced(Invite(), "INVITE sip:bob@biloxi.example SIP/2.0", "SIP/2.0 180 Ringing");
  EXPECT_EQ(Edited(response, [](EditList& edits) { edits.ReplaceRequestUri("sip:h"); }).error,
            EditError::kNoSuchPlace);
}

TEST(EditTest, OverlapIsAnError) {
  for (const std::function<void(EditList&)>& edit : std::initializer_list<std::function<void(EditList&)>>{
           [](EditList& edits) { edits.Remove(kTo), edits.Remove(kTo); },
           [](EditList& edits) { edits.Remove(kTo), edits.ReplaceValue(kTo, "x"); },
           [](EditList& edits) { edits.ReplaceValue(kTo, "x"), edits.Set(HeaderId::kTo, "y"); },
           [](EditList& edits) { edits.Pop(HeaderId::kRoute), edits.Pop(HeaderId::kRoute); },
           [](EditList& edits) {
             edits.Pop(HeaderId::kRoute), edits.ReplaceTop(HeaderId::kRoute, "<sip:h>");
           },
           [](EditList& edits) { edits.RemoveElements(kRoute, 0, 1), edits.RemoveElements(kRoute, 1, 1); },
           [](EditList& edits) { edits.ReplaceRequestUri("sip:a"), edits.ReplaceRequestUri("sip:b"); },
           [](EditList& edits) { edits.DecrementMaxForwards(), edits.Set(HeaderId::kMaxForwards, "3"); },
       }) {
    EXPECT_EQ(Error(edit), EditError::kOverlap);
  }
  // Side by side is not.
  EXPECT_EQ(Text([](EditList& edits) {
              edits.RemoveElements(kRoute, 0, 1);
              edits.ReplaceElement(kRoute, 1, "<sip:n;lr>");
              edits.Remove(kRoute2);
            }),
            Replaced(Replaced(Invite(), "<sip:p3.example;lr>, <sip:p4.example;lr>", "<sip:n;lr>"),
                     "Route: <sip:p5.example;lr>\r\n", ""));
}

TEST(EditTest, NoSuchPlace) {
  for (const std::function<void(EditList&)>& edit : std::initializer_list<std::function<void(EditList&)>>{
           [](EditList& edits) { edits.Remove(12); },
           [](EditList& edits) {
             edits.InsertBefore(12, {HeaderId::kSubject, "x"});
           },
           [](EditList& edits) {
             edits.InsertAfter(12, {HeaderId::kSubject, "x"});
           },
           [](EditList& edits) {
             edits.Replace(1000, {HeaderId::kSubject, "x"});
           },
           [](EditList& edits) { edits.ReplaceElement(kVia, 2, "x"); },
           [](EditList& edits) { edits.ReplaceTop(HeaderId::kPath, "x"); },
           [](EditList& edits) { edits.Pop(HeaderId::kOther, 1); },
       }) {
    EXPECT_EQ(Error(edit), EditError::kNoSuchPlace);
  }
}

TEST(EditTest, TheStorageIsALimit) {
  const auto two = [](EditList& edits) {
    edits.Remove(kEmpty);
    edits.ReplaceBody("x");
    EXPECT_LE(edits.size(), 2u);
  };
  EXPECT_EQ(Edited(Invite(), two, 2).error, EditError::kNone);
  EXPECT_EQ(Edited(Invite(), two, 1).error, EditError::kTooManyEdits);
  EXPECT_EQ(Edited(
                Invite(), [](EditList&) {}, 0)
                .text,
            Invite());
}

TEST(EditTest, TheFirstErrorStays) {
  EXPECT_EQ(Error([](EditList& edits) {
              edits.Remove(99);
              edits.Remove(kLength);
              EXPECT_EQ(edits.error(), EditError::kNoSuchPlace);
            }),
            EditError::kNoSuchPlace);
}

// The span, byte for byte from none to enough; and the same edits applied again and again.
TEST(EditTest, CountsBeyondItsSpan) {
  const Parsed parsed(Invite());
  std::array<Edit, 8> storage;
  EditList edits(parsed.view(), storage);
  edits.Push(HeaderId::kVia, "SIP/2.0/UDP h");
  edits.DecrementMaxForwards();
  edits.ReplaceElement(kRoute, 1, "<sip:n;lr>");
  edits.ReplaceValue(kEmpty, "x");
  edits.ReplaceBody("new");
  std::array<char, 4096> out;
  const std::string whole(edits.Apply(out).text);
  ASSERT_FALSE(whole.empty());
  for (std::size_t size = 0; size < whole.size() + 2; ++size) {
    std::string span(whole.size() + 4, '#');
    const sansip::Edited edited = edits.Apply(std::span<char>(span.data(), size));
    EXPECT_EQ(edited.needed, whole.size());
    EXPECT_EQ(edited.error, size < whole.size() ? EditError::kNoRoom : EditError::kNone);
    EXPECT_EQ(edited.text, size < whole.size() ? "" : whole);
    EXPECT_EQ(span.substr(std::min(size, whole.size())).find_first_not_of('#'), std::string::npos) << size;
  }
}

// What the datagram had around the message does not go on.
TEST(EditTest, OnlyTheMessage) {
  EXPECT_EQ(Edited("\r\n\r\n" + Invite() + "beyond", [](EditList& edits) { edits.Remove(kEmpty); }).text,
            Replaced(Invite(), "X-Empty:\r\n", ""));
}

// RFC 4475 3.1.2.15: read without its blank line, sent with it.
TEST(EditTest, TheBlankLineIsSent) {
  const std::string cut =
      Replaced(Replaced(Invite(), "l: 5\r\n\r\nv=0\r\n", ""), "c: application/sdp\r\n", "");
  EXPECT_EQ(Edited(cut, [](EditList&) {}).text, cut + "\r\n");
  EXPECT_EQ(Edited(cut,
                   [](EditList& edits) {
                     edits.ReplaceBody("x");
                     edits.InsertAtBottom({HeaderId::kContentType, "text/plain"});
                   })
                .text,
            cut + "Content-Length: 1\r\nContent-Type: text/plain\r\n\r\nx");
}

// ---- the examples of RFC 3327 5.5, proxy by proxy

std::string Forwarded(
    const std::string& text, std::string_view via,
    const std::function<void(EditList&)>& edit = [](EditList&) {}) {
  return Edited(text,
                [&](EditList& edits) {
                  edits.Push(HeaderId::kVia, via);
                  edit(edits);
                })
      .text;
}

std::string ListIn(const std::string& text, HeaderId id) {
  const Parsed parsed(text);
  EXPECT_TRUE(parsed.ok()) << text;
  std::string list;
  ElementsOf elements(parsed.view(), id);
  for (std::string_view element; elements.Next(element);)
    list.append(list.empty() ? "" : ",").append(element);
  return list;
}

constexpr std::string_view kP1 = "<sip:P1.EXAMPLEVISITED.COM;lr>";
constexpr std::string_view kP3 = "<sip:P3.EXAMPLEHOME.COM;lr>";
constexpr std::string_view kBoth = "<sip:P3.EXAMPLEHOME.COM;lr>,<sip:P1.EXAMPLEVISITED.COM;lr>";

TEST(EditTest, TheExampleOfPathInRegister) {
  SANSIP_SHOWS("3327-5.5.1-1", "3327-4-6", "3327-4-9");
  const std::string f1 =
      "REGISTER sip:REGISTRAR.EXAMPLEHOME.COM SIP/2.0\r\n"
      "Via: SIP/2.0/UDP 192.0.2.4:5060;branch=z9hG4bKnashds7\r\n"
      "To: UA1 <sip:UA1@EXAMPLEHOME.COM>\r\n"
      "From: UA1 <sip:UA1@EXAMPLEHOME.COM>;tag=456248\r\n"
      "Call-ID: 843817637684230@998sdasdh09\r\n"
      "CSeq: 1826 REGISTER\r\n"
      "Contact: <sip:UA1@192.0.2.4>\r\n"
      "Supported: path\r\n\r\n";
  const auto add = [](std::string_view self) {
    return [self](EditList& edits) { edits.Push(HeaderId::kPath, self); };
  };
  const std::string f2 = Forwarded(f1, "SIP/2.0/UDP 112.68.155.4:5060;branch=z9hG4bK34ghi7ab04", add(kP1));
  EXPECT_EQ(ListIn(f2, HeaderId::kPath), kP1);
  const std::string f3 = Forwarded(f2, "SIP/2.0/UDP 178.73.76.230:5060;branch=z9hG4bKiokioukju908");
  EXPECT_EQ(ListIn(f3, HeaderId::kPath), kP1);
  const std::string f4 = Forwarded(f3, "SIP/2.0/UDP 19.31.97.3:5060;branch=z9hG4bKp3wer654363", add(kP3));
  EXPECT_EQ(ListIn(f4, HeaderId::kPath), kBoth);
  // F6 to F9: nothing but the Vias changes.
  std::string response = Replaced(f4, "REGISTER sip:REGISTRAR.EXAMPLEHOME.COM SIP/2.0", "SIP/2.0 200 OK");
  const std::size_t below = response.find("Path: ");
  for (int hop = 0; hop < 3; ++hop) {
    const std::string before = response.substr(response.find("Path: "));
    response = Edited(response, [](EditList& edits) { edits.Pop(HeaderId::kVia); }).text;
    EXPECT_EQ(response.substr(response.find("Path: ")), before);
    EXPECT_EQ(ListIn(response, HeaderId::kPath), kBoth);
  }
  EXPECT_LT(response.find("Path: "), below);
  EXPECT_EQ(ListIn(response, HeaderId::kVia), "SIP/2.0/UDP 192.0.2.4:5060;branch=z9hG4bKnashds7");
}

TEST(EditTest, TheExampleOfPathInInvite) {
  SANSIP_SHOWS("3327-5.5.2-1");
  const std::string f1 =
      "INVITE sip:UA1@EXAMPLEHOME.COM SIP/2.0\r\n"
      "Via: SIP/2.0/UDP 71.91.180.10:5060;branch=z9hG4bKe2i95c5st3R\r\n"
      "To: UA1 <sip:UA1@EXAMPLEHOME.COM>\r\n"
      "From: UA2 <sip:UA2@FOREIGN.ELSEWHERE.ORG>;tag=224497\r\n"
      "Call-ID: 48273181116@71.91.180.10\r\n"
      "CSeq: 29 INVITE\r\n"
      "Contact: <sip:UA2@71.91.180.10>\r\n\r\n";
  const std::string f3 =
      Forwarded(f1, "SIP/2.0/UDP 143.70.6.83:5060;branch=z9hG4bKlj25C107a7b176", [](EditList& edits) {
        edits.ReplaceRequestUri("sip:UA1@192.0.2.4");
        edits.Push(HeaderId::kRoute, kBoth);
      });
  EXPECT_EQ(f3.substr(0, 32), "INVITE sip:UA1@192.0.2.4 SIP/2.0");
  EXPECT_EQ(ListIn(f3, HeaderId::kRoute), kBoth);
  EXPECT_EQ(ListIn(f3, HeaderId::kRecordRoute), "");
  const auto stay = [](std::string_view self) {
    return [self](EditList& edits) {
      edits.Pop(HeaderId::kRoute);
      edits.Push(HeaderId::kRecordRoute, self);
    };
  };
  const std::string f4 = Forwarded(f3, "SIP/2.0/UDP 19.31.97.3:5060;branch=z9hG4bKjasg7li7nc9e", stay(kP3));
  EXPECT_EQ(ListIn(f4, HeaderId::kRoute), kP1);
  EXPECT_EQ(ListIn(f4, HeaderId::kRecordRoute), kP3);
  const std::string f5 = Forwarded(f4, "SIP/2.0/UDP 112.68.155.4:5060;branch=z9hG4bKk5l1833o43p", stay(kP1));
  EXPECT_EQ(ListIn(f5, HeaderId::kRoute), "");
  EXPECT_EQ(ListIn(f5, HeaderId::kRecordRoute), std::string(kP1) + "," + std::string(kP3));
}

}  // namespace
}  // namespace sansip
