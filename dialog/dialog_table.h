// All dialogs of one owner, found by their three identifiers (RFC 3261 12) or by id. What is hashed is the
// local tag, with a secret key: it alone is no stranger's choice, and only the forks of one request share it.
// The full texts decide.
#ifndef SANSIP_DIALOG_DIALOG_TABLE_H_
#define SANSIP_DIALOG_DIALOG_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansip/core/base/ids.h"
#include "sansip/core/base/random.h"
#include "sansip/core/base/slot_index.h"
#include "sansip/core/base/string_hash.h"
#include "sansip/dialog/dialog.h"
#include "sansip/dialog/recycling_slab.h"

namespace sansip {

class DialogTable {
 public:
  // `has_removed` is set when a dialog or an ACK is removed.
  DialogTable(std::size_t dialogs_max, RandomSource& random, bool& has_removed)
      : dialogs_(dialogs_max, has_removed), acks_(dialogs_max, has_removed), hash_(random) {}

  // A seed, not to be found by identifiers before Index(). Nil: dialogs_max reached.
  DialogId Add();
  // Null for a stale id.
  Dialog* Find(DialogId id) { return dialogs_.Find(id); }
  const Dialog* Find(DialogId id) const { return dialogs_.Find(id); }
  // To be called once the identifiers are complete; they do not change afterwards.
  void Index(DialogId id);
  DialogId Find(std::string_view call_id, std::string_view local_tag, std::string_view remote_tag) const;
  void Remove(DialogId id);  // a stale id is ignored

  // The ACK that a dialog keeps, made if there is none; null: there is none. Gone with the dialog, or once no
  // copy of the 2xx to the INVITE of that number can come.
  KeptAck& AckOf(Dialog& dialog);
  const KeptAck* FindAck(const Dialog& dialog) const { return acks_.Find(dialog.ack); }
  void ReleaseAck(DialogId id, std::uint32_t cseq);

  void Recycle() {  // when an event begins
    dialogs_.Recycle();
    acks_.Recycle();
  }

  std::size_t size() const { return dialogs_.size(); }
  bool IsConsistent() const;

 private:
  RecyclingSlab<Dialog, DialogId> dialogs_;
  RecyclingSlab<KeptAck, KeptAckId> acks_;
  SlotIndex index_;
  StringHash hash_;
};

}  // namespace sansip

#endif  // SANSIP_DIALOG_DIALOG_TABLE_H_
