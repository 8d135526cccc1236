// SPDX-License-Identifier: MIT
import { element } from './dom.js';

/** A section with its heading and a sentence on what it holds. */
export function section(id, title, lead, ...content) {
  return element('section', { id, 'aria-labelledby': `${id}-title` },
    element('h2', { id: `${id}-title` }, title), lead && element('p', {}, lead), content);
}
