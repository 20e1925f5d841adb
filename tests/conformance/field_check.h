// What a step says about a field of a message, a line each:
//   Call-ID as INVITE         the same as in that message (or a field of it: "To.tag as INVITE.From.tag")
//   Via.branch not as INVITE  another one
//   CSeq.number follows INVITE    greater by one
//   CSeq = 1 INVITE, Require contains timer, Via.branch begins z9hG4bK, Retry-After within 0..10
//   Contact present, Require absent, Allow lacks PRACK
//   Supported only timer 100rel, Via before To
#ifndef SANSIP_TESTS_CONFORMANCE_FIELD_CHECK_H_
#define SANSIP_TESTS_CONFORMANCE_FIELD_CHECK_H_

#include <string>
#include <string_view>

#include "sansip/tests/conformance/peer.h"
#include "sansip/tests/conformance/wire_message.h"

namespace sansip::conformance {

// Empty: it holds.
std::string FieldFault(const WireMessage& message, std::string_view check, Peer& peer);

}  // namespace sansip::conformance

#endif  // SANSIP_TESTS_CONFORMANCE_FIELD_CHECK_H_
