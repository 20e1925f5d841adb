#include "sansip/dialog/redirect_targets.h"

#include <optional>
#include <string>
#include <utility>

#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/fields/qvalue.h"
#include "sansip/core/uri/sip_uri.h"
#include "sansip/dialog/dialog.h"

namespace sansip {
namespace {

// In thousandths; what is malformed counts as absent.
int QOf(std::string_view parameters) {
  return ParseQValue(Parameter(parameters, "q").value_or(std::string_view())).value_or(kQValueMax);
}

}  // namespace

void RedirectTargets::Begin(std::string_view original) {
  count_ = 0;
  proxy_bytes_ = 0;
  Add(original, kQValueMax);
  targets_[0].tried = true;
}

void RedirectTargets::AddFrom(const MessageView& response, std::size_t targets_max, std::size_t bytes_max) {
  CSeq cseq;
  const bool is_register = CSeqOf(response, cseq) && cseq.method == Method::kRegister;
  ElementsOf contacts(response, HeaderId::kContact);
  for (std::string_view element; contacts.Next(element);) {
    NameAddr address;
    if (!ParseNameAddr(element, address, nullptr).ok() || address.is_star) continue;
    const std::optional<SipUri> uri = ParseSipUri(address.uri);
    if (!uri || address.uri.size() > bytes_max || (is_register && uri->has_user)) continue;
    if (count_ > targets_max) return;
    Add(address.uri, QOf(address.parameters));
  }
}

bool RedirectTargets::Add(std::string_view uri, int q) {
  for (std::size_t i = 0; i < count_; ++i) {
    if (EquivalentUris(targets_[i].uri, uri)) return false;
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

std::string_view RedirectTargets::EnterProxy(const MessageView& response, std::size_t bytes_max,
                                             KeptText& routes) {
  LeaveProxy(routes);
  ElementsOf contacts(response, HeaderId::kContact);
  std::string_view element;
  NameAddr address;
  if (!contacts.Next(element) || !ParseNameAddr(element, address, nullptr).ok() || address.is_star) return {};
  KeptText uri;
  AssignRequestUri(uri, address.uri);
  const std::optional<SipUri> proxy = ParseSipUri(uri);
  if (!proxy || uri.size() > bytes_max) return {};
  // 16.12: a strict router would take the Request-URI for its own.
  if (!Parameter(proxy->parameters, "lr")) uri += ";lr";
  std::string value = "<";
  value.append(uri).append(routes.empty() ? ">" : ">, ");
  proxy_bytes_ = value.size();
  routes = value.append(routes);
  return std::string_view(routes).substr(1, uri.size());
}

void RedirectTargets::LeaveProxy(KeptText& routes) {
  routes.assign(std::string_view(routes).substr(std::exchange(proxy_bytes_, 0)));
}

bool RedirectTargets::exhausted() const {
  for (std::size_t i = 0; i < count_; ++i) {
    if (!targets_[i].tried) return false;
  }
  return true;
}

}  // namespace sansip
