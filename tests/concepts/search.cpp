// SPDX-License-Identifier: MIT
#include "../archetypes/search.hpp"

#include "../archetypes/language_model.hpp"
#include "../archetypes/verifier.hpp"
#include <outthink/concepts/search.hpp>
#include <outthink/runtime/text_search.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

namespace {

struct without_branch : archetypes::fruitless_search {};  // its branch() is another type
struct without_random : archetypes::fruitless_search {
  without_random branch(std::string_view = {}) { return {}; }
  void random() {}
};
struct same_as_the_smallest : archetypes::fruitless_search {
  same_as_the_smallest branch(std::string_view = {}) { return {}; }
};

}  // namespace

static_assert(outthink::search<archetypes::fruitless_search>);
static_assert(outthink::search<same_as_the_smallest>);
static_assert(!outthink::search<without_branch>);
static_assert(!outthink::search<without_random>);
static_assert(!outthink::search<int>);
static_assert(
    outthink::search<outthink::text_search<archetypes::one_word_model, outthink::no_verifier>>);
static_assert(outthink::search<
              outthink::text_search<archetypes::one_word_model, archetypes::constant_verifier>>);

TEST_CASE("search: the smallest one has a root, a tree and random numbers, and finds nothing") {
  archetypes::fruitless_search s;
  CHECK(s.tree().payload(s.root()).text == "a problem");
  CHECK(s.extend(s.root(), 4).await_resume().empty());
  CHECK(s.candidates().empty());
  CHECK(s.random().uniform() < 1);
}
