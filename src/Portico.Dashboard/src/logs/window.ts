import { signal } from '@preact/signals';
import { call, secret } from '../api/client';
import type { LogLines } from '../api/contract';
import { errorText } from '../text';
import { linesOf, millisecondsOf, type Line } from './lines';

/** More lines than anybody reads, and few enough that a tab stays small however many there are on the server. */
const most = 5000;
const page = 500;
const longestPause = 5000;

type Side = { readonly before: string } | { readonly after: string } | { readonly around: string } | Record<string, never>;

/** A part of a log: some thousand consecutive lines that match a filter, which moves over all of them and follows the newest. */
export class LogWindow {
  readonly lines = signal<readonly Line[]>([]);
  readonly isLoading = signal(true);
  readonly problem = signal<string | null>(null);
  readonly hasOlder = signal(false);
  readonly hasNewer = signal(false);
  /** Whether new lines are shown as they come. */
  readonly isFollowing = signal(false);
  /** Up to where a search that has not ended has come, in milliseconds. */
  readonly searchedFrom = signal<number | null>(null);

  private readonly abort = new AbortController();
  private from = '0';
  private to = '0';
  private socket: WebSocket | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private isBusy = false;

  constructor(private readonly parameters: Readonly<Record<string, string>>, private readonly startTime: string | null) {}

  /** Shows the lines around an id, or the newest ones. */
  async open(around: string | null): Promise<void> {
    this.disconnect();
    this.isLoading.value = true;
    await this.load(around === null ? {} : { around }, (found) => {
      this.replace(found);
      this.isLoading.value = false;
    });
  }

  async older(): Promise<void> {
    if (!this.hasOlder.value || this.isBusy) return;
    await this.load({ before: this.from }, (found) => {
      const all = [...linesOf(found), ...this.lines.value];
      this.from = found.from;
      this.hasOlder.value = found.hasOlder;
      this.tellProgress(found);
      if (all.length > most) this.cutNewest(all);
      this.lines.value = all.slice(0, most);
    });
  }

  async newer(): Promise<void> {
    if (!this.hasNewer.value || this.isBusy) return;
    await this.load({ after: this.to }, (found) => {
      this.append(found);
      this.hasNewer.value = found.hasNewer;
      if (!found.hasNewer && this.isFollowing.value) this.connect();
    });
  }

  /** Follows, from the last line that is shown: nothing between is left out. When that is far from the newest, it starts there. */
  async follow(): Promise<void> {
    this.isFollowing.value = true;
    if (this.hasNewer.value) await this.open(null);
    this.connect();
  }

  /** Keeps what is shown where it is. */
  hold(): void {
    this.isFollowing.value = false;
    if (this.socket === null) return;
    this.disconnect();
    this.hasNewer.value = true;
  }

  close(): void {
    this.abort.abort();
    this.disconnect();
  }

  private async load(side: Side, show: (found: LogLines) => void): Promise<void> {
    this.isBusy = true;
    try {
      const query = { ...this.parameters, ...side, limit: `${page}`, ...(this.startTime === null || 'around' in side ? {} : { startTime: this.startTime }) };
      const found = await call<LogLines>('GET /portico/v1/logs/lines', { query, signal: this.abort.signal });
      this.problem.value = null;
      show(found);
    } catch (error) {
      if (this.abort.signal.aborted) return;
      this.problem.value = errorText(error);
      this.isLoading.value = false;
    } finally {
      this.isBusy = false;
    }
  }

  private replace(found: LogLines): void {
    [this.from, this.to] = [found.from, found.to];
    this.hasOlder.value = found.hasOlder;
    this.hasNewer.value = found.hasNewer;
    this.tellProgress(found);
    this.lines.value = linesOf(found);
  }

  private append(found: LogLines): void {
    this.to = found.to;
    const all = [...this.lines.value, ...linesOf(found)];
    if (all.length > most) {
      this.hasOlder.value = true;
      this.from = all[all.length - most]!.id;
    }
    this.lines.value = all.slice(-most);
  }

  private cutNewest(all: readonly Line[]): void {
    this.disconnect();
    this.hasNewer.value = true;
    this.to = all[most - 1]!.id;
  }

  private tellProgress(found: LogLines): void {
    this.searchedFrom.value = found.hasOlder && found.lines.length < page ? millisecondsOf(found.from) : null;
  }

  private connect(): void {
    const half = secret.get();
    if (this.socket !== null || half === null || this.abort.signal.aborted || this.hasNewer.value || this.isLoading.value) return;
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const query = new URLSearchParams({ ...this.parameters, after: this.to });
    const opened = new WebSocket(`${scheme}://${location.host}/portico/v1/logs/follow?${query}`, ['portico.v1', `portico.session.${half}`]);
    this.socket = opened;
    opened.onmessage = (event: MessageEvent<string>) => {
      if (this.socket !== opened) return;
      this.failures = 0;
      this.append(JSON.parse(event.data) as LogLines);
    };
    opened.onclose = () => {
      if (this.socket !== opened) return;
      this.socket = null;
      this.timer = setTimeout(() => this.connect(), Math.min(longestPause, 300 * 2 ** this.failures++));
    };
  }

  private disconnect(): void {
    clearTimeout(this.timer);
    const opened = this.socket;
    this.socket = null;
    opened?.close();
  }
}
