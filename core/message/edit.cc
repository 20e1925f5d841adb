#include "sansip/core/message/edit.h"

#include <algorithm>
#include <tuple>

#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/max_forwards.h"
#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/writer.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/uri/sip_uri.h"

namespace sansip {
namespace {

// What stands at a place goes before what replaces bytes from there on.
bool IsBefore(const Edit& a, const Edit& b) {
  return std::tuple(a.begin, a.end > a.begin, a.order) < std::tuple(b.begin, b.end > b.begin, b.order);
}

EditError PutLine(const HeaderLine& line, Output& out) {
  Writer writer(out.room());
  writer.Header(line);
  if (writer.error() == WriteError::kBadName) return EditError::kBadName;
  if (writer.error() == WriteError::kBadValue) return EditError::kBadValue;
  out.Took(writer.needed());
  return EditError::kNone;
}

void PutNumber(std::uint64_t number, Output& out) {
  ValueWriter writer(out.room());
  writer.Number(number);
  out.Took(writer.needed());
}

// A quoted-pair may hold one, where the quotation marks are: which they are, the elements before it say, and
// they may be anything ("<" and one quotation mark).
bool HasEscapedControl(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return !Is(kLineText | kBlank, c); });
}

EditError PutValue(const Edit& edit, Output& out) {
  ValueWriter writer(out.room());
  if (edit.kind == Edit::Kind::kElement) {
    const std::string_view text = edit.line.value;
    if (Trim(text).empty() || HasEscapedControl(text)) return EditError::kBadValue;
    writer.Element(text);
  } else {
    writer.Text(edit.line.value);
  }
  if (!writer.ok()) return EditError::kBadValue;
  out.Took(writer.needed());
  return EditError::kNone;
}

struct Place {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool is_all = false;  // nothing is left but white space and commas
};

// What goes out of `value` with `count` elements from the `first` on: they and the comma behind them, or the
// one before the last, so that what stays keeps its place. Returns how many of them there are; `place` is set
// if it is all.
std::size_t FindElements(std::string_view value, std::size_t first, std::size_t count, Place& place) {
  Elements elements(value);
  std::string_view element;
  Place found;
  std::size_t end_before = 0;
  std::size_t there = 0;
  for (std::size_t i = 0; elements.Next(element); ++i) {
    if (there == count) {
      place = {found.begin, elements.offset()};
      return count;
    }
    found.end = elements.offset() + element.size();
    if (i < first) end_before = found.end;
    if (i == first) found.begin = elements.offset();
    if (i >= first) ++there;
  }
  if (there == count) place = {first == 0 ? found.begin : end_before, found.end, first == 0};
  return there;
}

}  // namespace

void EditList::InsertBefore(std::size_t header, const HeaderLine& line) {
  if (header >= message_.header_count()) return Fail(EditError::kNoSuchPlace);
  const std::uint32_t at = LineAt(header).begin;
  Add(Edit::Kind::kLine, {at, at}, line);
}

void EditList::InsertAfter(std::size_t header, const HeaderLine& line) {
  if (header >= message_.header_count()) return Fail(EditError::kNoSuchPlace);
  const std::uint32_t at = LineAt(header).end;
  Add(Edit::Kind::kLine, {at, at}, line);
}

void EditList::InsertAtTop(const HeaderLine& line) {
  const std::uint32_t at = message_.index().header_section.begin;
  Add(Edit::Kind::kLine, {at, at}, line);
}

void EditList::InsertAtBottom(const HeaderLine& line) {
  Add(Edit::Kind::kLine, {SectionEnd(), SectionEnd()}, line);
}

void EditList::Replace(std::size_t header, const HeaderLine& line) {
  if (IsHeader(header)) Add(Edit::Kind::kLine, LineAt(header), line);
}

void EditList::ReplaceValue(std::size_t header, std::string_view value) {
  if (IsHeader(header)) Add(Edit::Kind::kValue, ValueAt(header), {.value = value});
}

void EditList::Remove(std::size_t header) {
  if (IsHeader(header)) Add(Edit::Kind::kNothing, LineAt(header));
}

void EditList::ReplaceElement(std::size_t header, std::size_t element, std::string_view text) {
  if (!IsHeader(header)) return;
  Elements elements(message_.header(header).value);
  std::string_view old;
  for (std::size_t i = 0; i <= element; ++i) {
    if (!elements.Next(old)) return Fail(EditError::kNoSuchPlace);
  }
  Add(Edit::Kind::kElement, Within(header, elements.offset(), elements.offset() + old.size()),
      {.value = text});
}

