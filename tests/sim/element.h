// Anything that has an address in a simulated network: a Node around a user agent, a proxy, or whatever an
// embedder wants to see beside them, such as another stack or an own runtime around the core.
//
// The world calls it, one event after the other; it sends through world().network() with its own number as
// the endpoint, and adds to world().trace() what is to be seen of it. For runs to repeat it must not know of
// any other clock or chance than what it is given.
#ifndef SANSIP_TESTS_SIM_ELEMENT_H_
#define SANSIP_TESTS_SIM_ELEMENT_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "sansip/core/base/time.h"
#include "sansip/tests/sim/network.h"

namespace sansip::sim {

class World;

class Element {
 public:
  // `number`: world.next_number(), of the AddElement() that takes it.
  Element(World& world, std::uint32_t number) : world_(world), number_(number) {}
  virtual ~Element() = default;
  Element(const Element&) = delete;
  Element& operator=(const Element&) = delete;

  virtual const std::string& name() const = 0;  // a ladder's heading
  virtual void OnArrival(Instant now, const Arrival& arrival) = 0;
  // next_deadline() has come, or passed by up to WorldOptions::late_max.
  virtual void OnDeadline(Instant now) = 0;
  [[nodiscard]] virtual Instant next_deadline() const = 0;
  // Calls and transactions that have not ended: none when a run is over.
  virtual std::size_t left() const = 0;

  World& world() { return world_; }
  std::uint32_t number() const { return number_; }

 private:
  World& world_;
  const std::uint32_t number_;
};

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_ELEMENT_H_
