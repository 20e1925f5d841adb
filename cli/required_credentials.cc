#include "sansip/cli/required_credentials.h"

#include <algorithm>
#include <fstream>

#include "CLI/CLI.hpp"
#include "fmt/core.h"
#include "sansip/cli/add_option.h"

namespace sansip::cli {
namespace {

bool HasControls(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

bool ReadRealm(std::string_view text, std::string& realm, std::string& why) {
  realm = text;
  if (!text.empty() && !HasControls(text)) return true;
  why = fmt::format("\"{}\" is no realm; example.com is one", text);
  return false;
}

}  // namespace

bool ReadUsersFile(std::string_view path, std::map<std::string, std::string>& users, std::string& why) {
  std::ifstream file{std::string(path)};
  std::string line;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty() || line.front() == '#') continue;
    const std::size_t colon = line.find(':');
    if (colon == 0 || colon >= line.size() - 1 || HasControls(line)) {
      why = fmt::format("{}:{}: is not of the form user:password", path, number);
      return false;
    }
    if (!users.emplace(line.substr(0, colon), line.substr(colon + 1)).second) {
      why = fmt::format("{}:{}: names its user a second time", path, number);
      return false;
    }
    if (users.size() > RequiredCredentials::kUsersMax) {
      why = fmt::format("{}:{}: is one user too many; {} are the most", path, number,
                        RequiredCredentials::kUsersMax);
      return false;
    }
  }
  if (!users.empty()) return true;
  why = fmt::format("\"{}\" cannot be read, or names nobody: its lines are user:password", path);
  return false;
}

void AddRequiredCredentials(CLI::App& app, RequiredCredentials& required) {
  const std::string group = "Account";
  auto* realm =
      Add(app, "--require-auth", "REALM", required.realm, ReadRealm,
          "Take requests outside of calls from the users of --users alone: others get 401 with Digest "
          "challenges for this realm, a name such as example.com (RFC 3261 22.2)");
  auto* users = Add(app, "--users", "FILE", required.users, ReadUsersFile,
                    "Who these are: lines user:password; those that begin with # mean nothing");
  app.add_flag("--auth-md5", required.by_md5_alone,
               "Challenge with MD5 alone, for those that stumble over the SHA-256 before it (baresip, SIPp)")
      ->group(group)
      ->needs(realm);
  app.add_flag("--auth-within", required.within_calls,
               "Ask within calls that came in and subscriptions, too: for BYE, PRACK, UPDATE, re-INVITE ...")
      ->group(group)
      ->needs(realm);
  app.add_flag(
         "--auth-from", required.for_own_name_alone,
         "Refuse with 403 what a user asks in the name of another: From, and of PUBLISH whose state it is")
      ->group(group)
      ->needs(realm);
  realm->group(group)->needs(users);
  users->group(group)->needs(realm);
}

}  // namespace sansip::cli
