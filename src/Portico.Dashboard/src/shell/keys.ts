import { go, path } from '../router';
import { helpIsOpen, paletteIsOpen } from './state';

/** The keys that work on every page. Those of a page are in the page. */
export const keysEverywhere: readonly (readonly [string, string])[] = [
  ['Ctrl K', 'Go to anything, or run an action'],
  ['g s', 'Services'],
  ['g m', 'Map'],
  ['g l', 'Logs'],
  ['g e', 'Env groups'],
  ['g w', 'Workspace: members, keys, notifications, audit log'],
  ['g n', 'New service or data store'],
  ['1 … 9', 'Tabs of a page'],
  ['/', 'Filter'],
  ['j k', 'Next and previous row'],
  ['Enter', 'Open the row'],
  ['.', 'Actions'],
  ['?', 'Keys'],
  ['f e', 'In logs: follow, errors only'],
  ['Esc', 'Back to the services'],
];

let isGoing = false;

export function listenToKeys(): () => void {
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
}

function onKey(event: KeyboardEvent): void {
  // A shell has keys of its own.
  if (event.target instanceof Element && event.target.closest('[data-terminal]') !== null) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
    event.preventDefault();
    paletteIsOpen.value = !paletteIsOpen.value;
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector('dialog[open]') !== null) return;
  const wasGoing = isGoing;
  isGoing = event.key === 'g';
  if (wasGoing && event.key === 's') go('/');
  else if (wasGoing && event.key === 'm') go('/map');
  else if (wasGoing && event.key === 'l') go('/logs');
  else if (wasGoing && event.key === 'e') go('/env-groups');
  else if (wasGoing && event.key === 'w') go('/settings');
  else if (wasGoing && event.key === 'n') go('/new');
  else if (event.key === '?') helpIsOpen.value = true;
  else if (event.key === '/') focusFirst('[data-filter]');
  else if (event.key === '.') openActions();
  else if (event.key === 'Escape' && path.value !== '/') go('/');
  else return;
  event.preventDefault();
}

function openActions(): void {
  const row = document.activeElement?.closest('li');
  (row ?? document.querySelector('main'))?.querySelector<HTMLElement>('[data-actions]')?.click();
}

const focusFirst = (selector: string): void => document.querySelector<HTMLElement>(selector)?.focus();

export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
