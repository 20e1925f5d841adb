// The two requests that repeat an INVITE's top Via, and with it its branch: the ACK to a 300-699
// (RFC 3261 17.1.1.3) and the CANCEL (9.1).
#ifndef SANSIP_CORE_TRANSACTION_ACK_H_
#define SANSIP_CORE_TRANSACTION_ACK_H_

#include <string_view>

#include "sansip/core/message/message_view.h"
#include "sansip/core/message/writer.h"

namespace sansip {

// `invite` as it was sent; `to`: the To of the response that is acknowledged.
void WriteAck(const MessageView& invite, std::string_view to, Writer& writer);
void WriteCancel(const MessageView& invite, Writer& writer);

}  // namespace sansip

#endif  // SANSIP_CORE_TRANSACTION_ACK_H_
