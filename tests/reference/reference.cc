#include "sansip/tests/reference/reference.h"

#include <algorithm>
#include <iterator>

namespace sansip::reference {

namespace {

// The deadline that fires first, of one machine's transactions.
template <typename Transactions>
void LookForEarliest(const Transactions& transactions, Alarm& earliest, int& number, char& timer) {
  for (const auto& [candidate, t] : transactions) {
    for (const auto& [name, alarm] : t.timers) {
      if (std::pair(alarm.at, alarm.armed) >= std::pair(earliest.at, earliest.armed)) continue;
      earliest = alarm;
      number = candidate;
      timer = name;
    }
  }
}

template <typename Transactions>
void EraseTerminated(Transactions& transactions) {
  for (auto i = transactions.begin(); i != transactions.end();) {
    i = i->second.state == State::kTerminated ? transactions.erase(i) : std::next(i);
  }
}

template <typename Transactions>
std::size_t CountWaiting(const Transactions& transactions) {
  std::size_t waiting = 0;
  for (const auto& [number, t] : transactions) {
    waiting += t.state == State::kTrying || t.state == State::kCalling || t.state == State::kProceeding;
  }
  return waiting;
}

}  // namespace

// Law 4.
void Reference::SetTime(Instant now) { now_ = std::max(now_, now); }

void Reference::Begin(Transaction& t, FlowId flow, bool is_reliable, const Times& times) {
  t.number = ++begun_;
  t.flow = flow;
  t.is_reliable = is_reliable;
  t.times = times;
}

void Reference::Arm(Transaction& t, char timer, Duration delay) { ArmAt(t, timer, now_ + delay); }

void Reference::Transmit(const Transaction& t, const std::string& text) {
  Emit({Event::Kind::kTransmit, t.number, text, 0, t.flow});
}

void Reference::DropTerminated() {
  EraseTerminated(invite_clients_);
  EraseTerminated(non_invite_clients_);
  EraseTerminated(invite_servers_);
  EraseTerminated(non_invite_servers_);
}

void Reference::Receive(Instant now, const Origin& origin, const Times& server_times,
                        const MessageView& message) {
  SetTime(now);
  if (message.is_request()) {
    ReceiveRequest(origin, server_times, message);
  } else {
    ReceiveResponse(message);
  }
}

void Reference::TransportError(Instant now, int number) {
  SetTime(now);
  if (const auto t = invite_clients_.find(number); t != invite_clients_.end()) Error(t->second);
  if (const auto t = non_invite_clients_.find(number); t != non_invite_clients_.end()) Error(t->second);
  if (const auto t = invite_servers_.find(number); t != invite_servers_.end()) Error(t->second);
  if (const auto t = non_invite_servers_.find(number); t != non_invite_servers_.end()) Error(t->second);
  DropTerminated();
}

// layer.h: all that are on it, the latest begun first.
void Reference::FlowFailed(Instant now, FlowId flow) {
  SetTime(now);
  for (int number = begun_; number > 0; --number) {
    const Transaction* t = Find(number);
    if (t != nullptr && t->flow == flow) TransportError(now, number);
  }
}

void Reference::Deadline(Instant now) {
  SetTime(now);
  for (;;) {
    Alarm earliest = {kNever, 0};
    int number = 0;
    char timer = 0;
    LookForEarliest(invite_clients_, earliest, number, timer);
    LookForEarliest(non_invite_clients_, earliest, number, timer);
    LookForEarliest(invite_servers_, earliest, number, timer);
    LookForEarliest(non_invite_servers_, earliest, number, timer);
    if (number == 0 || earliest.at > now_) return;
    const auto fire = [&](auto& transactions) {
      const auto t = transactions.find(number);
      if (t == transactions.end()) return;
      t->second.timers.erase(timer);
      Fire(t->second, timer);
    };
    fire(invite_clients_);
    fire(non_invite_clients_);
    fire(invite_servers_);
    fire(non_invite_servers_);
    DropTerminated();
  }
}

Instant Reference::NextDeadline() const {
  Alarm earliest = {kNever, 0};
  int number = 0;
  char timer = 0;
  LookForEarliest(invite_clients_, earliest, number, timer);
  LookForEarliest(non_invite_clients_, earliest, number, timer);
  LookForEarliest(invite_servers_, earliest, number, timer);
  LookForEarliest(non_invite_servers_, earliest, number, timer);
  return earliest.at;
}

const Transaction* Reference::Find(int number) const {
  if (const auto t = invite_clients_.find(number); t != invite_clients_.end()) return &t->second;
  if (const auto t = non_invite_clients_.find(number); t != non_invite_clients_.end()) return &t->second;
  if (const auto t = invite_servers_.find(number); t != invite_servers_.end()) return &t->second;
  if (const auto t = non_invite_servers_.find(number); t != non_invite_servers_.end()) return &t->second;
  return nullptr;
}

std::size_t Reference::Live() const {
  return invite_clients_.size() + non_invite_clients_.size() + invite_servers_.size() +
         non_invite_servers_.size();
}

std::size_t Reference::WaitingForFinal() const {
  return CountWaiting(invite_clients_) + CountWaiting(non_invite_clients_);
}

std::string_view Reference::StateOf(int number) const {
  const Transaction* t = Find(number);
  switch (t == nullptr ? State::kTerminated : t->state) {
    case State::kTrying:
      return "Trying";
    case State::kCalling:
      return "Calling";
    case State::kProceeding:
      return "Proceeding";
    case State::kCompleted:
      return "Completed";
    case State::kConfirmed:
      return "Confirmed";
    case State::kAccepted:
      return "Accepted";
    case State::kTerminated:
      return "Terminated";
  }
  return "";
}

}  // namespace sansip::reference
