#include "sansip/tests/snapshot/restored_twin.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include "sansip/core/transaction/snapshot_testing.h"

namespace sansip {

namespace {

// Two numbers for the salt of keys, two for the key of tags, and then what the original would draw.
class TwinRandom : public RandomSource {
 public:
  TwinRandom(testing::SeededRandom salts, testing::SeededRandom tags, testing::SeededRandom rest)
      : salts_(salts), tags_(tags), rest_(rest) {}
  std::uint64_t Next() override {
    ++drawn_;
    return drawn_ <= 2 ? salts_.Next() : drawn_ <= 4 ? tags_.Next() : rest_.Next();
  }

 private:
  testing::SeededRandom salts_, tags_, rest_;
  int drawn_ = 0;
};

std::string TextOf(TransactionId id) { return std::to_string(id.slot) + "." + std::to_string(id.generation); }

// A made tag is twenty characters.
std::string WithoutMadeTag(std::string text) {
  const std::size_t to = text.find("\r\nTo: "), tag = text.find(";tag=", to);
  if (tag != std::string::npos && text.find("\r\n", tag) == tag + 25) text.erase(tag, 25);
  return text;
}

}  // namespace

RestoredTwin::RestoredTwin(reference::SideBySide& original, std::uint64_t seed, bool has_other_tags)
    : original_(original), choices_(seed), has_other_tags_(has_other_tags) {}

void RestoredTwin::Before(const TransactionInput& input) {
  if (!snapshot_.empty()) Restore(std::max(input.now, made_));
}

void RestoredTwin::After(const TransactionInput& input, const InputOutcome& outcome,
                         const ActionSink& actions) {
  if (!difference_.empty()) return;
  latest_ = std::max(latest_, input.now);
  for (const Action& action : actions) {
    const auto* request = std::get_if<action::DeliverRequest>(&action);
    if (request != nullptr && !request->id.is_nil()) living_.insert(request->id);
  }
  if (!outcome.started.id.is_nil()) living_.insert(outcome.started.id);
  if (layer_ != nullptr) {
    SinkOf<Action, 1024> sink;
    TransactionInput shifted = input;
    shifted.now = InItsTime(input.now);
    const InputOutcome its = player_->Apply(shifted, sink);
    const std::vector<std::string> expected = Texts(actions), found = Texts(sink);
    compared_ += expected.size();
    for (std::size_t i = 0; i < std::max(expected.size(), found.size()); ++i) {
      const std::string a = i < expected.size() ? expected[i] : "(nothing)";
      const std::string b = i < found.size() ? found[i] : "(nothing)";
      if (a != b) return Differ(input.now, "\noriginal: " + a + "\nrestored: " + b);
    }
    if (its.started.id != outcome.started.id || its.started.error != outcome.started.error ||
        its.respond_error != outcome.respond_error) {
      return Differ(input.now, "answers");
    }
    CompareStates(input.now);
  }
  if (!difference_.empty() || choices_.Next() % 4 != 0) return;
  made_ = latest_;
  snapshot_ = testing::SnapshotOf(original_.layer(), made_);
  transactions_ += original_.layer().live();
  // Of the same state the same bytes: but tags that are yet to be made differ with their key.
  if (layer_ != nullptr && !has_other_tags_ && testing::SnapshotOf(*layer_, InItsTime(made_)) != snapshot_) {
    Differ(made_, "snapshots");
  }
}

void RestoredTwin::Restore(Instant now) {
  const std::string snapshot = std::exchange(snapshot_, {});
  ahead_ = Duration(static_cast<std::int64_t>(choices_.Next() >> 2)) - Duration(std::int64_t{1} << 61);
  testing::SeededRandom tags(has_other_tags_ ? choices_.Next() : reference::SideBySide::kRandomSeed);
  for (int salt = 0; salt < 2; ++salt) tags.Next();
  random_ = std::make_unique<TwinRandom>(testing::SeededRandom(choices_.Next()), tags, original_.random());
  TransactionOptions options = original_.options();
  options.arrows = nullptr;
  layer_ = std::make_unique<TransactionLayer>(options, *random_);
  const RestoreError error = testing::RestoreFrom(snapshot, InItsTime(now), now - made_, *layer_);
  if (!error.ok()) {
    return Differ(
        now, "restore: " + std::string(RestoreCodeName(error.code)) + " at " + std::to_string(error.offset));
  }
  player_ = std::make_unique<InputPlayer>(*layer_, parser_);
  ++restored_;
  taken_over_.clear();
  taken_over_.insert(living_.begin(), living_.end());
  if (testing::SnapshotOf(*layer_, InItsTime(now)) != testing::SnapshotOf(original_.layer(), now)) {
    Differ(now, "snapshot of what was restored");
  }
}

void RestoredTwin::CompareStates(Instant now) {
  const TransactionLayer& original = original_.layer();
  if (layer_->next_deadline() != InItsTime(original.next_deadline())) Differ(now, "next deadline");
  if (layer_->live() != original.live()) Differ(now, "transactions alive");
  if (layer_->client_transactions_without_final() != original.client_transactions_without_final())
    Differ(now, "client transactions without a final response");
  for (auto i = living_.begin(); i != living_.end();) {
    const State state = original.StateOf(*i);
    if (layer_->StateOf(*i) != state) Differ(now, "state of " + TextOf(*i));
    if (layer_->RequestOf(*i) != original.RequestOf(*i)) Differ(now, "the request of CANCEL " + TextOf(*i));
    i = state == State::kTerminated ? living_.erase(i) : std::next(i);
  }
}

void RestoredTwin::Differ(Instant at, std::string what) {
  if (!difference_.empty()) return;
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count();
  difference_ =
      "twin " + std::to_string(restored_) + ", at " + std::to_string(us) + " us: " + std::move(what);
  original_.Stop(difference_);
}

std::vector<std::string> RestoredTwin::Texts(const ActionSink& actions) const {
  std::vector<std::string> texts;
  for (const Action& action : actions) {
    if (const auto* transmit = std::get_if<action::Transmit>(&action)) {
      // Another key makes other tags for what began after the snapshot.
      const bool may_differ = has_other_tags_ && !taken_over_.contains(transmit->id);
      texts.push_back(
          "transmit " + TextOf(transmit->id) + " on " + std::to_string(transmit->flow.value()) + ": " +
          (may_differ ? WithoutMadeTag(std::string(transmit->wire)) : std::string(transmit->wire)));
    } else if (const auto* request = std::get_if<action::DeliverRequest>(&action)) {
      texts.push_back("deliver " + TextOf(request->id) + " " + std::string(request->request->method_text()));
    } else if (const auto* response = std::get_if<action::DeliverResponse>(&action)) {
      texts.push_back("deliver " + TextOf(response->id) + " cookie " +
                      std::to_string(response->cookie.value) + " " +
                      std::to_string(response->response->status_code()));
    } else if (const auto* failed = std::get_if<action::Failed>(&action)) {
      texts.push_back("failed " + TextOf(failed->id) + " cookie " + std::to_string(failed->cookie.value) +
                      " " + std::to_string(static_cast<int>(failed->reason)));
    } else {
      const auto& gone = std::get<action::Gone>(action);
      texts.push_back("gone " + TextOf(gone.id) + " cookie " + std::to_string(gone.cookie.value));
    }
  }
  return texts;
}

}  // namespace sansip
