// SPDX-License-Identifier: MIT
import { element } from './dom.js';

const place = (share) => `${100 * Math.min(1, Math.max(0, share))}%`;

/** An accuracy and its interval on a line from 0 to 100 %. */
export function track(row, colour) {
  const { low = row.accuracy, high = row.accuracy, accuracy } = row;
  return element(
    'span',
    { class: 'track', style: { '--colour': colour }, 'aria-hidden': 'true' },
    element('i', { style: { left: place(low), width: place(high - low) } }),
    element('b', { style: { left: place(accuracy) } })
  );
}
