#include "sansip/core/message/verdict.h"

#include <array>
#include <cstddef>

#include "sansip/core/message/body_handling.h"
#include "sansip/core/message/field_check.h"
#include "sansip/core/message/fields/content_disposition.h"
#include "sansip/core/message/fields/content_type.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/max_forwards.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/via.h"
#include "sansip/core/message/option_list.h"
#include "sansip/core/message/status_code.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/uri/sip_uri.h"

namespace sansip {
namespace {

constexpr std::uint32_t Bit(Method method) { return 1u << static_cast<unsigned>(method); }
constexpr std::uint32_t Bit(Role role) { return 1u << static_cast<unsigned>(role); }

constexpr std::uint32_t kEveryMethod = ~0u;
constexpr std::uint32_t kAckAndCancel = Bit(Method::kAck) | Bit(Method::kCancel);
constexpr std::uint32_t kFormsDialog =
    Bit(Method::kInvite) | Bit(Method::kSubscribe) | Bit(Method::kRefer) | Bit(Method::kNotify);
constexpr std::uint32_t kUser = Bit(Role::kUserAgent);
constexpr std::uint32_t kServer = kUser | Bit(Role::kRegistrar);
constexpr std::uint32_t kProxy = Bit(Role::kProxy);

// A field that has to be well formed for a request to be processed.
struct Need {
  HeaderId id;
  std::uint32_t roles;
  std::uint32_t methods;
  std::string_view option;  // only by an element that understands it; empty: by all
  std::string_view clause;
};
constexpr Need kNeeds[] = {
    {HeaderId::kContact, kUser, kFormsDialog | Bit(Method::kUpdate), "", "RFC 3261 12.1.1"},
    {HeaderId::kContact, Bit(Role::kRegistrar), Bit(Method::kRegister), "", "RFC 3261 10.3"},
    {HeaderId::kRecordRoute, kUser, kFormsDialog, "", "RFC 3261 12.1.1"},
    {HeaderId::kRoute, kProxy, kEveryMethod, "", "RFC 3261 16.4"},
    {HeaderId::kRequire, kServer, kEveryMethod & ~kAckAndCancel, "", "RFC 3261 8.2.2.3"},
    {HeaderId::kProxyRequire, kProxy, kEveryMethod & ~kAckAndCancel, "", "RFC 3261 16.3"},
    {HeaderId::kContentDisposition, kServer, kEveryMethod, "", "RFC 3261 8.2.3"},
    {HeaderId::kContentEncoding, kServer, kEveryMethod, "", "RFC 3261 8.2.3"},
    {HeaderId::kContentLanguage, kServer, kEveryMethod, "", "RFC 3261 8.2.3"},
    {HeaderId::kContentType, kServer, kEveryMethod, "", "RFC 3261 8.2.3"},
    {HeaderId::kPath, Bit(Role::kRegistrar), Bit(Method::kRegister), "path", "RFC 3327 5.3"},
    {HeaderId::kRAck, kUser, Bit(Method::kPrack), "", "RFC 3262 3"},
    {HeaderId::kReferTo, kUser, Bit(Method::kRefer), "", "RFC 3515 2.4.2"},
    {HeaderId::kReplaces, kUser, Bit(Method::kInvite), "replaces", "RFC 3891 3"},
    {HeaderId::kJoin, kUser, Bit(Method::kInvite), "join", "RFC 3911 4"},
    {HeaderId::kSipIfMatch, kUser, Bit(Method::kPublish), "", "RFC 3903 6"},
    {HeaderId::kSessionExpires, kUser | kProxy, Bit(Method::kInvite) | Bit(Method::kUpdate), "timer",
     "RFC 4028 4"},
    {HeaderId::kMinSe, kUser | kProxy, Bit(Method::kInvite) | Bit(Method::kUpdate), "timer", "RFC 4028 5"},
    {HeaderId::kEvent, kUser, Bit(Method::kSubscribe) | Bit(Method::kNotify) | Bit(Method::kPublish), "",
     "RFC 6665 8.2.1"},
    {HeaderId::kInfoPackage, kUser, Bit(Method::kInfo), "", "RFC 6086 4.2.2"},
};

// The rows of each field, which lie side by side: most fields of most requests have none.
struct NeedRows {
  std::uint8_t begin = 0, end = 0;
};
constexpr auto kNeedsOf = [] {
  std::array<NeedRows, kHeaderIdCount> rows{};
  for (std::uint8_t i = 0; i < std::size(kNeeds); ++i) {
    NeedRows& of = rows[static_cast<std::size_t>(kNeeds[i].id)];
    if (of.end == 0) of.begin = i;
    of.end = static_cast<std::uint8_t>(i + 1);
  }
  return rows;
}();
static_assert([] {
  std::size_t rows = 0;
  for (const NeedRows& of : kNeedsOf) rows += of.end - of.begin;
  return rows == std::size(kNeeds);
}());

// A field without which a user agent cannot process the request.
struct Must {
  HeaderId id;
  Method method;
  int status;
  std::string_view clause;
};
constexpr Must kMusts[] = {
    {HeaderId::kReferTo, Method::kRefer, 400, "RFC 3515 2.4.2"},
    {HeaderId::kEvent, Method::kSubscribe, 489, "RFC 6665 4.2.3"},
    {HeaderId::kEvent, Method::kPublish, 489, "RFC 3903 6"},
    {HeaderId::kSubscriptionState, Method::kNotify, 400, "RFC 6665 4.1.3"},
};

// What names a call that an INVITE takes the place of, or joins: in no other request, and not both.
struct CallName {
  HeaderId id;
  HeaderId other;
  std::string_view option;
  std::string_view clause;
};
constexpr CallName kCallNames[] = {
    {HeaderId::kReplaces, HeaderId::kJoin, "replaces", "RFC 3891 3"},
    {HeaderId::kJoin, HeaderId::kReplaces, "join", "RFC 3911 4"},
};

// Methods that mean something only within a dialog.
struct DialogMethod {
  Method method;
  std::string_view clause;
};
constexpr DialogMethod kDialogMethods[] = {
    {Method::kBye, "RFC 3261 15.1.2"}, {Method::kPrack, "RFC 3262 3"},      {Method::kUpdate, "RFC 3311 5.2"},
    {Method::kInfo, "RFC 6086 4.2.2"}, {Method::kNotify, "RFC 6665 4.1.3"},
};

// RFC 3261 7.1: case-sensitive.
bool HoldsMethod(std::string_view list, std::string_view method) {
  // As it mostly stands in a list of ours; never empty.
  const std::size_t at = list.find(method);
  if (at == std::string_view::npos) return false;
  const std::size_t behind = at + method.size();
  const bool begins = at == 0 || (at > 1 && list[at - 1] == ' ' && list[at - 2] == ',');
  if (begins && (behind == list.size() || list[behind] == ',')) return true;
  while (!list.empty()) {
    if (TakeListed(list) == method) return true;
  }
  return false;
}

// RFC 3261 20.3: "en-gb" is understood by who understands "en".
bool IsLanguageAmong(std::string_view ranges, std::string_view language) {
  while (!ranges.empty()) {
    std::string_view range = TakeListed(ranges);
    range = Trim(range.substr(0, range.find(';')));
    const std::string_view prefix = language.substr(0, range.size());
    const bool ends = language.size() <= range.size() || language[range.size()] == '-';
    if (range == "*" || (ends && EqualsIgnoreCase(prefix, range))) return true;
  }
  return false;
}

// Null: an element of this role does not need the field for a request of this method.
inline const Need* NeedOf(HeaderId id, Method method, const ElementPolicy& policy) {
  const NeedRows rows = kNeedsOf[static_cast<std::size_t>(id)];
  for (std::size_t i = rows.begin; i < rows.end; ++i) {
    const Need& need = kNeeds[i];
    if ((need.roles & Bit(policy.role)) == 0 || (need.methods & Bit(method)) == 0) continue;
    if (need.option.empty() || IsListed(policy.options, need.option)) return &need;
  }
  return nullptr;
}

// One message before one element: each step is a clause, and true if nothing is wrong.
class Examination {
 public:
  Examination(const MessageView& message, const ElementPolicy& policy, const MessageFacts& facts)
      : message_(message), policy_(policy), facts_(facts) {}

