// SPDX-License-Identifier: MIT
import { describe } from './accuracy.js';
import { binningControl, binningOf, binnings } from './binnings.js';
import { costOf } from './costs.js';
import { figure } from './figure.js';
import { shortened } from './format.js';
import { endLabels, withRoom } from './labels.js';
import { accuracyAxis, costAxis, gridColour, plot, sizes } from './plot.js';
import { legend } from './legend.js';
import { chartSection } from './section.js';
import { className, seriesOf } from './series.js';
import { state } from './state.js';

const binned = (data) => (binning) => data.rows.some((row) => row.task === state.task && row[binning.rows]?.length);

function draw(data, width) {
  const task = data.tasks.find(({ name }) => name === state.task),
    cost = costOf(state.cost),
    key = cost.key,
    binning = binningOf(binned(data));
  if (!binning) return null;
  const member = binning.rows;
  const rows = data.rows.filter((row) => row.task === state.task && row[key] > 0 && row[member]?.length);
  if (!rows.length) return null;
  const count = d3.max(rows, (row) => row[member].length),
    roomy = width >= 160 * count + 180;
  const names = Array.from({ length: count }, (_, b) => shortened(task[binning.bins]?.[b] ?? `bin ${b + 1}`, 26));
  const facet = roomy ? 'fx' : 'fy';
  const series = d3
    .range(count)
    .flatMap((bin) =>
      seriesOf(
        rows
          .filter((row) => !state.hidden.has(row.strategy) && row[member][bin]?.accuracy != null)
          .map((row) => ({ x: row[key], y: row[member][bin].accuracy, bin: names[bin], row, in: row[member][bin] }))
      ).map((one) => ({ ...one, bin }))
    );
  const frame = {
    height: roomy ? 330 : 190 * count + 60,
    marginTop: 40,
    marginBottom: 44,
    marginRight: roomy ? 180 : 14,
    domain: [0, 1],
  };
  const extent = withRoom(
    d3.extent(rows, (row) => row[key]),
    (width - 224) / count,
    roomy ? 14 : 0
  );
  const last = series
    .filter(({ bin }) => bin === count - 1 && roomy)
    .map(({ strategy, look, line }) => ({ name: shortened(strategy, 22), look, x: line.at(-1).x, y: line.at(-1).y }))
    .filter((end) => Math.log(extent[1] / end.x) < 0.3 * Math.log(extent[1] / extent[0] || 1));
  const points = series.flatMap(({ line }) => line);
  return plot({
    width,
    ...sizes(frame),
    fx: { label: null, domain: roomy ? names : undefined, padding: 0.08 },
    fy: { label: null, domain: roomy ? undefined : names, axis: null, padding: 0.16 },
    x: costAxis(extent, cost.axis, cost.format, 3),
    y: accuracyAxis([0, 1]),
    marks: [
      Plot.gridY({ stroke: gridColour, strokeOpacity: 1, ticks: 5 }),
      roomy
        ? []
        : Plot.text(names, {
            fy: (name) => name,
            text: (name) => name,
            frameAnchor: 'top-left',
            dy: -14,
            fill: 'var(--ink)',
            fontWeight: 600,
          }),
      series.map(({ strategy, look, line }) => [
        Plot.lineY(line, {
          x: 'x',
          y: 'y',
          [facet]: 'bin',
          stroke: look.colour,
          strokeWidth: 1.8,
          strokeDasharray: look.dash,
          className: className(strategy),
        }),
        Plot.dot(line, {
          x: 'x',
          y: 'y',
          [facet]: 'bin',
          fill: look.colour,
          r: 2.8,
          symbol: look.symbol,
          className: className(strategy),
        }),
      ]),
      last.length
        ? endLabels(last, { ...frame, right: extent[1], facet: { channel: 'fx', value: () => names.at(-1) } })
        : [],
      Plot.tip(
        points,
        Plot.pointer({
          x: 'x',
          y: 'y',
          [facet]: 'bin',
          title: (p) => `${describe({ ...p.row, ...p.in }, cost)}\n${p.in.problems ?? ''} problems`.trim(),
        })
      ),
    ],
  });
}

/** Accuracy by difficulty bin. */
export function difficulty(data) {
  if (!binnings.some((binning) => data.rows.some((row) => row[binning.rows]?.length))) return null;
  const chart = figure({
    name: 'difficulty',
    title: () => `${data.tasks.find(({ name }) => name === state.task)?.title}: accuracy by difficulty`,
    caption:
      'One panel for each difficulty bin, easiest first, with the same lines as above. Strategies that lie together on easy problems part on hard ones. ' +
      'Bins hold few problems: point at a dot for its interval. Bins by samples that are right (oracle) or by the verifier’s mean score (predicted) ' +
      'are cut by the samples themselves, so that sampling looks a little better in the easy ones than it is.',
    draw: (width) => draw(data, width),
  });
  return chartSection(
    'difficulty',
    'By difficulty',
    chart,
    binningControl('difficulty-binning', binned(data)),
    legend(data, chart)
  );
}
