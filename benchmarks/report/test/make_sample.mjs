// SPDX-License-Identifier: MIT
// Writes sample.json: made-up numbers that fill every section of the page. node test/make_sample.mjs
import { writeFileSync } from 'node:fs';

let state = 24;
const random = () => {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};
const digits = (x, n = 3) => Number(x.toPrecision(n));

function wilson(p, n) {
  const z = 1.96,
    middle = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return { low: digits(Math.max(0, middle - half)), high: digits(Math.min(1, middle + half)) };
}
const measured = (p, n) => {
  const accuracy = Math.round(Math.min(1, Math.max(0, p)) * n) / n;
  return { accuracy: digits(accuracy), ...wilson(accuracy, n) };
};

const tasks = [
  {
    name: 'game24',
    title: 'Game of 24',
    problems: 100,
    split: 'validation',
    bins: ['ranks 1-300', 'ranks 301-600', 'ranks 601-900'],
    oracle_bins: ['right 40 to 98 %', 'right 12 to 38 %', 'right 1 to 10 %', 'right 0 %'],
    predicted_bins: ['score 61 to 97 %', 'score 33 to 60 %', 'score 12 to 32 %', 'score 2 to 11 %'],
    model: 'game24-policy',
    verifier: 'game24-value',
    notes: 'Made-up numbers in the shape of a real run.',
  },
  {
    name: 'arithmetic',
    title: 'Chained arithmetic',
    problems: 120,
    split: 'validation',
    bins: ['1-2 steps', '3-4 steps', '5-6 steps', '7-8 steps'],
    model: 'arithmetic-policy',
    verifier: 'arithmetic-value',
  },
];

// Accuracy grows as top - (top - low) / n^rate, and falls by `fall` a doubling above 16.
const strategies = [
  { strategy: 'greedy', family: 'sampling', low: 0.4, top: 0.4, rate: 1, fall: 0, verified: 0, only: [1] },
  { strategy: 'self-consistency', family: 'voting', low: 0.12, top: 0.42, rate: 0.45, fall: 0, verified: 0 },
  { strategy: 'best-of-N', family: 'best-of-n', low: 0.12, top: 0.93, rate: 0.55, fall: 0.035, verified: 1 },
  { strategy: 'weighted best-of-N', family: 'best-of-n', low: 0.12, top: 0.9, rate: 0.6, fall: 0, verified: 1 },
  { strategy: 'beam search', family: 'search', low: 0.16, top: 0.985, rate: 0.85, fall: 0.012, verified: 2 },
  { strategy: 'DVTS', family: 'search', low: 0.15, top: 0.98, rate: 0.7, fall: 0, verified: 3 },
  { strategy: 'REBASE', family: 'search', low: 0.15, top: 0.96, rate: 0.8, fall: 0, verified: 2 },
  {
    strategy: 'adaptive sampling',
    family: 'adaptive',
    low: 0.12,
    top: 0.44,
    rate: 0.5,
    fall: 0,
    verified: 0,
    cheap: 0.55,
  },
  {
    strategy: 'compute optimal',
    family: 'adaptive',
    low: 0.14,
    top: 0.95,
    rate: 0.95,
    fall: 0,
    verified: 2,
    cheap: 0.75,
  },
];

const binned = (bins, all, mean) =>
  bins.map((_, b) => {
    const problems = Math.round(all / bins.length);
    return {
      ...measured(mean + 0.16 - (0.36 * b) / (bins.length - 1) + (random() - 0.5) * 0.04, problems * 3),
      problems,
    };
  });

