#include "sansip/dialog/dialog_table.h"

#include "sansip/core/base/check.h"

namespace sansip {

DialogId DialogTable::Add() { return dialogs_.Add(); }

void DialogTable::Index(DialogId id) {
  Dialog* dialog = dialogs_.Find(id);
  SANSIP_CHECK(dialog != nullptr && !dialog->indexed);
  index_.Insert(HashOf(dialog->call_id, dialog->local_tag, dialog->remote_tag), id.slot);
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
  if (dialog->indexed) index_.Erase(HashOf(dialog->call_id, dialog->local_tag, dialog->remote_tag), id.slot);
  dialog->indexed = false;
  dialogs_.Remove(id);
}

bool DialogTable::IsConsistent() const {
  std::size_t indexed = 0;
  bool consistent = true;
  dialogs_.ForEach([&](DialogId id, const Dialog& dialog) {
    consistent = consistent && dialog.offer_answer.IsConsistent();
    if (!dialog.indexed) return;
    ++indexed;
    consistent = consistent && Find(dialog.call_id, dialog.local_tag, dialog.remote_tag) == id;
  });
  return consistent && indexed == index_.size();
}

std::uint64_t DialogTable::HashOf(std::string_view call_id, std::string_view local_tag,
                                  std::string_view remote_tag) const {
  return TupleHash(hash_).Add(call_id).Add(local_tag).Add(remote_tag).Finish();
}

}  // namespace sansip
