#include <array>

#include "sansip/rtp/sdp/description.h"

namespace sansip::sdp {
namespace {

struct Entry {
  Rule rule;
  std::string_view text, clause;
};

// In the order of the enum.
constexpr std::array kEntries = {
    Entry{Rule::kNone, "nothing is wrong", ""},
    Entry{Rule::kTooLong, "the description is too long", "limit"},
    Entry{Rule::kTooManyLines, "the description has too many lines", "limit"},
    Entry{Rule::kTooManyMedia, "the description has too many m= lines", "limit"},
    Entry{Rule::kEmpty, "the description is empty", "RFC 8866 9"},
    Entry{Rule::kLineEnd, "a line does not end with CRLF", "RFC 8866 5"},
    Entry{Rule::kNul, "a line holds NUL", "RFC 8866 5"},
    Entry{Rule::kLineForm, "a line is not of the form <type>=<value>", "RFC 8866 5"},
    Entry{Rule::kUnknownType, "the type of the line is not known", "RFC 8866 5"},
    Entry{Rule::kOrder, "the line may not stand here, or not twice", "RFC 8866 9"},
    Entry{Rule::kMissingVersion, "v= is missing", "RFC 8866 5.1"},
    Entry{Rule::kMissingOrigin, "o= is missing", "RFC 8866 5.2"},
    Entry{Rule::kMissingName, "s= is missing", "RFC 8866 5.3"},
    Entry{Rule::kMissingTime, "t= is missing", "RFC 8866 5.9"},
    Entry{Rule::kMissingConnection, "neither the session nor this m= has a c=", "RFC 8866 5.7"},
    Entry{Rule::kVersion, "v= is not 0", "RFC 8866 5.1"},
    Entry{Rule::kOrigin, "o= is malformed", "RFC 8866 5.2"},
    Entry{Rule::kName, "s= is empty", "RFC 8866 5.3"},
    Entry{Rule::kInformation, "i= is empty", "RFC 8866 5.4"},
    Entry{Rule::kUri, "u= is malformed", "RFC 8866 5.5"},
    Entry{Rule::kEmail, "e= is empty", "RFC 8866 5.6"},
    Entry{Rule::kPhone, "p= is empty", "RFC 8866 5.6"},
    Entry{Rule::kConnection, "c= is malformed", "RFC 8866 5.7"},
    Entry{Rule::kBandwidth, "b= is malformed", "RFC 8866 5.8"},
    Entry{Rule::kTime, "t= is malformed", "RFC 8866 5.9"},
    Entry{Rule::kRepeat, "r= is malformed", "RFC 8866 5.10"},
    Entry{Rule::kZone, "z= is malformed", "RFC 8866 5.11"},
    Entry{Rule::kKey, "k= is malformed", "RFC 8866 5.12"},
    Entry{Rule::kAttribute, "a= is malformed", "RFC 8866 5.13"},
    Entry{Rule::kMedia, "m= is malformed", "RFC 8866 5.14"},
    Entry{Rule::kPort, "the port of m= is malformed", "RFC 8866 5.14"},
    Entry{Rule::kPayloadType, "a format of m= is no payload type", "RFC 8866 8.2.3"},
    Entry{Rule::kTooManyFormats, "the m= line has too many formats", "limit"},
};

constexpr bool IsInOrder() {
  for (std::size_t i = 0; i < kEntries.size(); ++i) {
    if (static_cast<std::size_t>(kEntries[i].rule) != i) return false;
  }
  return kEntries.size() == static_cast<std::size_t>(Rule::kTooManyFormats) + 1;
}
static_assert(IsInOrder());

}  // namespace

std::string_view RuleText(Rule rule) { return kEntries[static_cast<std::size_t>(rule)].text; }
std::string_view RuleClause(Rule rule) { return kEntries[static_cast<std::size_t>(rule)].clause; }

}  // namespace sansip::sdp
