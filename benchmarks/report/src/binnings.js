// SPDX-License-Identifier: MIT
import { element } from './dom.js';
import { segments } from './segments.js';
import { choose, onChoice, state } from './state.js';

/** How problems are told to be easy or hard; `bins` names the bins in a task, `rows` the numbers in a row. */
export const binnings = [
  { key: 'given', title: 'level', bins: 'bins', rows: 'by_bin' },
  { key: 'oracle', title: 'right samples', bins: 'oracle_bins', rows: 'by_oracle' },
  { key: 'predicted', title: 'verifier’s score', bins: 'predicted_bins', rows: 'by_predicted' },
];

/** The chosen binning, or the first that `possible` holds of. */
export const binningOf = (possible) =>
  binnings.find((one) => one.key === state.binning && possible(one)) ?? binnings.find(possible);

/** A choice among the binnings that `possible` holds of for the chosen task; nothing where there is but one. */
export function binningControl(name, possible) {
  const control = segments('Difficulty by', name, binnings, state.binning, (key) => choose({ binning: key }));
  const bar = element('div', { class: 'binning' }, control.field);
  const show = () => {
    const now = binningOf(possible);
    bar.hidden = binnings.filter(possible).length < 2;
    control.radios.forEach((radio, i) => {
      radio.disabled = !possible(binnings[i]);
      radio.checked = binnings[i] === now;
    });
  };
  onChoice(show);
  show();
  return bar;
}
