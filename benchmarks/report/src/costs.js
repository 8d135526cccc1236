// SPDX-License-Identifier: MIT
import { duration, money, quantity } from './format.js';

/** What accuracy is drawn against; all of them are means for each problem. */
export const costs = [
  { key: 'tokens', title: 'tokens', axis: 'generated tokens per problem', format: quantity },
  { key: 'flops', title: 'FLOPs', axis: 'FLOPs per problem', format: quantity },
  { key: 'eflops', title: 'eFLOPs', axis: 'eFLOPs per problem (reading the KV cache counts)', format: quantity },
  { key: 'calls', title: 'calls', axis: 'calls of the model per problem', format: quantity },
  { key: 'seconds', title: 'seconds', axis: 'time per problem', format: duration },
  { key: 'money', title: 'money', axis: 'money per problem', format: money },
];

export const costOf = (key) => costs.find((cost) => cost.key === key);

/** A logarithmic axis shows positive numbers only. */
export const hasCost = (rows, key) => rows.some((row) => row[key] > 0);

/** The most accurate rows for what they cost, cheapest first. */
export function front(data, task, key) {
  const given = data.pareto[task]?.[key];
  if (given) return given.map((index) => data.rows[index]).filter((row) => row?.[key] > 0);
  let most = -Infinity;
  return data.rows
    .filter((row) => row.task === task && row[key] > 0)
    .sort((a, b) => a[key] - b[key] || b.accuracy - a.accuracy)
    .filter((row) => row.accuracy > most && ((most = row.accuracy), true));
}
