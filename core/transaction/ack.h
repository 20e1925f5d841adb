// The two requests that repeat an INVITE's top Via, and with it its branch: the ACK to a 300-699
// (RFC 3261 17.1.1.3) and the CANCEL (9.1).
#ifndef SANSIP_CORE_TRANSACTION_ACK_H_
#define SANSIP_CORE_TRANSACTION_ACK_H_

#include <string_view>

#include "sansip/core/message/writer.h"

namespace sansip {

// Of an INVITE as it was sent, what its ACK and CANCEL repeat, and for those two alone: few calls want
// either. Values are as they were sent, well formed or not.
struct SentInvite {
  std::string_view request_uri;
  std::string_view via;     // the top one, without what follows its comma
  std::string_view branch;  // of it
  std::string_view from, to, call_id, cseq;
  std::string_view lines;  // all header lines, for the Route among them
};

// False if a line cannot be told from the next, or one of these is missing or the Via malformed: no Writer
// wrote that.
[[nodiscard]] bool ReadSentInvite(std::string_view wire, SentInvite& invite);

// `to`: the To of the response that is acknowledged.
void WriteAck(const SentInvite& invite, std::string_view to, Writer& writer);
void WriteCancel(const SentInvite& invite, Writer& writer);

}  // namespace sansip

#endif  // SANSIP_CORE_TRANSACTION_ACK_H_
