import type { EventWithCursor } from '../api/contract';
import { moodOf, words } from '../text';
import { Time } from '../ui/Time';

interface Details {
  readonly deployStatus?: unknown;
  readonly buildStatus?: unknown;
  readonly preDeployStatus?: unknown;
  readonly status?: unknown;
  readonly reason?: { readonly nonZeroExit?: unknown; readonly oomKilled?: unknown; readonly unhealthy?: unknown; readonly failure?: { readonly nonZeroExit?: unknown } };
  readonly trigger?: { readonly user?: { readonly email?: unknown } };
}

/** What happened to a service, newest first. */
export function Events({ events, problem }: { events: readonly EventWithCursor[] | null; problem: Error | null }) {
  if (events === null) return <p class="soft">{problem?.message ?? 'Loading…'}</p>;
  if (events.length === 0) return <p class="soft">Nothing has happened yet.</p>;
  return (
    <ol class="events">
      {events.map(({ event }) => {
        const outcome = outcomeOf(event.details as Details);
        return (
          <li key={event.id} class={moodOf(outcome)}>
            <span class="event-what">{words(event.type)}{outcome !== '' && <b> {outcome.replaceAll('_', ' ')}</b>}</span>
            <span class="soft">{reasonOf(event.details as Details) || byOf(event.details as Details)}</span>
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

function byOf(details: Details): string {
  const email = details.trigger?.user?.email;
  return typeof email === 'string' ? email : '';
}
