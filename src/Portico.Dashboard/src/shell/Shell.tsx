import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { connection, reconnect, trouble } from '../api/live';
import { path } from '../router';
import { Confirmation } from '../ui/confirm';
import { Icon } from '../ui/Icon';
import { Notices } from '../ui/notices';
import { KeysHelp } from './KeysHelp';
import { listenToKeys } from './keys';
import { Palette } from './Palette';
import { TopBar } from './TopBar';

/** What surrounds every page. */
export function Shell({ children }: { children: ComponentChildren }) {
  useEffect(listenToKeys, []);
  return (
    <div class="shell">
      <a class="skip" href="#main" data-outside>Skip to content</a>
      <TopBar />
      <Banner />
      <nav class="sidebar" aria-label="Pages">
        <a href="/" aria-current={path.value === '/' ? 'page' : undefined}><Icon name="services" />Services</a>
        <a href="/map" aria-current={path.value === '/map' ? 'page' : undefined}><Icon name="map" />Map</a>
        <a href="/logs" aria-current={path.value === '/logs' ? 'page' : undefined}><Icon name="logs" />Logs</a>
        <a href="/env-groups" aria-current={path.value === '/env-groups' ? 'page' : undefined}><Icon name="groups" />Env groups</a>
        <a href="/settings" aria-current={path.value.startsWith('/settings') ? 'page' : undefined}><Icon name="settings" />Workspace</a>
      </nav>
      <main id="main" tabIndex={-1}>{children}</main>
      <Palette />
      <KeysHelp />
      <Confirmation />
      <Notices />
    </div>
  );
}

function Banner() {
  return (
    <div role="status" class="banner-place">
      {connection.value === 'away' && (
        <div class="banner">
          <Icon name="warning" />
          <span>{trouble.value ?? 'The server is not answering. Apps run on; this page shows what was last known and reconnects by itself.'}</span>
          <button type="button" class="quiet" onClick={reconnect}>Try now</button>
        </div>
      )}
    </div>
  );
}
