// SPDX-License-Identifier: MIT
import { binningControl, binningOf } from './binnings.js';
import { element } from './dom.js';
import { figure } from './figure.js';
import { none, percent, quantity, shortened } from './format.js';
import { endLabels, withRoom } from './labels.js';
import { symbolOfLook } from './palette.js';
import { accuracyAxis, accuracyDomain, costAxis, gridColour, marginLeft, plot, sizes } from './plot.js';
import { section } from './section.js';
import { onChoice, state } from './state.js';

const lines = [
  { member: 'fixed', name: 'one for all', look: { colour: 'var(--voting-1)', symbol: 'circle', dash: 'none' } },
  { member: 'chosen', name: 'one for each bin', look: { colour: 'var(--best-of-n-1)', symbol: 'square', dash: 'none' } },
];

const tableFor = (data, binning) =>
  data.choice.find((one) => one.task === state.task && one.by === binning.key && one.points?.length);
const now = (data) => {
  const binning = binningOf((one) => tableFor(data, one));
  return binning && tableFor(data, binning);
};

function draw(data, width) {
  const points = now(data)?.points.filter((point) => point.tokens > 0);
  if (!points?.length) return null;
  const roomy = width >= 560;
  const all = lines.flatMap((line) => points.map((point) => ({ x: point.tokens, y: point[line.member], line, point })));
  const frame = {
    height: 340,
    marginTop: 28,
    marginBottom: 44,
    marginRight: roomy ? 150 : 14,
    domain: accuracyDomain(all.map((one) => ({ accuracy: one.y }))),
  };
  const extent = withRoom(
    d3.extent(all, (one) => one.x),
    width - marginLeft - frame.marginRight,
    roomy ? 22 : 0
  );
  const ends = lines.map((line) => ({ ...line, x: points.at(-1).tokens, y: points.at(-1)[line.member] }));
  return plot({
    width,
    ...sizes(frame),
    x: costAxis(extent, 'budget of tokens per problem', quantity, roomy ? 8 : 4),
    y: accuracyAxis(frame.domain),
    marks: [
      Plot.gridY({ stroke: gridColour, strokeOpacity: 1, ticks: 5 }),
      lines.map(({ member, look }) => [
        Plot.lineY(points, { x: 'tokens', y: member, stroke: look.colour, strokeWidth: 1.8 }),
        Plot.dot(points, { x: 'tokens', y: member, fill: look.colour, r: 3.4, symbol: look.symbol }),
      ]),
      roomy ? endLabels(ends, { ...frame, right: extent[1] }) : [],
      Plot.tip(
        all,
        Plot.pointer({
          x: 'x',
          y: 'y',
          title: ({ line, point }) => `${line.name}, up to ${quantity(point.tokens)} tokens\n${percent(point[line.member])}`,
        })
      ),
    ],
  });
}

const points = (share) => `${share > 0 ? '+' : share < 0 ? '−' : ''}${Math.abs(100 * share).toFixed(1)}`;
const gain = (of) => (of ? `${points(of.difference)} [${points(of.low)}, ${points(of.high)}]` : none);

function tableOf({ bins, points: rows }) {
  const columns = ['tokens', 'one for all', 'one for each bin', 'gain, points', 'with a quarter of the tokens'];
  const number = (text) => element('td', { class: 'number' }, text);
  return element(
    'table',
    { class: 'choice-table' },
    element('caption', {}, element('strong', {}, 'The best strategy for a budget, and for each bin')),
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        columns.map((title) => element('th', { scope: 'col', class: 'number' }, title)),
        element('th', { scope: 'col' }, 'best for all'),
        bins.map((bin) => element('th', { scope: 'col' }, `best: ${shortened(bin, 30)}`))
      )
    ),
    element(
      'tbody',
      {},
      rows.map((row) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row', class: 'number' }, quantity(row.tokens)),
          number(percent(row.fixed)),
          number(percent(row.chosen)),
          number(gain(row.gain)),
          number(gain(row.quarter)),
          [row.strategy, ...(row.strategies ?? [])].map((name) => element('td', {}, shortened(name ?? none, 60)))
        )
      )
    )
  );
}

/** Whether a strategy for each bin of difficulty does better than one for all. */
export function choices(data) {
  if (!data.choice.some((one) => one.points?.length)) return null;
  const chart = figure({
    name: 'choices',
    head: element(
      'div',
      { class: 'key' },
      lines.map(({ name, look }) => element('span', {}, symbolOfLook(look), name))
    ),
    title: () =>
      `${data.tasks.find(({ name }) => name === state.task)?.title}: one strategy for all problems, or one for each bin`,
    caption:
      'Strategies are chosen on one half of the problems and judged on the other. If the choice by difficulty paid, its line would be above the other, ' +
      'and as high with a quarter of the tokens. What it costs to tell the difficulty is not counted.',
    draw: (width) => draw(data, width),
  });
  const scroll = element('div', {
    class: 'scroll',
    role: 'region',
    'aria-label': 'The best strategy for a budget',
    tabindex: '0',
  });
  const whole = section(
    'choices',
    'A strategy for each difficulty',
    null,
    binningControl('choices-binning', (one) => tableFor(data, one)),
    chart,
    scroll
  );
  onChoice(() => {
    const table = now(data);
    whole.hidden = !table;
    if (!table) return;
    scroll.replaceChildren(tableOf({ bins: table.bins ?? [], points: table.points }));
    chart.redraw();
  });
  return whole;
}
