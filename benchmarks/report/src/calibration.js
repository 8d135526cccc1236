// SPDX-License-Identifier: MIT
import { element } from './dom.js';
import { figure } from './figure.js';
import { percent, quantity, shortened } from './format.js';
import { gridColour, plot } from './plot.js';
import { section } from './section.js';
import { onChoice, state } from './state.js';

const share = (x) => `${Math.round(100 * x)} %`;

function draw(entry, width) {
  const bins = (entry.bins ?? []).filter((bin) => bin.count > 0 && bin.mean != null && bin.right != null);
  if (!bins.length) return null;
  const most = d3.max(bins, (bin) => bin.count);
  return plot({
    width,
    height: Math.min(width, 380) + 10,
    marginTop: 22,
    marginRight: 24,
    x: { domain: [0, 1], label: 'mean score in the bin →', ticks: 5, tickFormat: share },
    y: { domain: [0, 1], label: '↑ truly right', ticks: 5, tickFormat: share },
    r: { domain: [0, most], range: [0, 9] },
    marks: [
      Plot.gridX({ stroke: gridColour, strokeOpacity: 1, ticks: 5 }),
      Plot.gridY({ stroke: gridColour, strokeOpacity: 1, ticks: 5 }),
      Plot.rect(bins, {
        x1: 'low',
        x2: 'high',
        y1: 0,
        y2: (bin) => (0.22 * bin.count) / most,
        fill: 'var(--muted)',
        fillOpacity: 0.22,
        inset: 0.5,
      }),
      Plot.line(
        [
          [0, 0],
          [1, 1],
        ],
        { stroke: 'var(--muted)', strokeDasharray: '4 4', strokeWidth: 1 }
      ),
      Plot.link(bins, {
        x1: 'mean',
        x2: 'mean',
        y1: 'mean',
        y2: 'right',
        stroke: 'var(--best-of-n-1)',
        strokeWidth: 1.2,
      }),
      Plot.line(bins, { x: 'mean', y: 'right', stroke: 'var(--voting-1)', strokeWidth: 1.8 }),
      Plot.dot(bins, {
        x: 'mean',
        y: 'right',
        r: 5,
        fill: 'var(--voting-1)',
        stroke: 'var(--raised)',
        strokeWidth: 1.5,
      }),
      Plot.tip(
        bins,
        Plot.pointer({
          x: 'mean',
          y: 'right',
          title: (bin) =>
            `scores ${bin.low} to ${bin.high}: mean ${percent(bin.mean)}\n${percent(bin.right)} right\n${quantity(bin.count)} scored`,
        })
      ),
    ],
  });
}

function chartOf(entry, index) {
  const measure = (name, long, value) =>
    value != null &&
    element('div', {}, element('dt', {}, element('abbr', { title: long }, name)), element('dd', {}, value.toFixed(3)));
  return figure({
    name: `calibration-${index}`,
    title: shortened(`${entry.verifier ?? 'verifier'}, ${entry.what ?? 'scores'}`, 60),
    head: element(
      'dl',
      { class: 'measures' },
      measure('ECE', 'expected calibration error, lower is better', entry.ece),
      measure('AUC', 'chance that a right one is scored above a wrong one', entry.auc),
      measure('Brier', 'mean squared error, lower is better', entry.brier)
    ),
    caption:
      'A calibrated verifier lies on the dashed line: of what it scores 80 %, 80 % is right. Orange gaps show by how much it is off, below the line too sure. Grey bars: how often it gives such a score.',
    draw: (width) => draw(entry, width),
  });
}

/** Reliability diagrams of the chosen task's verifiers. */
export function calibration(data) {
  if (!data.calibration.length) return null;
  const charts = data.calibration.map((entry, index) => ({ entry, chart: chartOf(entry, index) }));
  const whole = section(
    'calibration',
    'Can the verifier be trusted?',
    null,
    element(
      'div',
      { class: 'charts' },
      charts.map(({ chart }) => chart)
    )
  );
  const show = () => {
    for (const { entry, chart } of charts) chart.classList.toggle('other-task', entry.task !== state.task);
    whole.hidden = charts.every(({ entry }) => entry.task !== state.task);
  };
  onChoice(show);
  show();
  return whole;
}
