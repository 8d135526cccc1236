// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { onReport, sample } from './open.mjs';

test('every chart is saved as an SVG that stands alone, in light colours even from a dark page', () =>
  onReport(sample(), { colorScheme: 'dark' }, async (page) => {
    for (const chart of await page.locator('figure.chart:visible').all()) {
      const name = await chart.getAttribute('data-chart');
      const [saved] = await Promise.all([page.waitForEvent('download'), chart.locator('button.export').click()]);
      assert.equal(saved.suggestedFilename(), `${name}.svg`);
      const text = readFileSync(await saved.path(), 'utf8');
      assert.doesNotMatch(text, /var\(|light-dark|color-mix|class=|<style|currentColor/, name);
      assert.match(text, /^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
      const parsed = await page.evaluate((xml) => {
        const svg = new DOMParser().parseFromString(xml, 'image/svg+xml');
        return {
          fault: svg.querySelector('parsererror')?.textContent ?? null,
          title: svg.querySelector('title').textContent,
          texts: [...svg.querySelectorAll('text')].map((one) => one.getAttribute('fill')),
        };
      }, text);
      assert.equal(parsed.fault, null);
      assert.equal(parsed.title, await chart.locator('h3').textContent());
      if (name === 'accuracy') assert.match(text, /fill="rgb\(29, 31, 35\)"/); // the light theme's ink
    }
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(20, 22, 26)');
  }));
