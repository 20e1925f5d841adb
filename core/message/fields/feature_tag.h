// Feature parameters (RFC 3840 9 feature-param): what a UA can do, among the parameters of Contact, Accept-
// Contact and Reject-Contact.
//
//   enc-feature-tag [ EQUAL LDQUOT ( tag-value-list / string-value ) RDQUOT ]
//
// A tag is one of the base tags ("audio", "methods" ...) or begins with "+". A parameter with such a name but
// another form of value is no feature parameter; the grammar of those fields lets it pass as any other.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_FEATURE_TAG_H_
#define SANSIP_CORE_MESSAGE_FIELDS_FEATURE_TAG_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "sansip/core/text/cursor.h"

namespace sansip {

struct FeatureTag {
  std::string_view name = {};  // as written: "audio", "+sip.instance"
  // Between the quotation marks. RFC 3840 5: a tag without value is "TRUE".
  std::string_view value = "TRUE";
};

// The feature parameters of ";q=0.5;audio;+sip.x=\"a,!b\"" text, in order.
class FeatureTagsOf {
 public:
  explicit FeatureTagsOf(std::string_view parameters) : cursor_(parameters) {}
  [[nodiscard]] bool Next(FeatureTag& tag);  // false at the end

 private:
  Cursor cursor_;
};

bool IsFeatureTagName(std::string_view name);
// The first of this name, in any case; false if there is none.
[[nodiscard]] bool FindFeatureTag(std::string_view parameters, std::string_view name, FeatureTag& tag);

// One of the values of a tag, of which one has to hold.
struct FeatureValue {
  enum class Kind : std::uint8_t {
    kToken,    // text, in any case
    kBoolean,  // text is "TRUE" or "FALSE", in any case
    kEqual,    // "#=low"
    kAtLeast,  // "#>=low"
    kAtMost,   // "#<=high"
    kBetween,  // "#low:high"
    kString,   // "<text>", escapes kept; case counts
  };
  Kind kind = Kind::kToken;
  bool is_negated = false;  // "!": any value but this one
  std::string_view text = {};
  std::string_view low = {};  // numbers as written, see CompareNumbers()
  std::string_view high = {};
};

// The values of a tag that FeatureTagsOf found. White space around the commas is not counted, though it
// should not be there.
class FeatureValuesOf {
 public:
  explicit FeatureValuesOf(const FeatureTag& tag) : cursor_(tag.value) {}
  [[nodiscard]] bool Next(FeatureValue& value);  // false at the end

 private:
  Cursor cursor_;
};

// Below, at or above zero as the number a is below, equal to or above b. Numbers are [ "+" / "-" ] 1*DIGIT
// [ "." *DIGIT ], of any length and compared exactly.
int CompareNumbers(std::string_view a, std::string_view b);

// The same name and the same values, in any order. A tag has at most kFeatureValuesMax values to be compared;
// beyond, two are equivalent only if they are the same bytes.
inline constexpr std::size_t kFeatureValuesMax = 64;
bool Equivalent(const FeatureTag& a, const FeatureTag& b);

// Parameters of which some are feature parameters: these compare as above, the others by
// EquivalentParamValues(); in any order, those of the names of `except` left out. Lists of more than
// kParametersMax, or malformed, are equivalent only if they are the same bytes.
bool EquivalentFeatureParameters(std::string_view a, std::string_view b,
                                 std::initializer_list<std::string_view> except = {});

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_FEATURE_TAG_H_
