// SPDX-License-Identifier: MIT
#include <outthink/kernels/entropy.hpp>
#include <outthink/sampling/entropy_switch.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <limits>
#include <utility>
#include <vector>

using outthink::entropy_switch;
using outthink::entropy_switch_options;
using outthink::model_size;

namespace {

/// Numbers, from 1, of the tokens at which the writer changes.
std::vector<std::size_t> changes(const entropy_switch_options& options,
                                 const std::vector<double>& entropies) {
  entropy_switch control(options);
  std::vector<std::size_t> at;
  model_size before = control.writer();
  for (std::size_t i = 0; i < entropies.size(); ++i) {
    const model_size now = control.next(entropies[i]);
    if (now != before) at.push_back(i + 1);
    before = now;
  }
  return at;
}

std::vector<double> timeline(std::initializer_list<std::pair<double, std::size_t>> parts) {
  std::vector<double> all;
  for (const auto& [entropy, times] : parts) all.insert(all.end(), times, entropy);
  return all;
}

}  // namespace

// Ten tokens of 0.2 bits, then 2 bits each: the means of five are 0.2, 0.56, 0.92, 1.28, …
TEST_CASE("entropy_switch changes when the mean of five tokens passes the threshold") {
  const auto rising = timeline({{0.2, 10}, {2.0, 20}});
  CHECK(changes({.threshold = 1}, rising) == std::vector<std::size_t>{13});
  CHECK(changes({.threshold = 0.9}, rising) == std::vector<std::size_t>{12});
  CHECK(changes({.threshold = 1, .window = 1}, rising) == std::vector<std::size_t>{11});
  CHECK(changes({.threshold = 2.1}, rising).empty());
}

TEST_CASE("entropy_switch changes back, but no sooner than it may") {
  const auto hill = timeline({{0.2, 10}, {2.0, 5}, {0.2, 30}});
  CHECK(changes({.threshold = 1}, hill) == std::vector<std::size_t>{13, 23});
  CHECK(changes({.threshold = 1, .stay = 0}, hill) == std::vector<std::size_t>{13, 18});
  CHECK(changes({.threshold = 1, .stay = 20}, hill).empty());  // it is past when it may
  CHECK(changes({.threshold = 1}, timeline({{2.0, 20}})) == std::vector<std::size_t>{10});
}

TEST_CASE("entropy_switch keeps the writer at the threshold, and as long as it knows nothing") {
  CHECK(changes({.threshold = 1, .stay = 0}, timeline({{1.0, 20}})).empty());
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  const auto gap = timeline({{2.0, 12}, {unknown, 1}, {0.1, 10}});
  CHECK(changes({.threshold = 1, .stay = 3}, gap) == std::vector<std::size_t>{3, 18});
}

TEST_CASE("entropy_switch reads bits: the entropies of the published example") {
  const auto bits = [](const std::vector<double>& probabilities) {
    std::vector<float> logits;
    for (const double p : probabilities) logits.push_back(static_cast<float>(std::log(p)));
    return static_cast<double>(outthink::kernels::entropy(logits).entropy) / std::log(2.0);
  };
  const double sure = bits({.97, .01, .01, .01}), unsure = bits({.25, .25, .25, .25});
  CHECK(sure == doctest::Approx(0.24194).epsilon(1e-4));
  CHECK(unsure == doctest::Approx(2).epsilon(1e-6));
  CHECK(changes({.threshold = 1}, timeline({{sure, 10}, {unsure, 5}})) ==
        std::vector<std::size_t>{13});
}

TEST_CASE("entropy_switch needs a window") {
  CHECK_THROWS_AS(entropy_switch({.window = 0}), outthink::error);
}
