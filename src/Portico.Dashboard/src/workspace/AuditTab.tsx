import { useEffect, useState } from 'preact/hooks';
import { call } from '../api/client';
import type { AuditLogEntry, AuditLogWithCursor, SessionWorkspace } from '../api/contract';
import { rows } from '../api/live';
import { errorText } from '../text';
import { Time } from '../ui/Time';

const page = 100;

/** Who changed what, newest first. */
export function AuditTab({ workspace }: { workspace: SessionWorkspace }) {
  const [entries, setEntries] = useState<readonly AuditLogWithCursor[] | null>(null);
  const [hasOlder, setOlder] = useState(false);
  const [filter, setFilter] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const load = async (before: readonly AuditLogWithCursor[]) => {
    setProblem(null);
    try {
      const cursor = before.at(-1)?.cursor;
      const found = await call<readonly AuditLogWithCursor[]>('GET /v1/owners/{ownerId}/audit-logs', { params: { ownerId: workspace.id }, query: { limit: `${page}`, ...(cursor === undefined ? {} : { cursor }) } });
      setEntries([...before, ...found]);
      setOlder(found.length === page);
    } catch (error) {
      setProblem(errorText(error));
    }
  };
  useEffect(() => void load([]), [workspace.id]);
  const typed = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = entries?.map((item) => item.auditLog).filter((entry) => typed.every((word) => textOf(entry).includes(word))) ?? [];
  return (
    <section aria-labelledby="audit">
      <div class="section-head">
        <h2 id="audit">Audit log</h2>
        <span class="gap" />
        <input type="search" aria-label="Filter the loaded entries" placeholder="Filter" data-filter value={filter} onInput={(event) => setFilter(event.currentTarget.value)} />
      </div>
      {problem !== null && <p role="alert" class="problem">{problem}</p>}
      {entries === null ? problem === null && <p class="soft" role="status">Loading…</p> : shown.length === 0 ? <p class="card soft">{filter === '' ? 'Nothing has been changed yet.' : 'No loaded entry matches.'}</p> : (
        <ol class="files people" aria-label="Audit log">{shown.map((entry) => <Entry key={entry.id} entry={entry} />)}</ol>
      )}
      {hasOlder && <p class="buttons"><button type="button" onClick={() => void load(entries ?? [])}>Show older entries</button></p>}
    </section>
  );
}

function Entry({ entry }: { entry: AuditLogEntry }) {
  const row = rows.value?.get(entry.metadata.resourceId ?? '');
  const how = entry.metadata.sessionId !== undefined ? ', in a browser' : entry.metadata.apiKeyId !== undefined ? `, with the key ${entry.metadata.apiKeyId}` : '';
  return (
    <li>
      <span class="person">
        <span>
          <strong>{eventName(entry.event)}</strong>{' '}
          {row !== undefined ? <a href={row.path}>{row.name}</a> : entry.metadata.resourceId !== undefined && <code>{entry.metadata.resourceId}</code>}
          {entry.status === 'error' && <span class="failure"> refused ({entry.metadata.statusCode})</span>}
        </span>
        <span class="soft">{entry.actor.email ?? 'Portico'}{how} · <code>{entry.metadata.method} {entry.metadata.path}</code></span>
      </span>
      <span class="gap" />
      <span class="soft"><Time at={entry.timestamp} /></span>
    </li>
  );
}

/** `UpdateEnvVarsEvent` → `Update env vars`. */
export function eventName(event: string): string {
  const text = event.replace(/Event$/, '').replace(/([a-z0-9])([A-Z])/g, '$1 $2');
  return text.charAt(0) + text.slice(1).toLowerCase();
}

function textOf(entry: AuditLogEntry): string {
  const name = rows.value?.get(entry.metadata.resourceId ?? '')?.name ?? '';
  return `${eventName(entry.event)} ${name} ${entry.actor.email ?? ''} ${Object.values(entry.metadata).join(' ')}`.toLowerCase();
}
