#include "sansip/dialog/dialog_table.h"

#include <utility>

#include "sansip/core/base/check.h"

namespace sansip {

DialogId DialogTable::Add() { return dialogs_.Add(); }

void DialogTable::Index(DialogId id) {
  Dialog* dialog = dialogs_.Find(id);
  SANSIP_CHECK(dialog != nullptr && !dialog->indexed);
  dialog->hash = HashOf(dialog->call_id, dialog->local_tag, dialog->remote_tag);
  index_.Insert(dialog->hash, id.slot);
  dialog->indexed = true;
}

DialogId DialogTable::Find(std::string_view call_id, std::string_view local_tag,
                           std::string_view remote_tag) const {
  const std::uint32_t slot =
      index_.Find(HashOf(call_id, local_tag, remote_tag), [&](std::uint32_t candidate) {
        const Dialog& dialog = dialogs_.At(candidate);
        return dialog.call_id == call_id && dialog.local_tag == local_tag && dialog.remote_tag == remote_tag;
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

std::uint64_t DialogTable::HashOf(std::string_view call_id, std::string_view local_tag,
                                  std::string_view remote_tag) const {
  return hash_.OfThree(call_id, local_tag, remote_tag);
}

}  // namespace sansip
