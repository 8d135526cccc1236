// SPDX-License-Identifier: MIT
// Makes page.html, one file that needs no other, and LICENSES out of src/ and the libraries of package.json:
//   npm ci && node build.mjs            writes both
//   npm ci && node build.mjs --check    fails if they are not what the sources give
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';

const here = new URL('.', import.meta.url);
const read = (path) => readFileSync(new URL(path, here), 'utf8');
const version = (name) => JSON.parse(read(`node_modules/${name}/package.json`)).version;

// Styles in the order in which they build on each other.
const styles = ['theme', 'layout', 'controls', 'chart', 'table', 'tree', 'print'];
// Libraries as browsers load them; Plot expects d3 to be there.
const libraries = ['d3/dist/d3.min.js', '@observablehq/plot/dist/plot.umd.min.js'];

// The modules of src/ as one, each after what it imports, each in a function that gives what it exports.
function bundle(name, done = new Set()) {
  if (done.has(name)) return '';
  done.add(name);
  let before = '';
  const exported = [];
  const body = read(`src/${name}`)
    .replace(/^\/\/ SPDX.*\n/, '')
    .replace(/^import \{[^}]*\} from '\.\/(.*)';\n/gm, (_, wanted) => {
      before += bundle(wanted, done);
      return '';
    })
    .replace(
      /^export ((?:async )?function|const|class) (\w+)/gm,
      (_, kind, one) => `${exported.push(one) && kind} ${one}`
    );
  if (/^(import|export) /m.test(body))
    throw new Error(`src/${name}: an import or export in a form that build.mjs does not know`);
  return `${before}\n// src/${name}\nconst { ${exported.join(', ')} } = (() => {\n${body.trim()}\nreturn { ${exported.join(', ')} };\n})();\n`;
}

function page() {
  const sha = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const style = styles.map((name) => read(`src/${name}.css`)).join('\n');
  const scripts = libraries.map((path) => read(`node_modules/${path}`).trim());
  const script = bundle('main.js');
  new Function(script); // throws if a name is exported twice
  for (const text of [...scripts, script])
    if (/<\/script|<!--|\/\*report-data/i.test(text))
      throw new Error('a script holds text that would end it or that stands for the data');
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src ${[...scripts, script].map(sha).join(' ')}`;
  const notice = `<!-- Made by benchmarks/report/build.mjs: change the sources, not this file. The page is under the MIT licence (outthink).
It holds D3 ${version('d3')} and Observable Plot ${version('@observablehq/plot')}, ISC licence, and what they include: see benchmarks/report/LICENSES. -->`;
  const parts = {
    policy,
    notice,
    styles: `<style>\n${style}</style>`,
    libraries: scripts.map((text) => `<script>${text}</script>`).join('\n'),
    script: `<script type="module">${script}</script>`,
  };
  return read('src/page.html').replace(/<!--(\w+)-->/g, (_, name) => parts[name]);
}

// What the bundles of d3 and Plot contain; d3-dsv's other dependencies serve its command line alone.
function licences() {
  const names = readdirSync(new URL('node_modules/', here)).filter((name) =>
    /^(d3.*|delaunator|robust-predicates|internmap|interval-tree-1d|binary-search-bounds|isoformat)$/.test(name)
  );
  const texts = new Map();
  for (const name of ['@observablehq/plot', ...names]) {
    const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license'].find((one) =>
      existsSync(new URL(`node_modules/${name}/${one}`, here))
    );
    if (!file) throw new Error(`${name} brings no licence text`);
    const text = read(`node_modules/${name}/${file}`).trim();
    texts.set(text, [...(texts.get(text) ?? []), `${name} ${version(name)}`]);
  }
  const blocks = [...texts].map(([text, of]) => `${of.join(', ')}\n\n${text}\n`);
  return `Licences of the libraries inside page.html. The page itself is under the MIT licence of this repository.\n\n${blocks.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

const made = { 'page.html': page(), LICENSES: licences() };
for (const [name, text] of Object.entries(made)) {
  if (process.argv[2] !== '--check') writeFileSync(new URL(name, here), text);
  else if (!existsSync(new URL(name, here)) || read(name) !== text) {
    console.error(
      `benchmarks/report/${name} is not what its sources give: run 'npm ci && node build.mjs' in benchmarks/report`
    );
    process.exitCode = 1;
  }
}
