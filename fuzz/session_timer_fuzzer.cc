// Session timers (RFC 4028): the negotiation against its bounds, and one machine under any order of events.
//
// Oracles: an answer's interval is never above the request's nor below its Min-SE or 90; 422 goes to aware
// peers alone; nothing below 90 is written; between two 2xx the expiry stands still; deadlines are honest and
// few; an ended timer stays silent; the tries of one interval are bounded.
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "sansip/core/base/check.h"
#include "sansip/core/base/random.h"
#include "sansip/fuzz/byte_source.h"
#include "sansip/session_timer/session_timer.h"

namespace sansip {
namespace {

class BytesAsRandom : public RandomSource {
 public:
  explicit BytesAsRandom(ByteSource& bytes) : bytes_(bytes) {}
  std::uint64_t Next() override { return std::uint64_t{bytes_.Double()} << 32 | bytes_.Byte(); }

 private:
  ByteSource& bytes_;
};

// Values around what matters, or any.
std::uint32_t Seconds(ByteSource& bytes) {
  constexpr std::array<std::uint32_t, 12> kUsual = {0,    1,    89,   90,          91,          300,
                                                    1799, 1800, 1801, 0x7FFFFFFFu, 0xFFFFFFFFu, 96};
  const std::size_t choice = bytes.Below(kUsual.size() + 4);
  return choice < kUsual.size() ? kUsual[choice] : bytes.Double() >> bytes.Below(32);
}

std::optional<std::uint32_t> MaybeSeconds(ByteSource& bytes) {
  if (bytes.Bool()) return std::nullopt;
  return Seconds(bytes);
}

Refresher AnyRefresher(ByteSource& bytes) { return static_cast<Refresher>(bytes.Below(3)); }

SessionTimerWish AnyWish(ByteSource& bytes) {
  return {.enabled = bytes.Below(8) != 0,
          .session_expires = Seconds(bytes),
          .min_se = Seconds(bytes),
          .refresher = AnyRefresher(bytes),
          .method = bytes.Bool() ? RefreshMethod::kUpdate : RefreshMethod::kReinvite};
}

SessionTimerFacts AnyFacts(ByteSource& bytes) {
  SessionTimerFacts facts;
  const std::uint8_t flags = bytes.Byte();
  facts.supported = flags & 1;
  facts.required = flags & 2;
  facts.malformed = (flags & 0xF0) == 0xF0;
  if (flags & 4) facts.allows_update = (flags & 8) != 0;
  facts.session_expires = MaybeSeconds(bytes);
  facts.min_se = MaybeSeconds(bytes);
  facts.refresher = AnyRefresher(bytes);
  return facts;
}

void CheckHeaders(const SessionTimerHeaders& headers) {
  if (headers.min_se) SANSIP_CHECK(*headers.min_se >= kSessionIntervalMin);
  if (headers.session_expires) {
    SANSIP_CHECK(*headers.session_expires >= headers.min_se.value_or(kSessionIntervalMin));
  }
  const SessionTimerLines lines(headers);
  for (const HeaderLine& line : lines.lines()) SANSIP_CHECK(!line.value.empty());
}

void CheckAnswer(const SessionTimerFacts& request, const SessionTimerAnswer& answer) {
  if (answer.refuse_status != 0) {
    SANSIP_CHECK(request.malformed ? answer.refuse_status == 400 : answer.refuse_status == 422);
    SANSIP_CHECK(answer.session_expires == 0);
    if (request.malformed) return;
    SANSIP_CHECK(request.supported && request.session_expires);
    SANSIP_CHECK(answer.min_se >= kSessionIntervalMin && *request.session_expires < answer.min_se);
  } else if (answer.session_expires != 0) {
    SANSIP_CHECK(answer.session_expires >= kSessionIntervalMin);
    SANSIP_CHECK(answer.session_expires >= request.min_se.value_or(0));
    SANSIP_CHECK(!request.session_expires || answer.session_expires <= *request.session_expires);
    SANSIP_CHECK(answer.refresher != Refresher::kNone && answer.require_timer == request.supported);
  } else {
    SANSIP_CHECK(!answer.require_timer);
  }
}

// One timer, its time, and what its actions may say.
class Run {
 public:
  explicit Run(ByteSource& bytes)
      : bytes_(bytes), random_(bytes), wish_(AnyWish(bytes)), timer_(wish_, bytes.Bool()) {}

