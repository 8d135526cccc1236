// SPDX-License-Identifier: MIT
#include "../../archetypes/record_format.hpp"

#include "formats.hpp"
#include <outthink/runtime/journal/record_format.hpp>

#include <doctest/doctest.h>

#include <string>

using archetypes::measure_format;

static_assert(outthink::record_format<measure_format, std::string, long>);
static_assert(!outthink::record_format<measure_format, std::string, std::string>);
static_assert(!outthink::record_format<int, std::string, long>);

TEST_CASE("record_format: the smallest one writes what it reads") {
  CHECK(outthink::test::written(measure_format{}, std::string("ab")) == R"({"text":"ab"})");
  CHECK(outthink::test::read_back(measure_format{}, 7L) == 7);
}
