// SPDX-License-Identifier: MIT
#include "logit_rows.hpp"
#include <outthink/kernels/widen.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

using namespace outthink;
using kernels::bfloat16;
using kernels::half;
using test::for_each_target;

namespace {

std::uint32_t bits_of(float x) {
  std::uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return bits;
}

/// All 65,536 numbers of a type.
template <class Narrow>
std::vector<Narrow> all_numbers() {
  std::vector<Narrow> all;
  for (std::uint32_t bits = 0; bits < 0x10000U; ++bits)
    all.push_back({static_cast<std::uint16_t>(bits)});
  return all;
}

}  // namespace

TEST_CASE_TEMPLATE("widen gives the bits of the conversion of every number", Narrow, bfloat16,
                   half) {
  const std::vector<Narrow> all = all_numbers<Narrow>();
  for_each_target([&] {
    std::vector<float> wide(all.size());
    kernels::widen(all, wide);
    CHECK_FALSE(test::wide_registers_in_use());
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < all.size(); ++i)
      wrong += bits_of(wide[i]) == bits_of(static_cast<float>(all[i])) ? 0 : 1;
    CHECK(wrong == 0);
  });
}

TEST_CASE_TEMPLATE("widen writes the row and nothing else, at every size and alignment", Row,
                   std::vector<bfloat16>, std::vector<half>, std::vector<float>) {
  using logit = typename Row::value_type;
  for_each_target([] {
    for (std::size_t size = 0; size <= 67; ++size) {
      Row row(size + 1);
      std::vector<float> expected(size + 2, 12345.0F);
      for (std::size_t i = 0; i < size; ++i) {
        const float x = static_cast<float>(i) - 8;
        if constexpr (std::is_same_v<logit, float>)
          row[i + 1] = x;
        else
          row[i + 1] = logit::nearest(x);
        expected[i + 1] = x;
      }
      std::vector<float> wide(size + 2, 12345.0F);
      kernels::widen(std::span<const logit>(row).subspan(1), std::span(wide).subspan(1, size));
      CHECK(wide == expected);
    }
  });
}
