#include "sansip/core/message/header_id.h"

#include <array>
#include <cstddef>

#include "sansip/core/message/header_id_hash.h"
#include "sansip/core/text/ascii.h"

namespace sansip {
namespace {

struct Row {
  HeaderId id;
  std::string_view name;
  std::string_view clause = {};
  Repetition repetition = Repetition::kAllowed;
  char compact = 0;  // RFC 3261 7.3.3 and the extensions' own
};

constexpr Repetition kMany = Repetition::kAllowed;
constexpr Repetition kOnce = Repetition::kRefused;
constexpr Repetition kFirst = Repetition::kRefusedIfStrict;

// In the order of the enum.
constexpr Row kRows[] = {
    {HeaderId::kOther, ""},
    {HeaderId::kAccept, "Accept", "RFC 3261 20.1", kMany},
    {HeaderId::kAcceptEncoding, "Accept-Encoding", "RFC 3261 20.2", kMany},
    {HeaderId::kAcceptLanguage, "Accept-Language", "RFC 3261 20.3", kMany},
    {HeaderId::kAlertInfo, "Alert-Info", "RFC 3261 20.4", kMany},
    {HeaderId::kAllow, "Allow", "RFC 3261 20.5", kMany},
    {HeaderId::kAuthenticationInfo, "Authentication-Info", "RFC 3261 20.6", kMany},
    {HeaderId::kAuthorization, "Authorization", "RFC 3261 20.7", kMany},
    {HeaderId::kCallId, "Call-ID", "RFC 3261 20.8", kOnce, 'i'},
    {HeaderId::kCallInfo, "Call-Info", "RFC 3261 20.9", kMany},
    {HeaderId::kContact, "Contact", "RFC 3261 20.10", kMany, 'm'},
    {HeaderId::kContentDisposition, "Content-Disposition", "RFC 3261 20.11", kOnce},
    {HeaderId::kContentEncoding, "Content-Encoding", "RFC 3261 20.12", kMany, 'e'},
    {HeaderId::kContentLanguage, "Content-Language", "RFC 3261 20.13", kMany},
    {HeaderId::kContentLength, "Content-Length", "RFC 3261 20.14", kOnce, 'l'},
    {HeaderId::kContentType, "Content-Type", "RFC 3261 20.15", kOnce, 'c'},
    {HeaderId::kCSeq, "CSeq", "RFC 3261 20.16", kOnce},
    {HeaderId::kDate, "Date", "RFC 3261 20.17", kFirst},
    {HeaderId::kErrorInfo, "Error-Info", "RFC 3261 20.18", kMany},
    {HeaderId::kExpires, "Expires", "RFC 3261 20.19", kOnce},
    {HeaderId::kFrom, "From", "RFC 3261 20.20", kOnce, 'f'},
    {HeaderId::kInReplyTo, "In-Reply-To", "RFC 3261 20.21", kMany},
    {HeaderId::kMaxForwards, "Max-Forwards", "RFC 3261 20.22", kOnce},
    {HeaderId::kMimeVersion, "MIME-Version", "RFC 3261 20.24", kFirst},
    {HeaderId::kMinExpires, "Min-Expires", "RFC 3261 20.23", kOnce},
    {HeaderId::kOrganization, "Organization", "RFC 3261 20.25", kFirst},
    {HeaderId::kPriority, "Priority", "RFC 3261 20.26", kFirst},
    {HeaderId::kProxyAuthenticate, "Proxy-Authenticate", "RFC 3261 20.27", kMany},
    {HeaderId::kProxyAuthorization, "Proxy-Authorization", "RFC 3261 20.28", kMany},
    {HeaderId::kProxyRequire, "Proxy-Require", "RFC 3261 20.29", kMany},
    {HeaderId::kRecordRoute, "Record-Route", "RFC 3261 20.30", kMany},
    {HeaderId::kReplyTo, "Reply-To", "RFC 3261 20.31", kOnce},
    {HeaderId::kRequire, "Require", "RFC 3261 20.32", kMany},
    {HeaderId::kRetryAfter, "Retry-After", "RFC 3261 20.33", kOnce},
    {HeaderId::kRoute, "Route", "RFC 3261 20.34", kMany},
    {HeaderId::kServer, "Server", "RFC 3261 20.35", kFirst},
    {HeaderId::kSubject, "Subject", "RFC 3261 20.36", kFirst, 's'},
    {HeaderId::kSupported, "Supported", "RFC 3261 20.37", kMany, 'k'},
    {HeaderId::kTimestamp, "Timestamp", "RFC 3261 20.38", kFirst},
    {HeaderId::kTo, "To", "RFC 3261 20.39", kOnce, 't'},
    {HeaderId::kUnsupported, "Unsupported", "RFC 3261 20.40", kMany},
    {HeaderId::kUserAgent, "User-Agent", "RFC 3261 20.41", kFirst},
    {HeaderId::kVia, "Via", "RFC 3261 20.42", kMany, 'v'},
    {HeaderId::kWarning, "Warning", "RFC 3261 20.43", kMany},
    {HeaderId::kWwwAuthenticate, "WWW-Authenticate", "RFC 3261 20.44", kMany},
    {HeaderId::kRAck, "RAck", "RFC 3262 7.2", kOnce},
    {HeaderId::kRSeq, "RSeq", "RFC 3262 7.1", kOnce},
    {HeaderId::kAllowEvents, "Allow-Events", "RFC 6665 8.2.2", kMany, 'u'},
    {HeaderId::kEvent, "Event", "RFC 6665 8.2.1", kOnce, 'o'},
    {HeaderId::kSubscriptionState, "Subscription-State", "RFC 6665 8.2.3", kOnce},
    {HeaderId::kReason, "Reason", "RFC 3326 2", kMany},
    {HeaderId::kPath, "Path", "RFC 3327 4", kMany},
    {HeaderId::kServiceRoute, "Service-Route", "RFC 3608 5", kMany},
    {HeaderId::kReferTo, "Refer-To", "RFC 3515 2.1", kOnce, 'r'},
    {HeaderId::kReferredBy, "Referred-By", "RFC 3892 3", kOnce, 'b'},
    {HeaderId::kReferSub, "Refer-Sub", "RFC 4488 4", kOnce},
    {HeaderId::kReplaces, "Replaces", "RFC 3891 6.1", kOnce},
    {HeaderId::kJoin, "Join", "RFC 3911 7.1", kOnce},
    {HeaderId::kTargetDialog, "Target-Dialog", "RFC 4538 7", kOnce},
    {HeaderId::kSipEtag, "SIP-ETag", "RFC 3903 11.3.1", kOnce},
    {HeaderId::kSipIfMatch, "SIP-If-Match", "RFC 3903 11.3.2", kOnce},
    {HeaderId::kSessionExpires, "Session-Expires", "RFC 4028 4", kOnce, 'x'},
    {HeaderId::kMinSe, "Min-SE", "RFC 4028 5", kOnce},
    {HeaderId::kSessionId, "Session-ID", "RFC 7989 5", kOnce},
    {HeaderId::kPAssertedIdentity, "P-Asserted-Identity", "RFC 3325 9.1", kMany},
    {HeaderId::kPPreferredIdentity, "P-Preferred-Identity", "RFC 3325 9.2", kMany},
    {HeaderId::kPrivacy, "Privacy", "RFC 3323 4.2", kMany},
    {HeaderId::kSecurityClient, "Security-Client", "RFC 3329 2.2", kMany},
    {HeaderId::kSecurityServer, "Security-Server", "RFC 3329 2.2", kMany},
    {HeaderId::kSecurityVerify, "Security-Verify", "RFC 3329 2.2", kMany},
    {HeaderId::kAcceptContact, "Accept-Contact", "RFC 3841 10", kMany, 'a'},
    {HeaderId::kRejectContact, "Reject-Contact", "RFC 3841 10", kMany, 'j'},
    {HeaderId::kRequestDisposition, "Request-Disposition", "RFC 3841 10", kMany, 'd'},
    {HeaderId::kResourcePriority, "Resource-Priority", "RFC 4412 3.1", kMany},
    {HeaderId::kAcceptResourcePriority, "Accept-Resource-Priority", "RFC 4412 3.2", kMany},
    {HeaderId::kFlowTimer, "Flow-Timer", "RFC 5626 10", kOnce},
    {HeaderId::kFeatureCaps, "Feature-Caps", "RFC 6809 6.3.1", kMany},
    {HeaderId::kInfoPackage, "Info-Package", "RFC 6086 7.2", kOnce},
    {HeaderId::kRecvInfo, "Recv-Info", "RFC 6086 7.3", kMany},
    {HeaderId::kGeolocation, "Geolocation", "RFC 6442 4.1", kMany},
    {HeaderId::kGeolocationError, "Geolocation-Error", "RFC 6442 4.4", kOnce},
    {HeaderId::kGeolocationRouting, "Geolocation-Routing", "RFC 6442 4.2", kOnce},
    {HeaderId::kHistoryInfo, "History-Info", "RFC 7044 5", kMany},
    {HeaderId::kPAssociatedUri, "P-Associated-URI", "RFC 7315 5.1", kMany},
    {HeaderId::kPCalledPartyId, "P-Called-Party-ID", "RFC 7315 5.2", kOnce},
    {HeaderId::kPVisitedNetworkId, "P-Visited-Network-ID", "RFC 7315 5.3", kMany},
    {HeaderId::kPAccessNetworkInfo, "P-Access-Network-Info", "RFC 7315 5.4", kMany},
    {HeaderId::kPChargingFunctionAddresses, "P-Charging-Function-Addresses", "RFC 7315 5.5", kMany},
    {HeaderId::kPChargingVector, "P-Charging-Vector", "RFC 7315 5.6", kOnce},
    {HeaderId::kIdentity, "Identity", "RFC 8224 4", kMany, 'y'},
};

constexpr bool IsInOrder() {
  for (std::size_t i = 0; i < std::size(kRows); ++i) {
    if (static_cast<std::size_t>(kRows[i].id) != i) return false;
  }
  return std::size(kRows) == kHeaderIdCount;
}
static_assert(IsInOrder());

constexpr void AddName(std::string_view name, HeaderId id, HeaderSlots& slots) {
  const NameWords folded = FoldedWordsOfName(name);
  const std::size_t slot = SlotOfName(folded);
  // Two in one slot: another multiplier is needed.
  if (slots.facts[slot].id != HeaderId::kOther) __builtin_abort();
  slots.first[slot] = folded.first;
  slots.last[slot] = folded.last;
  slots.facts[slot] = {static_cast<std::uint8_t>(name.size()), id};
}

constexpr HeaderSlots MakeSlots() {
  HeaderSlots slots{};
  for (const Row& row : kRows) {
    if (row.id != HeaderId::kOther) AddName(row.name, row.id, slots);
    if (row.compact != 0) AddName({&row.compact, 1}, row.id, slots);
  }
  return slots;
}

constexpr std::array<LineBegin, kHeaderIdCount> MakeLineBegins() {
  std::array<LineBegin, kHeaderIdCount> begins{};
  for (std::size_t i = 1; i < std::size(kRows); ++i) {
    // Written with the body, and nowhere else.
    if (kRows[i].id == HeaderId::kContentLength) continue;
    LineBegin& begin = begins[i];
    for (std::string_view part : {kRows[i].name, std::string_view(": ")}) {
      for (char c : part) begin.text[begin.size++] = c;
    }
  }
  return begins;
}

}  // namespace

constinit const HeaderSlots kHeaderNameSlots = MakeSlots();
constinit const std::array<LineBegin, kHeaderIdCount> kLineBegins = MakeLineBegins();

HeaderId HeaderIdFromName(std::string_view name) {
  if (name.empty()) return HeaderId::kOther;
  const HeaderId id = HeaderIdFromWords(name, FoldedWordsOfName(name));
  // It may be no token; only of a letter folding makes a letter.
  return name.size() == 1 || EqualsIgnoreCase(name, HeaderName(id)) ? id : HeaderId::kOther;
}

std::string_view HeaderName(HeaderId id) { return kRows[static_cast<std::size_t>(id)].name; }
Repetition HeaderRepetition(HeaderId id) { return kRows[static_cast<std::size_t>(id)].repetition; }
std::string_view HeaderClause(HeaderId id) { return kRows[static_cast<std::size_t>(id)].clause; }

}  // namespace sansip
