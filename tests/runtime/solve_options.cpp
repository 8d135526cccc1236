// SPDX-License-Identifier: MIT
#include <outthink/runtime/solve_options.hpp>

#include <doctest/doctest.h>

#include <functional>
#include <limits>
#include <string>
#include <string_view>

using outthink::solve_options;
using outthink::validate;

TEST_CASE("validate accepts the usual options and the ends of every range") {
  CHECK_NOTHROW(validate({}));
  solve_options options;
  options.sampling = outthink::greedy;
  options.steps.max_tokens = options.steps.max_total_tokens = 1;
  options.max_batch = options.max_live = 1;
  options.limits.tokens = options.limits.model_calls = options.limits.verifier_calls = 0;
  options.steps.delimiter.clear();
  CHECK_NOTHROW(validate(options));
}

TEST_CASE("validate names the option that is out of range") {
  const auto message_after = [](const std::function<void(solve_options&)>& change) {
    solve_options options;
    change(options);
    try {
      validate(options);
    } catch (const outthink::error& problem) {
      CHECK(problem.code() == outthink::errc::invalid_argument);
      return std::string(problem.what());
    }
    return std::string("it did not throw");
  };
  const auto names = [&](const char* option, const std::function<void(solve_options&)>& change) {
    const std::string message = message_after(change);
    INFO(message);
    CHECK(message.find(option) != std::string::npos);
  };
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  for (const float bad : {-0.1F, 1e-38F, 1e-5F, kNaN, kInfinity}) {
    names("sampling.temperature", [=](auto& o) { o.sampling.temperature = bad; });
  }
  for (const float bad : {0.0F, -0.5F, 1.01F, kNaN}) {
    names("sampling.top_p", [=](auto& o) { o.sampling.top_p = bad; });
  }
  names("sampling.top_k", [](auto& o) { o.sampling.top_k = -1; });
  names("steps.max_tokens", [](auto& o) { o.steps.max_tokens = 0; });
  names("steps.max_total_tokens", [](auto& o) { o.steps.max_total_tokens = 0; });
  names("max_batch", [](auto& o) { o.max_batch = 0; });
  names("max_live", [](auto& o) { o.max_live = 0; });
  names("answer", [](auto& o) { o.answer = nullptr; });
}

TEST_CASE("whole_solution is the solution") {
  CHECK(outthink::whole_solution("a\nb") == "a\nb");
  CHECK(outthink::whole_solution("").empty());
}
