// Typed header fields. The first byte chooses the field ('0' the first of kFields, '1' the next ..., then
// kExtensionFields), the rest is its value.
//
// Oracles: an error lies in the value; the views of an accepted field lie in it; what is accepted is
// equivalent to itself, can be written without a line break, is read again as an equivalent field and then
// written as the same bytes; two elements of a list are equivalent either way round or not at all; a list
// with itself behind it has twice the elements.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/base/check.h"
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
#include "sansip/core/message/fields/content_length.h"
#include "sansip/core/message/fields/content_type.h"
#include "sansip/core/message/fields/credentials.h"
#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/fields/date.h"
#include "sansip/core/message/fields/delta_seconds.h"
#include "sansip/core/message/fields/entity_tag.h"
#include "sansip/core/message/fields/event.h"
#include "sansip/core/message/fields/feature_caps.h"
#include "sansip/core/message/fields/feature_tag.h"
#include "sansip/core/message/fields/geolocation.h"
#include "sansip/core/message/fields/gruu.h"
#include "sansip/core/message/fields/history_info.h"
#include "sansip/core/message/fields/identity.h"
#include "sansip/core/message/fields/info_package.h"
#include "sansip/core/message/fields/max_forwards.h"
#include "sansip/core/message/fields/mime_version.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/option_tag.h"
#include "sansip/core/message/fields/outbound.h"
#include "sansip/core/message/fields/p_address.h"
#include "sansip/core/message/fields/p_charging.h"
#include "sansip/core/message/fields/p_network.h"
#include "sansip/core/message/fields/parameter.h"
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

namespace sansip {
namespace {

// ---- The views of each field ----

// Holds that a view is a piece of the text.
class Within {
 public:
  explicit Within(std::string_view text) : text_(text) {}
  void operator()(std::string_view view) const {
    if (view.empty()) return;
    const std::less_equal<const char*> no_later;
    SANSIP_CHECK(no_later(text_.data(), view.data()));
    SANSIP_CHECK(no_later(view.data() + view.size(), text_.data() + text_.size()));
  }
  void operator()(const std::optional<std::string_view>& view) const { (*this)(view.value_or("")); }

