// Header fields that sansip knows by name. A name has a long form and perhaps a compact one (RFC 3261 7.3.3,
// 20); names are case-insensitive. Everything else is kOther and passes byte for byte.
#ifndef SANSIP_CORE_MESSAGE_HEADER_ID_H_
#define SANSIP_CORE_MESSAGE_HEADER_ID_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sansip {

enum class HeaderId : std::uint8_t {
  kOther,
  // RFC 3261 20
  kAccept,
  kAcceptEncoding,
  kAcceptLanguage,
  kAlertInfo,
  kAllow,
  kAuthenticationInfo,
  kAuthorization,
  kCallId,
  kCallInfo,
  kContact,
  kContentDisposition,
  kContentEncoding,
  kContentLanguage,
  kContentLength,
  kContentType,
  kCSeq,
  kDate,
  kErrorInfo,
  kExpires,
  kFrom,
  kInReplyTo,
  kMaxForwards,
  kMimeVersion,
  kMinExpires,
  kOrganization,
  kPriority,
  kProxyAuthenticate,
  kProxyAuthorization,
  kProxyRequire,
  kRecordRoute,
  kReplyTo,
  kRequire,
  kRetryAfter,
  kRoute,
  kServer,
  kSubject,
  kSupported,
  kTimestamp,
  kTo,
  kUnsupported,
  kUserAgent,
  kVia,
  kWarning,
  kWwwAuthenticate,
  // extensions
  kRAck,
  kRSeq,  // RFC 3262
  kAllowEvents,
  kEvent,
  kSubscriptionState,  // RFC 6665
  kReason,             // RFC 3326
  kPath,
  kServiceRoute,  // RFC 3327, 3608
  kReferTo,
  kReferredBy,
  kReferSub,
  kReplaces,
  kJoin,          // RFC 3515, 3892, 4488, 3891, 3911
  kTargetDialog,  // RFC 4538
  kSipEtag,
  kSipIfMatch,  // RFC 3903
  kSessionExpires,
  kMinSe,      // RFC 4028
  kSessionId,  // RFC 7989
  kPAssertedIdentity,
  kPPreferredIdentity,
  kPrivacy,  // RFC 3325, 3323
  kSecurityClient,
  kSecurityServer,
  kSecurityVerify,  // RFC 3329
  kAcceptContact,
  kRejectContact,
  kRequestDisposition,  // RFC 3841
  kResourcePriority,
  kAcceptResourcePriority,  // RFC 4412
  kFlowTimer,               // RFC 5626
  kFeatureCaps,             // RFC 6809
  kInfoPackage,
  kRecvInfo,  // RFC 6086
  kGeolocation,
  kGeolocationError,
  kGeolocationRouting,  // RFC 6442
  kHistoryInfo,         // RFC 7044
  kPAssociatedUri,
  kPCalledPartyId,
  kPVisitedNetworkId,
  kPAccessNetworkInfo,
  kPChargingFunctionAddresses,
  kPChargingVector,  // RFC 7315
  kIdentity,         // RFC 8224
};

inline constexpr std::size_t kHeaderIdCount = static_cast<std::size_t>(HeaderId::kIdentity) + 1;

// RFC 3261 7.3.1: a field may be in a message again only if its grammar is a comma list, or if it is one of
// the four of authentication.
enum class Repetition : std::uint8_t {
  kAllowed,
  kRefused,          // it says what is done with the message: two would be read in two ways
  kRefusedIfStrict,  // it informs a person; the first counts
};

HeaderId HeaderIdFromName(std::string_view name);  // long or compact form, any case
std::string_view HeaderName(HeaderId id);          // the long form as RFC 3261 prints it; empty for kOther
Repetition HeaderRepetition(HeaderId id);
std::string_view HeaderClause(HeaderId id);  // "RFC 3261 20.42": where its grammar is

// How a header line begins: "Via: ". All texts are of one size, so that a number of bytes can be copied
// without a look at how many count.
struct LineBegin {
  std::array<char, 31> text;
  std::uint8_t size;  // what of it counts; 0: no user writes such a line (kOther, kContentLength)

  std::string_view view() const { return {text.data(), size}; }
};
extern const std::array<LineBegin, kHeaderIdCount> kLineBegins;
inline const LineBegin& LineBeginOf(HeaderId id) { return kLineBegins[static_cast<std::size_t>(id)]; }

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_HEADER_ID_H_
