// `sansip answer --require-auth`: whose requests are taken (RFC 3261 22.2), as the command line says it.
#ifndef SANSIP_CLI_REQUIRED_CREDENTIALS_H_
#define SANSIP_CLI_REQUIRED_CREDENTIALS_H_

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace sansip::cli {

struct RequiredCredentials {
  static constexpr std::size_t kUsersMax = 10'000;  // each is three hashes at the start

  std::string realm;                         // empty: none are required
  std::map<std::string, std::string> users;  // and their passwords
  bool by_md5_alone = false;                 // else SHA-256 is preferred
  bool within_calls = false;                 // and subscriptions: asked for each request in them, too
  bool for_own_name_alone = false;           // 403 to a user whose From is another's
};

// Lines "user:password"; empty ones and those that begin with # mean nothing. On false `why` names the line,
// never what it says.
bool ReadUsersFile(std::string_view path, std::map<std::string, std::string>& users, std::string& why);

void AddRequiredCredentials(CLI::App& app, RequiredCredentials& required);

}  // namespace sansip::cli

#endif  // SANSIP_CLI_REQUIRED_CREDENTIALS_H_
