// The prose of --help: what the options do not say. Lines up to 100 columns.
#ifndef SANSIP_CLI_HELP_TEXT_H_
#define SANSIP_CLI_HELP_TEXT_H_

#include <string_view>

namespace sansip::cli {

inline constexpr std::string_view kVersion = "0.1.0";

inline constexpr std::string_view kDescription =
    "sansip: SIP calls with audio, from the command line.\n"
    "\n"
    "  sansip demo                                      hear and see it, nothing needed\n"
    "  sansip answer --bind udp:127.0.0.1:5070 --echo   wait for calls and echo them\n"
    "  sansip call sip:bob@127.0.0.1:5070 --tone 440 --record echo.wav --hangup-after 5s -v\n"
    "  sansip message sip:bob@127.0.0.1:5070 'See you at eight'\n"
    "  sansip register --register sip:192.0.2.1 --user bob --password-file secret\n"
    "  sansip parse message.sip                         what does it say, what is wrong with it?\n"
    "  sansip simulate --seeds 1..1000 --jobs 4         calls through a bad network, in virtual time\n"
    "  sansip ladder capture.pcap --out calls.html      draw who said what to whom";

inline constexpr std::string_view kFooter =
    "Durations have a unit: 500ms, 1.5s, 2m, 8h. Seconds of SIP header fields are bare: 1800. Each also\n"
    "takes the other's form.\n"
    "\n"
    "Exit codes:\n"
    "  0  ended normally (also after --cancel-after)\n"
    "  1  internal error, a check of the demo or an oracle failed, or a replay went another way\n"
    "  2  usage: the command line says something that cannot be\n"
    "  3  refused by the peer; the summary has the status\n"
    "  4  timed out: no response, no ACK, or the session timer expired\n"
    "  5  unreachable: no such name, no route, nobody listens\n"
    "  6  media: no audio that both sides can do\n"
    "  7  local resource: port in use, file not readable or writable, disk full\n"
    "  8  message invalid (parse), or the peer's is\n"
    "\n"
    "With --json stdout has one JSON object a line and nothing else; the last is the summary.\n"
    "Not built yet: TLS.";

inline constexpr std::string_view kCallFooter =
    "What happens:\n"
    "  The call lasts until the peer hangs up, --hangup-after has passed, or SIGTERM or SIGINT comes: then\n"
    "  BYE or CANCEL is sent and the program waits up to five seconds for its response; a second signal\n"
    "  ends it at once. At the end it waits until every request has its final response or has timed out\n"
    "  (a lost BYE is repeated for 64*T1), and lingers to repeat lost responses.\n"
    "  With --calls N it is the first call that did not end normally that decides the exit code.\n"
    "\n"
    "Examples:\n"
    "  sansip call sip:bob@192.0.2.7 --tone 440 --hangup-after 10s\n"
    "  sansip call 'sip:bob@127.0.0.1:5070;transport=tcp' --play hello.wav --record reply.wav -v\n"
    "  sansip call sip:bob@127.0.0.1:5070 --calls 100 --max-calls 10 --hangup-after 1s --json\n"
    "  sansip call sip:bob@example.com --proxy sip:192.0.2.1 --from sip:alice@example.com\n"
    "  sansip call sip:bob@127.0.0.1:5070 --session-expires 90 --refresher uac\n"
    "\n"
    "Exit codes: 0 ended normally, 1 internal, 2 usage, 3 refused, 4 timed out, 5 unreachable, 6 media,\n"
    "7 local resource, 8 invalid message. \"sansip --help\" explains them.";

inline constexpr std::string_view kOptionsFooter =
    "What happens:\n"
    "  One OPTIONS request (RFC 3261 11); its answer says what the peer allows, supports and accepts, and\n"
    "  with 486 that it is busy. Whoever challenges it gets --user and --password-file.\n"
    "\n"
    "Example:\n"
    "  sansip options sip:bob@192.0.2.7 --json\n"
    "\n"
    "Exit codes: 0 answered with 2xx, 2 usage, 3 refused, 4 timed out, 5 unreachable, 7 local resource.";

inline constexpr std::string_view kMessageFooter =
    "What happens:\n"
    "  One MESSAGE request (RFC 3428) with text/plain. A 2xx says that it has arrived, a 202 that it is on\n"
    "  its way, neither that it was read. Where the URI says no transport it goes over TCP, and over\n"
    "  UDP only if nobody takes it there. One above 1300 bytes goes over TCP, or not at all.\n"
    "  \"sansip answer\" prints the messages that it gets.\n"
    "\n"
    "Examples:\n"
    "  sansip message sip:bob@192.0.2.7 'See you at eight'\n"
    "  date | sansip message sip:bob@192.0.2.7 --file - --user al --password-file secret\n"
    "\n"
    "Exit codes: 0 answered with 2xx, 2 usage, 3 refused, 4 timed out, 5 unreachable, 7 local resource.";

inline constexpr std::string_view kReferFooter =
    "What happens:\n"
    "  One REFER (RFC 3515) outside of calls; the NOTIFYs that follow say how far the peer has got. A phone\n"
    "  may ask somebody, or refuse: \"sansip answer\" takes REFERs within calls only.\n"
    "\n"
    "Example:\n"
    "  sansip refer sip:bob@192.0.2.7 --refer-to sip:carol@192.0.2.8 --user al --password-file secret\n"
    "\n"
    "Exit codes: 0 the peer reached it with 2xx, 2 usage, 3 refused by either, 4 timed out or unknown,\n"
    "5 unreachable, 7 local resource.";

inline constexpr std::string_view kSubscribeFooter =
    "What happens:\n"
    "  SUBSCRIBE (RFC 6665), refreshed before it ends, and again where the notifier asks for that. Bodies\n"
    "  of NOTIFY are printed as they are. A signal unsubscribes, waits up to five seconds and exits with 0.\n"
    "  A failure before the first NOTIFY ends the program.\n"
    "\n"
    "Examples:\n"
    "  sansip subscribe sip:bob@192.0.2.7 --event presence --accept application/pidf+xml\n"
    "  sansip subscribe sip:100@192.0.2.1 --event message-summary --once --user 100 --json\n"
    "\n"
    "Exit codes: 0 ended normally or by a signal, 2 usage, 3 refused, 4 timed out, 5 unreachable, 7 local\n"
    "resource.";

inline constexpr std::string_view kAnswerFooter =
    "What happens:\n"
    "  Any user part is answered, with 200 at once or after --ring-for; OPTIONS too. It runs until SIGTERM\n"
    "  or SIGINT, or until the N-th call of --calls has ended. A signal ends what is open with BYE or 480,\n"
    "  waits up to five seconds for the responses and exits with 0; a second one ends it at once.\n"
    "  Calls refused with 486 for --max-calls are not counted by --calls.\n"
    "  With --require-auth whoever is not in --users gets 401, with --auth-from whoever speaks in another's\n"
    "  name 403; -v shows that, --json and --trace do not.\n"
    "\n"
    "Examples:\n"
    "  sansip answer --bind udp:127.0.0.1:5070 --echo\n"
    "  sansip answer --bind udp:0.0.0.0:5060 --bind tcp:0.0.0.0:5060 --play hello.wav --record in.wav\n"
    "  sansip answer --bind udp:127.0.0.1:0 --once --ring-for 2s --hangup-after 10s --json\n"
    "  sansip answer --require-auth example.com --users users --echo\n"
    "\n"
    "Exit codes: 0 ended normally or by a signal, 1 internal, 2 usage, 4 timed out, 6 media, 7 local\n"
    "resource. \"sansip --help\" explains them.";

inline constexpr std::string_view kRegisterFooter =
    "What happens:\n"
    "  The address sip:USER@HOST[:PORT], or --from, is bound to where this program listens. Before the\n"
    "  binding ends it is refreshed; after a failure that may pass (no response, 5xx) it is tried again,\n"
    "  after 15 to 30 s and then ever more slowly, up to half an hour. SIGTERM or SIGINT removes it. What\n"
    "  belongs to calls is ignored; calls that come in get 486. With --reg-id a flow that the registrar\n"
    "  binds is kept alive: by pings over TCP, by STUN over UDP; one that fails is registered anew.\n"
    "\n"
    "Examples:\n"
    "  sansip register --register sip:192.0.2.1 --user bob --password-file secret\n"
    "  SANSIP_PASSWORD=secret sansip register --register 'sip:example.com;transport=tcp' --user bob --once\n"
    "  sansip register --register sip:192.0.2.1 --user bob --password-file secret --query\n"
    "\n"
    "Exit codes: 0 registered and ended by a signal or --once, 2 usage, 3 refused, 4 timed out,\n"
    "5 unreachable, 7 local resource. \"sansip --help\" explains them.";

inline constexpr std::string_view kParseFooter =
    "Prints the message field by field and exits with 0; or tells all that is wrong with it, up to twenty\n"
    "problems, and exits with 8: offset, the line with a caret, the rule and the RFC clause, what was\n"
    "expected and what was found, what a receiver does and how to repair it. Deviations that are tolerated\n"
    "are listed.\n"
    "\n"
    "Examples:\n"
    "  sansip parse invite.sip\n"
    "  printf 'OPTIONS sip:a SIP/2.0\\r\\n\\r\\n' | sansip parse -\n"
    "  sansip parse --json invite.sip | jq .message.headers\n"
    "\n"
    "Exit codes: 0 well formed, 2 usage, 7 the file cannot be read, 8 invalid.";

inline constexpr std::string_view kSimulateFooter =
    "What happens:\n"
    "  Production user agents call one another over a simulated network, under a virtual clock that jumps\n"
    "  from event to event. A seed picks every option that no flag fixes; all are printed. After the calls\n"
    "  the network heals, and everything must come to its end. Oracles watch every message, timer and\n"
    "  action: retransmission gaps, an ACK per final, one final per transaction, CSeq, branches, honest\n"
    "  deadlines, session expiry, both sides told. The same seed is the same run, on any machine.\n"
    "  When an oracle speaks, the run's schedule is written to seed-N.schedule: a text of what the network\n"
    "  did. --shrink shortens it to a few lines, --scenario runs it again, as it is or as you change it.\n"
    "\n"
    "Examples:\n"
    "  sansip simulate --seed 7\n"
    "  sansip simulate --seeds 1..100000 --jobs 8 --shrink\n"
    "  sansip simulate --seed 7 --calls 1 --duration 24h --session-expires 1800 --loss 0.1 --html day.html\n"
    "  sansip simulate --seeds 1..500 --parties 8 --calls 100 --reorder --duplicate=0.2 --delay 80ms\n"
    "  sansip simulate --scenario seed-7.schedule --html seed-7.html\n"
    "\n"
    "Exit codes: 0 no oracle spoke, 1 one did, 2 usage, 7 a file cannot be read or written, 8 the scenario\n"
    "is no schedule.";

inline constexpr std::string_view kReplayFooter =
    "The user agent of the recording is made anew and given the same inputs at the same times with the same\n"
    "random numbers; what comes of each must be the same to the last bit. Draws the ladder, and stops at "
    "the\n"
    "first difference: after a change of the stack it shows where it began to act otherwise. A recording\n"
    "that broke off is played to its last input: what a program died of is met again.\n"
    "\n"
    "Examples:\n"
    "  sansip call sip:bob@127.0.0.1:5070 --trace call.trace --hangup-after 2s\n"
    "  sansip replay call.trace\n"
    "\n"
    "Exit codes: 0 the same, 1 a difference, 2 usage, 7 the file cannot be read, 8 it is no trace.";

inline constexpr std::string_view kLadderFooter =
    "Captures: pcap and pcapng, of Ethernet, Linux cooked, loopback and raw IP, IPv4 and IPv6, SIP over UDP\n"
    "and TCP. Everything that is no SIP is left out; so are what was cut off by a snapshot length and\n"
    "fragments, which are counted. A trace has also what the user asked for and was told.\n"
    "\n"
    "Examples:\n"
    "  sansip ladder call.trace\n"
    "  tcpdump -w calls.pcap port 5060; sansip ladder calls.pcap --lines 200\n"
    "  sansip ladder calls.pcap --out calls.html\n"
    "\n"
    "Exit codes: 0 drawn, 2 usage, 7 a file cannot be read or written, 8 neither a trace nor a capture.";

inline constexpr std::string_view kDemoFooter =
    "Two agents in this process call each other over loopback, hear a tone for three seconds and check it;\n"
    "then the same agents hold an eight-hour call in virtual time through 10 % loss. Prints both ladders,\n"
    "writes demo.wav (what was heard) and demo.html (what happened), and prints their paths.\n"
    "\n"
    "Exit codes: 0 all checks held, 1 one did not, 7 a file cannot be written.";

}  // namespace sansip::cli

#endif  // SANSIP_CLI_HELP_TEXT_H_
