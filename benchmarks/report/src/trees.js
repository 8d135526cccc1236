// SPDX-License-Identifier: MIT
import { element } from './dom.js';
import { figure } from './figure.js';
import { named, shortened } from './format.js';
import { section } from './section.js';
import { treeOf } from './tree_data.js';
import { treeList } from './tree_list.js';
import { treePicture } from './tree_picture.js';

const nameOf = (tree, index) =>
  [
    shortened(tree.problem ?? `search ${index + 1}`, 40),
    tree.strategy && named(tree, 40),
    tree.seed != null && `seed ${tree.seed}`,
    tree.right ? 'right' : 'wrong',
  ]
    .filter(Boolean)
    .join(' · ');

/** Search trees: a picture of the whole and a list to unfold. */
export function trees(data) {
  const all = data.trees.filter((tree) => tree.nodes?.length);
  if (!all.length) return null;
  let nodes,
    view,
    selected = null;

  const pick = element(
    'select',
    { 'aria-label': 'Search', onchange: () => open(Number(pick.value)) },
    all.map((tree, index) => element('option', { value: index }, nameOf(tree, index)))
  );
  const button = (text, onclick) => element('button', { type: 'button', onclick }, text);
  const question = element('p', { class: 'question' }),
    holder = element('div');
  const picture = figure({
    name: 'tree',
    title: () => nameOf(all[Number(pick.value)], Number(pick.value)),
    caption:
      'Each dot is a step, drawn below the one that it continues; the fuller its colour, the higher its score. Green: the way to the answer. Blue: kept and extended. ' +
      'Grey: pruned. Where visits were counted, larger dots had more. Click a dot to find it in the list.',
    draw: (width) => treePicture(nodes, width, selected, (node) => view.select(node)),
  });

  function open(index) {
    const tree = all[index];
    nodes = treeOf(tree);
    selected = null;
    view = treeList(nodes, `Steps of ${nameOf(tree, index)}`, (node) => {
      if (selected === node) return;
      selected = node;
      picture.redraw();
    });
    const count = (status) => nodes.filter((node) => node.status === status).length;
    question.replaceChildren(
      'Problem ',
      element('pre', {}, tree.question ?? ''),
      ' · ',
      element('span', { class: `verdict ${tree.right ? 'right' : 'wrong'}` }, tree.right ? 'solved' : 'not solved'),
      element(
        'span',
        { class: 'muted' },
        ` · ${nodes.length - 1} steps, ${count('pruned')} pruned, ${count('finished') + count('answer')} finished`
      )
    );
    holder.replaceChildren(view.list);
    view.showPath();
    view.select(nodes[0], false);
    picture.redraw();
  }

  open(0);
  return section(
    'trees',
    'Search trees',
    'What a search tried, how each step was judged, and why it was dropped.',
    element(
      'div',
      { class: 'picker' },
      pick,
      button('Unfold all', () => view.foldAll(true)),
      button('Fold all', () => view.foldAll(false)),
      button('Way to the answer', () => view.showPath())
    ),
    question,
    picture,
    holder,
    element(
      'p',
      { class: 'keys' },
      'In the list: ',
      element('kbd', {}, '↑'),
      ' ',
      element('kbd', {}, '↓'),
      ' walk, ',
      element('kbd', {}, '→'),
      ' unfolds, ',
      element('kbd', {}, '←'),
      ' folds or goes up, ',
      element('kbd', {}, '*'),
      ' unfolds all siblings.'
    )
  );
}
