// SPDX-License-Identifier: MIT
#include <outthink/backends/simulator/kv_memory.hpp>
#include <outthink/core/random_stream.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

using outthink::random_stream;
using outthink::backends::kv_memory;
using outthink::backends::prefix_piece;

using path = std::vector<prefix_piece>;

TEST_CASE("kv_memory holds a beginning that sequences share once") {
  kv_memory memory(1000);
  const path problem{{1, 300}};
  CHECK(memory.held(problem) == 0);
  memory.take(problem, 100);
  memory.take(problem, 100);
  CHECK(memory.in_use() == 500);
  CHECK(memory.held(problem) == 300);
  CHECK(memory.has_room(problem, 500));
  CHECK_FALSE(memory.has_room(problem, 501));
  CHECK_FALSE(memory.has_room(path{{9, 300}}, 201));
  memory.release(problem, 100, 0);
  CHECK(memory.in_use() == 400);
  memory.release(problem, 100, 0);
  CHECK(memory.in_use() == 0);
  CHECK(memory.held(problem) == 300);  // for whoever comes next
}

TEST_CASE("kv_memory keeps what was written for those who continue it") {
  kv_memory memory(1000);
  memory.take(path{{1, 100}}, 50);
  memory.release(path{{1, 100}}, 50, 2);
  const path continued{{1, 100}, {2, 50}};
  CHECK(memory.held(continued) == 150);
  CHECK(memory.held(path{{1, 100}, {3, 50}}) == 100);
  CHECK(memory.held(path{{3, 50}, {2, 50}}) == 0);  // a beginning, not any part
  memory.take(continued, 10);
  CHECK(memory.in_use() == 160);
  memory.release(continued, 10, 0);
  memory.clear();
  CHECK(memory.held(continued) == 0);
}

TEST_CASE("kv_memory forgets what was used longest ago, ends before beginnings") {
  kv_memory memory(400);
  for (const std::uint64_t key : {1U, 3U}) {
    memory.take(path{{key, 100}}, 50);
    memory.release(path{{key, 100}}, 50, key + 1);
  }
  const path first{{1, 100}, {2, 50}}, second{{3, 100}, {4, 50}};
  memory.take(first, 0);
  memory.release(first, 0, 0);  // used again: the second is the older one now
  memory.take(path{{5, 100}}, 0);
  CHECK(memory.held(first) == 150);
  CHECK(memory.held(second) == 150);
  memory.take(path{{5, 100}}, 20);
  CHECK(memory.held(first) == 150);
  CHECK(memory.held(second) == 100);  // its end went
  memory.take(path{{5, 100}}, 300);   // more than there is: taken all the same
  CHECK(memory.held(first) == 0);
  CHECK(memory.held(path{{5, 100}}) == 100);
}

// Against a plain list of pieces in the order of their last use.
TEST_CASE("kv_memory agrees with a plain implementation over random trees") {
  struct piece {
    std::uint64_t key;
    double tokens;
    int users;
  };
  constexpr double kCapacity = 600;
  kv_memory memory(kCapacity);
  std::vector<piece> plain;  // what nobody uses, in the order in which that came to be, in front
  random_stream random({.key = 4, .place = 0});
  struct running {
    path of;
    double own;
  };
  std::vector<running> all;
  const auto find = [&](std::uint64_t key) {
    return std::find_if(plain.begin(), plain.end(), [&](const piece& p) { return p.key == key; });
  };
  double own = 0;
  const auto evict = [&] {
    const auto sum = [&] {
      double tokens = own;
      for (const piece& p : plain) tokens += p.tokens;
      return tokens;
    };
    while (sum() > kCapacity) {
      const auto oldest =
          std::find_if(plain.begin(), plain.end(), [](const piece& p) { return p.users == 0; });
      if (oldest == plain.end()) return;
      plain.erase(oldest);
    }
  };
  for (int i = 0; i < 20'000; ++i) {
    if (all.size() < 8 && random.uniform() < 0.5) {
      path of;
      std::uint64_t key = 1;
      for (std::uint32_t depth = random.below(4); of.size() <= depth;) {
        key = key * 3 + random.below(3);
        of.push_back({key, 10.0 + static_cast<double>(key % 7) * 10});
      }
      double held = 0;
      for (const prefix_piece& p : of) {
        if (find(p.key) == plain.end()) break;
        held += p.tokens;
      }
      REQUIRE(memory.held(of) == held);
      all.push_back({of, 5.0 + random.below(20)});
      own += all.back().own;
      memory.take(of, all.back().own);
      for (const prefix_piece& p : of) {
        if (find(p.key) == plain.end()) plain.push_back({p.key, p.tokens, 0});
        ++find(p.key)->users;
      }
    } else if (!all.empty()) {
      const std::size_t at = random.below(static_cast<std::uint32_t>(all.size()));
      const running one = all[at];
      all.erase(all.begin() + static_cast<std::ptrdiff_t>(at));
      own -= one.own;
      memory.release(one.of, one.own, 0);
      for (std::size_t p = one.of.size(); p-- > 0;) {
        const auto found = find(one.of[p].key);
        if (--found->users > 0) continue;
        std::rotate(found, found + 1, plain.end());
      }
    }
    evict();
    double in_use = own;
    for (const piece& p : plain) in_use += p.users > 0 ? p.tokens : 0;
    REQUIRE(memory.in_use() == doctest::Approx(in_use));
  }
}
