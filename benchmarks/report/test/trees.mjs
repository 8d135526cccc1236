// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onReport, sample } from './open.mjs';

const items = (page) => page.locator('[role=treeitem]:visible');
const current = (page) => page.locator('[role=treeitem][aria-selected=true]');
const at = async (page) => Number(await current(page).getAttribute('data-node'));

test('the way to the answer is unfolded, and each step tells its score, state and why it was pruned', () =>
  onReport(sample(), {}, async (page) => {
    const { nodes } = sample().trees[0];
    const answer = nodes.findIndex(({ status }) => status === 'answer');
    assert.equal(await page.locator(`[data-node="${answer}"]`).isVisible(), true);
    await page.getByRole('button', { name: 'Unfold all' }).click();
    assert.equal(await items(page).count(), nodes.length);
    const pruned = nodes.findIndex(({ status }) => status === 'pruned');
    const text = await page.locator(`[data-node="${pruned}"] > .node`).textContent();
    assert.ok(
      text.includes(nodes[pruned].text.trim()) && text.includes('pruned') && text.includes(nodes[pruned].why),
      text
    );
    await page.getByRole('button', { name: 'Fold all', exact: true }).click();
    assert.equal(await items(page).count(), 1);
    await page.getByRole('button', { name: 'Way to the answer' }).click();
    assert.equal(await page.locator(`[data-node="${answer}"]`).isVisible(), true);
  }));

test('a click on the triangle unfolds a step, and folds it again', () =>
  onReport(sample(), {}, async (page) => {
    await page.getByRole('button', { name: 'Fold all', exact: true }).click();
    const root = page.locator('[data-node="0"]'),
      triangle = root.locator('> .node .fold');
    await triangle.click();
    assert.equal(await root.getAttribute('aria-expanded'), 'true');
    const children = sample().trees[0].nodes.filter(({ parent }) => parent === 0).length;
    assert.equal(await items(page).count(), 1 + children);
    await triangle.click();
    assert.equal(await items(page).count(), 1);
  }));

test('the tree is walked by arrow keys, Home, End, * and Enter, one step in the tab order', () =>
  onReport(sample(), {}, async (page) => {
    await page.getByRole('button', { name: 'Fold all', exact: true }).click();
    assert.equal(await page.locator('[role=tree] [tabindex="0"]').count(), 1);
    await current(page).focus();
    await page.keyboard.press('ArrowRight');
    assert.equal(await current(page).getAttribute('aria-expanded'), 'true');
    await page.keyboard.press('ArrowRight');
    assert.equal(await at(page), 1);
    assert.equal(await current(page).getAttribute('aria-level'), '2');
    await page.keyboard.press('ArrowDown');
    assert.equal(await at(page), 2);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('*');
    const expanded = await page.locator('[aria-level="2"][aria-expanded=true]').count();
    assert.ok(expanded >= 4);
    await page.keyboard.press('End');
    assert.equal(await at(page), Number(await items(page).last().getAttribute('data-node')));
    await page.keyboard.press('Home');
    assert.equal(await at(page), 0);
    await page.keyboard.press('Enter');
    assert.equal(await items(page).count(), 1);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    assert.equal(await at(page), 0);
    assert.equal(await page.locator('[role=tree] [tabindex="0"]').count(), 1);
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('data-node')), '0');
  }));

test('a folded step takes the choice from what it hides', () =>
  onReport(sample(), {}, async (page) => {
    const answer = sample().trees[0].nodes.findIndex(({ status }) => status === 'answer');
    await page.locator(`[data-node="${answer}"] > .node .text`).click();
    assert.equal(await at(page), answer);
    await page.locator('[data-node="0"] > .node .fold').click();
    assert.equal(await at(page), 0);
  }));

test('a click on a dot of the picture finds its step in the list', () =>
  onReport(sample(), {}, async (page) => {
    await page.getByRole('button', { name: 'Fold all', exact: true }).click();
    const dots = page.locator('[data-chart=tree] g[aria-label=dot]').nth(1).locator('circle');
    await dots.last().scrollIntoViewIfNeeded();
    const box = await dots.last().boundingBox();
    await page.mouse.move(box.x + box.width / 2 + 1, box.y + box.height / 2);
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    assert.notEqual(await at(page), 0);
    assert.equal(await current(page).isVisible(), true);
  }));

test('another search is chosen from the list; visits and values are shown where there are any', () =>
  onReport(sample(), {}, async (page) => {
    const { trees } = sample();
    await page.locator('#trees select').selectOption('2');
    await page.getByRole('button', { name: 'Unfold all' }).click();
    assert.equal(await items(page).count(), trees[2].nodes.length);
    assert.match(
      await page.locator('[data-node="1"] > .node').textContent(),
      new RegExp(`${trees[2].nodes[1].visits} visits · value`)
    );
    assert.match(await page.locator('#trees .question').textContent(), /4 9 10 13/);
  }));
