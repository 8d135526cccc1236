// SPDX-License-Identifier: MIT
import { front } from './costs.js';
import { element } from './dom.js';
import { settings } from './format.js';
import { state } from './state.js';

const textOf = (row, title) =>
  [row.strategy, row.family, title, row.aggregator, row.verifier, settings(row.parameters), `n = ${row.n}`]
    .join(', ')
    .toLowerCase();

// "beam, width 8" asks for both; a number at the end of a term is a whole number: n = 1 is not n = 16.
function termsOf(query) {
  return query
    .toLowerCase()
    .replace(/\s*=\s*/g, ' = ')
    .split(',')
    .map((term) => term.trim())
    .filter(Boolean)
    .map((term) => new RegExp(term.replace(/[^\w\s]/g, '\\$&') + (/\d$/.test(term) ? '(?![\\d.])' : '')));
}

/** The search box and filters above the rows: `wanted()` gives the rows that pass. */
export function rowFilters(data, onchange) {
  const titles = new Map(data.tasks.map(({ name, title }) => [name, title]));
  const texts = new Map(data.rows.map((row) => [row, textOf(row, titles.get(row.task))]));
  const option = ([value, text]) => element('option', { value }, text);
  const choice = (label, options) => element('select', { 'aria-label': label, onchange }, options.map(option));

  const search = element('input', {
    type: 'search',
    placeholder: 'Search: beam search, width 8, N = 16',
    'aria-label': 'Search the rows; commas between terms',
    oninput: onchange,
  });
  const task = choice('Task', [['', 'all tasks'], ...titles]);
  const families = [...new Set(data.rows.map((row) => row.family ?? ''))].filter(Boolean);
  const family = choice('Family', [['', 'all families'], ...families.map((name) => [name, name])]);
  const onlyFront = element('input', { type: 'checkbox', onchange });
  const count = element('output', { 'aria-live': 'polite' });

  return {
    bar: element(
      'div',
      { class: 'filters' },
      search,
      task,
      family,
      element('label', {}, onlyFront, 'Pareto front only'),
      count
    ),
    dependsOnCost: () => onlyFront.checked,
    wanted: () => {
      const terms = termsOf(search.value);
      const best = onlyFront.checked && new Set(data.tasks.flatMap(({ name }) => front(data, name, state.cost)));
      const found = data.rows.filter(
        (row) =>
          (!task.value || row.task === task.value) &&
          (!family.value || row.family === family.value) &&
          (!best || best.has(row)) &&
          terms.every((term) => term.test(texts.get(row)))
      );
      count.textContent = `${found.length.toLocaleString('en')} of ${data.rows.length.toLocaleString('en')} rows`;
      return found;
    },
  };
}
