import { useEffect, useRef, useState } from 'preact/hooks';
import { call } from '../api/client';
import type { OverviewRow, ServiceInstance } from '../api/contract';
import { useLoaded } from '../api/resource';
import { refusalFor } from '../pages/actions';
import { query, setQuery } from '../router';
import { exact } from '../text';
import { loadStyles, openScreen, type Screen } from './screen';
import { openShell, type ShellSession } from './session';

type State = { readonly at: 'closed' | 'open' } | { readonly at: 'ended'; readonly words: string };

const copy = 'copy';

/** A shell in a running instance, or in a copy beside them. */
export function ShellTab({ row }: { row: OverviewRow }) {
  const instances = useLoaded((signal) => call<readonly ServiceInstance[]>('GET /v1/services/{serviceId}/instances', { params: { serviceId: row.id }, signal }), [row.id, row.ready, row.instances, row.lastEvent]);
  const [state, setState] = useState<State>({ at: 'closed' });
  const place = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const screen = useRef<Screen | null>(null);
  const session = useRef<ShellSession | null>(null);
  const refusal = refusalFor(row);
  const all = row.type === 'cron_job' ? [] : instances.value ?? [];
  const asked = query.value.get('in') ?? '';
  const chosen = asked === copy || all.some((item) => item.id === asked) ? asked : all[0]?.id ?? copy;

  useEffect(loadStyles, []);
  useEffect(() => () => {
    session.current?.close();
    screen.current?.dispose();
  }, []);
  const close = () => {
    session.current?.close();
    setState({ at: 'ended', words: 'You have closed the shell.' });
  };
  const open = () => {
    session.current?.close();
    screen.current?.dispose();
    const shown = openScreen(place.current!, (size) => session.current?.resize(size));
    const opened = openShell(row.id, chosen === copy ? null : chosen, shown.size(), {
      onOutput: (bytes) => shown.terminal.write(bytes),
      onEnd: (words) => {
        setState({ at: 'ended', words });
        if (place.current?.contains(document.activeElement) === true) button.current?.focus();
        shown.terminal.options.disableStdin = true;
        shown.terminal.options.cursorBlink = false;
      },
    });
    [screen.current, session.current] = [shown, opened];
    shown.terminal.onData((text) => opened.write(text));
    shown.terminal.onBinary((text) => opened.writeBytes(Uint8Array.from(text, (letter) => letter.charCodeAt(0))));
    shown.terminal.attachCustomKeyEventHandler((event) => {
      if (event.key !== 'F6') return true;
      if (event.type === 'keydown') button.current?.focus();
      return false;
    });
    shown.terminal.focus();
    setState({ at: 'open' });
  };
  return (
    <div class="shell-page">
      <div class="filters">
        <select aria-label="Where" value={chosen} disabled={refusal !== null || state.at === 'open'} onChange={(event) => setQuery({ in: event.currentTarget.value })}>
          {all.map((item) => <option key={item.id} value={item.id}>{item.id} (since {exact(item.createdAt)})</option>)}
          <option value={copy}>A copy of its own, beside the instances</option>
        </select>
        {state.at === 'open'
          ? <button ref={button} type="button" onClick={close}>Close</button>
          : <button ref={button} type="button" class="primary" disabled={refusal !== null} title={refusal ?? undefined} onClick={open}>{state.at === 'ended' ? 'Reconnect' : 'Open shell'}</button>}
      </div>
      <p class="soft" role="status">{refusal ?? statusOf(state, chosen === copy, row)}</p>
      <div ref={place} class={state.at === 'ended' ? 'shell-screen over' : 'shell-screen'} data-terminal />
    </div>
  );
}

function statusOf(state: State, isCopy: boolean, row: OverviewRow): string {
  if (state.at === 'ended') return state.words;
  if (state.at === 'open') return 'F6 leaves the terminal. Everything that is started in it ends with it.';
  if (!isCopy) return 'It opens in the sandbox of that instance, and counts against its memory. Its begin and end are in the audit log; what is typed is not.';
  const without = row.type === 'cron_job' ? 'A cron job has no instances. ' : row.ready === 0 ? 'No instance is ready. ' : '';
  return `${without}A copy has the files and variables of the live deploy, but not its disk. Its begin and end are in the audit log; what is typed is not.`;
}
