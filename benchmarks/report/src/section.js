// SPDX-License-Identifier: MIT
import { element } from './dom.js';

/** A section with its heading; `task`-bound ones hide when the chosen task leaves them empty. */
export function section(id, title, lead, ...content) {
  return element('section', { id, 'aria-labelledby': `${id}-title` },
    element('h2', { id: `${id}-title` }, title), lead && element('p', {}, lead), content);
}
