#include "sansip/tests/reference/side_by_side.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include "sansip/core/base/check.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/tests/reference/message.h"

namespace sansip::reference {

namespace {

constexpr std::size_t kLinesShown = 40;

std::string TimeText(Instant at) {
  if (at == kNever) return "never";
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count();
  std::string digits = std::to_string(us % 1000000 + 1000000);
  return std::to_string(us / 1000000) + "." + digits.substr(1);
}

std::string NameOf(int number) {
  if (number <= 0) return number == 0 ? "(none)" : "(unknown)";
  return "#" + std::to_string(number);
}

std::string FirstLineOf(std::string_view text) { return std::string(text.substr(0, text.find("\r\n"))); }

// What the InputPlayer's call said, in the words of the reference.
std::string_view AnswerOf(RespondError error) {
  switch (error) {
    case RespondError::kNone:
      return "";
    case RespondError::kStale:
      return "gone";
    case RespondError::kWrongState:
      return "not now";
    case RespondError::kNotAllowed:
      return "never";
    default:
      return "no room";
  }
}

std::string_view ReasonOf(FailureReason reason) {
  constexpr std::string_view kReasons[] = {"timeout", "no ACK", "transport error"};
  return kReasons[static_cast<std::size_t>(reason)];
}

}  // namespace

std::string BytesOf(std::uint64_t seed) {
  constexpr std::size_t kBytes = 200;
  testing::SeededRandom random(seed);
  std::string bytes;
  while (bytes.size() < kBytes) bytes += static_cast<char>(random.Next() >> 56);
  return bytes;
}

SideBySide::SideBySide(std::string_view bytes, bool ladder)
    : source_(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()),
      has_ladder_(ladder),
      options_(OptionsFrom(source_, &taken_)),
      layer_(options_, random_),
      player_(layer_, parser_),
      reference_([this](int number) { return MadeTag(number); }) {}

bool SideBySide::Run() {
  while (inputs_ < kInputsMax && !source_.empty() && !is_different_) One();
  if (!is_different_) Finish();
  return !is_different_;
}

void SideBySide::Apply(const TransactionInput& input) {
  if (is_different_) return;
  ++inputs_;
  sink_.Clear();
  if (companion_ != nullptr) companion_->Before(input);
  const InputOutcome outcome = player_.Apply(input, sink_);
  if (companion_ != nullptr) companion_->After(input, outcome, sink_);
  for (const ArrowTaken& taken : taken_) ++arrows_[std::string(ArrowName(taken.machine, taken.arrow))];
  taken_.Clear();
  const Instant now = input.now;
  if (const auto* received = std::get_if<input::Received>(&input.what)) {
    SANSIP_CHECK(parser_.Parse(received->bytes, Framing::kStream, index_).ok());
    reference_.Receive(
        now, received->origin,
        TimesWith(options_.server_timers(received->origin, MessageView(received->bytes, index_))),
        MessageView(received->bytes, index_));
  } else if (const auto* request = std::get_if<input::SendRequest>(&input.what)) {
    if (outcome.started.error != StartError::kNone || sink_.empty())
      return Differ("the layer takes no request");
    const auto* first = std::get_if<action::Transmit>(&sink_[0]);
    if (first == nullptr) return Differ("the layer sends no request");
    reference_.SendRequest(now, request->path.flow, IsReliable(request->path.transport),
                           TimesWith(request->timers), request->cookie.value, std::string(first->wire));
  } else if (const auto* response = std::get_if<input::SendResponse>(&input.what)) {
    const std::string answer =
        reference_.SendResponse(now, numbers_[response->id], response->status_code, response->to_tag);
    if (answer != AnswerOf(outcome.respond_error)) {
      Differ("answer: layer \"" + std::string(AnswerOf(outcome.respond_error)) + "\", reference \"" + answer +
             "\"");
    }
  } else if (const auto* error = std::get_if<input::TransportError>(&input.what)) {
    reference_.TransportError(now, numbers_[error->id]);
  } else if (const auto* flow = std::get_if<input::FlowFailed>(&input.what)) {
    reference_.FlowFailed(now, flow->flow);
  } else if (std::holds_alternative<input::Deadline>(input.what)) {
    reference_.Deadline(now);
  } else if (const auto* resend = std::get_if<input::ResendFinal>(&input.what)) {
    reference_.ResendFinal(now, numbers_[resend->id]);
  } else if (const auto* cancel = std::get_if<input::Cancel>(&input.what)) {
    reference_.Cancel(now, numbers_[cancel->id]);
  } else if (const auto* abandon = std::get_if<input::Abandon>(&input.what)) {
    reference_.Abandon(now, numbers_[abandon->id]);
  }
  CompareEvents(reference_.TakeEvents());
  CompareStates();
}

void SideBySide::CompareEvents(const std::vector<Event>& ours) {
  std::size_t same = 0;
  while (same < sink_.size() && same < ours.size() && IsSame(sink_[same], ours[same])) ++same;
  events_ += same;
  const bool is_same = same == sink_.size() && same == ours.size();
  if (is_same && !has_ladder_) return;
  for (std::size_t i = 0; i < same; ++i) Note("    both: " + TextOf(sink_[i]));
  for (std::size_t i = same; i < sink_.size(); ++i) Note("    layer: " + TextOf(sink_[i], i == same));
  for (std::size_t i = same; i < ours.size(); ++i) Note("    reference: " + TextOf(ours[i], i == same));
  if (!is_same) Differ("actions");
}

// An id is met for the first time where the reference has a number for the first time.
bool SideBySide::IsNamed(TransactionId id, int number) {
  if (id.is_nil() || number == 0) return id.is_nil() && number == 0;
  if (static_cast<std::size_t>(number) == ids_.size() && !numbers_.contains(id)) {
    ids_.push_back(id);
    numbers_[id] = number;
    living_.insert(number);
  }
  const auto found = numbers_.find(id);
  return found != numbers_.end() && found->second == number;
}

bool SideBySide::IsSame(const Action& action, const Event& event) {
  if (const auto* transmit = std::get_if<action::Transmit>(&action)) {
    if (event.kind != Event::Kind::kTransmit || !IsNamed(transmit->id, event.transaction)) return false;
    if (transmit->flow != event.flow) return false;
    if (transmit->wire != event.what && Canonical(transmit->wire) != Canonical(event.what)) return false;
    const std::string text(transmit->wire);
    if (text.starts_with("SIP/2.0 ")) {
      responses_[event.transaction] = text;
    } else if (!text.starts_with("ACK ") &&
               std::find(requests_sent_.begin(), requests_sent_.end(), text) == requests_sent_.end()) {
      requests_sent_.push_back(text);
    }
    return true;
  }
  if (const auto* request = std::get_if<action::DeliverRequest>(&action)) {
    return event.kind == Event::Kind::kDeliver && IsNamed(request->id, event.transaction) &&
           request->request->method_text() == event.what;
  }
  if (const auto* response = std::get_if<action::DeliverResponse>(&action)) {
    return event.kind == Event::Kind::kDeliver && IsNamed(response->id, event.transaction) &&
           std::to_string(response->response->status_code()) == event.what &&
           response->cookie.value == event.cookie;
  }
  if (const auto* failed = std::get_if<action::Failed>(&action)) {
    return event.kind == Event::Kind::kFailed && IsNamed(failed->id, event.transaction) &&
           ReasonOf(failed->reason) == event.what && failed->cookie.value == event.cookie;
  }
  const auto& gone = std::get<action::Gone>(action);
  return event.kind == Event::Kind::kGone && IsNamed(gone.id, event.transaction) &&
         gone.cookie.value == event.cookie;
}

void SideBySide::CompareStates() {
  if (is_different_) return;
  if (layer_.next_deadline() != reference_.NextDeadline()) {
    Differ("next deadline: layer " + TimeText(layer_.next_deadline()) + ", reference " +
           TimeText(reference_.NextDeadline()));
  }
  if (layer_.live() != reference_.Live()) Differ("transactions alive");
  if (layer_.client_transactions_without_final() != reference_.WaitingForFinal())
    Differ("client transactions without a final response");
  for (auto i = living_.begin(); i != living_.end();) {
    const int number = *i;
    CompareState(number);
    i = reference_.StateOf(number) == "Terminated" ? living_.erase(i) : std::next(i);
  }
}

void SideBySide::CompareState(int number) {
  const TransactionId id = ids_[static_cast<std::size_t>(number)];
  const std::string_view ours = reference_.StateOf(number);
  const std::string_view theirs = StateName(layer_.StateOf(id));
  if (ours != theirs) {
    Differ("state of " + NameOf(number) + ": layer " + std::string(theirs) + ", reference " +
           std::string(ours));
  }
  const TransactionId request = layer_.RequestOf(id);
  const std::vector<int> alike = reference_.RequestsOf(number);
  const bool is_one = std::any_of(alike.begin(), alike.end(), [&](int n) { return IsNamed(request, n); });
  if (request.is_nil() ? !alike.empty() : !is_one)
    Differ("the request of CANCEL " + NameOf(number) + ": layer " + NameOf(numbers_[request]));
}

// The tag that the layer has made for this transaction, in what it sends just now. It stays the same
// (8.2.6.2).
std::string SideBySide::MadeTag(int number) {
  for (const Action& action : sink_) {
    const auto* transmit = std::get_if<action::Transmit>(&action);
    if (transmit == nullptr || transmit->id != ids_[static_cast<std::size_t>(number)]) continue;
    return made_tags_.emplace(number, std::string(ToTag(*Read(transmit->wire)))).first->second;
  }
  return "none";
}

void SideBySide::Differ(const std::string& what) {
  is_different_ = true;
  Note("DIFFERENT: " + what);
}

void SideBySide::Note(const std::string& line) {
  if (has_ladder_) lines_.push_back(line);
}

void SideBySide::NoteInput(const std::string& what) { Note(TimeText(now_) + " " + what); }

std::string SideBySide::TextOf(const Action& action, bool is_whole) const {
  Event event;
  const auto name = [this, &event](TransactionId id) {
    const auto found = numbers_.find(id);
    event.transaction = id.is_nil() ? 0 : found == numbers_.end() ? -1 : found->second;
  };
  if (const auto* transmit = std::get_if<action::Transmit>(&action)) {
    name(transmit->id);
    event.kind = Event::Kind::kTransmit;
    event.what = std::string(transmit->wire);
    event.flow = transmit->flow;
  } else if (const auto* request = std::get_if<action::DeliverRequest>(&action)) {
    name(request->id);
    event.kind = Event::Kind::kDeliver;
    event.what = std::string(request->request->method_text());
  } else if (const auto* response = std::get_if<action::DeliverResponse>(&action)) {
    name(response->id);
    event.kind = Event::Kind::kDeliver;
    event.what = std::to_string(response->response->status_code());
    event.cookie = response->cookie.value;
  } else if (const auto* failed = std::get_if<action::Failed>(&action)) {
    name(failed->id);
    event.kind = Event::Kind::kFailed;
    event.what = std::string(ReasonOf(failed->reason));
    event.cookie = failed->cookie.value;
  } else {
    name(std::get<action::Gone>(action).id);
    event.cookie = std::get<action::Gone>(action).cookie.value;
  }
  return TextOf(event, is_whole);
}

std::string SideBySide::TextOf(const Event& event, bool is_whole) const {
  constexpr std::string_view kKinds[] = {"transmit", "deliver", "failed", "gone"};
  std::string text(kKinds[static_cast<std::size_t>(event.kind)]);
  text += " " + NameOf(event.transaction) + " ";
  if (!is_whole) return text + FirstLineOf(event.what);
  return text + "(flow " + std::to_string(event.flow.slot) + ", cookie " + std::to_string(event.cookie) +
         ") " + event.what;
}

std::string SideBySide::ladder() const {
  std::string text;
  const std::size_t first = lines_.size() > kLinesShown ? lines_.size() - kLinesShown : 0;
  for (std::size_t i = first; i < lines_.size(); ++i) text += lines_[i] + "\n";
  return text;
}

bool AreTheSame(std::string_view bytes, std::string& report) {
  if (SideBySide(bytes).Run()) return true;
  SideBySide again(bytes, /*ladder=*/true);
  again.Run();
  report = again.ladder();
  return false;
}

}  // namespace sansip::reference
