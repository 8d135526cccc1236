// SPDX-License-Identifier: MIT
#pragma once

#include "nearest_name.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace bench {

/// @brief A JSON object whose members are read by name and type, and of which no other may be left.
///
/// Every complaint names the file and the member's path in it, such as `plan.json: tasks[0].seeds`.
class strict_object {
 public:
  using json = nlohmann::json;

  strict_object(const json& of, std::string where) : of_(&of), where_(std::move(where)) {
    if (!of.is_object()) throw wrong("an object was expected, not " + of.dump());
  }

  /// The member, or null if there is none.
  [[nodiscard]] const json& find(const std::string& name) {
    known_.push_back(name);
    static const json nothing;
    const auto found = of_->find(name);
    return found == of_->end() ? nothing : *found;
  }

  [[nodiscard]] std::string text(const std::string& name, const std::string& otherwise) {
    const json& value = find(name);
    if (value.is_null()) return otherwise;
    if (!value.is_string()) throw wrong_member(name, "a text was expected", value);
    return value.get<std::string>();
  }

  [[nodiscard]] bool flag(const std::string& name, bool otherwise) {
    const json& value = find(name);
    if (value.is_null()) return otherwise;
    if (!value.is_boolean()) throw wrong_member(name, "true or false was expected", value);
    return value.get<bool>();
  }

  /// A whole number from `least` on.
  [[nodiscard]] std::int64_t count(const std::string& name, std::int64_t otherwise,
                                   std::int64_t least) {
    const json& value = find(name);
    if (value.is_null()) return otherwise;
    if (!value.is_number_integer() || value.get<std::int64_t>() < least) {
      throw wrong_member(name, "a whole number from " + std::to_string(least) + " on was expected",
                         value);
    }
    return value.get<std::int64_t>();
  }

  [[nodiscard]] double number(const std::string& name, double otherwise) {
    const json& value = find(name);
    if (value.is_null()) return otherwise;
    if (!value.is_number()) throw wrong_member(name, "a number was expected", value);
    return value.get<double>();
  }

  /// A list of values; one value alone counts as a list of one.
  [[nodiscard]] std::vector<json> list(const std::string& name) {
    const json& value = find(name);
    if (value.is_null()) return {};
    if (!value.is_array()) return {value};
    if (value.empty()) throw wrong_member(name, "the list is empty", value);
    return {value.begin(), value.end()};
  }

  [[nodiscard]] std::vector<std::string> texts(const std::string& name) {
    std::vector<std::string> all;
    for (const json& one : list(name)) {
      if (!one.is_string()) throw wrong_member(name, "a list of texts was expected", one);
      all.push_back(one.get<std::string>());
    }
    return all;
  }

  /// Throws if the object has a member that nobody asked for.
  void finish() const {
    for (const auto& [name, value] : of_->items()) {
      if (std::find(known_.begin(), known_.end(), name) == known_.end()) {
        throw unknown_name(place(), "key", name, known_);
      }
    }
  }

  /// The path of a member, for messages.
  [[nodiscard]] std::string path(const std::string& name) const {
    return where_.ends_with(": ") ? where_ + name : where_ + "." + name;
  }

  [[nodiscard]] outthink::error wrong(const std::string& what) const {
    return {outthink::errc::invalid_argument, place() + ": " + what};
  }
  [[nodiscard]] outthink::error wrong_member(const std::string& name, const std::string& what,
                                             const json& value) const {
    std::string shown = value.dump(-1, ' ', false, json::error_handler_t::replace);
    if (shown.size() > 60) shown = shown.substr(0, 60) + "…";
    return {outthink::errc::invalid_argument, path(name) + ": " + what + ", not " + shown};
  }

 private:
  // The root's place is the file alone.
  [[nodiscard]] std::string place() const {
    return where_.ends_with(": ") ? where_.substr(0, where_.size() - 2) : where_;
  }

  const json* of_;
  std::string where_;
  std::vector<std::string> known_;
};

}  // namespace bench
