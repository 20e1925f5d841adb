#include "sansip/dialog/dialog_table.h"

#include <utility>

#include "sansip/core/base/check.h"
#include "sansip/core/text/bytes.h"

namespace sansip {

DialogId DialogTable::Add() { return dialogs_.Add(); }

void DialogTable::Index(DialogId id) {
  Dialog* dialog = dialogs_.Find(id);
  SANSIP_CHECK(dialog != nullptr && !dialog->indexed);
  dialog->hash = hash_.OfOwn(dialog->local_tag);
  index_.Insert(dialog->hash, id.slot);
  dialog->indexed = true;
}

DialogId DialogTable::Find(std::string_view call_id, std::string_view local_tag,
                           std::string_view remote_tag) const {
  const std::uint32_t slot = index_.Find(hash_.OfOwn(local_tag), [&](std::uint32_t candidate) {
    const Dialog& dialog = dialogs_.At(candidate);
    return AreSame(dialog.local_tag, local_tag) && AreSame(dialog.remote_tag, remote_tag) &&
           dialog.call_id == call_id;
  });
  return slot == SlotIndex::kNone ? DialogId{} : dialogs_.IdAt(slot);
}

void DialogTable::Remove(DialogId id) {
  Dialog* dialog = dialogs_.Find(id);
  if (dialog == nullptr) return;
  if (dialog->indexed) index_.Erase(dialog->hash, id.slot);
  dialog->indexed = false;
  acks_.Remove(dialog->ack);
  dialogs_.Remove(id);
}

KeptAck& DialogTable::AckOf(Dialog& dialog) {
  if (dialog.ack.is_nil()) dialog.ack = acks_.Add();
  return *acks_.Find(dialog.ack);
}

void DialogTable::ReleaseAck(DialogId id, std::uint32_t cseq) {
  Dialog* dialog = dialogs_.Find(id);
  if (dialog != nullptr && dialog->ack_cseq == cseq) acks_.Remove(std::exchange(dialog->ack, {}));
}

bool DialogTable::IsConsistent() const {
  std::size_t indexed = 0, acks = 0;
  bool consistent = true;
  dialogs_.ForEach([&](DialogId id, const Dialog& dialog) {
    consistent = consistent && dialog.offer_answer.IsConsistent() &&
                 dialog.ack.is_nil() == (FindAck(dialog) == nullptr);
    acks += !dialog.ack.is_nil();
    if (!dialog.indexed) return;
    ++indexed;
    consistent = consistent && Find(dialog.call_id, dialog.local_tag, dialog.remote_tag) == id;
  });
  return consistent && indexed == index_.size() && acks == acks_.size();
}

}  // namespace sansip
