#include "sansip/core/message/fields/feature_tag.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/fields/quoted_string.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"

namespace sansip {
namespace {

constexpr std::string_view kBaseTags[] = {"audio",   "automata", "class",       "duplex", "data",
                                          "control", "mobility", "description", "events", "priority",
                                          "methods", "schemes",  "application", "video",  "language",
                                          "type",    "isfocus",  "actor",       "text",   "extensions"};

// number = [ "+" / "-" ] 1*DIGIT [ "." 0*DIGIT ]
std::string_view TakeNumber(Cursor& cursor) {
  const std::size_t begin = cursor.offset();
  Cursor ahead = cursor;
  if (!ahead.Skip('+')) ahead.Skip('-');
  if (ahead.TakeAll(kDigit).empty()) return {};
  if (ahead.Skip('.')) ahead.TakeAll(kDigit);
  cursor = ahead;
  return cursor.Since(begin);
}

// "#" numeric-relation number, the "#" taken already.
bool TakeNumeric(Cursor& cursor, FeatureValue& value) {
  if (cursor.Skip('=')) {
    value.kind = FeatureValue::Kind::kEqual;
    value.low = TakeNumber(cursor);
    value.high = value.low;
    return !value.low.empty();
  }
  if (cursor.Skip('<')) {
    value.kind = FeatureValue::Kind::kAtMost;
    if (cursor.Skip('=')) value.high = TakeNumber(cursor);
    return !value.high.empty();
  }
  if (cursor.Skip('>')) {
    value.kind = FeatureValue::Kind::kAtLeast;
    if (cursor.Skip('=')) value.low = TakeNumber(cursor);
    return !value.low.empty();
  }
  value.kind = FeatureValue::Kind::kBetween;
  value.low = TakeNumber(cursor);
  if (!value.low.empty() && cursor.Skip(':')) value.high = TakeNumber(cursor);
  return !value.high.empty();
}

// string-value = "<" *( qdtext-no-abkt / quoted-pair ) ">"
bool TakeString(Cursor& cursor, FeatureValue& value) {
  value.kind = FeatureValue::Kind::kString;
  const std::size_t begin = cursor.offset();
  while (!cursor.AtEnd() && !cursor.At('>')) {
    if (cursor.At('<')) return false;
    cursor.Advance(cursor.At('\\') ? 2 : 1);
  }
  value.text = cursor.Since(begin);
  return cursor.Skip('>');
}

// tag-value = [ "!" ] ( token-nobang / boolean / numeric ), or a string-value.
bool TakeValue(Cursor& cursor, FeatureValue& value) {
  value = {};
  if (cursor.Skip('<')) return TakeString(cursor, value);
  value.is_negated = cursor.Skip('!');
  if (cursor.Skip('#')) return TakeNumeric(cursor, value);
  value.text = cursor.TakeAll(kToken);
  if (value.text.empty() || value.text.find('!') != std::string_view::npos) return false;
  if (IsOneOf(value.text, {"TRUE", "FALSE"})) value.kind = FeatureValue::Kind::kBoolean;
  return true;
}

// Takes the comma in front of all values but the first.
bool TakeComma(Cursor& cursor) {
  if (cursor.offset() == 0) return true;
  cursor.SkipWhiteSpace();
  const bool taken = cursor.Skip(',');
  cursor.SkipWhiteSpace();
  return taken;
}

bool IsFeatureValue(std::string_view text) {
  Cursor cursor(text);
  FeatureValue value;
  do {
    if (!TakeComma(cursor) || !TakeValue(cursor, value)) return false;
    // A string stands alone.
    if (value.kind == FeatureValue::Kind::kString) return text.front() == '<' && cursor.AtEnd();
  } while (!cursor.AtEnd());
  return true;
}

bool AsFeatureTag(const Param& param, FeatureTag& tag) {
  tag = {.name = param.name};
  if (!IsFeatureTagName(param.name)) return false;
  if (!param.has_value) return true;
  tag.value = WithoutQuotes(param.value);
  return tag.value.size() != param.value.size() && IsFeatureValue(tag.value);
}

// A number without what does not count: sign, digits before the point and behind it.
struct Decimal {
  explicit Decimal(std::string_view text) {
    if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
      is_negative = text[0] == '-';
      text.remove_prefix(1);
    }
    whole = text.substr(0, text.find('.'));
    if (whole.size() < text.size()) fraction = text.substr(whole.size() + 1);
    whole.remove_prefix(std::min(whole.find_first_not_of('0'), whole.size()));
    fraction = fraction.substr(0, fraction.find_last_not_of('0') + 1);
    // There is one zero.
    if (whole.empty() && fraction.empty()) is_negative = false;
  }

  bool is_negative = false;
  std::string_view whole;
  std::string_view fraction;
};

bool EquivalentValues(const FeatureValue& a, const FeatureValue& b) {
  if (a.kind != b.kind || a.is_negated != b.is_negated) return false;
  if (a.kind == FeatureValue::Kind::kString) return EquivalentQuotedText(a.text, b.text);
  return EqualsIgnoreCase(a.text, b.text) && CompareNumbers(a.low, b.low) == 0 &&
         CompareNumbers(a.high, b.high) == 0;
}

// The values of a tag, taken apart once.
class Values {
 public:
  explicit Values(const FeatureTag& tag) {
    FeatureValuesOf values(tag);
    FeatureValue value;
    while (values.Next(value)) {
      if (size_ == values_.size()) {
        too_many_ = true;
        return;
      }
      values_[size_++] = value;
    }
  }

