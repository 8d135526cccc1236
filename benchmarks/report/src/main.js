// SPDX-License-Identifier: MIT
import { accuracy } from './accuracy.js';
import { budgets } from './budgets.js';
import { calibration } from './calibration.js';
import { choices } from './choices.js';
import { controls } from './controls.js';
import { readData } from './data.js';
import { difficulty } from './difficulty.js';
import { element } from './dom.js';
import { headline } from './headline.js';
import { masthead } from './masthead.js';
import { optimisation } from './optimisation.js';
import { assignLooks } from './palette.js';
import { published } from './published.js';
import { rows } from './rows.js';
import { speed } from './speed.js';
import { choose } from './state.js';
import { trees } from './trees.js';

const at = (id) => document.getElementById(id);

function show(data) {
  if (data.title) document.title = data.title;
  assignLooks(data.rows);
  const bar = controls(data);
  const sections = [headline, accuracy, difficulty, budgets, choices, calibration, optimisation, rows, published, speed, trees]
    .map((make) => make(data))
    .filter(Boolean);
  at('masthead').append(...masthead(data, sections));
  if (bar) at('controls').append(bar);
  at('report').append(
    ...(sections.length ? sections : [element('p', { class: 'message' }, 'This report has no results.')])
  );
  at('colophon').append(
    'Made by outthink-bench. Charts by Observable Plot and D3 (ISC licence). This file needs nothing else: no network, no server.'
  );
  for (const chart of document.querySelectorAll('figure.chart')) chart.attached();
  choose({});
}

try {
  show(readData(at('report-data').textContent));
} catch (error) {
  at('report').replaceChildren(element('p', { class: 'message', role: 'alert' }, error.message));
  if (!(error instanceof Error) || error.name !== 'Error') throw error;
}
