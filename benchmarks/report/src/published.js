// SPDX-License-Identifier: MIT
import { element } from './dom.js';
import { figure } from './figure.js';
import { none, quantity, shortened } from './format.js';
import { gridColour, plot } from './plot.js';
import { section } from './section.js';

const isNumber = (x) => typeof x === 'number';
// All digits: they are what is compared.
const exact = (x) => x.toLocaleString('en', { maximumFractionDigits: 6 }).replace('-', '−');
const value = (x, unit) => (isNumber(x) ? `${exact(x)}${unit ? `\u202f${unit}` : ''}` : (x ?? none));

function difference({ published, ours, unit }) {
  if (!isNumber(published) || !isNumber(ours)) return none;
  const by = Number((ours - published).toPrecision(2));
  return by === 0
    ? element('span', { class: 'same' }, 'the same')
    : element(
        'span',
        {},
        `${by > 0 ? '+' : '−'}${quantity(Math.abs(by))}${unit === '%' ? ' points' : unit ? ` ${unit}` : ''}`
      );
}

function tableOf(name, lines) {
  const theirs = lines.some((line) => line.recomputed) ? 'expected' : 'published',
    mixed = theirs === 'expected' && !lines.every((line) => line.recomputed);
  const noteOf = (line) => [mixed && !line.recomputed && 'published', line.note].filter(Boolean).join(', ');
  const notes = lines.some(noteOf);
  return element(
    'div',
    { class: lines.length > 20 ? 'scroll tall' : 'scroll', role: 'region', 'aria-label': name, tabindex: '0' },
    element(
      'table',
      { class: 'published' },
      element(
        'caption',
        {},
        element('strong', {}, name),
        element('span', { class: 'muted' }, lines[0].source ? ` · ${lines[0].source}` : '')
      ),
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          ['what', theirs, 'ours', 'difference', notes && 'note']
            .filter(Boolean)
            .map((title) =>
              element(
                'th',
                { scope: 'col', class: [theirs, 'ours', 'difference'].includes(title) && 'number' },
                title
              )
            )
        )
      ),
      element(
        'tbody',
        {},
        lines.map((line) =>
          element(
            'tr',
            {},
            element('th', { scope: 'row' }, line.what),
            element('td', { class: 'number' }, value(line.published, line.unit)),
            element('td', { class: 'number' }, value(line.ours, line.unit)),
            element('td', { class: 'number' }, difference(line)),
            notes && element('td', { class: 'muted' }, noteOf(line))
          )
        )
      )
    )
  );
}

function draw(lines, width) {
  const side = Math.min(width, 430);
  const high = d3.max(lines, (line) => Math.max(line.published, line.ours)),
    low = d3.min(lines, (line) => Math.min(line.published, line.ours, 0));
  const domain = [low, high <= 100 ? 100 : high];
  return plot({
    width: side,
    height: side,
    marginRight: 22,
    x: { domain, label: 'published or expected, % →', ticks: 5 },
    y: { domain, label: '↑ ours, %', ticks: 5 },
    marks: [
      Plot.gridX({ stroke: gridColour, strokeOpacity: 1, ticks: 5 }),
      Plot.gridY({ stroke: gridColour, strokeOpacity: 1, ticks: 5 }),
      Plot.line(
        [
          [domain[0], domain[0]],
          [domain[1], domain[1]],
        ],
        { stroke: 'var(--muted)', strokeDasharray: '4 4', strokeWidth: 1 }
      ),
      Plot.dot(lines, {
        x: 'published',
        y: 'ours',
        r: 5,
        fill: 'var(--search-1)',
        fillOpacity: 0.75,
        stroke: 'var(--raised)',
      }),
      Plot.tip(
        lines,
        Plot.pointer({
          x: 'published',
          y: 'ours',
          title: (line) =>
            `${shortened(line.table ?? '', 60)}\n${shortened(line.what ?? '', 60)}\npublished ${line.published}, ours ${line.ours}`,
        })
      ),
    ],
  });
}

/** Published numbers computed again from recorded outputs. */
export function published(data) {
  if (!data.published.length) return null;
  const shares = data.published.filter((line) => line.unit === '%' && isNumber(line.published) && isNumber(line.ours));
  const chart =
    shares.length > 1 &&
    figure({
      name: 'published',
      title: 'Ours against published',
      draw: (width) => draw(shares, width),
      caption:
        'Each dot is one percentage, published or expected, and what this library computes from the same recorded outputs; on the dashed line they agree.',
    });
  const tables = d3.groups(data.published, (line) => line.table ?? '').map(([name, lines]) => tableOf(name, lines));
  return section(
    'published',
    'Published tables, computed again',
    'From the recorded outputs of real models, beside what their authors report or, where they report nothing, what a plain script expects.',
    element('div', { class: chart && 'beside' }, element('div', {}, tables), chart)
  );
}
