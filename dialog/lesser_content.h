// What a request that was refused is tried again without (RFC 3261 8.1.3.5): the parts of its body, or all of
// it, that a 415 does not accept, and the extensions that a 420 does not support.
#ifndef SANSIP_DIALOG_LESSER_CONTENT_H_
#define SANSIP_DIALOG_LESSER_CONTENT_H_

#include <string_view>

#include "sansip/core/message/message_view.h"
#include "sansip/dialog/kept_content.h"
#include "sansip/dialog/kept_text.h"

namespace sansip {

// 415: of a multipart body the first part whose type is accepted is left, else nothing if `may_be_empty`.
// False: there is nothing to leave out; `content` is as it was.
bool LeaveUnaccepted(const MessageView& response, bool may_be_empty, KeptContent& content);

// 420: option tags of Require and Proxy-Require. False: none of those can be left out. RFC 3891 3, RFC 3911
// 4: Replaces and Join are not sent to whom does not know them.
bool LeaveUnsupported(const MessageView& response, KeptContent& content);

// 416; 19.1.6: the number of a tel URI as a SIP URI of this host. False: `uri` is none, and stays.
bool TelToSip(std::string_view host, KeptText& uri);

}  // namespace sansip

#endif  // SANSIP_DIALOG_LESSER_CONTENT_H_
