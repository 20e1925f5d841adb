#include "sansip/dialog/redirect_targets.h"

#include <optional>

#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/uri/sip_uri.h"

namespace sansip {
namespace {

// qvalue (RFC 3261 25.1) in thousandths; what is malformed counts as absent.
int QOf(std::string_view parameters) {
  const std::optional<std::string_view> text = Parameter(parameters, "q");
  if (!text || text->empty() || text->size() > 5 || ((*text)[0] != '0' && (*text)[0] != '1')) return 1000;
  int q = ((*text)[0] - '0') * 1000;
  int weight = 100;
  for (std::size_t i = 1; i < text->size(); ++i) {
    if (i == 1) {
      if ((*text)[i] != '.') return 1000;
      continue;
    }
    if ((*text)[i] < '0' || (*text)[i] > '9') return 1000;
    q += ((*text)[i] - '0') * weight;
    weight /= 10;
  }
  return q > 1000 ? 1000 : q;
}

bool SameUri(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const std::optional<SipUri> first = ParseSipUri(a), second = ParseSipUri(b);
  return first && second && EquivalentUris(*first, *second);
}

}  // namespace

void RedirectTargets::Begin(std::string_view original) {
  count_ = 0;
  Add(original, 1000);
  targets_[0].tried = true;
}

void RedirectTargets::AddFrom(const MessageView& response, std::size_t targets_max, std::size_t bytes_max) {
  ElementsOf contacts(response, HeaderId::kContact);
  for (std::string_view element; contacts.Next(element);) {
    NameAddr address;
    if (!ParseNameAddr(element, address, nullptr).ok() || address.is_star) continue;
    if (address.uri.size() > bytes_max || !ParseSipUri(address.uri)) continue;
    if (count_ > targets_max) return;
    Add(address.uri, QOf(address.parameters));
  }
}

bool RedirectTargets::Add(std::string_view uri, int q) {
  for (std::size_t i = 0; i < count_; ++i) {
    if (SameUri(targets_[i].uri, uri)) return false;
  }
  if (count_ == targets_.size()) targets_.emplace_back();
  Target& target = targets_[count_++];
  target.uri.assign(uri);
  target.q = q;
  target.tried = false;
  return true;
}

std::string_view RedirectTargets::Next() {
  Target* best = nullptr;
  for (std::size_t i = 0; i < count_; ++i) {
    if (!targets_[i].tried && (best == nullptr || targets_[i].q > best->q)) best = &targets_[i];
  }
  if (best == nullptr) return {};
  best->tried = true;
  return best->uri;
}

bool RedirectTargets::exhausted() const {
  for (std::size_t i = 0; i < count_; ++i) {
    if (!targets_[i].tried) return false;
  }
  return true;
}

}  // namespace sansip
