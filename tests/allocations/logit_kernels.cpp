// SPDX-License-Identifier: MIT
// No logit kernel allocates. A program of its own, because it replaces operator new.
#include "../kernels/logit_rows.hpp"
#include <outthink/kernels/argmax.hpp>
#include <outthink/kernels/draw.hpp>
#include <outthink/kernels/draw_by_rejection.hpp>
#include <outthink/kernels/draw_kept.hpp>
#include <outthink/kernels/dry_penalties.hpp>
#include <outthink/kernels/dynamic_temperature.hpp>
#include <outthink/kernels/entropy.hpp>
#include <outthink/kernels/fuse.hpp>
#include <outthink/kernels/gumbel_max.hpp>
#include <outthink/kernels/js_divergence.hpp>
#include <outthink/kernels/kl_divergence.hpp>
#include <outthink/kernels/log_softmax.hpp>
#include <outthink/kernels/logsumexp.hpp>
#include <outthink/kernels/min_p.hpp>
#include <outthink/kernels/mirostat.hpp>
#include <outthink/kernels/sample.hpp>
#include <outthink/kernels/softmax.hpp>
#include <outthink/kernels/statistics.hpp>
#include <outthink/kernels/top_k.hpp>
#include <outthink/kernels/top_n_sigma.hpp>
#include <outthink/kernels/top_p.hpp>
#include <outthink/kernels/two_pass_softmax.hpp>
#include <outthink/kernels/typical.hpp>
#include <outthink/kernels/widen.hpp>
#include <outthink/kernels/xtc.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <span>
#include <vector>

namespace {

std::size_t allocations = 0;

}  // namespace

// The array forms call these. Inlined, the deletions look to g++ as if they freed what another
// operator allocated.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* const memory = std::malloc(size > 0 ? size : 1)) return memory;
  throw std::bad_alloc{};
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

TEST_CASE_TEMPLATE("no logit kernel allocates for rows of 16 bits a logit", Narrow,
                   outthink::kernels::bfloat16, outthink::kernels::half) {
  using namespace outthink::kernels;
  outthink::test::for_each_target([] {
    const std::vector<float> row = outthink::test::peaked_row(20'000, 1);
    std::vector<Narrow> z;
    for (const float x : row) z.push_back(Narrow::nearest(x));
    std::vector<float> output(row.size());
    std::vector<token_logit> largest(1000);
    double sum = 0;  // so that no call is dropped
    const std::size_t before = allocations;
    widen(z, output);
    softmax(z, output);
    log_softmax(z, output);
    sum += static_cast<double>(argmax(z).logit) + logsumexp(z) + entropy(z).varentropy;
    sum += statistics(z, std::span(largest).first(20)).confidence;
    sum += static_cast<double>(dynamic_temperature(z, {}) + top_n_sigma(z, 1).threshold);
    sum += static_cast<double>(draw(z, 1, 0.4) + draw_by_rejection(z, 1, 0.4));
    sum += static_cast<double>(min_p_draw(z, 0.1, 1, 0.4) + gumbel_max(z, 1, 7));
    sum += static_cast<double>(draw_kept(z, typical(z, .9), 1, 0.4));
    sum += static_cast<double>(draw_kept(z, xtc(z, {}, 0.4), 1, 0.4));
    mirostat_state state{};
    sum += static_cast<double>(mirostat(z, state).threshold);
    sum += static_cast<double>(mirostat_draw(z, state, 1, 0.4) + top_p_draw(z, 0.9, 1, 0.4));
    sum += static_cast<double>(outthink::kernels::sample(z, {.top_k = 40, .top_p = .9}, 0.4).token +
                               top_k(z, largest));
    CHECK(allocations == before);
    CHECK(sum != 12345);
  });
}

TEST_CASE("no logit kernel allocates, on any target, for any kind of row") {
  using namespace outthink::kernels;
  outthink::test::for_each_target([] {
    for (auto row : {outthink::test::peaked_row(20'000, 1), outthink::test::flat_row(20'000, 1),
                     std::vector<float>(20'000, 1.0F), std::vector<float>(20'000, -HUGE_VALF)}) {
      std::vector<float> output(row.size());
      std::vector<token_logit> largest(1000);
      sample_workspace workspace;
      const std::vector<std::uint32_t> text(500, 3);
      dry_workspace repetitions(text.size());
      const std::array rows{weighted_row{row, 1}, weighted_row{row, -0.5F}};
      const std::span<const float> z = row;
      double sum = 0;  // so that no call is dropped
      const std::size_t before = allocations;
      sum += static_cast<double>(argmax(z).logit) + logsumexp(z) + entropy(z).varentropy;
      sum += statistics(z, std::span(largest).first(20)).confidence;
      softmax(z, output);
      log_softmax(z, output);
      fuse(rows, output, fuse_space::logprobs);
      keep_plausible(z, 0.1, output);
      two_pass_softmax(z, output);
      sum += kl_divergence(z, output).forward + js_divergence(z, output);
      sum += static_cast<double>(dynamic_temperature(z, {}));
      sum += static_cast<double>(dry_penalties(text, {}, repetitions).size());
      const band typical_set = typical(z, .9);
      const truncation few = top_n_sigma(z, 1);
      for (const double u : {0.1, 0.9}) {
        sum += static_cast<double>(draw(z, 1, u) + draw_by_rejection(z, 1, u));
        sum += static_cast<double>(min_p_draw(z, 0.1, 1, u) + gumbel_max(z, 1, 7));
        sum += static_cast<double>(draw_kept(z, typical_set, 1, u) + draw_kept(z, few, 1, u));
        sum += static_cast<double>(draw_kept(z, xtc(z, {}, u), 1, u));
        for (const auto version : {mirostat_version::one, mirostat_version::two}) {
          mirostat_state state{.version = version, .limit = 20 * u};
          sum += static_cast<double>(mirostat(z, state).threshold);
          sum += static_cast<double>(mirostat_draw(z, state, 1, u));
        }
        sum += static_cast<double>(top_p_draw(z, 0.01, 1, u) + top_p_draw(z, 0.9, 1, u));
        sum += static_cast<double>(
            outthink::kernels::sample(row, {.top_k = 40, .top_p = .9}, u, workspace).token);
        sum += static_cast<double>(
            outthink::kernels::sample(row, {.top_p = .9}, u, workspace, true).token);
      }
      sum += static_cast<double>(top_k(z, std::span(largest).first(40)) + top_k(z, largest));
      CHECK(allocations == before);
      CHECK(sum != 12345);
    }
    const std::size_t before = allocations;
    const std::vector<int> one(1);
    CHECK(allocations > before);
    CHECK(one[0] == 0);
  });
}
