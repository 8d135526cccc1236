// SPDX-License-Identifier: MIT
import { element } from './dom.js';
import { onChoice } from './state.js';

/** A section with its heading and a sentence on what it holds. */
export function section(id, title, lead, ...content) {
  return element(
    'section',
    { id, 'aria-labelledby': `${id}-title` },
    element('h2', { id: `${id}-title` }, title),
    lead && element('p', {}, lead),
    content
  );
}

/** A section around a chart that follows the reader's choices; it hides where the chosen task has nothing to draw. */
export function chartSection(id, title, chart, ...before) {
  const whole = section(id, title, null, before, chart);
  onChoice(() => {
    whole.hidden = false;
    chart.redraw();
    whole.hidden = chart.hidden;
  });
  return whole;
}
