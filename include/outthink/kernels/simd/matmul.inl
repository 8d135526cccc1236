// SPDX-License-Identifier: MIT
//
// Loops, from outside: weight panels (32 columns, kept in the first-level cache), strips of a panel
// (2 vectors), blocks of rows, depth. A block's sums live in registers.

namespace outthink::kernels::OUTTHINK_TARGET {

inline constexpr std::size_t strip_vectors = 2;
inline constexpr std::size_t strip_columns = strip_vectors * lanes;
inline constexpr std::size_t block_rows = lanes == 16 ? 8 : lanes == 8 ? 6 : 4;

/// One block of `Rows` rows times one strip. Every element is one chain of fma over the depth in
/// ascending order, whatever `Rows` is: this is what makes a row's result independent of its batch.
template <std::size_t Rows>
inline void multiply_block(const matmul_args& m, const float* strip, const float* input,
                           float* output) noexcept {
  vec sums[Rows][strip_vectors];
  const float* in[Rows];
  OUTTHINK_UNROLL
  for (std::size_t r = 0; r < Rows; ++r) {
    in[r] = input + r * m.input_stride;
    OUTTHINK_UNROLL
    for (std::size_t c = 0; c < strip_vectors; ++c) sums[r][c] = vec{};
  }
  for (std::size_t k = 0; k < m.depth; ++k, strip += panel_columns) {
    vec w[strip_vectors];
    OUTTHINK_UNROLL
    for (std::size_t c = 0; c < strip_vectors; ++c) w[c] = load(strip + c * lanes);
    OUTTHINK_UNROLL
    for (std::size_t r = 0; r < Rows; ++r) {
      const vec x = broadcast(in[r][k]);
      OUTTHINK_UNROLL
      for (std::size_t c = 0; c < strip_vectors; ++c) sums[r][c] = fma(x, w[c], sums[r][c]);
    }
  }
  OUTTHINK_UNROLL
  for (std::size_t r = 0; r < Rows; ++r) {
    OUTTHINK_UNROLL
    for (std::size_t c = 0; c < strip_vectors; ++c) {
      float* const out = output + r * m.output_stride + c * lanes;
      store(out, m.accumulate ? load(out) + sums[r][c] : sums[r][c]);
    }
  }
}

template <std::size_t Rows>
inline void multiply_remainder(const matmul_args& m, const float* strip, const float* input,
                               float* output, std::size_t rows) noexcept {
  if constexpr (Rows > 0) {
    if (rows == Rows) return multiply_block<Rows>(m, strip, input, output);
    multiply_remainder<Rows - 1>(m, strip, input, output, rows);
  }
}

inline void matmul(isa, const matmul_args& m) noexcept {
  if (m.rows == 0) return;
  for (std::size_t panel = 0; panel < m.panels; ++panel) {
    for (std::size_t column = 0; column < panel_columns; column += strip_columns) {
      const float* const strip =  // without weights there may be no array
          m.depth == 0 ? m.weights : m.weights + panel * panel_columns * m.depth + column;
      float* const output = m.output + panel * panel_columns + column;
      std::size_t row = 0;
      for (; row + block_rows <= m.rows; row += block_rows)
        multiply_block<block_rows>(m, strip, m.input + row * m.input_stride,
                                   output + row * m.output_stride);
      multiply_remainder<block_rows - 1>(m, strip, m.input + row * m.input_stride,
                                         output + row * m.output_stride, m.rows - row);
    }
  }
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
