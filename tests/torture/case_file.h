// One torture case: a text file with what is expected above a line "---" and the message below it.
//
//   # Comment, with the section it renders.
//   verdict: accept                what Parser says: "accept" or the text of a ParseCode
//   fields: accept                 what CheckFields says, if anything is asked of it
//   policy: strict                 the default policy if absent
//   at: ;,;,,                      what stands at the error's offset
//   via.host: 192.0.2.77           what is read of the message; see Facts() in torture_test.cc
//   header: X-Odd = ;;,,;;,;       the first field of this name, unfolded
//
// Line ends of the message become CRLF; \xHH is that byte. The file's last line end belongs to the message.
#ifndef SANSIP_TESTS_TORTURE_CASE_FILE_H_
#define SANSIP_TESTS_TORTURE_CASE_FILE_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sansip {

struct TortureCase {
  std::vector<std::pair<std::string, std::string>> expectations;  // in the file's order
  std::string message;

  // The first expectation of this name; empty if there is none.
  std::string_view Expected(std::string_view name) const;
};

// nullopt: there is no line "---", or an expectation without a colon.
std::optional<TortureCase> ParseTortureCase(std::string_view text);

}  // namespace sansip

#endif  // SANSIP_TESTS_TORTURE_CASE_FILE_H_
