// Replaces and Join (RFC 3891 6.1, RFC 3911 7.1): the dialog that a new INVITE takes the place of, or joins.
// And Target-Dialog (RFC 4538 7): that the sender of a request outside of it knows of.
//
//   callid *( SEMI ( to-tag / from-tag / early-flag / generic-param ) )
//   callid *( SEMI ( remote-param / local-param / generic-param ) )
//
// Without exactly one of each tag it is kBadParameter or kRepeatedParameter.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_REPLACES_H_
#define SANSIP_CORE_MESSAGE_FIELDS_REPLACES_H_

#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

struct Replaces {
  std::string_view call_id = {};
  std::string_view to_tag = {};    // the local tag at the element that receives it
  std::string_view from_tag = {};  // and the remote one
  bool early_only = false;
  std::string_view parameters = {};  // all of them, as parsed
};

[[nodiscard]] ParseError ParseReplaces(std::string_view value, Replaces& replaces);
void Write(const Replaces& replaces, ValueWriter& value);
bool Equivalent(const Replaces& a, const Replaces& b);

struct Join {
  std::string_view call_id = {};
  std::string_view to_tag = {};
  std::string_view from_tag = {};
  std::string_view parameters = {};  // all of them, as parsed
};

[[nodiscard]] ParseError ParseJoin(std::string_view value, Join& join);
void Write(const Join& join, ValueWriter& value);
bool Equivalent(const Join& a, const Join& b);

struct TargetDialog {
  std::string_view call_id = {};
  std::string_view local_tag = {};   // at the element that receives it
  std::string_view remote_tag = {};  // likewise
  std::string_view parameters = {};  // all of them, as parsed
};

[[nodiscard]] ParseError ParseTargetDialog(std::string_view value, TargetDialog& target);
void Write(const TargetDialog& target, ValueWriter& value);
bool Equivalent(const TargetDialog& a, const TargetDialog& b);

// Is it the dialog with this Call-ID and these tags, as its owner has them (RFC 3891 3, RFC 3911 4)? A tag of
// "0" is also that of a peer that has none, an RFC 2543 one.
bool NamesDialog(const Replaces& replaces, std::string_view call_id, std::string_view local_tag,
                 std::string_view remote_tag);
bool NamesDialog(const Join& join, std::string_view call_id, std::string_view local_tag,
                 std::string_view remote_tag);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_REPLACES_H_
