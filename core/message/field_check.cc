#include "sansip/core/message/field_check.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansip/core/message/fields/accept.h"
#include "sansip/core/message/fields/allow.h"
#include "sansip/core/message/fields/asserted_identity.h"
#include "sansip/core/message/fields/authentication_info.h"
#include "sansip/core/message/fields/call_id.h"
#include "sansip/core/message/fields/call_info.h"
#include "sansip/core/message/fields/caller_preferences.h"
#include "sansip/core/message/fields/challenge.h"
#include "sansip/core/message/fields/contact.h"
#include "sansip/core/message/fields/content_disposition.h"
#include "sansip/core/message/fields/content_encoding.h"
#include "sansip/core/message/fields/content_language.h"
#include "sansip/core/message/fields/content_type.h"
#include "sansip/core/message/fields/credentials.h"
#include "sansip/core/message/fields/date.h"
#include "sansip/core/message/fields/delta_seconds.h"
#include "sansip/core/message/fields/entity_tag.h"
#include "sansip/core/message/fields/event.h"
#include "sansip/core/message/fields/feature_caps.h"
#include "sansip/core/message/fields/geolocation.h"
#include "sansip/core/message/fields/gruu.h"
#include "sansip/core/message/fields/history_info.h"
#include "sansip/core/message/fields/identity.h"
#include "sansip/core/message/fields/info_package.h"
#include "sansip/core/message/fields/mime_version.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/option_tag.h"
#include "sansip/core/message/fields/outbound.h"
#include "sansip/core/message/fields/p_address.h"
#include "sansip/core/message/fields/p_charging.h"
#include "sansip/core/message/fields/p_network.h"
#include "sansip/core/message/fields/priority.h"
#include "sansip/core/message/fields/privacy.h"
#include "sansip/core/message/fields/rack.h"
#include "sansip/core/message/fields/reason.h"
#include "sansip/core/message/fields/refer_sub.h"
#include "sansip/core/message/fields/refer_to.h"
#include "sansip/core/message/fields/referred_by.h"
#include "sansip/core/message/fields/replaces.h"
#include "sansip/core/message/fields/resource_priority.h"
#include "sansip/core/message/fields/route.h"
#include "sansip/core/message/fields/security_agreement.h"
#include "sansip/core/message/fields/server.h"
#include "sansip/core/message/fields/session_expires.h"
#include "sansip/core/message/fields/session_id.h"
#include "sansip/core/message/fields/subscription_state.h"
#include "sansip/core/message/fields/text.h"
#include "sansip/core/message/fields/timestamp.h"
#include "sansip/core/message/fields/via.h"
#include "sansip/core/message/fields/warning.h"
#include "sansip/core/text/cursor.h"

