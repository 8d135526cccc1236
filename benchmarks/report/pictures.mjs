// SPDX-License-Identifier: MIT
// The main charts of a report as SVG files, light and dark, for READMEs and papers:
//   npm ci && node pictures.mjs index.html ../../docs/pictures
// They are the page's own charts, saved by Chromium (CHROMIUM, or Debian's).
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const charts = ['accuracy', 'optimisation'];
const [report, folder] = process.argv.slice(2);
if (!folder) throw new Error('usage: node pictures.mjs REPORT.html FOLDER');

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
  timeout: 120000,
});
try {
  const page = await browser.newPage({ viewport: { width: 900, height: 900 } });
  await page.goto(pathToFileURL(resolve(report)).href);
  const data = JSON.parse(await page.locator('#report-data').textContent());
  if (data.sample) throw new Error(`${report} holds sample data: no pictures of numbers that are made up`);
  mkdirSync(folder, { recursive: true });
  for (const { name, title } of data.tasks ?? []) {
    if (data.tasks.length > 1)
      await page.locator(`input[name=task][value=${JSON.stringify(name)}]`).check({ force: true });
    for (const chart of charts)
      for (const theme of ['light', 'dark']) {
        const text = await page
          .locator(`figure[data-chart=${chart}]`)
          .evaluate(
            (frame, theme) => (frame.hidden || !frame.querySelector('.canvas svg') ? null : frame.svgText(theme)),
            theme
          );
        if (text === null) continue;
        const file = join(folder, `${name.replace(/[^\w.-]/g, '_')}-${chart}-${theme}.svg`);
        writeFileSync(file, `${text}\n`);
        console.log(`${file}: ${title ?? name}, ${chart}, ${theme}`);
      }
  }
} finally {
  await browser.close();
}
