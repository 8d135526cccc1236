// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <new>

namespace outthink::detail {

/// @brief Recycles coroutine frames, by size class, within one thread.
///
/// A search starts a task for every nested policy; g++ never elides those frames, and malloc costs
/// more than the rest of the start. Blocks up to 1 KiB in steps of 64 bytes are kept in free lists,
/// larger ones go to the global allocator. A frame may be released on another thread than the one
/// that took it: it then joins that thread's list. Under address sanitizer the pool is off, so
/// that a frame used after its end is still found.
class frame_pool {
 public:
  static void* allocate(std::size_t size) {
    const std::size_t index = class_of(size);
    if (index >= kClasses) return ::operator new(size);
    if (free_block*& head = lists_.heads[index]; head != nullptr) {
      free_block* block = head;
      head = block->next;
      return block;
    }
    return ::operator new((index + 1) * kStep);
  }

  static void release(void* memory, std::size_t size) noexcept {
    const std::size_t index = class_of(size);
    if (index >= kClasses || lists_.closed) {
      ::operator delete(memory);
      return;
    }
    free_block*& head = lists_.heads[index];
    head = ::new (memory) free_block{head};
  }

 private:
  struct free_block {
    free_block* next;
  };

  static constexpr std::size_t kStep = 64;
#if defined(__SANITIZE_ADDRESS__)
  static constexpr std::size_t kClasses = 0;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
  static constexpr std::size_t kClasses = 0;
#else
  static constexpr std::size_t kClasses = 16;
#endif
#else
  static constexpr std::size_t kClasses = 16;
#endif

  struct free_lists {
    free_block* heads[16];
    bool closed;

    ~free_lists() {
      closed = true;  // frames that outlive the thread's storage go straight back
      for (free_block* head : heads) {
        while (head != nullptr) {
          free_block* next = head->next;
          ::operator delete(head);
          head = next;
        }
      }
    }
  };

  static constexpr std::size_t class_of(std::size_t size) noexcept {
    return (size - 1) / kStep;
  }

  static inline thread_local free_lists lists_{};
};

}  // namespace outthink::detail
