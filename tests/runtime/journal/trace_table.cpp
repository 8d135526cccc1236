// SPDX-License-Identifier: MIT
#include <outthink/core/search_tree.hpp>
#include <outthink/core/trace.hpp>
#include <outthink/runtime/journal/database.hpp>
#include <outthink/runtime/journal/schema.hpp>
#include <outthink/runtime/journal/trace_table.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <string_view>

using namespace outthink;

namespace {

node_id step(text_tree& tree, node_id parent, std::string_view text) {
  const node_id child = tree.add_children(parent, 1)[0];
  tree.set_payload(child, {.text = text}, node_status::open);
  return child;
}

digest digest_of(const trace_view& trace) {
  return detail::digest_trace(trace, [](const digest&, std::string_view) {});
}

/// Writes down what is new.
std::int64_t id_of(detail::trace_table& table, const trace_view& trace, sqlite::database& file) {
  sqlite::statement insert =
      file.prepare("INSERT INTO traces(id, parent, text, checksum) VALUES(?, nullif(?, 0), ?, ?)");
  return table.id_of(trace, digest_of(trace),
                     [&](const detail::trace_row& row, std::string_view text) {
                       insert.with(row.id, row.parent, text, row.checksum).step();
                     });
}

}  // namespace

TEST_CASE("trace_table: equal beginnings are stored once, in any tree, and found after reopening") {
  sqlite::database file(":memory:", sqlite::access::write);
  detail::create_schema(file);
  text_tree tree(step_payload{.text = "p"}), other(step_payload{.text = "p"});
  const node_id a = step(tree, tree.root(), "a"), ab = step(tree, a, "b");
  const node_id c = step(other, other.root(), "a"), cd = step(other, c, "d");
  std::int64_t deep = 0;
  {
    detail::trace_table table(file);
    deep = id_of(table, {tree, ab}, file);
    CHECK(id_of(table, {tree, ab}, file) == deep);
    CHECK(id_of(table, {tree, a}, file) == id_of(table, {other, c}, file));
    CHECK(file.integer("SELECT count(*) FROM traces") == 3);
    CHECK(id_of(table, {other, cd}, file) != deep);
    CHECK(file.integer("SELECT count(*) FROM traces") == 4);
  }
  detail::trace_table again(file);
  CHECK(id_of(again, {tree, ab}, file) == deep);
  CHECK(file.integer("SELECT count(*) FROM traces") == 4);
  CHECK(file.integer("SELECT count(*) FROM texts WHERE prompt = 'p' AND steps = 'ab'") == 1);
}

TEST_CASE("trace_table: where a step begins and what a problem is makes a difference") {
  text_tree tree(step_payload{.text = "p"});
  const node_id ab = step(tree, tree.root(), "ab");
  const node_id a = step(tree, tree.root(), "a"), b = step(tree, a, "b");
  text_tree longer(step_payload{.text = "pa"});
  const node_id rest = step(longer, longer.root(), "b");
  CHECK(digest_of({tree, ab}) != digest_of({tree, b}));
  CHECK(digest_of({longer, rest}) != digest_of({tree, b}));
  const node_id end = tree.add_children(ab, 1)[0];
  tree.set_payload(end, {.text = ""}, node_status::finished);
  tree.set_stepless(end);
  CHECK(digest_of({tree, end}) == digest_of({tree, ab}));  // adds no step
}

TEST_CASE("trace_table: a row that is damaged, and what hangs on it, is written anew") {
  sqlite::database file(":memory:", sqlite::access::write);
  detail::create_schema(file);
  text_tree tree(step_payload{.text = "p"});
  const node_id a = step(tree, tree.root(), "a"), ab = step(tree, a, "b");
  {
    detail::trace_table table(file);
    static_cast<void>(id_of(table, {tree, ab}, file));
  }
  file.run("UPDATE traces SET text = 'x' WHERE text = 'a'");
  detail::trace_table again(file);
  const std::int64_t id = id_of(again, {tree, ab}, file);
  CHECK(id > 3);
  CHECK(file.integer("SELECT count(*) FROM texts WHERE trace = " + std::to_string(id) +
                     " AND prompt = 'p' AND steps = 'ab'") == 1);
  CHECK(file.integer("SELECT count(*) FROM traces") == 5);
}
