// SPDX-License-Identifier: MIT
#include "../support/scripted_verifier.hpp"
#include "../support/toy_tree.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/policies/speculative_rejection.hpp>
#include <outthink/runtime/solve.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

using outthink::best_score;
using outthink::solve;
using outthink::speculative_rejection;
using outthink::test::letters_of;
using outthink::test::scripted_verifier;
using outthink::test::toy_tree;

TEST_CASE("speculative_rejection of a half halves what is written: 8, 4, 2, 1") {
  toy_tree model{.depth = 5, .letters = 8};
  scripted_verifier verifier([](std::string_view text) { return letters_of(text)[0] - 'a'; });
  const auto result =
      solve("p", model, speculative_rejection{.samples = 8}, verifier, best_score{});
  CHECK(model.batches == std::vector<std::size_t>{8, 4, 2, 1, 1});
  CHECK(letters_of(result.answer)[0] == 'h');
  CHECK(result.candidates.size() == 1);
}

TEST_CASE("speculative_rejection of nothing is best-of-N written step by step") {
  toy_tree model{.depth = 3, .letters = 4};
  scripted_verifier verifier([](std::string_view) { return 0.5; });
  const auto result =
      solve("p", model, speculative_rejection{.samples = 4, .reject = 0}, verifier, best_score{});
  CHECK(model.batches == std::vector<std::size_t>{4, 4, 4});
  CHECK(result.candidates.size() == 4);
  CHECK(letters_of(result.candidates[2].solution) == "caa");
}

TEST_CASE("speculative_rejection waits for its interval") {
  toy_tree model{.depth = 6, .letters = 4};
  scripted_verifier verifier([](std::string_view) { return 0.5; });
  static_cast<void>(solve("p", model, speculative_rejection{.samples = 4, .interval = 2}, verifier,
                          best_score{}));
  CHECK(model.batches == std::vector<std::size_t>{4, 4, 2, 2, 1, 1});
  CHECK(verifier.batches == std::vector<std::size_t>{4, 2, 1});
}

TEST_CASE("speculative_rejection ranks what has ended with what has not") {
  outthink::backends::scripted model(
      [](const outthink::generation_request& asked, outthink::random_stream&) -> std::string {
        if (asked.trace.steps() > 0) return "end";
        return asked.ordinal % 2 == 0 ? "done " + std::to_string(asked.ordinal)
                                      : "step " + std::to_string(asked.ordinal) + "\n";
      });
  scripted_verifier verifier([](std::string_view text) {
    return text.starts_with("done 2") ? 0.9 : text.starts_with("step 3") ? 0.8 : 0.1;
  });
  const auto result =
      solve("p", model, speculative_rejection{.samples = 4}, verifier, best_score{});
  REQUIRE(result.candidates.size() == 1);
  CHECK(result.candidates[0].solution == "done 2");
  CHECK(result.spent.model_calls == 5);
}

TEST_CASE("speculative_rejection refuses options out of range") {
  for (const speculative_rejection& options :
       {speculative_rejection{.samples = 0}, speculative_rejection{.reject = 1},
        speculative_rejection{.reject = -0.1F}, speculative_rejection{.interval = 0},
        speculative_rejection{.max_steps = 0}}) {
    scripted_verifier verifier([](std::string_view) { return 0.5; });
    const auto result = solve("p", toy_tree{}, options, verifier, best_score{});
    CHECK(result.status == outthink::outcome_status::failed);
    CHECK(result.message.find("speculative_rejection: ") != std::string::npos);
  }
}
