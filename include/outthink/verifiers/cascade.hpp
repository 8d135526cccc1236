// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/verifier.hpp>
#include <outthink/core/error.hpp>
#include <outthink/verifiers/ask_verifier.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace outthink::verifiers {

/// What a second opinion is worth.
struct cascade_options {
  double cost = 0.1;        ///< of asking the dear verifier, in losses of one wrong decision; ≥ 0
  double dear_error = 0.0;  ///< how often the dear verifier itself is wrong, in [0, 1/2]
  double threshold = 0.5;   ///< scores from here on are taken for right, in (0, 1)
};

/// @brief Asks a dear verifier only about the steps of which a cheap one is not sure enough.
///
/// How it works: whoever decides by a score p that is the probability of "right" errs with
/// probability p below the threshold and 1 - p from it on. The dear verifier is asked where that
/// expected loss exceeds what asking costs and what the dear one still gets wrong: where
/// p > cost + dear_error below the threshold, 1 - p > cost + dear_error above. Its scores replace
/// the cheap ones of these steps. A NaN for the last step counts as not sure; one before the last,
/// as outcome models give, is left. Cascades nest: `cascade{a, cascade{b, c}}`.
///
/// Shapes and units: probabilities; one score per step. Requires: a calibrated cheap verifier,
/// which is asked for everything; `cost` 0 asks the dear one about all but the certain, `cost` 1/2
/// about none but those without a verdict.
/// Cost: the cheap verifier's and the dear one's for traces with an unsure step, from that step on;
/// at most two calls, one of each verifier. Errors: `errc::invalid_argument`,
/// `errc::malformed_reply`; a failure of the cheap verifier is passed on without asking the dear
/// one. Determinism: the verifiers'; a step's score does not depend on the trace it is asked with.
/// Reference: C. K. Chow 1970, "On optimum recognition error and reject tradeoff", IEEE Trans. Inf.
/// Theory 16(1): the rule with the least expected loss. Example: examples/verifier_cascade.cpp.
template <class Cheap, class Dear>
class cascade {
  static_assert(outthink::detail::diagnose_verifier<std::remove_reference_t<Cheap>>());
  static_assert(outthink::detail::diagnose_verifier<std::remove_reference_t<Dear>>());

 public:
  using request = score_request;
  using response = verdict;

  cascade(Cheap&& cheap, Dear&& dear, cascade_options options = {})
      : cheap_(std::forward<Cheap>(cheap)), dear_(std::forward<Dear>(dear)), options_(options) {
    require(options.cost >= 0, "cascade_options.cost must not be negative");
    require(options.dear_error >= 0 && options.dear_error <= 0.5,
            "cascade_options.dear_error must lie in [0, 1/2]");
    require(options.threshold > 0 && options.threshold < 1,
            "cascade_options.threshold must lie in (0, 1)");
  }

  [[nodiscard]] std::vector<verdict> answer(std::span<const score_request> requests) {
    std::vector<verdict> verdicts = detail::ask_verifier(cheap_, requests);
    std::vector<score_request> second;
    std::vector<std::size_t> owners;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const std::size_t first = first_unsure(verdicts[i]);
      if (first == verdicts[i].scores.size()) continue;
      second.push_back(requests[i]);
      second.back().from += static_cast<std::uint32_t>(first);
      owners.push_back(i);
    }
    if (second.empty()) return verdicts;
    std::vector<verdict> opinions = detail::ask_verifier(dear_, second);
    for (std::size_t i = 0; i < owners.size(); ++i) take(verdicts[owners[i]], opinions[i]);
    return verdicts;
  }

 private:
  [[nodiscard]] bool unsure(const verdict& cheap, std::size_t step) const noexcept {
    const auto p = static_cast<double>(cheap.scores[step]);
    if (p != p) return step + 1 == cheap.scores.size();
    return (p < options_.threshold ? p : 1 - p) > options_.cost + options_.dear_error;
  }

  [[nodiscard]] std::size_t first_unsure(const verdict& cheap) const noexcept {
    std::size_t step = cheap.failure.empty() ? 0 : cheap.scores.size();
    while (step < cheap.scores.size() && !unsure(cheap, step)) ++step;
    return step;
  }

  void take(verdict& into, verdict& opinion) const {
    into.spent += opinion.spent;
    if (!opinion.failure.empty()) {
      into.failure = std::move(opinion.failure);
      return;
    }
    const verdict cheap = into;
    const std::size_t first = into.scores.size() - opinion.scores.size();
    for (std::size_t step = first; step < cheap.scores.size(); ++step) {
      if (unsure(cheap, step)) into.scores[step] = opinion.scores[step - first];
    }
  }

  Cheap cheap_;
  Dear dear_;
  cascade_options options_;
};

template <class Cheap, class Dear>
cascade(Cheap&&, Dear&&) -> cascade<Cheap, Dear>;
template <class Cheap, class Dear>
cascade(Cheap&&, Dear&&, cascade_options) -> cascade<Cheap, Dear>;

}  // namespace outthink::verifiers
