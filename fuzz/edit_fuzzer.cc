// Random edits over an accepted message; and what is left of a message as message/sipfrag.
//
// Oracles: what the edits make of every line is worked out a second time, line by line; the result is those
// lines, in that order, byte for byte, with no header field that was neither in the message nor in an edit;
// it parses, unless an edit was about a field that a parser looks at; an error leaves nothing; a valid
// message without its start-line, some header fields or its body is a valid sipfrag (RFC 3420 2).
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/base/check.h"
#include "sansip/core/message/edit.h"
#include "sansip/core/message/field_check.h"
#include "sansip/core/message/fields/max_forwards.h"
#include "sansip/core/message/header_line.h"
#include "sansip/core/message/parser.h"
#include "sansip/core/message/sipfrag.h"
#include "sansip/fuzz/byte_source.h"
#include "sansip/fuzz/message_model.h"

namespace sansip {
namespace {

// A line of the result: its bytes, or, where an element was taken out of it, the elements.
struct Line {
  std::string bytes;
  bool by_elements = false;
  std::vector<std::string> elements;
};

std::string Written(const HeaderLine& line) {
  const std::string_view name = line.id == HeaderId::kOther ? line.name : HeaderName(line.id);
  return std::string(name) + ": " + Unfolded(line.value) + "\r\n";
}

class Model {
 public:
  explicit Model(const MessageView& message) : message_(message), gaps_(message.header_count() + 1) {
    const MessageIndex& index = message.index();
    const std::size_t base = index.message.begin;
    const std::string_view bytes = message.bytes();
    const std::size_t section = index.header_section.begin - base;
    start_line_ = bytes.substr(0, section);
    body_ = message.body();
    for (std::size_t i = 0; i < index.header_count; ++i) {
      const std::size_t begin = index.headers[i].name.begin - base;
      const std::size_t end = i + 1 < index.header_count ? index.headers[i + 1].name.begin - base
                                                         : section + index.header_section.size;
      headers_.push_back({std::string(bytes.substr(begin, end - begin)), false, {}});
      values_.push_back({index.headers[i].value.begin - base - begin, index.headers[i].value.size});
    }
  }

  void Insert(std::size_t gap, const HeaderLine& line, bool on_top = false) {
    std::vector<Line>& lines = on_top ? gaps_[gap].pushed : gaps_[gap].inserted;
    lines.insert(on_top ? lines.begin() : lines.end(), Line{Written(line), false, {}});
    Touch(line.id == HeaderId::kOther ? HeaderIdFromName(line.name) : line.id);
  }
  void Replace(std::size_t header, const HeaderLine& line) {
    Remove(header);
    headers_[header].bytes = Written(line);
    Touch(HeaderIdFromName(line.id == HeaderId::kOther ? line.name : HeaderName(line.id)));
  }
  void Remove(std::size_t header) {
    Touch(message_.header(header).id);
    headers_[header].bytes.clear();
  }
  void ReplaceIn(std::size_t header, std::size_t begin, std::size_t size, std::string_view text) {
    Touch(message_.header(header).id);
    std::string& bytes = headers_[header].bytes;
    // Shorter: an edit before this one was about the same line, which is an error.
    const std::size_t at = values_[header].begin + begin;
    if (at <= bytes.size()) bytes.replace(at, size, Unfolded(text));
  }
  void ReplaceValue(std::size_t header, std::string_view text) {
    ReplaceIn(header, 0, values_[header].size, text);
  }
  // Removed elements; all of them take the line with them. Edits of one line exclude one another, but for
  // elements: those are compared as a list.
  void EditElements(std::size_t header) {
    Touch(message_.header(header).id);
    Line& line = headers_[header];
    if (line.by_elements) return;
    line.by_elements = true;
    line.elements = ElementsIn(message_.header(header).value);
  }
  void RemoveElements(std::size_t header, std::size_t first, std::size_t count) {
    EditElements(header);
    std::vector<std::string>& elements = headers_[header].elements;
    for (std::size_t i = first; i < first + count; ++i) elements.at(i).clear();
    bool is_any = false;
    for (const std::string& element : elements) is_any = is_any || !element.empty();
    if (!is_any) headers_[header] = {};
  }
  void ReplaceElement(std::size_t header, std::size_t n, std::string_view text) {
    EditElements(header);
    headers_[header].elements.at(n) = Trim(Unfolded(text));
  }

