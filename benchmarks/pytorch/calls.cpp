// SPDX-License-Identifier: MIT
// The kernels that compare.py measures beside PyTorch: each function is called `calls` times and
// gives the microseconds of one call.
#include <outthink/kernels/sample.hpp>
#include <outthink/kernels/top_k.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace {

namespace ok = outthink::kernels;

template <class Call>
double microseconds(int calls, const Call& call) {
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < calls; ++i) call();
  const std::chrono::duration<double, std::micro> time = std::chrono::steady_clock::now() - begin;
  return time.count() / calls;
}

}  // namespace

/// The k largest of `logits` [vocabulary], into `tokens` [k].
extern "C" double measure_top_k(const float* logits, std::size_t vocabulary, std::size_t k,
                                std::uint32_t* tokens, int calls) {
  std::vector<ok::token_logit> largest(k);
  const double time =
      microseconds(calls, [&] { ok::top_k(std::span(logits, vocabulary), largest); });
  for (std::size_t i = 0; i < k; ++i) tokens[i] = largest[i].token;
  return time;
}

/// The chain of compare.py, with a penalty on `seen` [count]; the token drawn goes to `token`.
extern "C" double measure_chain(float* logits, std::size_t vocabulary, const std::uint32_t* seen,
                                std::size_t count, double uniform, std::uint32_t* token,
                                int calls) {
  std::vector<ok::token_count> counts;
  for (std::size_t i = 0; i < count; ++i) counts.push_back({seen[i], 1});
  const ok::sample_options chain{.penalties = {.repetition = 1.1F, .seen = counts},
                                 .top_k = 40,
                                 .top_p = 0.95,
                                 .min_p = 0.05,
                                 .temperature = 0.8F};
  ok::sample_workspace workspace;
  return microseconds(calls, [&] {
    const auto drawn = ok::sample(std::span(logits, vocabulary), chain, uniform, workspace);
    *token = static_cast<std::uint32_t>(drawn.token);
  });
}
