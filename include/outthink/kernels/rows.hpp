// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>

#include <cstddef>
#include <iterator>
#include <span>
#include <type_traits>
#include <utility>

namespace outthink::kernels {

/// @brief A view of rows × columns that lie one after the other: logits of a batch, or what a
/// kernel writes for each row.
///
/// Shapes and units: row r is `data` from r · stride on, as long as the vocabulary. Holds no
/// memory. Errors: `errc::invalid_argument` where the data are too short for the rows, or a row is
/// longer than the stride.
template <class T>
class rows {
 public:
  rows(std::span<T> data, std::size_t count, std::size_t vocabulary, std::size_t stride)
      : data_(data), count_(count), vocabulary_(vocabulary), stride_(stride) {
    require(vocabulary <= stride || count <= 1, "rows: the stride must reach the next row");
    // Divided, not multiplied: the product could overflow.
    require(count == 0 || (vocabulary <= data.size() &&
                           (stride == 0 || count - 1 <= (data.size() - vocabulary) / stride)),
            "rows: the data must hold all rows: (rows - 1) * stride + vocabulary");
  }
  /// Rows without gaps between them.
  rows(std::span<T> data, std::size_t count, std::size_t vocabulary)
      : rows(data, count, vocabulary, vocabulary) {}

  [[nodiscard]] std::size_t size() const noexcept { return count_; }  ///< rows
  [[nodiscard]] std::size_t vocabulary() const noexcept { return vocabulary_; }
  /// Requires: a row below `size`.
  [[nodiscard]] std::span<T> operator[](std::size_t row) const noexcept {
    return data_.subspan(row * stride_, vocabulary_);
  }

 private:
  std::span<T> data_;
  std::size_t count_, vocabulary_, stride_;
};

template <class Data, class... Sizes>
rows(Data&&, Sizes...)
    -> rows<std::remove_reference_t<decltype(*std::span(std::declval<Data&>()).data())>>;

/// @brief Calls a kernel for every row of a batch: the batched form of every kernel.
///
/// How it works: `kernel(logits[r], others[r]...)` for r in ascending order; `logits` is a `rows`,
/// the others are rows too, or spans and vectors with an element for each row: a random number, an
/// option, a result to be written.
/// Cost: the kernel's, for each row; allocates nothing. Errors: `errc::invalid_argument` where one
/// of the others has not as many elements as there are rows; nothing has been called then; what the
/// kernel throws. Determinism: a row's result is that of the kernel alone, whatever else is in the
/// batch; ranges of rows may be given to several threads.
template <class Kernel, class T, class... Others>
inline void for_each_row(const Kernel& kernel, const rows<T>& logits, Others&&... others) {
  require(((std::size(others) == logits.size()) && ...),
          "for_each_row: every argument must have one element for each row");
  for (std::size_t r = 0; r < logits.size(); ++r) kernel(logits[r], others[r]...);
}

}  // namespace outthink::kernels
