// SPDX-License-Identifier: MIT
import { element } from './dom.js';
import { strategiesOf, symbolOf } from './palette.js';
import { emphasise } from './series.js';
import { choose, onChoice, state } from './state.js';

/** Strategies as buttons: each hides its lines, and while pointed at shows them alone. */
export function legend(data, frame) {
  const bar = element('div', { class: 'legend', role: 'group', 'aria-label': 'Strategies shown' });
  let shown = null;
  const draw = () => {
    const names = strategiesOf(data.rows.filter((row) => row.task === state.task));
    if (names.join('\n') !== shown) {
      shown = names.join('\n');
      bar.replaceChildren(
        ...names.map((name) =>
          element(
            'button',
            {
              type: 'button',
              title: name,
              onclick: () => {
                const hidden = new Set(state.hidden);
                if (!hidden.delete(name)) hidden.add(name);
                choose({ hidden });
              },
              onpointerenter: () => emphasise(frame, name),
              onpointerleave: () => emphasise(frame, null),
              onfocus: () => emphasise(frame, name),
              onblur: () => emphasise(frame, null),
            },
            symbolOf(name),
            element('span', {}, name)
          )
        )
      );
    }
    names.forEach((name, i) => bar.children[i].setAttribute('aria-pressed', String(!state.hidden.has(name))));
  };
  onChoice(draw);
  draw();
  return bar;
}
