// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/token_model.hpp>
#include <outthink/concepts/verifier.hpp>
#include <outthink/core/error.hpp>
#include <outthink/sampling/prefix_cache.hpp>

#include <cmath>
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

/// What a value model's score is.
enum class value_scale : std::uint8_t {
  probability,  ///< sigmoid of the difference of logits: in (0, 1)
  logit,        ///< the difference itself
};

/// How a value model is read, and its memory.
struct value_model_options {
  std::string_view good = "<good>";  ///< control token that speaks for a step
  std::string_view bad = "<bad>";    ///< control token that speaks against it
  value_scale scale = value_scale::probability;
  bool score_end = false;  ///< read a solution's last step at the end of the text, too
  std::size_t cache_tokens = 64 * 1024;  ///< evaluated tokens remembered between requests
};

/// @brief Scores every step by the difference of two tokens' logits at the step's end.
///
/// How it works: d = z(good) − z(bad) after the step's last token; the score is 1 / (1 + exp(−d)),
/// or d itself. Any token model can serve; nothing is added to the text. Steps that were scored
/// before are not read again. With `score_end` the last step of a finished solution is read once
/// more after the end-of-text token, and the smaller score counts: a model trained for it can tell
/// a whole solution from one that stops too early.
///
/// Shapes and units: one score per step; see `value_scale`.
/// Requires: a vocabulary with both tokens; a model trained so that the difference judges the step.
/// Cost: one `advance` row per step, all traces of a batch side by side, and one for all that agree
/// so far; charged for the tokens of the steps asked for (the problem, read once, is not charged).
/// Errors: `errc::unsupported_model` if a token is missing; `failure` in the verdict of a trace
/// that is longer than the context; what the model throws.
/// Determinism: a function of the trace, bit for bit. Numerics: float logits; a probability
/// saturates at |d| ≈ 17, where steps tie.
/// Reference: the tag-token readout of process reward models (P. Wang et al. 2023,
/// arXiv:2312.08935); trained on prefixes with outcomes it is the value model of F. Yu et al. 2023,
/// arXiv:2311.09724.
template <class TokenModel>
class value_model {
  static_assert(outthink::detail::diagnose_token_model<std::remove_reference_t<TokenModel>>());

 public:
  using request = score_request;
  using response = verdict;

  explicit value_model(TokenModel&& model, value_model_options options = {})
      : model_(std::forward<TokenModel>(model)),
        good_(token_named(options.good)),
        bad_(token_named(options.bad)),
        scale_(options.scale),
        score_end_(options.score_end),
        cache_(model_, options.cache_tokens) {}
  value_model(const value_model&) = delete;
  value_model& operator=(const value_model&) = delete;

  [[nodiscard]] std::vector<verdict> answer(std::span<const score_request> requests) {
    cache_.trim();
    std::vector<verdict> verdicts(requests.size());
    std::vector<row> rows = begin(requests, verdicts);
    std::vector<line> lines = lines_of(rows);
    for (std::size_t step = 0; !lines.empty(); ++step) lines = advance(lines, step);
    return verdicts;
  }

  /// The model inside.
  [[nodiscard]] const std::remove_reference_t<TokenModel>& model() const noexcept { return model_; }

 private:
  using model_type = std::remove_reference_t<TokenModel>;

  struct row {
    verdict* result;
    std::vector<token_id> text;
    std::vector<std::size_t> step_ends;  // positions in `text`; the first is where scoring begins
    bool reads_end;                      // the last reading is of the end, not of a step
  };

  // Traces that agree so far, which are read once.
  struct line {
    owned_sequence<model_type> sequence;
    std::span<const token_id> read;  // the latest part of them
    std::vector<row*> rows;
  };

  token_id token_named(std::string_view name) const {
    const std::optional<token_id> token = model_.token_named(name);
    if (!token) {
      throw error(errc::unsupported_model, "a value model needs the control token " +
                                               std::string(name) + " in its vocabulary");
    }
    return *token;
  }

