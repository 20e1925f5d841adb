// The bindings of an address of record, as a registrar's 2xx lists them: all that there are, whoever made
// them (RFC 3261 10.3 8; RFC 5626 6, 5627 4.2).
//
// Views are of the message. An element that cannot be read is left out.
#ifndef SANSIP_DIALOG_LISTED_BINDINGS_H_
#define SANSIP_DIALOG_LISTED_BINDINGS_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "sansip/core/message/fields/contact.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/message_view.h"

namespace sansip {

struct ListedBinding {
  std::string_view uri = {};            // of any scheme
  std::uint32_t expires = 0;            // seconds that are left
  std::optional<std::uint16_t> q = {};  // thousandths
  std::string_view instance = {};       // RFC 5626 4.1: a URN; empty: none
  std::string_view reg_id = {};         // empty: not of an outbound flow
  std::string_view pub_gruu = {};       // URIs, as they are written; empty: none
  std::string_view temp_gruu = {};
};

class ListedBindings {
 public:
  // `expires` holds where neither the element nor the message's Expires says anything.
  explicit ListedBindings(const MessageView& response, std::uint32_t expires = kContactExpiresDefault);
  [[nodiscard]] bool Next(ListedBinding& binding);

 private:
  ElementsOf elements_;
  std::uint32_t expires_;
};

}  // namespace sansip

#endif  // SANSIP_DIALOG_LISTED_BINDINGS_H_
