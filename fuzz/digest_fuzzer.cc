// Digest authentication: the client against any response, and against a server whose requests are bent on the
// way.
//
// Oracles: whatever a challenge says, the client gives up within its bounds and what it writes can be read
// again, without the password; our server's challenge is answered so that the server accepts it, once; with a
// byte of what is protected changed it is not accepted.
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sansip/core/auth/digest_client.h"
#include "sansip/core/auth/digest_server.h"
#include "sansip/core/base/check.h"
#include "sansip/core/message/fields/credentials.h"
#include "sansip/core/message/parser.h"
#include "sansip/fuzz/byte_source.h"
#include "sansip/transport/openssl_hashes.h"

namespace sansip {
namespace {

constexpr std::string_view kPassword = "a rare password";
constexpr std::string_view kUri = "sip:bob@biloxi.example";
const OpensslHashes hashes;

class Counting final : public RandomSource {
 public:
  std::uint64_t Next() override { return ++count_; }

 private:
  std::uint64_t count_ = 0;
};

// A message of these header lines; null: it cannot be read.
class Message {
 public:
  Message(std::string_view start, const std::string& lines)
      : bytes_(std::string(start) + "\r\n" + lines +
               "Via: SIP/2.0/UDP a.example;branch=z9hG4bK1\r\nTo: <sip:b@b.example>;tag=1\r\n"
               "From: <sip:a@a.example>;tag=2\r\nCall-ID: c\r\nMax-Forwards: 70\r\nCSeq: 1 INVITE\r\n\r\n") {
    ok_ = Parser().Parse(bytes_, Framing::kDatagram, index_).ok();
  }
  bool ok() const { return ok_; }
  MessageView view() const { return MessageView(bytes_, index_); }

 private:
  std::string bytes_;
  MessageIndex index_;
  bool ok_ = false;
};

std::string Line(std::string_view value) { return "WWW-Authenticate: " + std::string(value) + "\r\n"; }

// Answers every question until none is left to be asked.
void GiveAll(DigestClient& client) {
  for (int i = 0; const auto question = client.NextQuestion(); ++i) {
    SANSIP_CHECK(i < static_cast<int>(DigestClientLimits::kRealmsMax));
    const std::string realm(question->realm);
    SANSIP_CHECK(client.Provide(hashes, realm, question->is_proxy, "alice", kPassword));
  }
}

void AnyChallenges(ByteSource& source) {
  Counting random;
  DigestClient client;
  DigestAttempt attempt;
  for (int i = 0; i < 20 && !source.empty(); ++i) {
    const std::string value(source.Take(source.Byte()));
    const Message response(
        "SIP/2.0 401 Unauthorized",
        Line(value) + (source.Bool() ? Line("Digest realm=\"r\", nonce=\"n\", qop=\"auth\"") : ""));
    if (!response.ok()) continue;
    const DigestClient::Verdict verdict = client.OnChallenge(hashes, response.view(), attempt);
    SANSIP_CHECK(i < DigestClientLimits::kChallengesMax || verdict == DigestClient::Verdict::kGiveUp ||
                 attempt.challenges <= DigestClientLimits::kChallengesMax);
    GiveAll(client);
    SANSIP_CHECK(client.Resume(attempt) != DigestClient::Verdict::kAsk);
    for (const HeaderLine& line :
         client.Authorize(hashes, random, {.method = "INVITE", .uri = kUri, .is_invite = true}, attempt)) {
      Credentials credentials;
      SANSIP_CHECK(ParseCredentials(line.value, credentials).ok());
      SANSIP_CHECK(credentials.response && credentials.realm && credentials.nonce && credentials.uri);
      SANSIP_CHECK(line.value.find(kPassword) == std::string_view::npos);
    }
  }
}

void OwnServer(ByteSource& source) {
  constexpr std::array kAlgorithms = {DigestAlgorithm::kMd5,        DigestAlgorithm::kMd5Sess,
                                      DigestAlgorithm::kSha256,     DigestAlgorithm::kSha256Sess,
                                      DigestAlgorithm::kSha512_256, DigestAlgorithm::kSha512_256Sess};
  Counting random;
  DigestServerOptions options{.realm = "r\"\\ealm"};
  options.algorithms = {kAlgorithms[source.Below(kAlgorithms.size())]};
  options.offers_auth_int = source.Bool();
  options.nonces_max = 1 + source.Below(4);
  DigestServer server(options, hashes, random);
  DigestClient client;
  DigestAttempt attempt;
  const Instant now{};
  const Message response("SIP/2.0 401 Unauthorized", Line(server.Challenge(now, false)[0].value));
  SANSIP_CHECK(response.ok());
  SANSIP_CHECK(client.OnChallenge(hashes, response.view(), attempt) == DigestClient::Verdict::kAsk);
  GiveAll(client);
  const HexDigest secret =
      SecretOf(hashes, *HashOf(options.algorithms[0]), "alice", options.realm, kPassword);
  for (int i = 0; i < 8; ++i) {
    const DigestServer::Request request{.method = "INVITE", .uri = kUri};
    const auto lines = client.Authorize(hashes, random, {.method = "INVITE", .uri = kUri}, attempt);
    SANSIP_CHECK(lines.size() == 1);
    const std::string value(lines[0].value);
    std::string bent = value;
    const std::size_t at = source.Word() % bent.size();
    bent[at] = static_cast<char>(source.Byte());
    Credentials read, changed;
    SANSIP_CHECK(ParseCredentials(value, read).ok());
    if (ParseCredentials(bent, changed).ok() && !Equivalent(read, changed)) {
      // What is not protected: the opaque, parameters of others, the user, who chooses the secret.
      const bool is_protected = read.response != changed.response || read.nonce != changed.nonce ||
                                read.cnonce != changed.cnonce || read.nc != changed.nc ||
                                read.uri != changed.uri || read.qop != changed.qop;
      const bool is_accepted =
          server.Check(now, request, changed, secret.view()) == DigestServer::Result::kAccepted;
      SANSIP_CHECK(!is_protected || !is_accepted);
      if (is_accepted) continue;
    }
    SANSIP_CHECK(server.Check(now, request, read, secret.view()) == DigestServer::Result::kAccepted);
    SANSIP_CHECK(server.Check(now, request, read, secret.view()) == DigestServer::Result::kReplayed);
  }
}

}  // namespace
}  // namespace sansip

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sansip::ByteSource source(data, size);
  source.Bool() ? sansip::OwnServer(source) : sansip::AnyChallenges(source);
  return 0;
}
