#include "sansip/core/transaction/counters.h"

#include <iterator>
#include <span>

#include "sansip/core/base/check.h"

namespace sansip {

namespace {

struct Single {
  std::string_view name;
  std::uint64_t TransactionCounters::*value;
};

constexpr Single kSingles[] = {
    {"requests_in", &TransactionCounters::requests_in},
    {"responses_in", &TransactionCounters::responses_in},
    {"requests_out", &TransactionCounters::requests_out},
    {"responses_out", &TransactionCounters::responses_out},
    {"retransmissions_in", &TransactionCounters::retransmissions_in},
    {"retransmissions_out", &TransactionCounters::retransmissions_out},
    {"stray_responses", &TransactionCounters::stray_responses},
    {"stray_acks", &TransactionCounters::stray_acks},
    {"stray_cancels", &TransactionCounters::stray_cancels},
    {"unparsable_answered", &TransactionCounters::unparsable_answered},
    {"unparsable_dropped", &TransactionCounters::unparsable_dropped},
    {"transport_errors", &TransactionCounters::transport_errors},
    {"flow_failures", &TransactionCounters::flow_failures},
    {"transactions_peak", &TransactionCounters::transactions_peak},
    {"cancels_held", &TransactionCounters::cancels_held},
    {"clamped_nows", &TransactionCounters::clamped_nows},
    {"stale_ids", &TransactionCounters::stale_ids},
    {"arrows_dropped", &TransactionCounters::arrows_dropped},
};

constexpr std::string_view kTolerances[] = {
    "bare LF",
    "leading CRLF",
    "missing Max-Forwards",
    "missing Content-Length",
    "missing space before Reason-Phrase",
    "headers in Request-URI",
    "repeated informative field",
    "missing blank line",
    "underscore in host",
};
static_assert(std::size(kTolerances) == kToleranceCount);

std::string_view NameOfTolerance(std::size_t bit) { return kTolerances[bit]; }
std::string_view NameOfRefusal(std::size_t i) { return RefusalName(static_cast<Refusal>(i)); }
std::string_view NameOfStartError(std::size_t i) { return StartErrorName(static_cast<StartError>(i)); }
std::string_view NameOfRespondError(std::size_t i) { return RespondErrorName(static_cast<RespondError>(i)); }
std::string_view NameOfTimer(std::size_t i) { return TimerName(static_cast<Timer>(i)); }
std::string_view NameOfParseCode(std::size_t i) { return ParseCodeText(static_cast<ParseCode>(i)); }

struct Family {
  std::string_view name;
  std::string_view label;
  std::span<const std::uint64_t> values;
  std::size_t first;  // of those that can be counted
  std::string_view (*label_value)(std::size_t);
};

// A counter without a name does not compile.
static_assert(sizeof(TransactionCounters) ==
              sizeof(std::uint64_t) * (std::size(kSingles) + kRefusalCount + kStartErrorCount +
                                       kRespondErrorCount + kTimerCount + kParseCodeCount + kToleranceCount));
static_assert(kTransactionCounterCount + 3 == sizeof(TransactionCounters) / sizeof(std::uint64_t));

}  // namespace

std::string_view StartErrorName(StartError error) {
  switch (error) {
    case StartError::kNone:
      return "";
    case StartError::kTooManyTransactions:
      return "too many transactions";
    case StartError::kNoBufferSpace:
      return "no buffer space";
    case StartError::kMessageTooLong:
      return "message too long";
    case StartError::kBadDraft:
      return "bad draft";
    case StartError::kTooLongForPath:
      return "too long for its path";
  }
  return "";
}

std::string_view RespondErrorName(RespondError error) {
  switch (error) {
    case RespondError::kNone:
      return "";
    case RespondError::kStale:
      return "stale";
    case RespondError::kWrongState:
      return "wrong state";
    case RespondError::kNoBufferSpace:
      return "no buffer space";
    case RespondError::kMessageTooLong:
      return "message too long";
    case RespondError::kBadDraft:
      return "bad draft";
    case RespondError::kNotAllowed:
      return "not allowed";
  }
  return "";
}

std::string_view RefusalName(Refusal refusal) {
  switch (refusal) {
    case Refusal::kTransactionsMax:
      return "too many transactions";
    case Refusal::kSourceMax:
      return "too many of one source";
    case Refusal::kLookAlikes:
      return "too many alike";
    case Refusal::kNoBufferSpace:
      return "no buffer space";
  }
  return "";
}

CounterSample SampleOf(const TransactionCounters& counters, std::size_t place) {
  SANSIP_CHECK(place < kTransactionCounterCount);
  if (place < std::size(kSingles)) {
    const Single& single = kSingles[place];
    return {.name = single.name, .label = {}, .label_value = {}, .value = counters.*single.value};
  }
  place -= std::size(kSingles);
  const Family families[] = {
      {"refused", "cause", counters.refused, 0, NameOfRefusal},
      {"start_errors", "error", counters.start_errors, 1, NameOfStartError},
      {"respond_errors", "error", counters.respond_errors, 1, NameOfRespondError},
      {"timers_fired", "timer", counters.timers_fired, 0, NameOfTimer},
      {"unparsable", "problem", counters.unparsable, 1, NameOfParseCode},
      {"tolerated", "deviation", counters.tolerated, 0, NameOfTolerance},
  };
  const Family* family = families;
  for (; place >= family->values.size() - family->first; ++family) {
    place -= family->values.size() - family->first;
  }
  place += family->first;
  return {.name = family->name,
          .label = family->label,
          .label_value = family->label_value(place),
          .value = family->values[place]};
}

}  // namespace sansip
