// SPDX-License-Identifier: MIT
//
// What a logit kernel reads: a row gives vectors of floats, whatever it is stored as. Lanes past
// its end are -inf, the logit that changes no maximum and has no probability.

namespace outthink::kernels::OUTTHINK_TARGET {

template <class Logit>
struct stored_row {
  const Logit* logits;

  [[gnu::always_inline]] vec at(std::size_t i) const noexcept { return load(logits + i); }
  [[gnu::always_inline]] vec first(std::size_t i, std::size_t count) const noexcept {
    return load_first(logits + i, count, -__builtin_inff());
  }
  [[gnu::always_inline]] float one(std::size_t i) const noexcept {
    return static_cast<float>(logits[i]);
  }
};
template <class Logit>
stored_row(const Logit*) -> stored_row<Logit>;

using float_row = stored_row<float>;

/// A row of which only the tokens count whose bit is set; the others are -inf.
template <class Row>
struct masked_row {
  Row row;
  const std::uint32_t* allowed;  ///< bit i % 32 of word i / 32 is token i

  /// Bits of the lanes from token i on, a multiple of lanes.
  [[gnu::always_inline]] std::uint32_t bits(std::size_t i) const noexcept {
    return allowed[i / 32] >> (i % 32);
  }
  [[gnu::always_inline]] vec at(std::size_t i) const noexcept {
    return select(bits(i), row.at(i), broadcast(-__builtin_inff()));
  }
  [[gnu::always_inline]] vec first(std::size_t i, std::size_t count) const noexcept {
    return select(bits(i), row.first(i, count), broadcast(-__builtin_inff()));
  }
  [[gnu::always_inline]] float one(std::size_t i) const noexcept {
    return (bits(i) & 1) != 0 ? row.one(i) : -__builtin_inff();
  }
};

/// The vectors of a row between two tokens, in order, the last one padded with -inf.
template <class Row>
[[gnu::always_inline]] inline vec vector_of(const Row& row, std::size_t i,
                                            std::size_t end) noexcept {
  return i + lanes <= end ? row.at(i) : row.first(i, end - i);
}

/// The largest of each lane between two tokens. NaN is passed over.
template <class Row>
[[gnu::always_inline]] inline vec largest_between(const Row& row, std::size_t begin,
                                                  std::size_t end) noexcept {
  vec a = broadcast(-__builtin_inff());
  vec b = a, c = a, d = a;
  std::size_t i = begin;
  for (; i + 4 * lanes <= end; i += 4 * lanes) {
    a = max(row.at(i), a);
    b = max(row.at(i + lanes), b);
    c = max(row.at(i + 2 * lanes), c);
    d = max(row.at(i + 3 * lanes), d);
  }
  for (; i < end; i += lanes) a = max(vector_of(row, i, end), a);
  return max(max(a, b), max(c, d));
}

/// The first token between two whose logit equals `value`; `end` if there is none.
template <class Row>
inline std::size_t first_equal(const Row& row, std::size_t begin, std::size_t end,
                               float value) noexcept {
  for (std::size_t i = begin; i < end; i += lanes) {
    const std::uint32_t bits = lanes_equal(vector_of(row, i, end), broadcast(value));
    if (bits != 0) {
      const std::size_t token = i + static_cast<std::size_t>(__builtin_ctz(bits));
      return token < end ? token : end;  // the padding equals a value of -inf
    }
  }
  return end;
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
