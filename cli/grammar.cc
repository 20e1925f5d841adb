#include "sansip/cli/grammar.h"

namespace sansip::cli {
namespace {

struct FieldRow {
  HeaderId field;
  Grammar grammar;
};

constexpr std::string_view kOptionTags = "option-tag *(COMMA option-tag)";
constexpr std::string_view kDeltaSeconds = "delta-seconds";
constexpr std::string_view kProducts = "server-val *(LWS server-val)";
constexpr std::string_view kCallInfo = "LAQUOT absoluteURI RAQUOT *( SEMI info-param ), with commas between";
constexpr std::string_view kRoutes = "name-addr *( SEMI rr-param ), with commas between";
constexpr std::string_view kAssertedId = "( name-addr / addr-spec ), with a comma between two";
constexpr std::string_view kMechanisms = "mechanism-name *(SEMI mech-parameters), with commas between";
constexpr std::string_view kCallLeg = "callid *(SEMI ( to-tag / from-tag / generic-param ))";
constexpr std::string_view kChallenge = "\"Digest\" LWS digest-cln *(COMMA digest-cln) / other-challenge";
constexpr std::string_view kCredentials = "\"Digest\" LWS dig-resp *(COMMA dig-resp) / other-response";

constexpr std::string_view kRouteExample = "<sip:proxy.example;lr>";
constexpr std::string_view kTagExample = "100rel, timer";
constexpr std::string_view kMechanismExample = "tls;q=0.2";
constexpr std::string_view kLegExample = "98732@sip.example;from-tag=r33th4x0r;to-tag=ff87ff";
constexpr std::string_view kChallengeExample = "Digest realm=\"example\", nonce=\"5a1b\", algorithm=SHA-256";
constexpr std::string_view kCredentialsExample =
    "Digest username=\"alice\", realm=\"example\", nonce=\"5a1b\", uri=\"sip:example\", response=\"32 LHEX\"";

constexpr FieldRow kFields[] = {
    {HeaderId::kAccept, {"[ accept-range *(COMMA accept-range) ]", "application/sdp;q=0.8, text/plain"}},
    {HeaderId::kAcceptEncoding, {"[ encoding *(COMMA encoding) ]", "gzip;q=1.0, identity"}},
    {HeaderId::kAcceptLanguage, {"[ language *(COMMA language) ]", "da, en-gb;q=0.8"}},
    {HeaderId::kAlertInfo, {kCallInfo, "<http://example.com/ring.wav>"}},
    {HeaderId::kAllow, {"[ Method *(COMMA Method) ]", "INVITE, ACK, BYE"}},
    {HeaderId::kAuthenticationInfo, {"ainfo *(COMMA ainfo)", "nextnonce=\"47364c\""}},
    {HeaderId::kAuthorization, {kCredentials, kCredentialsExample}},
    {HeaderId::kCallId, {"word [ \"@\" word ]", "f81d4fae-7dec@host.example"}},
    {HeaderId::kCallInfo, {kCallInfo, "<http://example.com/photo.jpg>;purpose=icon"}},
    {HeaderId::kContact,
     {"STAR / ( name-addr / addr-spec ) *(SEMI contact-params), with commas between",
      "\"Name\" <sip:user@host>;expires=3600"}},
    {HeaderId::kContentDisposition, {"disp-type *( SEMI disp-param )", "session;handling=optional"}},
    {HeaderId::kContentEncoding, {"content-coding *(COMMA content-coding)", "gzip"}},
    {HeaderId::kContentLanguage, {"language-tag *(COMMA language-tag)", "fr"}},
    {HeaderId::kContentLength, {"1*DIGIT", "349"}},
    {HeaderId::kContentType, {"m-type SLASH m-subtype *(SEMI m-parameter)", "application/sdp"}},
    {HeaderId::kCSeq, {"1*DIGIT LWS Method", "31 INVITE"}},
    {HeaderId::kDate, {"rfc1123-date", "Sat, 13 Nov 2010 23:29:00 GMT"}},
    {HeaderId::kErrorInfo, {kCallInfo, "<sip:not-in-service@example.com>"}},
    {HeaderId::kExpires, {kDeltaSeconds, "3600"}},
    {HeaderId::kFrom, {"( name-addr / addr-spec ) *( SEMI from-param )", "<sip:user@host>;tag=1928"}},
    {HeaderId::kInReplyTo, {"callid *(COMMA callid)", "70710@host.example, 17320@host.example"}},
    {HeaderId::kMaxForwards, {"1*DIGIT", "70"}},
    {HeaderId::kMimeVersion, {"1*DIGIT \".\" 1*DIGIT", "1.0"}},
    {HeaderId::kMinExpires, {kDeltaSeconds, "60"}},
    {HeaderId::kOrganization, {"[TEXT-UTF8-TRIM]", "Example"}},
    {HeaderId::kPriority, {"priority-value", "emergency"}},
    {HeaderId::kProxyAuthenticate, {kChallenge, kChallengeExample}},
    {HeaderId::kProxyAuthorization, {kCredentials, kCredentialsExample}},
    {HeaderId::kProxyRequire, {kOptionTags, "privacy"}},
    {HeaderId::kRecordRoute, {kRoutes, kRouteExample}},
    {HeaderId::kReplyTo, {"( name-addr / addr-spec ) *( SEMI rplyto-param )", "<sip:user@host>"}},
    {HeaderId::kRequire, {kOptionTags, "100rel"}},
    {HeaderId::kRetryAfter, {"delta-seconds [ comment ] *( SEMI retry-param )", "120 (in a meeting)"}},
    {HeaderId::kRoute, {kRoutes, kRouteExample}},
    {HeaderId::kServer, {kProducts, "Product/1.0 (comment)"}},
    {HeaderId::kSubject, {"[TEXT-UTF8-TRIM]", "Lunch"}},
    {HeaderId::kSupported, {"[ option-tag *(COMMA option-tag) ]", kTagExample}},
    {HeaderId::kTimestamp, {"1*(DIGIT) [ \".\" *(DIGIT) ] [ LWS delay ]", "54 0.1"}},
    {HeaderId::kTo, {"( name-addr / addr-spec ) *( SEMI to-param )", "<sip:user@host>"}},
    {HeaderId::kUnsupported, {kOptionTags, kTagExample}},
    {HeaderId::kUserAgent, {kProducts, "Product/1.0 (comment)"}},
    {HeaderId::kVia, {"via-parm *(COMMA via-parm)", "SIP/2.0/UDP host:5060;branch=z9hG4bK776"}},
    {HeaderId::kWarning,
     {"warn-code SP warn-agent SP warn-text, with commas between", "307 host.example \"text\""}},
    {HeaderId::kWwwAuthenticate, {kChallenge, kChallengeExample}},
    {HeaderId::kRAck, {"response-num LWS CSeq-num LWS Method", "776656 1 INVITE"}},
    {HeaderId::kRSeq, {"response-num", "776656"}},
    {HeaderId::kAllowEvents, {"event-type *(COMMA event-type)", "presence, refer"}},
    {HeaderId::kEvent, {"event-type *( SEMI event-param )", "presence;id=1"}},
    {HeaderId::kSubscriptionState, {"substate-value *( SEMI subexp-params )", "active;expires=600"}},
    {HeaderId::kReason,
     {"protocol *(SEMI reason-params), with commas between", "SIP;cause=200;text=\"elsewhere\""}},
    {HeaderId::kPath, {kRoutes, kRouteExample}},
    {HeaderId::kServiceRoute, {kRoutes, kRouteExample}},
    {HeaderId::kReferTo, {"( name-addr / addr-spec ) *( SEMI generic-param )", "<sip:user@host>"}},
    {HeaderId::kReferredBy,
     {"referrer-uri *( SEMI (referredby-id-param / generic-param) )", "<sip:user@host>"}},
    {HeaderId::kReferSub, {"( \"true\" / \"false\" ) *(SEMI exten)", "false"}},
    {HeaderId::kReplaces, {kCallLeg, kLegExample}},
    {HeaderId::kJoin, {kCallLeg, kLegExample}},
    {HeaderId::kTargetDialog,
     {"callid *( SEMI ( \"local-tag\" / \"remote-tag\" ) EQUAL token )", "id@host;local-tag=1;remote-tag=2"}},
    {HeaderId::kSipEtag, {"entity-tag", "dx200xyz"}},
    {HeaderId::kSipIfMatch, {"entity-tag", "dx200xyz"}},
    {HeaderId::kSessionExpires, {"delta-seconds *( SEMI se-params )", "1800;refresher=uac"}},
    {HeaderId::kMinSe, {"delta-seconds *( SEMI generic-param )", "90"}},
    {HeaderId::kSessionId,
     {"sess-uuid *( SEMI ( remote-param / generic-param ) )",
      "ab30317f1a784dc48ff824d0d3715d86;remote=00000000000000000000000000000000"}},
    {HeaderId::kPAssertedIdentity, {kAssertedId, "\"Name\" <sip:user@host>, <tel:+12125550100>"}},
    {HeaderId::kPPreferredIdentity, {kAssertedId, "\"Name\" <sip:user@host>"}},
    {HeaderId::kPrivacy, {"priv-value *( \";\" priv-value )", "id;critical"}},
    {HeaderId::kSecurityClient, {kMechanisms, kMechanismExample}},
    {HeaderId::kSecurityServer, {kMechanisms, kMechanismExample}},
    {HeaderId::kSecurityVerify, {kMechanisms, kMechanismExample}},
    {HeaderId::kAcceptContact, {"STAR *( SEMI ac-params ), with commas between", "*;audio;require"}},
    {HeaderId::kRejectContact, {"STAR *( SEMI rc-params ), with commas between", "*;automata"}},
    {HeaderId::kRequestDisposition, {"directive *(COMMA directive)", "proxy, no-fork"}},
    {HeaderId::kResourcePriority, {"r-value *(COMMA r-value)", "wps.3, dsn.flash"}},
    {HeaderId::kAcceptResourcePriority, {"[ r-value *(COMMA r-value) ]", "wps.3, dsn.flash"}},
    {HeaderId::kFlowTimer, {"1*DIGIT", "120"}},
    {HeaderId::kFeatureCaps, {"\"*\" *( SEMI feature-cap ), with commas between", "*;+sip.pns=\"webpush\""}},
    {HeaderId::kInfoPackage, {"info-package-type *( SEMI info-package-param )", "dtmf"}},
    {HeaderId::kRecvInfo,
     {"[ info-package-type *( SEMI info-package-param ) ], with commas between", "dtmf, foo"}},
    {HeaderId::kGeolocation,
     {"LAQUOT locationURI RAQUOT *( SEMI geoloc-param ), with commas between", "<cid:target@host.example>"}},
    {HeaderId::kGeolocationError, {"locationErrorCode *( SEMI locationErrorParam )", "300;code=\"text\""}},
    {HeaderId::kGeolocationRouting, {"\"yes\" / \"no\" / generic-value", "yes"}},
    {HeaderId::kHistoryInfo, {"name-addr *( SEMI hi-param ), with commas between", "<sip:bob@host>;index=1"}},
    {HeaderId::kPAssociatedUri, {"name-addr *( SEMI ai-param ), with commas between", "<sip:user@host>"}},
    {HeaderId::kPCalledPartyId, {"name-addr *( SEMI cpid-param )", "<sip:user@host>"}},
    {HeaderId::kPVisitedNetworkId,
     {"( token / quoted-string ) *( SEMI vnetwork-param ), with commas between", "\"Visited network 1\""}},
    {HeaderId::kPAccessNetworkInfo,
     {"access-type *( SEMI access-info ), with commas between", "3GPP-UTRAN-TDD;utran-cell-id-3gpp=23415"}},
    {HeaderId::kPChargingFunctionAddresses,
     {"charge-addr-params *( SEMI charge-addr-params ), with commas between", "ccf=192.0.2.1;ecf=192.0.2.2"}},
    {HeaderId::kPChargingVector,
     {"icid-value *( SEMI charge-params )", "icid-value=1234;orig-ioi=home.example"}},
    {HeaderId::kIdentity,
     {"signed-identity-digest SEMI ident-info *( SEMI ident-info-params )",
      "eyJh.eyJi.c2ln;info=<https://host.example/cert>"}},
};

constexpr std::size_t kFieldCount = sizeof(kFields) / sizeof(kFields[0]);

// In the order of HeaderId, every field.
constexpr bool IsInOrder() {
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    if (static_cast<std::size_t>(kFields[i].field) != i + 1) return false;
  }
  return kFieldCount + 1 == kHeaderIdCount;
}
static_assert(IsInOrder());

}  // namespace

