// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onReport, overflow, sample } from './open.mjs';

const nasty = '<script>alert(1)</script><img src=x onerror=alert(2)>"\'`${alert(3)}</title><!--<script> \u202e\u0000 ';
const long = 'x'.repeat(20000);

// Every text of the data, at any depth, but for the words that the format fixes and the names that refer to a task.
function spoil(value, text, key = '') {
  if (typeof value === 'string')
    return ['family', 'status', 'cost', 'task', 'name', 'unit', 'by'].includes(key) ? value : `${text}${value}`;
  if (Array.isArray(value)) return value.map((one) => spoil(one, text, key));
  if (value && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, spoil(one, text, name)]));
  return value;
}

test('texts of the data are texts: no markup, no script, no request comes of them', () =>
  onReport(spoil(sample(), nasty), {}, async (page) => {
    assert.equal(await page.locator('main section').count(), 11);
    assert.equal(await page.locator('script').count(), 4);
    assert.equal(await page.locator('img').count(), 0);
    assert.ok((await page.locator('h1').textContent()).startsWith('<script>alert(1)</script><img'));
    assert.ok((await page.locator('[role=tree]').textContent()).includes('onerror=alert(2)'));
    assert.ok((await page.locator('.legend').first().textContent()).includes('<script>'));
  }));

test('a text of 20,000 characters anywhere neither widens nor breaks the page', async () => {
  for (const width of [400, 1200])
    await onReport(spoil(sample(), long), { viewport: { width, height: 800 } }, async (page) => {
      assert.equal(await overflow(page), 0);
      assert.equal(await page.locator('figure.chart:visible').count(), 9);
    });
});

test('strange numbers, missing members and broken references are survived', () => {
  const data = sample();
  for (const [i, row] of data.rows.entries()) {
    if (i % 7 === 0) row.accuracy = row.low = row.high = null;
    if (i % 7 === 1) row.tokens = row.flops = 0;
    if (i % 7 === 2) delete row.by_bin;
    if (i % 7 === 3) delete row.low;
    if (i % 7 === 4) row.parameters = null;
  }
  data.pareto.game24.tokens.push(99999);
  data.best.game24.push({ cost: 'tokens', limit: 5, row: 99999 }, { cost: 'nothing', limit: 5, row: 0 });
  data.calibration.push({ task: 'game24', verifier: 'v', bins: [] }, { task: 'unknown', verifier: 'v' });
  data.choice.push({ task: 'game24', by: 'oracle' }, { task: 'arithmetic', by: 'nothing', points: [{}] });
  delete data.choice[0].points[0].strategies;
  data.choice[0].points[1].fixed = null;
  data.optimisation.push(
    { task: 'game24', selector: 'one point', points: [{ n: 1, accuracy: 0.5 }] },
    { task: 'game24', selector: 'none', points: [] }
  );
  data.published.push({ table: 't', what: 'w', published: null, ours: 3 });
  data.speed.push(
    { table: 'empty', columns: ['a'], rows: [] },
    { table: 'ragged', columns: ['a', 'b'], rows: [['x'], ['y', -1, 2]] }
  );
  data.trees.push(
    {
      task: 'game24',
      nodes: [
        { parent: -1 },
        { parent: 7, text: 'an orphan', status: 'unheard of' },
        { parent: 2, text: 'its own parent' },
      ],
    },
    { nodes: [] }
  );
  data.trees.push({ nodes: [{ parent: -1, text: '' }] });
  return onReport(data, {}, async (page) => {
    for (const cost of ['FLOPs', 'money']) await page.getByRole('radio', { name: cost, exact: true }).check();
    const searches = page.locator('#trees select');
    for (let i = 0; i < 5; ++i) await searches.selectOption(String(i));
    await page.getByRole('radio', { name: 'unknown' }).check();
    for (const id of ['accuracy', 'difficulty', 'budgets', 'optimisation'])
      assert.equal(await page.locator(`#${id}`).isVisible(), false, id);
    assert.equal(await page.locator('#rows').isVisible(), true);
    await page.getByRole('radio', { name: 'Game of 24' }).check();
    assert.equal(await page.locator('#accuracy').isVisible(), true);
  });
});

test('2,000 rows and a tree of 500 steps, thirty deep', () => {
  const data = sample(),
    rows = data.rows;
  data.rows = Array.from({ length: 2000 }, (_, i) => {
    const row = { ...rows[i % rows.length], seeds: i };
    return i < rows.length
      ? row
      : { ...row, strategy: `${row.strategy} ${i % 40}`, tokens: row.tokens * (1 + i / 9000) };
  });
  const nodes = [{ parent: -1, text: '', status: 'root' }];
  for (let i = 1; i < 500; ++i)
    nodes.push({
      parent: i < 30 ? i - 1 : i % 29,
      text: `step ${i}`,
      score: (i % 100) / 100,
      status: i === 29 ? 'answer' : i < 29 ? 'kept' : 'pruned',
      why: i < 30 ? null : 'too late',
    });
  data.trees = [{ task: 'game24', problem: 'deep', question: 'q', strategy: 's', n: 1, seed: 1, right: true, nodes }];
  return onReport(data, { viewport: { width: 400, height: 800 } }, async (page) => {
    assert.equal(await page.locator('.rows tbody tr').count(), 50);
    await page.getByRole('searchbox').fill('beam');
    await page.getByRole('searchbox').fill('');
    await page.getByRole('button', { name: 'Show all 2,000' }).click();
    assert.equal(await page.locator('.rows tbody tr').count(), 2000);
    await page.getByRole('button', { name: 'Unfold all' }).click();
    assert.equal(await page.locator('[role=treeitem]').count(), 500);
    assert.equal(await overflow(page), 0);
    const deepest = await page.locator('[data-node="29"] > .node .text').boundingBox();
    assert.ok(deepest.width > 40 && deepest.x + deepest.width <= 400, 'the deepest step can be read');
  });
});
