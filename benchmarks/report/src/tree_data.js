// SPDX-License-Identifier: MIT
/** Nodes with their children, depth and whether they are on the way to the answer. A parent comes before its children. */
export function treeOf({ nodes, question }) {
  const all = nodes.map((node, id) => ({
    ...node,
    id,
    text: node.text ?? '',
    status: node.status ?? 'kept',
    children: [],
    depth: 0,
    path: false,
    up: null,
  }));
  all[0].text ||= question ?? '';
  for (const node of all.slice(1)) {
    node.up = all[node.parent >= 0 && node.parent < node.id ? node.parent : 0];
    node.depth = node.up.depth + 1;
    node.up.children.push(node);
  }
  for (let node = all.find(({ status }) => status === 'answer'); node; node = node.up) node.path = true;
  const scores = all.map(({ score }) => score).filter((score) => score != null);
  const [low, high] = d3.extent(scores);
  // Scores that are no probabilities are drawn between the lowest and the highest.
  const share = low >= 0 && high <= 1 ? (score) => score : d3.scaleLinear([low, high === low ? low + 1 : high], [0, 1]);
  for (const node of all) node.share = node.score == null ? null : share(node.score);
  return all;
}

export const statusName = { root: 'problem', kept: 'kept', pruned: 'pruned', finished: 'finished', answer: 'answer' };
