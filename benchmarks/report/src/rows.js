// SPDX-License-Identifier: MIT
import { hasCost } from './costs.js';
import { element } from './dom.js';
import { duration, interval, money, none, percent, quantity, settings } from './format.js';
import { look, symbolOf } from './palette.js';
import { rowFilters } from './row_filters.js';
import { section } from './section.js';
import { onChoice } from './state.js';
import { track } from './track.js';

const line = (text) => element('span', { class: 'line', title: text.length > 24 ? text : null }, text);
const number = (key, title, format = quantity) => ({
  key,
  title,
  numeric: true,
  value: (row) => row[key],
  show: (row) => format(row[key]),
});

// Columns without any value are left out.
const columnsOf = (data) => {
  const titles = new Map(data.tasks.map((task) => [task.name, task.title]));
  const all = [
    {
      key: 'strategy',
      title: 'strategy',
      value: (row) => row.strategy,
      show: (row) => element('span', {}, symbolOf(row.strategy), line(row.strategy)),
    },
    { key: 'task', title: 'task', value: (row) => titles.get(row.task), show: (row) => line(titles.get(row.task)) },
    number('n', 'N'),
    {
      key: 'accuracy',
      title: 'accuracy [95 %]',
      value: (row) => row.accuracy,
      show: (row) =>
        element(
          'span',
          { class: 'measure' },
          element('span', { class: 'number' }, percent(row.accuracy)),
          element('span', { class: 'muted' }, interval(row.low, row.high)),
          track(row, look(row.strategy).colour)
        ),
    },
    number('tokens', 'tokens'),
    number('prompt_tokens', 'prompt tokens'),
    number('calls', 'calls'),
    number('verifier_calls', 'verifier calls'),
    number('flops', 'FLOPs'),
    number('eflops', 'eFLOPs'),
    number('seconds', 'time', duration),
    number('money', 'money', money),
    {
      key: 'parameters',
      title: 'settings',
      value: (row) => settings(row.parameters),
      show: (row) => line(settings(row.parameters)),
    },
    {
      key: 'aggregator',
      title: 'aggregator',
      value: (row) => row.aggregator,
      show: (row) => line(row.aggregator ?? none),
    },
    { key: 'verifier', title: 'verifier', value: (row) => row.verifier, show: (row) => line(row.verifier ?? none) },
    number('seeds', 'seeds'),
    number('budget_spent', 'out of budget'),
    number('failed', 'failed'),
  ];
  return all.filter(({ key, value }) =>
    ['budget_spent', 'failed', 'money'].includes(key)
      ? hasCost(data.rows, key)
      : data.rows.some((row) => value(row) != null && value(row) !== '')
  );
};

const compare = (a, b) =>
  typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en', { numeric: true });

const page = 50;

// A heading that sorts by its column when it is pressed.
const headOf = (column, onclick) =>
  element(
    'th',
    { scope: 'col', class: column.numeric && 'number' },
    element('button', { type: 'button', onclick }, column.title)
  );

const tableRow = (columns, row) =>
  element(
    'tr',
    {},
    columns.map((column, i) =>
      element(i ? 'td' : 'th', { scope: i ? null : 'row', class: column.numeric && 'number' }, column.show(row))
    )
  );

/** All rows: searched, filtered, sorted. */
export function rows(data) {
  if (!data.rows.length) return null;
  const columns = columnsOf(data);
  const sort = { column: columns.find(({ key }) => key === 'accuracy') ?? columns[0], descending: true };
  let limit = page;

  const reset = () => draw(page);
  const filters = rowFilters(data, reset);
  const body = element('tbody');
  const more = element('button', { type: 'button', class: 'more', onclick: () => draw(Infinity) });
  const heads = columns.map((column) =>
    headOf(column, () => {
      sort.descending = sort.column === column && !sort.descending;
      sort.column = column;
      draw(limit);
    })
  );

  function draw(most) {
    limit = most;
    const found = filters.wanted();
    const { value } = sort.column;
    const sign = sort.descending ? -1 : 1;
    found.sort((a, b) => (value(a) == null) - (value(b) == null) || sign * compare(value(a), value(b)));
    body.replaceChildren(...found.slice(0, limit).map((row) => tableRow(columns, row)));
    heads.forEach((head, i) => {
      if (columns[i] === sort.column) head.setAttribute('aria-sort', sort.descending ? 'descending' : 'ascending');
      else head.removeAttribute('aria-sort');
    });
    more.hidden = found.length <= limit;
    more.textContent = `Show all ${found.length.toLocaleString('en')}`;
  }

  onChoice(() => filters.dependsOnCost() && reset());
  reset();
  return section(
    'rows',
    'All rows',
    'One row for each task, strategy, setting and N, all seeds together; costs are means for each problem.',
    filters.bar,
    element(
      'div',
      { class: 'scroll tall', role: 'region', 'aria-label': 'All rows', tabindex: '0' },
      element('table', { class: 'rows' }, element('thead', {}, element('tr', {}, heads)), body)
    ),
    more
  );
}
