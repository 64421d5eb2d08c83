import { useEffect } from 'preact/hooks';
import { workspace } from '../api/session';
import { LogExplorer } from '../logs/LogExplorer';

/** The logs of all services and data stores of the workspace. */
export function LogsPage() {
  useEffect(() => {
    document.title = 'Logs · Portico';
  }, []);
  if (workspace.value?.canView !== true) return <div class="empty"><h1>Logs</h1><p>Your role in this workspace does not show its logs.</p></div>;
  return (
    <div class="full-page">
      <div class="page-head"><h1>Logs</h1></div>
      <LogExplorer key={workspace.value.id} scope={{ workspace: workspace.value.id }} />
    </div>
  );
}