void EditList::RemoveElements(std::size_t header, std::size_t first, std::size_t count) {
  if (!IsHeader(header)) return;
  Place place;
  const std::size_t there = FindElements(message_.header(header).value, first, count, place);
  if (count == 0 || there < count) return Fail(EditError::kNoSuchPlace);
  if (place.is_all) return Remove(header);
  Add(Edit::Kind::kNothing, Within(header, place.begin, place.end));
}

void EditList::Set(HeaderId id, std::string_view value) {
  const std::size_t first = FirstOf(id);
  if (first == message_.header_count()) return InsertAtBottom({id, value});
  ReplaceValue(first, value);
}

void EditList::RemoveAll(HeaderId id) {
  for (std::size_t i = FirstOf(id); i < message_.header_count(); ++i) {
    if (message_.index().headers[i].id == id) Remove(i);
  }
}

void EditList::Push(HeaderId id, std::string_view value) {
  const std::size_t first = FirstOf(id);
  const std::uint32_t at = first < message_.header_count() ? LineAt(first).begin : BelowVias();
  Add(Edit::Kind::kLine, {at, at}, {id, value});
  // Above what was pushed before it.
  if (error_ == EditError::kNone) storage_[size_ - 1].order = -storage_[size_ - 1].order;
}

void EditList::Pop(HeaderId id, std::size_t count) {
  for (std::size_t i = FirstOf(id); i < message_.header_count() && count > 0; ++i) {
    if (message_.index().headers[i].id != id || !IsHeader(i)) continue;
    Place place;
    const std::size_t there = FindElements(message_.header(i).value, 0, count, place);
    const bool is_all = there < count || place.is_all;
    if (there > 0) Add(Edit::Kind::kNothing, is_all ? LineAt(i) : Within(i, place.begin, place.end));
    count -= there;
  }
  if (count > 0) Fail(EditError::kNoSuchPlace);
}

void EditList::ReplaceTop(HeaderId id, std::string_view text) {
  for (std::size_t i = FirstOf(id); i < message_.header_count(); ++i) {
    std::string_view top;
    const HeaderView header = message_.header(i);
    if (header.id == id && Elements(header.value).Next(top)) return ReplaceElement(i, 0, text);
  }
  Fail(EditError::kNoSuchPlace);
}

void EditList::ReplaceRequestUri(std::string_view uri) {
  if (!message_.is_request()) return Fail(EditError::kNoSuchPlace);
  const TextSpan old = message_.index().request_uri;
  Add(Edit::Kind::kRequestUri, {old.begin, old.begin + old.size}, {.value = uri});
}

void EditList::DecrementMaxForwards() {
  const std::size_t first = FirstOf(HeaderId::kMaxForwards);
  if (first == message_.header_count()) {
    return Add(Edit::Kind::kLine, {BelowVias(), BelowVias()}, {HeaderId::kMaxForwards, "70"});
  }
  std::uint8_t number = 0;
  const ParseError error = ParseMaxForwards(message_.header(first).value, number);
  if (!error.ok() || number == 0) return Fail(EditError::kNoSuchPlace);
  Add(Edit::Kind::kNumber, ValueAt(first));
  if (error_ == EditError::kNone) storage_[size_ - 1].number = static_cast<std::uint8_t>(number - 1);
}

void EditList::ReplaceBody(std::string_view body) {
  if (body_) return Fail(EditError::kOverlap);
  body_ = body;
  AddLength();
}

void EditList::AddContentLength() {
  if (!message_.Has(HeaderId::kContentLength)) AddLength();
}

Edited EditList::Apply(std::span<char> span) {
  if (error_ != EditError::kNone) return {error_, 0, {}};
  const std::span<Edit> edits = storage_.first(size_);
  std::sort(edits.begin(), edits.end(), IsBefore);
  Output out(span);
  const EditError error = PutAll(out);
  if (error != EditError::kNone) return {error, 0, {}};
  if (!out.fits()) return {EditError::kNoRoom, out.needed(), {}};
  return {EditError::kNone, out.needed(), out.text()};
}

void EditList::Add(Edit::Kind kind, Range range, const HeaderLine& line) {
  if (size_ == storage_.size()) return Fail(EditError::kTooManyEdits);
  Edit& edit = storage_[size_++];
  edit = {.kind = kind, .begin = range.begin, .end = range.end, .line = line};
  edit.order = static_cast<std::int32_t>(size_);
}