  std::vector<row> begin(std::span<const score_request> requests, std::vector<verdict>& verdicts) {
    std::vector<row> rows;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      row made{&verdicts[i], {model_.begin_of_text()}, {}, false};
      model_.tokenize(requests[i].trace.prompt(), made.text);
      const std::vector<std::string_view> steps = requests[i].trace.step_texts();
      for (std::size_t step = 0; step < steps.size(); ++step) {
        if (step == requests[i].from) made.step_ends.push_back(made.text.size());
        model_.tokenize(steps[step], made.text);
        if (step >= requests[i].from) made.step_ends.push_back(made.text.size());
      }
      if (made.step_ends.empty()) continue;
      if (score_end_ && requests[i].trace.finished()) {
        made.text.push_back(model_.end_of_text());
        made.step_ends.push_back(made.text.size());
        made.reads_end = true;
      }
      if (made.text.size() > model_.context_length()) {
        verdicts[i].failure = "a trace of " + std::to_string(made.text.size()) +
                              " tokens does not fit a context of " +
                              std::to_string(model_.context_length());
        continue;
      }
      rows.push_back(std::move(made));
    }
    return rows;
  }

  // Where scoring begins; what lies before the steps asked for comes from the cache.
  std::vector<line> lines_of(std::vector<row>& rows) {
    std::vector<std::vector<token_id>> prefixes;
    for (const row& r : rows) prefixes.emplace_back(r.text.begin(), part_end(r, 0));
    const auto known = cache_.ensure(prefixes);
    std::vector<line> lines;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto same = [&](const line& at) { return at.read.data() == known[i]->text.data(); };
      line_with(same, known[i]->text, known[i]->sequence, lines, 0).rows.push_back(&rows[i]);
    }
    return lines;
  }

  // The first line from `first` on that is the `same`; if none is, a new one, forked from
  // `sequence`.
  static line& line_with(const auto& same, std::span<const token_id> read,
                         const owned_sequence<model_type>& sequence, std::vector<line>& lines,
                         std::size_t first) {
    for (std::size_t i = first; i < lines.size(); ++i) {
      if (same(lines[i])) return lines[i];
    }
    return lines.emplace_back(line{sequence.fork(), read, {}});
  }

  static auto part_end(const row& r, std::size_t part) {
    return r.text.begin() + static_cast<std::ptrdiff_t>(r.step_ends[part]);
  }

  // A step, or the end, of a trace.
  static std::span<const token_id> reading(const row& r, std::size_t step) {
    return {part_end(r, step), part_end(r, step + 1)};
  }

  // Reads one more step, or the end, of the traces that have one: the lines that then are.
  std::vector<line> advance(std::vector<line>& lines, std::size_t step) {
    std::vector<line> next;
    for (const line& at : lines) {
      const std::size_t first = next.size();
      for (row* r : at.rows) {
        if (step + 1 >= r->step_ends.size()) continue;
        const auto part = reading(*r, step);
        const auto same = [&](const line& other) {
          return outthink::detail::same_tokens(other.read, part);
        };
        line_with(same, part, at.sequence, next, first).rows.push_back(r);
      }
    }
    if (next.empty()) return next;
    std::vector<advance_row> batch;
    for (const line& at : next) batch.push_back({at.sequence.id(), at.read});
    const std::size_t vocabulary = model_.vocabulary_size();
    std::vector<float> logits(batch.size() * vocabulary);
    model_.advance(batch, logits);
    for (std::size_t i = 0; i < next.size(); ++i) {
      const auto after = std::span<const float>(logits).subspan(i * vocabulary, vocabulary);
      for (row* r : next[i].rows) take_score(*r, next[i], after, step);
    }
    return next;
  }

  void take_score(row& r, const line& at, std::span<const float> logits, std::size_t step) {
    const double difference = static_cast<double>(logits[static_cast<std::size_t>(good_)]) -
                              static_cast<double>(logits[static_cast<std::size_t>(bad_)]);
    const bool as_logit = scale_ == value_scale::logit;
    const auto score =
        static_cast<float>(as_logit ? difference : 1.0 / (1.0 + std::exp(-difference)));
    const bool last = step + 2 == r.step_ends.size();
    if (last && r.reads_end) {
      float& of_step = r.result->scores[r.result->scores.size() - 1];
      if (!(score >= of_step)) of_step = score;
    } else {
      r.result->scores.push_back(score);
    }
    const std::size_t read = r.step_ends[step + 1] - r.step_ends[step];
    r.result->spent.tokens_read += static_cast<std::uint32_t>(read);
    r.result->spent.flops += model_.flops(read, r.step_ends[step]);
    if (!last) return;
    const std::size_t own = r.text.size() - r.step_ends[0];
    cache_.remember(r.text, at.sequence.fork(), logits, own);
  }

  TokenModel model_;
  token_id good_;
  token_id bad_;
  value_scale scale_;
  bool score_end_;
  prefix_cache<model_type> cache_;
};

template <class TokenModel>
value_model(TokenModel&&) -> value_model<TokenModel>;
template <class TokenModel>
value_model(TokenModel&&, value_model_options) -> value_model<TokenModel>;

}  // namespace outthink::verifiers
