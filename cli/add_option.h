// How an option is added to a command: with a reader that says what is wrong with its value.
#ifndef SANSIP_CLI_ADD_OPTION_H_
#define SANSIP_CLI_ADD_OPTION_H_

#include <string>

#include "CLI/CLI.hpp"

namespace sansip::cli {

// An option whose text is read by `read(text, value, why)`.
template <typename Value, typename Read>
CLI::Option* Add(CLI::App& app, const std::string& name, const std::string& type, Value& value, Read read,
                 const std::string& text) {
  auto* option = app.add_option_function<std::string>(
      name,
      [&value, read, name](const std::string& given) {
        std::string why;
        if (!read(given, value, why)) throw CLI::ValidationError(name, why);
      },
      text);
  return option->type_name(type);
}

}  // namespace sansip::cli

#endif  // SANSIP_CLI_ADD_OPTION_H_
