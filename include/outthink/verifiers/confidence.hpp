// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/token_model.hpp>
#include <outthink/concepts/verifier.hpp>
#include <outthink/core/error.hpp>
#include <outthink/kernels/statistics.hpp>
#include <outthink/sampling/prefix_cache.hpp>
#include <outthink/verifiers/trace_confidence.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace outthink::verifiers {

/// What tells how sure a model is of a token; all in nats, higher is surer.
enum class token_statistic : std::uint8_t {
  likeliest_tokens,  ///< DeepConf: minus the mean logprob of the likeliest tokens
  self_certainty,    ///< KL(uniform || p)
  negative_entropy,  ///< Σ p ln p
  logprob,           ///< ln p of the token itself: the mean is minus the log of the perplexity
};

/// How confidence is measured.
struct confidence_options {
  token_statistic statistic = token_statistic::likeliest_tokens;  ///< of each token
  confidence_measure measure = confidence_measure::mean;          ///< of all tokens
  std::size_t window = 2048;                                      ///< tokens of a group; at least 1
  std::size_t likeliest = 20;            ///< tokens of `likeliest_tokens`; in [1, 512]
  std::size_t cache_tokens = 64 * 1024;  ///< evaluated tokens of problems that are remembered
};

/// @brief Scores a trace by how sure a model is of its tokens: perplexity, entropy, self-certainty
/// and DeepConf's confidences.
///
/// How it works: the token model reads the solution token by token; every token gets a statistic of
/// the distribution it was drawn from (raw logits, before temperature or truncation), and a step's
/// score is `trace_confidence` of the tokens from the solution's first to the step's last. The four
/// published confidences are `likeliest_tokens` with the four measures; self-certainty, entropy and
/// perplexity are means of theirs.
///
/// Shapes and units: nats, one score per step; higher is surer, none is a probability.
/// Requires: `window` ≥ 1; `likeliest` in [1, 512]; the model that wrote the solution, for the
/// published meaning, or any other. Who has the statistics of a trace already calls
/// `trace_confidence` and needs no model.
/// Cost: one `advance` row per token of the solution, all traces of a batch side by side; charged
/// for the solution (the problem, read once, is not charged).
/// Errors: `errc::invalid_argument`; `failure` in the verdict of a trace that is longer than the
/// context; what the model throws. Determinism: a function of the trace and the instruction set.
/// Numerics: those of `kernels::statistics` and `trace_confidence`.
/// Reference: Y. Fu et al. 2025, arXiv:2508.15260 (DeepConf: k = 20, windows of 2048); Z. Kang et
/// al. 2025, arXiv:2502.18581 (self-certainty). Example: tests/verifiers/confidence.cpp.
template <class TokenModel>
class confidence {
  static_assert(outthink::detail::diagnose_token_model<std::remove_reference_t<TokenModel>>());

 public:
  using request = score_request;
  using response = verdict;

  explicit confidence(TokenModel&& model, confidence_options options = {})
      : model_(std::forward<TokenModel>(model)),
        options_(options),
        cache_(model_, options.cache_tokens) {
    require(options.window > 0, "confidence_options.window must be positive");
    require(options.likeliest > 0 && options.likeliest <= 512,
            "confidence_options.likeliest must lie in [1, 512]");
  }
  confidence(const confidence&) = delete;
  confidence& operator=(const confidence&) = delete;

  [[nodiscard]] std::vector<verdict> answer(std::span<const score_request> requests) {
    cache_.trim();
    std::vector<verdict> verdicts(requests.size());
    std::vector<row> rows = begin(requests, verdicts);
    while (!rows.empty()) {
      std::erase_if(rows, [&](const row& r) { return r.tokens.size() == r.text.size() - r.begin; });
      advance(rows);
    }
    return verdicts;
  }

 private:
  using model_type = std::remove_reference_t<TokenModel>;

  struct row {
    verdict* result;
    std::vector<token_id> text;
    std::size_t begin;                   // where the solution begins in `text`
    std::vector<std::size_t> step_ends;  // positions in `text` at which a score is due
    std::optional<owned_sequence<model_type>> sequence;
    std::vector<float> tokens;  // statistics of the solution's tokens so far
    std::size_t steps = 0;      // of `step_ends`, scored
  };

