// SPDX-License-Identifier: MIT
import { element } from './dom.js';
import { quantity, shortened } from './format.js';
import { statusName } from './tree_data.js';

const score = (node) =>
  node.score != null &&
  element(
    'span',
    { class: 'score', title: `score ${node.score}` },
    element('span', {}, Number(node.score.toPrecision(3)).toFixed(Math.abs(node.score) < 10 ? 2 : 0)),
    element('i', { style: { '--share': String(node.share) } })
  );

function details(node) {
  const facts = [
    node.visits != null && `${quantity(node.visits)} visits`,
    node.value != null && `value ${quantity(node.value)}`,
    node.why,
  ]
    .filter(Boolean)
    .join(' · ');
  return element(
    'span',
    { class: 'rest' },
    element('span', { class: `status ${node.status}` }, statusName[node.status] ?? node.status),
    facts && ` · ${facts}`
  );
}

/**
 * The nodes as a tree of the ARIA practices: arrows walk and unfold, Home and End go to the ends, * unfolds
 * the siblings, Enter folds. `onselect` is told the chosen node.
 */
export function treeList(nodes, label, onselect) {
  const items = new Map();
  let current = null;

  const expanded = (node) => items.get(node)?.getAttribute('aria-expanded') === 'true';
  const visible = () => {
    const list = [];
    const add = (node) => {
      list.push(node);
      if (expanded(node)) node.children.forEach(add);
    };
    add(nodes[0]);
    return list;
  };

  function item(node) {
    const made = element(
      'li',
      {
        role: 'treeitem',
        'aria-level': node.depth + 1,
        'aria-selected': 'false',
        tabindex: '-1',
        'aria-setsize': node.up?.children.length ?? 1,
        'aria-label': shortened(
          [
            node.text.trim() || '(empty)',
            node.score != null && `score ${node.score}`,
            statusName[node.status] ?? node.status,
            node.why,
          ]
            .filter(Boolean)
            .join(', '),
          300
        ),
        'aria-posinset': (node.up?.children.indexOf(node) ?? 0) + 1,
        'aria-expanded': node.children.length ? 'false' : null,
        class: [node.status === 'pruned' && 'pruned', node.path && 'path', node.depth > 10 && 'deep']
          .filter(Boolean)
          .join(' '),
        'data-node': node.id,
      },
      element(
        'div',
        {
          class: 'node',
          onclick: (event) => {
            if (event.target.classList.contains('fold')) fold(node, !expanded(node));
            select(node);
          },
          ondblclick: () => fold(node, !expanded(node)),
        },
        element('span', { class: 'fold', 'aria-hidden': 'true' }),
        score(node) || element('span'),
        element('span', { class: 'text' }, node.text.replace(/\n$/, '') || '(empty)'),
        details(node)
      )
    );
    items.set(node, made);
    return made;
  }

  // Children are made when first unfolded.
  function fold(node, open) {
    if (!node.children.length) return;
    const made = items.get(node);
    made.setAttribute('aria-expanded', String(open));
    let group = made.querySelector(':scope > ul');
    if (open && !group) made.append((group = element('ul', { role: 'group' }, node.children.map(item))));
    if (group) group.hidden = !open;
    if (!open)
      for (let at = current; at; at = at.up) if (at.up === node) select(node, list.contains(document.activeElement));
  }

  function reveal(node) {
    for (const above of ancestors(node)) fold(above, true);
  }

  function select(node, focus = true) {
    reveal(node);
    if (current) {
      items.get(current).setAttribute('aria-selected', 'false');
      items.get(current).tabIndex = -1;
    }
    current = node;
    const made = items.get(node);
    made.setAttribute('aria-selected', 'true');
    made.tabIndex = 0;
    if (focus) made.focus({ preventScroll: true });
    const row = made.firstElementChild;
    list.scrollTop +=
      Math.min(0, row.getBoundingClientRect().top - list.getBoundingClientRect().top - 8) +
      Math.max(0, row.getBoundingClientRect().bottom - list.getBoundingClientRect().bottom + 8);
    onselect(node);
  }

  const keys = {
    ArrowDown: (shown, at) => select(shown[Math.min(at + 1, shown.length - 1)]),
    ArrowUp: (shown, at) => select(shown[Math.max(at - 1, 0)]),
    Home: (shown) => select(shown[0]),
    End: (shown) => select(shown.at(-1)),
    ArrowRight: () => (expanded(current) ? select(current.children[0]) : fold(current, true)),
    ArrowLeft: () => (expanded(current) ? fold(current, false) : current.up && select(current.up)),
    Enter: () => fold(current, !expanded(current)),
    ' ': () => fold(current, !expanded(current)),
    '*': () => (current.up?.children ?? [current]).forEach((node) => fold(node, true)),
  };

  const list = element(
    'ul',
    {
      class: 'tree',
      role: 'tree',
      'aria-label': label,
      onkeydown: (event) => {
        if (!keys[event.key] || event.ctrlKey || event.altKey || event.metaKey) return;
        event.preventDefault();
        const shown = visible();
        keys[event.key](shown, shown.indexOf(current));
      },
    },
    item(nodes[0])
  );

  return {
    list,
    select,
    foldAll: (open) => {
      for (const node of open ? nodes : [...nodes].reverse()) if (items.has(node)) fold(node, open);
    },
    /** Unfolds the way to the answer and nothing else. */
    showPath: () => {
      for (const node of [...nodes].reverse()) if (items.has(node) && !node.path) fold(node, false);
      for (const node of nodes) if (node.path || node === nodes[0]) fold(node, true);
    },
  };
}

function ancestors(node) {
  const way = [];
  for (let up = node.up; up; up = up.up) way.unshift(up);
  return way;
}
