// What a user agent has at a registrar (RFC 3261 10.2). Private to dialog/user_agent*.
#ifndef SANSIP_DIALOG_USER_AGENT_BINDING_H_
#define SANSIP_DIALOG_USER_AGENT_BINDING_H_

#include <cstddef>
#include <cstdint>

#include "sansip/core/auth/digest_client.h"
#include "sansip/core/base/ids.h"
#include "sansip/core/base/time.h"
#include "sansip/dialog/kept_text.h"
#include "sansip/dialog/redirect_targets.h"
#include "sansip/dialog/registration.h"
#include "sansip/dialog/user_agent_call.h"

namespace sansip {

// An address of record and what binds us to it.
struct Binding {
  Registration machine;
  Cookie cookie;
  DialogId seed;  // what REGISTERs are made of: its target is the registrar, the Call-ID stays (10.2)
  DigestClient auth;
  OutgoingId outgoing;            // nil: none
  std::uint32_t retry_after = 0;  // of the last response, seconds
  std::uint32_t open = 0;         // requests not gone
  Instant ask_until = kNever;     // while the user looks for credentials
  FlowId flow;                    // of an outbound registration: that of the last 2xx
  Instant flow_failed = kNever;   // when, while that is not dealt with
  KeptText registrar;             // where every new REGISTER begins, wherever the last one was redirected
  RedirectTargets targets;        // of the REGISTER under way
  std::size_t redirects = 0;
  KeptText contact_user, contact;
  KeptText more_contacts;    // of the user's, comma separated
  KeptText instance;         // RFC 5626 4.1, a URN; empty: none
  std::uint32_t reg_id = 0;  // 0: not outbound
  KeptText push;             // RFC 8599: parameters of the Contact's URI
  bool removes_all = false;  // 10.2.2: the last REGISTER has the Contact "*"
  bool is_plain = false;     // after a 439: registered without outbound (RFC 5626 4.2.1)
  bool was_listed = false;   // the registrar lists our contact as we write it

  // Of the last 2xx, comma separated.
  KeptText service_route;  // RFC 3608
  KeptText path;           // RFC 3327
  // Of the last 2xx.
  bool is_outbound = false;      // RFC 5626 6: the registrar has bound the flow
  std::uint32_t flow_timer = 0;  // RFC 5626 4.4, seconds; 0: none
  KeptText pub_gruu, temp_gruu;  // RFC 5627 4.2, URIs
  // RFC 8599, of a Contact with `push`: the provider that is asked to wake us, a name for our dialogs, and
  // how long before the end of the binding a refresh is wanted, in seconds; empty and 0: not said.
  KeptText push_service, push_purr;
  std::uint32_t push_lead = 0;

  void Reset();
};

}  // namespace sansip

#endif  // SANSIP_DIALOG_USER_AGENT_BINDING_H_
