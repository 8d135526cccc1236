// SPDX-License-Identifier: MIT
import { element } from './dom.js';
import { figure } from './figure.js';
import { interval, percent, shortened } from './format.js';
import { endLabels, withRoom } from './labels.js';
import { assignSelectorLooks, symbolOfLook } from './palette.js';
import { accuracyAxis, accuracyDomain, gridColour, marginLeft, plot, powersOfTwo, sizes } from './plot.js';
import { chartSection } from './section.js';
import { onChoice, state } from './state.js';

function draw(data, looks, width) {
  const curves = data.optimisation
    .filter((curve) => curve.task === state.task && curve.points?.length)
    .map((curve) => ({
      ...curve,
      look: looks.get(curve.selector),
      points: curve.points.filter((p) => p.n > 0 && p.accuracy != null),
    }));
  const all = curves.flatMap((curve) => curve.points);
  if (!all.length) return null;
  const roomy = width >= 560;
  const frame = {
    height: 400,
    marginTop: 28,
    marginBottom: 44,
    marginRight: roomy ? 200 : 14,
    domain: accuracyDomain(all),
  };
  const extent = withRoom(
    d3.extent(all, (p) => p.n),
    width - marginLeft - frame.marginRight,
    roomy ? 22 : 0
  );
  // The most accurate N, where more samples do harm.
  const peaks = curves
    .map((curve) => ({ curve, peak: d3.greatest(curve.points, (p) => p.accuracy) }))
    .filter(({ curve, peak }) => peak.accuracy > d3.greatest(curve.points, (p) => p.n).accuracy);
  const ends = curves.map((curve) => ({
    name: shortened(curve.selector, 28),
    look: curve.look,
    x: d3.greatest(curve.points, (p) => p.n).n,
    y: d3.greatest(curve.points, (p) => p.n).accuracy,
  }));
  const points = curves.flatMap((curve) => curve.points.map((p) => ({ ...p, selector: curve.selector })));
  return plot({
    width,
    ...sizes(frame),
    x: {
      type: 'log',
      base: 2,
      domain: extent,
      label: 'samples n, log scale →',
      ticks: powersOfTwo(
        all.map((p) => p.n),
        roomy ? 12 : 6
      ),
      tickFormat: String,
      labelAnchor: 'right',
    },
    y: accuracyAxis(frame.domain),
    marks: [
      Plot.gridY({ stroke: gridColour, strokeOpacity: 1, ticks: 5 }),
      curves.map(({ look, points: line }) => [
        Plot.areaY(
          line.filter((p) => p.low != null),
          { x: 'n', y1: 'low', y2: 'high', fill: look.colour, fillOpacity: 0.1 }
        ),
        Plot.lineY(line, { x: 'n', y: 'accuracy', stroke: look.colour, strokeWidth: 1.8, strokeDasharray: look.dash }),
        Plot.dot(line, { x: 'n', y: 'accuracy', fill: look.colour, r: 3, symbol: look.symbol }),
      ]),
      Plot.dot(peaks, {
        x: (d) => d.peak.n,
        y: (d) => d.peak.accuracy,
        r: 8,
        stroke: (d) => d.curve.look.colour,
        strokeWidth: 1.6,
      }),
      Plot.text(peaks, {
        x: (d) => d.peak.n,
        y: (d) => d.peak.accuracy,
        dy: 19,
        text: (d) => `best at n = ${d.peak.n}`,
        fill: 'var(--ink)',
        stroke: 'var(--raised)',
        strokeWidth: 4,
      }),
      roomy ? endLabels(ends, { ...frame, right: extent[1] }) : [],
      Plot.tip(
        points,
        Plot.pointer({
          x: 'n',
          y: 'accuracy',
          title: (p) => `${shortened(p.selector, 50)}, n = ${p.n}\n${percent(p.accuracy)} ${interval(p.low, p.high)}`,
        })
      ),
    ],
  });
}

/** Exact expected curves of selection from n samples. */
export function optimisation(data) {
  if (!data.optimisation.length) return null;
  const looks = assignSelectorLooks([...new Set(data.optimisation.map((curve) => curve.selector))]);
  const key = element('div', { class: 'key' });
  const chart = figure({
    name: 'optimisation',
    head: key,
    title: () => `${data.tasks.find(({ name }) => name === state.task)?.title}: choosing among n samples`,
    caption:
      'Expected accuracy of the choice, exact over all subsets of the samples drawn. pass@n, at least one right, is the ceiling. A curve that falls after its ring is over-optimised: ' +
      'with more samples the verifier meets more wrong ones that it likes.',
    draw: (width) => draw(data, looks, width),
  });
  onChoice(() => {
    key.replaceChildren(
      ...data.optimisation
        .filter(({ task }) => task === state.task)
        .map(({ selector }) => element('span', {}, symbolOfLook(looks.get(selector)), selector))
    );
  });
  return chartSection('optimisation', 'Do more samples help?', chart);
}
