// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const css = readFileSync(new URL('../src/theme.css', import.meta.url), 'utf8');
const colours = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(([, name, light, dark]) => [
    name,
    [light, dark],
  ])
);

// WCAG 2.2: relative luminance, contrast ratio.
function luminance(hex) {
  const [r, g, b] = [1, 3, 5]
    .map((i) => parseInt(hex.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a, b) {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

test('texts have a contrast of 4.5 and marks of 3 on every ground, light and dark', () => {
  for (const theme of [0, 1])
    for (const ground of ['paper', 'raised', 'sunken'])
      for (const [name, pair] of colours) {
        const text = ['ink', 'muted', 'accent', 'right', 'wrong'].includes(name),
          mark = /-\d$/.test(name);
        if (!text && !(mark && ground !== 'sunken')) continue;
        const ratio = contrast(pair[theme], colours.get(ground)[theme]);
        assert.ok(ratio >= (text ? 4.5 : 3), `${name} on ${ground}, ${theme ? 'dark' : 'light'}: ${ratio.toFixed(2)}`);
      }
});
