// SPDX-License-Identifier: MIT
#include <outthink/backends/simulator/fit_serving_machine.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/random_stream.hpp>

#include <doctest/doctest.h>

#include <vector>

using namespace outthink::backends;

namespace {

constexpr outthink::transformer_shape kShape{
    .parameters = 1e9, .layers = 16, .query_heads = 16, .kv_heads = 4, .head_size = 64};

/// Steps and readings in the times that the machine takes, up to some noise.
std::vector<timed_step> steps_of(const serving_machine& machine, double noise) {
  const serving_cost cost{kShape, machine};
  outthink::random_stream random({.key = 6, .place = 0});
  std::vector<timed_step> all;
  const auto noisy = [&](double seconds) {
    return seconds * (1 + noise * (2 * random.uniform() - 1));
  };
  for (const double batch : {1.0, 2.0, 8.0, 32.0, 128.0}) {
    for (const double context : {50.0, 500.0, 5000.0})
      all.push_back({batch, batch * context, 0, noisy(cost.step_seconds(batch, batch * context))});
  }
  for (const double read : {10.0, 100.0, 1000.0})
    all.push_back({0, 200, read, noisy(cost.prefill_seconds(read, 200))});
  return all;
}

}  // namespace

TEST_CASE("fit_serving_machine finds the machine that the times are of") {
  const serving_machine machine{
      .flops_per_second = 3e13, .bytes_per_second = 8e11, .step_overhead = 2e-3};
  const serving_machine exact = fit_serving_machine(kShape, steps_of(machine, 0));
  CHECK(exact.flops_per_second == doctest::Approx(machine.flops_per_second).epsilon(1e-6));
  CHECK(exact.bytes_per_second == doctest::Approx(machine.bytes_per_second).epsilon(1e-6));
  CHECK(exact.step_overhead == doctest::Approx(machine.step_overhead).epsilon(1e-6));
  const serving_cost noisy{kShape, fit_serving_machine(kShape, steps_of(machine, 0.1))};
  for (const timed_step& one : steps_of(machine, 0)) {
    const double seconds = one.batch > 0 ? noisy.step_seconds(one.batch, one.context)
                                         : noisy.prefill_seconds(one.read, one.context);
    CHECK(seconds == doctest::Approx(one.seconds).epsilon(0.1));
  }
}

TEST_CASE("fit_serving_machine makes no rate negative") {
  // A machine that only computes: an overhead or a memory rate could only be noise.
  const serving_machine machine{
      .flops_per_second = 3e13, .bytes_per_second = 1e300, .step_overhead = 0};
  const serving_machine found = fit_serving_machine(kShape, steps_of(machine, 0.05));
  CHECK(found.step_overhead >= 0);
  CHECK(found.bytes_per_second > 0);
  CHECK(found.flops_per_second == doctest::Approx(machine.flops_per_second).epsilon(0.05));
  // Times that fall with the batch are nobody's: the overhead alone is left of them.
  const std::vector<timed_step> falling{{1, 0, 0, 2.0}, {100, 0, 0, 1.0}};
  const serving_machine flat = fit_serving_machine(kShape, falling);
  CHECK(flat.flops_per_second > 1e300);
  CHECK_THROWS_AS((void)fit_serving_machine(kShape, {}), outthink::error);
}