namespace sansip {
namespace {

// The type that a field's parser fills.
template <typename Field>
Field FieldOf(ParseError (*)(std::string_view, Field&));
template <typename Field>
Field FieldOf(ParseError (*)(std::string_view, Field&, std::string_view*));

// A field that is no list.
template <auto kParse>
ParseError One(std::string_view value) {
  decltype(FieldOf(kParse)) field{};
  return kParse(value, field);
}

// Elements, each taken by `take(rest, &rest)`, or none; the error's offset is into `value`.
template <typename Take>
ParseError TakeAll(std::string_view value, Take take) {
  for (std::string_view rest = value; !rest.empty();) {
    const std::size_t begin = value.size() - rest.size();
    ParseError error = take(rest, &rest);
    error.offset += static_cast<std::uint32_t>(begin);
    if (!error.ok()) return error;
  }
  return {};
}

// A list that may be empty.
template <auto kParse>
ParseError AnyOf(std::string_view value) {
  return TakeAll(value, [](std::string_view text, std::string_view* rest) {
    decltype(FieldOf(kParse)) field{};
    return kParse(text, field, rest);
  });
}

// A list of one element or more.
template <auto kParse>
ParseError SomeOf(std::string_view value) {
  return value.empty() ? ParseError{ParseCode::kBadFieldValue, 0} : AnyOf<kParse>(value);
}

// The parameters that extensions give a Contact (RFC 5626 10, RFC 5627 7).
ParseError CheckContactParameters(std::string_view value, const NameAddr& address) {
  if (address.parameters.empty()) return {};
  OutboundContact outbound;
  Gruus gruus;
  ParseError error = ParseOutboundContact(address.parameters, outbound);
  if (error.ok()) error = ParseGruus(address.parameters, gruus);
  if (!error.ok()) error.offset += static_cast<std::uint32_t>(OffsetIn(value, address.parameters));
  return error;
}

// RFC 3261 20.10: addresses, or "*" alone.
ParseError CheckContact(std::string_view value) {
  if (value == "*") return {};
  if (value.empty()) return {ParseCode::kBadContact, 0};
  return TakeAll(value, [](std::string_view text, std::string_view* rest) {
    Contact contact;
    const ParseError error = ParseContact(text, contact, rest);
    if (!error.ok()) return error;
    if (contact.address.is_star) return ParseError{ParseCode::kBadContact, 0};
    return CheckContactParameters(text, contact.address);
  });
}

// RFC 3261 7.3.2, 20 (tables 2 and 3): where a field means nothing it is passed over.
enum class In : std::uint8_t { kAny, kRequest, kResponse };

struct Row {
  HeaderId id;
  In where;
  ParseCode code;  // what a malformed value is told as
  ParseError (*check)(std::string_view value);
};

constexpr ParseCode kBadValue = ParseCode::kBadFieldValue;

// In the order of the enum. From, To, Call-ID, CSeq, Max-Forwards and Content-Length are the parser's.
constexpr Row kRows[] = {
    {HeaderId::kAccept, In::kAny, kBadValue, AnyOf<ParseAccept>},
    {HeaderId::kAcceptEncoding, In::kAny, kBadValue, AnyOf<ParseAcceptEncoding>},
    {HeaderId::kAcceptLanguage, In::kAny, kBadValue, AnyOf<ParseAcceptLanguage>},
    {HeaderId::kAlertInfo, In::kAny, kBadValue, SomeOf<ParseCallInfo>},
    {HeaderId::kAllow, In::kAny, kBadValue, AnyOf<ParseAllow>},
    {HeaderId::kAuthenticationInfo, In::kResponse, kBadValue, One<ParseAuthenticationInfo>},
    {HeaderId::kAuthorization, In::kRequest, kBadValue, One<ParseCredentials>},
    {HeaderId::kCallInfo, In::kAny, kBadValue, SomeOf<ParseCallInfo>},
    {HeaderId::kContact, In::kAny, ParseCode::kBadContact, CheckContact},
    {HeaderId::kContentDisposition, In::kAny, kBadValue, One<ParseContentDisposition>},
    {HeaderId::kContentEncoding, In::kAny, kBadValue, SomeOf<ParseContentEncoding>},
    {HeaderId::kContentLanguage, In::kAny, kBadValue, SomeOf<ParseContentLanguage>},
    {HeaderId::kContentType, In::kAny, kBadValue, One<ParseMediaType>},
    {HeaderId::kDate, In::kAny, kBadValue, One<ParseDate>},
    {HeaderId::kErrorInfo, In::kResponse, kBadValue, SomeOf<ParseCallInfo>},
    {HeaderId::kExpires, In::kAny, kBadValue, One<ParseExpires>},
    {HeaderId::kInReplyTo, In::kRequest, kBadValue, SomeOf<ParseInReplyTo>},
    {HeaderId::kMimeVersion, In::kAny, kBadValue, One<ParseMimeVersion>},
    {HeaderId::kMinExpires, In::kResponse, kBadValue, One<ParseExpires>},
    {HeaderId::kOrganization, In::kAny, kBadValue, One<ParseText>},
    {HeaderId::kPriority, In::kRequest, kBadValue, One<ParsePriority>},
    {HeaderId::kProxyAuthenticate, In::kResponse, kBadValue, One<ParseChallenge>},
    {HeaderId::kProxyAuthorization, In::kRequest, kBadValue, One<ParseCredentials>},
    {HeaderId::kProxyRequire, In::kRequest, kBadValue, SomeOf<ParseOptionTag>},
    {HeaderId::kRecordRoute, In::kAny, ParseCode::kBadRoute, SomeOf<ParseRoute>},
    {HeaderId::kReplyTo, In::kAny, kBadValue, One<ParseSingleNameAddr>},
    {HeaderId::kRequire, In::kAny, kBadValue, SomeOf<ParseOptionTag>},
    {HeaderId::kRetryAfter, In::kResponse, kBadValue, One<ParseRetryAfter>},
    {HeaderId::kRoute, In::kRequest, ParseCode::kBadRoute, SomeOf<ParseRoute>},
    {HeaderId::kServer, In::kResponse, kBadValue, SomeOf<ParseServer>},
    {HeaderId::kSubject, In::kRequest, kBadValue, One<ParseText>},
    {HeaderId::kSupported, In::kAny, kBadValue, AnyOf<ParseOptionTag>},
    {HeaderId::kTimestamp, In::kAny, kBadValue, One<ParseTimestamp>},
    {HeaderId::kUnsupported, In::kResponse, kBadValue, SomeOf<ParseOptionTag>},
    {HeaderId::kUserAgent, In::kAny, kBadValue, SomeOf<ParseServer>},
    {HeaderId::kVia, In::kAny, ParseCode::kBadVia, SomeOf<ParseVia>},
    {HeaderId::kWarning, In::kResponse, kBadValue, SomeOf<ParseWarning>},
    {HeaderId::kWwwAuthenticate, In::kResponse, kBadValue, One<ParseChallenge>},
    {HeaderId::kRAck, In::kRequest, kBadValue, One<ParseRAck>},
    {HeaderId::kRSeq, In::kResponse, kBadValue, One<ParseRSeq>},
    {HeaderId::kAllowEvents, In::kAny, kBadValue, SomeOf<ParseAllowedEvent>},
    {HeaderId::kEvent, In::kRequest, kBadValue, One<ParseEvent>},
    {HeaderId::kSubscriptionState, In::kRequest, kBadValue, One<ParseSubscriptionState>},
    {HeaderId::kReason, In::kAny, kBadValue, SomeOf<ParseReason>},
    {HeaderId::kPath, In::kAny, ParseCode::kBadRoute, SomeOf<ParseRoute>},
    {HeaderId::kServiceRoute, In::kResponse, ParseCode::kBadRoute, SomeOf<ParseRoute>},
    {HeaderId::kReferTo, In::kRequest, kBadValue, One<ParseReferTo>},
    {HeaderId::kReferredBy, In::kRequest, kBadValue, One<ParseReferredBy>},
    {HeaderId::kReferSub, In::kAny, kBadValue, One<ParseReferSub>},
    {HeaderId::kReplaces, In::kRequest, kBadValue, One<ParseReplaces>},
    {HeaderId::kJoin, In::kRequest, kBadValue, One<ParseJoin>},
    {HeaderId::kTargetDialog, In::kRequest, kBadValue, One<ParseTargetDialog>},
    {HeaderId::kSipEtag, In::kResponse, kBadValue, One<ParseEntityTag>},
    {HeaderId::kSipIfMatch, In::kRequest, kBadValue, One<ParseEntityTag>},
    {HeaderId::kSessionExpires, In::kAny, ParseCode::kBadSessionExpires, One<ParseSessionExpires>},
    {HeaderId::kMinSe, In::kAny, ParseCode::kBadMinSe, One<ParseMinSe>},
    {HeaderId::kSessionId, In::kAny, kBadValue, One<ParseSessionId>},
    {HeaderId::kPAssertedIdentity, In::kAny, kBadValue, SomeOf<ParseIdentity>},
    {HeaderId::kPPreferredIdentity, In::kAny, kBadValue, SomeOf<ParseIdentity>},
    {HeaderId::kPrivacy, In::kAny, kBadValue, One<ParsePrivacy>},
    {HeaderId::kSecurityClient, In::kAny, kBadValue, SomeOf<ParseSecurityMechanism>},
    {HeaderId::kSecurityServer, In::kAny, kBadValue, SomeOf<ParseSecurityMechanism>},
    {HeaderId::kSecurityVerify, In::kAny, kBadValue, SomeOf<ParseSecurityMechanism>},
    {HeaderId::kAcceptContact, In::kRequest, kBadValue, SomeOf<ParseAcceptContact>},
    {HeaderId::kRejectContact, In::kRequest, kBadValue, SomeOf<ParseRejectContact>},
    {HeaderId::kRequestDisposition, In::kRequest, kBadValue, One<ParseRequestDisposition>},
    {HeaderId::kResourcePriority, In::kRequest, kBadValue, CheckResourcePriority},
    {HeaderId::kAcceptResourcePriority, In::kResponse, kBadValue, AnyOf<ParseResourceValue>},
    {HeaderId::kFlowTimer, In::kResponse, kBadValue, One<ParseFlowTimer>},
    {HeaderId::kFeatureCaps, In::kAny, kBadValue, SomeOf<ParseFeatureCaps>},
    {HeaderId::kInfoPackage, In::kRequest, kBadValue, One<ParseInfoPackage>},
    {HeaderId::kRecvInfo, In::kAny, kBadValue, AnyOf<ParseRecvInfo>},
    {HeaderId::kGeolocation, In::kAny, kBadValue, SomeOf<ParseLocationValue>},
    {HeaderId::kGeolocationError, In::kResponse, kBadValue, One<ParseGeolocationError>},
    {HeaderId::kGeolocationRouting, In::kAny, kBadValue, One<ParseGeolocationRouting>},
    {HeaderId::kHistoryInfo, In::kAny, kBadValue, SomeOf<ParseHistoryEntry>},
    {HeaderId::kPAssociatedUri, In::kResponse, kBadValue, AnyOf<ParsePAssociatedUri>},
    {HeaderId::kPCalledPartyId, In::kAny, kBadValue, One<ParsePCalledPartyId>},
    {HeaderId::kPVisitedNetworkId, In::kAny, kBadValue, SomeOf<ParseVisitedNetwork>},
    {HeaderId::kPAccessNetworkInfo, In::kAny, kBadValue, SomeOf<ParseAccessNetwork>},
    {HeaderId::kPChargingFunctionAddresses, In::kAny, kBadValue, SomeOf<ParseChargingAddresses>},
    {HeaderId::kPChargingVector, In::kAny, kBadValue, One<ParseChargingVector>},
    {HeaderId::kIdentity, In::kRequest, kBadValue, One<ParseSignedIdentity>},
};

constexpr std::uint8_t kNoRow = 0xFF;

constexpr std::array<std::uint8_t, kHeaderIdCount> RowsById() {
  std::array<std::uint8_t, kHeaderIdCount> rows{};
  rows.fill(kNoRow);
  for (std::size_t i = 0; i < std::size(kRows); ++i) {
    rows[static_cast<std::size_t>(kRows[i].id)] = static_cast<std::uint8_t>(i);
  }
  return rows;
}

constexpr std::array<std::uint8_t, kHeaderIdCount> kRowsById = RowsById();

constexpr bool IsInOrder() {
  for (std::size_t i = 1; i < std::size(kRows); ++i) {
    if (kRows[i - 1].id >= kRows[i].id) return false;
  }
  return true;
}
static_assert(IsInOrder());

ParseError CheckField(HeaderId id, std::string_view value, bool is_request) {
  const std::uint8_t at = kRowsById[static_cast<std::size_t>(id)];
  if (at == kNoRow) return {};  // unknown, or without a typed form
  const Row& row = kRows[at];
  if (row.where == (is_request ? In::kResponse : In::kRequest)) return {};
  const ParseError error = row.check(value);
  return error.ok() ? error : ParseError{row.code, error.offset};
}

}  // namespace

ParseError CheckField(const MessageView& message, std::size_t i) {
  const HeaderView header = message.header(i);
  ParseError error = CheckField(header.id, header.value, message.is_request());
  if (!error.ok()) error.offset += message.index().headers[i].value.begin;
  return error;
}

ParseError CheckFields(const MessageView& message) {
  for (std::size_t i = 0; i < message.header_count(); ++i) {
    const ParseError error = CheckField(message, i);
    if (!error.ok()) return error;
  }
  return {};
}

std::optional<std::uint32_t> FindStrayStar(const MessageView& message) {
  std::optional<std::uint32_t> star;
  std::size_t contacts = 0;
  constexpr HeaderId kId = HeaderId::kContact;
  for (std::size_t i = message.PlaceOfFirst(kId); i < message.header_count();
       i = message.PlaceOfNext(kId, i)) {
    ++contacts;
    if (message.header(i).value == "*") star = message.index().headers[i].value.begin;
  }
  DeltaSeconds expires;
  const auto value = message.First(HeaderId::kExpires);
  const bool removes_all = message.method() == Method::kRegister && contacts == 1 && value &&
                           ParseDeltaSeconds(*value, expires).ok() && expires.seconds == 0;
  return message.is_request() && !removes_all ? star : std::nullopt;
}

}  // namespace sansip
