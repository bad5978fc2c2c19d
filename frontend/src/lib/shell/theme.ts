export type Theme = 'system' | 'light' | 'dark';
const key = 'rackhaus-theme';

/** The stored choice; `system` when there is none. `static/before.js` applies it before anything is drawn. */
export function storedTheme(): Theme {
  const stored = localStorage.getItem(key);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

/** Applies a choice and keeps it for next time. */
export function chooseTheme(theme: Theme): void {
  if (theme === 'system') {
    localStorage.removeItem(key);
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem(key, theme);
    document.documentElement.dataset.theme = theme;
  }
}
