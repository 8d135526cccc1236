// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

inline constexpr std::size_t page_vectors = page_tokens / lanes;
inline constexpr std::size_t page_block = lanes == 4 ? 2 : 4;

/// Scores of one query against the keys of `Pages` pages: per key one chain of fma over the head's
/// dimensions, so a key's score depends neither on its page's neighbours nor on later keys.
template <std::size_t Pages>
inline void score_pages(const float* query, const float* const* pages, std::size_t offset,
                        std::size_t head_dim, float scale, float* scores) noexcept {
  vec sums[Pages][page_vectors];
  const float* keys[Pages];
  OUTTHINK_UNROLL
  for (std::size_t p = 0; p < Pages; ++p) {
    keys[p] = pages[p] + offset;
    OUTTHINK_UNROLL
    for (std::size_t v = 0; v < page_vectors; ++v) sums[p][v] = vec{};
  }
  for (std::size_t d = 0; d < head_dim; ++d) {
    const vec q = broadcast(query[d]);
    OUTTHINK_UNROLL
    for (std::size_t p = 0; p < Pages; ++p) {
      OUTTHINK_UNROLL
      for (std::size_t v = 0; v < page_vectors; ++v)
        sums[p][v] = fma(q, load(keys[p] + d * page_tokens + v * lanes), sums[p][v]);
    }
  }
  OUTTHINK_UNROLL
  for (std::size_t p = 0; p < Pages; ++p) {
    OUTTHINK_UNROLL
    for (std::size_t v = 0; v < page_vectors; ++v)
      store(scores + p * page_tokens + v * lanes, sums[p][v] * scale);
  }
}

/// Scores of one query against all keys; those of the last page's absent keys become -inf.
inline void score_keys(const paged_attention_args& a, const float* query,
                       std::size_t offset) noexcept {
  const std::size_t pages = (a.keys + page_tokens - 1) / page_tokens;
  std::size_t p = 0;
  for (; p + page_block <= pages; p += page_block)
    score_pages<page_block>(query, a.pages + p, offset, a.head_dim, a.scale,
                            a.scores + p * page_tokens);
  for (; p < pages; ++p)
    score_pages<1>(query, a.pages + p, offset, a.head_dim, a.scale, a.scores + p * page_tokens);
  for (std::size_t k = a.keys; k < pages * page_tokens; ++k) a.scores[k] = -__builtin_inff();
}

/// Replaces the scores by e^(score - largest) and returns their sum: lane l adds keys l, l + 16, …,
/// then a tree adds the 16 lanes. Absent keys add an exact zero.
inline float exponentiate(float* scores, std::size_t count) noexcept {
  vec largest = load(scores);
  for (std::size_t i = lanes; i < count; i += lanes) largest = max(load(scores + i), largest);
  const vec reference = broadcast(max_of_lanes(largest));
  vec sums[page_vectors] = {};
  for (std::size_t i = 0; i < count; i += page_tokens) {
    OUTTHINK_UNROLL
    for (std::size_t v = 0; v < page_vectors; ++v) {
      const vec e = exp(load(scores + i + v * lanes) - reference);
      store(scores + i + v * lanes, e);
      sums[v] += e;
    }
  }
  OUTTHINK_UNROLL
  for (std::size_t half = page_vectors / 2; half > 0; half /= 2)
    for (std::size_t v = 0; v < half; ++v) sums[v] += sums[v + half];
  return sum_of_lanes(sums[0]);
}

/// `Vectors` vectors of the weighted sum of values. Key k adds to strand k % 4, in ascending order;
/// then (s₀ + s₁) + (s₂ + s₃). Absent keys are not read.
template <std::size_t Vectors>
inline void sum_values(const paged_attention_args& a, std::size_t offset, float factor,
                       float* output) noexcept {
  constexpr std::size_t strands = 4;
  vec sums[strands][Vectors];
  OUTTHINK_UNROLL
  for (std::size_t s = 0; s < strands; ++s) {
    OUTTHINK_UNROLL
    for (std::size_t v = 0; v < Vectors; ++v) sums[s][v] = vec{};
  }
  const float* weight = a.scores;
  for (std::size_t first = 0; first < a.keys; first += page_tokens) {
    const float* value = a.pages[first / page_tokens] + offset;
    std::size_t left = a.keys - first < page_tokens ? a.keys - first : page_tokens;
    for (; left >= strands; left -= strands, weight += strands) {
      OUTTHINK_UNROLL
      for (std::size_t s = 0; s < strands; ++s, value += a.value_width) {
        const vec w = broadcast(weight[s]);
        OUTTHINK_UNROLL
        for (std::size_t v = 0; v < Vectors; ++v)
          sums[s][v] = fma(w, load(value + v * lanes), sums[s][v]);
      }
    }
    OUTTHINK_UNROLL
    for (std::size_t s = 0; s + 1 < strands; ++s, value += a.value_width) {
      if (s >= left) continue;
      const vec w = broadcast(weight[s]);
      OUTTHINK_UNROLL
      for (std::size_t v = 0; v < Vectors; ++v)
        sums[s][v] = fma(w, load(value + v * lanes), sums[s][v]);
    }
  }
  OUTTHINK_UNROLL
  for (std::size_t v = 0; v < Vectors; ++v)
    store(output + v * lanes, ((sums[0][v] + sums[1][v]) + (sums[2][v] + sums[3][v])) * factor);
}

inline void weigh_values(const paged_attention_args& a, std::size_t offset, float factor,
                         float* output) noexcept {
  std::size_t d = 0;
  for (; d + 2 * lanes <= a.head_dim; d += 2 * lanes)
    sum_values<2>(a, offset + d, factor, output + d);
  for (; d + lanes <= a.head_dim; d += lanes) sum_values<1>(a, offset + d, factor, output + d);
  if (d == a.head_dim) return;
  float last[lanes];
  sum_values<1>(a, offset + d, factor, last);
  for (std::size_t i = 0; d + i < a.head_dim; ++i) output[d + i] = last[i];
}

inline void paged_attention(isa, const paged_attention_args& a) noexcept {
  const std::size_t group = a.heads / a.kv_heads;
  const std::size_t padded = (a.keys + page_tokens - 1) / page_tokens * page_tokens;
  for (std::size_t h = 0; h < a.heads; ++h) {
    const std::size_t shared = h / group;
    score_keys(a, a.query + h * a.head_dim, a.key_offset + shared * a.head_dim * page_tokens);
    const float sum = exponentiate(a.scores, padded);
    weigh_values(a, a.value_offset + shared * page_tokens * a.value_width, 1.0F / sum,
                 a.output + h * a.head_dim);
  }
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
