// SPDX-License-Identifier: MIT
/** Room for the ticks of an axis in per cent. */
export const marginLeft = 48;

/** Plot.plot with the type, margins and axis of accuracy that all charts share. */
export function plot(options) {
  return Plot.plot({
    marginTop: 24,
    marginLeft,
    marginBottom: 44,
    ...options,
    // Plot's own offset lets descenders be cut off below.
    x: { labelOffset: 38, ...options.x },
    style: { fontSize: '12px', fontFamily: 'inherit', background: 'none', color: 'var(--muted)', ...options.style },
  });
}

/** Of a chart's frame, what Plot takes. */
export const sizes = ({ height, marginTop, marginBottom, marginRight }) => ({
  height,
  marginTop,
  marginBottom,
  marginRight,
});

/** A horizontal logarithmic axis of what a strategy costs. */
export const costAxis = (domain, label, tickFormat, ticks) => ({
  type: 'log',
  domain,
  label: `${label}, log scale →`,
  ticks,
  tickFormat,
  labelAnchor: 'right',
});

const atMost = (x) => Math.min(1, Math.max(0, x));

/** From 0, unless everything is far above it; to the next tenth above the highest. */
export function accuracyDomain(rows) {
  const low = d3.min(rows, (row) => row.low ?? row.accuracy) ?? 0;
  const high = d3.max(rows, (row) => row.high ?? row.accuracy) ?? 1;
  return [low < 0.5 ? 0 : atMost(Math.floor(10 * low - 0.5) / 10), atMost(Math.ceil(10 * high) / 10) || 0.1];
}

export const accuracyAxis = (domain) => ({
  domain,
  label: '↑ accuracy',
  ticks: 5,
  tickFormat: (y) => `${Math.round(100 * y)} %`,
});

export const gridColour = 'var(--grid)';

/** At most `most` ticks of a logarithmic axis over powers of 2. */
export function powersOfTwo(values, most) {
  const all = [...new Set(values)].sort((a, b) => a - b);
  const stride = Math.ceil(all.length / most);
  return all.filter((_, i) => i % stride === 0);
}
