// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/transformer/aligned_floats.hpp>
#include <outthink/backends/transformer/hyperparameters.hpp>
#include <outthink/kernels/paged_attention.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace outthink::backends::llama {

/// Where a layer's keys and values lie in a page: [layers]{keys [kv_heads][head_dim][page_tokens],
/// values [kv_heads][page_tokens][value_width]}. Keys lie transposed, sixteen tokens to a vector.
struct page_layout {
  std::size_t layers, kv_heads, head_dim, value_width;

  explicit page_layout(const hyperparameters& h) noexcept
      : layers(h.layers),
        kv_heads(h.kv_heads),
        head_dim(h.head_dim),
        value_width((h.head_dim + 15) / 16 * 16) {}

  [[nodiscard]] std::size_t keys(std::size_t layer) const noexcept {
    return layer * kv_heads * kernels::page_tokens * (head_dim + value_width);
  }
  [[nodiscard]] std::size_t values(std::size_t layer) const noexcept {
    return keys(layer) + kv_heads * kernels::page_tokens * head_dim;
  }
  [[nodiscard]] std::size_t floats() const noexcept { return keys(layers); }
};

using page_index = std::uint32_t;
inline constexpr page_index no_page = 0xffffffff;

/// The tokens of one sequence: a chain of pages, named by its last one.
struct cached_sequence {
  page_index last = no_page;
  std::size_t length = 0;  ///< tokens
};

/// @brief Keys and values of many sequences in reference-counted pages of 16 tokens.
///
/// How it works: a page knows the page before it, so sequences that share a prefix share its pages:
/// a fork holds its parent's last page once more. Who appends to a partly filled page writes in
/// place if nobody has written past its own length, and copies the page first otherwise; pages
/// whose last holder goes are reused. Memory comes in slabs of at most 64 pages and about 4 MiB,
/// and is kept until the cache dies.
/// Requires: a page's absent tokens are never read.
/// Cost: fork is constant; release is linear in the pages that become free; appending copies at
/// most one page, and allocates only in `reserve`.
/// Errors: `reserve` may throw std::bad_alloc, nothing else throws.
/// Determinism: single-threaded; page numbers depend on the order of calls, results never do.
/// Reference: Kwon et al., PagedAttention, 2023, arXiv:2309.06180, section 4.4.
class kv_cache {
 public:
  explicit kv_cache(const page_layout& layout)
      : page_floats_(layout.floats()),
        pages_per_slab_(std::clamp<std::size_t>((std::size_t{1} << 20) / page_floats_, 1, 64)) {}

  [[nodiscard]] std::size_t pages_in_use() const noexcept { return pages_.size() - free_.size(); }
  [[nodiscard]] std::size_t bytes_in_use() const noexcept {
    return pages_in_use() * page_floats_ * sizeof(float);
  }
  [[nodiscard]] float* data(page_index page) noexcept {
    return slabs_[page / pages_per_slab_].data() + page % pages_per_slab_ * page_floats_;
  }

  /// A second holder of the same tokens.
  [[nodiscard]] cached_sequence fork(const cached_sequence& s) noexcept {
    if (s.last != no_page) ++pages_[s.last].holders;
    return s;
  }

  void release(cached_sequence& s) noexcept {
    for (page_index page = s.last; page != no_page && --pages_[page].holders == 0;) {
      free_.push_back(page);  // never allocates: its capacity covers all pages
      page = pages_[page].before;
    }
    s = {};
  }

  /// The most pages that appending `tokens` tokens can take.
  [[nodiscard]] static std::size_t pages_to_append(const cached_sequence& s,
                                                   std::size_t tokens) noexcept {
    const std::size_t begun = s.length / kernels::page_tokens;  // a partly filled one may be copied
    return (s.length + tokens + kernels::page_tokens - 1) / kernels::page_tokens - begun;
  }

  /// Makes the next `count` pages available without further allocation.
  void reserve(std::size_t count) {
    while (free_.size() < count) {
      free_.reserve(pages_.size() + pages_per_slab_);
      pages_.reserve(pages_.size() + pages_per_slab_);
      slabs_.reserve(slabs_.size() + 1);
      slabs_.emplace_back(page_floats_ * pages_per_slab_);
      pages_.resize(pages_.size() + pages_per_slab_);
      for (std::size_t i = 1; i <= pages_per_slab_; ++i)
        free_.push_back(static_cast<page_index>(pages_.size() - i));
    }
  }

  /// Lengthens `s` by `tokens` tokens, whose keys and values the caller writes next. Requires that
  /// `pages_to_append` pages were reserved.
  void append(cached_sequence& s, std::size_t tokens) noexcept {
    const std::size_t used = s.length % kernels::page_tokens;
    if (used != 0) own_last_page(s, std::min(used + tokens, kernels::page_tokens));
    const std::size_t end = s.length + tokens;
    std::size_t room = (s.length + kernels::page_tokens - 1) / kernels::page_tokens;
    for (; room * kernels::page_tokens < end; ++room) {
      s.last = take_page(s.last);
      pages_[s.last].filled = std::min(end - room * kernels::page_tokens, kernels::page_tokens);
    }
    s.length = end;
  }

  /// Writes the pages of `s` in order; `pages` has room for all of them.
  void list_pages(const cached_sequence& s, float** pages) noexcept {
    std::size_t i = (s.length + kernels::page_tokens - 1) / kernels::page_tokens;
    for (page_index page = s.last; page != no_page; page = pages_[page].before)
      pages[--i] = data(page);
  }

 private:
  struct page_record {
    page_index before = no_page;  ///< the page of the sixteen tokens before
    std::uint32_t holders = 0;    ///< sequences that end here and pages that follow
    std::size_t filled = 0;       ///< tokens written by whoever wrote most
  };

  page_index take_page(page_index before) noexcept {
    const page_index taken = free_.back();
    free_.pop_back();
    pages_[taken] = {before, 1, 0};
    return taken;
  }

  /// Makes the partly filled last page of `s` one that only `s` appends to, up to `filled` tokens.
  void own_last_page(cached_sequence& s, std::size_t filled) noexcept {
    page_record& last = pages_[s.last];
    if (last.holders > 1 && last.filled != s.length % kernels::page_tokens) {
      const page_index copy = take_page(last.before);
      if (last.before != no_page) ++pages_[last.before].holders;
      std::copy_n(data(s.last), page_floats_, data(copy));
      --last.holders;
      s.last = copy;
    }
    pages_[s.last].filled = filled;
  }

  std::size_t page_floats_;
  std::size_t pages_per_slab_;
  std::vector<aligned_floats> slabs_;
  std::vector<page_record> pages_;
  std::vector<page_index> free_;
};

}  // namespace outthink::backends::llama