Grammar GrammarOf(HeaderId field) {
  return field == HeaderId::kOther ? Grammar{} : kFields[static_cast<std::size_t>(field) - 1].grammar;
}

Grammar GrammarOf(ParseCode code) {
  switch (code) {
    case ParseCode::kBadMethod:
    case ParseCode::kBadRequestLine:
      return {"Request-Line = Method SP Request-URI SP SIP-Version CRLF"};
    case ParseCode::kUnsupportedVersion:
      return {"SIP-Version = \"SIP\" \"/\" 1*DIGIT \".\" 1*DIGIT"};
    case ParseCode::kBadRequestUri:
      return {"Request-URI = SIP-URI / SIPS-URI / absoluteURI"};
    case ParseCode::kBadStatusLine:
      return {"Status-Line = SIP-Version SP Status-Code SP Reason-Phrase CRLF"};
    case ParseCode::kBadStatusCode:
      return {"Status-Code = 3DIGIT"};
    case ParseCode::kBadHeaderName:
    case ParseCode::kBadHeaderLine:
      return {"extension-header = header-name HCOLON header-value, header-name = token"};
    case ParseCode::kMissingBlankLine:
      return {"Request / Response = start-line *( message-header ) CRLF [ message-body ]"};
    case ParseCode::kControlCharacter:
      return {"header-value = *(TEXT-UTF8char / UTF8-CONT / LWS)"};
    case ParseCode::kBadHost:
      return {"hostname = *( domainlabel \".\" ) toplabel [ \".\" ]"};
    default:
      return {};
  }
}

std::string_view ClauseOfGrammar(std::string_view field_clause) {
  return field_clause.empty() || field_clause.starts_with("RFC 3261 ") ? "RFC 3261 25.1" : field_clause;
}

}  // namespace sansip::cli