  std::size_t FirstOf(HeaderId id) const {
    for (std::size_t i = 0; i < headers_.size(); ++i) {
      if (message_.header(i).id == id) return i;
    }
    return headers_.size();
  }
  std::size_t BelowVias() const {
    std::size_t gap = 0;
    for (std::size_t i = 0; i < headers_.size(); ++i) {
      if (message_.header(i).id == HeaderId::kVia) gap = i + 1;
    }
    return gap;
  }
  void Touch(HeaderId id) { is_touched = is_touched || IsLookedAt(id); }

  std::vector<Line> Lines() const {
    std::vector<Line> lines;
    for (std::size_t i = 0; i < gaps_.size(); ++i) {
      lines.insert(lines.end(), gaps_[i].pushed.begin(), gaps_[i].pushed.end());
      lines.insert(lines.end(), gaps_[i].inserted.begin(), gaps_[i].inserted.end());
      if (i < headers_.size() && !(headers_[i].bytes.empty())) lines.push_back(headers_[i]);
    }
    return lines;
  }

  bool is_touched = false;    // a field that a parser looks at
  bool wants_length = false;  // of the body that there is in the end
  std::string start_line_;
  std::string body_;

 private:
  struct Gap {
    std::vector<Line> pushed;
    std::vector<Line> inserted;
  };
  struct Value {
    std::size_t begin;
    std::size_t size;
  };
  const MessageView& message_;
  std::vector<Gap> gaps_;  // before each header field, and below the last
  std::vector<Line> headers_;
  std::vector<Value> values_;
};

// One choice of an edit and its arguments, given to the list; and to the model, as far as it can be done.
class Editing {
 public:
  Editing(const MessageView& message, EditList& edits, Model& model)
      : message_(message), edits_(edits), model_(model), count_(message.header_count()) {}

  void Choose(ByteSource& bytes) {
    const std::size_t kind = bytes.Below(18);
    header_ = bytes.Byte();
    const std::size_t numbers = bytes.Byte();
    first_ = numbers & 3;
    number_ = numbers >> 2 & 3;
    line_ = {.value = bytes.Take(bytes.Below(64)), .name = "X-New"};
    if ((numbers & 16) != 0) line_.name = bytes.Take(bytes.Below(16));
    if ((numbers & 32) != 0) line_.id = static_cast<HeaderId>(bytes.Byte() % kHeaderIdCount);
    id_ = static_cast<HeaderId>(header_ % kHeaderIdCount);
    if ((numbers & 64) != 0 && count_ > 0) id_ = message_.header(header_ % count_).id;
    if ((numbers & 128) == 0 && count_ > 0) header_ %= count_;
    kind < 9 ? EditPlace(kind) : kind < 14 ? EditField(kind) : EditRest(kind);
  }

 private:
  void EditPlace(std::size_t kind) {
    const bool is_there = header_ < count_;
    switch (kind) {
      case 0:
        edits_.InsertBefore(header_, line_);
        if (is_there) model_.Insert(header_, line_);
        break;
      case 1:
        edits_.InsertAfter(header_, line_);
        if (is_there) model_.Insert(header_ + 1, line_);
        break;
      case 2:
        edits_.InsertAtTop(line_);
        model_.Insert(0, line_);
        break;
      case 3:
        edits_.InsertAtBottom(line_);
        model_.Insert(count_, line_);
        break;
      case 4:
        edits_.Replace(header_, line_);
        if (is_there) model_.Replace(header_, line_);
        break;
      case 5:
        edits_.ReplaceValue(header_, line_.value);
        if (is_there) model_.ReplaceValue(header_, line_.value);
        break;
      case 6:
        edits_.Remove(header_);
        if (is_there) model_.Remove(header_);
        break;
      case 7:
        edits_.ReplaceElement(header_, first_, line_.value);
        if (edits_.error() == EditError::kNone) model_.ReplaceElement(header_, first_, line_.value);
        break;
      default:
        edits_.RemoveElements(header_, first_, number_);
        if (edits_.error() == EditError::kNone) model_.RemoveElements(header_, first_, number_);
        break;
    }
  }

