export type Theme = 'light' | 'dark';
const KEY = 'order-saga-theme';

export const currentTheme = (): Theme => {
  const chosen = document.documentElement.dataset.theme as Theme | undefined;
  return chosen ?? (matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark');
};

export const chooseTheme = (theme: Theme): void => {
  document.documentElement.dataset.theme = theme;
  localStorage.setItem(KEY, theme);
};

/** What was chosen the last time; without a choice the page follows the system. */
export const startTheme = (): void => {
  const chosen = localStorage.getItem(KEY);
  if (chosen === 'light' || chosen === 'dark') chooseTheme(chosen);
};
