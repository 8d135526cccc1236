// SPDX-License-Identifier: MIT
import { element } from './dom.js';
import { duration } from './format.js';
import { themeSwitch } from './theme.js';

/** Title, how the report was made, and links to the sections that are there. */
export function masthead(data, sections) {
  const seeds = Math.max(0, ...data.rows.map((row) => row.seeds ?? 0));
  const facts = [
    data.command && element('code', {}, data.command),
    data.seconds != null && `ran for ${duration(data.seconds)}`,
    data.machine,
    data.tasks.length > 0 &&
      data.tasks
        .map((task) =>
          [task.title, task.problems && `${task.problems} problems`, task.split].filter(Boolean).join(', ')
        )
        .join('; '),
    seeds > 1 && `${seeds} seeds`,
  ].filter(Boolean);
  return [
    themeSwitch(),
    element('h1', {}, data.title ?? 'outthink benchmark'),
    facts.length > 0 &&
      element(
        'p',
        { class: 'facts' },
        facts.map((fact) => element('span', {}, fact))
      ),
    data.sample &&
      element('p', { class: 'sample', role: 'note' }, 'Sample data: every number on this page is made up.'),
    data.tasks
      .filter((task) => task.notes)
      .map((task) => element('p', { class: 'facts' }, `${task.title}: ${task.notes}`)),
    sections.length > 1 &&
      element(
        'nav',
        { 'aria-label': 'Sections' },
        element(
          'ul',
          {},
          sections.map((one) =>
            element('li', {}, element('a', { href: `#${one.id}` }, one.querySelector('h2').textContent))
          )
        )
      ),
  ]
    .flat()
    .filter(Boolean);
}
