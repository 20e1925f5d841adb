// docs/json.md as a schema: every line the command prints can be held against its tables.
#ifndef SANSIP_CLI_JSON_SCHEMA_H_
#define SANSIP_CLI_JSON_SCHEMA_H_

#include <map>
#include <string>
#include <string_view>

#include "nlohmann/json_fwd.hpp"

namespace sansip::cli {

class JsonSchema {
 public:
  struct Field {
    std::string type;  // "string", "integer", "number", "boolean", "array", "object"
    bool is_always = false;
  };
  using Fields = std::map<std::string, Field, std::less<>>;

  // `markdown` is the text of docs/json.md.
  explicit JsonSchema(std::string_view markdown);

  // What is wrong with a line of `call` or `answer`; empty: nothing.
  std::string FaultIn(const nlohmann::json& line) const;
  // The same of the one line of `parse`, of `demo`.
  std::string FaultInParse(const nlohmann::json& line) const;
  std::string FaultInDemo(const nlohmann::json& line) const;
  // The same of a line of `simulate`.
  std::string FaultInSimulate(const nlohmann::json& line) const;

  const std::map<std::string, Fields, std::less<>>& tables() const { return tables_; }  // by heading

 private:
  std::string FaultIn(const nlohmann::json& object, const Fields& fields) const;

  std::map<std::string, Fields, std::less<>> tables_;
};

}  // namespace sansip::cli

#endif  // SANSIP_CLI_JSON_SCHEMA_H_
