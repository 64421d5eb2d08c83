import { signal } from '@preact/signals';

export type Theme = 'system' | 'light' | 'dark';

const name = 'portico-theme';
const stored = localStorage.getItem(name);

export const theme = signal<Theme>(stored === 'light' || stored === 'dark' ? stored : 'system');

export function setTheme(next: Theme): void {
  theme.value = next;
  localStorage.setItem(name, next);
  applyTheme();
}

export function applyTheme(): void {
  document.documentElement.dataset.theme = theme.value;
}
