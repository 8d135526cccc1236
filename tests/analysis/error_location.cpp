// SPDX-License-Identifier: MIT
#include <outthink/analysis/error_location.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <vector>

using outthink::error_location;
using outthink::first_error;
using outthink::locate_errors;
using outthink::no_error;

TEST_CASE("first_error is the first step below the threshold") {
  CHECK(first_error(std::vector<float>{0.9F, 0.5F, 0.4F, 0.1F}) == 2);
  CHECK(first_error(std::vector<float>{0.9F, 0.5F, 0.4F}, 0.95F) == 0);
  CHECK(first_error(std::vector<float>{0.9F, 0.5F}) == no_error);
  CHECK(first_error(std::vector<float>{0.9F, NAN}) == 1);
  CHECK(first_error({}) == no_error);
}

TEST_CASE("error_location: 80 % and 60 % have an F1 of 68.571 %, nothing has 0") {
  CHECK(error_location{0.8, 0.6}.f1() == doctest::Approx(0.68571).epsilon(1e-5));
  CHECK(error_location{0.5, 0.5}.f1() == 0.5);
  CHECK(error_location{0, 1}.f1() == 0);
  CHECK(error_location{}.f1() == 0);
}

TEST_CASE("locate_errors counts exact hits among wrong solutions, and right ones called right") {
  const std::vector<std::int64_t> labels{2, 0, 5, no_error, no_error, 1, no_error};
  const std::vector<std::int64_t> found{2, 1, no_error, no_error, 0, 1, no_error};
  const error_location made = locate_errors(found, labels);
  CHECK(made.on_wrong == 0.5);
  CHECK(made.on_right == doctest::Approx(2.0 / 3));
  CHECK(locate_errors({}, {}).f1() == 0);
  CHECK_THROWS_AS(static_cast<void>(locate_errors(found, {})), outthink::error);
}
