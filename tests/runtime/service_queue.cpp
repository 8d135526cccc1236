// SPDX-License-Identifier: MIT
#include <outthink/runtime/service_queue.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

using outthink::batch;
using outthink::request_owner;
using outthink::service_queue;

namespace {

struct numbers {
  using request = int;
  using response = int;
};
struct owners_of_numbers {
  using request = std::unique_ptr<int>;
  using response = int;
};

std::vector<int> requests_of(const batch<numbers>& some) {
  return {some.requests().begin(), some.requests().end()};
}

}  // namespace

TEST_CASE("service_queue gives requests in the order they came, a batch at a time") {
  service_queue<numbers> queue;
  CHECK(queue.take(5).empty());
  for (std::uint32_t i = 0; i < 7; ++i) queue.push(static_cast<int>(i) * 10, {i, 1, i + 100});
  CHECK(queue.size() == 7);
  const batch<numbers> first = queue.take(3);
  CHECK(requests_of(first) == std::vector<int>{0, 10, 20});
  CHECK(first.owner(2).slot == 2);
  CHECK(first.owner(2).tag == 102);
  CHECK(queue.size() == 4);
  queue.push(70, {7, 1, 0});
  CHECK(requests_of(queue.take(100)) == std::vector<int>{30, 40, 50, 60, 70});
  CHECK(queue.size() == 0);
  queue.push(80, {8, 1, 0});
  CHECK(requests_of(queue.take(1)) == std::vector<int>{80});
}

TEST_CASE("service_queue drops the requests of searches that are gone") {
  const auto even = [](const request_owner& owner) { return owner.slot == 0; };
  for (const std::size_t taken : {0U, 1U, 4U, 8U}) {
    service_queue<numbers> queue;
    std::vector<int> expected;
    for (std::uint32_t i = 0; i < 8; ++i) {
      queue.push(static_cast<int>(i), {i % 2, 1, i});
      if (i >= taken && i % 2 == 1) expected.push_back(static_cast<int>(i));
    }
    CHECK(queue.take(taken).size() == taken);
    queue.drop(even);
    CHECK(queue.size() == expected.size());
    queue.push(100, {1, 1, 100});
    expected.push_back(100);
    const batch<numbers> rest = queue.take(100);
    CHECK(requests_of(rest) == expected);
    for (std::size_t i = 0; i < rest.size(); ++i) {
      CHECK(rest.owner(i).tag == static_cast<std::uint32_t>(expected[i]));
    }
  }
}

TEST_CASE("service_queue uses the storage of batches that are done with again") {
  // 3: all that waits becomes the batch, whose storage serves what comes next; 2: a part is copied.
  for (const std::size_t most : {3U, 2U}) {
    service_queue<numbers> queue;
    std::vector<const int*> storages;
    for (int round = 0; round < 6; ++round) {
      for (int i = 0; i < 3; ++i) queue.push(10 * round + i, {1, 2, static_cast<std::uint32_t>(i)});
      batch<numbers> taken = queue.take(most);
      CHECK(taken.size() == most);
      if (most == 3) {
        CHECK(requests_of(taken) == std::vector<int>{10 * round, 10 * round + 1, 10 * round + 2});
        CHECK(taken.owner(2).tag == 2);
      }
      storages.push_back(taken.requests().data());
      queue.recycle(std::move(taken));
    }
    CHECK(storages[5] == storages[3]);
    CHECK(storages[4] == storages[2]);
  }
}

TEST_CASE("service_queue holds requests that can only be moved") {
  service_queue<owners_of_numbers> queue;
  queue.push(std::make_unique<int>(5), {0, 1, 0});
  const batch<owners_of_numbers> taken = queue.take(1);
  REQUIRE(taken.size() == 1);
  CHECK(*taken.requests()[0] == 5);
}

TEST_CASE("batch gives a part of itself as a batch") {
  const batch<numbers> all({1, 2, 3, 4}, {{0, 1, 0}, {0, 1, 1}, {1, 1, 0}, {2, 1, 0}});
  const batch<numbers> part = all.slice(1, 3);
  CHECK(requests_of(part) == std::vector<int>{2, 3});
  CHECK(part.owner(0).tag == 1);
  CHECK(part.owner(1).slot == 1);
  CHECK(all.slice(2, 2).empty());
  CHECK(batch<numbers>().empty());
}