  void EditField(std::size_t kind) {
    const std::size_t first = model_.FirstOf(id_);
    switch (kind) {
      case 9:
        edits_.Set(id_, line_.value);
        if (first < count_) model_.ReplaceValue(first, line_.value);
        if (first == count_) model_.Insert(count_, {id_, line_.value});
        break;
      case 10:
        edits_.RemoveAll(id_);
        for (std::size_t i = first; i < count_; ++i) {
          if (message_.header(i).id == id_) model_.Remove(i);
        }
        break;
      case 11:
        edits_.Push(id_, line_.value);
        model_.Insert(first < count_ ? first : model_.BelowVias(), {id_, line_.value}, /*on_top=*/true);
        break;
      case 12:
        edits_.Pop(id_, number_);
        if (edits_.error() == EditError::kNone) PopModel();
        break;
      default:
        edits_.ReplaceTop(id_, line_.value);
        if (edits_.error() != EditError::kNone) break;
        for (std::size_t i = first; i < count_; ++i) {
          if (message_.header(i).id != id_ || ElementsIn(message_.header(i).value).empty()) continue;
          model_.ReplaceElement(i, 0, line_.value);
          break;
        }
        break;
    }
  }

  void EditRest(std::size_t kind) {
    const std::string_view uri = message_.request_uri();
    switch (kind) {
      case 14:
        edits_.ReplaceRequestUri(line_.value);
        if (edits_.error() == EditError::kNone) {
          const std::size_t at = message_.method_text().size() + 1;
          model_.start_line_.replace(at, uri.size(), line_.value);
        }
        break;
      case 15: {
        const std::size_t first = model_.FirstOf(HeaderId::kMaxForwards);
        edits_.DecrementMaxForwards();
        if (edits_.error() != EditError::kNone) break;
        const std::string number = std::to_string(MaxForwardsOf(message_) - 1);
        if (first < count_) model_.ReplaceValue(first, number);
        if (first == count_) model_.Insert(model_.BelowVias(), {HeaderId::kMaxForwards, "70"});
        break;
      }
      case 16:
        edits_.ReplaceBody(line_.value);
        model_.body_ = line_.value;
        model_.wants_length = true;
        break;
      default:
        edits_.AddContentLength();
        model_.wants_length = true;
        break;
    }
  }

  void PopModel() {
    std::size_t left = number_;
    for (std::size_t i = 0; i < count_ && left > 0; ++i) {
      if (message_.header(i).id != id_) continue;
      const std::size_t there = std::min(ElementsIn(message_.header(i).value).size(), left);
      if (there > 0) model_.RemoveElements(i, 0, there);
      left -= there;
    }
    SANSIP_CHECK(left == 0);
  }

  const MessageView& message_;
  EditList& edits_;
  Model& model_;
  std::size_t count_;
  std::size_t header_ = 0;
  std::size_t first_ = 0;
  std::size_t number_ = 0;
  HeaderId id_ = HeaderId::kOther;
  HeaderLine line_;
};

bool IsContentLength(std::string_view line) {
  const std::string_view name = line.substr(0, line.find(':'));
  return HeaderIdFromName(Trim(name)) == HeaderId::kContentLength;
}

void CheckLine(std::string_view line, const HeaderText& header, const Line& expected, const Model& model) {
  const std::string_view value = line.substr(header.value_begin, header.value_size);
  if (IsContentLength(line) && model.wants_length) {
    SANSIP_CHECK(IsContentLength(expected.bytes) && ParseDecimal(value, SIZE_MAX) == model.body_.size());
  } else if (expected.by_elements) {
    std::vector<std::string> left;
    for (const std::string& element : expected.elements) {
      if (!element.empty()) left.push_back(element);
    }
    SANSIP_CHECK(ElementsIn(value) == left);
    // No comma is left over that separated something.
    HeaderText before;
    SANSIP_CHECK(TakeHeaderLine(expected.bytes, 0, /*accept_bare_lf=*/false, before).ok());
    const std::string_view old =
        std::string_view(expected.bytes).substr(before.value_begin, before.value_size);
    SANSIP_CHECK(!value.starts_with(',') || old.starts_with(','));
    SANSIP_CHECK(!value.ends_with(',') || old.ends_with(','));
    SANSIP_CHECK(line.substr(0, header.name_size) == expected.bytes.substr(0, header.name_size));
  } else {
    SANSIP_CHECK(line == expected.bytes);
  }
}

void CheckResult(std::string_view text, const Model& model, const MessageView& message) {
  SANSIP_CHECK(text.starts_with(model.start_line_));
  std::vector<Line> lines = model.Lines();
  bool has_length = message.Has(HeaderId::kContentLength);
  if (model.wants_length && !has_length) {
    // Where in the order of what is at the bottom, the next lines tell.
    has_length = true;
    lines.push_back({"Content-Length:", false, {}});
  }
  std::size_t at = model.start_line_.size();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    HeaderText header;
    const std::string_view rest = text.substr(at);
    SANSIP_CHECK(TakeHeaderLine(rest, 0, /*accept_bare_lf=*/false, header).ok());
    const std::string_view line = rest.substr(0, header.end.next);
    const bool is_new_length = IsContentLength(line) && !message.Has(HeaderId::kContentLength);
    if (is_new_length) {
      SANSIP_CHECK(IsContentLength(lines.back().bytes));
      lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(i), lines.back());
      lines.pop_back();
    }
    CheckLine(line, header, lines[i], model);
    at += line.size();
  }
  SANSIP_CHECK(text.substr(at) == "\r\n" + model.body_);
}

