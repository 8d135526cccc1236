// SPDX-License-Identifier: MIT
// Between a number and its unit, where no line may break.
const narrow = '\u202f';
const minus = (text) => text.replace('-', '−');

export const none = '–';

/** 0.8533 → 85.3 % */
export const percent = (share) => (share == null ? none : `${minus((100 * share).toFixed(1))}${narrow}%`);

/** [81.0, 89.0], in per cent */
export const interval = (low, high) =>
  low == null || high == null ? '' : `[${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}]`;

/** Three significant digits, at least all of the whole number below 10,000; larger ones in k, M, G, T. */
export function quantity(x) {
  if (x == null) return none;
  if (typeof x !== 'number') return String(x);
  const size = Math.abs(x);
  if (size >= 1e4) {
    const prefix = d3.formatPrefix('.0', x),
      scaled = x / 10 ** (3 * Math.floor(Math.log10(size) / 3));
    return minus(`${Number(scaled.toPrecision(3))}${narrow}${prefix(x).replace(/[^a-zA-Z]/g, '')}`);
  }
  if (size >= 100) return minus(Math.round(x).toLocaleString('en'));
  if (x === 0 || size >= 1e-4) return minus(String(Number(x.toPrecision(3))));
  return minus(x.toExponential(1));
}

/** 0.0123 → 12.3 ms */
export function duration(seconds) {
  if (seconds == null) return none;
  for (const [unit, scale] of [
    ['h', 3600],
    ['min', 60],
    ['s', 1],
    ['ms', 1e-3],
    ['µs', 1e-6],
  ])
    if (seconds >= scale && (scale <= 1 || seconds >= 2 * scale))
      return `${Number((seconds / scale).toPrecision(3))}${narrow}${unit}`;
  return seconds === 0 ? `0${narrow}s` : `${Number((seconds * 1e9).toPrecision(3))}${narrow}ns`;
}

export const money = (amount) =>
  amount == null ? none : amount.toLocaleString('en', { maximumSignificantDigits: 2, maximumFractionDigits: 9 });

/** 8.37 → 8.4, 134.2 → 134 */
export const times = (ratio) => (ratio >= 10 ? quantity(Math.round(ratio)) : ratio.toFixed(1));

/** {width: 4, expand: 2} → width 4, expand 2 */
export const settings = (parameters) =>
  Object.entries(parameters ?? {})
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join(', ');

export const shortened = (text, most = 30) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** Names a row: strategy, N = 16, its end unbroken. */
export const named = (row, most = 60) => `${shortened(row.strategy, most)}, N\u00a0=\u00a0${row.n}`;
