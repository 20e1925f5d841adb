// A layer restored from a snapshot of another, on the same inputs: what both do must be the same, byte for
// byte and in the same order, until the next snapshot makes the next twin.
//
// The twin has a clock of its own: another origin, and it does not run while the snapshot lies around. It has
// other salts, and, where told so, another key for the tags that the layer makes.
#ifndef SANSIP_TESTS_SNAPSHOT_RESTORED_TWIN_H_
#define SANSIP_TESTS_SNAPSHOT_RESTORED_TWIN_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "sansip/core/action/action.h"
#include "sansip/core/base/random.h"
#include "sansip/core/message/parser.h"
#include "sansip/core/transaction/input.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/tests/reference/side_by_side.h"

namespace sansip {

class RestoredTwin : public reference::SideBySide::Companion {
 public:
  // Ends the run of `original` at the first difference. `seed`: when snapshots are made, and how clocks
  // differ.
  RestoredTwin(reference::SideBySide& original, std::uint64_t seed, bool has_other_tags);

  void Before(const TransactionInput& input) override;
  void After(const TransactionInput& input, const InputOutcome& outcome, const ActionSink& actions) override;

  std::size_t restored() const { return restored_; }             // twins so far
  std::size_t compared() const { return compared_; }             // actions, equal
  std::size_t transactions() const { return transactions_; }     // in all snapshots
  const std::string& difference() const { return difference_; }  // the first; empty: none

 private:
  void Restore(Instant now);
  void CompareStates(Instant now);
  void Differ(Instant at, std::string what);
  std::vector<std::string> Texts(const ActionSink& actions) const;
  Instant InItsTime(Instant at) const { return at == kNever ? kNever : at + ahead_; }

  reference::SideBySide& original_;
  testing::SeededRandom choices_;
  const bool has_other_tags_;
  std::string snapshot_;  // empty: none was made after the latest input
  Instant made_;
  Instant latest_ = Instant::min();
  Duration ahead_{};  // the twin's clock
  std::unique_ptr<RandomSource> random_;
  std::unique_ptr<TransactionLayer> layer_;
  Parser parser_;
  std::unique_ptr<InputPlayer> player_;
  std::set<TransactionId> living_;
  std::set<TransactionId> taken_over_;  // by the twin
  std::size_t restored_ = 0, compared_ = 0, transactions_ = 0;
  std::string difference_;
};

}  // namespace sansip

#endif  // SANSIP_TESTS_SNAPSHOT_RESTORED_TWIN_H_
