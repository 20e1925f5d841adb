// tel URIs (RFC 3966 3, with errata 203 and 4376): a view of a telephone number and the comparison of
// section 4.
//
//   telephone-subscriber = global-number / local-number
//
// A telephone-subscriber is also what the user part of a SIP URI with user=phone is (phone_user.h). There the
// characters that a user part cannot hold are escaped ("#" in a number, ":" in a value), so an escape that
// stands for a digit, letter or separator of a number is read as that character, here and there.
#ifndef SANSIP_CORE_URI_TEL_URI_H_
#define SANSIP_CORE_URI_TEL_URI_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sansip/core/text/cursor.h"
#include "sansip/core/uri/sip_uri.h"

namespace sansip {

struct TelUri {
  bool is_global = false;            // begins with "+" (RFC 3966 5.1.4)
  std::string_view number = {};      // "+1-201-555-0123": "+" and visual separators included
  std::string_view parameters = {};  // ";ext=7;phone-context=...", from the first ';' on
};

// A whole tel URI; `fault` is the offset at which the text stopped being one. A local number without
// phone-context is none (5.1.5), nor is one that names a parameter twice (3), has both isub and ext (5.3) or
// more than kUriComponentsMax parameters.
bool ParseTelUri(std::string_view text, TelUri& tel, std::size_t& fault);
// What follows "tel:"; phone-context may be missing: 911 is dialled without, and in the user part of a SIP
// URI the host says whose number it is.
bool ParseTelephoneSubscriber(std::string_view text, TelUri& tel, std::size_t& fault);
// "tel:" telephone-subscriber, phone-context missing or not: what CheckUri() asks of a tel URI.
bool CheckTelUri(std::string_view text, std::size_t& fault);

// The value of a parameter: nullopt if absent, "" if it has none. Names are case-insensitive.
std::optional<std::string_view> TelParameter(const TelUri& tel, std::string_view name);

// RFC 3966 5.4: a number with a mandatory parameter ("m-...") that is not understood must not be used. The
// name of the first one, phone-context aside; empty if there is none.
std::string_view MandatoryTelParameter(const TelUri& tel);

// RFC 3966 4: visual separators, case and the order of parameters do not count; a parameter that one side
// lacks does.
bool EquivalentTelUris(const TelUri& a, const TelUri& b);

struct TelParam {
  std::string_view name;
  std::string_view value;
  bool has_value = false;
  std::uint64_t name_hash = 0;  // FoldedHash()
};

// In which order parameters are written, so that equivalent numbers become the same text.
enum class TelOrder : std::uint8_t {
  kTel,      // RFC 3966 3: isub or ext, phone-context, the others by name
  kSipUser,  // RFC 3261 19.1.6: the same with postd behind isub
};

// The parameters of a number, taken apart once.
class TelParams {
 public:
  // False where the text stops being parameters of `tel`: the cursor stands there.
  bool Take(const TelUri& tel, Cursor& cursor);
  void Sort(TelOrder order);

  std::size_t size() const { return size_; }
  const TelParam& operator[](std::size_t i) const { return params_[i]; }
  const TelParam* Find(std::string_view name) const;  // null if there is none

 private:
  std::array<TelParam, kUriComponentsMax> params_;
  std::size_t size_ = 0;
};

}  // namespace sansip

#endif  // SANSIP_CORE_URI_TEL_URI_H_
