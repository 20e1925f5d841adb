// The fields of RFCs 3329, 3841, 4412, 5626, 5627, 6442, 7044, 7315 and 8224 within messages.
#include <string_view>

#include "gtest/gtest.h"
#include "sansip/core/message/test_field.h"

namespace sansip {
namespace {

using namespace std::string_view_literals;

struct Row {
  std::string_view line;
  std::uint32_t offset;
};

TEST(NetworkFieldsTest, WellFormed) {
  for (std::string_view line : {"Security-Client: tls, digest;d-alg=MD5"sv,
                                "Security-Verify: tls;q=0.2"sv,
                                "Accept-Contact: *;audio;require"sv,
                                "a: *;video"sv,
                                "Reject-Contact: *;automata"sv,
                                "j: *"sv,
                                "Request-Disposition: proxy, no-fork"sv,
                                "d: queue"sv,
                                "Resource-Priority: ets.0,wps.1"sv,
                                "Geolocation: <cid:a@h>, <sip:b@h>"sv,
                                "Geolocation-Routing: yes"sv,
                                "History-Info: <sip:a@h>;index=1, <sip:b@h>;index=1.1;rc=1"sv,
                                "P-Called-Party-ID: <sip:a@h>"sv,
                                "P-Visited-Network-ID: \"a\", b"sv,
                                "P-Access-Network-Info: 3GPP-NR;x=\"y\""sv,
                                "P-Charging-Function-Addresses: ccf=a;ecf=b, ccf=c"sv,
                                "P-Charging-Vector: icid-value=a;orig-ioi=b"sv,
                                "Identity: ..a;info=<https://h/c>"sv,
                                "y: a.b.c;info=<https://h/c>;ppt=x"sv,
                                "Contact: <sip:a@h;ob>;reg-id=1;+sip.instance=\"<urn:uuid:1>\""sv}) {
    EXPECT_TRUE(CheckLine(line).ok()) << line;
  }
  for (std::string_view line :
       {"Security-Server: tls;q=0.2"sv, "Accept-Resource-Priority:"sv, "Accept-Resource-Priority: a.1, a.2"sv,
        "Flow-Timer: 120"sv, "Geolocation-Error: 100;code=\"x\""sv, "P-Associated-URI:"sv,
        "P-Associated-URI: <sip:a@h>, <tel:+1>"sv,
        "Contact: <sip:a@h>;pub-gruu=\"sip:a@h;gr=1\";temp-gruu=\"sip:t@h;gr\""sv}) {
    EXPECT_TRUE(CheckLine(line, /*response=*/true).ok()) << line;
  }
}

TEST(NetworkFieldsTest, Malformed) {
  constexpr Row kRequests[] = {
      {"Security-Client: ", 17},
      {"Security-Server: tls;q=2", 20},
      {"Security-Verify: tls,", 20},
      {"Accept-Contact: *;audio, audio", 25},
      {"Reject-Contact: ", 16},
      {"Request-Disposition: proxy, redirect", 28},
      {"Resource-Priority: ets.0, ets.1", 26},
      {"Geolocation: cid:a@h", 13},
      {"Geolocation-Routing: ", 21},
      {"History-Info: <sip:a@h>;index=1, <sip:b@h>", 42},
      {"P-Called-Party-ID: sip:a@h", 19},
      {"P-Visited-Network-ID: a b", 24},
      {"P-Access-Network-Info: ", 23},
      {"P-Charging-Function-Addresses: a=", 33},
      {"P-Charging-Vector: orig-ioi=a", 19},
      {"Identity: a;info=<sip:h>", 11},
  };
  for (const Row& row : kRequests) {
    EXPECT_EQ(CheckLine(row.line), (ParseError{ParseCode::kBadFieldValue, row.offset})) << row.line;
  }
  constexpr Row kResponses[] = {
      {"Accept-Resource-Priority: a", 27},
      {"Flow-Timer: soon", 12},
      {"Geolocation-Error: 1000", 19},
      {"P-Associated-URI: <sip:a@h>, sip:b@h", 29},
  };
  for (const Row& row : kResponses) {
    EXPECT_EQ(CheckLine(row.line, true), (ParseError{ParseCode::kBadFieldValue, row.offset})) << row.line;
  }
  constexpr Row kContacts[] = {
      {"Contact: <sip:a@h>;x ;reg-id=0", 21},
      {"Contact: <sip:a@h>, \"b\" <sip:b@h>;+sip.instance=\"x\"", 33},
      {"Contact: <sip:a@h>;pub-gruu=\"x\"", 18},
  };
  for (const Row& row : kContacts) {
    EXPECT_EQ(CheckLine(row.line), (ParseError{ParseCode::kBadContact, row.offset})) << row.line;
  }
}

// RFC 3261 7.3.2
TEST(NetworkFieldsTest, OfTheOtherCategoryAreIgnored) {
  for (std::string_view line : {"Accept-Contact: x"sv, "Reject-Contact: x"sv, "Request-Disposition: x"sv,
                                "Resource-Priority: x"sv, "Identity: x"sv}) {
    EXPECT_TRUE(CheckLine(line, /*response=*/true).ok()) << line;
  }
  for (std::string_view line : {"Accept-Resource-Priority: x"sv, "Flow-Timer: x"sv, "Geolocation-Error: x"sv,
                                "P-Associated-URI: x"sv}) {
    EXPECT_TRUE(CheckLine(line).ok()) << line;
  }
}

}  // namespace
}  // namespace sansip