  void Play() {
    for (int event = 0; event < 200 && !bytes_.empty() && now_ < kEndOfTime; ++event) {
      const Instant expiry = timer_.status().expiry;
      const bool agreed = Step(bytes_.Below(10));
      SANSIP_CHECK(timer_.IsConsistent());
      const SessionTimerStatus status = timer_.status();
      // RFC 4028 10: only a 2xx moves the expiry.
      SANSIP_CHECK(agreed || status.expiry == expiry || status.state == SessionTimerState::kEnded);
      if (agreed && status.interval != 0) SANSIP_CHECK(status.end <= status.expiry && status.end > now_);
      CheckHeaders(timer_.HeadersForRequest());
    }
    Drain();
  }

 private:
  // An Instant reaches no further than two of the longest intervals.
  static constexpr Instant kEndOfTime{std::chrono::hours(24 * 365 * 140)};

  using Actions = SinkOf<SessionTimerAction, SessionTimer::kActionsPerEventMax>;

  // True for a 2xx that counts.
  bool Step(std::size_t verb) {
    Actions out;
    switch (verb) {
      case 0:
        return Receive2xx();
      case 1:
        return AnswerRequest();
      case 2:
        Fail(out);
        break;
      case 3:
        timer_.OnOfferPending();
        break;
      case 4:
        timer_.OnOfferSettled();
        break;
      case 5:
        timer_.OnPeerMessage(AnyFacts(bytes_), bytes_.Bool());
        break;
      case 6:
        if (bytes_.Below(8) == 0) timer_.OnCallEnded();
        break;
      case 7:  // any time, the past too
        timer_.OnDeadline(now_ - std::chrono::seconds(bytes_.Byte()), out);
        break;
      case 8:
        now_ += std::chrono::milliseconds(bytes_.Word());
        timer_.OnDeadline(now_, out);
        break;
      default:
        OnDue();
        break;
    }
    Look(out);
    return false;
  }

  bool Receive2xx() {
    const Method method = bytes_.Bool() ? Method::kInvite : Method::kUpdate;
    const SessionTimerHeaders sent =
        bytes_.Bool() ? timer_.HeadersForRequest() : HeadersForInitialInvite(wish_, Seconds(bytes_));
    timer_.On2xxReceived(now_, method, ++cseq_, sent, AnyFacts(bytes_));
    tries_ = 0;
    return true;
  }

  bool AnswerRequest() {
    const SessionTimerFacts request = AnyFacts(bytes_);
    timer_.OnPeerMessage(request, bytes_.Bool());
    const SessionTimerAnswer answer = AnswerSessionTimer(wish_, request, timer_.memory().interval);
    CheckAnswer(request, answer);
    if (answer.refuse_status != 0) return false;
    timer_.On2xxSent(now_, bytes_.Bool() ? Method::kInvite : Method::kUpdate, answer);
    tries_ = 0;
    return true;
  }

  void Fail(Actions& out) {
    constexpr std::array<int, 10> kStatuses = {0, 408, 481, 422, 491, 500, 503, 501, 488, 302};
    RefreshFailure failure{.status = kStatuses[bytes_.Below(kStatuses.size())]};
    failure.method = bytes_.Bool() ? RefreshMethod::kUpdate : RefreshMethod::kReinvite;
    failure.retry_after = MaybeSeconds(bytes_);
    failure.sent = timer_.HeadersForRequest();
    failure.answer = AnyFacts(bytes_);
    timer_.OnRefreshFailed(now_, failure, random_, out);
  }

  void OnDue() {
    const Instant due = timer_.next_deadline();
    if (due == kNever) return;
    if (due > now_) now_ = due;
    Actions out;
    timer_.OnDeadline(now_, out);
    SANSIP_CHECK(!out.empty());
    Look(out);
  }

  // What is left must come to an end by itself.
  void Drain() {
    timer_.OnOfferSettled();
    for (int events = 0; timer_.next_deadline() != kNever; ++events) {
      SANSIP_CHECK(events < 4);
      OnDue();
    }
  }

  void Look(const Actions& out) {
    for (const SessionTimerAction& action : out) {
      SANSIP_CHECK(!ended_);
      if (std::holds_alternative<session_timer_action::Refresh>(action)) {
        SANSIP_CHECK(++tries_ <= SessionTimer::kTriesMax);
      }
      if (std::holds_alternative<session_timer_action::End>(action)) ended_ = true;
    }
  }

  ByteSource& bytes_;
  BytesAsRandom random_;
  const SessionTimerWish wish_;
  SessionTimer timer_;
  Instant now_{std::chrono::hours(1)};
  std::uint32_t cseq_ = 0;
  int tries_ = 0;
  bool ended_ = false;
};

}  // namespace
}  // namespace sansip

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sansip::ByteSource bytes(data, size);
  const sansip::SessionTimerWish wish = sansip::AnyWish(bytes);
  sansip::CheckHeaders(sansip::HeadersForInitialInvite(wish, sansip::Seconds(bytes)));
  sansip::Run(bytes).Play();
  return 0;
}
