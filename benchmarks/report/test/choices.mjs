// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onReport, sample } from './open.mjs';

const svg = (page, chart) => page.locator(`[data-chart=${chart}] .canvas svg`);
const axis = async (page, chart) =>
  (await svg(page, chart).locator('[aria-label="x-axis label"]').textContent()).trim();

test('the cost axis changes in all charts, by mouse and by arrow keys', () =>
  onReport(sample(), {}, async (page) => {
    assert.match(await axis(page, 'accuracy'), /tokens per problem, log scale/);
    for (const [cost, text] of [
      ['FLOPs', /^FLOPs/],
      ['eFLOPs', /eFLOPs/],
      ['calls', /calls of the model/],
      ['seconds', /time/],
      ['money', /money/],
    ]) {
      await page.getByRole('radio', { name: cost, exact: true }).check();
      assert.match(await axis(page, 'accuracy'), text);
      assert.match(await axis(page, 'difficulty'), text);
    }
    await page.getByRole('radio', { name: 'money', exact: true }).press('ArrowLeft');
    assert.match(await axis(page, 'accuracy'), /time per problem/);
    assert.match(await page.locator('[data-chart=budgets] h3').textContent(), /budget of seconds/);
  }));

test('the Pareto front is the one of the data, or computed where the data have none', () =>
  onReport(sample(), {}, async (page) => {
    const steps = async () =>
      (await svg(page, 'accuracy').locator('g[stroke-dasharray="1 3"] path').getAttribute('d')).length;
    assert.ok((await steps()) > 20);
    await page.getByRole('radio', { name: 'calls', exact: true }).check();
    assert.ok((await steps()) > 20);
  }));

test('another task brings its own charts, and costs that it lacks cannot be chosen', () =>
  onReport(sample(), {}, async (page) => {
    await page.getByRole('radio', { name: 'money', exact: true }).check();
    await page.getByRole('radio', { name: 'Chained arithmetic' }).check();
    for (const chart of ['accuracy', 'difficulty', 'budgets', 'choices', 'optimisation'])
      assert.match(await page.locator(`[data-chart=${chart}] h3`).textContent(), /^Chained arithmetic/);
    assert.equal(await page.getByRole('radio', { name: 'money', exact: true }).isDisabled(), true);
    assert.equal(await page.getByRole('radio', { name: 'tokens', exact: true }).isChecked(), true);
    await page.waitForSelector('[data-chart=calibration-2] svg');
    assert.equal(await page.locator('[data-chart=calibration-0]').isVisible(), false);
    assert.match(await svg(page, 'difficulty').textContent(), /7-8 steps/);
  }));

test('difficulty is told by levels, by right samples or by the verifier, in both sections alike', () =>
  onReport(sample(), {}, async (page) => {
    const chosen = (by) => page.locator(`#${by} input:checked`).getAttribute('value');
    assert.match(await svg(page, 'difficulty').textContent(), /ranks 1-300/);
    await page.locator('#difficulty').getByRole('radio', { name: 'right samples' }).check();
    assert.match(await svg(page, 'difficulty').textContent(), /right 12 to 38 %/);
    assert.equal(await chosen('choices'), 'oracle');
    await page.locator('#choices').getByRole('radio', { name: 'verifier’s score' }).check();
    assert.match(await svg(page, 'difficulty').textContent(), /score 12 to 32 %/);
    assert.match(await page.locator('#choices thead').textContent(), /best: score 61 to 97 %/);
    // The other task knows levels alone.
    await page.getByRole('radio', { name: 'Chained arithmetic' }).check();
    assert.match(await svg(page, 'difficulty').textContent(), /7-8 steps/);
    assert.equal(await page.locator('#difficulty .binning').isVisible(), false);
  }));

test('the best strategy of every budget and bin is told, with what choosing by difficulty gains', () =>
  onReport(sample(), {}, async (page) => {
    const { bins, points } = sample().choice.find(({ task, by }) => task === 'game24' && by === 'given');
    const rows = page.locator('#choices tbody tr');
    assert.equal(await rows.count(), points.length);
    for (const [i, point] of points.entries()) {
      const cells = await rows.nth(i).locator('th, td').allTextContents();
      assert.equal(cells.length, 6 + bins.length);
      assert.equal(cells[1], `${(100 * point.fixed).toFixed(1)}\u202f%`);
      assert.equal(cells[4] === '–', point.quarter === null);
      if (point.gain.difference > 0) assert.ok(cells[3].startsWith(`+${(100 * point.gain.difference).toFixed(1)} [`));
      assert.deepEqual(cells.slice(5), [point.strategy, ...point.strategies]);
    }
    assert.equal(await svg(page, 'choices').locator('path[stroke-width="1.8"], g[stroke-width="1.8"] path').count(), 2);
  }));

test('a strategy is hidden by its button, and shown alone while it is pointed at', () =>
  onReport(sample(), {}, async (page) => {
    const button = page.locator('#accuracy .legend button', { hasText: 'DVTS' });
    const lines = () => svg(page, 'accuracy').locator('g.series-DVTS').count();
    assert.ok((await lines()) > 0);
    await button.hover();
    assert.ok((await svg(page, 'accuracy').locator('g.dimmed').count()) > 5);
    assert.equal(await svg(page, 'accuracy').locator('g.series-DVTS.dimmed').count(), 0);
    await button.click();
    assert.equal(await lines(), 0);
    assert.equal(await button.getAttribute('aria-pressed'), 'false');
    await button.press('Enter');
    assert.ok((await lines()) > 0);
  }));

test('the theme follows the system until it is switched, and is kept', () =>
  onReport(sample(), { colorScheme: 'dark' }, async (page) => {
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(await ground(), 'rgb(20, 22, 26)');
    await page.getByRole('button', { name: 'Switch to light colours' }).click();
    assert.equal(await ground(), 'rgb(253, 252, 250)');
    await page.reload();
    assert.equal(await ground(), 'rgb(253, 252, 250)');
    await page.getByRole('button', { name: 'Switch to dark colours' }).press('Enter');
    assert.equal(await ground(), 'rgb(20, 22, 26)');
  }));

test('pointing at a chart tells the numbers', () =>
  onReport(sample(), {}, async (page) => {
    await svg(page, 'accuracy').scrollIntoViewIfNeeded();
    const box = await svg(page, 'accuracy').boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.waitForFunction(() =>
      /N\s=\s\d+/.test(document.querySelector('[data-chart=accuracy] [aria-label=tip]')?.textContent)
    );
  }));
