// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/token_model.hpp>
#include <outthink/core/error.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace outthink::test {

/// A token model with known logits: a Markov chain over the letters a, b and the end of a line.
/// It keeps count of what it is asked, and refuses what the concept `token_model` rules out.
struct markov_model {
  enum : token_id { kBegin, kEnd, kA, kB, kStart, kLine, kGood, kBad };
  static constexpr std::size_t kVocabulary = 8;

  /// P(next | last) for next = end, a, b, end of line.
  struct row {
    double end, a, b, line;
  };
  row after_a{.2, .2, .3, .3};
  row after_b{.1, .4, .1, .4};
  row after_line{.3, .35, .25, .1};
  row after_start{.1, .5, .3, .1};  // after any other character, that is: after the problem

  std::size_t context = 1'000'000;
  bool reads_history = false;  ///< logits also depend, erratically, on every earlier token
  bool judges =
      false;  ///< <good> has the logit (number of a), <bad> (number of b) / 2; ends count 4

  std::map<sequence_id, std::vector<token_id>> sequences;  ///< those that are open
  sequence_id next_id = 0;
  int released = 0;
  std::vector<std::size_t> batches;  ///< rows of each advance
  std::size_t tokens_read = 0;

  [[nodiscard]] int opened() const { return static_cast<int>(next_id); }

  sequence_id open() { return sequences[next_id], next_id++; }
  sequence_id fork(sequence_id from) {
    sequences[next_id] = sequences.at(from);
    return next_id++;
  }
  void release(sequence_id sequence) {
    if (sequences.erase(sequence) != 1) throw std::logic_error("released twice");
    ++released;
  }

  void advance(std::span<const advance_row> rows, std::span<float> logits) {
    if (logits.size() != rows.size() * kVocabulary) throw std::logic_error("shape of the logits");
    std::set<sequence_id> seen;
    for (const advance_row& r : rows) {
      if (!seen.insert(r.sequence).second) throw std::logic_error("a sequence twice in a batch");
      if (r.tokens.empty()) throw std::logic_error("a row without tokens");
      if (sequences.at(r.sequence).size() + r.tokens.size() > context) {
        throw error(errc::context_full, "advance");
      }
    }
    batches.push_back(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      std::vector<token_id>& text = sequences.at(rows[i].sequence);
      text.insert(text.end(), rows[i].tokens.begin(), rows[i].tokens.end());
      tokens_read += rows[i].tokens.size();
      write_logits(text, logits.subspan(i * kVocabulary, kVocabulary));
    }
  }

  void tokenize(std::string_view text, std::vector<token_id>& out) const {
    for (const char c : text) {
      out.push_back(c == 'a' ? kA : c == 'b' ? kB : c == '\n' ? kLine : kStart);
    }
  }
  [[nodiscard]] std::string_view text_of(token_id token) const {
    static constexpr std::array<std::string_view, kVocabulary> texts{"",  "",   "a", "b",
                                                                     "?", "\n", "",  ""};
    return texts[static_cast<std::size_t>(token)];
  }
  [[nodiscard]] std::optional<token_id> token_named(std::string_view name) const {
    if (name == "<good>") return kGood;
    if (name == "<bad>") return kBad;
    return std::nullopt;
  }
  [[nodiscard]] token_id begin_of_text() const { return kBegin; }
  [[nodiscard]] token_id end_of_text() const { return kEnd; }
  [[nodiscard]] std::size_t vocabulary_size() const { return kVocabulary; }
  [[nodiscard]] std::size_t context_length() const { return context; }
  [[nodiscard]] double flops(std::size_t tokens, std::size_t earlier) const {
    return static_cast<double>(tokens) * (100 + static_cast<double>(earlier));
  }

  [[nodiscard]] const row& after(token_id last) const {
    return last == kA ? after_a : last == kB ? after_b : last == kLine ? after_line : after_start;
  }

  /// Probability that the model writes exactly `solution` after a problem and then ends.
  [[nodiscard]] double probability(std::string_view solution) const {
    double p = 1;
    token_id last = kStart;
    for (const char c : solution) {
      const row& next = after(last);
      p *= c == 'a' ? next.a : c == 'b' ? next.b : next.line;
      last = c == 'a' ? kA : c == 'b' ? kB : kLine;
    }
    return p * after(last).end;
  }

 private:
  void write_logits(const std::vector<token_id>& text, std::span<float> logits) const {
    const row& p = after(text.back());
    std::uint32_t history = 0;
    int as = 0, bs = 0;  // with what counts as b
    for (const token_id token : text) {
      history = history * 31 + static_cast<std::uint32_t>(token);
      as += token == kA ? 1 : 0;
      bs += token == kB ? 1 : token == kEnd ? 4 : 0;
    }
    for (float& z : logits) z = -INFINITY;
    const auto put = [&](token_id token, double probability) {
      const double shift = reads_history ? 0.1 * ((history >> (token + 3)) % 8) : 0.0;
      logits[static_cast<std::size_t>(token)] = static_cast<float>(std::log(probability) + shift);
    };
    put(kEnd, p.end);
    put(kA, p.a);
    put(kB, p.b);
    put(kLine, p.line);
    if (!judges) return;
    logits[kGood] = static_cast<float>(as);
    logits[kBad] = static_cast<float>(bs) / 2;
  }
};

}  // namespace outthink::test
