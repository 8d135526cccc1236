// SPDX-License-Identifier: MIT
import { element } from './dom.js';
import { quantity } from './format.js';
import { section } from './section.js';

// The first stands open; the others are many.
function tableOf({ table, columns = [], rows = [] }, place) {
  const numeric = columns.map((_, i) => rows.some((row) => typeof row[i] === 'number'));
  const first = numeric.indexOf(true),
    most = d3.max(rows, (row) => (typeof row[first] === 'number' ? row[first] : 0));
  const cell = (value, i) =>
    element(
      i ? 'td' : 'th',
      {
        scope: i ? null : 'row',
        class: [numeric[i] && 'number', i === first && most > 0 && 'bar'].filter(Boolean).join(' '),
        style: i === first && most > 0 && { '--share': String(Math.max(0, value) / most) },
      },
      quantity(value)
    );
  const body = element(
    'div',
    { class: 'scroll', role: 'region', 'aria-label': table, tabindex: '0' },
    element(
      'table',
      { class: 'speed', 'aria-label': table },
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          columns.map((column, i) => element('th', { scope: 'col', class: numeric[i] && 'number' }, column))
        )
      ),
      element(
        'tbody',
        {},
        rows.map((row) =>
          element(
            'tr',
            {},
            columns.map((_, i) => cell(row[i], i))
          )
        )
      )
    )
  );
  return element('details', { open: place === 0 }, element('summary', {}, table), body);
}

/** Times of kernels and searches. */
export function speed(data) {
  const tables = data.speed.filter((table) => table.rows?.length);
  return tables.length
    ? section(
        'speed',
        'Speed',
        'The line under a number is its size beside the largest of its column.',
        element('div', { class: 'folded' }, tables.map(tableOf))
      )
    : null;
}