const rows = [];
for (const [t, task] of tasks.entries())
  for (const s of strategies)
    for (const n of s.only ?? [1, 2, 4, 8, 16, 32, 64, 128])
      for (const width of s.strategy === 'beam search' && n >= 16 ? [4, 8] : [4]) {
        const doublings = Math.max(0, Math.log2(n / 16));
        const shift = t ? 0.15 * (1 - s.top) + 0.06 : 0;
        const mean =
          s.top -
          (s.top - s.low) / n ** s.rate -
          s.fall * doublings +
          shift -
          (width === 8 ? 0.05 : 0) +
          (random() - 0.5) * 0.02;
        const tokens = (t ? 52 : 36) * n * (s.cheap ?? 1) * (0.95 + 0.1 * random());
        const calls = s.verified > 1 ? 3 * n : n,
          verifier_calls = s.verified * n;
        const flops = tokens * 1.7e6 + verifier_calls * 9e6;
        rows.push({
          task: task.name,
          strategy: s.strategy,
          family: s.family,
          parameters:
            s.strategy === 'beam search'
              ? { width, expand: Math.max(1, n / width) }
              : s.family === 'adaptive'
                ? { threshold: 0.95, most: n }
                : { n },
          verifier: s.verified ? task.verifier : null,
          aggregator:
            s.family === 'voting'
              ? 'majority vote'
              : s.strategy.startsWith('weighted')
                ? 'weighted vote, product'
                : s.verified
                  ? 'best score, last'
                  : 'majority vote',
          n,
          seeds: 3,
          ...measured(mean, task.problems * 3),
          tokens: digits(tokens, 4),
          prompt_tokens: t ? 9 : 11,
          calls,
          verifier_calls,
          flops: digits(flops),
          eflops: digits(flops * (1.1 + 0.0004 * n)),
          seconds: digits(flops / 4e11),
          money: t ? null : digits(tokens * 2e-7),
          by_bin: binned(task.bins, task.problems, mean),
          by_oracle: task.oracle_bins && binned(task.oracle_bins, task.problems, mean),
          by_predicted: task.predicted_bins && binned(task.predicted_bins, task.problems, mean),
          budget_spent: s.family === 'search' && n === 128 ? 2 : 0,
          failed: 0,
        });
      }

const pareto = {},
  best = {};
for (const { name } of tasks) {
  pareto[name] = {};
  best[name] = [];
  for (const cost of ['tokens', 'flops', 'eflops', 'seconds']) {
    const order = rows
      .map((row, i) => i)
      .filter((i) => rows[i].task === name)
      .sort((a, b) => rows[a][cost] - rows[b][cost] || rows[b].accuracy - rows[a].accuracy);
    let most = -1;
    pareto[name][cost] = order.filter((i) => rows[i].accuracy > most && (most = rows[i].accuracy));
    const limits = {
      tokens: [100, 300, 1000, 3000],
      flops: [2e8, 1e9, 5e9],
      eflops: [2e8, 1e9, 5e9],
      seconds: [5e-4, 2e-3, 1e-2],
    };
    for (const limit of limits[cost]) {
      const row = pareto[name][cost].filter((i) => rows[i][cost] <= limit).at(-1);
      if (row !== undefined) best[name].push({ cost, limit, row });
    }
  }
}

const calibration = tasks.flatMap((task, t) =>
  ['solutions', 'steps'].map((what, w) => ({
    task: task.name,
    verifier: task.verifier,
    what,
    ece: [0.041, 0.018, 0.067, 0.025][2 * t + w],
    auc: [0.971, 0.934, 0.902, 0.957][2 * t + w],
    brier: [0.031, 0.058, 0.094, 0.047][2 * t + w],
    bins: Array.from({ length: 10 }, (_, b) => {
      const mean = (b + 0.2 + 0.6 * random()) / 10;
      return {
        low: b / 10,
        high: (b + 1) / 10,
        mean: digits(mean),
        right: digits(
          Math.min(1, Math.max(0, mean - (t ? 0.12 : 0.06) * Math.sin(mean * Math.PI) + (random() - 0.5) * 0.05))
        ),
        count: Math.round(40 + (900 * Math.abs(b - 4.5) ** 2) / 20),
      };
    }),
  }))
);