// The message with what RFC 3420 2 lets one take out of it.
void CheckFragment(const MessageView& message, std::string_view whole, ByteSource& bytes) {
  const std::uint8_t choice = bytes.Byte();
  const MessageIndex& index = message.index();
  std::string text;
  if (choice & 1)
    text = std::string(message.bytes().substr(0, index.header_section.begin - index.message.begin));
  const bool has_body = (choice & 2) != 0 && message.Has(HeaderId::kContentType);
  for (std::size_t i = 0; i < message.header_count(); ++i) {
    const HeaderView header = message.header(i);
    const bool stays = has_body && header.id == HeaderId::kContentType;
    if (!stays && !bytes.Bool()) continue;
    // In a response it means nothing, so nobody has looked at it.
    if (message.is_response() && header.id == HeaderId::kMaxForwards) continue;
    text.append(header.name).append(": ").append(header.value).append("\r\n");
  }
  if (has_body) text.append("\r\n").append(message.body());
  // Without its start-line a fragment is looked at like a response.
  MessageIndex as_response = index;
  as_response.is_request = false;
  if ((choice & 1) == 0 && !CheckFields(MessageView(whole, as_response)).ok()) return;
  const auto fragment = std::make_unique<MessageIndex>();
  StartLine start_line = StartLine::kNone;
  SANSIP_CHECK(ParseSipfrag(text, start_line, *fragment, NoLimits()).ok());
  const MessageView view(text, *fragment);
  SANSIP_CHECK((start_line == StartLine::kNone) == ((choice & 1) == 0));
  SANSIP_CHECK(!has_body || view.body() == message.body());
  if (choice & 1)
    SANSIP_CHECK(view.status_code() == message.status_code() && view.method() == message.method());
}

void Run(ByteSource bytes) {
  const std::size_t count = bytes.Below(7);
  const std::string_view choices = bytes.Take(std::size_t{4} * bytes.Byte());
  const std::string_view text = bytes.Rest();
  const auto index = std::make_unique<MessageIndex>();
  if (!Parser().Parse(text, Framing::kDatagram, *index).ok()) return;
  const MessageView message(text, *index);
  ByteSource source(reinterpret_cast<const std::uint8_t*>(choices.data()), choices.size());
  std::array<Edit, 64> storage;
  EditList edits(message, storage);
  Model model(message);
  Editing editing(message, edits, model);
  for (std::size_t i = 0; i < count; ++i) editing.Choose(source);
  std::string out(text.size() + 1024, '\0');
  const Edited edited = edits.Apply(out);
  if (edited.error != EditError::kNone) {
    SANSIP_CHECK(edited.needed == 0 && edited.text.empty());
  } else {
    SANSIP_CHECK(edited.needed == edited.text.size());
    CheckResult(edited.text, model, message);
    const auto result = std::make_unique<MessageIndex>();
    const ParseError error = Parser(NoLimits()).Parse(edited.text, Framing::kDatagram, *result);
    SANSIP_CHECK(error.ok() || model.is_touched || error.code == ParseCode::kTooManyHeaders);
  }
  if (CheckFields(message).ok()) CheckFragment(message, text, source);
}

}  // namespace
}  // namespace sansip

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sansip::Run(sansip::ByteSource(data, size));
  return 0;
}
