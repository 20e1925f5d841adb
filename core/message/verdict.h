// What an element does with a message that was parsed: takes it, answers it with which code, or drops it.
//
// The parser says whether a message is one; this says what follows from that and from what the element is:
// its methods, extensions, URI schemes and bodies. A pure function of the message, the element's policy and a
// few facts that only the caller knows. The order of checks is RFC 3261 8.2's for user agents and registrars
// and 16.3's for proxies; the first that fails is the answer. Authentication (401, 407, 494) and whether the
// Request-URI names somebody (404) are not judged.
//
// 8.2.2, 16.3: a malformed field is answered with 400 only if the request's processing needs the field.
#ifndef SANSIP_CORE_MESSAGE_VERDICT_H_
#define SANSIP_CORE_MESSAGE_VERDICT_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/message_view.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

enum class Role : std::uint8_t { kUserAgent, kProxy, kRegistrar };

// A list is text as the header field beside it has it, so that it is also what an answer says. Borrowed.
struct ElementPolicy {
  Role role = Role::kUserAgent;
  std::string_view methods = "INVITE, ACK, CANCEL, BYE, OPTIONS";  // Allow; a proxy takes every method
  std::string_view options = {};                                   // Supported: option tags understood
  std::string_view needed_options = {};                            // 8.2.4: 421 to a peer without one of them
  std::string_view schemes = "sip, sips";                          // of the Request-URI
  std::string_view types = "application/sdp";  // Accept: body types; "text/*" and "*/*" are understood
  bool multiparts = true;  // of whose parts those that are required are understood (RFC 5621 4.2)
  std::string_view encodings = "identity";  // Accept-Encoding
  std::string_view languages = {};          // Accept-Language; empty: all
  std::string_view dispositions = {};       // Content-Disposition; empty: all
  std::size_t body_bytes_max = 65535;       // 413 beyond
  bool answers_last_hop_options =
      false;  // 16.3: a proxy that is the recipient of OPTIONS with Max-Forwards 0
};

// What the message alone does not say.
struct MessageFacts {
  enum class Dialog : std::uint8_t {
    kNotLookedUp,
    kKnown,
    kUnknown,  // there is a To tag, and no such dialog (12.2.2)
  };
  Dialog dialog = Dialog::kNotLookedUp;
  bool has_no_transaction = false;  // CANCEL: there is nothing to cancel (9.2)
  bool is_merged = false;           // came by another way, too (8.2.2.2)
  bool is_looping = false;          // our own Via, and the same branch (16.3, step 4)
  bool is_undecipherable = false;   // the body is encrypted for somebody else (21.4.27)
  bool is_via_foreign = false;      // response: the topmost Via is not ours (18.1.2)
};

struct Verdict {
  enum class Action : std::uint8_t { kAccept, kAnswer, kDrop };
  Action action = Action::kAccept;
  int status = 0;                      // of the answer; 0: none is due
  std::string_view reason = {};        // its reason phrase (21.4.1: what is wrong)
  HeaderId header = HeaderId::kOther;  // that the answer has to carry, see WriteAnswerHeader; kOther: none
  std::uint32_t offset = 0;            // of what is at fault, in the bytes that were parsed
  std::string_view clause = {};        // "RFC 3261 8.2.2.3"; empty if accepted

  bool accepted() const { return action == Action::kAccept; }
};

// `error` is what the parser said about `message`.
[[nodiscard]] Verdict VerdictOf(const MessageView& message, ParseError error, const ElementPolicy& policy,
                                const MessageFacts& facts = {});

// RFC 3261 8.1.3.3: a response with several Vias is not for the user agent that gets it.
[[nodiscard]] bool HasSeveralVias(const MessageView& response);

// The value of Verdict::header: Unsupported of a 420 lists what of the request's Require or, for a proxy,
// Proxy-Require is not understood, as many as there is room for; the others what the policy says.
void WriteAnswerHeader(const Verdict& verdict, const MessageView& message, const ElementPolicy& policy,
                       ValueWriter& value);

// RFC 3261 8.2.2, 16.3: does an element of this role need the field to process a request of this method?
// `clause` gets where that is said.
bool IsFieldNeeded(HeaderId id, Method method, const ElementPolicy& policy,
                   std::string_view* clause = nullptr);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_VERDICT_H_
