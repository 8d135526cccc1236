// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/language_model.hpp>
#include <outthink/concepts/sampler.hpp>
#include <outthink/concepts/token_model.hpp>
#include <outthink/core/error.hpp>
#include <outthink/kernels/logsumexp.hpp>
#include <outthink/sampling/default_sampler.hpp>
#include <outthink/sampling/prefix_cache.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace outthink {

/// How a decoder uses memory; its answers do not depend on it.
struct decoder_options {
  std::size_t rows = 128;                ///< sequences that grow side by side
  std::size_t cache_tokens = 64 * 1024;  ///< evaluated tokens remembered between requests
};

/// @brief Turns a token model into a language model: tokenizes, shares prefixes, samples.
///
/// How it works: prefixes that several requests share are evaluated once and forked; up to `rows`
/// sequences grow at a time, a new one joining when another ends. A step ends with the token that
/// completes the delimiter. The decoder then draws one more token: if that ends the text, the step
/// was the last; if not, it is discarded and what continues the step draws its first token until it
/// is not the end of the text, so that solutions have the same distribution step by step or at
/// once. Of a token that goes on behind a step's delimiter or a stop text, the rest is dropped and
/// drawn anew, given the text up to there, as a server with stop texts does; it counts whole.
///
/// Requires: `TokenModel` may be a reference type, the model then outlives the decoder.
/// Cost: one `advance` row per token; the charge of a request is its own tokens, and the problem's
/// for the first continuation of the problem, whether or not prefixes were found in the cache.
/// Errors: what the model throws; `errc::context_full` for a prompt that does not fit.
/// Determinism: tokens use the numbers of the request's stream, in order.
template <class TokenModel, class Sampler = default_sampler>
class decoder {
  static_assert(detail::diagnose_token_model<std::remove_reference_t<TokenModel>>());
  static_assert(detail::diagnose_sampler<Sampler>());

 public:
  using request = generation_request;
  using response = generation;

  explicit decoder(TokenModel&& model, decoder_options options = {}, Sampler sample = {})
      : model_(std::forward<TokenModel>(model)),
        options_(options),
        sample_(std::move(sample)),
        cache_(model_, options.cache_tokens) {
    require(options.rows > 0, "decoder_options.rows must be positive");
  }
  decoder(const decoder&) = delete;
  decoder& operator=(const decoder&) = delete;

  [[nodiscard]] std::vector<generation> answer(std::span<const generation_request> requests) {
    cache_.trim();
    const std::vector<prefix> prefixes = read_prefixes(requests);
    std::vector<generation> answers(requests.size());
    std::vector<row> rows;
    for (std::size_t next = 0; next < requests.size() || !rows.empty();) {
      for (; next < requests.size() && rows.size() < options_.rows; ++next) {
        row begun = begin(requests[next], *prefixes[next], answers[next]);
        if (!begun.ended) rows.push_back(std::move(begun));
      }
      advance(rows);
      std::erase_if(rows, [](const row& r) { return r.ended; });
    }
    return answers;
  }

  /// The model inside.
  [[nodiscard]] const std::remove_reference_t<TokenModel>& model() const noexcept { return model_; }

 private:
  using model_type = std::remove_reference_t<TokenModel>;
  using cache_type = prefix_cache<model_type>;
  using prefix = const typename cache_type::entry*;

  struct row {
    const generation_request* asked;
    generation* reply;
    std::vector<token_id> text;  // all tokens of the sequence, `next` included
    owned_sequence<model_type> sequence;
    random_stream random;
    std::size_t prefix_length;
    token_id next = 0;  // drawn but not evaluated yet
    double logprob = 0;
    double drawn_logprob = 0;
    bool step_is_whole = false;  // `next` completes the step; only the look-ahead is missing
    bool ended = false;
  };

  std::vector<prefix> read_prefixes(std::span<const generation_request> requests) {
    std::vector<std::vector<token_id>> texts;
    texts.reserve(requests.size());
    for (const generation_request& asked : requests) {
      std::vector<token_id> text{model_.begin_of_text()};
      model_.tokenize(asked.trace.prompt(), text);
      model_.tokenize(asked.trace.solution(), text);
      if (text.size() >= model_.context_length()) {
        throw error(errc::context_full, "the prompt and its steps have " +
                                            std::to_string(text.size()) + " tokens, the context " +
                                            std::to_string(model_.context_length()));
      }
      texts.push_back(std::move(text));
    }
    return cache_.ensure(texts);
  }

  row begin(const generation_request& asked, const typename cache_type::entry& known,
            generation& reply) {
    row begun{
        &asked,           &reply, known.text, known.sequence.fork(), random_stream(asked.stream),
        known.text.size()};
    if (asked.trace.steps() == 0 && asked.ordinal == 0) {
      reply.spent.tokens_read = static_cast<std::uint32_t>(known.text.size());
      reply.spent.flops = model_.flops(known.text.size(), 0);
    }
    const std::span<const float> logits = known.logits;
    const bool continues = asked.trace.steps() > 0;
    take_token(begun, logits, continues ? draw_word(begun, logits) : draw_token(begun, logits));
    return begun;
  }

