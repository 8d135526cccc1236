// SPDX-License-Identifier: MIT
import { costOf, front } from './costs.js';
import { figure } from './figure.js';
import { interval, named, percent, settings, shortened } from './format.js';
import { endLabels, withRoom } from './labels.js';
import { legend } from './legend.js';
import { accuracyAxis, accuracyDomain, costAxis, gridColour, marginLeft, plot, sizes } from './plot.js';
import { chartSection } from './section.js';
import { className, seriesOf } from './series.js';
import { state } from './state.js';

export const describe = (row, cost) =>
  [
    named(row),
    `${percent(row.accuracy)} ${interval(row.low, row.high)}`,
    `${cost.format(row[cost.key])} ${cost.key === 'seconds' ? '' : cost.title}`.trim(),
    shortened(settings(row.parameters), 60),
  ]
    .filter(Boolean)
    .join('\n');

function marksOf({ strategy, look, line, aside }) {
  const group = className(strategy),
    stroke = look.colour;
  return [
    Plot.areaY(
      line.filter((p) => p.row.low != null),
      { x: 'x', y1: (p) => p.row.low, y2: (p) => p.row.high, fill: stroke, fillOpacity: 0.1, className: group }
    ),
    Plot.dot(aside, { x: 'x', y: 'y', fill: stroke, fillOpacity: 0.35, r: 2.5, symbol: look.symbol, className: group }),
    Plot.lineY(line, { x: 'x', y: 'y', stroke, strokeWidth: 1.8, strokeDasharray: look.dash, className: group }),
    Plot.dot(line, { x: 'x', y: 'y', fill: stroke, r: 3.4, symbol: look.symbol, className: group }),
  ];
}

function draw(data, width) {
  const cost = costOf(state.cost),
    key = cost.key;
  const all = data.rows.filter((row) => row.task === state.task && row[key] > 0 && row.accuracy != null);
  if (!all.length) return null;
  const points = all
    .filter((row) => !state.hidden.has(row.strategy))
    .map((row) => ({ x: row[key], y: row.accuracy, row }));
  const series = seriesOf(points),
    roomy = width >= 640;
  const frame = {
    height: roomy ? 460 : 380,
    marginTop: 28,
    marginBottom: 44,
    marginRight: roomy ? 200 : 14,
    domain: accuracyDomain(all),
  };
  const extent = withRoom(
      d3.extent(all, (row) => row[key]),
      width - marginLeft - frame.marginRight,
      roomy ? 26 : 0
    ),
    right = extent[1];
  const far = (end) => Math.log(right / end.x) < 0.3 * Math.log(right / extent[0] || 1);
  const ends = series.map(({ strategy, look, line }) => ({
    name: shortened(strategy, 24),
    look,
    x: line.at(-1).x,
    y: line.at(-1).y,
  }));
  return plot({
    width,
    ...sizes(frame),
    x: costAxis(extent, cost.axis, cost.format, roomy ? 8 : 4),
    y: accuracyAxis(frame.domain),
    marks: [
      Plot.gridY({ stroke: gridColour, strokeOpacity: 1, ticks: 5 }),
      series.map(marksOf),
      Plot.line(
        front(data, state.task, key).map((row) => ({ x: row[key], y: row.accuracy })),
        {
          x: 'x',
          y: 'y',
          curve: 'step-after',
          stroke: 'var(--ink)',
          strokeWidth: 1.2,
          strokeDasharray: '1 3',
          strokeLinecap: 'round',
        }
      ),
      roomy ? endLabels(ends.filter(far), { ...frame, right }) : [],
      roomy
        ? Plot.text(
            ends.filter((end) => !far(end)),
            {
              x: 'x',
              y: 'y',
              dx: 9,
              text: 'name',
              textAnchor: 'start',
              fill: 'var(--ink)',
              stroke: 'var(--raised)',
              strokeWidth: 4,
            }
          )
        : [],
      Plot.tip(points, Plot.pointer({ x: 'x', y: 'y', title: (p) => describe(p.row, cost) })),
    ],
  });
}

/** Accuracy against what it costs. */
export function accuracy(data) {
  if (!data.rows.length) return null;
  const chart = figure({
    name: 'accuracy',
    title: () =>
      `${data.tasks.find((task) => task.name === state.task)?.title}: accuracy against ${costOf(state.cost).title}`,
    caption:
      'Each line is a strategy, each point one N; up and to the left is better. Bands are 95 % confidence intervals. The dotted staircase is the ' +
      'Pareto front: nothing measured is both cheaper and more accurate. Where a strategy ran with several settings at one N, its line takes the most accurate; faint points are the others.',
    draw: (width) => draw(data, width),
  });
  return chartSection('accuracy', 'Accuracy against cost', chart, legend(data, chart));
}
