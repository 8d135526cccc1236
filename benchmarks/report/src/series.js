// SPDX-License-Identifier: MIT
import { look } from './palette.js';

/**
 * One line for each strategy through `points` (x, y, row): where a strategy ran with several settings at
 * one N, the line takes the most accurate, and the others are `aside`.
 */
export function seriesOf(points) {
  return d3
    .groups(points, (point) => point.row.strategy)
    .map(([strategy, all]) => {
      const best = new Map();
      for (const point of [...all].sort((a, b) => b.y - a.y || a.x - b.x))
        if (!best.has(point.row.n)) best.set(point.row.n, point);
      const line = [...best.values()].sort((a, b) => a.x - b.x);
      return { strategy, look: look(strategy), line, aside: all.filter((point) => best.get(point.row.n) !== point) };
    });
}

export const className = (strategy) =>
  `series-${[...strategy].map((c) => (/[a-z0-9]/i.test(c) ? c : `_${c.codePointAt(0).toString(16)}`)).join('')}`;

/** Fades every other strategy's marks in a chart while one is pointed at. */
export function emphasise(frame, strategy) {
  for (const group of frame.querySelectorAll('g[class^="series-"]'))
    group.classList.toggle('dimmed', strategy !== null && !group.classList.contains(className(strategy)));
}
