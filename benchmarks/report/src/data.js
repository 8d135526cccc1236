// SPDX-License-Identifier: MIT
import { shortened } from './format.js';

const lists = ['tasks', 'rows', 'crossings', 'calibration', 'choice', 'optimisation', 'published', 'speed', 'trees'];

/** The report's data, with every list and table there, if only empty. Throws a sentence for the reader. */
export function readData(text) {
  if (text.trim().startsWith('/*')) throw new Error('This is the empty template of a report: it holds no data yet.');
  let data;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new Error(`The data of this report are not JSON: ${error.message}`);
  }
  if (data === null || typeof data !== 'object' || Array.isArray(data))
    throw new Error('The data of this report are not a JSON object.');
  if (data.format !== undefined && data.format !== 1)
    throw new Error(`The data of this report have format ${data.format}; this page reads format 1.`);
  for (const list of lists) data[list] = Array.isArray(data[list]) ? data[list] : [];
  data.pareto ??= {};
  data.best ??= {};
  const known = new Set(data.tasks.map((task) => task.name));
  for (const { task } of [...data.rows, ...data.calibration, ...data.choice, ...data.optimisation, ...data.trees])
    if (task != null && !known.has(task)) {
      known.add(task);
      data.tasks.push({ name: task });
    }
  for (const task of data.tasks) task.title = shortened(task.title ?? task.name, 80);
  return data;
}
