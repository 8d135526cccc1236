// SPDX-License-Identifier: MIT
// A run without an observer, for free_observer.sh to compile.
#include <outthink/aggregators/best_score.hpp>
#include <outthink/concepts/asynchronous_service.hpp>
#include <outthink/concepts/language_model.hpp>
#include <outthink/concepts/verifier.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

using namespace outthink;

/// A model that is elsewhere, asked one by one.
struct distant_model {
  using request = generation_request;
  using response = generation;
  std::size_t capacity();
  void submit(std::uint64_t tag, const generation_request& asked);
  void wait(std::vector<completion<generation>>& done, double seconds);
  void abandon();
  std::vector<generation> answer(std::span<const generation_request> asked);
};

/// A verifier that is asked in batches.
struct distant_verifier {
  using request = score_request;
  using response = verdict;
  std::vector<verdict> answer(std::span<const score_request> asked);
};

std::vector<outcome> run(std::span<const problem> problems, distant_model& model,
                         distant_verifier& verifier) {
  return solve_all(problems, model, repeated_sampling{}, verifier, best_score{});
}
