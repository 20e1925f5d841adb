#include "sansip/rtp/sdp/description.h"

namespace sansip::sdp {
namespace {

struct Entry {
  std::string_view text, clause;
};

constexpr Entry EntryOf(Rule rule) {
  switch (rule) {
    case Rule::kNone:
      return {"nothing is wrong", ""};
    case Rule::kTooLong:
      return {"the description is too long", "limit"};
    case Rule::kTooManyLines:
      return {"the description has too many lines", "limit"};
    case Rule::kTooManyMedia:
      return {"the description has too many m= lines", "limit"};
    case Rule::kTooManyFormats:
      return {"the m= line has too many formats", "limit"};
    case Rule::kEmpty:
      return {"the description is empty", "RFC 8866 9"};
    case Rule::kLineEnd:
      return {"a line does not end with CRLF", "RFC 8866 5"};
    case Rule::kNul:
      return {"a line holds NUL", "RFC 8866 5"};
    case Rule::kLineForm:
      return {"a line is not of the form <type>=<value>", "RFC 8866 5"};
    case Rule::kUnknownType:
      return {"the type of the line is not known", "RFC 8866 5"};
    case Rule::kOrder:
      return {"the line may not stand here, or not twice", "RFC 8866 9"};
    case Rule::kMissingVersion:
      return {"v= is missing", "RFC 8866 5.1"};
    case Rule::kMissingOrigin:
      return {"o= is missing", "RFC 8866 5.2"};
    case Rule::kMissingName:
      return {"s= is missing", "RFC 8866 5.3"};
    case Rule::kMissingTime:
      return {"t= is missing", "RFC 8866 5.9"};
    case Rule::kMissingConnection:
      return {"neither the session nor this m= has a c=", "RFC 8866 5.7"};
    case Rule::kVersion:
      return {"v= is not 0", "RFC 8866 5.1"};
    case Rule::kOrigin:
      return {"o= is malformed", "RFC 8866 5.2"};
    case Rule::kName:
      return {"s= is empty", "RFC 8866 5.3"};
    case Rule::kInformation:
      return {"i= is empty", "RFC 8866 5.4"};
    case Rule::kUri:
      return {"u= is malformed", "RFC 8866 5.5"};
    case Rule::kEmail:
      return {"e= is empty", "RFC 8866 5.6"};
    case Rule::kPhone:
      return {"p= is empty", "RFC 8866 5.6"};
    case Rule::kConnection:
      return {"c= is malformed", "RFC 8866 5.7"};
    case Rule::kBandwidth:
      return {"b= is malformed", "RFC 8866 5.8"};
    case Rule::kTime:
      return {"t= is malformed", "RFC 8866 5.9"};
    case Rule::kRepeat:
      return {"r= is malformed", "RFC 8866 5.10"};
    case Rule::kZone:
      return {"z= is malformed", "RFC 8866 5.11"};
    case Rule::kKey:
      return {"k= is malformed", "RFC 8866 5.12"};
    case Rule::kAttribute:
      return {"a= is malformed", "RFC 8866 5.13"};
    case Rule::kMedia:
      return {"m= is malformed", "RFC 8866 5.14"};
    case Rule::kPort:
      return {"the port of m= is malformed", "RFC 8866 5.14"};
    case Rule::kPayloadType:
      return {"a format of m= is no payload type", "RFC 8866 8.2.3"};
  }
  return {};
}

}  // namespace

std::string_view RuleText(Rule rule) { return EntryOf(rule).text; }
std::string_view RuleClause(Rule rule) { return EntryOf(rule).clause; }

}  // namespace sansip::sdp
