// SPDX-License-Identifier: MIT
const listeners = new Set();

/** What the reader has chosen. */
export const state = { task: null, cost: 'tokens', binning: 'given', hidden: new Set() };

/** Changes members of the state, then tells everyone who listens. */
export function choose(change) {
  Object.assign(state, change);
  for (const listener of listeners) listener();
}

export function onChoice(listener) {
  listeners.add(listener);
}
