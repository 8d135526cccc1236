// SPDX-License-Identifier: MIT
//
// Works on integers that are ordered like the floats, NaN below everything: a minimum is then one
// instruction, and NaN needs no second thought.

namespace outthink::kernels::OUTTHINK_TARGET {

[[gnu::always_inline]] inline ivec load_keys(const float* from) noexcept {
  ivec v;
  __builtin_memcpy(&v, from, sizeof v);
  return v;
}

[[gnu::always_inline]] inline void store_keys(float* to, ivec v) noexcept {
  __builtin_memcpy(to, &v, sizeof v);
}

/// The key of each float: its bits, those of magnitude inverted if the sign is set. Of NaN the
/// smallest integer, whatever its sign.
[[gnu::always_inline]] inline ivec keys_of(vec x) noexcept {
  ivec bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  const ivec key = bits ^ ((bits >> 31) & 0x7fffffff);
  const ivec least = ivec{} - 0x7fffffff - 1;
  return x != x ? least : key;
}

/// The floats of keys. Their smallest becomes NaN: with all bits of magnitude inverted it would be.
[[gnu::always_inline]] inline ivec values_of(ivec key) noexcept {
  return key ^ ((key >> 31) & 0x7fffffff);
}

[[gnu::always_inline]] inline ivec smaller(ivec a, ivec b) noexcept {
  return a < b ? a : b;
}

[[gnu::always_inline]] inline std::int32_t key_at(const float* keys, std::size_t i) noexcept {
  std::int32_t key;
  __builtin_memcpy(&key, keys + i, sizeof key);
  return key;
}

[[gnu::always_inline]] inline void set_key(float* keys, std::size_t i, std::int32_t key) noexcept {
  __builtin_memcpy(keys + i, &key, sizeof key);
}

inline void make_keys(const sliding_min_args& a) noexcept {
  std::size_t i = 0;
  for (; i + lanes <= a.size; i += lanes) store_keys(a.scratch + i, keys_of(load(a.values + i)));
  if (i == a.size) return;
  vec rest;
  const ivec keys = keys_of(load_first(a.values + i, a.size - i));
  __builtin_memcpy(&rest, &keys, sizeof rest);
  store_first(a.scratch + i, rest, a.size - i);
}

/// keys[i] = min(keys[i], keys[i + step]) in place, for all i below `count`.
inline void fold(float* keys, std::size_t count, std::size_t step) noexcept {
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes)
    store_keys(keys + i, smaller(load_keys(keys + i), load_keys(keys + i + step)));
  for (; i < count; ++i) {
    const std::int32_t p = key_at(keys, i), q = key_at(keys, i + step);
    set_key(keys, i, p < q ? p : q);
  }
}

/// The minimum of `rows` keys a vector apart, the first at `keys`, and of the key at `last`.
inline std::int32_t strided_min(const float* keys, std::size_t rows, std::size_t last) noexcept {
  std::int32_t least = key_at(keys, last);
  for (std::size_t r = 0; r < rows; ++r) {
    const std::int32_t key = key_at(keys, r * lanes);
    least = key < least ? key : least;
  }
  return least;
}

/// One block of `rows` output vectors: running minima backwards from its end, then forwards from
/// the next block's begin. `outputs` of them exist.
inline void block_minima(const float* keys, float* minima, std::size_t rows, std::size_t outputs,
                         std::size_t last) noexcept {
  ivec least = load_keys(keys + (rows - 1) * lanes);
  for (std::size_t r = rows; r-- > 0;) {
    least = smaller(least, load_keys(keys + r * lanes));
    if (r < outputs) store_keys(minima + r * lanes, least);
  }
  least = load_keys(minima);
  store_keys(minima, values_of(smaller(least, load_keys(keys + last))));
  if (outputs == 1) return;
  least = load_keys(keys + rows * lanes);
  for (std::size_t r = 1; r < outputs; ++r) {
    least = smaller(least, load_keys(keys + (r + rows - 1) * lanes));
    const ivec block = smaller(load_keys(minima + r * lanes), load_keys(keys + r * lanes + last));
    store_keys(minima + r * lanes, values_of(smaller(least, block)));
  }
}

inline void sliding_min(isa, const sliding_min_args& a) noexcept {
  make_keys(a);
  float* const keys = a.scratch;
  const std::size_t count = a.size - a.window + 1;
  // From here on keys[i] is the minimum of `reach` values from i on.
  std::size_t reach = 1;
  for (; reach < lanes && 2 * reach <= a.window; reach *= 2)
    fold(keys, a.size - 2 * reach + 1, reach);
  const std::size_t rows = a.window < lanes ? 1 : a.window / lanes, last = a.window - reach;
  const std::size_t vectors = count / lanes;
  for (std::size_t base = 0; base < vectors; base += rows) {
    const std::size_t outputs = vectors - base < rows ? vectors - base : rows;
    block_minima(keys + base * lanes, a.minima + base * lanes, rows, outputs, last);
  }
  for (std::size_t i = vectors * lanes; i < count; ++i) {
    const std::int32_t key = strided_min(keys + i, rows, last);
    set_key(a.minima, i, key ^ ((key >> 31) & 0x7fffffff));
  }
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
