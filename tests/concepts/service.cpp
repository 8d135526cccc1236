// SPDX-License-Identifier: MIT
#include "../archetypes/service.hpp"

#include "../archetypes/language_model.hpp"
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/concepts/service.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

using outthink::service;
using outthink::service_interface;

namespace {

struct nothing {};
struct interface_only {
  using request = int;
  using response = int;
};
struct answers_one_by_one : interface_only {
  int answer(int);
};
struct answers_the_wrong_type : interface_only {
  std::vector<std::string> answer(std::span<const int>);
};
struct answers_without_order : interface_only {
  struct pile {
    std::size_t size() const;
  };
  pile answer(std::span<const int>);
};
struct immovable_request {
  struct request {
    request(const request&) = delete;
  };
  using response = int;
  std::vector<int> answer(std::span<const request>);
};
struct move_only_everything {
  using request = std::unique_ptr<int>;
  using response = std::unique_ptr<int>;
  std::vector<std::unique_ptr<int>> answer(std::span<const std::unique_ptr<int>>);
};
struct answers_by_reference : interface_only {
  std::vector<int>& answer(std::span<const int>);
};
struct answers_with_a_generator : interface_only {
  struct made_on_demand {
    short size() const;
    short operator[](std::size_t) const;
  };
  made_on_demand answer(std::span<const int>);
};

struct asks_a_service {
  archetypes::text_measure* measure;

  outthink::task<outthink::candidate_nodes> operator()(outthink::search auto& s) const {
    std::vector<std::string> texts{"one", "three", ""};
    const std::vector<long> lengths = co_await s.ask(*measure, std::move(texts));
    for (long i = 0; i < lengths[1]; ++i) {
      const auto ends = co_await s.complete(s.root(), 1);
      s.retire(ends);
    }
    co_return s.candidates();
  }
};

}  // namespace

static_assert(service<archetypes::text_measure>);
static_assert(!std::is_copy_constructible_v<archetypes::text_measure>);
static_assert(!std::is_default_constructible_v<archetypes::text_measure>);
static_assert(service<move_only_everything>);
static_assert(service<answers_by_reference>);
static_assert(service<answers_with_a_generator>);
static_assert(!service<nothing> && !service_interface<nothing>);
static_assert(!service<interface_only> && service_interface<interface_only>);
static_assert(!service<answers_one_by_one>);
static_assert(!service<answers_the_wrong_type>);
static_assert(!service<answers_without_order>);
static_assert(!service_interface<immovable_request>);

TEST_CASE("service: a policy can ask the smallest one") {
  archetypes::text_measure measure(2);
  const auto result =
      outthink::solve("p", archetypes::one_word_model("w"), asks_a_service{&measure},
                      outthink::no_verifier{}, outthink::majority_vote{});
  CHECK(result.candidates.size() == 10);
  CHECK(result.spent.other_calls == 3);
}
