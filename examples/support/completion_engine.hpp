// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/transformer.hpp>
#include <outthink/kernels/log_softmax.hpp>
#include <outthink/outthink.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A token of a text, how likely the model finds it, and what it finds likeliest there.
struct token_report {
  std::string text;
  float logprob = 0;
  std::vector<std::pair<std::string, float>> top;
};

/// Continues texts and, where asked, reports on every token that it wrote.
class completion_engine {
 public:
  struct request {
    outthink::generation_request asked;
    int top = -1;  ///< likeliest tokens to report for each; -1 for no report
  };
  struct response {
    outthink::generation made;
    std::vector<token_report> tokens;
  };

  completion_engine(const std::string& path, int threads)
      : model_(outthink::backends::transformer::load(path, {.threads = threads})),
        decoder_(model_) {}

  std::vector<response> answer(std::span<const request> batch) {
    std::vector<outthink::generation_request> asked;
    for (const request& one : batch) asked.push_back(one.asked);
    std::vector<outthink::generation> made = decoder_.answer(asked);
    std::vector<response> answers;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      answers.push_back({std::move(made[i]), {}});
      if (batch[i].top < 0) continue;
      answers[i].tokens = report(asked[i].trace.text(), answers[i].made.text, batch[i].top);
    }
    return answers;
  }

 private:
  // Reads the text once more, token by token.
  std::vector<token_report> report(std::string_view before, std::string_view text, int top) {
    std::vector<outthink::token_id> prefix{model_.begin_of_text()}, tokens;
    model_.tokenize(before, prefix);
    model_.tokenize(text, tokens);
    const outthink::sequence_id sequence = model_.open();
    std::vector<float> row(model_.vocabulary_size());
    std::vector<token_report> reports;
    std::span<const outthink::token_id> next = prefix;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      const outthink::advance_row step{sequence, next};
      model_.advance(std::span(&step, 1), row);
      outthink::kernels::log_softmax(row, row);
      reports.push_back({std::string(model_.text_of(tokens[i])),
                         row[static_cast<std::size_t>(tokens[i])], likeliest(row, top)});
      next = std::span(tokens).subspan(i, 1);
    }
    model_.release(sequence);
    return reports;
  }

  std::vector<std::pair<std::string, float>> likeliest(const std::vector<float>& row, int top) {
    std::vector<std::pair<std::string, float>> some;
    for (const std::size_t i : outthink::best_positions(row, static_cast<std::size_t>(top))) {
      some.emplace_back(model_.text_of(static_cast<outthink::token_id>(i)), row[i]);
    }
    return some;
  }

  outthink::backends::transformer model_;
  outthink::decoder<outthink::backends::transformer&> decoder_;
};
