// What the command line asks for, as data, and how it is read (CLI11). Every value is checked here: what
// comes out can be used.
#ifndef SANSIP_CLI_OPTIONS_H_
#define SANSIP_CLI_OPTIONS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sansip/cli/call_script.h"
#include "sansip/cli/option_values.h"
#include "sansip/cli/required_credentials.h"
#include "sansip/cli/simulator_options.h"
#include "sansip/core/base/time.h"
#include "sansip/core/transaction/timers.h"
#include "sansip/dialog/user_agent_options.h"
#include "sansip/session_timer/negotiation.h"

namespace sansip::cli {

// What is the same for all that makes or takes calls.
struct OutputOptions {
  bool json = false;
  bool verbose = false;    // the ladder on stderr
  std::string trace_path;  // empty: none
};

struct MediaChoice {
  PortRange ports;
  std::string play_path;  // at most one of play, tone and echo
  std::optional<std::uint32_t> tone_hz;
  bool echo = false;
  std::string record_path;
};

// What it is there for.
enum class AgentTask { kCalls, kOptions, kMessage, kSubscribe, kRefer, kBindings };

// Keep-alives over UDP, of a flow that the registrar has bound (RFC 5626 4.4.2).
enum class StunUse : std::uint8_t {
  kAuto,    // given up where a peer refuses or does not answer the first
  kStrict,  // each that fails is a failed flow, as the RFC has it
  kOff,
};

struct AgentOptions {
  AgentTask task = AgentTask::kCalls;
  bool is_caller = false;
  std::string target;  // caller: the URI to call
  std::vector<ListenAddress> listen;
  std::string user = "sansip";
  bool is_user_given = false;
  std::string from;       // empty: made of user and domain
  std::string proxy;      // empty: none; with ;lr
  std::string registrar;  // the Request-URI of REGISTER; empty: none
  std::uint32_t register_expires = 3600;
  std::string instance;      // RFC 5626 4.1, a URN; empty: none
  std::uint32_t reg_id = 0;  // 0: not outbound; without instance: DeviceInstance()
  StunUse stun = StunUse::kAuto;
  std::optional<std::string> password;  // for user and whatever realm asks
  RequiredCredentials required;         // of `sansip answer`
  bool registers_only = false;          // `sansip register`
  bool once = false;                    // of it: until the first final response; of subscribe: NOTIFY
  std::string text;                     // of `sansip message`
  std::string event, event_accept;      // of `sansip subscribe`
  std::uint32_t event_expires = 3600;
  std::string refer_to;  // of `sansip refer`, and of --transfer-after
  MediaChoice media;

  std::optional<Duration> hangup_after, reinvite_after, transfer_after, cancel_after, ring_for;
  CallScript script;                   // empty: none
  std::optional<std::uint64_t> calls;  // in all; caller: 1, callee: no end
  std::size_t calls_at_once = 1;
  bool late_offer = false;
  bool follow_redirects = true;
  std::string published_events;  // of `sansip answer`: packages; empty: none
  bool takes_refer = true, takes_replaces = false, session_id = false;
  ReliableProvisionals reliable_provisionals = ReliableProvisionals::kNo;
  bool update = false;  // a re-offer goes by UPDATE where the peer allows it
  SessionTimerWish session_timer;
  TimerValues timers;
  std::optional<Duration> linger;
  std::string state_path;  // empty: none
  OutputOptions output;
};

struct ParseOptions {
  std::string path = {};  // "-": standard input
  bool json = false;
  bool strict = false;
  bool stream = false;
  bool accept_lf = false;
};

struct DemoOptions {
  std::string out;  // empty: $BUILD_WORKING_DIRECTORY, else the current directory
  bool json = false;
};

enum class Command { kNone, kCall, kAnswer, kRegister, kTask, kParse, kDemo, kSimulate, kReplay, kLadder };

struct CommandLine {
  Command command = Command::kNone;
  AgentOptions agent;
  ParseOptions parse;
  DemoOptions demo;
  SimulateOptions simulate;
  ReplayOptions replay;
  LadderOptions ladder;
  // kNone: nothing is left to do but to print this text (help or version to stdout, an error to stderr) and
  // to exit with this code.
  std::string text;
  int exit = 0;
  bool json = false;
};

CommandLine ReadCommandLine(int argc, const char* const* argv);

}  // namespace sansip::cli

#endif  // SANSIP_CLI_OPTIONS_H_
