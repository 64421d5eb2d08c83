import { session } from './api/session';
import { NotFoundPage } from './pages/NotFoundPage';
import { ServicesPage } from './pages/ServicesPage';
import { SignInPage } from './pages/SignInPage';
import { path } from './router';
import { Shell } from './shell/Shell';
import { lazy } from './ui/lazy';
import { PageErrors } from './ui/PageErrors';
import { Problem } from './ui/Problem';

const DataStorePage = lazy(async () => (await import('./pages/DataStorePage')).DataStorePage);
const GroupPage = lazy(async () => (await import('./groups/GroupPage')).GroupPage);
const GroupsPage = lazy(async () => (await import('./groups/GroupsPage')).GroupsPage);
const LogsPage = lazy(async () => (await import('./pages/LogsPage')).LogsPage);
const MapPage = lazy(async () => (await import('./map/MapPage')).MapPage);
const NewPage = lazy(async () => (await import('./pages/new/NewPage')).NewPage);
const ServicePage = lazy(async () => (await import('./pages/ServicePage')).ServicePage);
const WorkspacePage = lazy(async () => (await import('./workspace/WorkspacePage')).WorkspacePage);

export function App() {
  const now = session.value;
  // Also at other addresses: the browser's Back button leads to them after signing out.
  if (path.value === '/signin' || now.state === 'out') return <SignInPage />;
  if (now.state === 'failed') return <Problem title="The dashboard cannot start yet" text={`${now.reason} It tries again every few seconds.`} />;
  if (now.state !== 'in') return <p class="starting" role="status">{now.state === 'away' ? 'The server is not answering. Trying again…' : 'Loading…'}</p>;
  return <Shell><PageErrors at={path.value}>{pageAt(path.value)}</PageErrors></Shell>;
}

function pageAt(at: string) {
  const [, kind = '', id = '', tab = '', item = ''] = at.split('/');
  if (at === '/') return <ServicesPage />;
  if (at === '/logs') return <LogsPage />;
  if (at === '/map') return <MapPage />;
  if (at === '/env-groups') return <GroupsPage />;
  if (kind === 'settings') return <WorkspacePage tab={id} />;
  if (kind === 'env-groups') return <GroupPage key={id} id={id} />;
  if (kind === 'new') return <NewPage type={id} />;
  if (kind === 'd' || kind === 'r') return <DataStorePage key={id} id={id} kind={kind} tab={tab} />;
  if (id !== '') return <ServicePage key={id} id={id} tab={tab} item={item} />;
  return <NotFoundPage />;
}
