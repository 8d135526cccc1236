// SPDX-License-Identifier: MIT
import { svgElement } from './dom.js';

const families = ['sampling', 'voting', 'best-of-n', 'search', 'adaptive'];
const symbols = ['circle', 'square', 'triangle', 'diamond', 'star', 'wye'];
const steps = 3;
const looks = new Map();

const lookOf = (family, rank) => ({
  colour: `var(--${families.includes(family) ? family : 'sampling'}-${(rank % steps) + 1})`,
  symbol: symbols[rank % symbols.length],
  dash: ['none', '6 3', '2 3'][Math.floor(rank / steps) % 3],
});

/** Gives every strategy its colour, symbol and dash: the family says the hue, the order in it the rest. */
export function assignLooks(rows) {
  const seen = new Map();
  const order = (row) => (families.indexOf(row.family) + families.length + 1) % (families.length + 1);
  for (const row of [...rows].sort((a, b) => order(a) - order(b))) {
    if (looks.has(row.strategy)) continue;
    const rank = seen.get(row.family) ?? 0;
    seen.set(row.family, rank + 1);
    looks.set(row.strategy, lookOf(row.family, rank));
  }
}

export const look = (strategy) => looks.get(strategy) ?? lookOf('sampling', 0);

/** The strategies of some rows, family by family. */
export const strategiesOf = (rows) => {
  const present = new Set(rows.map((row) => row.strategy));
  return [...looks.keys()].filter((strategy) => present.has(strategy));
};

/** Looks of selectors, which are named in words: best-of-N, maj@n, pass@n. */
export function assignSelectorLooks(selectors) {
  const seen = new Map();
  return new Map(
    selectors.map((selector) => {
      const family = /^pass/i.test(selector) ? 'sampling' : /weighted|best/i.test(selector) ? 'best-of-n' : 'voting';
      const rank = seen.get(family) ?? 0;
      seen.set(family, rank + 1);
      return [selector, lookOf(family, rank)];
    })
  );
}

/** A strategy's symbol, to stand beside its name. */
export const symbolOf = (strategy) => symbolOfLook(look(strategy));

export function symbolOfLook({ colour, symbol }) {
  const shape = d3[`symbol${symbol[0].toUpperCase()}${symbol.slice(1)}`];
  return svgElement(
    'svg',
    { class: 'symbol', viewBox: '-7 -7 14 14', 'aria-hidden': 'true' },
    svgElement('path', { d: d3.symbol(shape, 80)(), fill: colour })
  );
}
