#include "sansip/tests/exploration/world.h"

#include <numeric>

#include "sansip/core/transaction/arrow_text.h"

namespace sansip::testing {

namespace {

constexpr Event kArrival[kMessageCount] = {Event::kRequest,          Event::kAck,
                                           Event::kResponse1xx,      Event::kResponse2xx,
                                           Event::kResponse300To699, Event::kResponseFinal};

Event ArrivalOf(std::uint8_t message) { return kArrival[message]; }

// What the server's user gives, in flight.
Message ResponseOf(Event given) {
  switch (given) {
    case Event::kSend2xx:
      return Message::k2xx;
    case Event::kSend300To699:
      return Message::k300To699;
    case Event::kSendFinal:
      return Message::kFinal;
    default:
      return Message::k1xx;
  }
}

constexpr Event kGiven[] = {Event::kSend1xx, Event::kSend2xx, Event::kSend300To699, Event::kSendFinal};

std::size_t CountIn(const Channel& channel) { return std::accumulate(channel.begin(), channel.end(), 0u); }

std::uint8_t Byte(auto value) { return static_cast<std::uint8_t>(value); }

void AddTimers(Effects running, Act act, std::vector<Move>& moves) {
  for (std::size_t i = 0; i < kTimerCount; ++i) {
    if (running & BitOf(static_cast<Timer>(i))) moves.push_back({act, Byte(i)});
  }
}

}  // namespace

std::string MoveText(const Move& move) {
  const auto message = [&] { return std::string(EventName(ArrivalOf(move.what))); };
  const auto timer = [&] { return std::string(TimerName(static_cast<Timer>(move.what))); };
  switch (move.act) {
    case Act::kArriveAtServer:
      return "server gets " + message();
    case Act::kArriveAtClient:
      return "client gets " + message();
    case Act::kLoseToServer:
    case Act::kLoseToClient:
      return message() + " is lost";
    case Act::kDoubleToServer:
    case Act::kDoubleToClient:
      return message() + " is doubled";
    case Act::kServerTimer:
      return "server's timer " + timer() + " fires";
    case Act::kClientTimer:
      return "client's timer " + timer() + " fires";
    case Act::kRespond:
      return std::string(EventName(static_cast<Event>(move.what)));
    case Act::kCancel:
      return "client's user cancels";
    case Act::kServerError:
      return "server has a transport error";
    case Act::kClientError:
      return "client has a transport error";
  }
  return "";
}

Duties DutyOf(const Move& move) {
  constexpr int kServerFirst = kTimerCount, kUsersFirst = 2 * kTimerCount;
  switch (move.act) {
    case Act::kClientTimer:
      return Duties{1} << move.what;
    case Act::kServerTimer:
      return Duties{1} << (kServerFirst + move.what);
    case Act::kRespond: {
      // The first final response is due; provisional ones and 2xx again are not.
      return static_cast<Event>(move.what) == Event::kSend1xx ? 0 : Duties{1} << kUsersFirst;
    }
    case Act::kCancel:
      return Duties{1} << (kUsersFirst + 1);
    default:
      return 0;
  }
}

namespace {

Duties TimerDuties(Effects timers, Act act) {
  Duties duties = 0;
  for (std::size_t i = 0; i < kTimerCount; ++i) {
    if (timers & BitOf(static_cast<Timer>(i))) duties |= DutyOf({act, Byte(i)});
  }
  return duties;
}

}  // namespace

std::vector<Move> Rules::MovesOf(const World& world) const {
  std::vector<Move> moves;
  AddChannelMoves(world, moves);
  AddTimers(world.client.running, Act::kClientTimer, moves);
  AddTimers(world.server.running, Act::kServerTimer, moves);
  AddUserMoves(world, moves);
  if (world.transport_errors < bounds_.transport_errors_max) {
    if (!world.client.is_gone) moves.push_back({Act::kClientError});
    if (!world.server.is_gone && world.server.state != State::kStart) moves.push_back({Act::kServerError});
  }
  return moves;
}

void Rules::AddChannelMoves(const World& world, std::vector<Move>& moves) const {
  const bool may_double = world.duplications < bounds_.duplications_max;
  for (std::size_t i = 0; i < kMessageCount; ++i) {
    if (world.to_server[i] > 0) {
      moves.push_back({Act::kArriveAtServer, Byte(i)});
      moves.push_back({Act::kLoseToServer, Byte(i)});
      if (may_double && CountIn(world.to_server) < bounds_.in_flight_max)
        moves.push_back({Act::kDoubleToServer, Byte(i)});
    }
    if (world.to_client[i] > 0) {
      moves.push_back({Act::kArriveAtClient, Byte(i)});
      moves.push_back({Act::kLoseToClient, Byte(i)});
      if (may_double && CountIn(world.to_client) < bounds_.in_flight_max)
        moves.push_back({Act::kDoubleToClient, Byte(i)});
    }
  }
}

void Rules::AddUserMoves(const World& world, std::vector<Move>& moves) const {
  // As the layer: what the state has no arrow for is not taken from the user.
  for (Event given : kGiven) {
    const bool is_undecided = world.decision == Event::kSend1xx || given == Event::kSend1xx;
    if (!is_undecided && given != world.decision) continue;
    if (world.server.state != State::kStart && server_.Find(world.server.state, given) != nullptr)
      moves.push_back({Act::kRespond, Byte(given)});
  }
  // RFC 3261 9.1: after a provisional response, before the final one.
  if (client_.TimersOf(world.client.state).elsewhere != 0 && !world.is_cancelling)
    moves.push_back({Act::kCancel});
}

Done Rules::Do(const Move& move, World& world) const {
  switch (move.act) {
    case Act::kArriveAtServer:
      --world.to_server[move.what];
      return ServerTakes(ArrivalOf(move.what), world);
    case Act::kArriveAtClient:
      --world.to_client[move.what];
      return ClientTakes(ArrivalOf(move.what), world);
    case Act::kLoseToServer:
      --world.to_server[move.what];
      return {};
    case Act::kLoseToClient:
      --world.to_client[move.what];
      return {};
    case Act::kDoubleToServer:
      ++world.duplications;
      ++world.to_server[move.what];
      return {};
    case Act::kDoubleToClient:
      ++world.duplications;
      ++world.to_client[move.what];
      return {};
    case Act::kServerTimer:
      world.server.running &= ~BitOf(static_cast<Timer>(move.what));
      return ServerTakes(EventOf(static_cast<Timer>(move.what)), world);
    case Act::kClientTimer:
      world.client.running &= ~BitOf(static_cast<Timer>(move.what));
      return ClientTakes(EventOf(static_cast<Timer>(move.what)), world);
    case Act::kRespond:
      world.has_response = true;
      world.response = ResponseOf(static_cast<Event>(move.what));
      if (world.response != Message::k1xx) world.decision = static_cast<Event>(move.what);
      return ServerTakes(static_cast<Event>(move.what), world);
    case Act::kCancel:
      world.is_cancelling = true;
      world.client.running |= client_.TimersOf(world.client.state).elsewhere;
      return {};
    case Act::kServerError:
      ++world.transport_errors;
      return ServerTakes(Event::kTransportError, world);
    case Act::kClientError:
      ++world.transport_errors;
      return ClientTakes(Event::kTransportError, world);
  }
  return {};
}

void Rules::Put(Channel& channel, Message message) const {
  if (CountIn(channel) < bounds_.in_flight_max) ++channel[static_cast<std::size_t>(message)];
}

Done Rules::ClientTakes(Event event, World& world) const {
  const bool was_gone = world.client.is_gone;
  const Taken step = Take(client_, event, world.client);
  const Effects effects = step.arrow == nullptr ? Effects{kNoEffect} : step.arrow->effects;
  if (effects & kSendTheRequest) Put(world.to_server, Message::kRequest);
  if (effects & kSendTheAck) Put(world.to_server, Message::kAck);
  Done done = {step.fault, step.arrow, TimerDuties(step.restarted, Act::kClientTimer)};
  if (!done.fault.empty() || was_gone) return done;
  if (event == Event::kResponse300To699 && (effects & kSendTheAck) == 0) {
    done.fault = "a 300-699 without an ACK";
  } else if (event == Event::kResponse2xx && (effects & kToUser) == 0) {
    done.fault = "a 2xx that the user cannot acknowledge";
  } else if (event == Event::kResponse2xx) {
    // The user's; with the INVITE's branch, so that the arrow is seen which RFC 6026 draws for it.
    Put(world.to_server, Message::kAck);
  }
  return done;
}

Done Rules::ServerTakes(Event event, World& world) const {
  if (event == server_.begin && world.server.is_gone) {
    const Taken late = Take(server_, event, world.server);
    if (!late.fault.empty()) return {.fault = late.fault};
    world.server = {};
    world.has_response = false;
    world.response = Message::k1xx;
  }
  // As the layer: an INVITE that comes again before any response makes the 100 due.
  const bool is_again = event == Event::kRequest && world.server.state == State::kProceeding;
  if (is_again && server_.machine == Machine::kInviteServer && !world.has_response) {
    event = Event::kTimerTrying;
  }
  const Taken step = Take(server_, event, world.server);
  const Effects effects = step.arrow == nullptr ? Effects{kNoEffect} : step.arrow->effects;
  if (effects & kSendThe100) {
    world.has_response = true;
    world.response = Message::k1xx;
  }
  if ((effects & (kSendThe100 | kSendTheResponse)) != 0 && world.has_response) {
    Put(world.to_client, world.response);
  }
  return {step.fault, step.arrow, TimerDuties(step.restarted, Act::kServerTimer)};
}

}  // namespace sansip::testing
