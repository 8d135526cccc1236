// SPDX-License-Identifier: MIT
// A report of the template and data: node fill.mjs sample.json >index.html
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Puts JSON into the page. No '<' stays, so that no text of the data ends the script that holds them. */
export function filled(json) {
  const page = readFileSync(new URL('page.html', import.meta.url), 'utf8');
  return page.replace('>/*report-data*/<', () => `>${json.replaceAll('<', '\\u003c')}<`);
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  process.stdout.write(filled(readFileSync(process.argv[2], 'utf8')));
