import { useEffect } from 'preact/hooks';
import { workspace } from '../api/session';
import { Tabs } from '../pages/Tabs';
import { AuditTab } from './AuditTab';
import { KeysTab } from './KeysTab';
import { MembersTab } from './MembersTab';
import { NotificationsTab } from './NotificationsTab';
import { mayAdminister } from './roles';

/** Who may do what: `/settings`, `/settings/keys`, `/settings/notifications`, `/settings/audit`. */
export function WorkspacePage({ tab }: { tab: string }) {
  const current = workspace.value;
  useEffect(() => {
    document.title = 'Workspace · Portico';
  }, []);
  if (current === null) return <div class="empty"><h1>Workspace</h1><p>You are not a member of any workspace.</p></div>;
  const tabs = [
    { label: 'Members', href: '/settings' },
    { label: 'Keys and sessions', href: '/settings/keys' },
    ...(current.canView ? [{ label: 'Notifications', href: '/settings/notifications' }] : []),
    ...(mayAdminister(current) ? [{ label: 'Audit log', href: '/settings/audit' }] : []),
  ];
  return (
    <>
      <div class="page-head"><h1>Workspace</h1><p class="soft">{current.name}</p></div>
      <Tabs label="Pages of the workspace" tabs={tabs} />
      {tab === 'keys' ? <KeysTab /> : tab === 'notifications' ? <NotificationsTab key={current.id} workspace={current} /> : tab === 'audit' ? <AuditTab key={current.id} workspace={current} /> : <MembersTab key={current.id} workspace={current} />}
    </>
  );
}
