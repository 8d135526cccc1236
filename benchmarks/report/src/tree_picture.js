// SPDX-License-Identifier: MIT
import { quantity, shortened } from './format.js';
import { statusName } from './tree_data.js';

const colour = (node) =>
  node.path ? 'var(--search-1)' : node.status === 'pruned' ? 'var(--muted)' : 'var(--voting-1)';

const describe = (node) =>
  [
    shortened(node.text.trim() || 'problem', 80),
    statusName[node.status] ?? node.status,
    node.score != null && `score ${node.score}`,
    node.visits != null && `${quantity(node.visits)} visits`,
    node.why && shortened(node.why, 80),
  ]
    .filter(Boolean)
    .join('\n');

/** The whole search at a glance, root above: the way to the answer, what was kept, what was pruned. */
export function treePicture(nodes, width, selected, onselect) {
  const root = d3.tree().separation(() => 1)(d3.hierarchy(nodes[0], (node) => node.children));
  const depth = Math.max(1, root.height),
    leaves = root.leaves().length;
  const step = Math.max(16, Math.min(72, 520 / depth)),
    radius = Math.max(1.6, Math.min(6, (0.36 * width) / Math.max(leaves, 1)));
  const points = root.descendants().map(({ x, y, data }) => ({ x: nodes.length > 1 ? x : 0.5, y, node: data }));
  const most = Math.sqrt(d3.max(nodes, ({ visits }) => visits ?? 0) || 1);
  const size = ({ visits }) => radius * (visits == null ? 1 : 0.7 + (0.9 * Math.sqrt(visits)) / most);
  const places = new Map(points.map((point) => [point.node, point]));
  const links = points.filter(({ node }) => node.up).map((point) => ({ from: places.get(point.node.up), to: point }));
  const link = (some, options) =>
    Plot.link(some, {
      x1: (d) => d.from.x,
      y1: (d) => d.from.y,
      x2: (d) => d.to.x,
      y2: (d) => d.to.y,
      curve: 'bump-y',
      ...options,
    });
  const chart = Plot.plot({
    width,
    height: step * depth + 36,
    margin: 16,
    axis: null,
    x: { domain: [0, 1] },
    y: { domain: [0, 1], reverse: true },
    r: { type: 'identity' },
    style: { fontFamily: 'inherit', background: 'none', cursor: 'pointer' },
    marks: [
      link(
        links.filter(({ to }) => !to.node.path),
        {
          stroke: (d) => (d.to.node.status === 'pruned' ? 'var(--line)' : 'var(--voting-2)'),
          strokeWidth: 1,
          strokeOpacity: 0.8,
        }
      ),
      link(
        links.filter(({ to }) => to.node.path),
        { stroke: 'var(--search-1)', strokeWidth: 2.5 }
      ),
      Plot.dot(points, { x: 'x', y: 'y', r: (d) => size(d.node), fill: 'var(--raised)' }),
      Plot.dot(points, {
        x: 'x',
        y: 'y',
        r: (d) => size(d.node),
        fill: (d) => colour(d.node),
        fillOpacity: (d) => (d.node.share == null ? 0.15 : 0.08 + 0.92 * d.node.share),
        stroke: (d) => colour(d.node),
        strokeWidth: 1.2,
        strokeOpacity: (d) => (d.node.status === 'pruned' ? 0.5 : 1),
      }),
      Plot.dot(
        points.filter(({ node }) => node === selected),
        { x: 'x', y: 'y', r: (d) => size(d.node) + 4, stroke: 'var(--ink)', strokeWidth: 1.6 }
      ),
      Plot.tip(points, Plot.pointer({ x: 'x', y: 'y', title: (d) => describe(d.node) })),
    ],
  });
  chart.addEventListener('click', () => chart.value && onselect(chart.value.node));
  return chart;
}
