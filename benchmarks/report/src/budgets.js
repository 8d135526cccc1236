// SPDX-License-Identifier: MIT
import { costOf } from './costs.js';
import { figure } from './figure.js';
import { interval, named, percent, settings, shortened } from './format.js';
import { look } from './palette.js';
import { gridColour, plot } from './plot.js';
import { chartSection } from './section.js';
import { state } from './state.js';

const entriesOf = (data) => (data.best[state.task] ?? []).filter((entry) => data.rows[entry.row]);

// The chosen cost, or the first for which budgets were computed.
function costNow(data) {
  const keys = new Set(entriesOf(data).map((entry) => entry.cost));
  return costOf(keys.has(state.cost) ? state.cost : [...keys].find(costOf));
}

function draw(data, width) {
  const cost = costNow(data);
  if (!cost) return null;
  const bars = entriesOf(data)
    .filter((entry) => entry.cost === cost.key)
    .sort((a, b) => a.limit - b.limit)
    .map((entry) => ({ row: data.rows[entry.row], name: `up to ${cost.format(entry.limit)}` }));
  const most = width >= 640 ? 90 : 34,
    left = width >= 500 ? 120 : 92;
  return plot({
    width,
    height: 54 * bars.length + 48,
    marginLeft: left,
    marginRight: 22,
    marginTop: 4,
    x: { domain: [0, 1], label: 'accuracy →', ticks: 5, tickFormat: (x) => `${Math.round(100 * x)} %` },
    y: { domain: bars.map((bar) => bar.name), label: null, type: 'point', padding: 0.5 },
    marks: [
      Plot.gridX({ stroke: gridColour, strokeOpacity: 1, ticks: 5 }),
      Plot.axisY({ tickSize: 0, fill: 'var(--ink)' }),
      Plot.ruleY(bars, {
        x1: 0,
        x2: (bar) => bar.row.accuracy,
        y: 'name',
        dy: 10,
        stroke: (bar) => look(bar.row.strategy).colour,
        strokeWidth: 9,
        strokeOpacity: 0.85,
      }),
      Plot.ruleY(
        bars.filter((bar) => bar.row.low != null),
        {
          x1: (bar) => bar.row.low,
          x2: (bar) => bar.row.high,
          y: 'name',
          dy: 10,
          stroke: 'var(--ink)',
          strokeWidth: 1.4,
        }
      ),
      Plot.text(bars, {
        x: 0,
        y: 'name',
        dy: -7,
        textAnchor: 'start',
        fill: 'var(--ink)',
        text: (bar) =>
          shortened(
            `${named(bar.row, 40)}: ${percent(bar.row.accuracy)}${width >= 640 ? ` ${interval(bar.row.low, bar.row.high)}  (${settings(bar.row.parameters)})` : ''}`,
            most
          ),
      }),
    ],
  });
}

/** The most accurate strategy within each budget. */
export function budgets(data) {
  if (!Object.values(data.best).some((entries) => entries.length)) return null;
  const chart = figure({
    name: 'budgets',
    title: () =>
      `${data.tasks.find(({ name }) => name === state.task)?.title}: best strategy for each budget of ${costNow(data)?.title}`,
    caption:
      'The most accurate of all strategies and settings whose mean cost per problem is within the limit; the thin line is its 95 % interval. ' +
      'The winner of many looks a little better than it is: compare intervals before you choose.',
    draw: (width) => draw(data, width),
  });
  return chartSection('budgets', 'Best strategy for a budget', chart);
}
