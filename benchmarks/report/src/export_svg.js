// SPDX-License-Identifier: MIT
const inherited = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linejoin',
  'stroke-linecap',
  'font-family',
  'font-size',
  'font-weight',
  'font-variant-numeric',
  'text-anchor',
  'paint-order',
];

// The numbers that the page's style gives an element become its attributes, where its parent has others.
function inline(from, to) {
  const style = getComputedStyle(from),
    above = from.parentElement && getComputedStyle(from.parentElement);
  const top = from.matches('svg') && !from.parentElement?.closest('svg');
  for (const name of inherited) {
    const value = style.getPropertyValue(name);
    if (top || value !== above?.getPropertyValue(name)) to.setAttribute(name, value);
    else to.removeAttribute(name);
  }
  if (style.opacity !== '1') to.setAttribute('opacity', style.opacity);
  to.removeAttribute('class');
  to.removeAttribute('style');
  for (let i = 0; i < from.children.length; ++i) inline(from.children[i], to.children[i]);
}

/** The chart as a file of its own that needs no style sheet; light unless told otherwise, as papers are. */
export function svgText(svg, title, theme = 'light') {
  const root = document.documentElement,
    before = root.style.colorScheme;
  const copy = svg.cloneNode(true);
  root.style.colorScheme = theme;
  inline(svg, copy);
  root.style.colorScheme = before;
  for (const node of copy.querySelectorAll('style, [aria-label="tip"]')) node.remove();
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  const name = document.createElementNS('http://www.w3.org/2000/svg', 'title');
  name.textContent = title;
  copy.prepend(name);
  return new XMLSerializer().serializeToString(copy);
}

export function download(text, name) {
  const address = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}
