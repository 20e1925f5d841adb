// --script FILE: what to do in each call, and when. A line is a time, a verb and what it needs:
//
//   start+500ms ring 183       after the INVITE
//   start+2s    answer
//   1s          dtmf 12#       after the ACK
//   3s          hold
//   6s          resume
//   # a comment
#ifndef SANSIP_CLI_CALL_SCRIPT_H_
#define SANSIP_CLI_CALL_SCRIPT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/base/time.h"

namespace sansip::cli {

enum class ScriptVerb : std::uint8_t {
  kRing,      // STATUS, 101 to 199; 180 without
  kAnswer,    // 200
  kRefuse,    // STATUS, 300 to 699; 486 without
  kHold,      // a re-INVITE with a=sendonly
  kResume,    // with a=sendrecv
  kReinvite,  // that changes nothing
  kUpdate,    // the same by UPDATE (RFC 3311)
  kMove,      // the same from other RTP ports (RFC 3264 8.3.1)
  kDtmf,      // KEYS (RFC 4733)
  kInfo,      // TYPE TEXT (RFC 6086)
  kMessage,   // TEXT, within the dialog (RFC 3428)
  kHangUp,    // CANCEL, BYE or 480
};
std::string_view ScriptVerbName(ScriptVerb verb);

struct ScriptStep {
  Duration after = {};
  ScriptVerb verb = ScriptVerb::kHangUp;
  int status = 0;
  std::string type, text;
  std::size_t line = 0;
};

// Each by time; equal times in the order of the lines.
struct CallScript {
  static constexpr std::size_t kStepsMax = 1000;

  std::vector<ScriptStep> after_start, after_ack;

  // It says itself what a callee responds.
  bool responds() const;
};

// False: `why` names the line.
bool ReadCallScript(std::string_view text, CallScript& script, std::string& why);

}  // namespace sansip::cli

#endif  // SANSIP_CLI_CALL_SCRIPT_H_
