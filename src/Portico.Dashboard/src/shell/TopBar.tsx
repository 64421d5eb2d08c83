import { connection } from '../api/live';
import { chooseWorkspace, signOut, user, workspace } from '../api/session';
import { go } from '../router';
import { Icon } from '../ui/Icon';
import { Menu } from '../ui/Menu';
import { notify } from '../ui/notices';
import { helpIsOpen, paletteIsOpen } from './state';
import { setTheme, theme } from './theme';

export function TopBar() {
  const signedIn = user.value;
  if (signedIn === null) return null;
  const next = theme.value === 'system' ? 'light' : theme.value === 'light' ? 'dark' : 'system';
  return (
    <header class="topbar">
      <a class="home" href="/" aria-label="Portico, services">
        <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true"><path d="M3 11.5 16 4l13 7.5V14H3zM6 16h4v9H6zm8 0h4v9h-4zm8 0h4v9h-4zM3 26.6h26V29H3z" fill="currentColor" /></svg>
        <span>Portico</span>
      </a>
      <Workspaces />
      <button type="button" class="search" aria-label="Search or run, Ctrl K" onClick={() => { paletteIsOpen.value = true; }}>
        <Icon name="search" /><span>Search or run…</span><kbd>Ctrl K</kbd>
      </button>
      <a class="button primary" href="/new" aria-label="New">+<span>New</span></a>
      <span class={`connection ${connection.value}`}><i aria-hidden="true" /><span>{words[connection.value]}</span></span>
      <Menu label={`Account of ${signedIn.name}, ${initials(signedIn.name)}`} class="avatar" items={[
        { label: `Theme: ${theme.value}. Change to ${next}`, refusal: null, run: () => setTheme(next) },
        { label: 'Keys', refusal: null, run: () => { helpIsOpen.value = true; } },
        { label: 'API reference', refusal: null, run: () => location.assign('/reference') },
        { label: `Sign out ${signedIn.email}`, refusal: null, run: () => void leave() },
      ]}>{initials(signedIn.name)}</Menu>
    </header>
  );
}

const words = { connecting: 'connecting', live: 'live', away: 'offline' } as const;

function Workspaces() {
  const all = user.value?.workspaces ?? [];
  if (all.length < 2) return <span class="workspace">{all[0]?.name}</span>;
  const choose = (event: Event) => {
    chooseWorkspace((event.currentTarget as HTMLSelectElement).value);
    go('/');
  };
  return (
    <select class="workspace" aria-label="Workspace" value={workspace.value?.id ?? ''} onChange={choose}>
      {all.map((item) => <option key={item.id} value={item.id}>{item.name}</option>)}
    </select>
  );
}

async function leave(): Promise<void> {
  await signOut().catch((error: Error) => notify(error.message, true));
}

const initials = (name: string): string => name.split(/[\s@.]+/).filter(Boolean).slice(0, 2).map((word) => word.charAt(0).toUpperCase()).join('') || '?';
