// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

/// The k largest logits in ascending order of tokens, for any k.
template <class Row>
inline std::size_t largest_in_order(const Row& row, std::size_t size, std::size_t wanted,
                                    token_logit* found) noexcept {
  const float largest = largest_lane(largest_between(row, 0, size));
  const float threshold = reached_by(row, size, wanted, 0, -__FLT_MAX__, largest);
  std::size_t ties = wanted - count_above(row, size, threshold), n = 0;
  for (std::size_t i = 0; i < size && n < wanted; i += lanes) {
    const vec z = vector_of(row, i, size);
    for (std::uint32_t bits = lanes_at_least(z, broadcast(threshold)); bits != 0 && n < wanted;
         bits &= bits - 1) {
      const std::size_t token = i + static_cast<std::size_t>(__builtin_ctz(bits));
      const float logit = row.one(token);
      if (logit == threshold && ties-- == 0) {
        ties = 0;
        continue;
      }
      found[n++] = {static_cast<std::uint32_t>(token), logit};
    }
  }
  return n;
}

template <class Row>
inline std::size_t top_k_of(const Row& row, std::size_t size, token_logit* largest,
                            std::size_t wanted) noexcept {
  if (wanted == 0) return 0;
  if (wanted > detail::most_ranked) return largest_in_order(row, size, wanted, largest);
  maxima m;
  candidates c;
  find_maxima(row, size, groups_per_cell(size, wanted), m);
  collect(row, m, wanted, c);
  return rank(c, wanted, largest);
}

template <class Logit>
inline std::size_t top_k(isa, const Logit* logits, std::size_t size, token_logit* largest,
                         std::size_t wanted) noexcept {
  return top_k_of(stored_row{logits}, size, largest, wanted);
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
