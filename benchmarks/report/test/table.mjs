// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onReport, sample } from './open.mjs';

const numbers = (page, column) =>
  page.locator('.rows').evaluate((table, name) => {
    const at = [...table.tHead.rows[0].cells].findIndex((cell) => cell.textContent === name);
    return [...table.tBodies[0].rows].map((row) => parseFloat(row.cells[at].textContent.replace(/,/g, '')));
  }, column);
const count = async (page) =>
  Number((await page.locator('.filters output').textContent()).split(' ')[0].replace(/,/g, ''));

test('a click on a heading sorts, another one the other way', () =>
  onReport(sample(), {}, async (page) => {
    const head = page.getByRole('button', { name: 'tokens', exact: true });
    await head.click();
    const up = await numbers(page, 'tokens');
    assert.deepEqual(
      up,
      [...up].sort((a, b) => a - b)
    );
    assert.equal(await page.locator('th[aria-sort]').getAttribute('aria-sort'), 'ascending');
    await head.press('Enter');
    const down = await numbers(page, 'tokens');
    assert.deepEqual(
      down,
      [...down].sort((a, b) => b - a)
    );
    assert.equal(await page.locator('th[aria-sort]').getAttribute('aria-sort'), 'descending');
    assert.ok(down[0] > up[0]);
  }));

test('words are searched in all that names a row, and filters add up', () =>
  onReport(sample(), {}, async (page) => {
    const { rows } = sample(),
      search = page.getByRole('searchbox');
    assert.equal(await count(page), rows.length);
    await search.fill('beam, width 8');
    assert.equal(await count(page), rows.filter((row) => row.parameters.width === 8).length);
    await search.fill('N=1');
    assert.equal(await count(page), rows.filter((row) => row.n === 1).length);
    await search.fill('.*');
    assert.equal(await count(page), 0);
    await search.fill('');
    await page.locator('.filters select').nth(0).selectOption('game24');
    await page.locator('.filters select').nth(1).selectOption('search');
    assert.equal(await count(page), rows.filter((row) => row.task === 'game24' && row.family === 'search').length);
    await page.locator('.filters select').nth(1).selectOption('');
    await page.getByLabel('Pareto front only').check();
    assert.equal(await count(page), sample().pareto.game24.tokens.length);
    await search.fill('no such row');
    assert.equal(await count(page), 0);
    assert.equal(await page.locator('.rows tbody tr').count(), 0);
  }));

test('many rows come in part until all are asked for', () =>
  onReport(sample(), {}, async (page) => {
    assert.equal(await page.locator('.rows tbody tr').count(), 50);
    await page.getByRole('button', { name: 'Show all 138' }).click();
    assert.equal(await page.locator('.rows tbody tr').count(), 138);
    assert.equal(await page.locator('.more').isVisible(), false);
  }));

test('rows of missing values sort last, whatever the direction', async () => {
  const data = sample();
  data.rows[5].tokens = null;
  await onReport(data, {}, async (page) => {
    await page.getByRole('button', { name: /^Show all/ }).click();
    for (let i = 0; i < 2; ++i) {
      await page.getByRole('button', { name: 'tokens', exact: true }).click();
      assert.ok(Number.isNaN((await numbers(page, 'tokens')).at(-1)));
    }
  });
});
