import type { EventWithCursor } from '../api/contract';
import { moodOf, words } from '../text';
import { Time } from '../ui/Time';

interface Details {
  readonly deployId?: unknown;
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
        const outcome = outcomeOf(details);
        return (
          <li key={event.id} class={moodOf(outcome)}>
            <span class="event-what">
              {typeof details.deployId === 'string' ? <a href={`${path}/deploys/${details.deployId}`}>{words(event.type)}</a> : words(event.type)}
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

function outcomeOf(details: Details): string {
  const found = details.deployStatus ?? details.buildStatus ?? details.preDeployStatus;
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
