// SPDX-License-Identifier: MIT
import { element } from './dom.js';
import { interval, named, percent, times } from './format.js';
import { look } from './palette.js';
import { section } from './section.js';
import { track } from './track.js';

const better = (a, b) => b.accuracy - a.accuracy || a.tokens - b.tokens;

/** Where the gain starts: the best that one sample gives; failing that, the cheapest row. */
function baseline(rows) {
  const [single] = rows.filter((row) => row.family === 'sampling' && row.n === 1).sort(better);
  return single ?? rows.reduce((a, b) => (b.tokens < a.tokens ? b : a));
}

/** The cheapest search or adaptive row that is as accurate as the best of parallel sampling. */
function saving(rows) {
  const parallel = rows.filter((row) => row.family === 'voting' || row.family === 'best-of-n').sort(better)[0];
  if (!parallel) return null;
  const [cheapest] = rows
    .filter(
      (row) =>
        (row.family === 'search' || row.family === 'adaptive') && row.accuracy >= parallel.accuracy && row.tokens > 0
    )
    .sort((a, b) => a.tokens - b.tokens);
  const ratio = cheapest && parallel.tokens / cheapest.tokens;
  return ratio > 1.05 ? { parallel, cheapest, ratio } : null;
}

function card(data, task) {
  const rows = data.rows.filter((row) => row.task === task.name && row.accuracy != null);
  if (!rows.length) return null;
  const from = baseline(rows),
    to = [...rows].sort(better)[0],
    saved = saving(rows);
  const line = (row) => [element('span', {}, named(row)), track(row, look(row.strategy).colour)];
  return element(
    'article',
    { class: 'card' },
    element('h3', {}, task.title),
    element(
      'p',
      { class: 'gain' },
      element('span', { class: 'from' }, percent(from.accuracy)),
      element('span', { class: 'arrow', 'aria-label': 'to' }, '→'),
      element('span', {}, percent(to.accuracy))
    ),
    element('div', { class: 'ends' }, line(from), line(to)),
    element(
      'ul',
      { class: 'findings' },
      element(
        'li',
        {},
        `${named(to)}: ${percent(to.accuracy)} ${interval(to.low, to.high)} right, against ${percent(from.accuracy)} `,
        `${interval(from.low, from.high)} for ${named(from)}`,
        to.tokens > from.tokens && `, for ${times(to.tokens / from.tokens)} times the tokens`,
        '.'
      ),
      saved &&
        element(
          'li',
          {},
          `${named(saved.cheapest)} is at least as accurate as ${named(saved.parallel)} `,
          `(${percent(saved.cheapest.accuracy)} against ${percent(saved.parallel.accuracy)}) for ${times(saved.ratio)} times fewer tokens.`
        ),
      data.crossings
        .filter((crossing) => crossing.task === task.name)
        .map((crossing) =>
          element('li', {}, `From N = ${crossing.from_n} on ${crossing.better} beats ${crossing.worse}.`)
        )
    )
  );
}

/** The best gain of every task. */
export function headline(data) {
  const cards = data.tasks.map((task) => card(data, task)).filter(Boolean);
  return cards.length
    ? section(
        'gains',
        'What more computation gains',
        'Share of problems solved, with 95 % confidence intervals.',
        element('div', { class: 'cards' }, cards)
      )
    : null;
}
