#include "sansip/cli/options.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string_view>

#include "CLI/CLI.hpp"
#include "fmt/core.h"
#include "sansip/cli/add_option.h"
#include "sansip/cli/exit_code.h"
#include "sansip/cli/help_formatter.h"
#include "sansip/cli/help_text.h"
#include "sansip/cli/required_credentials.h"
#include "sansip/cli/simulator_options.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/uri/sip_uri.h"

namespace sansip::cli {
namespace {

bool ReadTimer(std::string_view text, Duration& value, std::string& why) {
  if (!ReadDuration(text, value, why)) return false;
  if (value >= std::chrono::milliseconds(1) && value <= std::chrono::hours(1)) return true;
  why = fmt::format("\"{}\" is outside 1ms to 1h", text);
  return false;
}

bool ReadCount(std::string_view text, std::optional<std::uint64_t>& value, std::string& why) {
  return ReadNumber(text, 1, 1'000'000'000, value.emplace(), why);
}

bool ReadCallsAtOnce(std::string_view text, std::size_t& value, std::string& why) {
  std::uint64_t number = 0;
  if (!ReadNumber(text, 1, 10'000, number, why)) return false;
  value = number;
  return true;
}

bool ReadTone(std::string_view text, std::optional<std::uint32_t>& value, std::string& why) {
  std::uint64_t number = 0;
  if (text.ends_with("Hz")) text.remove_suffix(2);
  if (!ReadNumber(text, 50, 3800, number, why)) return false;
  value = static_cast<std::uint32_t>(number);
  return true;
}

bool ReadMinSe(std::string_view text, std::uint32_t& value, std::string& why) {
  if (!ReadSeconds(text, value, why)) return false;
  if (value >= kSessionIntervalMin) return true;
  why = fmt::format("{} is below {} seconds, the least that RFC 4028 allows", value, kSessionIntervalMin);
  return false;
}

bool ReadRefresher(std::string_view text, Refresher& value, std::string& why) {
  if (text == "uac") value = Refresher::kUac;
  if (text == "uas") value = Refresher::kUas;
  if (text == "uac" || text == "uas") return true;
  why = fmt::format("\"{}\" is neither uac nor uas", text);
  return false;
}

bool ReadRefreshMethod(std::string_view text, RefreshMethod& value, std::string& why) {
  if (text == "reinvite") value = RefreshMethod::kReinvite;
  if (text == "update") value = RefreshMethod::kUpdate;
  if (text == "reinvite" || text == "update") return true;
  why = fmt::format("\"{}\" is neither reinvite nor update", text);
  return false;
}

bool ReadReliability(std::string_view text, ReliableProvisionals& value, std::string& why) {
  if (text == "no") value = ReliableProvisionals::kNo;
  if (text == "supported") value = ReliableProvisionals::kSupported;
  if (text == "required") value = ReliableProvisionals::kRequired;
  if (text == "no" || text == "supported" || text == "required") return true;
  why = fmt::format("\"{}\" is none of no, supported and required", text);
  return false;
}

bool ReadProxy(std::string_view text, std::string& uri, std::string& why) {
  if (!ReadTarget(text, uri, why)) return false;
  // RFC 3261 16.12: a loose router, which leaves the Request-URI alone.
  if (uri.find(";lr") == std::string::npos) uri += ";lr";
  return true;
}

bool ReadRegistrar(std::string_view text, std::string& uri, std::string& why) {
  if (!ReadTarget(text, uri, why)) return false;
  const std::optional<SipUri> parsed = ParseSipUri(uri);
  if (parsed && !parsed->has_user && parsed->headers.empty()) return true;
  why = fmt::format("\"{}\" is not the URI of a registrar: it has no user (RFC 3261 10.2); see --user", text);
  return false;
}

bool ReadPasswordFile(std::string_view path, std::optional<std::string>& password, std::string& why) {
  std::ifstream file{std::string(path)};
  if (std::getline(file, password.emplace())) return true;
  why = fmt::format("\"{}\" cannot be read, or is empty: the password is its first line", path);
  return false;
}

void AddOutput(CLI::App& app, OutputOptions& output) {
  app.add_flag("--json", output.json, "Events as JSON lines on stdout, all else on stderr (docs/json.md)")
      ->group("Output");
  app.add_flag("-v,--verbose", output.verbose, "Draw the ladder of messages on stderr while it happens")
      ->group("Output");
  app.add_option("--trace", output.trace_path,
                 "Record every input and action as JSON lines, to be replayed; created with mode 0600")
      ->type_name("FILE")
      ->group("Output");
}

void AddAddresses(CLI::App& app, AgentOptions& agent) {
  const auto listen = [](const std::string& text, std::vector<ListenAddress>& value, std::string& why) {
    return ReadListenAddress(text, value.emplace_back(), why);
  };
  const std::string group = "Addresses";
  app.add_option_function<std::vector<std::string>>(
         "--bind",
         [&agent, listen](const std::vector<std::string>& given) {
           std::string why;
           for (const std::string& text : given) {
             if (!listen(text, agent.listen, why)) throw CLI::ValidationError("--bind", why);
           }
         },
         agent.is_caller
             ? "Where to send from and listen, as udp:127.0.0.1:5080 or tcp:[::1]:5080; port 0 is any "
               "free one; udp listens on tcp too. Repeatable. Default: udp, any port, on the address "
               "that reaches the peer"
             : "Where to listen, as udp:127.0.0.1:5080 or tcp:[::1]:5080; port 0 is any free one. "
               "Udp listens on tcp too. Repeatable. Default: udp:0.0.0.0:5060")
      ->type_name("TRANSPORT:ADDRESS:PORT")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->group(group);
  const auto user = [&agent](const std::string& text, std::string& value, std::string& why) {
    agent.is_user_given = true;
    return ReadUser(text, value, why);
  };
  Add(app, "--user", "NAME", agent.user, user, "The user of From and Contact. Default: sansip")->group(group);
  Add(app, "--from", "URI", agent.from, ReadIdentity, "The From URI, instead of sip:USER@ADDRESS")
      ->group(group);
  Add(app, "--proxy", "URI", agent.proxy, ReadProxy, "Send by way of this proxy: a Route with ;lr")
      ->group(group);
}

void AddPassword(CLI::App& app, AgentOptions& agent);

bool ReadInstance(std::string_view text, std::string& value, std::string& why) {
  const bool is_urn = text.size() > 4 && EqualsIgnoreCase(text.substr(0, 4), "urn:") &&
                      text.find_first_of(" \t\"<>") == std::string_view::npos;
  if (!is_urn)
    why = fmt::format("\"{}\" is no URN; urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6 is one", text);
  value = text;
  return is_urn;
}

bool ReadRegId(std::string_view text, std::uint32_t& value, std::string& why) {
  std::uint64_t number = 0;
  if (!ReadNumber(text, 1, 0x7fffffff, number, why)) return false;
  value = static_cast<std::uint32_t>(number);
  return true;
}

bool ReadStunUse(std::string_view text, StunUse& value, std::string& why) {
  if (text == "auto") {
    value = StunUse::kAuto;
  } else if (text == "strict") {
    value = StunUse::kStrict;
  } else if (text == "off") {
    value = StunUse::kOff;
  } else {
    why = fmt::format("\"{}\" is none of auto, strict and off", text);
    return false;
  }
  return true;
}

void AddAccount(CLI::App& app, AgentOptions& agent) {
  const std::string group = "Account";
  auto* registrar =
      Add(app, "--register", "URI", agent.registrar, ReadRegistrar,
          "Register sip:USER@HOST at this registrar, sip:HOST or sip:HOST:PORT; refresh while the "
          "program runs, remove at its end");
  registrar->group(group);
  if (agent.registers_only) {
    registrar->required();
    app.add_flag_callback(
           "--query", [&agent] { agent.task = AgentTask::kBindings; },
           "Only ask what is bound to the address, by whomever, and end (RFC 3261 10.2.3)")
        ->group(group);
  }
  Add(app, "--expires", "SECONDS", agent.register_expires, ReadSeconds,
      "How long to register for; the registrar may say less. Default: 3600")
      ->group(group);
  Add(app, "--instance", "URN", agent.instance, ReadInstance,
      "Name this device, as urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6: its new bindings "
      "take the place of its old ones, and the registrar may give it a GRUU (RFC 5626, 5627)")
      ->group(group);
  Add(app, "--reg-id", "N", agent.reg_id, ReadRegId,
      "Register this flow, from 1, for outbound (RFC 5626): requests come back over the connection made "
      "here. "
      "Without --instance the device is named by a UUID of this machine and account")
      ->group(group);
  Add(app, "--stun", "MODE", agent.stun, ReadStunUse,
      "Keep such a flow over UDP alive by STUN: strict: where none answers, or our address has changed, the "
      "flow has failed and is registered anew; auto: but where the first is never answered, go on without; "
      "off. Default: auto")
      ->group(group);
  AddPassword(app, agent);
}

void AddPassword(CLI::App& app, AgentOptions& agent) {
  const std::string group = "Account";
  if (const char* const password = std::getenv("SANSIP_PASSWORD"); password != nullptr && *password != 0) {
    agent.password = password;
  }
  Add(app, "--password-file", "FILE", agent.password, ReadPasswordFile,
      "Whoever challenges is answered with --user and the first line of this file. Default: the environment "
      "variable SANSIP_PASSWORD, if it is not empty")
      ->group(group);
}

void AddMedia(CLI::App& app, MediaChoice& media) {
  const std::string group = "Media";
  auto* play = app.add_option("--play", media.play_path,
                              "Play this sound file, again and again until the call ends; never hangs up");
  play->type_name("FILE.wav")->group(group);
  auto* tone = Add(app, "--tone", "HZ", media.tone_hz, ReadTone, "Play a tone of 50 to 3800 Hz");
  tone->group(group)->excludes(play);
  auto* echo = app.add_flag("--echo", media.echo, "Send back what is received");
  echo->group(group)->excludes(play)->excludes(tone);
  app.add_option(
         "--record", media.record_path,
         "Record what is received: 16-bit mono, 8000 Hz. The second call goes to FILE-2.wav, and so on")
      ->type_name("FILE.wav")
      ->group(group);
  Add(app, "--rtp-ports", "MIN-MAX", media.ports, ReadPortRange,
      "UDP ports of RTP and RTCP, two for each call. Default: 17000-17999")
      ->group(group);
}

// A text of a file, or of the standard input.
bool ReadTextFile(std::string_view path, std::string& value, std::string& why) {
  std::ifstream file;
  if (path != "-") file.open(std::string(path), std::ios::binary);
  std::istream& in = path == "-" ? std::cin : file;
  value.assign(std::istreambuf_iterator<char>(in), {});
  if (in.bad() || (path != "-" && !file.is_open())) why = fmt::format("cannot read {}", path);
  return why.empty();
}

bool ReadScriptFile(std::string_view path, CallScript& value, std::string& why) {
  std::string text;
  if (!ReadTextFile(path, text, why)) return false;
  if (ReadCallScript(text, value, why)) return true;
  why = fmt::format("{}: {}", path, why);
  return false;
}

void AddCourse(CLI::App& app, AgentOptions& agent) {
  const std::string group = "Course of a call";
  Add(app, "--hangup-after", "DURATION", agent.hangup_after, ReadOptionalDuration,
      "BYE this long after the ACK. Without it the peer ends the call")
      ->group(group);
  Add(app, "--reinvite-after", "DURATION", agent.reinvite_after, ReadOptionalDuration,
      "A re-INVITE that turns the order of codecs around, this long after the ACK")
      ->group(group);
  app.add_flag("--update", agent.update, "That by UPDATE, where the peer allows it (RFC 3311)")->group(group);
  auto* transfer = Add(app, "--transfer-after", "DURATION", agent.transfer_after, ReadOptionalDuration,
                       "REFER the peer to --transfer-to this long after the ACK (RFC 5589)");
  auto* target = Add(app, "--transfer-to", "URI", agent.refer_to, ReadTarget, "Whom the peer is to call");
  transfer->group(group)->needs(target);
  target->group(group)->needs(transfer);
  app.add_flag_callback(
         "--no-refer", [&agent] { agent.takes_refer = false; },
         "Do not call whom the peer of a call refers to (RFC 3515)")
      ->group(group);
  app.add_flag("--replaces", agent.takes_replaces,
               "Answer INVITEs that take the place of a call, whoever sends them (RFC 3891)")
      ->group(group);
  Add(app, "--100rel", "no|supported|required", agent.reliable_provisionals, ReadReliability,
      "Reliable provisional responses (RFC 3262). Default: no")
      ->group(group);
  app.add_flag("--session-id", agent.session_id,
               "Name the session from end to end in every message (RFC 7989); --json has both UUIDs")
      ->group(group);
  Add(app, "--script", "FILE", agent.script, ReadScriptFile,
      "Do in each call what this file says: lines like \"2s hold\", 2s after the ACK (docs/call_scripts.md)")
      ->group(group);
  if (agent.is_caller) {
    Add(app, "--cancel-after", "DURATION", agent.cancel_after, ReadOptionalDuration,
        "CANCEL if there is no answer this long after the start")
        ->group(group);
    app.add_flag("--late-offer", agent.late_offer, "INVITE without SDP: the callee offers, the ACK answers")
        ->group(group);
    app.add_flag_callback(
           "--no-redirect", [&agent] { agent.follow_redirects = false; },
           "Do not follow a 3xx: it refuses the call. Else up to five are followed")
        ->group(group);
    Add(app, "--calls", "N", agent.calls, ReadCount, "Place N calls, each when there is room. Default: 1")
        ->group(group);
    Add(app, "--max-calls", "N", agent.calls_at_once, ReadCallsAtOnce, "At most N calls at once. Default: 1")
        ->group(group);
    return;
  }
  Add(app, "--ring-for", "DURATION", agent.ring_for, ReadOptionalDuration,
      "180 at once and 200 this long after the INVITE. Without it 200 at once")
      ->group(group);
  auto* calls = Add(app, "--calls", "N", agent.calls, ReadCount, "End after N calls in all");
  calls->group(group);
  app.add_flag_callback(
         "--once", [&agent] { agent.registers_only ? agent.once = true : (agent.calls = 1).has_value(); },
         agent.registers_only ? "End after the first final response and leave the binding"
                              : "The same as --calls 1")
      ->group(group)
      ->excludes(calls);
  Add(app, "--max-calls", "N", agent.calls_at_once, ReadCallsAtOnce,
      "At most N calls at once, 486 Busy Here beyond. Default: 1000")
      ->group(group);
}

void AddSipTimers(CLI::App& app, AgentOptions& agent) {
  const std::string group = "SIP timers (RFC 3261 17)";
  Add(app, "--t1", "DURATION", agent.timers.t1, ReadTimer,
      "Round trip estimate; timeouts are 64 times it. "
      "Default: 500ms")
      ->group(group);
  Add(app, "--t2", "DURATION", agent.timers.t2, ReadTimer, "Longest retransmission gap. Default: 4s")
      ->group(group);
  Add(app, "--t4", "DURATION", agent.timers.t4, ReadTimer,
      "Longest life of a message in the network. Default: 5s")
      ->group(group);
  Add(app, "--linger", "DURATION", agent.linger, ReadOptionalDuration,
      "At the end stay this long to repeat responses that were lost. Default: 500ms over UDP, 0 over TCP")
      ->group(group);
}

void AddTimers(CLI::App& app, AgentOptions& agent) {
  const std::string group = "Session timer (RFC 4028)";
  SessionTimerWish& wish = agent.session_timer;
  auto* expires = Add(app, "--session-expires", "SECONDS", wish.session_expires, ReadMinSe,
                      "Session interval. Default: 1800");
  expires->group(group);
  Add(app, "--min-se", "SECONDS", wish.min_se, ReadMinSe,
      "The least interval accepted, 90 or more. Default: 90")
      ->group(group);
  Add(app, "--refresher", "uac|uas", wish.refresher, ReadRefresher,
      agent.is_caller ? "Who shall refresh, written into the INVITE"
                      : "Who shall refresh, where the INVITE leaves the choice")
      ->group(group);
  Add(app, "--refresh-method", "reinvite|update", wish.method, ReadRefreshMethod,
      "How to refresh; update needs a peer that allows it. Default: update")
      ->group(group);
  app.add_flag_callback(
         "--no-session-timer", [&wish] { wish.enabled = false; },
         "Ask for none, grant none; one that the peer's answer imposes is kept (RFC 4028 7.1, 7.2)")
      ->group(group);

  app.final_callback([&wish, expires] {
    if (wish.session_expires >= wish.min_se) return;
    if (expires->count() > 0) throw CLI::ValidationError("--session-expires", "less than --min-se");
    wish.session_expires = wish.min_se;
  });

  AddSipTimers(app, agent);
}

void AddAgentOptions(CLI::App& app, AgentOptions& agent) {
  AddAddresses(app, agent);
  AddAccount(app, agent);
  AddMedia(app, agent.media);
  AddCourse(app, agent);
  AddTimers(app, agent);
  AddOutput(app, agent.output);
  app.add_option("--state", agent.state_path,
                 "Keep what is up in this file, and go on with what it holds: calls and the registration "
                 "outlive the program's death. Bind the same address again; created with mode 0600")
      ->type_name("FILE")
      ->excludes(app.get_option("--trace"))
      ->group("Output");
}

void AddCall(CLI::App& app, AgentOptions& agent) {
  CLI::App* call = app.add_subcommand("call", "Call a SIP URI, with audio");
  agent.is_caller = true;
  Add(*call, "URI", "", agent.target, ReadTarget, "Whom to call: sip:bob@192.0.2.1:5070;transport=tcp")
      ->required();
  AddAgentOptions(*call, agent);
  call->footer(std::string(kCallFooter));
}

bool ReadEvent(std::string_view text, std::string& value, std::string& why) {
  const bool is_token = !text.empty() && text.find_first_of(" ,\t\r\n\"<>@:/[]?=") == std::string_view::npos;
  if (!is_token) why = fmt::format("\"{}\" is no event package; presence or message-summary is one", text);
  value = text;
  return is_token;
}

bool ReadEvents(std::string_view text, std::string& value, std::string& why) {
  value = text;
  std::string event;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    if (!ReadEvent(text.substr(at, end - at), event, why)) return false;
    at = end + 1;
  }
  return true;
}

void AddAnswer(CLI::App& app, AgentOptions& agent) {
  CLI::App* answer = app.add_subcommand("answer", "Answer calls, with audio, until SIGTERM");
  agent.calls_at_once = 1000;
  AddAgentOptions(*answer, agent);
  AddRequiredCredentials(*answer, agent.required);
  Add(*answer, "--publish-events", "PACKAGE[,...]", agent.published_events, ReadEvents,
      "Keep the states that peers publish of these packages, such as presence, and tell them to whoever "
      "subscribes (RFC 3903, RFC 6665)")
      ->group("Events (RFC 3903, RFC 6665)");
  answer->footer(std::string(kAnswerFooter));
}

void AddRegister(CLI::App& app, AgentOptions& agent) {
  CLI::App* command = app.add_subcommand("register", "Register an address and keep it, until SIGTERM");
  agent.registers_only = true;
  // What belongs to calls is understood and means nothing here.
  AddAgentOptions(*command, agent);
  command->footer(std::string(kRegisterFooter));
}

bool ReadAccept(std::string_view text, std::string& value, std::string& why) {
  const bool is_list = text.find('/') != std::string_view::npos && text.find_first_of("\r\n") == text.npos;
  if (!is_list) why = fmt::format("\"{}\" is no list of media types like application/pidf+xml", text);
  value = text;
  return is_list;
}

// A command for one thing outside of calls.
CLI::App* AddTask(CLI::App& app, AgentOptions& agent, AgentTask task, const std::string& name,
                  const std::string& what, std::string_view footer) {
  CLI::App* command = app.add_subcommand(name, what);
  agent.task = task;
  agent.is_caller = true;
  agent.calls = 0;
  Add(*command, "URI", "", agent.target, ReadTarget, "Whom to ask: sip:bob@192.0.2.1:5070;transport=tcp")
      ->required();
  AddAddresses(*command, agent);
  AddPassword(*command, agent);
  AddSipTimers(*command, agent);
  AddOutput(*command, agent.output);
  command->footer(std::string(footer));
  return command;
}

void AddMessage(CLI::App& app, AgentOptions& agent) {
  CLI::App* command =
      AddTask(app, agent, AgentTask::kMessage, "message", "Send a text to a SIP URI", kMessageFooter);
  auto* text = command->add_option("TEXT", agent.text, "What to say")->type_name("");
  auto* file =
      Add(*command, "--file", "FILE", agent.text, ReadTextFile, "Say what this file holds; - is stdin");
  text->excludes(file);
  command->final_callback([text, file] {
    if (text->count() + file->count() == 0)
      throw CLI::ValidationError("TEXT", "nothing to say: or --file FILE");
  });
}

void AddRefer(CLI::App& app, AgentOptions& agent) {
  CLI::App* command = AddTask(app, agent, AgentTask::kRefer, "refer",
                              "Ask a SIP URI to call another, and hear how that went", kReferFooter);
  Add(*command, "--refer-to", "URI", agent.refer_to, ReadTarget, "Whom it is to call")->required();
}

void AddSubscribe(CLI::App& app, AgentOptions& agent) {
  CLI::App* command =
      AddTask(app, agent, AgentTask::kSubscribe, "subscribe",
              "Subscribe to an event package and print every NOTIFY, until SIGTERM", kSubscribeFooter);
  const std::string group = "Subscription (RFC 6665)";
  Add(*command, "--event", "NAME", agent.event, ReadEvent, "presence, message-summary, dialog, reg ...")
      ->required()
      ->group(group);
  Add(*command, "--accept", "TYPES", agent.event_accept, ReadAccept,
      "Body types, comma separated. Default: the package's own")
      ->group(group);
  Add(*command, "--expires", "SECONDS", agent.event_expires, ReadSeconds,
      "How long; the notifier may say less. 0: the state once. Default: 3600")
      ->group(group);
  command->add_flag("--once", agent.once, "End after the first NOTIFY")->group(group);
}

void AddParse(CLI::App& app, ParseOptions& options) {
  CLI::App* parse = app.add_subcommand("parse", "Say what a SIP message says, or what is wrong with it");
  parse->add_option("FILE", options.path, "A file that holds one message; - is the standard input")
      ->type_name("")
      ->required();
  parse->add_flag("--json", options.json, "One JSON line (docs/json.md)");
  parse->add_flag("--strict", options.strict, "Tolerate nothing that RFC 3261 does not");
  parse->add_flag("--stream", options.stream, "As over TCP: Content-Length is required");
  parse->add_flag("--lf", options.accept_lf, "Lines may end in LF alone, as editors write them");
  parse->footer(std::string(kParseFooter));
}

void AddDemo(CLI::App& app, DemoOptions& options) {
  CLI::App* demo =
      app.add_subcommand("demo", "Hear and see it: a call over loopback, and eight hours of one");
  demo->add_option("--out", options.out,
                   "Where to write demo.wav and demo.html. Default: $BUILD_WORKING_DIRECTORY, else here")
      ->type_name("DIR");
  demo->add_flag("--json", options.json, "The figures as JSON lines on stdout (docs/json.md)");
  demo->footer(std::string(kDemoFooter));
}

Command CommandNamed(std::string_view name) {
  if (name == "call") return Command::kCall;
  if (name == "answer") return Command::kAnswer;
  if (name == "register") return Command::kRegister;
  if (name == "options" || name == "message" || name == "subscribe" || name == "refer") return Command::kTask;
  if (name == "parse") return Command::kParse;
  if (name == "simulate") return Command::kSimulate;
  if (name == "replay") return Command::kReplay;
  if (name == "ladder") return Command::kLadder;
  return Command::kDemo;
}

}  // namespace

CommandLine ReadCommandLine(int argc, const char* const* argv) {
  CommandLine line;
  AgentOptions call_options, answer_options, register_options;
  AgentOptions options_options, message_options, subscribe_options, refer_options;
  CLI::App app{std::string(kDescription), "sansip"};
  app.set_version_flag("--version", std::string(kVersion), "Print the version and exit");
  app.set_help_flag("-h,--help", "Print this help and exit; sansip COMMAND --help has the options of each");
  app.footer(std::string(kFooter));
  app.require_subcommand(1);
  app.formatter(std::make_shared<HelpFormatter>());
  AddCall(app, call_options);
  AddAnswer(app, answer_options);
  AddRegister(app, register_options);
  AddTask(app, options_options, AgentTask::kOptions, "options", "Ask a SIP URI what it can do",
          kOptionsFooter);
  AddMessage(app, message_options);
  AddSubscribe(app, subscribe_options);
  AddRefer(app, refer_options);
  AddParse(app, line.parse);
  AddDemo(app, line.demo);
  AddSimulate(app, line.simulate);
  AddReplay(app, line.replay);
  AddLadder(app, line.ladder);

  line.json = std::any_of(argv, argv + argc, [](std::string_view word) { return word == "--json"; });
  const auto chosen = [&app]() -> CLI::App* {
    const auto parsed = app.get_subcommands();
    return parsed.empty() ? nullptr : parsed.front();
  };
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    line.text = chosen() == nullptr ? app.help() : chosen()->help("sansip");
    return line;
  } catch (const CLI::CallForVersion&) {
    line.text = fmt::format("sansip {}\n", kVersion);
    return line;
  } catch (const CLI::ParseError& error) {
    const std::string command = chosen() == nullptr ? "sansip" : "sansip " + chosen()->get_name();
    const bool is_unknown = chosen() == nullptr && argc > 1 && argv[1][0] != '-';
    const std::string why =
        is_unknown ? fmt::format(
                         "there is no command \"{}\", only call, answer, register, "
                         "options, message, subscribe, refer, parse, demo, simulate, replay and ladder",
                         argv[1])
                   : error.what();
    line.text = fmt::format("{}: {}\nTry \"{} --help\".\n", command, why, command);
    if (argc <= 1) line.text = app.help();
    line.exit = static_cast<int>(ExitCode::kUsage);
    return line;
  }
  line.command = CommandNamed(chosen()->get_name());
  line.agent = line.command == Command::kCall       ? call_options
               : line.command == Command::kRegister ? register_options
                                                    : answer_options;
  if (line.agent.task == AgentTask::kBindings) {
    line.agent.target = line.agent.registrar;
    line.agent.is_caller = true;
    line.agent.calls = 0;
  }
  if (line.command == Command::kTask) {
    const std::string name = chosen()->get_name();
    line.agent = name == "options"   ? options_options
                 : name == "message" ? message_options
                 : name == "refer"   ? refer_options
                                     : subscribe_options;
  }
  return line;
}

}  // namespace sansip::cli
