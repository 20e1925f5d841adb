// How the command ends, for scripts: one number per kind of ending. docs/json.md lists them.
#ifndef SANSIP_CLI_EXIT_CODE_H_
#define SANSIP_CLI_EXIT_CODE_H_

namespace sansip::cli {

enum class ExitCode : int {
  kOk = 0,             // ended normally, also after --cancel-after
  kInternal = 1,       // our own error, an oracle failed, a replay differs
  kUsage = 2,          // the command line
  kRefused = 3,        // by the peer: the summary has its status
  kTimedOut = 4,       // no response, no ACK, no refresh
  kUnreachable = 5,    // no such name, no route, nobody listens
  kMedia = 6,          // no audio that both sides can do
  kLocalResource = 7,  // a port in use, a file that cannot be read or written, a full disk
  kInvalid = 8,        // a message that is none
};

}  // namespace sansip::cli

#endif  // SANSIP_CLI_EXIT_CODE_H_
