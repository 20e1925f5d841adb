// How `--help` looks.
#ifndef SANSIP_CLI_HELP_FORMATTER_H_
#define SANSIP_CLI_HELP_FORMATTER_H_

#include <algorithm>
#include <string>
#include <string_view>

#include "CLI/CLI.hpp"

namespace sansip::cli {

// Help in lines that fit, without the remarks that CLI11 adds to the names.
class HelpFormatter final : public CLI::Formatter {
 public:
  HelpFormatter() { column_width(34); }

  std::string make_option_opts(const CLI::Option* option) const override {
    return option->get_type_name().empty() ? "" : " " + option->get_type_name();
  }

  // "--reorder[=P]" where CLI11 writes the value of a bare one: "--reorder{0.05}".
  std::string make_option_name(const CLI::Option* option, bool is_positional) const override {
    std::string name = CLI::Formatter::make_option_name(option, is_positional);
    if (const std::size_t brace = name.find('{'); brace != std::string::npos)
      name.replace(brace, name.size(), "[=P]");
    return name;
  }

  std::string make_option_desc(const CLI::Option* option) const override {
    constexpr std::size_t kWidth = 64;
    std::string text, line;
    const auto add = [&](std::string_view word) {
      if (!line.empty() && line.size() + 1 + word.size() > kWidth) {
        text += line + "\n";
        line.clear();
      }
      if (!line.empty()) line += ' ';
      line += word;
    };
    const std::string description = option->get_description();
    for (std::size_t at = 0; at < description.size();) {
      const std::size_t end = std::min(description.find(' ', at), description.size());
      add(std::string_view(description).substr(at, end - at));
      at = end + 1;
    }
    return text + line;
  }
};

}  // namespace sansip::cli

#endif  // SANSIP_CLI_HELP_FORMATTER_H_
