// One torture case: a text file with what is expected above a line "---" and the message below it.
//
//   # Comment: what it is about.
//   shows: RFC 4475 3.1.1.1        the message that it is a rendering of
//   verdict: accept                what Parser says: "accept" or the text of a ParseCode
//   verdict.strict: Missing Via    the same under ParsePolicy::Strict(), if it differs
//   fields: accept                 what CheckFields says, if anything is asked of it
//   policy: strict                 the default policy if absent
//   at: ;,;,,                      what stands at the error's offset; at.strict: at the strict parser's
//   via.host: 192.0.2.77           what is read of the message; see Facts() in torture_test.cc
//   header: X-Odd = ;;,,;;,;       the first field of this name, unfolded
//   dialog: known                  a To tag is of no dialog if absent
//   answer: 400                    what the user agent of element.h does: a status code, "accept" or "drop"
//   answer.reason: Malformed Via   its reason phrase
//   answer.clause: RFC 3261 20.42  why
//   answer.header: Allow = INVITE  the header field that it carries
//   at.answer: ;,;,,               what stands at its offset
//
// "answer.proxy" and "answer.registrar" are the same of the other two; with ".reason" and so on behind.
//
// Line ends of the message become CRLF; \xHH is that byte, \{20*text} the text twenty times. The file's last
// line end belongs to the message.
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
