// What the command says while it runs: JSON lines for programs (docs/json.md), or lines for people. With JSON
// stdout has nothing else; errors go to stderr either way. Every line is flushed.
#ifndef SANSIP_CLI_REPORTER_H_
#define SANSIP_CLI_REPORTER_H_

#include <array>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

#include "nlohmann/json_fwd.hpp"
#include "sansip/cli/exit_code.h"
#include "sansip/cli/option_values.h"
#include "sansip/core/base/time.h"
#include "sansip/core/transaction/counters.h"
#include "sansip/dialog/session_uuids.h"
#include "sansip/session_timer/session_timer.h"
#include "sansip/session_timer/tolerance.h"

namespace sansip::cli {

// What was agreed when a call was answered.
struct AnsweredFacts {
  int status = 200;
  std::string codec;       // "PCMU"; empty: no audio was agreed
  std::string remote_rtp;  // "127.0.0.1:17000"; empty: nowhere
  SessionTimerStatus session_timer;
  Uuid local_uuid = {}, remote_uuid = {};  // nil: there is none
};

// What was sent and heard.
struct MediaFacts {
  std::uint64_t packets_sent = 0, packets_received = 0;
  std::int64_t packets_lost = 0;
  double jitter_ms = 0, missing_ms = 0, round_trip_ms = 0;
  std::string digits;
  std::uint32_t strongest_hz = 0;  // 0: silence
  std::int32_t level_dbm0 = -127;
  std::string recorded;  // the file; empty: none
};

struct EndedFacts {
  std::string_view cause;            // one of docs/json.md
  std::string_view text;             // the same for people
  std::string_view by;               // "us", "peer", "nobody"
  std::string clause;                // "RFC 3261 15.1.2"
  int status = 0;                    // 0: none
  std::string reason;                // the phrase that came with it
  std::uint32_t retry_after = 0;     // seconds after which the peer wants to be tried again; 0: not said
  std::optional<Duration> duration;  // since it was answered
  ExitCode exit = ExitCode::kOk;
  std::optional<MediaFacts> media;
};

// What became of all session timers of a run.
struct SessionTimerTotals {
  std::uint64_t refreshes_sent = 0, refreshes_received = 0, refreshes_failed = 0, sessions_expired = 0;
  std::array<std::uint64_t, kSessionTimerTolerances> tolerated{};  // by SessionTimerTolerance
};

// What else the registrar said; empty: nothing.
struct RegisteredFacts {
  std::string_view path, service_route, pub_gruu, temp_gruu;
  bool is_outbound = false;
  std::int64_t keep_alive = 0;  // seconds between keep-alives, at most; 0: there are none
  bool is_by_stun = false;      // they are not pings
};

class Reporter {
 public:
  // `zero`: what "t" counts from. The files must outlive the reporter.
  Reporter(bool json, Instant zero, std::FILE* out, std::FILE* err);

  void Bound(Instant now, const ListenAddress& address);
  // `address`: of record. After a refresh, too.
  void Registered(Instant now, std::string_view registrar, std::string_view address, std::uint32_t expires,
                  const RegisteredFacts& facts);
  // The flow has answered its first keep-alive. `mapped`: how the peer sees it; empty: not said.
  void FlowAlive(Instant now, std::string_view registrar, std::string_view mapped);
  // `retry_in`: nullopt: not again.
  void RegistrationFailed(Instant now, std::string_view registrar, int status, std::string_view reason,
                          std::optional<Duration> retry_in);
  void Unregistered(Instant now, std::string_view registrar, int status);
  void Calling(Instant now, std::uint64_t call, bool is_incoming, std::string_view from, std::string_view to,
               std::string_view call_id);
  // A call of an earlier process goes on. `peer`: a URI.
  void Restored(Instant now, std::uint64_t call, bool is_incoming, std::string_view peer,
                std::string_view call_id, const SessionTimerStatus& timer);
  void Ringing(Instant now, std::uint64_t call, int status, std::string_view reason);
  void Pracked(Instant now, std::uint64_t call, int status);
  void Answered(Instant now, std::uint64_t call, const AnsweredFacts& facts);
  // Off: the session timer runs no longer.
  void Refreshed(Instant now, std::uint64_t call, bool by_us, const SessionTimerStatus& timer);
  // `next` kNever: no other try.
  void RefreshFailed(Instant now, std::uint64_t call, int status, Instant next, Instant end);
  void Expiring(Instant now, std::uint64_t call, SessionEndReason reason, Instant end);
  void Reinvited(Instant now, std::uint64_t call, int status, bool by_us);
  void Ended(Instant now, std::uint64_t call, const EndedFacts& facts);
  // Of what happens outside of calls: an event with these fields; `text` for people.
  void Tell(Instant now, std::uint64_t call, std::string_view event, const nlohmann::ordered_json& fields,
            std::string_view text);
  // For people only: with JSON it goes to stderr.
  void Note(Instant now, std::uint64_t call, std::string_view text);
  // `call` 0: of no call. The message says what to do.
  void Error(Instant now, std::uint64_t call, ExitCode exit, std::string_view message);
  // The last line. `status`: of the first call that was refused, 0: none was. `counters`: null where nothing
  // ran.
  void Summary(std::uint64_t calls, std::uint64_t ok, ExitCode exit, int status,
               const TransactionCounters* counters = nullptr, const SessionTimerTotals& timers = {});

 private:
  void Say(Instant now, std::uint64_t call, std::string_view text) const;
  nlohmann::ordered_json Event(Instant now, std::uint64_t call, std::string_view event) const;
  // As fields of `line`.
  void AddTimer(const SessionTimerStatus& timer, nlohmann::ordered_json& line) const;
  void Write(const nlohmann::ordered_json& line);

  bool json_;
  Instant zero_;
  std::FILE* out_;
  std::FILE* err_;
};

// One line of JSON, with what is no UTF-8 replaced, flushed.
void WriteJsonLine(std::FILE* out, const nlohmann::ordered_json& line);

}  // namespace sansip::cli

#endif  // SANSIP_CLI_REPORTER_H_
