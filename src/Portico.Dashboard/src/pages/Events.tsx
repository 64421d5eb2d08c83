import type { EventWithCursor } from '../api/contract';
import { moodOf, words } from '../text';
import { Time } from '../ui/Time';

interface Details {
  readonly deployId?: unknown;
  readonly jobId?: unknown;
  readonly cronJobRunId?: unknown;
  readonly fromInstances?: unknown;
  readonly toInstances?: unknown;
  readonly from?: unknown;
  readonly to?: unknown;
  readonly deployStatus?: unknown;
  readonly buildStatus?: unknown;
  readonly preDeployStatus?: unknown;
  readonly status?: unknown;
  readonly reason?: { readonly nonZeroExit?: unknown; readonly oomKilled?: unknown; readonly unhealthy?: unknown; readonly failure?: { readonly nonZeroExit?: unknown } };
  readonly suspendedByUser?: { readonly email?: unknown };
  readonly resumedByUser?: { readonly email?: unknown };
  readonly trigger?: { readonly user?: { readonly email?: unknown } };
}

/** What happened to a service, newest first. */
export function Events({ events, problem, path }: { events: readonly EventWithCursor[] | null; problem: Error | null; path: string }) {
  if (events === null) return <p class="soft">{problem?.message ?? 'Loading…'}</p>;
  if (events.length === 0) return <p class="soft">Nothing has happened yet.</p>;
  return (
    <ol class="events">
      {events.map(({ event }) => {
        const details = event.details as Details;
        const [outcome, page] = [outcomeOf(details), pageOf(details)];
        return (
          <li key={event.id} class={moodOf(outcome)}>
            <span class="event-what">
              {page === null ? words(event.type) : <a href={`${path}/${page}`}>{words(event.type)}</a>}
              {outcome !== '' && <b> {outcome.replaceAll('_', ' ')}</b>}
            </span>
            <span class="soft">{reasonOf(details) || changeOf(details) || byOf(details)}</span>
            <span class="soft event-time"><Time at={event.timestamp} /></span>
          </li>
        );
      })}
    </ol>
  );
}

/** The page below the service's that shows it. */
function pageOf(details: Details): string | null {
  if (typeof details.deployId === 'string') return `deploys/${details.deployId}`;
  if (typeof details.jobId === 'string') return `jobs/${details.jobId}`;
  return typeof details.cronJobRunId === 'string' ? `runs/${details.cronJobRunId}` : null;
}

function outcomeOf(details: Details): string {
  const found = details.deployStatus ?? details.buildStatus ?? details.preDeployStatus ?? details.status;
  return typeof found === 'string' ? found : '';
}

function reasonOf({ reason }: Details): string {
  const exit = reason?.nonZeroExit ?? reason?.failure?.nonZeroExit;
  if (typeof exit === 'number') return `exit code ${exit}`;
  if (reason?.oomKilled != null) return 'out of memory';
  return typeof reason?.unhealthy === 'string' ? reason.unhealthy : '';
}

function changeOf(details: Details): string {
  const [from, to] = [details.fromInstances ?? details.from, details.toInstances ?? details.to];
  const isKnown = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';
  return isKnown(from) && isKnown(to) ? `${from} → ${to}` : '';
}

function byOf(details: Details): string {
  const email = (details.trigger?.user ?? details.suspendedByUser ?? details.resumedByUser)?.email;
  return typeof email === 'string' ? email : '';
}
