// quoted-string and display-name (RFC 3261 25.1): out of arbitrary text and back.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_QUOTED_STRING_H_
#define SANSIP_CORE_MESSAGE_FIELDS_QUOTED_STRING_H_

#include <string>
#include <string_view>

namespace sansip {

// A quoted-string that stands for `text`: quotation marks and backslashes escaped. CR and LF, which nothing
// in a header field can stand for, become a space each; other control characters are escaped.
std::string Quote(std::string_view text);

// A display-name that stands for `text`: as it is if it is tokens and single spaces, quoted otherwise; empty
// for empty text.
std::string QuoteDisplayName(std::string_view text);

// What a quoted-string or a display-name stands for; text without quotes comes back as it is.
std::string Unquote(std::string_view text);

// What may stand between the quotation marks of a quoted-string: text, quoted-pairs and folding.
bool IsQuotedText(std::string_view text);

// Two of those that stand for the same text: "a\b" is "ab", and white space is one space, however it folds
// (RFC 3261 25.1). Case counts (7.3.1).
bool EquivalentQuotedText(std::string_view a, std::string_view b);

// Without the quotation marks around it, if there are any; escapes stay.
std::string_view WithoutQuotes(std::string_view text);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_QUOTED_STRING_H_
