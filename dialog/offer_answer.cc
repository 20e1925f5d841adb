#include "sansip/dialog/offer_answer.h"

namespace sansip {

bool OfferAnswer::Take(Event event) {
  const std::optional<State> next = NextExchangeState(state_, event);
  if (next) state_ = *next;
  return next.has_value();
}

void OfferAnswer::KeepMarked() {
  if (!is_marked_ || has_changed_) return;
  has_changed_ = true;
  marked_local_.assign(local_);
  marked_remote_.assign(remote_);
}

bool OfferAnswer::OnLocalOffer(std::string_view offer) {
  if (offer.empty() || !Take(Event::kLocalOffer)) return false;
  offer_.assign(offer);
  return true;
}

bool OfferAnswer::OnRemoteOffer(std::string_view offer) {
  if (offer.empty() || !Take(Event::kRemoteOffer)) return false;
  offer_.assign(offer);
  return true;
}

bool OfferAnswer::OnRemotePreview(std::string_view answer) {
  if (answer.empty() || !Take(Event::kRemotePreview)) return false;
  KeepMarked();
  local_.swap(offer_);
  offer_.clear();
  remote_.assign(answer);
  return true;
}

bool OfferAnswer::OnRemoteAnswer(std::string_view answer) {
  const bool was_previewed = state_ == State::kPreviewed;
  if (!Take(Event::kRemoteAnswer)) return false;
  if (was_previewed) return true;
  KeepMarked();
  local_.swap(offer_);
  offer_.clear();
  remote_.assign(answer);
  return true;
}

bool OfferAnswer::OnLocalAnswer(std::string_view answer) {
  if (!Take(Event::kLocalAnswer)) return false;
  KeepMarked();
  remote_.swap(offer_);
  offer_.clear();
  local_.assign(answer);
  return true;
}

void OfferAnswer::OnFailure() {
  Take(Event::kFailure);
  offer_.clear();
}

void OfferAnswer::Mark() {
  is_marked_ = true;
  has_changed_ = false;
}

void OfferAnswer::Unmark() {
  is_marked_ = has_changed_ = false;
  marked_local_.clear();
  marked_remote_.clear();
}

bool OfferAnswer::RollBack() {
  const bool was_changed = has_changed_;
  if (was_changed) {
    local_.swap(marked_local_);
    remote_.swap(marked_remote_);
  }
  Unmark();
  return was_changed;
}

void OfferAnswer::Reset() {
  OnFailure();
  Unmark();
  local_.clear();
  remote_.clear();
}

void OfferAnswer::Restore(std::string_view local, std::string_view remote) {
  local_.assign(local);
  remote_.assign(remote);
}

void OfferAnswer::CopyFrom(const OfferAnswer& other) {
  state_ = other.state_;
  local_.assign(other.local_);
  remote_.assign(other.remote_);
  offer_.assign(other.offer_);
}

}  // namespace sansip
