// SPDX-License-Identifier: MIT
import { element } from './dom.js';

const key = 'outthink-report-theme';
const dark = matchMedia('(prefers-color-scheme: dark)');
const root = document.documentElement;

// Storage may be refused, for files among others; the theme then lasts as long as the page.
function stored(value) {
  try {
    return value === undefined ? localStorage.getItem(key) : localStorage.setItem(key, value);
  } catch {
    return null;
  }
}

const isDark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : dark.matches);

/** A button that switches between light and dark; the system's wish is the start. */
export function themeSwitch() {
  const last = stored();
  if (last === 'light' || last === 'dark') root.dataset.theme = last;
  const button = element('button', {
    id: 'theme',
    type: 'button',
    onclick: () => {
      root.dataset.theme = isDark() ? 'light' : 'dark';
      stored(root.dataset.theme);
      name();
    },
  });
  const name = () => {
    button.textContent = isDark() ? '☀ Light' : '☾ Dark';
    button.setAttribute('aria-label', `Switch to ${isDark() ? 'light' : 'dark'} colours`);
  };
  dark.addEventListener('change', name);
  name();
  return button;
}