  Verdict Run(ParseError error) {
    if (!error.ok()) {
      Malformed(error);
    } else if (message_.is_response()) {
      Response();
    } else if (policy_.role == Role::kProxy) {
      ProxyRequest();
    } else {
      ServerRequest();
    }
    // RFC 3261 17.1: there is no response to an ACK, nor to a response.
    const bool is_answerable = message_.is_request() && message_.method() != Method::kAck;
    if (verdict_.action == Verdict::Action::kAnswer && !is_answerable) {
      verdict_.action = Verdict::Action::kDrop;
      verdict_.status = 0;
      verdict_.reason = {};
      verdict_.header = HeaderId::kOther;
    }
    return verdict_;
  }

 private:
  void Malformed(ParseError error);
  void Response();
  void ProxyRequest();
  void ServerRequest();
  // RFC 3261 8.2
  bool MethodIsServed();
  bool DialogIsKnown();
  bool NeededFieldsAreWellFormed();
  // Of its own: nearly all fields are skipped.
  [[gnu::noinline]] bool IsWellFormedIfNeeded(std::size_t i);
  bool IsPlainContact(std::size_t i) const;
  // The first that is understood, as it is written there: as of nearly every body.
  bool IsUsualType(std::string_view type) const {
    return !type.empty() && type == policy_.types.substr(0, policy_.types.find(','));
  }
  bool NeededFieldsAreThere();
  bool StarIsInOrder();
  bool OneCallIsNamed();
  bool SchemeIsServed();
  bool OptionsAreUnderstood();
  bool EncodingsAreUnderstood();
  bool LanguagesAreUnderstood();
  bool BodyIsUnderstood();
  // Of its own: the room that parts take is not everybody's.
  [[gnu::noinline]] bool PartsAreUnderstood();
  bool PeerHasWhatIsNeeded();
  bool AnswerIsWanted();
  bool RegistersAnAddress();
  // RFC 3261 16.3
  bool HasHopsLeft();

