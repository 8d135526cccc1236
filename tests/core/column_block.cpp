// SPDX-License-Identifier: MIT
#include <outthink/core/column_block.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

using outthink::column_block;

namespace {

using three_columns = column_block<std::uint8_t, double, std::uint32_t>;

void check_rows(const three_columns& rows, std::size_t count) {
  REQUIRE(rows.size() == count);
  for (std::size_t i = 0; i < count; ++i) {
    REQUIRE(rows.column<0>()[i] == static_cast<std::uint8_t>(i));
    REQUIRE(rows.column<1>()[i] == static_cast<double>(i) / 3);
    REQUIRE(rows.column<2>()[i] == static_cast<std::uint32_t>(i * i));
  }
}

three_columns filled(std::size_t count) {
  three_columns rows;
  for (std::size_t i = 0; i < count; ++i) {
    rows.add(1, static_cast<std::uint8_t>(i), static_cast<double>(i) / 3,
             static_cast<std::uint32_t>(i * i));
  }
  return rows;
}

}  // namespace

TEST_CASE("column_block keeps every column while it grows") {
  for (const std::size_t count : {0U, 1U, 63U, 64U, 65U, 128U, 129U, 5'000U}) {
    check_rows(filled(count), count);
  }
}

TEST_CASE("column_block adds many equal rows at once") {
  three_columns rows = filled(10);
  rows.add(1'000, 7, 0.5, 9);
  rows.add(0, 1, 1, 1);
  REQUIRE(rows.size() == 1'010);
  CHECK(rows.column<1>()[9] == 3.0);
  for (const std::size_t i : {10U, 500U, 1'009U}) {
    CHECK(rows.column<0>()[i] == 7);
    CHECK(rows.column<1>()[i] == 0.5);
    CHECK(rows.column<2>()[i] == 9);
  }
}

TEST_CASE("column_block aligns its columns") {
  const three_columns rows = filled(65);
  CHECK(reinterpret_cast<std::uintptr_t>(rows.column<1>()) % alignof(double) == 0);
  CHECK(reinterpret_cast<std::uintptr_t>(rows.column<2>()) % alignof(std::uint32_t) == 0);
}

TEST_CASE("column_block moves and cannot be copied") {
  static_assert(!std::is_copy_constructible_v<three_columns>);
  static_assert(std::is_nothrow_move_constructible_v<three_columns>);
  three_columns first = filled(100);
  const double* const place = first.column<1>();
  three_columns second = std::move(first);
  CHECK(second.column<1>() == place);
  check_rows(second, 100);
  three_columns third = filled(3);
  third = std::move(second);
  check_rows(third, 100);
}

TEST_CASE("column_block that is cleared holds new rows in the memory of the old ones") {
  three_columns rows = filled(1'000);
  const double* const place = rows.column<1>();
  rows.clear();
  CHECK(rows.size() == 0);
  for (std::size_t i = 0; i < 1'000; ++i) {
    rows.add(1, static_cast<std::uint8_t>(i), static_cast<double>(i) / 3,
             static_cast<std::uint32_t>(i * i));
  }
  CHECK(rows.column<1>() == place);
  check_rows(rows, 1'000);
}
