// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/language_model.hpp>
#include <outthink/concepts/verifier.hpp>
#include <outthink/interop/any_service.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace bench {

/// @brief Notes what a model answered to each request for a whole solution of a problem.
///
/// Requires: problems that are told apart by their prompts. A response is that of the problem's
/// i-th solution, whatever batch it came in.
class metered_model {
 public:
  using request = outthink::generation_request;
  using response = outthink::generation;

  explicit metered_model(outthink::any_language_model& asked) : asked_(&asked) {}

  [[nodiscard]] std::vector<response> answer(std::span<const request> batch) {
    std::vector<response> answers = asked_->answer(batch);
    for (std::size_t i = 0; i < batch.size() && i < answers.size(); ++i)
      noted_.insert_or_assign({std::string(batch[i].trace.prompt()), batch[i].ordinal}, answers[i]);
    return answers;
  }

  /// The answer to the problem's solution of this number; null if it was not asked for.
  [[nodiscard]] const response* find(const std::string& prompt, std::uint32_t ordinal) const {
    const auto found = noted_.find({prompt, ordinal});
    return found == noted_.end() ? nullptr : &found->second;
  }

 private:
  outthink::any_language_model* asked_;
  std::map<std::pair<std::string, std::uint32_t>, response> noted_;
};

/// Notes what a verifier said of each trace, by the trace's whole text.
class metered_verifier {
 public:
  using request = outthink::score_request;
  using response = outthink::verdict;

  explicit metered_verifier(outthink::any_verifier& asked) : asked_(&asked) {}

  [[nodiscard]] std::vector<response> answer(std::span<const request> batch) {
    std::vector<response> answers = asked_->answer(batch);
    for (std::size_t i = 0; i < batch.size() && i < answers.size(); ++i)
      noted_.insert_or_assign(batch[i].trace.text(), answers[i]);
    return answers;
  }

  [[nodiscard]] const response* find(const std::string& text) const {
    const auto found = noted_.find(text);
    return found == noted_.end() ? nullptr : &found->second;
  }

 private:
  outthink::any_verifier* asked_;
  std::map<std::string, response> noted_;
};

}  // namespace bench
