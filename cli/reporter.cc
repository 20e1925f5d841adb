#include "sansip/cli/reporter.h"

#include <array>
#include <cmath>
#include <utility>

#include "fmt/core.h"
#include "nlohmann/json.hpp"
#include "sansip/cli/print.h"

namespace sansip::cli {
namespace {

using Json = nlohmann::ordered_json;

double Seconds(Duration duration) { return std::round(static_cast<double>(duration.count()) / 1e6) / 1e3; }

double Rounded(double value) { return std::round(value * 10) / 10; }

std::string MediaText(const MediaFacts& media) {
  std::string text = fmt::format("{} packets sent, {} received, {} lost", media.packets_sent,
                                 media.packets_received, media.packets_lost);
  if (media.strongest_hz != 0) {
    text += fmt::format("; {} Hz heard at {} dBm0", media.strongest_hz, media.level_dbm0);
  }
  if (!media.digits.empty()) text += fmt::format("; digits {}", media.digits);
  if (!media.recorded.empty()) text += fmt::format("; recorded {}", media.recorded);
  return text;
}

std::string TextOf(Uuid uuid) {
  const auto digits = UuidText(uuid);
  return {digits.data(), digits.size()};
}

std::string StatusText(int status, std::string_view reason) {
  return reason.empty() ? fmt::format("{}", status) : fmt::format("{} {}", status, reason);
}

// {"requests_in":2,"timers_fired":{"A":1}}: those that are not 0.
Json CountersOf(const TransactionCounters& counters) {
  Json object = Json::object();
  for (std::size_t i = 0; i < kTransactionCounterCount; ++i) {
    const CounterSample sample = SampleOf(counters, i);
    if (sample.value == 0) continue;
    Json& number = object[std::string(sample.name)];
    (sample.label.empty() ? number : number[std::string(sample.label_value)]) = sample.value;
  }
  return object;
}

// Those that are not 0.
Json TimersOf(const SessionTimerTotals& totals) {
  Json object = Json::object();
  const auto add = [&object](std::string_view name, std::uint64_t value) {
    if (value != 0) object[std::string(name)] = value;
  };
  add("refreshes_sent", totals.refreshes_sent);
  add("refreshes_received", totals.refreshes_received);
  add("refreshes_failed", totals.refreshes_failed);
  add("sessions_expired", totals.sessions_expired);
  Json tolerated = Json::object();
  for (std::size_t i = 0; i < kSessionTimerTolerances; ++i) {
    const std::string_view name = SessionTimerToleranceName(static_cast<SessionTimerTolerance>(i));
    if (totals.tolerated[i] != 0) tolerated[std::string(name)] = totals.tolerated[i];
  }
  if (!tolerated.empty()) object["tolerated"] = tolerated;
  return object;
}

}  // namespace

void WriteJsonLine(std::FILE* out, const Json& line) {
  const std::string text = line.dump(-1, ' ', false, Json::error_handler_t::replace);
  PrintTo(out, "{}\n", text);
  std::fflush(out);
}

Reporter::Reporter(bool json, Instant zero, std::FILE* out, std::FILE* err)
    : json_(json), zero_(zero), out_(out), err_(err) {}

Json Reporter::Event(Instant now, std::uint64_t call, std::string_view event) const {
  return Json{{"t", Seconds(now - zero_)}, {"event", event}, {"call", call}};
}

void Reporter::Write(const Json& line) { WriteJsonLine(out_, line); }

void Reporter::Say(Instant now, std::uint64_t call, std::string_view text) const {
  std::FILE* const file = json_ ? err_ : out_;
  const std::string whose = call == 0 ? "" : fmt::format("call {}: ", call);
  PrintTo(file, "{:9.3f}  {}{}\n", Seconds(now - zero_), whose, text);
  std::fflush(file);
}

void Reporter::Note(Instant now, std::uint64_t call, std::string_view text) { Say(now, call, text); }

void Reporter::Tell(Instant now, std::uint64_t call, std::string_view event, const Json& fields,
                    std::string_view text) {
  if (!json_) return Say(now, call, text);
  Json line = Event(now, call, event);
  line.update(fields);
  Write(line);
}

void Reporter::Bound(Instant now, const ListenAddress& address) {
  const std::string_view transport = address.transport == Transport::kUdp ? "udp" : "tcp";
  const AddressText where = TextOf(address.address);
  if (!json_) return Say(now, 0, fmt::format("listening on {} {}", transport, where.view()));
  Json line = Event(now, 0, "bound");
  line["transport"] = transport;
  line["address"] = where.view();
  line["host"] = BareIpTextOf(address.address).view();
  line["port"] = address.address.port;
  Write(line);
}

void Reporter::Registered(Instant now, std::string_view registrar, std::string_view address,
                          std::uint32_t expires, const RegisteredFacts& facts) {
  const std::array<std::pair<const char*, std::string_view>, 4> said = {
      {{"path", facts.path},
       {"service_route", facts.service_route},
       {"pub_gruu", facts.pub_gruu},
       {"temp_gruu", facts.temp_gruu}}};
  if (!json_) {
    std::string text = fmt::format("{} is registered at {} for {} s", address, registrar, expires);
    if (facts.is_outbound) text += ", outbound";
    if (facts.keep_alive > 0) text += fmt::format(", kept alive every {} s", facts.keep_alive);
    if (facts.is_by_stun) text += " by STUN";
    for (const auto& [name, value] : said) {
      if (!value.empty()) text += fmt::format("\n           {}: {}", name, value);
    }
    return Say(now, 0, text);
  }
  Json line = Event(now, 0, "registered");
  line["registrar"] = registrar;
  line["address"] = address;
  line["expires"] = expires;
  for (const auto& [name, value] : said) {
    if (!value.empty()) line[name] = value;
  }
  if (facts.is_outbound) line["outbound"] = true;
  if (facts.keep_alive > 0) line["keep_alive"] = facts.keep_alive;
  Write(line);
}

void Reporter::FlowAlive(Instant now, std::string_view registrar, std::string_view mapped) {
  if (!json_) {
    const std::string as = mapped.empty() ? "" : fmt::format(", and sees us at {}", mapped);
    return Say(now, 0, fmt::format("{} answers keep-alives{}", registrar, as));
  }
  Json line = Event(now, 0, "flow_alive");
  line["registrar"] = registrar;
  if (!mapped.empty()) line["mapped"] = mapped;
  Write(line);
}

void Reporter::RegistrationFailed(Instant now, std::string_view registrar, int status,
                                  std::string_view reason, std::optional<Duration> retry_in) {
  if (!json_) {
    const std::string next = retry_in ? fmt::format("; again in {:.0f} s", Seconds(*retry_in)) : "";
    return Say(now, 0,
               fmt::format("not registered at {} ({}){}", registrar, StatusText(status, reason), next));
  }
  Json line = Event(now, 0, "registration_failed");
  line["registrar"] = registrar;
  line["status"] = status;
  line["reason"] = reason;
  if (retry_in) line["retry_in"] = Seconds(*retry_in);
  Write(line);
}

void Reporter::Unregistered(Instant now, std::string_view registrar, int status) {
  if (!json_) return Say(now, 0, fmt::format("no longer registered at {}", registrar));
  Json line = Event(now, 0, "unregistered");
  line["registrar"] = registrar;
  if (status != 0) line["status"] = status;
  Write(line);
}

void Reporter::Calling(Instant now, std::uint64_t call, bool is_incoming, std::string_view from,
                       std::string_view to, std::string_view call_id) {
  if (!json_) {
    return Say(now, call, is_incoming ? fmt::format("{} calls {}", from, to) : fmt::format("calling {}", to));
  }
  Json line = Event(now, call, "calling");
  line["direction"] = is_incoming ? "incoming" : "outgoing";
  line["from"] = from;
  line["to"] = to;
  line["call_id"] = call_id;
  Write(line);
}

void Reporter::Restored(Instant now, std::uint64_t call, bool is_incoming, std::string_view peer,
                        std::string_view call_id, const SessionTimerStatus& timer) {
  if (!json_) return Say(now, call, fmt::format("goes on with {}", peer));
  Json line = Event(now, call, "restored");
  line["direction"] = is_incoming ? "incoming" : "outgoing";
  line["peer"] = peer;
  line["call_id"] = call_id;
  AddTimer(timer, line);
  Write(line);
}

void Reporter::Ringing(Instant now, std::uint64_t call, int status, std::string_view reason) {
  if (!json_) return Say(now, call, fmt::format("ringing ({})", StatusText(status, reason)));
  Json line = Event(now, call, "ringing");
  line["status"] = status;
  line["reason"] = reason;
  Write(line);
}

void Reporter::Pracked(Instant now, std::uint64_t call, int status) {
  if (!json_) return Say(now, call, fmt::format("the peer has our {}", status));
  Json line = Event(now, call, "pracked");
  line["status"] = status;
  Write(line);
}

void Reporter::Answered(Instant now, std::uint64_t call, const AnsweredFacts& facts) {
  if (!json_) {
    std::string text = facts.codec.empty() ? "answered" : fmt::format("answered, {}", facts.codec);
    if (!facts.remote_rtp.empty()) text += fmt::format(" with {}", facts.remote_rtp);
    if (facts.session_timer.interval != 0) {
      text += fmt::format("; session interval {} s, {}", facts.session_timer.interval,
                          facts.session_timer.we_refresh ? "we refresh" : "the peer refreshes");
    }
    return Say(now, call, text);
  }
  Json line = Event(now, call, "answered");
  line["status"] = facts.status;
  if (!facts.codec.empty()) line["codec"] = facts.codec;
  if (!facts.remote_rtp.empty()) line["remote_rtp"] = facts.remote_rtp;
  AddTimer(facts.session_timer, line);
  if (!facts.local_uuid.is_nil()) line["local_uuid"] = TextOf(facts.local_uuid);
  if (!facts.remote_uuid.is_nil()) line["remote_uuid"] = TextOf(facts.remote_uuid);
  Write(line);
}

void Reporter::AddTimer(const SessionTimerStatus& timer, Json& line) const {
  line["interval"] = timer.interval;
  if (timer.interval == 0) return;
  line["refresher"] = timer.we_refresh ? "us" : "peer";
  if (timer.next_refresh != kNever) line["next_refresh"] = Seconds(timer.next_refresh - zero_);
  line["expiry"] = Seconds(timer.expiry - zero_);
}

void Reporter::Refreshed(Instant now, std::uint64_t call, bool by_us, const SessionTimerStatus& timer) {
  const std::string_view by = by_us ? "us" : "peer";
  if (!json_) {
    return Say(now, call,
               timer.interval == 0 ? fmt::format("the session timer is off now (by {})", by)
                                   : fmt::format("session refreshed by {} for {} s", by, timer.interval));
  }
  Json line = Event(now, call, "refreshed");
  line["by"] = by;
  AddTimer(timer, line);
  Write(line);
}

void Reporter::RefreshFailed(Instant now, std::uint64_t call, int status, Instant next, Instant end) {
  if (!json_) {
    const std::string what = next == kNever ? fmt::format("the session ends in {:.0f} s", Seconds(end - now))
                                            : fmt::format("again in {:.1f} s", Seconds(next - now));
    return Say(now, call, fmt::format("the refresh was answered with {}; {}", status, what));
  }
  Json line = Event(now, call, "refresh_failed");
  line["status"] = status;
  if (next != kNever) line["next_refresh"] = Seconds(next - zero_);
  line["end"] = Seconds(end - zero_);
  Write(line);
}

void Reporter::Expiring(Instant now, std::uint64_t call, SessionEndReason reason, Instant end) {
  if (!json_) {
    const std::string_view text = SessionEndReasonText(reason);
    return Say(now, call,
               end <= now ? fmt::format("the session timer ends the call: {}", text)
                          : fmt::format("the session timer ends the call in {:.1f} s: {}", Seconds(end - now),
                                        text));
  }
  Json line = Event(now, call, "expiring");
  line["reason"] = SessionEndReasonName(reason);
  line["clause"] = SessionEndReasonClause(reason);
  line["end"] = Seconds(end - zero_);
  Write(line);
}

void Reporter::Reinvited(Instant now, std::uint64_t call, int status, bool by_us) {
  const std::string_view by = by_us ? "us" : "peer";
  if (!json_) {
    const std::string answer = status == 0 ? "without a response" : fmt::format("answered with {}", status);
    return Say(now, call, fmt::format("re-INVITE by {}, {}", by, answer));
  }
  Json line = Event(now, call, "reinvited");
  line["by"] = by;
  line["status"] = status;
  Write(line);
}

void Reporter::Ended(Instant now, std::uint64_t call, const EndedFacts& facts) {
  if (!json_) {
    std::string text = fmt::format("ended: {}", facts.text.empty() ? facts.cause : facts.text);
    if (facts.status != 0) text += fmt::format(" ({})", StatusText(facts.status, facts.reason));
    if (facts.duration) text += fmt::format(" after {:.3f} s", Seconds(*facts.duration));
    if (facts.media && facts.duration) text += "; " + MediaText(*facts.media);
    return Say(now, call, text);
  }
  Json line = Event(now, call, "ended");
  line["cause"] = facts.cause;
  line["by"] = facts.by;
  if (!facts.clause.empty()) line["clause"] = facts.clause;
  if (facts.status != 0) line["status"] = facts.status;
  if (facts.status != 0) line["reason"] = facts.reason;
  if (facts.retry_after != 0) line["retry_after"] = facts.retry_after;
  if (facts.duration) line["duration"] = Seconds(*facts.duration);
  line["exit"] = static_cast<int>(facts.exit);
  if (facts.media) {
    const MediaFacts& media = *facts.media;
    Json object = {{"packets_sent", media.packets_sent},
                   {"packets_received", media.packets_received},
                   {"packets_lost", media.packets_lost},
                   {"jitter_ms", Rounded(media.jitter_ms)},
                   {"missing_ms", Rounded(media.missing_ms)},
                   {"round_trip_ms", Rounded(media.round_trip_ms)},
                   {"strongest_hz", media.strongest_hz},
                   {"level_dbm0", media.level_dbm0},
                   {"digits", media.digits}};
    if (!media.recorded.empty()) object["recorded"] = media.recorded;
    line["media"] = object;
  }
  Write(line);
}

void Reporter::Error(Instant now, std::uint64_t call, ExitCode exit, std::string_view message) {
  const std::string whose = call == 0 ? "" : fmt::format("call {}: ", call);
  PrintTo(err_, "sansip: {}{}\n", whose, message);
  std::fflush(err_);
  if (!json_) return;
  Json line = Event(now, call, "error");
  line["exit"] = static_cast<int>(exit);
  line["message"] = message;
  Write(line);
}

void Reporter::Summary(std::uint64_t calls, std::uint64_t ok, ExitCode exit, int status,
                       const TransactionCounters* counters, const SessionTimerTotals& timers) {
  if (!json_) {
    PrintTo(out_, "{} {}, {} ok; exit {}\n", calls, calls == 1 ? "call" : "calls", ok,
            static_cast<int>(exit));
    std::fflush(out_);
    return;
  }
  Json line = {{"event", "summary"}, {"calls", calls}, {"ok", ok}, {"exit", static_cast<int>(exit)}};
  if (status != 0) line["status"] = status;
  if (counters != nullptr) line["counters"] = CountersOf(*counters);
  if (const Json object = TimersOf(timers); !object.empty()) line["session_timers"] = object;
  Write(line);
}

}  // namespace sansip::cli
