// sansip against Kamailio as registrar and proxy that challenges everything: register, refresh, remove, and a
// call from one account to the other, over UDP and TCP, with MD5 and SHA-256.
#include <csignal>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/tests/interop/kamailio.h"
#include "sansip/tests/interop/process.h"
#include "sansip/tests/support/shows.h"

namespace sansip::interop {
namespace {

using Json = nlohmann::json;

std::string PasswordFile(const std::string& password) {
  const std::string path = TemporaryPath("password-" + password);
  std::ofstream(path) << password << "\n";
  return path;
}

struct Setting {
  bool tcp;
  const char* algorithm;
};

class RegistrarTest : public testing::TestWithParam<Setting> {
 protected:
  void SetUp() override {
    if (!HasKamailio()) GTEST_SKIP() << "optional peer absent: kamailio";
    port_ = FreePort();
    kamailio_ = std::make_unique<Kamailio>(
        "registrar.cfg", port_,
        std::vector<std::string>{"ALGORITHM=\"" + std::string(GetParam().algorithm) + "\""});
    ASSERT_TRUE(kamailio_->IsListening()) << kamailio_->Everything();
  }

  std::string Registrar() const {
    return "sip:127.0.0.1:" + std::to_string(port_) + (GetParam().tcp ? ";transport=tcp" : "");
  }
  std::vector<std::string> Account(const std::string& user, const std::string& password = "secret") const {
    return {"--register",      Registrar(),
            "--user",          user,
            "--from",          "sip:" + user + "@127.0.0.1",
            "--password-file", PasswordFile(password),
            "--bind",          GetParam().tcp ? "tcp:127.0.0.1:0" : "udp:127.0.0.1:0",
            "--expires",       "120"};
  }
  static std::vector<std::string> Words(std::vector<std::string> first,
                                        const std::vector<std::string>& more) {
    first.insert(first.end(), more.begin(), more.end());
    return first;
  }

  std::uint16_t port_ = 0;
  std::unique_ptr<Kamailio> kamailio_;
};

// RFC 5627 4.2
TEST_P(RegistrarTest, GivesADeviceItsGruus) {
  const std::string instance = "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
  Sansip sansip(Words({"register", "--once", "--instance", instance}, Account("alice")));
  EXPECT_EQ(sansip.Wait(), 0) << sansip.Everything();
  const Json registered = sansip.Event("registered");
  EXPECT_EQ(registered["pub_gruu"], "sip:alice@127.0.0.1;gr=" + instance) << sansip.Everything();
  EXPECT_NE(registered["temp_gruu"].get<std::string>().find(";gr"), std::string::npos);
  EXPECT_EQ(sansip.SchemaFault(), "");
}

TEST_P(RegistrarTest, KeepsABindingAndRemovesIt) {
  Sansip sansip(Words({"register"}, Account("alice")));
  ASSERT_TRUE(sansip.SeesOnStdout("\"registered\"")) << sansip.Everything();
  EXPECT_EQ(sansip.Event("registered")["expires"], 120);
  sansip.Signal(SIGTERM);
  EXPECT_EQ(sansip.Wait(), 0) << sansip.Everything();
  EXPECT_EQ(sansip.Event("unregistered")["status"], 200) << sansip.Everything();
  EXPECT_EQ(sansip.SchemaFault(), "");
  EXPECT_EQ((sansip.Stdout() + sansip.Stderr()).find("secret"), std::string::npos);
}

// RFC 5626 4.4: it asks as often as Kamailio says from now on.
TEST_P(RegistrarTest, KeepsAFlowAlive) {
  Sansip sansip(
      Words({"register", "--instance", "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "--reg-id", "1"},
            Account("alice")));
  ASSERT_TRUE(sansip.SeesOnStdout("\"registered\"")) << sansip.Everything();
  EXPECT_EQ(sansip.Event("registered")["outbound"], true) << sansip.Everything();
  EXPECT_EQ(sansip.Event("registered")["keep_alive"], 60);
  sansip.Signal(SIGTERM);
  EXPECT_EQ(sansip.Wait(), 0) << sansip.Everything();
  EXPECT_EQ(sansip.SchemaFault(), "");
}

// RFC 3261 10.2.3
TEST_P(RegistrarTest, IsAskedForTheBindings) {
  Sansip bound(Words({"register"}, Account("alice")));
  ASSERT_TRUE(bound.SeesOnStdout("\"registered\"")) << bound.Everything();
  Sansip query(Words({"register", "--query"}, Account("alice")));
  EXPECT_EQ(query.Wait(), 0) << query.Everything();
  const Json bindings = query.Event("bindings")["bindings"];
  ASSERT_EQ(bindings.size(), 1u) << query.Everything();
  EXPECT_NE(bindings[0]["uri"].get<std::string>().find(std::to_string(bound.BoundPort())), std::string::npos);
  EXPECT_EQ(query.CountOf("registered") + query.CountOf("unregistered"), 0u);
  EXPECT_EQ(query.SchemaFault(), "");
  Sansip wrong(Words({"register", "--query"}, Account("alice", "guess")));
  EXPECT_EQ(wrong.Wait(), 3) << wrong.Everything();
  EXPECT_EQ(wrong.Summary()["status"], 401);
}

TEST_P(RegistrarTest, OnceAndWithAWrongPassword) {
  Sansip right(Words({"register", "--once"}, Account("alice")));
  EXPECT_EQ(right.Wait(), 0) << right.Everything();
  EXPECT_EQ(right.CountOf("registered"), 1u);
  EXPECT_EQ(right.CountOf("unregistered"), 0u);
  Sansip wrong(Words({"register"}, Account("alice", "guess")));
  EXPECT_EQ(wrong.Wait(), 3) << wrong.Everything();
  EXPECT_EQ(wrong.Event("registration_failed")["status"], 401) << wrong.Everything();
  EXPECT_EQ(wrong.Summary()["status"], 401);
}

TEST_P(RegistrarTest, OneAccountCallsTheOther) {
  SANSIP_SHOWS("3261-22.3-5", "3261-22.3-8");
  Sansip bob(Words({"answer", "--once"}, Account("bob")));
  ASSERT_TRUE(bob.SeesOnStdout("\"registered\"")) << bob.Everything();
  Sansip alice(Words({"call", "sip:bob@127.0.0.1", "--proxy", Registrar(), "--hangup-after", "200ms"},
                     Account("alice")));
  EXPECT_EQ(alice.Wait(), 0) << alice.Everything() << bob.Everything();
  EXPECT_EQ(bob.Wait(), 0) << bob.Everything();
  EXPECT_EQ(alice.Event("ended")["cause"], "local-bye") << alice.Everything();
  EXPECT_EQ(bob.Event("ended")["cause"], "remote-bye") << bob.Everything();
  EXPECT_EQ(alice.CountOf("unregistered"), 1u);
  EXPECT_EQ(bob.CountOf("unregistered"), 1u);
}

INSTANTIATE_TEST_SUITE_P(Kamailio, RegistrarTest,
                         testing::Values(Setting{false, "MD5"}, Setting{true, "SHA-256"}),
                         [](const testing::TestParamInfo<Setting>& info) {
                           return info.param.tcp ? std::string("TcpSha256") : std::string("UdpMd5");
                         });

}  // namespace
}  // namespace sansip::interop
