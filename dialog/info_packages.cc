#include "sansip/dialog/info_packages.h"

#include "sansip/core/message/fields/info_package.h"
#include "sansip/core/message/fields/list.h"

namespace sansip {

InfoPackages::Peer* InfoPackages::FindPeer(DialogId dialog) {
  for (std::size_t i = 0; i < peer_count; ++i) {
    if (peers[i].dialog == dialog) return &peers[i];
  }
  return nullptr;
}

std::string_view InfoPackages::SetOf(DialogId dialog) const {
  for (std::size_t i = 0; i < peer_count; ++i) {
    if (peers[i].dialog == dialog) return peers[i].set;
  }
  return {};
}

InfoPackages::Peer& InfoPackages::AddPeer(DialogId dialog) {
  if (peer_count == peers.size()) peers.emplace_back();
  Peer& added = peers[peer_count++];
  added.dialog = dialog;
  added.set.clear();
  added.has_next = false;
  return added;
}

void InfoPackages::Open() {
  if (open++ == 0) said = wish;
}

void InfoPackages::Close() {
  if (--open > 0) return;
  for (std::size_t i = 0; i < peer_count; ++i) peers[i].has_next = false;
}

bool InfoPackages::IsTaken(std::string_view package) const {
  return HoldsPackage(own, package) || (open > 0 && HoldsPackage(said, package));
}

bool InfoPackages::IsWanted(DialogId dialog, std::string_view package) {
  const Peer* const peer = FindPeer(dialog);
  if (peer == nullptr || !HoldsPackage(peer->set, package)) return false;
  return !peer->has_next || HoldsPackage(peer->next, package);
}

void InfoPackages::Reset() {
  own.clear();
  said.clear();
  wish.clear();
  open = 0;
  peer_count = 0;
}

std::string_view InfoPackageName(std::string_view value) {
  InfoPackage package;
  return ParseInfoPackage(value, package).ok() ? package.name : std::string_view();
}

bool HoldsPackage(std::string_view set, std::string_view name) {
  Elements elements(set);
  for (std::string_view element; elements.Next(element);) {
    if (InfoPackageName(element) == name) return true;
  }
  return false;
}

bool IsPackageSet(std::string_view set) {
  Elements elements(set);
  for (std::string_view element; elements.Next(element);) {
    if (InfoPackageName(element).empty()) return false;
  }
  return true;
}

void AssignPackages(std::string& set, const MessageView& message, std::size_t bytes_max) {
  set.clear();
  ElementsOf elements(message, HeaderId::kRecvInfo);
  for (std::string_view element; elements.Next(element);) {
    const std::string_view name = InfoPackageName(element);
    if (name.empty() || set.size() + name.size() + 2 > bytes_max) continue;
    if (!set.empty()) set += ", ";
    set += name;
  }
}

}  // namespace sansip
