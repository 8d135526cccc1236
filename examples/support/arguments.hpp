// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>

#include <charconv>
#include <map>
#include <string>
#include <system_error>
#include <utility>

/// A program's options, `--name value`, over defaults; any other name is an error.
class arguments {
 public:
  arguments(std::map<std::string, std::string> defaults, int count, const char* const* given)
      : values_(std::move(defaults)) {
    for (int i = 1; i < count; i += 2) {
      const auto known = values_.find(given[i]);
      if (known == values_.end()) refuse(std::string("there is no option ") + given[i]);
      if (i + 1 == count) refuse(std::string(given[i]) + " needs a value");
      known->second = given[i + 1];
    }
  }

  [[nodiscard]] const std::string& text(const std::string& name) const { return values_.at(name); }

  /// The value of `name` as a whole number from 1 on.
  [[nodiscard]] int count(const std::string& name) const {
    const std::string& value = text(name);
    int number = 0;
    const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (problem != std::errc{} || end != value.data() + value.size() || number < 1) {
      refuse(name + " takes a whole number from 1 on, not '" + value + "'");
    }
    return number;
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    std::string known;
    for (const auto& [name, value] : values_) known += " [" + name + " " + value + "]";
    throw outthink::error(outthink::errc::invalid_argument, why + "; options:" + known);
  }

  std::map<std::string, std::string> values_;
};
