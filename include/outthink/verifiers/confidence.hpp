// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/token_model.hpp>
#include <outthink/concepts/verifier.hpp>
#include <outthink/core/error.hpp>
#include <outthink/sampling/prefix_cache.hpp>

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

/// @brief Scores a trace by how sure a model is of its tokens: perplexity, entropy, self-certainty
/// and DeepConf's confidences.
///
/// How it works: the token model reads the solution token by token; `statistic(logits, token)`
/// measures each from the logits it was drawn from, and `reduce(values)` makes a step's score of
/// the tokens from the solution's first to the step's last. With `token_confidence` and
/// `token_reduction`, the published confidences are `likeliest_tokens` with the four measures;
/// self-certainty, entropy and perplexity are means of theirs.
///
/// Shapes and units: the statistic's, one score per step; higher is surer, none is a probability.
/// Requires: the model that wrote the solution, for the published meaning, or any other. Who has
/// the statistics of a trace already calls `trace_confidence` and needs no model. Cost: one
/// `advance` row per token of the solution, all traces of a batch side by side; charged for the
/// solution (the problem, read once, is not charged). Errors: those of the two functions; `failure`
/// in the verdict of a trace that is longer than the context; what the model throws. Determinism: a
/// function of the trace and the instruction set. Numerics: those of the two functions. Reference:
/// Y. Fu et al. 2025, arXiv:2508.15260 (DeepConf: k = 20, windows of 2048); Z. Kang et al. 2025,
/// arXiv:2502.18581 (self-certainty). Example: tests/verifiers/confidence.cpp.
template <class TokenModel, class Statistic, class Reduce>
class confidence {
  static_assert(outthink::detail::diagnose_token_model<std::remove_reference_t<TokenModel>>());

 public:
  using request = score_request;
  using response = verdict;

  /// Remembers `cache_tokens` evaluated tokens of problems between requests.
  confidence(TokenModel&& model, Statistic statistic, Reduce reduce,
             std::size_t cache_tokens = std::size_t{64} * 1024)
      : model_(std::forward<TokenModel>(model)),
        statistic_(std::move(statistic)),
        reduce_(std::move(reduce)),
        cache_(model_, cache_tokens) {}
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
      if (made.text.size() == made.begin) {  // nothing to read
        verdicts[i].scores = {made.step_ends.size(), reduce_(std::span<const float>())};
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
    r.tokens.push_back(statistic_(logits, token));
    ++r.result->spent.tokens_read;
    while (r.steps < r.step_ends.size() && r.step_ends[r.steps] <= r.begin + r.tokens.size()) {
      r.result->scores.push_back(reduce_(std::span<const float>(r.tokens)));
      ++r.steps;
    }
  }

  TokenModel model_;
  Statistic statistic_;
  Reduce reduce_;
  prefix_cache<model_type> cache_;
  std::vector<float> logits_;
};

template <class TokenModel, class Statistic, class Reduce>
confidence(TokenModel&&, Statistic, Reduce) -> confidence<TokenModel, Statistic, Reduce>;
template <class TokenModel, class Statistic, class Reduce>
confidence(TokenModel&&, Statistic, Reduce, std::size_t)
    -> confidence<TokenModel, Statistic, Reduce>;

}  // namespace outthink::verifiers
