// SPDX-License-Identifier: MIT
// What every reward kernel promises: it allocates nothing.
#include "../support/children.hpp"
#include "../support/pass_matrices.hpp"
#include "simd/each_target.hpp"
#include <outthink/core/selection.hpp>
#include <outthink/kernels/agreement_groups.hpp>
#include <outthink/kernels/beta_posterior.hpp>
#include <outthink/kernels/borda_weights.hpp>
#include <outthink/kernels/bradley_terry_update.hpp>
#include <outthink/kernels/codet_scores.hpp>
#include <outthink/kernels/cosine_similarity.hpp>
#include <outthink/kernels/dot.hpp>
#include <outthink/kernels/effective_sample_size.hpp>
#include <outthink/kernels/elo_update.hpp>
#include <outthink/kernels/multinomial_resampling.hpp>
#include <outthink/kernels/normal_posterior.hpp>
#include <outthink/kernels/normalise_log_weights.hpp>
#include <outthink/kernels/pass_at_k.hpp>
#include <outthink/kernels/pass_hat_k.hpp>
#include <outthink/kernels/reduce_steps.hpp>
#include <outthink/kernels/residual_resampling.hpp>
#include <outthink/kernels/select_by_puct.hpp>
#include <outthink/kernels/select_by_uct.hpp>
#include <outthink/kernels/sliding_mean.hpp>
#include <outthink/kernels/sliding_min.hpp>
#include <outthink/kernels/softmax_allocation.hpp>
#include <outthink/kernels/stratified_resampling.hpp>
#include <outthink/kernels/systematic_resampling.hpp>
#include <outthink/kernels/weighted_votes.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <span>
#include <vector>

namespace {

std::size_t allocations = 0;

void* allocate(std::size_t size) {
  ++allocations;
  if (void* const memory = std::malloc(size > 0 ? size : 1)) return memory;
  throw std::bad_alloc{};
}

}  // namespace

// The array forms call these.
void* operator new(std::size_t size) {
  return allocate(size);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace {

namespace kernels = outthink::kernels;

/// Operands and room for results, all sizes 100.
struct operands {
  static constexpr std::size_t n = 100;
  std::vector<float> scores = outthink::test::random_floats(n, 1), floats = scores,
                     more_floats = scores;
  std::vector<double> weights = std::vector<double>(n, 0.25), uniforms = weights, doubles = weights,
                      wins = std::vector<double>(n * n, 1);
  std::vector<std::size_t> offsets = std::vector<std::size_t>(n + 1, 40), positions = offsets;
  std::vector<std::uint32_t> classes = std::vector<std::uint32_t>(n, 3), counts = classes,
                             scratch = std::vector<std::uint32_t>(6 * n);
  std::vector<kernels::match> matches = std::vector<kernels::match>(5, {1, 2, 1.0F});
  outthink::test::children children = outthink::test::random_children(n, 2);
  outthink::test::owned_passes passes = outthink::test::random_passes(3, n, 130);
};

double run_reductions(operands& o) {
  for (const auto how :
       {outthink::step_reduction::last, outthink::step_reduction::min,
        outthink::step_reduction::product, outthink::step_reduction::mean,
        outthink::step_reduction::log_product, outthink::step_reduction::geometric_mean,
        outthink::step_reduction::logit_sum})
    kernels::reduce_steps(o.scores, o.offsets, how, o.floats);
  kernels::sliding_min(o.scores, 1, o.floats, o.more_floats);
  kernels::sliding_mean(o.scores, 1, o.floats, o.doubles);
  return static_cast<double>(kernels::dot(o.scores, o.floats)) +
         static_cast<double>(kernels::cosine_similarity(o.scores, o.floats));
}

double run_resamplings(operands& o) {
  const std::vector<double>& w = o.weights;
  kernels::systematic_resampling(w, 0.5, o.counts);
  kernels::stratified_resampling(w, o.uniforms, o.counts);
  kernels::multinomial_resampling(w, o.uniforms, o.counts, o.doubles);
  kernels::residual_resampling(w, o.uniforms, o.counts, o.doubles);
  kernels::softmax_allocation(o.scores, 0.2F, 64, o.counts, o.positions, o.doubles);
  return kernels::normalise_log_weights(w, o.doubles) + kernels::effective_sample_size(w);
}

double run_rankings(operands& o) {
  kernels::borda_weights(o.scores, 0.5, o.floats, o.positions);
  kernels::elo_update(o.doubles, o.matches);
  kernels::codet_scores(o.passes.view(), o.doubles, o.scratch);
  const auto best = outthink::best_positions(o.scores, std::span<std::size_t>(o.positions));
  return kernels::weighted_votes(o.classes, o.floats, o.doubles).total +
         kernels::bradley_terry_update(o.wins, o.uniforms, o.doubles) + static_cast<double>(best);
}

double run_searches(operands& o) {
  const auto& c = o.children;
  return static_cast<double>(
             kernels::select_by_uct(c.visits, c.value_sums, c.parent_visits, 1.4F) +
             kernels::select_by_puct(c.visits, c.value_sums, c.priors, c.parent_visits)) +
         draw(kernels::beta_posterior{}, 0.3, 0.6) +
         draw(kernels::normal_posterior{}, 0.3, 0.6).mean + kernels::pass_at_k(100, 20, 10) +
         kernels::pass_hat_k(100, 20, 10);
}

}  // namespace

TEST_CASE("no reward kernel allocates memory") {
  operands o;
  double sum = 0;
  std::size_t counted = 1;
  outthink::test::for_each_target([&] {
    const std::size_t before = allocations;
    sum += run_reductions(o) + run_resamplings(o) + run_rankings(o) + run_searches(o);
    counted = allocations - before;
    CHECK(counted == 0);
  });
  CHECK(sum == sum);
}

TEST_CASE("the count of allocations sees a vector's") {
  const std::size_t before = allocations;
  const std::vector<int> numbers(3, 1);
  CHECK(allocations == before + 1);
  CHECK(numbers[2] == 1);
}
