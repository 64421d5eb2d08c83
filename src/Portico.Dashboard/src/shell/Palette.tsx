import { useState } from 'preact/hooks';
import type { OverviewRow } from '../api/contract';
import { rows } from '../api/live';
import { workspace } from '../api/session';
import { actionsOf } from '../pages/actions';
import { kindTitles } from '../pages/new/kindTitles';
import { servicePages } from '../pages/servicePages';
import { go } from '../router';
import { statusName, typeName } from '../text';
import { Dialog } from '../ui/Dialog';
import { mayAdminister } from '../workspace/roles';
import { helpIsOpen, paletteIsOpen } from './state';
import { setTheme } from './theme';

interface Entry {
  readonly key: string;
  readonly label: string;
  readonly detail: string;
  /** What it is found by. */
  readonly words: string;
  readonly run: () => void;
}

const mostShown = 40;

export function Palette() {
  return paletteIsOpen.value ? <OpenPalette /> : null;
}

function OpenPalette() {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const found = search(entries(), text);
  const close = () => {
    paletteIsOpen.value = false;
  };
  const run = (entry: Entry | undefined) => {
    if (entry === undefined) return;
    close();
    entry.run();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter') run(found[chosen]);
    else if (event.key === 'ArrowDown') setChosen(Math.min(chosen + 1, found.length - 1));
    else if (event.key === 'ArrowUp') setChosen(Math.max(chosen - 1, 0));
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title="Search or run" class="palette" onClose={close}>
      <input type="text" role="combobox" aria-label="Search services, pages and actions" aria-expanded="true" aria-controls="palette-list" autocomplete="off" spellcheck={false} autofocus
        aria-activedescendant={found[chosen] === undefined ? undefined : `palette-${chosen}`} placeholder="A service, an id, a page or an action" value={text} onKeyDown={onKey}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setChosen(0);
        }} />
      <ul id="palette-list" role="listbox" aria-label="Results">
        {found.map((entry, index) => (
          <li key={entry.key} id={`palette-${index}`} role="option" aria-selected={index === chosen} onClick={() => run(entry)} onPointerMove={() => setChosen(index)}
            ref={(element) => { if (index === chosen) element?.scrollIntoView({ block: 'nearest' }); }}>
            <span>{entry.label}</span><small>{entry.detail}</small>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p class="soft">Nothing has this name or id.</p>}
    </Dialog>
  );
}

function entries(): Entry[] {
  const all = [...(rows.value?.values() ?? [])];
  return [
    ...all.map((row) => ({
      key: row.id, label: row.name, detail: `${typeName(row.type)} · ${statusName(row.status)}`,
      words: `${row.name} ${row.id} ${row.project ?? ''}`, run: () => go(row.path),
    })),
    page('Services', () => go('/')),
    page('Map', () => go('/map')),
    page('Logs', () => go('/logs')),
    page('Env groups', () => go('/env-groups')),
    page('Members', () => go('/settings')),
    page('Keys and sessions', () => go('/settings/keys')),
    page('Notifications and webhooks', () => go('/settings/notifications')),
    ...(workspace.value !== null && mayAdminister(workspace.value) ? [page('Audit log', () => go('/settings/audit'))] : []),
    ...Object.entries(kindTitles).map(([type, title]) => page(`New ${title}`, () => go(`/new/${type}`))),
    ...all.flatMap(pagesOf),
    page('Keys', () => { helpIsOpen.value = true; }),
    page('API reference', () => location.assign('/reference')),
    page('Theme: light', () => setTheme('light')),
    page('Theme: dark', () => setTheme('dark')),
    page('Theme: as the system', () => setTheme('system')),
    ...all.flatMap((row) => actionsOf(row).filter((action) => action.refusal === null).map((action) => ({
      key: `${row.id} ${action.label}`, label: `${action.label} ${row.name}`, detail: 'Action', words: `${action.label} ${row.name}`, run: action.run,
    }))),
  ];
}

/** A row's path is that of its first page. */
function pagesOf(row: OverviewRow): Entry[] {
  return servicePages(row).map((name) => ({
    key: `${row.id} page ${name}`, label: `${name} of ${row.name}`, detail: 'Page', words: `${row.name} ${name}`, run: () => go(`${row.path}/${name.toLowerCase()}`),
  }));
}

const page = (label: string, run: () => void): Entry => ({ key: label, label, detail: 'Page', words: label, run });

/** Every word that was typed must be in an entry; those where it begins a word come first. */
export function search<T extends { readonly words: string }>(all: readonly T[], text: string): T[] {
  const typed = text.toLowerCase().split(/\s+/).filter(Boolean);
  const scored = all.map((entry) => ({ entry, score: score(entry.words.toLowerCase(), typed) })).filter((item) => item.score > 0);
  return scored.sort((a, b) => b.score - a.score).slice(0, mostShown).map((item) => item.entry);
}

function score(words: string, typed: readonly string[]): number {
  let total = 1;
  for (const word of typed) {
    const at = words.indexOf(word);
    if (at < 0) return 0;
    total += at === 0 ? 4 : /\W/.test(words.charAt(at - 1)) ? 2 : 1;
  }
  return total;
}
