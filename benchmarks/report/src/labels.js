// SPDX-License-Identifier: MIT
/** Heights for labels that would like to be at `wanted` (any order), `gap` apart, between `low` and `high`. */
export function spread(wanted, gap, low, high) {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  const places = new Array(wanted.length);
  let last = -Infinity;
  for (const i of order) last = places[i] = Math.max(wanted[i], last + gap, low);
  last = high + gap;
  for (const i of order.reverse()) last = places[i] = Math.min(places[i], last - gap);
  return places;
}

/** The ends of a logarithmic axis with `room` pixels of `length` free on the right; wider if they are one. */
export function withRoom([low, high], length, room) {
  if (!(low < high)) return [low / 2, high * 2];
  return [low, high * (high / low) ** (room / Math.max(1, length - room))];
}

/**
 * Names at the right end of lines, with a hairline from each line's last point. `ends` are
 * {name, x, y, look}, in the units of the scales; `right` is the x where the frame ends.
 */
export function endLabels(ends, { right, domain, height, marginTop, marginBottom, facet = {} }) {
  const perPixel = (domain[1] - domain[0]) / (height - marginTop - marginBottom);
  const placed = spread(
    ends.map((end) => -end.y),
    15 * perPixel,
    -domain[1],
    -domain[0]
  );
  const labels = ends.map((end, i) => ({ ...end, at: -placed[i], right, ...facet.values }));
  const channels = facet.channel ? { [facet.channel]: facet.value } : {};
  return [
    Plot.link(labels, {
      x1: 'x',
      y1: 'y',
      x2: 'right',
      y2: 'at',
      stroke: (d) => d.look.colour,
      strokeOpacity: 0.45,
      strokeWidth: 1,
      ...channels,
    }),
    Plot.dot(labels, {
      x: 'right',
      y: 'at',
      dx: 9,
      r: 3.6,
      fill: (d) => d.look.colour,
      symbol: (d) => d.look.symbol,
      clip: false,
      ...channels,
    }),
    Plot.text(labels, {
      x: 'right',
      y: 'at',
      dx: 18,
      text: 'name',
      textAnchor: 'start',
      fill: 'var(--ink)',
      clip: false,
      ...channels,
    }),
  ];
}
