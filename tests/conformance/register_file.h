// The conformance register, docs/rfc/*.tsv, as the report reads it (docs/conformance.md).
#ifndef SANSIP_TESTS_CONFORMANCE_REGISTER_FILE_H_
#define SANSIP_TESTS_CONFORMANCE_REGISTER_FILE_H_

#include <map>
#include <string>
#include <vector>

namespace sansip::conformance {

struct RegisterRow {
  std::string id;  // "3261-9.1-3"
  std::string status;
  std::vector<std::string> tests;
  std::string reason;

  std::string rfc() const { return id.substr(0, id.find('-')); }
};

struct Coverage {
  int rows = 0, tested = 0, exceptions = 0, not_applicable = 0, superseded = 0, not_yet = 0;
};

// Empty: there is none.
std::vector<RegisterRow> ReadRegister(const std::string& folder);
// By RFC. A row that a passed scenario shows counts as tested, whatever the register says yet.
std::map<std::string, Coverage> CoverageOf(const std::vector<RegisterRow>& rows,
                                           const std::map<std::string, std::vector<std::string>>& shown_by);

}  // namespace sansip::conformance

#endif  // SANSIP_TESTS_CONFORMANCE_REGISTER_FILE_H_
