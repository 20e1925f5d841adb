// The state that ExploreProduct explores, and its moves.
#ifndef SANSIP_TESTS_EXPLORATION_WORLD_H_
#define SANSIP_TESTS_EXPLORATION_WORLD_H_

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/transaction/arrow_table.h"
#include "sansip/tests/exploration/fair_cycle.h"
#include "sansip/tests/exploration/party.h"
#include "sansip/tests/exploration/product.h"

namespace sansip::testing {

// What is in flight, by the event that it is where it arrives.
enum class Message : std::uint8_t { kRequest, kAck, k1xx, k2xx, k300To699, kFinal };
inline constexpr std::size_t kMessageCount = 6;

// How many of each; they overtake one another as they like.
using Channel = std::array<std::uint8_t, kMessageCount>;

struct World {
  Party client, server;
  Channel to_server = {}, to_client = {};
  std::uint8_t duplications = 0, transport_errors = 0;  // so far
  bool has_response = false;                            // of the server; the latest:
  Message response = Message::k1xx;
  Event decision = Event::kSend1xx;  // the final response that the server's user gave; kSend1xx: none yet
  bool is_cancelling = false;

  friend auto operator<=>(const World&, const World&) = default;
};

enum class Act : std::uint8_t {
  kArriveAtServer,  // of a Message
  kArriveAtClient,
  kLoseToServer,
  kLoseToClient,
  kDoubleToServer,
  kDoubleToClient,
  kServerTimer,  // of a Timer
  kClientTimer,
  kRespond,  // of an Event
  kCancel,
  kServerError,
  kClientError,
};

struct Move {
  Act act = Act::kCancel;
  std::uint8_t what = 0;
};

std::string MoveText(const Move& move);  // "client gets 2xx", "server's timer G fires"

// The duty that a move does; none of those that need not happen.
Duties DutyOf(const Move& move);

// What a move led to, beside the next world.
struct Done {
  std::string_view fault;  // empty, or the property that it broke
  const Arrow* arrow = nullptr;
  Duties put_off = 0;  // timers that it restarted
};

class Rules {
 public:
  Rules(const ArrowTable& client, const ArrowTable& server, const Bounds& bounds)
      : client_(client), server_(server), bounds_(bounds) {}

  // The client's user sends the request.
  Done Begin(World& world) const { return ClientTakes(client_.begin, world); }
  std::vector<Move> MovesOf(const World& world) const;
  Done Do(const Move& move, World& world) const;
  static bool IsOver(const World& world) {
    return world.client.is_gone && (world.server.is_gone || world.server.state == State::kStart);
  }

 private:
  void AddChannelMoves(const World& world, std::vector<Move>& moves) const;
  void AddUserMoves(const World& world, std::vector<Move>& moves) const;
  void Put(Channel& channel, Message message) const;
  Done ClientTakes(Event event, World& world) const;
  Done ServerTakes(Event event, World& world) const;

  const ArrowTable& client_;
  const ArrowTable& server_;
  const Bounds bounds_;
};

}  // namespace sansip::testing

#endif  // SANSIP_TESTS_EXPLORATION_WORLD_H_
