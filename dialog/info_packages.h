// The Info Packages of one call (RFC 6086 5.2): which ones we take, as the peer knows, and which ones the
// peer takes, in each dialog. A set is a text as Recv-Info has it. Both sides return to the former set if the
// request that told a new one is refused (5.2.4). Private to dialog/user_agent*.
#ifndef SANSIP_DIALOG_INFO_PACKAGES_H_
#define SANSIP_DIALOG_INFO_PACKAGES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sansip/core/base/ids.h"
#include "sansip/core/message/message_view.h"

namespace sansip {

using InfoPackagesId = Id<struct InfoPackagesTag>;

struct InfoPackages {
  // What the peer takes: the names alone.
  struct Peer {
    DialogId dialog;
    std::string set;
    std::string next;       // of a request that may still be refused ...
    bool has_next = false;  // ... if there is one
  };

  std::string own;   // in force
  std::string said;  // in messages of `open` transactions: the same in all of them (5.2.3)
  std::string wish;  // to be said next
  std::uint32_t open = 0;
  std::vector<Peer> peers;
  std::size_t peer_count = 0;  // the storage of the others is kept

  Peer* FindPeer(DialogId dialog);
  std::string_view SetOf(DialogId dialog) const;  // the peer's
  Peer& AddPeer(DialogId dialog);
  template <typename Predicate>
  void DropPeersIf(Predicate is_over) {  // whose dialog is
    for (std::size_t i = 0; i < peer_count;) {
      is_over(peers[i].dialog) ? std::swap(peers[i], peers[--peer_count]) : void(++i);
    }
  }
  // A transaction in which we say our set begins, is successful, is over.
  void Open();
  void Accept() { own = said; }
  void Close();
  bool IsTaken(std::string_view package) const;              // by us: the peer may have heard of it
  bool IsWanted(DialogId dialog, std::string_view package);  // by the peer
  void Reset();
};

// The name of an Info-Package, or of an element of Recv-Info; empty: it is none.
std::string_view InfoPackageName(std::string_view value);
bool HoldsPackage(std::string_view set, std::string_view name);  // 7.2: octet by octet
bool IsPackageSet(std::string_view set);                         // as Recv-Info has it
// The names in a message's Recv-Info, as many as fit into `bytes_max`.
void AssignPackages(std::string& set, const MessageView& message, std::size_t bytes_max);

}  // namespace sansip

#endif  // SANSIP_DIALOG_INFO_PACKAGES_H_
