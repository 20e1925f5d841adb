#include "sansip/dialog/offer_answer.h"

namespace sansip {

bool OfferAnswer::OnLocalOffer(std::string_view offer) {
  if (state_ != State::kStable || offer.empty()) return false;
  state_ = State::kLocalOffer;
  offer_.assign(offer);
  return true;
}

bool OfferAnswer::OnRemoteOffer(std::string_view offer) {
  if (state_ != State::kStable || offer.empty()) return false;
  state_ = State::kRemoteOffer;
  offer_.assign(offer);
  return true;
}

bool OfferAnswer::OnRemoteAnswer(std::string_view answer) {
  if (state_ != State::kLocalOffer) return false;
  state_ = State::kStable;
  local_.swap(offer_);
  offer_.clear();
  remote_.assign(answer);
  return true;
}

bool OfferAnswer::OnLocalAnswer(std::string_view answer) {
  if (state_ != State::kRemoteOffer) return false;
  state_ = State::kStable;
  remote_.swap(offer_);
  offer_.clear();
  local_.assign(answer);
  return true;
}

void OfferAnswer::OnFailure() {
  state_ = State::kStable;
  offer_.clear();
}

void OfferAnswer::Reset() {
  OnFailure();
  local_.clear();
  remote_.clear();
}

void OfferAnswer::CopyFrom(const OfferAnswer& other) {
  state_ = other.state_;
  local_.assign(other.local_);
  remote_.assign(other.remote_);
  offer_.assign(other.offer_);
}

}  // namespace sansip