  bool too_many() const { return too_many_; }
  bool AreAllIn(const Values& other) const {
    return std::all_of(values_.begin(), values_.begin() + static_cast<std::ptrdiff_t>(size_),
                       [&other](const FeatureValue& value) { return other.Has(value); });
  }

 private:
  bool Has(const FeatureValue& value) const {
    return std::any_of(values_.begin(), values_.begin() + static_cast<std::ptrdiff_t>(size_),
                       [&value](const FeatureValue& own) { return EquivalentValues(own, value); });
  }

  std::array<FeatureValue, kFeatureValuesMax> values_;
  std::size_t size_ = 0;
  bool too_many_ = false;
};

bool EquivalentParams(const Param& a, const Param& b) {
  FeatureTag tag_a;
  FeatureTag tag_b;
  if (AsFeatureTag(a, tag_a) && AsFeatureTag(b, tag_b)) return Equivalent(tag_a, tag_b);
  return a.has_value == b.has_value && EqualsIgnoreCase(a.name, b.name) &&
         EquivalentParamValues(a.value, b.value);
}

class Params {
 public:
  Params(std::string_view text, std::initializer_list<std::string_view> except) {
    Cursor cursor(text);
    Param param;
    for (bool found = true;;) {
      if (!TakeParam(cursor, param, found).ok()) return;
      if (!found) break;
      if (IsOneOf(param.name, except)) continue;
      if (size_ == params_.size()) return;
      params_[size_++] = param;
    }
    is_whole_ = cursor.AtEnd();
  }

  bool is_whole() const { return is_whole_; }
  std::size_t size() const { return size_; }
  bool AreAllIn(const Params& other) const {
    for (std::size_t i = 0; i < size_; ++i) {
      std::size_t at = 0;
      while (at < other.size_ && !EquivalentParams(params_[i], other.params_[at])) ++at;
      if (at == other.size_) return false;
    }
    return true;
  }

 private:
  std::array<Param, kParametersMax> params_;
  std::size_t size_ = 0;
  bool is_whole_ = false;
};

}  // namespace

bool IsFeatureTagName(std::string_view name) {
  if (name.empty() || name.front() != '+') {
    return std::any_of(std::begin(kBaseTags), std::end(kBaseTags),
                       [name](std::string_view tag) { return EqualsIgnoreCase(name, tag); });
  }
  name.remove_prefix(1);
  // ftag-name = ALPHA *( ALPHA / DIGIT / "!" / "'" / "." / "-" / "%" )
  if (name.empty() || !Is(kAlpha, name.front())) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return Is(kAlphanum, c) || std::string_view("!'.-%").find(c) != std::string_view::npos;
  });
}

bool FeatureTagsOf::Next(FeatureTag& tag) {
  Param param;
  for (bool found = true; TakeParam(cursor_, param, found).ok() && found;) {
    if (AsFeatureTag(param, tag)) return true;
  }
  return false;
}

bool FindFeatureTag(std::string_view parameters, std::string_view name, FeatureTag& tag) {
  FeatureTagsOf tags(parameters);
  while (tags.Next(tag)) {
    if (EqualsIgnoreCase(tag.name, name)) return true;
  }
  return false;
}

bool FeatureValuesOf::Next(FeatureValue& value) {
  return !cursor_.AtEnd() && TakeComma(cursor_) && TakeValue(cursor_, value);
}

int CompareNumbers(std::string_view a, std::string_view b) {
  const Decimal in_a(a);
  const Decimal in_b(b);
  if (in_a.is_negative != in_b.is_negative) return in_a.is_negative ? -1 : 1;
  int order = in_a.whole.compare(in_b.whole);
  if (in_a.whole.size() != in_b.whole.size()) order = in_a.whole.size() < in_b.whole.size() ? -1 : 1;
  if (order == 0) order = in_a.fraction.compare(in_b.fraction);
  return in_a.is_negative ? -order : order;
}

bool Equivalent(const FeatureTag& a, const FeatureTag& b) {
  if (!EqualsIgnoreCase(a.name, b.name)) return false;
  if (a.value == b.value) return true;
  const Values in_a(a);
  const Values in_b(b);
  return !in_a.too_many() && !in_b.too_many() && in_a.AreAllIn(in_b) && in_b.AreAllIn(in_a);
}

bool EquivalentFeatureParameters(std::string_view a, std::string_view b,
                                 std::initializer_list<std::string_view> except) {
  if (a == b) return true;
  const Params in_a(a, except);
  const Params in_b(b, except);
  return in_a.is_whole() && in_b.is_whole() && in_a.size() == in_b.size() && in_a.AreAllIn(in_b) &&
         in_b.AreAllIn(in_a);
}

}  // namespace sansip
