// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/usage.hpp>

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace bench {

/// What a model or verifier charges for a million tokens, in whatever unit the user counts.
struct token_price {
  double read = 0;     ///< of prompts and traces that are evaluated
  double written = 0;  ///< of what is generated

  [[nodiscard]] bool any() const noexcept { return read > 0 || written > 0; }

  [[nodiscard]] double of(double tokens_read, double tokens_written) const noexcept {
    return (read * tokens_read + written * tokens_written) / 1e6;
  }

  friend bool operator==(const token_price&, const token_price&) = default;
};

/// A service whose answers cost what its tokens are priced at, so that budgets of money hold.
template <class Service>
class priced_service {
 public:
  using request = typename Service::request;
  using response = typename Service::response;

  priced_service(Service asked, token_price price) : asked_(std::move(asked)), price_(price) {}

  [[nodiscard]] std::vector<response> answer(std::span<const request> batch) {
    std::vector<response> answers = asked_.answer(batch);
    for (response& one : answers)
      one.spent.money = price_.of(one.spent.tokens_read, one.spent.tokens_written);
    return answers;
  }

 private:
  Service asked_;
  token_price price_;
};

}  // namespace bench
