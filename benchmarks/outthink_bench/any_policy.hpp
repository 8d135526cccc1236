// SPDX-License-Identifier: MIT
#pragma once

#include "tree_recorder.hpp"
#include <outthink/core/task.hpp>
#include <outthink/interop/any_service.hpp>
#include <outthink/runtime/text_search.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <functional>
#include <utility>

namespace bench {

using judged_search = outthink::text_search<outthink::any_language_model, outthink::any_verifier>;
using plain_search = outthink::text_search<outthink::any_language_model, outthink::no_verifier>;
using outthink::candidate_nodes;

/// Any policy, chosen at run time. One that needs a verifier cannot be called without.
class any_policy {
 public:
  /// A policy that works with and without a verifier.
  template <class Policy>
  [[nodiscard]] static any_policy with_or_without_verifier(Policy held) {
    any_policy made = with_verifier(held);
    made.plain_ = [held = std::move(held)](plain_search& s) { return held(s); };
    return made;
  }

  template <class Policy>
  [[nodiscard]] static any_policy with_verifier(Policy held) {
    any_policy made;
    made.judged_ = [held = std::move(held)](judged_search& s) { return held(s); };
    return made;
  }

  [[nodiscard]] bool needs_verifier() const { return !plain_; }

  outthink::task<candidate_nodes> operator()(judged_search& s) const { return judged_(s); }
  outthink::task<candidate_nodes> operator()(plain_search& s) const { return plain_(s); }

 private:
  std::function<outthink::task<candidate_nodes>(judged_search&)> judged_;
  std::function<outthink::task<candidate_nodes>(plain_search&)> plain_;
};

/// A policy whose trees are noted when it ends; the policy and the recorder outlive it.
struct recorded_policy {
  const any_policy* searching;
  tree_recorder* into;

  template <class Search>
  outthink::task<candidate_nodes> operator()(Search& s) const {
    const candidate_nodes found = co_await (*searching)(s);
    into->note(s.tree(), found);
    co_return found;
  }
};

}  // namespace bench
