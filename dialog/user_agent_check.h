// Whether what the user asks for can be, and texts that are made of it. Private to dialog/user_agent*.
#ifndef SANSIP_DIALOG_USER_AGENT_CHECK_H_
#define SANSIP_DIALOG_USER_AGENT_CHECK_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "sansip/core/base/random.h"
#include "sansip/core/base/time.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/header_id.h"
#include "sansip/core/message/message_view.h"
#include "sansip/dialog/kept_text.h"
#include "sansip/dialog/user_agent.h"

namespace sansip {

// user_agent_verbs.cc: whether a draft can be, and what names are made of.
VerbError CheckRegistration(const RegistrationDraft& draft, const UserAgentLimits& limits, KeptText& scratch);
bool IsDevice(std::string_view instance, std::uint32_t reg_id, const UserAgentLimits& limits);
// `besides`: a header field of the user agent's that is the user's here.
VerbError CheckStandalone(const StandaloneDraft& draft, const UserAgentLimits& limits, KeptText& scratch,
                          HeaderId besides = HeaderId::kOther);
VerbError CheckContent(const Content& content, const UserAgentLimits& limits,
                       HeaderId besides = HeaderId::kOther);
VerbError CheckHeaders(std::span<const HeaderLine> headers, const UserAgentLimits& limits,
                       HeaderId besides = HeaderId::kOther);
bool IsAnonymous(std::string_view from);
void AssignAddress(KeptText& text, std::string_view name_addr);
bool HasControl(std::string_view text);
bool IsToken(std::string_view text);

// user_agent_callee.cc: in a list of the options, by name alone and in any case; and a media type's name.
bool IsAmong(std::string_view name, std::string_view list);
std::string_view TypeOf(std::string_view media_type);

// user_agent_register.cc: seconds of Expires, Min-Expires.
std::optional<std::uint32_t> SecondsOf(const MessageView& message, HeaderId id);
// All elements of a header field, comma separated, as many as fit.
void AssignList(const MessageView& message, HeaderId id, std::size_t bytes_max, KeptText& list,
                KeptText& scratch);

// user_agent_compositor.cc: each once.
std::string AllEvents(std::string_view events, std::string_view published);
// user_agent_notify.cc: is it one of the event packages, which are comma separated?
bool IsServed(std::string_view events, std::string_view type);

// user_agent_modify.cc: RFC 3261 14.1.
Duration GlareWait(RandomSource& random, bool owns_call_id);
// Seconds (20.33).
std::optional<std::uint32_t> RetryAfterOf(const MessageView& response);

}  // namespace sansip

#endif  // SANSIP_DIALOG_USER_AGENT_CHECK_H_