  // A sampler that may overwrite logits gets a copy.
  token_id draw_token(row& r, std::span<const float> logits) {
    const sampling_options& options = r.asked->sampling;
    if constexpr (std::is_invocable_v<Sampler&, std::span<const float>, const sampling_options&,
                                      double>) {
      return sample_(logits, options, r.random.uniform());
    } else {
      scratch_.assign(logits.begin(), logits.end());
      return sample_(scratch_, options, r.random.uniform());
    }
  }

  // Draws given that the text goes on; where next to nothing but its end is left by the sampler,
  // the end is struck out before.
  token_id draw_word(row& r, std::span<const float> logits) {
    constexpr int kTries = 32;
    for (int tries = 0; tries < kTries; ++tries) {
      const token_id token = draw_token(r, logits);
      if (token != model_.end_of_text()) return token;
    }
    std::vector<float> words(logits.begin(), logits.end());
    words[static_cast<std::size_t>(model_.end_of_text())] = -std::numeric_limits<float>::infinity();
    return draw_token(r, words);
  }

  // Evaluates every row's next token and draws the one after it.
  void advance(std::vector<row>& rows) {
    if (rows.empty()) return;
    batch_.clear();
    for (const row& r : rows) batch_.push_back({r.sequence.id(), std::span(&r.next, 1)});
    const std::size_t vocabulary = model_.vocabulary_size();
    logits_.resize(rows.size() * vocabulary);
    model_.advance(batch_, logits_);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto after = std::span<const float>(logits_).subspan(i * vocabulary, vocabulary);
      const token_id token = draw_token(rows[i], after);
      if (rows[i].step_is_whole) {
        look_ahead(rows[i], after, token);
      } else {
        take_token(rows[i], after, token);
      }
    }
  }

  // Appends `token`, which was drawn from `logits`, or ends the row.
  void take_token(row& r, std::span<const float> logits, token_id token) {
    if (token == model_.end_of_text()) return end(r, finish::text_end);
    generation& reply = *r.reply;
    const std::size_t before = reply.text.size();
    reply.text += model_.text_of(token);
    r.logprob += logprob_of(token, logits);
    r.drawn_logprob += drawn_logprob_of(token, logits, r.asked->sampling);
    reply.spent.flops += model_.flops(1, r.text.size());
    ++reply.spent.tokens_written;
    r.text.push_back(token);
    r.next = token;
    after_token(r, before);
  }

  static double logprob_of(token_id token, std::span<const float> logits) {
    return static_cast<double>(logits[static_cast<std::size_t>(token)]) -
           kernels::logsumexp(logits);
  }

  // Where a temperature alone changes the model's distribution; else NaN.
  double drawn_logprob_of(token_id token, std::span<const float> logits,
                          const sampling_options& options) {
    const bool tempered = std::is_same_v<Sampler, default_sampler> && options.temperature > 0 &&
                          options.temperature != 1 && options.top_k == 0 && options.top_p == 1;
    if (!tempered) return std::numeric_limits<double>::quiet_NaN();
    scratch_.assign(logits.begin(), logits.end());
    for (float& logit : scratch_) logit /= options.temperature;
    return logprob_of(token, scratch_);
  }

  // `before`: length of the reply without the latest token.
  void after_token(row& r, std::size_t before) {
    const step_rule& rule = *r.asked->rule;
    generation& reply = *r.reply;
    const std::size_t written = reply.text.size();
    if (r.asked->until == extent::step) reply.text.resize(rule.first_step(reply.text, before));
    if (const std::size_t stop = rule.first_stop(reply.text, before); stop <= written) {
      reply.text.resize(stop);
      return end(r, finish::text_end);
    }
    if (reply.text.size() < written) return end(r, finish::step_end);
    const bool at_delimiter = !rule.delimiter.empty() && reply.text.ends_with(rule.delimiter);
    const bool full = r.text.size() >= model_.context_length();
    if (r.asked->until == extent::step && at_delimiter && !full) {
      r.step_is_whole = true;
    } else if (full || reply.spent.tokens_written >= r.asked->max_tokens) {
      end(r, finish::length);
    }
  }

  // Ends a step that is whole; `token`, drawn from `logits`, says whether the text goes on.
  void look_ahead(row& r, std::span<const float> logits, token_id token) {
    const bool last = token == model_.end_of_text();
    if (!last) {
      const std::size_t own = r.text.size() - r.prefix_length;
      cache_.remember(r.text, std::move(r.sequence), logits, own);
    }
    end(r, last ? finish::text_end : finish::step_end);
  }

  void end(row& r, finish why) {
    r.reply->ended = why;
    r.reply->logprob = static_cast<float>(r.logprob);
    r.reply->drawn_logprob = static_cast<float>(r.drawn_logprob);
    r.ended = true;
  }

  TokenModel model_;
  decoder_options options_;
  Sampler sample_;
  cache_type cache_;
  std::vector<advance_row> batch_;
  std::vector<float> logits_;
  std::vector<float> scratch_;  // a copy of a row that may be overwritten
};

template <class TokenModel>
decoder(TokenModel&&) -> decoder<TokenModel>;
template <class TokenModel>
decoder(TokenModel&&, decoder_options) -> decoder<TokenModel>;
template <class TokenModel, class Sampler>
decoder(TokenModel&&, decoder_options, Sampler) -> decoder<TokenModel, Sampler>;

}  // namespace outthink
