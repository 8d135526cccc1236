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
  std::size_t rows = 128;                ///< texts that grow side by side
  std::size_t cache_tokens = 64 * 1024;  ///< evaluated tokens remembered between requests
};

/// @brief Turns a token model into a language model: tokenizes, shares prefixes, samples.
///
/// How it works: prefixes that several requests share are evaluated once and forked, and so is what
/// they write, as long as they draw the same tokens; up to `rows` texts grow at a time, a new
/// one joining when another ends. A step ends with the token that completes the delimiter. The
/// decoder then draws one more token: if that ends the text, the step was the last; if not, it is
/// discarded and what continues the step draws its first token until it is not the end of the text,
/// so that solutions have the same distribution step by step or at once. Of a token that goes on
/// behind a step's delimiter or a stop text, the rest is dropped and drawn anew, given the text up
/// to there, as a server with stop texts does; it counts whole.
///
/// Requires: `TokenModel` may be a reference type, the model then outlives the decoder.
/// Cost: one `advance` row per token of texts that differ so far; the charge of a request is its
/// own tokens, and the problem's for the first continuation of the problem, whether or not they
/// were computed for another request, too. Errors: what the model throws; `errc::context_full` for
/// a prompt that does not fit. Determinism: tokens use the numbers of the request's stream, in
/// order.
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
    std::vector<line> lines;
    std::size_t growing = 0;  // texts
    for (std::size_t next = 0; next < requests.size() || growing > 0;) {
      while (next < requests.size() && growing < options_.rows) {
        const prefix known = prefixes[next];
        lines.push_back({known->text, known->sequence.fork(), known->text.size(), {}});
        for (; next < requests.size() && prefixes[next] == known && growing < options_.rows;
             ++next, ++growing) {
          lines.back().texts.push_back(begin(requests[next], *known, answers[next]));
        }
        draw(lines, lines.size() - 1, known->logits);
      }
      growing = advance(lines);
    }
    return answers;
  }

  /// The model inside.
  [[nodiscard]] const std::remove_reference_t<TokenModel>& model() const noexcept { return model_; }

 private:
  using model_type = std::remove_reference_t<TokenModel>;
  using cache_type = prefix_cache<model_type>;
  using prefix = const typename cache_type::entry*;

  // A text that is being written.
  struct growing_text {
    const generation_request* asked;
    generation* reply;
    random_stream random;
    bool begins = true;          // no token of it is drawn yet
    bool step_is_whole = false;  // only the look-ahead is missing
    double logprob = 0;
    double drawn_logprob = 0;
  };

  // Texts that agree so far, which are computed once. The last token is not evaluated yet.
  struct line {
    std::vector<token_id> tokens;
    owned_sequence<model_type> sequence;
    std::size_t prefix_length;  // of the tokens
    std::vector<growing_text> texts;
  };

  // What the model says of the next token, and the sums over it that several texts need.
  struct next_logits {
    std::span<const float> logits;
    double total;  // logsumexp
    float temperature = 0;
    double tempered_total = 0;  // the same at that temperature
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

  growing_text begin(const generation_request& asked, const typename cache_type::entry& known,
                     generation& reply) {
    if (asked.trace.steps() == 0 && asked.ordinal == 0) {
      reply.spent.tokens_read = static_cast<std::uint32_t>(known.text.size());
      reply.spent.flops = model_.flops(known.text.size(), 0);
    }
    return {&asked, &reply, random_stream(asked.stream)};
  }

  // A sampler that may overwrite logits gets a copy.
  token_id draw_token(growing_text& text, std::span<const float> logits) {
    const sampling_options& options = text.asked->sampling;
    if constexpr (std::is_invocable_v<Sampler&, std::span<const float>, const sampling_options&,
                                      double>) {
      return sample_(logits, options, text.random.uniform());
    } else {
      scratch_.assign(logits.begin(), logits.end());
      return sample_(scratch_, options, text.random.uniform());
    }
  }

  // Draws given that the text goes on; where next to nothing but its end is left by the sampler,
  // the end is struck out before.
  token_id draw_word(growing_text& text, std::span<const float> logits) {
    constexpr int kTries = 32;
    for (int tries = 0; tries < kTries; ++tries) {
      const token_id token = draw_token(text, logits);
      if (token != model_.end_of_text()) return token;
    }
    std::vector<float> words(logits.begin(), logits.end());
    words[static_cast<std::size_t>(model_.end_of_text())] = -std::numeric_limits<float>::infinity();
    return draw_token(text, words);
  }

  // Evaluates the last token of every line and draws the ones after it; how many texts go on.
  std::size_t advance(std::vector<line>& lines) {
    std::erase_if(lines, [](const line& at) { return at.texts.empty(); });
    if (lines.empty()) return 0;
    batch_.clear();
    for (const line& at : lines) {
      batch_.push_back({at.sequence.id(), std::span(at.tokens).last(1)});
    }
    const std::size_t count = lines.size(), vocabulary = model_.vocabulary_size();
    logits_.resize(count * vocabulary);
    model_.advance(batch_, logits_);
    for (std::size_t i = 0; i < count; ++i) {
      draw(lines, i, std::span<const float>(logits_).subspan(i * vocabulary, vocabulary));
    }
    std::size_t growing = 0;
    for (const line& at : lines) growing += at.texts.size();
    return growing;
  }

  // Draws the next token of all texts of a line. Those that draw the first one's go on in the line,
  // others in new lines; if all of them end, the line is left without texts.
  void draw(std::vector<line>& lines, std::size_t at, std::span<const float> logits) {
    next_logits after{logits, kernels::logsumexp(logits)};
    const std::size_t length = lines[at].tokens.size(), old = lines.size();
    bool remembered = false;
    for (growing_text& text : std::exchange(lines[at].texts, {})) {
      const bool continues = text.asked->trace.steps() > 0;
      const bool first = std::exchange(text.begins, false);
      const token_id token =
          first && continues ? draw_word(text, logits) : draw_token(text, logits);
      if (text.step_is_whole) {
        if (look_ahead(text, token) && !std::exchange(remembered, true)) {
          remember(lines[at], length, logits);
        }
      } else if (take_token(text, length, after, token)) {
        line_of(lines, at, old, length, token).texts.push_back(std::move(text));
      }
    }
  }

  // Where texts of the line `at` go on with `token` behind its first `length` ones; `old` lines
  // are no such.
  line& line_of(std::vector<line>& lines, std::size_t at, std::size_t old, std::size_t length,
                token_id token) {
    line& same = lines[at];
    if (same.tokens.size() == length) same.tokens.push_back(token);
    if (same.tokens.back() == token) return same;
    for (std::size_t i = old; i < lines.size(); ++i) {
      if (lines[i].tokens.back() == token) return lines[i];
    }
    line other{same.tokens, same.sequence.fork(), same.prefix_length, {}};
    other.tokens.back() = token;
    return lines.emplace_back(std::move(other));
  }

  // Appends `token` to a text of `length` tokens; false if that ends it.
  bool take_token(growing_text& text, std::size_t length, next_logits& after, token_id token) {
    if (token == model_.end_of_text()) return end(text, finish::text_end);
    generation& reply = *text.reply;
    const std::size_t before = reply.text.size();
    reply.text += model_.text_of(token);
    text.logprob +=
        static_cast<double>(after.logits[static_cast<std::size_t>(token)]) - after.total;
    text.drawn_logprob += drawn_logprob_of(token, after, text.asked->sampling);
    reply.spent.flops += model_.flops(1, length);
    ++reply.spent.tokens_written;
    return goes_on(text, length + 1, before);
  }

  // Where a temperature alone changes the model's distribution; else NaN.
  double drawn_logprob_of(token_id token, next_logits& after, const sampling_options& options) {
    const float temperature = options.temperature;
    const bool tempered = std::is_same_v<Sampler, default_sampler> && temperature > 0 &&
                          temperature != 1 && options.top_k == 0 && options.top_p == 1;
    if (!tempered) return std::numeric_limits<double>::quiet_NaN();
    if (std::exchange(after.temperature, temperature) != temperature) {
      scratch_.assign(after.logits.begin(), after.logits.end());
      for (float& logit : scratch_) logit /= temperature;
      after.tempered_total = kernels::logsumexp(scratch_);
    }
    const float logit = after.logits[static_cast<std::size_t>(token)] / temperature;
    return static_cast<double>(logit) - after.tempered_total;
  }

  // False if the latest token, behind the first `before` bytes, ends the text of now `length`
  // tokens.
  bool goes_on(growing_text& text, std::size_t length, std::size_t before) {
    const step_rule& rule = *text.asked->rule;
    generation& reply = *text.reply;
    const std::size_t written = reply.text.size();
    if (text.asked->until == extent::step) reply.text.resize(rule.first_step(reply.text, before));
    if (const std::size_t stop = rule.first_stop(reply.text, before); stop <= written) {
      reply.text.resize(stop);
      return end(text, finish::text_end);
    }
    if (reply.text.size() < written) return end(text, finish::step_end);
    const bool at_delimiter = !rule.delimiter.empty() && reply.text.ends_with(rule.delimiter);
    const bool full = length >= model_.context_length();
    if (text.asked->until == extent::step && at_delimiter && !full) {
      text.step_is_whole = true;
    } else if (full || reply.spent.tokens_written >= text.asked->max_tokens) {
      return end(text, finish::length);
    }
    return true;
  }

  // Ends a step that is whole; the token drawn after it says whether the text goes on.
  bool look_ahead(growing_text& text, token_id token) {
    const bool last = token == model_.end_of_text();
    end(text, last ? finish::text_end : finish::step_end);
    return !last;
  }

  void remember(const line& at, std::size_t length, std::span<const float> logits) {
    const auto begin = at.tokens.begin();
    cache_.remember({begin, begin + static_cast<std::ptrdiff_t>(length)}, at.sequence.fork(),
                    logits, length - at.prefix_length);
  }

  // False: the text does not go on.
  bool end(growing_text& text, finish why) {
    text.reply->ended = why;
    text.reply->logprob = static_cast<float>(text.logprob);
    text.reply->drawn_logprob = static_cast<float>(text.drawn_logprob);
    return false;
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
