// SPDX-License-Identifier: MIT
import { front, hasCost } from './costs.js';
import { element } from './dom.js';
import { duration, interval, money, none, percent, quantity, settings } from './format.js';
import { look, symbolOf } from './palette.js';
import { section } from './section.js';
import { onChoice, state } from './state.js';
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

/** All rows: searched, filtered, sorted. */
export function rows(data) {
  if (!data.rows.length) return null;
  const columns = columnsOf(data);
  const texts = new Map(
    data.rows.map((row) => [
      row,
      [row.strategy, row.family, row.task, row.aggregator, row.verifier, settings(row.parameters), `n=${row.n}`]
        .join(' ')
        .toLowerCase(),
    ])
  );
  const sort = { column: columns.find(({ key }) => key === 'accuracy') ?? columns[0], descending: true };
  let limit = page;

  const option = (value, text) => element('option', { value }, text);
  const search = element('input', {
    type: 'search',
    placeholder: 'Search: beam search, width 8, n=16 …',
    'aria-label': 'Search the rows',
    oninput: () => reset(),
  });
  const task = element(
    'select',
    { 'aria-label': 'Task', onchange: () => reset() },
    option('', 'all tasks'),
    data.tasks.map((one) => option(one.name, one.title))
  );
  const families = [...new Set(data.rows.map((row) => row.family))];
  const family = element(
    'select',
    { 'aria-label': 'Family', onchange: () => reset() },
    option('', 'all families'),
    families.map((one) => option(one, one))
  );
  const onlyFront = element('input', { type: 'checkbox', onchange: () => reset() });
  const count = element('output', { 'aria-live': 'polite' });
  const more = element('button', {
    type: 'button',
    class: 'more',
    onclick: () => {
      limit = Infinity;
      draw();
    },
  });
  const body = element('tbody');
  const heads = columns.map((column) =>
    element(
      'th',
      { scope: 'col', class: column.numeric && 'number' },
      element(
        'button',
        {
          type: 'button',
          onclick: () => {
            sort.descending = sort.column === column ? !sort.descending : Boolean(column.numeric) && column.key === 'n';
            sort.column = column;
            draw();
          },
        },
        column.title
      )
    )
  );

  const wanted = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const best = onlyFront.checked ? new Set(data.tasks.flatMap(({ name }) => front(data, name, state.cost))) : null;
    return data.rows.filter(
      (row) =>
        (!task.value || row.task === task.value) &&
        (!family.value || row.family === family.value) &&
        (!best || best.has(row)) &&
        words.every((word) => texts.get(row).includes(word))
    );
  };
  const tableRow = (row) =>
    element(
      'tr',
      {},
      columns.map((column, i) =>
        element(i ? 'td' : 'th', { scope: i ? null : 'row', class: column.numeric && 'number' }, column.show(row))
      )
    );

  function draw() {
    const found = wanted(),
      { value } = sort.column,
      sign = sort.descending ? -1 : 1;
    found.sort((a, b) => (value(a) == null) - (value(b) == null) || sign * compare(value(a), value(b)));
    body.replaceChildren(...found.slice(0, limit).map(tableRow));
    heads.forEach((head, i) => {
      if (columns[i] === sort.column) head.setAttribute('aria-sort', sort.descending ? 'descending' : 'ascending');
      else head.removeAttribute('aria-sort');
    });
    count.textContent = `${found.length.toLocaleString('en')} of ${data.rows.length.toLocaleString('en')} rows`;
    more.hidden = found.length <= limit;
    more.textContent = `Show all ${found.length.toLocaleString('en')}`;
  }
  function reset() {
    limit = page;
    draw();
  }
  onChoice(() => onlyFront.checked && reset());
  draw();
  return section(
    'rows',
    'All rows',
    'One row for each task, strategy, setting and N, all seeds together; costs are means for each problem.',
    element(
      'div',
      { class: 'filters' },
      search,
      task,
      family,
      element('label', {}, onlyFront, 'Pareto front only'),
      count
    ),
    element(
      'div',
      { class: 'scroll tall', role: 'region', 'aria-label': 'All rows', tabindex: '0' },
      element('table', { class: 'rows' }, element('thead', {}, element('tr', {}, heads)), body)
    ),
    more
  );
}
