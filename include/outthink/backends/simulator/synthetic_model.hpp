// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/simulator/answer_statistics.hpp>
#include <outthink/concepts/language_model.hpp>
#include <outthink/kernels/beta_posterior.hpp>
#include <outthink/kernels/normal_quantile.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace outthink::backends {

/// @brief A language model that does not exist: right as often, wrong in as many ways and as long
/// as `answer_statistics` say.
///
/// How it works: the prompt alone says how hard a problem is: the probability p of a right answer
/// is drawn from the Beta distribution with the given mean and correlation. A solution has `steps`
/// lines, a sign and eight hexadecimal digits each. Each line stays right with probability
/// p^(1/steps), and nothing after a wrong one is right. The last line ends with the answer: `right`
/// or `wrong-k`, where the problem's k-th error takes a share of those left that is drawn from
/// Beta(1, 1/agreement - 1) (a Chinese restaurant: the share of pairs that agree is the one asked
/// for). Lengths are log-normal, line by line.
///
/// Shapes and units: tokens. Requires: statistics in their ranges. Cost: about a microsecond a
/// line. Errors: `errc::invalid_argument` for statistics out of range. Determinism: a function of
/// the request. Numerics: a line has at least one token.
/// Reference: R. Schaeffer et al. 2025, "How do large language monkeys get their power (laws)?",
/// arXiv:2502.17578, for the Beta distribution over problems.
class synthetic_model {
 public:
  using request = generation_request;
  using response = generation;

  explicit synthetic_model(const answer_statistics& habits) : habits_(habits) {
    validate(habits);
    // The lines of a solution are independent, so that their variances add up.
    const double variance = std::log1p(habits.spread * habits.spread * habits.steps);
    log_spread_ = std::sqrt(variance);
    log_tokens_ = std::log(habits.tokens / habits.steps) - variance / 2;
  }

  /// The probability that the model solves a problem in one sample.
  [[nodiscard]] double ease(std::string_view prompt) const {
    const double m = habits_.accuracy;
    if (habits_.correlation < 1e-9) return m;
    const double strength = 1 / habits_.correlation - 1;
    random_stream random({.key = hash_text(prompt), .place = kEase});
    const double u = inner(random), v = inner(random);
    return kernels::draw(kernels::beta_posterior{m * strength, (1 - m) * strength}, u, v);
  }

  [[nodiscard]] std::vector<generation> answer(std::span<const generation_request> requests) {
    std::vector<generation> answers;
    answers.reserve(requests.size());
    for (const generation_request& asked : requests) answers.push_back(answer_one(asked));
    return answers;
  }

  /// Whether a line, and all before it, is right.
  [[nodiscard]] static bool line_is_right(std::string_view line) { return line.starts_with('+'); }

  /// The answer of a whole solution: `right`, or which error it is.
  [[nodiscard]] static std::string answer_of(std::string_view solution) {
    const std::size_t space = solution.rfind(' ');
    return space == std::string_view::npos ? "" : std::string(solution.substr(space + 1));
  }

 private:
  static constexpr std::uint64_t kEase = 0x65617365, kErrors = 0x6572726F;

  // A uniform number in (0, 1).
  static double inner(random_stream& random) noexcept { return random.uniform() + 0x1p-54; }

  [[nodiscard]] generation answer_one(const generation_request& asked) {
    const std::string_view prompt = asked.trace.prompt();
    if (prompt != prompt_) {
      prompt_ = prompt;
      stays_right_ = std::pow(ease(prompt), 1.0 / habits_.steps);
    }
    random_stream random(asked.stream);
    generation written;
    int line = static_cast<int>(asked.trace.steps());
    bool right = line == 0 || line_is_right(last_line(asked.trace));
    do {
      const double tokens =
          std::round(std::exp(log_tokens_ + log_spread_ * kernels::normal_quantile(inner(random))));
      const auto left = asked.max_tokens - written.spent.tokens_written;
      if (tokens > left) {
        written.spent.tokens_written = asked.max_tokens;
        written.ended = finish::length;
        return written;
      }
      written.spent.tokens_written += std::max(1U, static_cast<std::uint32_t>(tokens));
      right = right && random.uniform() < stays_right_;
      append_line(written.text, right, random);
      if (++line >= habits_.steps) {
        written.text += right ? " right" : " wrong-" + std::to_string(error_of(prompt, random));
        return written;
      }
      written.text += asked.rule->delimiter;
    } while (asked.until == extent::solution);
    written.ended = finish::step_end;
    return written;
  }

  static std::string_view last_line(const trace_view& trace) {
    return trace.tree().payload(trace.node()).text;
  }

  static void append_line(std::string& text, bool right, random_stream& random) {
    text += right ? '+' : '-';
    const std::uint32_t bits = random.next();
    for (int shift = 28; shift >= 0; shift -= 4) text += "0123456789abcdef"[(bits >> shift) & 15];
  }

  // The problem's k-th error takes a share of what the earlier ones left.
  [[nodiscard]] int error_of(std::string_view prompt, random_stream& random) const {
    constexpr int kMost = 10'000;
    const double ways = 1 / habits_.agreement - 1;
    random_stream shares({.key = hash_text(prompt), .place = kErrors});
    int k = 1;
    while (k < kMost && random.uniform() < std::pow(shares.uniform(), 1 / ways)) ++k;
    return k;
  }

  answer_statistics habits_;
  double log_tokens_, log_spread_;
  std::string prompt_;  // the latest, and what is known of it
  double stays_right_ = 0;
};

}  // namespace outthink::backends
