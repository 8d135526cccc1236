// SPDX-License-Identifier: MIT
#include <outthink/runtime/journal/row_group.hpp>

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace outthink;

namespace {

/// What a group gives, as a text.
struct listing {
  std::string all{};

  void operator()(const detail::trace_row& row, std::string_view text) {
    all += "trace " + std::to_string(row.id) + ' ' + std::string(text) + '\n';
  }
  void operator()(const detail::answer_row& row, std::string_view request,
                  std::string_view response) {
    all += "answer " + std::to_string(row.id) + ' ' + std::string(request) + ' ' +
           std::string(response) + '\n';
  }
};

std::string listed(const detail::row_group& group) {
  listing made;
  group.each([&](const auto& row, const auto&... texts) { made(row, texts...); });
  return made.all;
}

}  // namespace

TEST_CASE("row_group: gives traces before the answers about them, in order, with their texts") {
  detail::row_group group;
  CHECK(group.empty());
  CHECK(listed(group).empty());
  group.add(detail::answer_row{.id = 1, .key = {}, .trace = 1, .spent = {}}, "asked", "answered");
  CHECK_FALSE(group.empty());
  group.add(detail::trace_row{.id = 1}, "p");
  group.add(detail::trace_row{.id = 2, .parent = 1}, "");
  group.add(detail::answer_row{.id = 2, .key = {}, .spent = {}}, "", std::string(1000, 'x'));
  CHECK(group.answers() == 2);
  CHECK(listed(group) ==
        "trace 1 p\ntrace 2 \nanswer 1 asked answered\nanswer 2  " + std::string(1000, 'x') + '\n');
  group.clear();
  CHECK(group.empty());
  group.add(detail::trace_row{.id = 3}, "q");
  CHECK_FALSE(group.empty());
  CHECK(group.answers() == 0);
  CHECK(listed(group) == "trace 3 q\n");
}