// Easy problems want votes, hard ones searches; the gain of choosing is small.
const choice = tasks.flatMap((task, t) =>
  ['given', 'oracle', 'predicted']
    .filter((by) => by === 'given' || task[`${by}_bins`])
    .map((by, k) => {
      const bins = by === 'given' ? task.bins : task[`${by}_bins`];
      return {
        task: task.name,
        by,
        bins,
        points: Array.from({ length: 7 }, (_, e) => {
          const fixed = 0.95 - 0.75 / 2 ** (0.7 * e) - 0.05 * t,
            difference = 0.02 + 0.01 * k - 0.006 * e;
          const around = (middle, half) => ({
            difference: digits(middle),
            low: digits(middle - half),
            high: digits(middle + half),
          });
          return {
            tokens: 64 * 2 ** e,
            fixed: digits(fixed),
            chosen: digits(fixed + difference),
            gain: around(difference, 0.03),
            quarter: e < 2 ? null : around(difference - 0.4 / 2 ** (0.7 * e), 0.05),
            strategy: e < 2 ? 'best-of-N, best score' : 'beam search, best score',
            strategies: bins.map((_, b) =>
              b === 0 ? 'weighted best-of-N, weighted vote' : b + e < 3 ? 'best-of-N, best score' : 'DVTS, best score'
            ),
          };
        }),
      };
    })
);

const optimisation = tasks.flatMap((task, t) =>
  [
    ['pass@n', (n) => 1 - 0.88 / n ** 0.95],
    ['maj@n', (n) => 0.42 - 0.3 / n ** 0.45],
    ['best-of-N, last', (n) => 0.93 - 0.81 / n ** 0.55 - 0.03 * Math.max(0, Math.log2(n / 16))],
    ['best-of-N, min', (n) => 0.88 - 0.76 / n ** 0.55 - 0.055 * Math.max(0, Math.log2(n / 8))],
    ['weighted best-of-N, product', (n) => 0.9 - 0.78 / n ** 0.6],
  ].map(([selector, f]) => ({
    task: task.name,
    selector,
    points: Array.from({ length: 9 }, (_, e) => ({ n: 2 ** e, ...measured(Math.min(1, f(2 ** e) + 0.05 * t), 400) })),
  }))
);

const published = [
  [
    'Tree of Thoughts, Game of 24',
    'Yao et al. 2023, table 2',
    [
      ['CoT, best of 100', 49, 49],
      ['CoT-SC, 100', 9, 9],
      ['ToT, b = 1', 45, 45.2],
      ['ToT, b = 5', 74, 74],
    ],
  ],
  [
    'CodeT, HumanEval',
    'Chen et al. 2022, table 2',
    [
      ['baseline pass@1', 47, 47.1],
      ['CodeT pass@1', 65.8, 65.2],
      ['CodeT pass@2', 75.1, 74.8],
    ],
  ],
].flatMap(([table, source, lines]) =>
  lines.map(([what, there, ours]) => ({
    table,
    source,
    what,
    published: there,
    ours,
    unit: '%',
    recomputed: what === 'baseline pass@1',
    note: there === ours ? null : 'ties broken by order',
  }))
);

const speed = [
  {
    table: 'search overhead',
    columns: ['policy', 'ns per node', 'ratio'],
    rows: [
      ['repeated sampling', 101, 1],
      ['beam search', 161, 1.6],
      ['REBASE', 188, 1.86],
      ['tree search', 243, 2.41],
    ],
  },
  {
    table: 'kernels, one row of 128,256 logits',
    columns: ['kernel', 'µs', 'GB/s'],
    rows: [
      ['softmax', 21.4, 24],
      ['argmax', 11.9, 43.1],
      ['sample', 33.8, 15.2],
    ],
  },
];

// Searches over Game of 24 with a noisy oracle as the verifier.
const solvable = (numbers) =>
  numbers.length === 1 ? Math.abs(numbers[0] - 24) < 1e-9 : moves(numbers).some((m) => solvable(m.left));
function moves(numbers) {
  const found = new Map();
  for (let i = 0; i < numbers.length; ++i)
    for (let j = 0; j < numbers.length; ++j) {
      if (i === j) continue;
      const [a, b] = [numbers[i], numbers[j]],
        rest = numbers.filter((_, k) => k !== i && k !== j);
      const results = [
        ['+', a + b],
        ['-', a - b],
        ['*', a * b],
        ['/', b ? a / b : NaN],
      ];
      for (const [sign, x] of results) {
        if (!Number.isInteger(x) || x < 0 || ('+*'.includes(sign) && a > b)) continue;
        const left = [...rest, x].sort((p, q) => p - q);
        found.set(`${a}${sign}${b}`, {
          text: `${a}${sign}${b}=${x}${rest.length ? ':' + left.join(' ') : ''}\n`,
          left,
        });
      }
    }
  return [...found.values()];
}
const judged = (left) =>
  digits(Math.min(0.999, Math.max(0.001, (solvable(left) ? 0.8 : 0.16) + (random() - 0.5) * 0.5)));

