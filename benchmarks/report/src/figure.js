// SPDX-License-Identifier: MIT
import { element } from './dom.js';
import { download, svgText } from './export_svg.js';

/**
 * A chart in its frame. `draw(width)` gives an SVG element, or null if there is nothing to show; it is
 * called again by `redraw` and when the width changes.
 */
export function figure({ name, title, head = [], caption, draw }) {
  const canvas = element('div', { class: 'canvas' });
  const heading = element('h3');
  const frame = element(
    'figure',
    { class: 'chart', 'data-chart': name },
    element(
      'div',
      { class: 'head' },
      heading,
      element(
        'button',
        {
          type: 'button',
          class: 'export',
          title: 'Save this chart as an SVG file',
          onclick: () => download(frame.svgText(), `${name}.svg`),
        },
        'SVG'
      )
    ),
    head,
    canvas,
    element('figcaption', {}, caption)
  );
  let width = 0;
  const titleNow = () => (typeof title === 'function' ? title() : title);

  frame.redraw = () => {
    if (!width) return;
    const chart = draw(width);
    frame.hidden = !chart;
    if (!chart) return;
    heading.textContent = titleNow();
    chart.setAttribute('role', 'img');
    chart.setAttribute('aria-label', titleNow());
    canvas.replaceChildren(chart);
  };
  frame.svgText = (theme) => svgText(canvas.querySelector('svg'), titleNow(), theme);
  frame.attached = () => {
    width = Math.floor(canvas.clientWidth);
    frame.redraw();
    new ResizeObserver(([entry]) => {
      const now = Math.floor(entry.contentRect.width);
      if (!now || now === width) return;
      width = now;
      frame.redraw();
    }).observe(canvas);
  };
  return frame;
}
