// SPDX-License-Identifier: MIT
#include <outthink/core/frame_pool.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <set>
#include <thread>
#include <vector>

using outthink::detail::frame_pool;

TEST_CASE("frame_pool gives distinct, aligned, writable blocks of any size") {
  std::vector<void*> blocks;
  std::vector<std::size_t> sizes;
  for (const std::size_t size : {1U, 63U, 64U, 65U, 128U, 1023U, 1024U, 1025U, 4096U, 100'000U}) {
    for (int copy = 0; copy < 3; ++copy) {
      void* block = frame_pool::allocate(size);
      CHECK(reinterpret_cast<std::uintptr_t>(block) % alignof(std::max_align_t) == 0);
      std::memset(block, copy, size);
      blocks.push_back(block);
      sizes.push_back(size);
    }
  }
  CHECK(std::set<void*>(blocks.begin(), blocks.end()).size() == blocks.size());
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const auto* bytes = static_cast<const unsigned char*>(blocks[i]);
    CHECK(bytes[0] == i % 3);
    CHECK(bytes[sizes[i] - 1] == i % 3);
  }
  for (std::size_t i = 0; i < blocks.size(); ++i) frame_pool::release(blocks[i], sizes[i]);
}

#if !defined(__SANITIZE_ADDRESS__)
TEST_CASE("frame_pool gives a released block again to a request of the same size class") {
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
  return;
#endif
#endif
  void* first = frame_pool::allocate(200);
  frame_pool::release(first, 200);
  void* again = frame_pool::allocate(193);
  CHECK(again == first);
  void* other_class = frame_pool::allocate(192);
  CHECK(other_class != first);
  frame_pool::release(again, 193);
  frame_pool::release(other_class, 192);
}
#endif

TEST_CASE("frame_pool takes back a block on another thread than the one it was given to") {
  void* block = frame_pool::allocate(300);
  std::memset(block, 1, 300);
  std::thread other([block] {
    frame_pool::release(block, 300);
    void* own = frame_pool::allocate(300);
    std::memset(own, 2, 300);
    frame_pool::release(own, 300);
  });
  other.join();
  void* mine = frame_pool::allocate(300);
  std::memset(mine, 3, 300);
  CHECK(static_cast<unsigned char*>(mine)[299] == 3);
  frame_pool::release(mine, 300);
}