function beam(question, width, expand) {
  const nodes = [{ parent: -1, text: '', score: null, value: null, visits: null, status: 'root' }];
  let front = [{ id: 0, left: question.split(' ').map(Number) }];
  while (front.length && front[0].left.length > 1) {
    const children = front
      .flatMap(({ id, left }) => {
        const drawn = moves(left)
          .map((m) => [random(), m])
          .sort((a, b) => a[0] - b[0])
          .slice(0, expand);
        return drawn.map(([, m]) => ({
          id:
            nodes.push({
              parent: id,
              text: m.text,
              score: judged(m.left),
              value: null,
              visits: null,
              status: 'pruned',
              why: null,
            }) - 1,
          left: m.left,
        }));
      })
      .sort((a, b) => nodes[b.id].score - nodes[a.id].score);
    front = children.slice(0, width);
    const last = nodes[front.at(-1).id].score;
    for (const { id } of children.slice(width))
      nodes[id].why = `score ${nodes[id].score}, below the best ${width} (${last})`;
    for (const { id, left } of front) nodes[id].status = left.length > 1 ? 'kept' : 'finished';
  }
  nodes[front[0].id].status = 'answer';
  return { nodes, right: front[0].left[0] === 24 };
}

function tree(question, visits) {
  const nodes = [{ parent: -1, text: '', score: null, value: null, visits, status: 'root' }];
  let answer = { score: -1 };
  (function grow(id, left, budget) {
    if (left.length === 1) {
      nodes[id].status = 'finished';
      if (nodes[id].score > answer.score) answer = { id, score: nodes[id].score, left };
      return;
    }
    const children = moves(left)
      .map((m) => [random(), m])
      .sort((a, b) => a[0] - b[0])
      .slice(0, 5)
      .map(([, m]) => ({ ...m, score: judged(m.left) }))
      .sort((a, b) => b.score - a.score);
    let rest = budget - 1;
    for (const [rank, child] of children.entries()) {
      const share = rank === children.length - 1 ? rest : Math.min(rest, Math.ceil(rest * 0.55));
      if (share <= 0) break;
      rest -= share;
      const grown = share > 1 || child.left.length === 1;
      const at =
        nodes.push({
          parent: id,
          text: child.text,
          score: child.score,
          value: digits(child.score * 0.9 + random() * 0.1),
          visits: share,
          status: grown ? 'kept' : 'pruned',
          why: grown ? null : 'visited once, never chosen again',
        }) - 1;
      if (grown) grow(at, child.left, share);
    }
  })(0, question.split(' ').map(Number), visits);
  if (answer.id) nodes[answer.id].status = 'answer';
  return { nodes, right: answer.left?.[0] === 24 };
}

const trees = [
  {
    task: 'game24',
    problem: 'game24/9',
    question: '2 2 10 10',
    strategy: 'beam search',
    n: 16,
    seed: 1,
    ...beam('2 2 10 10', 4, 8),
  },
  {
    task: 'game24',
    problem: 'game24/17',
    question: '4 9 10 13',
    strategy: 'beam search',
    n: 32,
    seed: 1,
    ...beam('4 9 10 13', 8, 6),
  },
  {
    task: 'game24',
    problem: 'game24/17',
    question: '4 9 10 13',
    strategy: 'tree search',
    n: 64,
    seed: 2,
    ...tree('4 9 10 13', 64),
  },
];

writeFileSync(
  new URL('../sample.json', import.meta.url),
  JSON.stringify(
    {
      format: 1,
      sample: true,
      title: 'outthink benchmark: sample data',
      command: 'outthink-bench run --quick',
      seconds: 83.1,
      machine: 'AVX-512, 2 threads',
      tasks,
      rows,
      pareto,
      best,
      crossings: [{ task: 'arithmetic', better: 'best-of-N', worse: 'beam search', from_n: 64 }],
      calibration,
      choice,
      optimisation,
      published,
      speed,
      trees,
    },
    null,
    0
  ).replace(/\},\{"(task|table|parent)"/g, '},\n{"$1"') + '\n'
);
