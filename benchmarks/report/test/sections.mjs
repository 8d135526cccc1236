// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { filled } from '../fill.mjs';
import { onReport, overflow, sample } from './open.mjs';

const all = [
  'gains',
  'accuracy',
  'difficulty',
  'budgets',
  'choices',
  'calibration',
  'optimisation',
  'rows',
  'published',
  'speed',
  'trees',
];
const shown = (page) => page.locator('main section:visible').evaluateAll((sections) => sections.map(({ id }) => id));

test('every section is drawn, and every chart has marks, a name and a line on how to read it', () =>
  onReport(sample(), {}, async (page) => {
    assert.deepEqual(await shown(page), all);
    const charts = page.locator('figure.chart:visible');
    assert.equal(await charts.count(), 9);
    for (const chart of await charts.all()) {
      const name = await chart.getAttribute('data-chart');
      assert.ok((await chart.locator('.canvas svg').locator('path, circle, line').count()) > 5, name);
      assert.ok((await chart.locator('.canvas svg').getAttribute('aria-label')).length > 5, name);
      assert.ok((await chart.locator('figcaption').textContent()).length > 60, name);
    }
    assert.match(await page.locator('.sample').textContent(), /made up/);
    assert.match(await page.locator('#gains').textContent(), /greedy, N\s=\s1/);
    assert.match(await page.locator('#gains').textContent(), /From N = 64 on best-of-N beats beam search/);
    assert.equal(await page.locator('#published tbody tr').count(), sample().published.length);
    const heads = await page.locator('#published thead').allTextContents();
    assert.deepEqual(heads, ['whatpublishedoursdifferencenote', 'whatexpectedoursdifferencenote']);
    assert.match(await page.locator('#published').textContent(), /65\.8\s%/);
    assert.equal(await page.locator('#published td', { hasText: /^published, / }).count(), 2);
    assert.equal(await page.locator('#speed table').count(), 2);
    assert.match(await page.locator('#calibration').textContent(), /ECE0\.041AUC0\.971Brier0\.031/);
    assert.equal(await page.title(), sample().title);
  }));

test('links lead to the sections', () =>
  onReport(sample(), {}, async (page) => {
    const targets = await page
      .locator('nav a')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href').slice(1)));
    assert.deepEqual(targets, all);
  }));

test('a section without data is left out', async () => {
  const { tasks, rows } = sample();
  await onReport({ format: 1, tasks, rows: rows.map(({ by_bin, by_oracle, by_predicted, ...row }) => row) }, {}, async (page) =>
    assert.deepEqual(await shown(page), ['gains', 'accuracy', 'rows'])
  );
  const { trees } = sample();
  await onReport({ trees }, {}, async (page) => {
    assert.deepEqual(await shown(page), ['trees']);
    assert.equal(await page.locator('#controls').textContent(), '');
  });
});

test('no data, no JSON, another format and the bare template say so', async () => {
  const says = (data, what) =>
    onReport(data, {}, async (page) => {
      assert.match(await page.locator('main').textContent(), what);
      assert.equal(await page.locator('section').count(), 0);
    });
  await says({}, /no results/);
  await says(filled('{"rows": ['), /not JSON/);
  await says(filled('[]'), /not a JSON object/);
  await says({ format: 2 }, /format 2; this page reads format 1/);
  await says(readFileSync(new URL('../page.html', import.meta.url), 'utf8'), /empty template/);
});

test('at 400 pixels nothing is wider than the window, and charts keep to it', () =>
  onReport(sample(), { viewport: { width: 400, height: 800 } }, async (page) => {
    assert.equal(await overflow(page), 0);
    assert.deepEqual(await shown(page), all);
    for (const svg of await page.locator('figure.chart:visible .canvas svg').all())
      assert.ok((await svg.boundingBox()).width <= 368);
    await page.setViewportSize({ width: 1000, height: 800 });
    await page.waitForFunction(() => document.querySelector('[data-chart=accuracy] .canvas svg').clientWidth > 800);
  }));

test('on paper there are no controls', () =>
  onReport(sample(), {}, async (page) => {
    await page.emulateMedia({ media: 'print' });
    for (const part of ['#controls', '#theme', 'nav', '.filters', '.picker'])
      assert.equal(await page.locator(part).isVisible(), false, part);
    assert.equal(await page.locator('figure.chart').first().isVisible(), true);
  }));
