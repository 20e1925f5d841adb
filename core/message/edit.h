// What a forwarding element changes in a message, as edits over its bytes (RFC 3261 16.6, 16.7): everything
// that is not edited stays byte for byte: folding, unknown and compact names, the order, the body.
//
// Edits are collected in the caller's storage and applied in one pass over the message into the caller's
// span; beyond that span only counted. All of them are about the message as it came: places do not move, and
// an element that an edit puts in cannot be edited. Two that change the same bytes are an error. New text is
// checked as Writer and ValueWriter check it, so that an edit cannot bring in a line of its own;
// Content-Length is changed by ReplaceBody() and AddContentLength() alone. What an edit does to the meaning
// (a From taken out) is the caller's matter.
//
//   std::array<Edit, 8> storage;
//   EditList edits(request, storage);
//   edits.ReplaceRequestUri(target);           // 16.6 step 2
//   edits.DecrementMaxForwards();              // step 3
//   edits.Push(HeaderId::kRecordRoute, self);  // step 4
//   edits.Pop(HeaderId::kRoute);               // 16.4
//   edits.Push(HeaderId::kVia, via);           // step 8
//   const Edited forwarded = edits.Apply(out);
#ifndef SANSIP_CORE_MESSAGE_EDIT_H_
#define SANSIP_CORE_MESSAGE_EDIT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "sansip/core/message/draft.h"
#include "sansip/core/message/message_view.h"
#include "sansip/core/message/output.h"

namespace sansip {

enum class EditError : std::uint8_t {
  kNone,
  kNoRoom,        // needed > the span
  kTooManyEdits,  // for the storage
  kNoSuchPlace,   // no such header field or element, no Request-URI, Max-Forwards 0
  kOverlap,       // two edits of the same bytes
  kBadName,       // not a token, or Content-Length
  kBadValue,      // what no header value, or no single element, may hold
  kBadUri,        // a Request-URI that is none
};

// One edit; EditList makes them. `begin` and `end` bound the bytes that are replaced.
struct Edit {
  enum class Kind : std::uint8_t { kNothing, kLine, kValue, kElement, kRequestUri, kNumber, kLength };

  Kind kind = Kind::kNothing;
  std::uint8_t number = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::int32_t order = 0;  // among those at one place
  HeaderLine line;         // what is put in: name and value, or the value alone
};

struct Edited {
  EditError error = EditError::kNone;
  std::size_t needed = 0;  // 0 after an error other than kNoRoom
  std::string_view text;   // the whole message; empty after an error
};

class EditList {
 public:
  // A message that was accepted. The message, the storage and every text that an edit is given are borrowed
  // until Apply() is done. A call takes one edit; Pop() and RemoveAll() one a header field.
  EditList(const MessageView& message, std::span<Edit> storage) : message_(message), storage_(storage) {}

  // `header` is a place in message.header().
  void InsertBefore(std::size_t header, const HeaderLine& line);
  void InsertAfter(std::size_t header, const HeaderLine& line);
  void InsertAtTop(const HeaderLine& line);
  void InsertAtBottom(const HeaderLine& line);
  void Replace(std::size_t header, const HeaderLine& line);       // the whole field
  void ReplaceValue(std::size_t header, std::string_view value);  // its name stays as it is
  void Remove(std::size_t header);
  // Of a comma list, counted within this header field. Neighbours are removed by one call; removing all
  // removes the field.
  void ReplaceElement(std::size_t header, std::size_t element, std::string_view text);
  void RemoveElements(std::size_t header, std::size_t first, std::size_t count);

  // The first header field with this id, its value; at the bottom where there is none.
  void Set(HeaderId id, std::string_view value);
  void RemoveAll(HeaderId id);
  // Comma lists as stacks, over all their header fields: Via, Route, Record-Route, Path. A pushed value gets
  // a line of its own above the first one's and those pushed before; where there is none, below the last Via.
  void Push(HeaderId id, std::string_view value);
  void Pop(HeaderId id, std::size_t count = 1);         // so many elements from the top
  void ReplaceTop(HeaderId id, std::string_view text);  // the first element

  void ReplaceRequestUri(std::string_view uri);
  // RFC 3261 16.6 step 3: one less; 70 where there is none. An answer to 0 is the caller's (16.3: 483).
  void DecrementMaxForwards();
  // The body and its Content-Length; what Content-Type says is the caller's.
  void ReplaceBody(std::string_view body);
  // RFC 3261 16.6 step 9, for a stream: where there is none.
  void AddContentLength();

  std::size_t size() const { return size_; }
  EditError error() const { return error_; }  // of the edits so far, as far as it shows before Apply()
  // The blank line is there in any case. May be called again.
  [[nodiscard]] Edited Apply(std::span<char> out);

 private:
  struct Range {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };

  void Add(Edit::Kind kind, Range range, const HeaderLine& line = {});
  void AddLength();
  bool IsHeader(std::size_t header);
  std::size_t FirstOf(HeaderId id) const;  // header_count() if there is none
  Range LineAt(std::size_t header) const;
  Range ValueAt(std::size_t header) const;
  Range Within(std::size_t header, std::size_t begin, std::size_t end) const;  // offsets in its value
  std::uint32_t BelowVias() const;
  std::uint32_t SectionEnd() const;
  std::string_view Text(std::size_t begin, std::size_t end) const;
  void Fail(EditError error);
  EditError Put(const Edit& edit, Output& out) const;
  EditError PutAll(Output& out) const;

  MessageView message_;
  std::span<Edit> storage_;
  std::size_t size_ = 0;
  std::optional<std::string_view> body_;
  bool has_length_ = false;  // an edit of Content-Length is there
  EditError error_ = EditError::kNone;
};

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_EDIT_H_