  std::vector<row> begin(std::span<const score_request> requests, std::vector<verdict>& verdicts) {
    std::vector<row> rows;
    std::vector<std::vector<token_id>> problems;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      row made{&verdicts[i], {model_.begin_of_text()}, 0, {}, {}, {}};
      model_.tokenize(requests[i].trace.prompt(), made.text);
      made.begin = made.text.size();
      std::size_t step = 0;
      for (const std::string_view text : requests[i].trace.step_texts()) {
        model_.tokenize(text, made.text);
        if (step++ >= requests[i].from) made.step_ends.push_back(made.text.size());
      }
      if (made.step_ends.empty()) continue;
      if (made.text.size() == made.begin) {  // no token: as sure as `trace_confidence` says
        verdicts[i].scores = {made.step_ends.size(), trace_confidence({}, options_.measure)};
        continue;
      }
      if (made.text.size() > model_.context_length()) {
        verdicts[i].failure = "a trace of " + std::to_string(made.text.size()) +
                              " tokens does not fit a context of " +
                              std::to_string(model_.context_length());
        continue;
      }
      problems.emplace_back(made.text.begin(),
                            made.text.begin() + static_cast<std::ptrdiff_t>(made.begin));
      rows.push_back(std::move(made));
    }
    const auto known = cache_.ensure(problems);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      rows[i].sequence = known[i]->sequence.fork();
      take(rows[i], known[i]->logits);
    }
    return rows;
  }

  // Reads one more token of every row; the logits after it are the next token's.
  void advance(std::vector<row>& rows) {
    if (rows.empty()) return;
    std::vector<advance_row> batch;
    for (row& r : rows) {
      const std::span<const token_id> text = r.text;
      batch.push_back({r.sequence->id(), text.subspan(r.begin + r.tokens.size() - 1, 1)});
    }
    const std::size_t vocabulary = model_.vocabulary_size();
    logits_.resize(rows.size() * vocabulary);
    model_.advance(batch, logits_);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      rows[i].result->spent.flops += model_.flops(1, rows[i].begin + rows[i].tokens.size() - 1);
      take(rows[i], std::span<const float>(logits_).subspan(i * vocabulary, vocabulary));
    }
  }

  // Measures the token that was drawn from `logits`, and scores the step that it may end.
  void take(row& r, std::span<const float> logits) {
    const auto token = static_cast<std::uint32_t>(r.text[r.begin + r.tokens.size()]);
    r.tokens.push_back(measure(logits, token));
    ++r.result->spent.tokens_read;
    while (r.steps < r.step_ends.size() && r.step_ends[r.steps] <= r.begin + r.tokens.size()) {
      r.result->scores.push_back(trace_confidence(r.tokens, options_.measure, options_.window));
      ++r.steps;
    }
  }

  float measure(std::span<const float> logits, std::uint32_t token) const {
    std::array<kernels::token_logit, 512> likeliest;
    float logprob = 0;
    const bool ranked = options_.statistic == token_statistic::likeliest_tokens;
    const auto measured =
        kernels::statistics(logits, std::span(likeliest).first(ranked ? options_.likeliest : 0),
                            {&token, 1}, {&logprob, 1});
    switch (options_.statistic) {
      case token_statistic::likeliest_tokens:
        return static_cast<float>(measured.confidence);
      case token_statistic::self_certainty:
        return static_cast<float>(measured.self_certainty);
      case token_statistic::negative_entropy:
        return static_cast<float>(-measured.entropy);
      case token_statistic::logprob:
        break;
    }
    return logprob;
  }

  TokenModel model_;
  confidence_options options_;
  prefix_cache<model_type> cache_;
  std::vector<float> logits_;
};

template <class TokenModel>
confidence(TokenModel&&) -> confidence<TokenModel>;
template <class TokenModel>
confidence(TokenModel&&, confidence_options) -> confidence<TokenModel>;

}  // namespace outthink::verifiers