 private:
  std::string_view text_;
};

template <typename... Views>
void CheckAll(const Within& within, const Views&... views) {
  (within(views), ...);
}

// Numbers and nothing else.
void CheckViews(const ContentLength&, const Within&) {}
void CheckViews(const Date&, const Within&) {}
void CheckViews(const Expires&, const Within&) {}
void CheckViews(const MaxForwards&, const Within&) {}
void CheckViews(const MimeVersion&, const Within&) {}
void CheckViews(const FlowTimer&, const Within&) {}
void CheckViews(const RequestDisposition&, const Within&) {}
void CheckViews(const RSeq&, const Within&) {}

void CheckViews(const AllowedMethod& f, const Within& in) { in(f.text); }
void CheckViews(const CallIdField& f, const Within& in) { in(f.text); }
void CheckViews(const ContentCoding& f, const Within& in) { in(f.text); }
void CheckViews(const CSeq& f, const Within& in) { in(f.method_text); }
void CheckViews(const DeltaSeconds& f, const Within& in) { in(f.parameters); }
void CheckViews(const FreeText& f, const Within& in) { in(f.text); }
void CheckViews(const LanguageTag& f, const Within& in) { in(f.text); }
void CheckViews(const OptionTag& f, const Within& in) { in(f.text); }
void CheckViews(const Priority& f, const Within& in) { in(f.text); }
void CheckViews(const AcceptedCoding& f, const Within& in) { CheckAll(in, f.coding, f.parameters); }
void CheckViews(const CallInfo& f, const Within& in) { CheckAll(in, f.uri, f.parameters); }
void CheckViews(const LanguageRange& f, const Within& in) { CheckAll(in, f.range, f.parameters); }
void CheckViews(const MediaRange& f, const Within& in) { CheckAll(in, f.type, f.subtype, f.parameters); }
void CheckViews(const MediaType& f, const Within& in) { CheckAll(in, f.type, f.subtype, f.parameters); }
void CheckViews(const ServerVal& f, const Within& in) { CheckAll(in, f.product, f.version, f.comment); }
void CheckViews(const Warning& f, const Within& in) { CheckAll(in, f.agent, f.text); }
void CheckViews(const RetryAfter& f, const Within& in) { CheckAll(in, f.delay.parameters, f.comment); }
void CheckViews(const ContentDisposition& f, const Within& in) {
  CheckAll(in, f.type, f.handling, f.parameters);
}
void CheckFeatures(std::string_view parameters, const Within& in) {
  FeatureTagsOf tags(parameters);
  for (FeatureTag tag; tags.Next(tag);) {
    in(tag.name);
    SANSIP_CHECK(IsFeatureTagName(tag.name) && Equivalent(tag, tag));
    std::size_t count = 0;
    FeatureValuesOf values(tag);
    for (FeatureValue value; values.Next(value); ++count) {
      const int order = CompareNumbers(value.low, value.high);
      const int other = CompareNumbers(value.high, value.low);
      SANSIP_CHECK(order == 0 ? other == 0 : (order < 0) == (other > 0));
    }
    SANSIP_CHECK(count != 0);
  }
}
void CheckViews(const NameAddr& f, const Within& in) {
  CheckAll(in, f.display_name, f.uri, f.parameters, f.tag, f.text);
  CheckFeatures(f.parameters, in);
}
void CheckViews(const Contact& f, const Within& in) { CheckViews(f.address, in); }
void CheckViews(const Timestamp& f, const Within& in) {
  CheckAll(in, f.sent.seconds, f.sent.fraction, f.delay.seconds, f.delay.fraction);
}
void CheckViews(const Via& f, const Within& in) {
  CheckAll(in, f.transport, f.host, f.branch, f.received, f.maddr, f.text);
}
void CheckViews(const AuthenticationInfo& f, const Within& in) {
  CheckAll(in, f.nextnonce, f.qop, f.rspauth, f.cnonce, f.nc, f.parameters);
}
void CheckViews(const Challenge& f, const Within& in) {
  CheckAll(in, f.scheme, f.realm, f.domain, f.nonce, f.opaque, f.stale, f.algorithm, f.qop, f.charset,
           f.userhash, f.parameters, f.token68);
  static_cast<void>(IsStale(f));
  static_cast<void>(OffersQop(f, "auth"));
}
void CheckViews(const Credentials& f, const Within& in) {
  CheckAll(in, f.scheme, f.username, f.username_ext, f.realm, f.nonce, f.uri, f.response, f.algorithm,
           f.cnonce, f.opaque, f.qop, f.nc, f.userhash, f.parameters, f.token68);
  SANSIP_CHECK(NonceCountOf(f).has_value() == f.nc.has_value());
}

// Of calls.
void CheckViews(const AllowedEvent& f, const Within& in) { in(f.type); }
void CheckViews(const EntityTag& f, const Within& in) { in(f.text); }
void CheckViews(const InfoPackage& f, const Within& in) { CheckAll(in, f.name, f.parameters); }
void CheckViews(const Join& f, const Within& in) {
  CheckAll(in, f.call_id, f.to_tag, f.from_tag, f.parameters);
}
void CheckViews(const TargetDialog& f, const Within& in) {
  CheckAll(in, f.call_id, f.local_tag, f.remote_tag, f.parameters);
}
void CheckViews(const FeatureCaps& f, const Within& in) { in(f.parameters); }
void CheckViews(const MinSe& f, const Within& in) { in(f.parameters); }
void CheckViews(const RAck& f, const Within& in) { in(f.cseq.method_text); }
void CheckViews(const Reason& f, const Within& in) { CheckAll(in, f.protocol, f.text, f.parameters); }
void CheckViews(const ReferSub& f, const Within& in) { in(f.parameters); }
void CheckViews(const Route& f, const Within& in) { CheckViews(f.address, in); }
void CheckViews(const SessionExpires& f, const Within& in) { in(f.parameters); }
void CheckViews(const SessionId& f, const Within& in) { CheckAll(in, f.local, f.remote, f.parameters); }
void CheckViews(const EventField& f, const Within& in) {
  CheckAll(in, f.type, f.id, f.parameters, EventPackage(f.type), EventTemplates(f.type));
}
void CheckViews(const Privacy& f, const Within& in) {
  for (std::string_view extension : f.extensions) in(extension);
}
void CheckViews(const ReferredBy& f, const Within& in) {
  CheckViews(f.address, in);
  in(f.cid);
}
void CheckViews(const ReferTo& f, const Within& in) {
  CheckViews(f.address, in);
  std::string_view method;
  static_cast<void>(ReferredMethod(f, method));
  std::string storage(f.address.uri.size(), '\0');
  for (HeaderId id : {HeaderId::kReplaces, HeaderId::kCallId}) {
    const auto value = EmbeddedField(f, id, storage);
    if (!value) continue;
    SANSIP_CHECK(value->find_first_of("\r\n") == std::string_view::npos);
    Replaces replaces;
    static_cast<void>(ParseReplaces(*value, replaces).ok());
  }
}
void CheckViews(const Replaces& f, const Within& in) {
  CheckAll(in, f.call_id, f.to_tag, f.from_tag, f.parameters);
  SANSIP_CHECK(NamesDialog(f, f.call_id, f.to_tag, f.from_tag));
}
void CheckViews(const SubscriptionState& f, const Within& in) {
  CheckAll(in, f.state_text, f.reason_text, f.parameters);
}

// Of servers and networks.
void CheckViews(const AcceptContact& f, const Within& in) { CheckFeatures(f.parameters, in); }
void CheckViews(const AccessNetwork& f, const Within& in) { CheckAll(in, f.type, f.parameters); }
void CheckViews(const ChargingAddresses& f, const Within& in) {
  CheckAll(in, f.first.name, f.first.value, f.parameters);
}
void CheckViews(const ChargingVector& f, const Within& in) {
  CheckAll(in, f.icid, f.icid_generated_at, f.related_icid_generated_at, f.parameters);
}
void CheckViews(const GeolocationError& f, const Within& in) { CheckAll(in, f.text, f.parameters); }
void CheckViews(const GeolocationRouting& f, const Within& in) { CheckAll(in, f.name, f.value); }
void CheckViews(const Gruus& f, const Within& in) {
  CheckAll(in, f.public_gruu, f.temporary_gruu);
  std::string storage(f.public_gruu.size(), '\0');
  static_cast<void>(GruuUri(f.public_gruu, storage));
}
void CheckViews(const HistoryEntry& f, const Within& in) {
  CheckViews(f.target, in);
  CheckAll(in, f.index, f.target_index);
  std::string storage(f.target.uri.size(), '\0');
  const auto reason = HistoryField(f, HeaderId::kReason, 0, storage);
  SANSIP_CHECK(!reason || reason->find_first_of("\r\n") == std::string_view::npos);
}
void CheckViews(const LocationValue& f, const Within& in) { CheckAll(in, f.uri, f.parameters); }
void CheckViews(const OutboundContact& f, const Within& in) { in(f.instance); }
void CheckViews(const RejectContact& f, const Within& in) { CheckFeatures(f.parameters, in); }
void CheckViews(const ResourceValue& f, const Within& in) { CheckAll(in, f.name_space, f.priority); }
void CheckViews(const SecurityMechanism& f, const Within& in) {
  CheckAll(in, f.name, f.digest_algorithm, f.digest_qop, f.digest_verify, f.parameters);
}
void CheckViews(const SignedIdentity& f, const Within& in) {
  CheckAll(in, f.header, f.payload, f.signature, f.info, f.algorithm, f.type, f.parameters);
}
void CheckViews(const VisitedNetwork& f, const Within& in) { CheckAll(in, f.id, f.parameters); }

// "*" ends a list.
template <typename Field>
bool EndsList(const Field&) {
  return false;
}
bool EndsList(const NameAddr& address) { return address.is_star; }
bool EndsList(const Contact& contact) { return contact.address.is_star; }

// ---- Reading and writing ----

template <typename Field>
Field FieldOf(ParseError (*)(std::string_view, Field&));
template <typename Field>
Field FieldOf(ParseError (*)(std::string_view, Field&, std::string_view*));

template <typename Field>
std::string Written(const Field& field, std::size_t room) {
  std::string storage(room, '\0');
  ValueWriter value(storage);
  Write(field, value);
  SANSIP_CHECK(value.ok() && value.needed() <= room);
  return std::string(value.text());
}

// `parse(text, field)` takes all of the text.
template <typename Field, typename Parse>
void CheckWriting(const Field& field, std::size_t size, Parse parse) {
  SANSIP_CHECK(Equivalent(field, field));
  const std::string written = Written(field, 2 * size + 64);
  SANSIP_CHECK(written.find_first_of("\r\n") == std::string::npos);
  Field again{};
  SANSIP_CHECK(parse(written, again).ok());
  SANSIP_CHECK(Equivalent(field, again) && Equivalent(again, field));
  SANSIP_CHECK(Written(again, written.size()) == written);
}

template <auto kParse>
void One(std::string_view value) {
  decltype(FieldOf(kParse)) field{};
  const ParseError error = kParse(value, field);
  SANSIP_CHECK(error.offset <= value.size());
  if (!error.ok()) return;
  CheckViews(field, Within(value));
  CheckWriting(field, value.size(), kParse);
}

// The number of elements; 0 if one of them is malformed or ends the list by itself.
template <auto kParse>
std::size_t CountOf(std::string_view value) {
  std::size_t count = 0;
  for (std::string_view rest = value;;) {
    decltype(FieldOf(kParse)) field{};
    const std::size_t left = rest.size();
    if (!kParse(rest, field, &rest).ok() || EndsList(field)) return 0;
    SANSIP_CHECK(rest.size() < left);
    ++count;
    if (rest.empty()) return count;
  }
}

template <auto kParse>
void List(std::string_view value, std::string_view separator) {
  using Field = decltype(FieldOf(kParse));
  const auto parse_one = [](std::string_view text, Field& field) {
    std::string_view rest;
    const ParseError error = kParse(text, field, &rest);
    SANSIP_CHECK(rest.empty());
    return error;
  };
  Field last{};
  bool has_last = false;
  for (std::string_view rest = value; !rest.empty();) {
    const std::string_view text = rest;
    Field field{};
    const ParseError error = kParse(text, field, &rest);
    SANSIP_CHECK(error.offset <= text.size());
    if (!error.ok()) break;
    const Within within(text);
    within(rest);
    CheckViews(field, within);
    CheckWriting(field, text.size(), parse_one);
    Field first{};
    SANSIP_CHECK(kParse(text, first, nullptr).ok() && Equivalent(first, field));
    if (has_last) SANSIP_CHECK(Equivalent(field, last) == Equivalent(last, field));
    last = field;
    has_last = true;
  }
  const std::size_t count = CountOf<kParse>(value);
  if (count == 0) return;
  const std::string twice = std::string(value).append(separator).append(value);
  SANSIP_CHECK(CountOf<kParse>(twice) == 2 * count);
}

template <auto kParse>
void Commas(std::string_view value) {
  List<kParse>(value, ", ");
}

template <auto kParse>
void Words(std::string_view value) {
  List<kParse>(value, " ");
}

ParseError ParseLength(std::string_view value, ContentLength& length) {
  return ParseContentLength(value, length);
}

ParseError ParseHops(std::string_view value, MaxForwards& max_forwards) {
  return ParseMaxForwards(value, max_forwards);
}

// A field may be read that is not written: `none` beside other values.
void PrivacyValues(std::string_view value) {
  Privacy field;
  const ParseError error = ParsePrivacy(value, field);
  SANSIP_CHECK(error.offset <= value.size());
  if (!error.ok()) return;
  CheckViews(field, Within(value));
  std::string storage(2 * value.size() + 64, '\0');
  ValueWriter writer(storage);
  Write(field, writer);
  if (writer.ok()) CheckWriting(field, value.size(), ParsePrivacy);
}

void Resources(std::string_view value) {
  SANSIP_CHECK(CheckResourcePriority(value).offset <= value.size());
  Commas<ParseResourceValue>(value);
}

using Check = void(std::string_view value);

// New ones go to the end of the second: the corpus counts on the order.
constexpr Check* kFields[] = {
    Commas<ParseAccept>,           // 0
    Commas<ParseAcceptEncoding>,   // 1
    Commas<ParseAcceptLanguage>,   // 2
    Commas<ParseAllow>,            // 3
    One<ParseAuthenticationInfo>,  // 4
    One<ParseCallId>,              // 5
    Commas<ParseCallInfo>,         // 6
    One<ParseChallenge>,           // 7
    Commas<ParseContact>,          // 8
    One<ParseContentDisposition>,  // 9
    Commas<ParseContentEncoding>,  // :
    Commas<ParseContentLanguage>,  // ;
    One<ParseLength>,              // <
    One<ParseMediaType>,           // =
    One<ParseCredentials>,         // >
    One<ParseCSeq>,                // ?
    One<ParseDate>,                // @
    One<ParseDeltaSeconds>,        // A
    One<ParseExpires>,             // B
    Commas<ParseInReplyTo>,        // C
    One<ParseHops>,                // D
    One<ParseMimeVersion>,         // E
    Commas<ParseNameAddr>,         // F
    Commas<ParseOptionTag>,        // G
    One<ParsePriority>,            // H
    One<ParseRetryAfter>,          // I
    Words<ParseServer>,            // J
    One<ParseText>,                // K
    One<ParseTimestamp>,           // L
    Commas<ParseVia>,              // M
    Commas<ParseWarning>,          // N
};

constexpr Check* kExtensionFields[] = {
    One<ParseRSeq>,                  // O
    One<ParseRAck>,                  // P
    One<ParseEvent>,                 // Q
    Commas<ParseAllowedEvent>,       // R
    One<ParseSubscriptionState>,     // S
    Commas<ParseReason>,             // T
    Commas<ParseRoute>,              // U
    One<ParseReferTo>,               // V
    One<ParseReferredBy>,            // W
    One<ParseReferSub>,              // X
    One<ParseReplaces>,              // Y
    One<ParseJoin>,                  // Z
    One<ParseEntityTag>,             // [
    One<ParseSessionExpires>,        // backslash
    One<ParseMinSe>,                 // ]
    One<ParseSessionId>,             // ^
    One<ParseInfoPackage>,           // _
    Commas<ParseRecvInfo>,           // `
    Commas<ParseIdentity>,           // a
    PrivacyValues,                   // b
    Commas<ParseSecurityMechanism>,  // c
    Commas<ParseAcceptContact>,      // d
    Commas<ParseRejectContact>,      // e
    One<ParseRequestDisposition>,    // f
    Resources,                       // g
    One<ParseFlowTimer>,             // h
    One<ParseOutboundContact>,       // i
    One<ParseGruus>,                 // j
    Commas<ParseLocationValue>,      // k
    One<ParseGeolocationRouting>,    // l
    One<ParseGeolocationError>,      // m
    Commas<ParseHistoryEntry>,       // n
    Commas<ParsePAssociatedUri>,     // o
    One<ParsePCalledPartyId>,        // p
    Commas<ParseVisitedNetwork>,     // q
    Commas<ParseAccessNetwork>,      // r
    Commas<ParseChargingAddresses>,  // s
    One<ParseChargingVector>,        // t
    One<ParseSignedIdentity>,        // u
    One<ParseTargetDialog>,          // v
    Commas<ParseFeatureCaps>,        // w
};

void Run(std::string_view bytes) {
  if (bytes.empty()) return;
  const std::size_t chosen = static_cast<unsigned char>(bytes.front()) - std::size_t{'0'};
  if (chosen >= std::size(kFields) + std::size(kExtensionFields)) return;
  // A block of its own, so that the sanitizer sees a byte read beyond it.
  const std::vector<char> value(bytes.begin() + 1, bytes.end());
  // Longer lists are not compared (parameter.h, feature_tag.h).
  if (std::count(value.begin(), value.end(), ';') > static_cast<std::ptrdiff_t>(kParametersMax)) return;
  if (std::count(value.begin(), value.end(), ',') >= static_cast<std::ptrdiff_t>(kFeatureValuesMax)) return;
  Check* check =
      chosen < std::size(kFields) ? kFields[chosen] : kExtensionFields[chosen - std::size(kFields)];
  check({value.data(), value.size()});
}

}  // namespace
}  // namespace sansip

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sansip::Run(std::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
