#include "sansip/core/message/header_id.h"

#include <array>
#include <cstddef>

#include "sansip/core/text/ascii.h"

namespace sansip {
namespace {

struct Row {
  HeaderId id;
  std::string_view name;
  char compact = 0;  // RFC 3261 7.3.3 and the extensions' own
};

// In the order of the enum.
constexpr Row kRows[] = {
    {HeaderId::kOther, ""},
    {HeaderId::kAccept, "Accept"},
    {HeaderId::kAcceptEncoding, "Accept-Encoding"},
    {HeaderId::kAcceptLanguage, "Accept-Language"},
    {HeaderId::kAlertInfo, "Alert-Info"},
    {HeaderId::kAllow, "Allow"},
    {HeaderId::kAuthenticationInfo, "Authentication-Info"},
    {HeaderId::kAuthorization, "Authorization"},
    {HeaderId::kCallId, "Call-ID", 'i'},
    {HeaderId::kCallInfo, "Call-Info"},
    {HeaderId::kContact, "Contact", 'm'},
    {HeaderId::kContentDisposition, "Content-Disposition"},
    {HeaderId::kContentEncoding, "Content-Encoding", 'e'},
    {HeaderId::kContentLanguage, "Content-Language"},
    {HeaderId::kContentLength, "Content-Length", 'l'},
    {HeaderId::kContentType, "Content-Type", 'c'},
    {HeaderId::kCSeq, "CSeq"},
    {HeaderId::kDate, "Date"},
    {HeaderId::kErrorInfo, "Error-Info"},
    {HeaderId::kExpires, "Expires"},
    {HeaderId::kFrom, "From", 'f'},
    {HeaderId::kInReplyTo, "In-Reply-To"},
    {HeaderId::kMaxForwards, "Max-Forwards"},
    {HeaderId::kMimeVersion, "MIME-Version"},
    {HeaderId::kMinExpires, "Min-Expires"},
    {HeaderId::kOrganization, "Organization"},
    {HeaderId::kPriority, "Priority"},
    {HeaderId::kProxyAuthenticate, "Proxy-Authenticate"},
    {HeaderId::kProxyAuthorization, "Proxy-Authorization"},
    {HeaderId::kProxyRequire, "Proxy-Require"},
    {HeaderId::kRecordRoute, "Record-Route"},
    {HeaderId::kReplyTo, "Reply-To"},
    {HeaderId::kRequire, "Require"},
    {HeaderId::kRetryAfter, "Retry-After"},
    {HeaderId::kRoute, "Route"},
    {HeaderId::kServer, "Server"},
    {HeaderId::kSubject, "Subject", 's'},
    {HeaderId::kSupported, "Supported", 'k'},
    {HeaderId::kTimestamp, "Timestamp"},
    {HeaderId::kTo, "To", 't'},
    {HeaderId::kUnsupported, "Unsupported"},
    {HeaderId::kUserAgent, "User-Agent"},
    {HeaderId::kVia, "Via", 'v'},
    {HeaderId::kWarning, "Warning"},
    {HeaderId::kWwwAuthenticate, "WWW-Authenticate"},
    {HeaderId::kRAck, "RAck"},
    {HeaderId::kRSeq, "RSeq"},
    {HeaderId::kAllowEvents, "Allow-Events", 'u'},  // RFC 6665 8.2.2
    {HeaderId::kEvent, "Event", 'o'},               // RFC 6665 8.2.1
    {HeaderId::kSubscriptionState, "Subscription-State"},
    {HeaderId::kReason, "Reason"},
    {HeaderId::kPath, "Path"},
    {HeaderId::kServiceRoute, "Service-Route"},
    {HeaderId::kReferTo, "Refer-To", 'r'},        // RFC 3515 2.1
    {HeaderId::kReferredBy, "Referred-By", 'b'},  // RFC 3892 3
    {HeaderId::kReferSub, "Refer-Sub"},
    {HeaderId::kReplaces, "Replaces"},
    {HeaderId::kJoin, "Join"},
    {HeaderId::kSipEtag, "SIP-ETag"},
    {HeaderId::kSipIfMatch, "SIP-If-Match"},
    {HeaderId::kSessionExpires, "Session-Expires", 'x'},  // RFC 4028 4
    {HeaderId::kMinSe, "Min-SE"},
    {HeaderId::kSessionId, "Session-ID"},
    {HeaderId::kPAssertedIdentity, "P-Asserted-Identity"},
    {HeaderId::kPPreferredIdentity, "P-Preferred-Identity"},
    {HeaderId::kPrivacy, "Privacy"},
};

constexpr bool IsInOrder() {
  for (std::size_t i = 0; i < std::size(kRows); ++i) {
    if (static_cast<std::size_t>(kRows[i].id) != i) return false;
  }
  return std::size(kRows) == kHeaderIdCount;
}
static_assert(IsInOrder());

constexpr std::size_t kSlots = 256;

// Three characters and the size, weighed so that no two of the names meet. The name is not empty.
constexpr std::size_t SlotOf(std::string_view name) {
  const auto at = [name](std::size_t i) { return static_cast<std::size_t>(ToLower(name[i])); };
  return (name.size() * 9 + at(0) * 14 + at(name.size() / 2) * 25 + at(name.size() - 1) * 14) % kSlots;
}

// Open addressing over the long names, made by the compiler; 0 is an empty slot.
constexpr std::array<std::uint8_t, kSlots> MakeSlots() {
  std::array<std::uint8_t, kSlots> slots{};
  for (std::size_t i = 1; i < std::size(kRows); ++i) {
    std::size_t slot = SlotOf(kRows[i].name);
    while (slots[slot] != 0) slot = (slot + 1) % kSlots;
    slots[slot] = static_cast<std::uint8_t>(i);
  }
  return slots;
}

constexpr std::array<std::uint8_t, 128> MakeCompact() {
  std::array<std::uint8_t, 128> compact{};
  for (std::size_t i = 1; i < std::size(kRows); ++i) {
    if (kRows[i].compact != 0)
      compact[static_cast<std::size_t>(kRows[i].compact)] = static_cast<std::uint8_t>(i);
  }
  return compact;
}

constexpr std::array<std::uint8_t, kSlots> kNameSlots = MakeSlots();
constexpr std::array<std::uint8_t, 128> kCompact = MakeCompact();

constexpr std::size_t LongestName() {
  std::size_t longest = 0;
  for (const Row& row : kRows) longest = row.name.size() > longest ? row.name.size() : longest;
  return longest;
}

}  // namespace

HeaderId HeaderIdFromName(std::string_view name) {
  if (name.size() == 1) {
    const auto c = static_cast<unsigned char>(ToLower(name[0]));
    return c < 128 ? static_cast<HeaderId>(kCompact[c]) : HeaderId::kOther;
  }
  if (name.empty() || name.size() > LongestName()) return HeaderId::kOther;
  for (std::size_t slot = SlotOf(name); kNameSlots[slot] != 0; slot = (slot + 1) % kSlots) {
    const Row& row = kRows[kNameSlots[slot]];
    if (row.name == name || EqualsIgnoreCase(row.name, name)) return row.id;
  }
  return HeaderId::kOther;
}

std::string_view HeaderName(HeaderId id) { return kRows[static_cast<std::size_t>(id)].name; }

}  // namespace sansip
