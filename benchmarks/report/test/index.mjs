// SPDX-License-Identifier: MIT
// All tests of the report page, in one browser: node --test test/index.mjs
import { after, before } from 'node:test';
import { start, stop } from './open.mjs';

before(start);
after(stop);
await import('./contrast.mjs');
await import('./sections.mjs');
await import('./choices.mjs');
await import('./table.mjs');
await import('./trees.mjs');
await import('./export.mjs');
await import('./hostile.mjs');
