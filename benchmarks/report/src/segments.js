// SPDX-License-Identifier: MIT
import { element } from './dom.js';

/** A choice of one of `options` (key, title), as a row of radio buttons. */
export function segments(legend, name, options, chosen, onchange) {
  const radios = options.map(({ key }) =>
    element('input', { type: 'radio', name, value: key, checked: key === chosen, onchange: () => onchange(key) })
  );
  return {
    radios,
    field: element(
      'fieldset',
      { class: 'choice' },
      element('legend', {}, legend),
      element(
        'div',
        { class: 'segments' },
        options.map(({ title }, i) => element('label', {}, radios[i], title))
      )
    ),
  };
}