  // Always false, so that a step can return it.
  bool Answer(int status, std::uint32_t offset, std::string_view clause, HeaderId header = HeaderId::kOther) {
    verdict_ = {Verdict::Action::kAnswer, status, ReasonPhrase(status), header, offset, clause};
    return false;
  }
  bool Drop(std::uint32_t offset, std::string_view clause) {
    verdict_ = {.action = Verdict::Action::kDrop, .offset = offset, .clause = clause};
    return false;
  }
  std::uint32_t Begin(HeaderId id) const {
    const std::size_t place = message_.index().first_with_id[static_cast<std::size_t>(id)];
    return place == 0 ? 0 : message_.index().headers[place - 1].value.begin;
  }
  bool IsAnyOf(std::uint32_t methods) const { return (Bit(message_.method()) & methods) != 0; }

  const MessageView& message_;
  const ElementPolicy& policy_;
  const MessageFacts& facts_;
  Verdict verdict_;
};

void Examination::Malformed(ParseError error) {
  // RFC 4475 3.1.2.18: the method decides first, so that old elements answer what new ones mean.
  const bool is_proxy = policy_.role == Role::kProxy;
  if (error.code == ParseCode::kCSeqMethodMismatch && message_.is_request() &&
      message_.method() == Method::kExtension &&
      (is_proxy || !HoldsMethod(policy_.methods, message_.method_text()))) {
    Answer(501, message_.index().method_text.begin, "RFC 3261 21.5.2",
           is_proxy ? HeaderId::kOther : HeaderId::kAllow);
    return;
  }
  Answer(ResponseCodeFor(error.code), error.offset, ParseCodeClause(error.code));
  verdict_.reason = ParseCodeText(error.code);
}

void Examination::Response() {
  if (facts_.is_via_foreign) {
    Drop(Begin(HeaderId::kVia), "RFC 3261 18.1.2");
    return;
  }
  if (policy_.role != Role::kProxy && !HasSeveralVias(message_)) return;
  ElementsOf vias(message_, HeaderId::kVia);
  std::string_view element;
  if (!vias.Next(element) || !vias.Next(element)) return;
  if (policy_.role != Role::kProxy) {
    Drop(vias.offset(), "RFC 3261 8.1.3.3");
    return;
  }
  // RFC 3261 16.7, step 3: it is where the response goes. RFC 4475 3.3.10: not to everybody.
  Via via;
  if (!ParseVia(element, via, nullptr).ok() || via.host == "255.255.255.255") {
    Drop(vias.offset(), "RFC 3261 16.7");
  }
}

void Examination::ProxyRequest() {
  if (!NeededFieldsAreWellFormed() || !SchemeIsServed() || !HasHopsLeft()) return;
  if (facts_.is_looping) {
    Answer(482, Begin(HeaderId::kVia), "RFC 3261 16.3");
    return;
  }
  static_cast<void>(OptionsAreUnderstood());
}

void Examination::ServerRequest() {
  if (message_.method() == Method::kCancel) {
    // RFC 3261 9.2: it is served by whoever serves what it cancels; it has no body and no Require.
    if (facts_.has_no_transaction) Answer(481, 0, "RFC 3261 9.2");
    return;
  }
  if (message_.method() == Method::kAck) {
    if (facts_.dialog == MessageFacts::Dialog::kUnknown) Drop(0, "RFC 3261 12.2.2");
    return;
  }
  if (!MethodIsServed() || !DialogIsKnown() || !NeededFieldsAreWellFormed()) return;
  if (!NeededFieldsAreThere() || !StarIsInOrder() || !OneCallIsNamed() || !SchemeIsServed()) return;
  if (facts_.is_merged) {
    Answer(482, Begin(HeaderId::kCallId), "RFC 3261 8.2.2.2");
    return;
  }
  if (!OptionsAreUnderstood() || !BodyIsUnderstood() || !PeerHasWhatIsNeeded()) return;
  if (!RegistersAnAddress()) return;
  static_cast<void>(AnswerIsWanted());
}

// RFC 3261 8.2.1
bool Examination::MethodIsServed() {
  if (HoldsMethod(policy_.methods, message_.method_text())) return true;
  const std::uint32_t offset = message_.index().method_text.begin;
  if (message_.method() == Method::kExtension) {
    return Answer(501, offset, "RFC 3261 21.5.2", HeaderId::kAllow);
  }
  return Answer(405, offset, "RFC 3261 8.2.1", HeaderId::kAllow);
}

bool Examination::DialogIsKnown() {
  if (facts_.dialog == MessageFacts::Dialog::kUnknown) {
    return Answer(481, Begin(HeaderId::kTo), "RFC 3261 12.2.2");
  }
  if (facts_.dialog == MessageFacts::Dialog::kKnown || !ToTag(message_).empty()) return true;
  for (const DialogMethod& row : kDialogMethods) {
    if (message_.method() == row.method) return Answer(481, Begin(HeaderId::kTo), row.clause);
  }
  return true;
}

// RFC 3261 8.2.2, 16.3 step 1
bool Examination::NeededFieldsAreWellFormed() {
  const MessageIndex& index = message_.index();
  const std::size_t count = message_.header_count();
  for (std::size_t i = 0; i < count; ++i) {
    const bool is_ever_needed = kNeedsOf[static_cast<std::size_t>(index.headers[i].id)].end != 0;
    if (is_ever_needed && !IsWellFormedIfNeeded(i)) return false;
  }
  return true;
}

bool Examination::IsWellFormedIfNeeded(std::size_t i) {
  const HeaderId id = message_.index().headers[i].id;
  if (NeedOf(id, message_.method(), policy_) == nullptr) return true;
  if (id == HeaderId::kContact && IsPlainContact(i)) return true;
  if (id == HeaderId::kContentType && IsUsualType(message_.header(i).value)) return true;
  const ParseError error = CheckField(message_, i);
  if (error.ok()) return true;
  Answer(400, error.offset, HeaderClause(id));
  verdict_.reason = ParseCodeText(error.code);
  return false;
}

// The first one, which the parser has read, where it is one address without parameters.
bool Examination::IsPlainContact(std::size_t i) const {
  const AddressSpans& contact = message_.index().contact;
  const TextSpan value = message_.index().headers[i].value;
  return i == message_.PlaceOfFirst(HeaderId::kContact) && contact.text.size > 0 && contact.in_brackets &&
         contact.text.begin == value.begin && contact.text.size == value.size && contact.parameters.size == 0;
}

bool Examination::NeededFieldsAreThere() {
  for (const Must& row : kMusts) {
    if (policy_.role != Role::kUserAgent || row.method != message_.method() || message_.Has(row.id)) continue;
    return Answer(row.status, message_.index().method_text.begin, row.clause);
  }
  return true;
}

// RFC 3261 10.3 step 6; in other requests it is no address
bool Examination::StarIsInOrder() {
  std::string_view clause;
  if (!IsFieldNeeded(HeaderId::kContact, message_.method(), policy_, &clause)) return true;
  if (!message_.Has(HeaderId::kContact)) return true;
  const auto star = FindStrayStar(message_);
  if (!star) return true;
  Answer(400, *star, clause);
  verdict_.reason = ParseCodeText(ParseCode::kBadContact);
  return false;
}

bool Examination::OneCallIsNamed() {
  for (const CallName& row : kCallNames) {
    if (policy_.role != Role::kUserAgent || !message_.Has(row.id) || !IsListed(policy_.options, row.option)) {
      continue;
    }
    if (message_.method() == Method::kInvite && !message_.Has(row.other)) continue;
    return Answer(400, Begin(row.id), row.clause);
  }
  return true;
}

// RFC 3261 8.2.2.1, 16.3 step 2
bool Examination::SchemeIsServed() {
  if (policy_.schemes.starts_with("sip,") && message_.request_uri().starts_with("sip:")) return true;
  if (IsListed(policy_.schemes, UriScheme(message_.request_uri()))) return true;
  return Answer(416, message_.index().request_uri.begin,
                policy_.role == Role::kProxy ? "RFC 3261 16.3" : "RFC 3261 8.2.2.1");
}

// RFC 3261 8.2.2.3, 16.3 step 5
bool Examination::OptionsAreUnderstood() {
  if (IsAnyOf(kAckAndCancel)) return true;
  const bool is_proxy = policy_.role == Role::kProxy;
  const HeaderId id = is_proxy ? HeaderId::kProxyRequire : HeaderId::kRequire;
  if (!message_.Has(id)) return true;
  ElementsOf wanted(message_, id);
  for (std::string_view option; wanted.Next(option);) {
    if (IsListed(policy_.options, option)) continue;
    return Answer(420, wanted.offset(), is_proxy ? "RFC 3261 16.3" : "RFC 3261 8.2.2.3",
                  HeaderId::kUnsupported);
  }
  return true;
}

bool Examination::EncodingsAreUnderstood() {
  ElementsOf encodings(message_, HeaderId::kContentEncoding);
  for (std::string_view encoding; encodings.Next(encoding);) {
    if (EqualsIgnoreCase(encoding, "identity") || IsListed(policy_.encodings, encoding)) continue;
    return Answer(415, encodings.offset(), "RFC 3261 8.2.3", HeaderId::kAcceptEncoding);
  }
  return true;
}

bool Examination::LanguagesAreUnderstood() {
  ElementsOf languages(message_, HeaderId::kContentLanguage);
  for (std::string_view language; languages.Next(language);) {
    if (policy_.languages.empty() || IsLanguageAmong(policy_.languages, language)) continue;
    return Answer(415, languages.offset(), "RFC 3261 8.2.3", HeaderId::kAcceptLanguage);
  }
  return true;
}

// RFC 3261 8.2.3
bool Examination::BodyIsUnderstood() {
  if (message_.body().empty()) return true;
  // 20.11: what is optional may be ignored.
  ContentDisposition disposition = {.type = "session"};
  const auto value = message_.First(HeaderId::kContentDisposition);
  if (value && ParseContentDisposition(*value, disposition).ok() &&
      HandlingOf(disposition) == Handling::kOptional) {
    return true;
  }
  if (message_.body().size() > policy_.body_bytes_max) {
    return Answer(413, message_.index().body.begin, "RFC 3261 21.4.11");
  }
  if (message_.Has(HeaderId::kContentEncoding) && !EncodingsAreUnderstood()) return false;
  MediaType type;
  const std::string_view text = message_.First(HeaderId::kContentType).value_or("");
  bool is_by_parts = false;
  // 20.15: a body has a type; without one nobody knows what it is.
  if (!IsUsualType(text) &&
      (!ParseMediaType(text, type).ok() || !IsTypeListed(policy_.types, type.type, type.subtype))) {
    is_by_parts = policy_.multiparts && EqualsIgnoreCase(type.type, "multipart");
    if (!is_by_parts) return Answer(415, Begin(HeaderId::kContentType), "RFC 3261 8.2.3", HeaderId::kAccept);
    if (!PartsAreUnderstood()) return false;
  }
  if (message_.Has(HeaderId::kContentLanguage) && !LanguagesAreUnderstood()) return false;
  // RFC 5621 8.2: that of a multipart says nothing.
  if (!is_by_parts && !policy_.dispositions.empty() && !IsListed(policy_.dispositions, disposition.type)) {
    return Answer(415, Begin(HeaderId::kContentDisposition), "RFC 3261 20.11");
  }
  if (!facts_.is_undecipherable) return true;
  return Answer(493, message_.index().body.begin, "RFC 3261 21.4.27");
}

// RFC 5621 4.2, 8.2
bool Examination::PartsAreUnderstood() {
  std::array<BodyPart, 16> parts;
  const BodyChoice choice = ChooseParts(
      message_,
      {.types = policy_.types, .dispositions = policy_.dispositions, .encodings = policy_.encodings}, parts);
  const std::uint32_t begin = Begin(HeaderId::kContentType);
  switch (choice.answer) {
    case BodyAnswer::kUnderstood:
      return true;
    case BodyAnswer::kUnknownType:
      return Answer(415, begin, "RFC 5621 8.2", HeaderId::kAccept);
    case BodyAnswer::kUnknownEncoding:
      return Answer(415, begin, "RFC 5621 8.2", HeaderId::kAcceptEncoding);
    case BodyAnswer::kUnknownDisposition:
      return Answer(415, begin, "RFC 5621 8.2");
    case BodyAnswer::kMalformed:
      break;
  }
  Answer(ResponseCodeFor(choice.error.code), message_.index().body.begin, "RFC 2046 5.1");
  verdict_.reason = ParseCodeText(choice.error.code);
  return false;
}

// RFC 3261 8.2.4
bool Examination::PeerHasWhatIsNeeded() {
  for (std::string_view rest = policy_.needed_options; !rest.empty();) {
    const std::string_view option = TakeListed(rest);
    if (HasToken(message_, HeaderId::kSupported, option) || HasToken(message_, HeaderId::kRequire, option)) {
      continue;
    }
    return Answer(421, Begin(HeaderId::kSupported), "RFC 3261 8.2.4", HeaderId::kRequire);
  }
  return true;
}

// RFC 3261 10.3: an address-of-record is a SIP or SIPS URI (RFC 4475 3.3.4).
bool Examination::RegistersAnAddress() {
  if (policy_.role != Role::kRegistrar || message_.method() != Method::kRegister) return true;
  NameAddr to;
  const std::string_view value = message_.First(HeaderId::kTo).value_or("");
  if (ParseNameAddr(value, to, nullptr).ok() && ParseSipUri(to.uri)) return true;
  Answer(400, Begin(HeaderId::kTo), "RFC 3261 10.3");
  verdict_.reason = ParseCodeText(ParseCode::kBadTo);
  return false;
}

// RFC 3261 21.4.7, 20.1: an INVITE whose Accept has none of our types cannot be answered with a body. No
// Accept stands for application/sdp.
bool Examination::AnswerIsWanted() {
  if (message_.method() != Method::kInvite || !message_.Has(HeaderId::kAccept)) return true;
  ElementsOf ranges(message_, HeaderId::kAccept);
  std::string_view range;
  while (ranges.Next(range)) {
    for (std::string_view rest = policy_.types; !rest.empty();) {
      const std::string_view type = TakeListed(rest);
      const std::size_t slash = type.find('/');
      if (slash == std::string_view::npos) continue;
      if (IsInRange(range, Trim(type.substr(0, slash)), Trim(type.substr(slash + 1)))) return true;
    }
  }
  return Answer(406, Begin(HeaderId::kAccept), "RFC 3261 21.4.7");
}

// RFC 3261 16.3 step 3
bool Examination::HasHopsLeft() {
  if (MaxForwardsOf(message_) > 0) return true;
  if (message_.method() == Method::kOptions && policy_.answers_last_hop_options) return true;
  return Answer(483, Begin(HeaderId::kMaxForwards), "RFC 3261 16.3");
}

}  // namespace

Verdict VerdictOf(const MessageView& message, ParseError error, const ElementPolicy& policy,
                  const MessageFacts& facts) {
  return Examination(message, policy, facts).Run(error);
}

bool HasSeveralVias(const MessageView& response) {
  const MessageIndex& index = response.index();
  const std::size_t first = response.PlaceOfFirst(HeaderId::kVia), count = response.header_count();
  if (first == count) return false;
  // As nearly every response has: one line, which the parser has read to its end.
  const bool is_one_line = response.PlaceOfNext(HeaderId::kVia, first) == count;
  if (is_one_line && index.top_via.text.size == index.headers[first].value.size) return false;
  ElementsOf vias(response, HeaderId::kVia);
  std::string_view element;
  return vias.Next(element) && vias.Next(element);
}

void WriteAnswerHeader(const Verdict& verdict, const MessageView& message, const ElementPolicy& policy,
                       ValueWriter& value) {
  switch (verdict.header) {
    case HeaderId::kAllow:
      return value.Text(policy.methods);
    case HeaderId::kAccept:
      return value.Text(policy.types);
    case HeaderId::kAcceptEncoding:
      return value.Text(policy.encodings);
    case HeaderId::kAcceptLanguage:
      return value.Text(policy.languages);
    case HeaderId::kRequire:
      return value.Text(policy.needed_options);
    case HeaderId::kUnsupported: {
      const bool is_proxy = policy.role == Role::kProxy;
      ElementsOf wanted(message, is_proxy ? HeaderId::kProxyRequire : HeaderId::kRequire);
      for (std::string_view option; wanted.Next(option);) {
        if (IsListed(policy.options, option)) continue;
        if (value.room() < option.size() + 2) return;
        if (value.needed() > 0) value.Literal(", ");
        value.Token(option);
      }
      return;
    }
    default:
      return;
  }
}

bool IsFieldNeeded(HeaderId id, Method method, const ElementPolicy& policy, std::string_view* clause) {
  const Need* const need = NeedOf(id, method, policy);
  if (need != nullptr && clause != nullptr) *clause = need->clause;
  return need != nullptr;
}

}  // namespace sansip
