// SPDX-License-Identifier: MIT
#pragma once

#include "nearest_name.hpp"
#include <outthink/core/error.hpp>
#include <outthink/core/step_reduction.hpp>

#include <nlohmann/json.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bench {

/// A parameter of a policy or an aggregator: what it is if it is not given, and what it means.
struct parameter {
  std::string name;
  nlohmann::json otherwise;
  std::string meaning;
  std::vector<std::string> words{};  ///< the values of one that is a word
};

/// The values of all parameters of one policy or aggregator, checked.
class parameter_values {
 public:
  parameter_values() : values_(nlohmann::json::object()) {}
  explicit parameter_values(nlohmann::json values) : values_(std::move(values)) {}

  [[nodiscard]] int count(const char* name) const { return values_.at(name).get<int>(); }
  [[nodiscard]] float number(const char* name) const { return values_.at(name).get<float>(); }
  [[nodiscard]] double precise(const char* name) const { return values_.at(name).get<double>(); }
  [[nodiscard]] bool flag(const char* name) const { return values_.at(name).get<bool>(); }
  [[nodiscard]] std::string word(const char* name) const {
    return values_.at(name).get<std::string>();
  }
  [[nodiscard]] const nlohmann::json& json() const noexcept { return values_; }

 private:
  nlohmann::json values_;
};

/// Throws unless `value` can be that of `p`: of the same kind, a whole number where the usual one
/// is, a word that there is.
inline void check_parameter(const parameter& p, const nlohmann::json& value,
                            const std::string& where) {
  using outthink::errc;
  using outthink::error;
  const auto wrong = [&](const std::string& what) {
    return error(errc::invalid_argument, where + ": " + what + ", not " + value.dump());
  };
  if (p.otherwise.is_string()) {
    if (!value.is_string()) throw wrong("a word was expected");
    const auto word = value.get<std::string>();
    for (const std::string& one : p.words) {
      if (one == word) return;
    }
    throw unknown_name(where, "value", word, p.words);
  }
  if (p.otherwise.is_boolean()) {
    if (!value.is_boolean()) throw wrong("true or false was expected");
  } else if (p.otherwise.is_number_integer()) {
    if (!value.is_number_integer()) throw wrong("a whole number was expected");
  } else if (!value.is_number()) {
    throw wrong("a number was expected");
  }
}

/// The names of reductions; `task` is what the task's verifier was trained for.
[[nodiscard]] inline std::vector<std::string> reduction_names() {
  return {"task", "last", "min", "product", "mean", "log_product", "geometric_mean", "logit_sum"};
}

[[nodiscard]] inline outthink::step_reduction reduction_named(std::string_view name,
                                                              outthink::step_reduction of_task) {
  using enum outthink::step_reduction;
  constexpr std::array kAll = {last, min, product, mean, log_product, geometric_mean, logit_sum};
  const std::vector<std::string> names = reduction_names();
  for (std::size_t i = 0; i < kAll.size(); ++i) {
    if (names[i + 1] == name) return kAll[i];
  }
  return of_task;
}

[[nodiscard]] inline std::string name_of(outthink::step_reduction reduction) {
  for (const std::string& name : reduction_names()) {
    if (name != "task" && reduction_named(name, outthink::step_reduction::last) == reduction)
      return name;
  }
  return "last";
}

/// The parameter of that name that most policies and votes have.
[[nodiscard]] inline parameter reduction_parameter() {
  return {"reduction", "task", "how the scores of steps become one", reduction_names()};
}

}  // namespace bench