// The value of the field that is there, or a line of its own; what it says, the body is asked in the end.
void EditList::AddLength() {
  if (has_length_) return;
  has_length_ = true;
  const std::size_t first = FirstOf(HeaderId::kContentLength);
  const bool is_there = first < message_.header_count();
  Add(Edit::Kind::kLength, is_there ? ValueAt(first) : Range{SectionEnd(), SectionEnd()});
}

// One that may be changed.
bool EditList::IsHeader(std::size_t header) {
  if (header >= message_.header_count()) {
    Fail(EditError::kNoSuchPlace);
    return false;
  }
  if (message_.index().headers[header].id == HeaderId::kContentLength) {
    Fail(EditError::kBadName);
    return false;
  }
  return true;
}

std::size_t EditList::FirstOf(HeaderId id) const {
  const std::size_t place = message_.index().first_with_id[static_cast<std::size_t>(id)];
  return place == 0 ? message_.header_count() : place - 1;
}

EditList::Range EditList::LineAt(std::size_t header) const {
  const MessageIndex& index = message_.index();
  const bool is_last = header + 1 == index.header_count;
  return {index.headers[header].name.begin, is_last ? SectionEnd() : index.headers[header + 1].name.begin};
}

EditList::Range EditList::ValueAt(std::size_t header) const {
  const TextSpan value = message_.index().headers[header].value;
  return {value.begin, value.begin + value.size};
}

EditList::Range EditList::Within(std::size_t header, std::size_t begin, std::size_t end) const {
  const std::uint32_t value = ValueAt(header).begin;
  return {value + static_cast<std::uint32_t>(begin), value + static_cast<std::uint32_t>(end)};
}

// RFC 3261 7.3.1: what proxies need stands near the top.
std::uint32_t EditList::BelowVias() const {
  std::uint32_t at = message_.index().header_section.begin;
  for (std::size_t i = FirstOf(HeaderId::kVia); i < message_.header_count(); ++i) {
    if (message_.index().headers[i].id == HeaderId::kVia) at = LineAt(i).end;
  }
  return at;
}

std::uint32_t EditList::SectionEnd() const {
  const TextSpan section = message_.index().header_section;
  return section.begin + section.size;
}

std::string_view EditList::Text(std::size_t begin, std::size_t end) const {
  return message_.bytes().substr(begin - message_.index().message.begin, end - begin);
}

void EditList::Fail(EditError error) {
  if (error_ == EditError::kNone) error_ = error;
}

EditError EditList::PutAll(Output& out) const {
  const TextSpan whole = message_.index().message;
  std::size_t at = whole.begin;
  for (const Edit& edit : storage_.first(size_)) {
    if (edit.begin < at) return EditError::kOverlap;
    out.Put(Text(at, edit.begin));
    const EditError error = Put(edit, out);
    if (error != EditError::kNone) return error;
    at = edit.end;
  }
  out.Put(Text(at, SectionEnd()));
  const std::size_t body_begin = whole.begin + std::size_t{whole.size} - message_.body().size();
  // RFC 3261 7: sent with the blank line, even if it came without (ParsePolicy::accept_missing_blank_line).
  out.Put(body_begin == SectionEnd() ? "\r\n" : Text(SectionEnd(), body_begin));
  out.Put(body_.value_or(message_.body()));
  return EditError::kNone;
}

EditError EditList::Put(const Edit& edit, Output& out) const {
  std::size_t fault = 0;
  switch (edit.kind) {
    case Edit::Kind::kNothing:
      return EditError::kNone;
    case Edit::Kind::kLine:
      return PutLine(edit.line, out);
    case Edit::Kind::kValue:
    case Edit::Kind::kElement:
      return PutValue(edit, out);
    case Edit::Kind::kRequestUri:
      if (!CheckUri(edit.line.value, fault)) return EditError::kBadUri;
      out.Put(edit.line.value);
      return EditError::kNone;
    case Edit::Kind::kNumber:
      PutNumber(edit.number, out);
      return EditError::kNone;
    case Edit::Kind::kLength: {
      const bool is_line = edit.begin == edit.end;
      if (is_line) out.Put("Content-Length: ");
      PutNumber(body_.value_or(message_.body()).size(), out);
      if (is_line) out.Put("\r\n");
      return EditError::kNone;
    }
  }
  return EditError::kNone;
}

}  // namespace sansip
