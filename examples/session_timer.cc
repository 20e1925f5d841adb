// RFC 4028 for a stack that is not sansip: //session_timer alone, no transactions, no dialogs, no sockets.
//
// The stack here is a toy: a message is a map, the network is a function call, the clock jumps from deadline
// to deadline. What a real one has to do is in Phone: read the facts out of its own messages, put the header
// fields into them, report every 2xx and every failure, and keep one deadline.
//
//   bazel run //examples:session_timer
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <variant>

#include "sansip/core/message/fields/session_expires.h"
#include "sansip/core/message/header_id.h"
#include "sansip/session_timer/session_timer.h"

namespace {

using namespace sansip;  // an example, not a header

// ---- The toy stack

struct Message {
  int status = 0;  // 0: a request
  std::uint32_t cseq = 0;
  std::map<std::string, std::string> headers;
};

Instant now{};
bool line_is_cut = false;

// ---- What session timers need of it

SessionTimerFacts FactsOf(const Message& message) {
  SessionTimerFacts facts;
  SessionExpires expires;
  MinSe min_se;
  const auto has = [&message](const char* name) { return message.headers.count(name) != 0; };
  if (has("Session-Expires")) {
    facts.malformed = !ParseSessionExpires(message.headers.at("Session-Expires"), expires).ok();
    facts.session_expires = expires.seconds;
    facts.refresher = expires.refresher;
  }
  if (has("Min-SE")) {
    facts.malformed = !ParseMinSe(message.headers.at("Min-SE"), min_se).ok() || facts.malformed;
    facts.min_se = min_se.seconds;
  }
  facts.supported = has("Supported");
  facts.required = has("Require");
  return facts;
}

void Add(const SessionTimerLines& lines, Message& message) {
  for (const HeaderLine& line : lines.lines()) message.headers[std::string(HeaderName(line.id))] = line.value;
  message.headers["Supported"] = "timer";
}

class NoRandom final : public RandomSource {
 public:
  std::uint64_t Next() override { return 0; }
};

class Phone {
 public:
  Phone(const char* name, const SessionTimerWish& wish, bool calls)
      : name_(name), wish_(wish), timer_(wish_, /*owns_call_id=*/calls) {}

  void Call(Phone& peer) { Send(HeadersForInitialInvite(wish_, 0), peer); }

  Instant next_deadline() const { return timer_.next_deadline(); }
  void OnDeadline(Phone& peer) {
    SinkOf<SessionTimerAction, SessionTimer::kActionsPerEventMax> actions;
    timer_.OnDeadline(now, actions);
    Execute(actions, peer);
  }

  bool ended = false;
  int refreshes = 0;

 private:
  // An INVITE and its response, at once.
  void Send(const SessionTimerHeaders& sent, Phone& peer) {
    Message request{.cseq = ++cseq_, .headers = {}};
    Add(SessionTimerLines(sent), request);
    const Message response =
        line_is_cut ? Message{.status = 408, .cseq = cseq_, .headers = {}} : peer.Answer(request);
    Print("INVITE", request);
    Print(response.status == 408 ? "  no answer" : "  200", response);
    if (response.status == 200) {
      timer_.On2xxReceived(now, Method::kInvite, request.cseq, sent, FactsOf(response));
      return;
    }
    SinkOf<SessionTimerAction, SessionTimer::kActionsPerEventMax> actions;
    RefreshFailure failure;
    failure.status = response.status;
    failure.sent = sent;
    failure.answer = FactsOf(response);
    timer_.OnRefreshFailed(now, failure, random_, actions);
    Execute(actions, peer);
  }

  Message Answer(const Message& request) {
    timer_.OnPeerMessage(FactsOf(request), /*is_refresh_request_in_dialog=*/request.cseq > 1);
    const SessionTimerAnswer answer = AnswerSessionTimer(wish_, FactsOf(request), timer_.memory().interval);
    Message response{.status = answer.refuse_status == 0 ? 200 : answer.refuse_status,
                     .cseq = request.cseq,
                     .headers = {}};
    Add(SessionTimerLines(answer), response);
    if (response.status == 200) timer_.On2xxSent(now, Method::kInvite, answer);
    return response;
  }

  void Execute(const SessionTimerSink& actions, Phone& peer) {
    for (const SessionTimerAction& action : actions) {
      if (std::holds_alternative<session_timer_action::Refresh>(action)) {
        ++refreshes;
        Send(timer_.HeadersForRequest(), peer);
      } else if (std::holds_alternative<session_timer_action::Expiring>(action)) {
        Print("expires soon", {});
      } else {
        ended = true;
        Print("BYE", {});
      }
    }
  }

  void Print(const char* what, const Message& message) const {
    const long long seconds =
        std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    std::printf("%6lld s  %-6s%s", seconds, name_, what);
    for (const auto& [name, value] : message.headers) std::printf("  %s: %s", name.c_str(), value.c_str());
    std::puts("");
  }

  const char* name_;
  SessionTimerWish wish_;
  SessionTimer timer_;
  NoRandom random_;
  std::uint32_t cseq_ = 0;
};

}  // namespace

int main() {
  Phone alice("alice", {.session_expires = 1800}, /*calls=*/true);
  Phone bob("bob", {.session_expires = 600, .refresher = Refresher::kUas}, /*calls=*/false);
  alice.Call(bob);
  while (!alice.ended || !bob.ended) {
    Phone& first = alice.next_deadline() <= bob.next_deadline() ? alice : bob;
    now = first.next_deadline();
    line_is_cut = now > Instant(std::chrono::hours(1));
    first.OnDeadline(&first == &alice ? bob : alice);
  }
  std::printf("Bob refreshed %d times; both gave up when nothing came through any more.\n", bob.refreshes);
  return bob.refreshes == 13 && alice.refreshes == 0 ? 0 : 1;
}
