#include "sansip/tests/conformance/register_file.h"

#include <filesystem>
#include <fstream>
#include <set>

#include "sansip/tests/conformance/wire_message.h"

namespace sansip::conformance {

std::vector<RegisterRow> ReadRegister(const std::string& folder) {
  std::error_code error;
  std::set<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".tsv") paths.insert(entry.path());
  }
  std::vector<RegisterRow> rows;
  for (const std::filesystem::path& path : paths) {
    std::ifstream in(path);
    std::string line;
    std::getline(in, line);  // the columns' names
    while (std::getline(in, line)) {
      std::vector<std::string> fields(1);
      for (const char c : line) {
        if (c == '\t') {
          fields.emplace_back();
        } else {
          fields.back() += c;
        }
      }
      if (fields.size() == 4) rows.push_back({fields[0], fields[1], Words(fields[2]), fields[3]});
    }
  }
  return rows;
}

std::map<std::string, Coverage> CoverageOf(const std::vector<RegisterRow>& rows,
                                           const std::map<std::string, std::vector<std::string>>& shown_by) {
  std::map<std::string, Coverage> by_rfc;
  for (const RegisterRow& row : rows) {
    Coverage& coverage = by_rfc[row.rfc()];
    ++coverage.rows;
    if (row.status == "tested" || shown_by.contains(row.id)) {
      ++coverage.tested;
    } else if (row.status == "exception") {
      ++coverage.exceptions;
    } else if (row.status == "not-applicable") {
      ++coverage.not_applicable;
    } else if (row.status == "superseded") {
      ++coverage.superseded;
    } else {
      ++coverage.not_yet;
    }
  }
  return by_rfc;
}

}  // namespace sansip::conformance
