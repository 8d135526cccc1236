// SPDX-License-Identifier: MIT
import { costs, hasCost } from './costs.js';
import { element } from './dom.js';
import { segments } from './segments.js';
import { choose, onChoice, state } from './state.js';

/** The bar that stays in view: the task and the cost axis of all charts. */
export function controls(data) {
  const tasks = data.tasks.map(({ name, title }) => ({ key: name, title }));
  state.task = tasks[0]?.key ?? null;
  const possible = (key) =>
    hasCost(
      data.rows.filter((row) => row.task === state.task),
      key
    );
  const known = costs.filter(({ key }) => hasCost(data.rows, key));
  const keep = () => {
    if (!possible(state.cost)) state.cost = known.find(({ key }) => possible(key))?.key ?? state.cost;
  };
  keep();
  if (!known.length && tasks.length < 2) return null;
  const task =
    tasks.length > 1 &&
    segments('Task', 'task', tasks, state.task, (key) => {
      state.task = key;
      keep();
      choose({});
    });
  const cost = known.length > 1 && segments('Cost', 'cost', known, state.cost, (key) => choose({ cost: key }));
  const show = () =>
    cost &&
    cost.radios.forEach((radio) => {
      radio.disabled = !possible(radio.value);
      radio.checked = radio.value === state.cost;
    });
  onChoice(show);
  show();
  return element(
    'div',
    { class: 'controls', role: 'group', 'aria-label': 'What the charts show' },
    task && task.field,
    cost && cost.field
  );
}
