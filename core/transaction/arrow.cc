#include "sansip/core/transaction/arrow.h"

#include "sansip/core/base/check.h"
#include "sansip/core/transaction/arrow_table.h"
#include "sansip/core/transaction/step.h"

namespace sansip {

namespace {

const Arrow& ArrowOf(Machine machine, std::uint8_t arrow) {
  const ArrowTable& table = TableOf(machine);
  SANSIP_CHECK(arrow < table.arrows.size());
  return table.arrows[arrow];
}

}  // namespace

std::string_view StateName(State state) {
  switch (state) {
    case State::kStart:
      return "Start";
    case State::kCalling:
      return "Calling";
    case State::kTrying:
      return "Trying";
    case State::kProceeding:
      return "Proceeding";
    case State::kCompleted:
      return "Completed";
    case State::kConfirmed:
      return "Confirmed";
    case State::kAccepted:
      return "Accepted";
    case State::kCancelled:
      return "Cancelled";
    case State::kTerminated:
      return "Terminated";
  }
  return "";
}

std::string_view TimerName(Timer timer) {
  constexpr std::string_view kNames[kTimerCount] = {
      "A", "B", "C", "D", "E",   "F",         "G",    "H",         "I",
      "J", "K", "L", "M", "100", "cancelled", "flow", "abandoned", "keep-alive"};
  return kNames[static_cast<int>(timer)];
}

std::string_view ArrowName(Machine machine, std::uint8_t arrow) { return ArrowOf(machine, arrow).id; }

std::string_view ArrowFrom(Machine machine, std::uint8_t arrow) {
  return StateName(ArrowOf(machine, arrow).in);
}

std::string_view ArrowTo(Machine machine, std::uint8_t arrow) {
  return StateName(ArrowOf(machine, arrow).next);
}

}  // namespace sansip
