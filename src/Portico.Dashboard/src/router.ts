import { signal } from '@preact/signals';

/** The path of the page that is shown. All state of a page that is worth a link is in the URL. */
export const path = signal(location.pathname);
export const query = signal(new URLSearchParams(location.search));

/** The page of a shell is a document of its own, because only its styles may be inline: terminals need that. */
const isShell = (at: string): boolean => at.endsWith('/shell');
const openedShell = isShell(location.pathname);

export function go(url: string): void {
  if (isShell(new URL(url, location.href).pathname) !== openedShell) return location.assign(url);
  history.pushState(null, '', url);
  read();
  window.scrollTo(0, 0);
}

export function replace(url: string): void {
  history.replaceState(null, '', url);
  read();
}

/** Sets parameters of the URL without a new entry in the history; an empty value removes one. */
export function setQuery(values: Record<string, string>): void {
  const next = new URLSearchParams(query.value);
  for (const [name, value] of Object.entries(values)) {
    if (value === '') next.delete(name);
    else next.set(name, value);
  }
  const text = next.toString();
  replace(text === '' ? path.value : `${path.value}?${text}`);
}

/** Shows pages of the dashboard without loading it again. Everything else is left to the browser. */
export function followLinks(): void {
  addEventListener('popstate', read);
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (link === null || !isPlain || event.defaultPrevented || link.target !== '' || link.dataset.outside !== undefined || link.origin !== location.origin) return;
    event.preventDefault();
    go(link.pathname + link.search);
  });
}

function read(): void {
  path.value = location.pathname;
  query.value = new URLSearchParams(location.search);
}
