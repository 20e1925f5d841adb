// The event state compositor (RFC 3903 6): which publications of peers hold here, under which entity-tags,
// and for how long. What they say is the user's to put together: no body is kept. Every request is taken at
// once and as a whole, or not at all.
#ifndef SANSIP_DIALOG_COMPOSITOR_H_
#define SANSIP_DIALOG_COMPOSITOR_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sansip/core/base/ids.h"
#include "sansip/core/base/random.h"
#include "sansip/core/base/time.h"
#include "sansip/core/timer/deadline_queue.h"
#include "sansip/dialog/recycling_slab.h"

namespace sansip {

enum class EventStateChange : std::uint8_t { kPublished, kModified, kRefreshed, kRemoved, kExpired };
std::string_view EventStateChangeName(EventStateChange change);  // "published"

struct CompositorOptions {
  std::size_t event_states_max = 256;  // 503 beyond
  std::uint32_t event_expires = 3600;  // seconds, where a PUBLISH says none
  std::uint32_t event_expires_min = 60;
  std::uint32_t event_expires_max = 86400;
};

// What a PUBLISH says: views of it.
struct PublishFacts {
  std::string_view resource;  // the Request-URI
  std::string_view event;     // a package
  std::optional<std::string_view> if_match = {};
  std::optional<std::uint32_t> expires = {};
  bool has_body = false;
};

class Compositor {
 public:
  // `has_removed` is set when a state is removed.
  Compositor(const CompositorOptions& options, bool& has_removed)
      : options_(options), states_(options.event_states_max, has_removed) {}

  // Views live until Recycle(), which the owner calls when its next event begins.
  struct Outcome {
    int status = 200;           // or 400, 412, 423, 503
    EventStateId state = {};    // stale already where the change is its end; nil: there is none
    std::uint32_t expires = 0;  // seconds granted
    std::string_view entity_tag = {};
    EventStateChange change = EventStateChange::kPublished;
  };
  Outcome OnPublish(Instant now, const PublishFacts& facts, RandomSource& random);

  Instant next_deadline() const { return deadlines_.next_deadline(); }
  struct Expired {
    EventStateId state;
    std::string_view resource, event;
  };
  // One whose time is over: next_deadline() is.
  Expired TakeExpired();
  void Recycle() { states_.Recycle(); }
  void Clear();

  std::size_t size() const { return states_.size(); }
  bool IsConsistent() const { return deadlines_.IsConsistent() && deadlines_.size() == states_.size(); }

 private:
  struct State {
    std::string resource, event, entity_tag;
    void Reset() {}
  };
  EventStateId FindTagged(const PublishFacts& facts) const;
  void Tag(std::uint32_t slot, std::string& entity_tag, RandomSource& random);

  CompositorOptions options_;
  RecyclingSlab<State, EventStateId> states_;
  DeadlineQueue deadlines_;
  std::uint64_t tags_ = 0;
  std::string passing_tag_;  // of what was not kept
};

}  // namespace sansip

#endif  // SANSIP_DIALOG_COMPOSITOR_H_
