// SPDX-License-Identifier: MIT
// A browser for all tests, and reports opened in it.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { filled } from '../fill.mjs';

const folder = mkdtempSync(join(tmpdir(), 'outthink-report-'));
let browser,
  count = 0;

export const sample = () => JSON.parse(readFileSync(new URL('../sample.json', import.meta.url), 'utf8'));

export async function start() {
  // Containers often run as root, where Chromium has no sandbox.
  browser ??= await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
    timeout: 120000,
  });
}

export const stop = () => browser?.close();

/** Writes a report, opens it, runs `body` on it, and fails on any console error, exception or network request. */
export async function onReport(data, options, body) {
  const path = join(folder, `${++count}.html`);
  writeFileSync(path, typeof data === 'string' ? data : filled(JSON.stringify(data)));
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  const page = await context.newPage(),
    faults = [];
  page.setDefaultTimeout(120000);
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  context.on(
    'request',
    (request) => /^(file|blob|data):/.test(request.url()) || faults.push(`request: ${request.url()}`)
  );
  try {
    await page.goto(pathToFileURL(path).href);
    await body(page);
    assert.deepEqual(faults, []);
  } finally {
    await context.close();
  }
}

/** How far the page is wider than the window. */
export const overflow = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
